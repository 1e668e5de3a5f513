package store

import (
	"database/sql"

	"onramp/internal/directconnect"
)

const routerColumns = "name, location, region, version"

// Router answers a router by its name.
func (tx *Tx) Router(name string) (directconnect.Router, error) {
	var r directconnect.Router
	err := tx.one("SELECT "+routerColumns+" FROM router WHERE name = ?", []any{name}, &r.Name, &r.Location, &r.Region, &r.Version)
	return r, err
}

// Routers answers a location's routers, or all when location is empty, ordered by name.
func (tx *Tx) Routers(location string) ([]directconnect.Router, error) {
	f := &filter{}
	f.equal("location", location)
	var all []directconnect.Router
	err := tx.each("SELECT "+routerColumns+" FROM router"+f.String()+" ORDER BY name", f.args, func(rows *sql.Rows) error {
		var r directconnect.Router
		err := rows.Scan(&r.Name, &r.Location, &r.Region, &r.Version)
		all = append(all, r)
		return err
	})
	return all, err
}

// PutRouter inserts r when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
// Its location must be there (ErrReferenced).
func (tx *Tx) PutRouter(r *directconnect.Router) error {
	if r.Version == 0 {
		_, err := tx.exec("INSERT INTO router (name, location, region, version) VALUES (?, ?, ?, 1)", r.Name, r.Location, r.Region)
		if err == nil {
			r.Version = 1
		}
		return err
	}
	return tx.swap(&r.Version, "UPDATE router SET location = ?, region = ?, version = version + 1 WHERE name = ? AND version = ?",
		r.Location, r.Region, r.Name, r.Version)
}

// DeleteRouter removes a router: ErrReferenced while it has ports.
func (tx *Tx) DeleteRouter(name string) error {
	return tx.remove("DELETE FROM router WHERE name = ?", name)
}
