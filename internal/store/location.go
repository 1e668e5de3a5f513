package store

import (
	"database/sql"

	"onramp/internal/directconnect"
)

const locationColumns = "code, region, version, body"

// Location answers a location by its code.
func (tx *Tx) Location(code string) (directconnect.Location, error) {
	all, err := tx.locations("SELECT "+locationColumns+" FROM location WHERE code = ?", []any{code})
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return directconnect.Location{}, err
	}
	return all[0], nil
}

// Locations answers a Region's locations, or all when region is empty, ordered by code.
func (tx *Tx) Locations(region string) ([]directconnect.Location, error) {
	f := &filter{}
	f.equal("region", region)
	return tx.locations("SELECT "+locationColumns+" FROM location"+f.String()+" ORDER BY code", f.args)
}

func (tx *Tx) locations(query string, args []any) ([]directconnect.Location, error) {
	var all []directconnect.Location
	err := tx.each(query, args, func(r *sql.Rows) error {
		var l directconnect.Location
		var body string
		if err := r.Scan(&l.Code, &l.Region, &l.Version, &body); err != nil {
			return err
		}
		if err := decodeBody(body, &l); err != nil {
			return err
		}
		all = append(all, l)
		return nil
	})
	return all, err
}

// Site is a location as an order of ports sees it.
type Site struct {
	Location directconnect.Location
	Routers  []string       // by name, without those that are drained
	Use      map[string]int // the account's live dedicated connections and interconnects, by router; drained ones too
	Worked   []string       // those of Routers that maintenance is in progress on
}

// Site answers a location, its routers and what an account uses of them, in one statement: one round trip. Use counts up
// to most for each router and no further, so that its cost is bounded: a quota of n is kept with most >= n.
func (tx *Tx) Site(account, code string, most int) (Site, error) {
	s := Site{Use: map[string]int{}}
	err := tx.each("SELECT l.code, l.region, l.version, l.body, COALESCE(r.name, ''), COALESCE(r.drained, 0), (SELECT count(*) FROM (SELECT 1 FROM connection c "+
		"WHERE c.router = r.name AND c.account = ? AND c.deleted = 0 AND c.kind <> 'hosted' LIMIT ?) u), "+
		"(SELECT count(*) FROM maintenance_resource m WHERE m.resource = r.name AND m.active = 1) FROM location l LEFT JOIN router r ON r.location = l.code WHERE l.code = ? ORDER BY r.name",
		[]any{account, most, code}, func(rows *sql.Rows) error {
			l := &s.Location
			var router, body string
			var drained, use, work int
			known := l.Code != "" // the location is the same in every row
			if err := rows.Scan(&l.Code, &l.Region, &l.Version, &body, &router, &drained, &use, &work); err != nil {
				return err
			}
			if router != "" && drained == 0 {
				s.Routers = append(s.Routers, router)
				if work > 0 {
					s.Worked = append(s.Worked, router)
				}
			}
			if use > 0 {
				s.Use[router] = use
			}
			if known {
				return nil
			}
			return decodeBody(body, l)
		})
	if err == nil && s.Location.Code == "" {
		err = ErrNotFound
	}
	return s, err
}

// PutLocation inserts l when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
func (tx *Tx) PutLocation(l *directconnect.Location) error {
	body, err := encodeBody(l)
	if err != nil {
		return err
	}
	if l.Version == 0 {
		_, err := tx.exec("INSERT INTO location (code, region, version, body) VALUES (?, ?, 1, ?)", l.Code, l.Region, body)
		if err == nil {
			l.Version = 1
		}
		return err
	}
	return tx.swap(&l.Version, "UPDATE location SET region = ?, version = version + 1, body = ? WHERE code = ? AND version = ?",
		l.Region, body, l.Code, l.Version)
}

// DeleteLocation removes a location: ErrReferenced while it has routers.
func (tx *Tx) DeleteLocation(code string) error {
	return tx.remove("DELETE FROM location WHERE code = ?", code)
}
