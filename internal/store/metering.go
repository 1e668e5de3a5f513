package store

import (
	"database/sql"
	"time"

	"onramp/internal/directconnect"
)

// MeteredConnection is what metrics tell of a live connection.
type MeteredConnection struct {
	ID, Kind, Location, Router, Port string
	State                            directconnect.ConnectionState
	MACsec, Encrypted                bool
}

// EachConnection calls f for every live connection of every kind, in no order, as it is read: none is kept.
func (tx *Tx) EachConnection(f func(MeteredConnection)) error {
	// A name with such a text in it has its quotation marks escaped.
	return tx.each(`SELECT id, kind, location, router, COALESCE(port_id, ''), state, CASE WHEN body LIKE '%"macsec":true%' THEN 1 ELSE 0 END, `+
		`CASE WHEN body LIKE '%"encup":true%' THEN 1 ELSE 0 END FROM connection WHERE deleted = 0`, nil, func(r *sql.Rows) error {
		var c MeteredConnection
		var macsec, encrypted int64
		err := r.Scan(&c.ID, &c.Kind, &c.Location, &c.Router, &c.Port, (*string)(&c.State), &macsec, &encrypted)
		c.MACsec, c.Encrypted = macsec != 0, encrypted != 0
		if err == nil {
			f(c)
		}
		return err
	})
}

// EachInterface calls f for every live virtual interface, in no order, as it is read: none is kept.
func (tx *Tx) EachInterface(f func(directconnect.VirtualInterface)) error {
	return tx.each("SELECT "+interfaceColumns+" FROM virtual_interface WHERE deleted = 0", nil, func(r *sql.Rows) error {
		v, err := scanInterface(r)
		if err == nil {
			f(v)
		}
		return err
	})
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
