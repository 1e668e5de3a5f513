package store

import (
	"database/sql"

	"onramp/internal/directconnect"
)

const routerColumns = "name, location, region, version, body"

// Router answers a router by its name.
func (tx *Tx) Router(name string) (directconnect.Router, error) {
	return row(tx, "SELECT "+routerColumns+" FROM router WHERE name = ?", name, scanRouter)
}

// Routers answers a location's routers, or all when location is empty, ordered by name.
func (tx *Tx) Routers(location string) ([]directconnect.Router, error) {
	f := &filter{}
	f.equal("location", location)
	return rows(tx, "SELECT "+routerColumns+" FROM router"+f.String()+" ORDER BY name", f.args, scanRouter)
}

func scanRouter(rows *sql.Rows) (r directconnect.Router, err error) {
	var body string
	if err = rows.Scan(&r.Name, &r.Location, &r.Region, &r.Version, &body); err == nil {
		err = decodeBody(body, &r)
	}
	return r, err
}

// PutRouter inserts r when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
// Its location must be there (ErrReferenced).
func (tx *Tx) PutRouter(r *directconnect.Router) error {
	body, err := encodeBody(r)
	if err != nil {
		return err
	}
	if r.Version == 0 {
		_, err := tx.exec("INSERT INTO router (name, location, region, drained, version, body) VALUES (?, ?, ?, ?, 1, ?)",
			r.Name, r.Location, r.Region, bit(r.Drained != nil), body)
		if err == nil {
			r.Version = 1
		}
		return err
	}
	return tx.swap(&r.Version, "UPDATE router SET location = ?, region = ?, drained = ?, version = version + 1, body = ? WHERE name = ? AND version = ?",
		r.Location, r.Region, bit(r.Drained != nil), body, r.Name, r.Version)
}

// DeleteRouter removes a router: ErrReferenced while it has ports.
func (tx *Tx) DeleteRouter(name string) error {
	return tx.remove("DELETE FROM router WHERE name = ?", name)
}
