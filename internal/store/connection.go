package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"onramp/internal/directconnect"
)

// connectionFields are the columns, body last.
const connectionFields = "id, kind, account, region, location, state, lag_id, parent_id, partner, vlan, port_id, router, created, " +
	"due, deleted, version, body"

// fieldEnd separates the fields of a row: the unit separator of ASCII, which no identifier has and JSON escapes.
const fieldEnd = "\x1f"

// connectionColumns is a row as one text.
var connectionColumns = asText("connection", connectionFields)

// asText is fields of a table as one text: what a driver spends on a column costs more than to take the text apart. A NULL
// becomes empty, with this function on either engine.
func asText(table, fields string) string {
	columns := strings.Split(fields, ", ")
	return "format('" + strings.Repeat("%s"+fieldEnd, len(columns)-1) + "%s', " + table + "." + strings.Join(columns, ", "+table+".") + ")"
}

// parseConnection is the inverse of connectionColumns.
func parseConnection(row string) (c directconnect.Connection, err error) {
	text := func() (field string) {
		field, row, _ = strings.Cut(row, fieldEnd)
		return field
	}
	number := func() (n int64) {
		if field := text(); field != "" && err == nil {
			n, err = strconv.ParseInt(field, 10, 64)
		}
		return n
	}
	c.ID, c.Kind, c.Account = text(), directconnect.ConnectionKind(text()), text()
	c.Region, c.Location, c.State = text(), text(), directconnect.ConnectionState(text())
	c.LagID, c.ParentID, c.Partner, c.VLAN = text(), text(), text(), int32(number())
	c.PortID, c.Router = text(), text()
	c.Created, c.Due, c.Deleted = fromMicros(number()), fromMicros(number()), fromMicros(number())
	c.Version = number()
	if err != nil {
		return c, fmt.Errorf("store: connection %s: %w", c.ID, err)
	}
	return c, decodeConnectionBody(row, &c)
}

// Connection answers a dedicated connection, an interconnect or a hosted connection by its ID.
func (tx *Tx) Connection(id string) (directconnect.Connection, error) {
	row := ""
	if err := tx.one("SELECT "+connectionColumns+" FROM connection WHERE id = ?", []any{id}, &row); err != nil {
		return directconnect.Connection{}, err
	}
	c, err := parseConnection(row)
	if err == nil && tx.write {
		tx.Known(c)
	}
	return c, err
}

// ConnectionAndInterfaces answers a connection and, in the same statement, the live interfaces that it carries: its LAG's
// where it is a member.
func (tx *Tx) ConnectionAndInterfaces(id string) (c directconnect.Connection, carried []directconnect.VirtualInterface, err error) {
	err = tx.each("SELECT "+connectionColumns+", "+interfaceText+" FROM connection LEFT JOIN virtual_interface "+
		"ON virtual_interface.parent_id = COALESCE(connection.lag_id, connection.id) AND virtual_interface.deleted = 0 "+
		"WHERE connection.id = ?", []any{id}, func(r *sql.Rows) error {
		var row, carries string
		if err := r.Scan(&row, &carries); err != nil {
			return err
		}
		if c.ID == "" {
			if c, err = parseConnection(row); err != nil {
				return err
			}
		}
		if strings.HasPrefix(carries, fieldEnd) {
			return nil // an interface without an ID: there is none
		}
		v, err := parseInterface(carries)
		carried = append(carried, v)
		return err
	})
	if err == nil && c.ID == "" {
		err = ErrNotFound
	}
	return c, carried, err
}

// PutConnection inserts c when its Version is 0, and otherwise replaces the row if it still has that version
// (ErrConflict). It moves c.Version on. A *TakenError says "id" or "vlan".
func (tx *Tx) PutConnection(c *directconnect.Connection) error {
	return put(tx, c.ID, c.Version, c, tx.Connection, func() error { return tx.writeConnection(c) }, tellConnection)
}

func (tx *Tx) writeConnection(c *directconnect.Connection) error {
	if c.Live() != c.Deleted.IsZero() {
		return fmt.Errorf("store: connection %s is in state %s with deletion time %v", c.ID, c.State, c.Deleted)
	}
	if strings.ContainsAny(c.ID+c.Account+c.Region+c.Location+c.LagID+c.ParentID+c.Partner+c.PortID+c.Router, separators) {
		return fmt.Errorf("store: connection %q has a control character in an identifier", c.ID)
	}
	body, err := encodeBody(c)
	if err != nil {
		return err
	}
	if c.Version == 0 {
		_, err := tx.exec("INSERT INTO connection (id, kind, account, region, location, state, lag_id, parent_id, partner, vlan, "+
			"port_id, router, created, due, deleted, version, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
			c.ID, string(c.Kind), c.Account, c.Region, c.Location, string(c.State), textOrNull(c.LagID), textOrNull(c.ParentID),
			textOrNull(c.Partner), int64(c.VLAN), textOrNull(c.PortID), c.Router, micros(c.Created), microsOrNull(c.Due),
			micros(c.Deleted), body)
		if err == nil {
			c.Version = 1
		}
		return err
	}
	return tx.swap(&c.Version, "UPDATE connection SET kind = ?, account = ?, region = ?, location = ?, state = ?, lag_id = ?, "+
		"parent_id = ?, partner = ?, vlan = ?, port_id = ?, router = ?, created = ?, due = ?, deleted = ?, version = version + 1, "+
		"body = ? WHERE id = ? AND version = ?",
		string(c.Kind), c.Account, c.Region, c.Location, string(c.State), textOrNull(c.LagID), textOrNull(c.ParentID),
		textOrNull(c.Partner), int64(c.VLAN), textOrNull(c.PortID), c.Router, micros(c.Created), microsOrNull(c.Due),
		micros(c.Deleted), body, c.ID, c.Version)
}

// ConnectionQuery chooses connections. What is empty does not restrict.
type ConnectionQuery struct {
	// At least one of these is set.
	Account, Region, Location, LagID, ParentID, Router, Partner string

	Kinds      []directconnect.ConnectionKind // nil: any
	State      directconnect.ConnectionState
	LiveOnly   bool      // neither deleted nor rejected
	EndedAfter time.Time // without LiveOnly: of those that ended, only since then
	After      Cursor    // behind this one
	Limit      int       // 0: all
}

var errWideQuery = errors.New("store: a query must name an account, a place or a relation")

func (q ConnectionQuery) filter() (*filter, error) {
	f := &filter{}
	f.equal("account", q.Account)
	f.equal("region", q.Region)
	f.equal("location", q.Location)
	f.equal("lag_id", q.LagID)
	f.equal("parent_id", q.ParentID)
	f.equal("router", q.Router)
	f.equal("partner", q.Partner)
	if len(f.terms) == 0 {
		return nil, errWideQuery
	}
	f.equal("state", string(q.State))
	kinds := make([]string, len(q.Kinds))
	for i, k := range q.Kinds {
		kinds[i] = string(k)
	}
	f.in("kind", kinds)
	f.ended(q.LiveOnly, q.EndedAfter)
	return f, nil
}

// Connections answers what q chooses, ordered by (Created, ID).
func (tx *Tx) Connections(q ConnectionQuery) ([]directconnect.Connection, error) {
	f, err := q.filter()
	if err != nil {
		return nil, err
	}
	f.after(q.After)
	return tx.connections("SELECT "+connectionColumns+" FROM connection"+f.String()+" ORDER BY created, id"+limit(q.Limit), f.args)
}

// oftenFound is how many rows a list of connections has room for from the start: as it grows it is copied, and rows are large.
const oftenFound = 16

func (tx *Tx) connections(query string, args []any) ([]directconnect.Connection, error) {
	var all []directconnect.Connection
	row := ""
	dest := []any{&row}
	err := tx.each(query, args, func(r *sql.Rows) error {
		if err := r.Scan(dest...); err != nil {
			return err
		}
		c, err := parseConnection(row)
		if all == nil {
			all = make([]directconnect.Connection, 0, oftenFound)
		}
		all = append(all, c)
		if tx.write && err == nil {
			tx.Known(c)
		}
		return err
	})
	return all, err
}

// CountConnections counts what q chooses; After and Limit do not matter.
func (tx *Tx) CountConnections(q ConnectionQuery) (int, error) {
	f, err := q.filter()
	if err != nil {
		return 0, err
	}
	n := 0
	err = tx.one("SELECT count(*) FROM connection"+f.String(), f.args, &n)
	return n, err
}

// RouterUse counts an account's live dedicated connections and interconnects at a location, by router. The sum is what the
// quota of the location counts.
func (tx *Tx) RouterUse(account, region, location string) (map[string]int, error) {
	use := map[string]int{}
	err := tx.each("SELECT router, count(*) FROM connection WHERE account = ? AND region = ? AND location = ? AND deleted = 0 "+
		"AND kind <> 'hosted' GROUP BY router", []any{account, region, location}, func(r *sql.Rows) error {
		var router string
		var n int
		err := r.Scan(&router, &n)
		use[router] = n
		return err
	})
	return use, err
}

// ClaimDueConnections answers connections with Due <= now, the longest due first, and sets their due time to lease, so that
// no other claim takes them until then. Their versions stay; Due is answered as it was.
func (tx *Tx) ClaimDueConnections(now, lease time.Time, limit int) ([]directconnect.Connection, error) {
	all, err := tx.connections("SELECT "+connectionColumns+" FROM connection WHERE due <= ? ORDER BY due, id LIMIT ?"+
		tx.session.dialect.claim, []any{micros(now), limit})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return all, tx.lease("connection", ids, lease)
}

// WakeConnections makes every live connection of a router due now, and answers how many were not already. It moves their
// versions on: whoever saves what was observed before the wake is told so (ErrConflict) and looks again.
func (tx *Tx) WakeConnections(router string, now time.Time) (int, error) {
	return tx.exec("UPDATE connection SET due = ?, version = version + 1 WHERE router = ? AND deleted = 0 AND (due IS NULL OR due > ?)",
		micros(now), router, micros(now))
}
