package store

import (
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"

	"onramp/internal/directconnect"
)

const portColumns = "id, router, location, bandwidth, macsec, position, COALESCE(connection_id, ''), version, body"

// Port answers a port by its ID.
func (tx *Tx) Port(id string) (directconnect.Port, error) {
	return tx.port("SELECT "+portColumns+" FROM port WHERE id = ?", []any{id})
}

func (tx *Tx) port(query string, args []any) (directconnect.Port, error) {
	all, err := tx.ports(query, args)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return directconnect.Port{}, err
	}
	return all[0], nil
}

func (tx *Tx) ports(query string, args []any) ([]directconnect.Port, error) {
	var all []directconnect.Port
	err := tx.each(query, args, func(r *sql.Rows) error {
		var p directconnect.Port
		var macsec int64
		var body string
		if err := r.Scan(&p.ID, &p.Router, &p.Location, (*string)(&p.Bandwidth), &macsec, &p.Position, &p.ConnectionID,
			&p.Version, &body); err != nil {
			return err
		}
		p.MACsec = macsec != 0
		if err := decodeBody(body, &p); err != nil {
			return err
		}
		all = append(all, p)
		return nil
	})
	return all, err
}

// PutPort inserts p when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
// Its router must be there (ErrReferenced). A *TakenError says "id", or "connection" when the holder has another port.
func (tx *Tx) PutPort(p *directconnect.Port) error {
	if strings.ContainsAny(p.ID, separators) {
		return fmt.Errorf("store: port %q has a control character in its identifier", p.ID)
	}
	body, err := encodeBody(p)
	if err != nil {
		return err
	}
	spread := p.Position
	if tx.session.dialect.hashSpread {
		spread = spreadOf(p.ID)
	}
	blocked := bit(p.Blocked != nil)
	if p.Version == 0 {
		_, err := tx.exec("INSERT INTO port (id, router, location, bandwidth, macsec, position, spread, connection_id, blocked, version, body) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
			p.ID, p.Router, p.Location, string(p.Bandwidth), bit(p.MACsec), p.Position, spread, textOrNull(p.ConnectionID), blocked, body)
		if err == nil {
			p.Version = 1
		}
		return err
	}
	return tx.swap(&p.Version, "UPDATE port SET router = ?, location = ?, bandwidth = ?, macsec = ?, position = ?, spread = ?, "+
		"connection_id = ?, blocked = ?, version = version + 1, body = ? WHERE id = ? AND version = ?",
		p.Router, p.Location, string(p.Bandwidth), bit(p.MACsec), p.Position, spread, textOrNull(p.ConnectionID), blocked, body, p.ID, p.Version)
}

// spreadBits is the size of the ring that free ports lie on.
const spreadBits = 31

// spreadOf is a port's place on the ring.
func spreadOf(id string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // cannot fail
	return int64(h.Sum64() >> (64 - spreadBits))
}

// DeletePort removes a port.
func (tx *Tx) DeletePort(id string) error { return tx.remove("DELETE FROM port WHERE id = ?", id) }

// PortQuery chooses ports. What is empty does not restrict.
type PortQuery struct {
	Router, Location, ConnectionID string

	HeldOnly bool   // by some connection
	After    string // behind this ID
	Limit    int    // 0: all
}

// Ports answers what q chooses, ordered by ID.
func (tx *Tx) Ports(q PortQuery) ([]directconnect.Port, error) {
	f := &filter{}
	f.equal("router", q.Router)
	f.equal("location", q.Location)
	f.equal("connection_id", q.ConnectionID)
	if q.HeldOnly {
		f.add("connection_id IS NOT NULL")
	}
	if q.After != "" {
		f.add("id > ?", q.After)
	}
	return tx.ports("SELECT "+portColumns+" FROM port"+f.String()+" ORDER BY id"+limit(q.Limit), f.args)
}

// FreePort answers a port that nobody holds and that is not blocked, of the bandwidth, on a router, or on any router of the location when router is
// empty; ErrNotFound when there is none. With macsec it can encrypt; without, one that cannot is preferred. On SQLite it
// is the lowest position. On PostgreSQL seed chooses where to begin, so that concurrent orders do not meet.
func (tx *Tx) FreePort(location, router string, b directconnect.Bandwidth, macsec bool, seed uint64) (directconnect.Port, error) {
	if router != "" {
		return tx.freePort(router, b, macsec, seed)
	}
	routers, err := tx.Routers(location)
	if err != nil {
		return directconnect.Port{}, err
	}
	for i := range routers {
		r := routers[(uint64(i)+seed%uint64(len(routers)))%uint64(len(routers))]
		p, err := tx.freePort(r.Name, b, macsec, seed)
		if !errors.Is(err, ErrNotFound) {
			return p, err
		}
	}
	return directconnect.Port{}, ErrNotFound
}

func (tx *Tx) freePort(router string, b directconnect.Bandwidth, macsec bool, seed uint64) (directconnect.Port, error) {
	return tx.tryFree(macsec, seed, func(kind int64, span string, start int64) (directconnect.Port, error) {
		return tx.port("SELECT "+portColumns+freePorts+span, []any{router, string(b), kind, start})
	})
}

// freePorts and one of the spans choose a free port.
const (
	freePorts = " FROM port WHERE connection_id IS NULL AND blocked = 0 AND router = ? AND bandwidth = ? AND macsec = ? "
	fromStart = "AND spread >= ? ORDER BY spread, id LIMIT 1"
	toStart   = "AND spread < ? ORDER BY spread, id LIMIT 1"
)

// tryFree looks for a free port with look, in the order that FreePort describes.
func (tx *Tx) tryFree(macsec bool, seed uint64, look func(kind int64, span string, start int64) (directconnect.Port, error)) (directconnect.Port, error) {
	start := int64(0)
	if tx.session.dialect.hashSpread {
		start = int64((seed * 0x9E3779B97F4A7C15) >> (64 - spreadBits)) // seeds may be alike: Knuth's multiplicative hash
	}
	kinds := []int64{0, 1}
	if macsec {
		kinds = kinds[1:]
	}
	for _, kind := range kinds {
		p, err := look(kind, fromStart, start)
		if errors.Is(err, ErrNotFound) && start > 0 {
			p, err = look(kind, toStart, start)
		}
		if !errors.Is(err, ErrNotFound) {
			return p, err
		}
	}
	return directconnect.Port{}, ErrNotFound
}

// TakePort is FreePort on one router and ReservePort at once, in one statement: one round trip.
func (tx *Tx) TakePort(router string, b directconnect.Bandwidth, macsec bool, seed uint64, connectionID string) (directconnect.Port, error) {
	key := tx.session.dialect.rowKey
	return tx.tryFree(macsec, seed, func(kind int64, span string, start int64) (directconnect.Port, error) {
		return tx.changedPort("UPDATE port SET connection_id = ?, version = version + 1 WHERE "+key+" = (SELECT "+key+freePorts+span+
			") AND connection_id IS NULL RETURNING "+portColumns, []any{connectionID, router, string(b), kind, start})
	})
}

// changedPort is port for a statement that writes.
func (tx *Tx) changedPort(query string, args []any) (directconnect.Port, error) {
	if !tx.write {
		return directconnect.Port{}, errReadOnly
	}
	p, err := tx.port(query, args)
	tx.wrote = tx.wrote || !errors.Is(err, ErrNotFound)
	return p, err
}

// ReservePort makes a connection the holder of a port that nobody holds: otherwise, or when the connection holds another
// one, the answer is a *TakenError ("port" or "connection").
func (tx *Tx) ReservePort(portID, connectionID string) error {
	n, err := tx.exec("UPDATE port SET connection_id = ?, version = version + 1 WHERE id = ? AND connection_id IS NULL",
		connectionID, portID)
	if err == nil && n == 0 {
		return &TakenError{What: "port"}
	}
	return err
}

// ReleasePort frees a port if that connection holds it; otherwise nothing happens.
func (tx *Tx) ReleasePort(portID, connectionID string) error {
	_, err := tx.exec("UPDATE port SET connection_id = NULL, version = version + 1 WHERE id = ? AND connection_id = ?",
		portID, connectionID)
	return err
}

// CountFreePorts answers how many ports FreePort could still answer for a router one after another, counting no further
// than most.
func (tx *Tx) CountFreePorts(router string, b directconnect.Bandwidth, macsec bool, most int) (int, error) {
	n := 0
	err := tx.one("SELECT COUNT(*) FROM (SELECT 1 FROM port WHERE connection_id IS NULL AND blocked = 0 AND router = ? AND bandwidth = ? AND macsec >= ?"+
		limit(most)+") AS free", []any{router, string(b), bit(macsec)}, &n)
	return n, err
}
