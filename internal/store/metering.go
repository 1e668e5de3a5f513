package store

import (
	"database/sql"
	"strings"
	"time"

	"onramp/internal/directconnect"
)

// MeteredConnection is what metrics tell of a live connection. Its texts are parts of a larger one: who keeps any of them
// keeps all of that.
type MeteredConnection struct {
	ID, Kind, Location, Router, Port string
	State                            directconnect.ConnectionState
	MACsec, Encrypted                bool
}

// MeteredInterface is what metrics tell of a live virtual interface. Its texts are as those of MeteredConnection.
type MeteredInterface struct {
	ID, Connection, Location, Router string
	State                            directconnect.InterfaceState
	Accepted, Advertised             int32
	Peers                            []directconnect.BGPPeer // whole; of no use after the call
}

var (
	meteredConnection = asText("connection", "id, kind, location, router, port_id, state, body")
	meteredInterface  = asText("virtual_interface", "id, parent_id, location, router, state, body")
)

// The members of a body that metrics need. None of these texts can be anything else in there: in a string of JSON a quotation
// mark is escaped, and no other member is so named.
const (
	macsecMember     = `"macsec":true`
	encryptedMember  = `"encup":true`
	peersMember      = `"peers":`
	acceptedMember   = `"inn":`
	advertisedMember = `"outn":`
)

// EachConnection calls f for every live connection of every kind, in no order, as it is read: none is kept.
func (tx *Tx) EachConnection(f func(MeteredConnection)) error {
	return tx.eachText("connection", meteredConnection, func(row string) error {
		next := fields(row)
		c := MeteredConnection{ID: next(), Kind: next(), Location: next(), Router: next(), Port: next(), State: directconnect.ConnectionState(next())}
		c.MACsec, c.Encrypted = strings.Contains(row, macsecMember), strings.Contains(row, encryptedMember)
		f(c)
		return nil
	})
}

// EachInterface calls f for every live virtual interface, in no order, as it is read: none is kept.
func (tx *Tx) EachInterface(f func(*MeteredInterface)) error {
	var v MeteredInterface
	return tx.eachText("virtual_interface", meteredInterface, func(row string) error {
		next := fields(row)
		v = MeteredInterface{
			ID: next(), Connection: next(), Location: next(), Router: next(), State: directconnect.InterfaceState(next()), Peers: v.Peers[:0],
		}
		if err := v.readBody(next()); err != nil {
			return err
		}
		f(&v)
		return nil
	})
}

// readBody reads of the JSON column what metrics need, and passes over the rest, as decodeInterfaceBody by hand or not.
func (v *MeteredInterface) readBody(body string) error {
	s := scanner{}
	at := func(member string) bool {
		i := strings.Index(body, member)
		if i >= 0 {
			s.text = body[i+len(member):]
		}
		return i >= 0
	}
	if at(peersMember) && !strings.HasPrefix(s.text, "null") {
		s.array(func() { v.Peers = append(v.Peers, s.peer()) })
	}
	if at(acceptedMember) {
		v.Accepted = int32(s.number(32))
	}
	if at(advertisedMember) {
		v.Advertised = int32(s.number(32))
	}
	if !s.failed {
		return nil
	}
	whole := directconnect.VirtualInterface{}
	err := decodeBody(body, &whole)
	v.Peers, v.Accepted, v.Advertised = whole.Peers, whole.AcceptedCount, whole.OfferedCount
	return err
}

// textRows is how many rows eachText reads as one.
const textRows = 1024

// eachText calls f for every live row of a table as one text: columns are what asText makes. Where rows are numbered many of
// them are read as one, since the driver spends more on a row than the database on joining them.
func (tx *Tx) eachText(table, columns string, f func(row string) error) error {
	number := tx.session.dialect.rowNumber
	if number == "" {
		row := ""
		dest := []any{&row}
		return tx.each("SELECT "+columns+" FROM "+table+" WHERE deleted = 0", nil, func(r *sql.Rows) error {
			if err := r.Scan(dest...); err != nil {
				return err
			}
			return f(row)
		})
	}
	var first, last int64
	if err := tx.one("SELECT COALESCE(min("+number+"), 1), COALESCE(max("+number+"), 0) FROM "+table, nil, &first, &last); err != nil {
		return err
	}
	query := "SELECT COALESCE(string_agg(" + columns + ", '" + rowEnd + "'), '') FROM " + table + " WHERE " + number + " >= ? AND " + number + " < ? AND deleted = 0"
	for ; first <= last; first += textRows {
		text := ""
		if err := tx.one(query, []any{first, first + textRows}, &text); err != nil {
			return err
		}
		for text != "" {
			var row string
			row, text, _ = strings.Cut(text, rowEnd)
			if err := f(row); err != nil {
				return tx.fail(err)
			}
		}
	}
	return nil
}

// DueCount is how many rows are due at a time: the reconcilers' queue.
func (tx *Tx) DueCount(now time.Time) (total int, err error) {
	for _, table := range dueTables {
		n := 0
		if err := tx.one("SELECT count(*) FROM "+table+" WHERE due <= ?", []any{micros(now)}, &n); err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}
