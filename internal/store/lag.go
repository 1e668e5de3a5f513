package store

import (
	"database/sql"
	"time"

	"onramp/internal/directconnect"
)

const lagColumns = "id, account, region, location, router, created, COALESCE(due, 0), deleted, version, body"

// LAG answers a LAG by its ID.
func (tx *Tx) LAG(id string) (directconnect.LAG, error) {
	all, err := tx.lags("SELECT "+lagColumns+" FROM lag WHERE id = ?", []any{id})
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return directconnect.LAG{}, err
	}
	return all[0], nil
}

func (tx *Tx) lags(query string, args []any) ([]directconnect.LAG, error) {
	var all []directconnect.LAG
	err := tx.each(query, args, func(r *sql.Rows) error {
		var g directconnect.LAG
		var created, due, deleted int64
		var body string
		if err := r.Scan(&g.ID, &g.Account, &g.Region, &g.Location, &g.Router, &created, &due, &deleted, &g.Version, &body); err != nil {
			return err
		}
		g.Created, g.Due, g.Deleted = fromMicros(created), fromMicros(due), fromMicros(deleted)
		if err := decodeBody(body, &g); err != nil {
			return err
		}
		all = append(all, g)
		if tx.write {
			tx.Known(g)
		}
		return nil
	})
	return all, err
}

// PutLAG inserts g when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict). It
// moves g.Version on.
func (tx *Tx) PutLAG(g *directconnect.LAG) error {
	return put(tx, g.ID, g.Version, g, tx.LAG, func() error { return tx.writeLAG(g) }, tellLAG)
}

func (tx *Tx) writeLAG(g *directconnect.LAG) error {
	body, err := encodeBody(g)
	if err != nil {
		return err
	}
	if g.Version == 0 {
		_, err := tx.exec("INSERT INTO lag (id, account, region, location, router, created, due, deleted, version, body) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
			g.ID, g.Account, g.Region, g.Location, g.Router, micros(g.Created), microsOrNull(g.Due), micros(g.Deleted), body)
		if err == nil {
			g.Version = 1
		}
		return err
	}
	return tx.swap(&g.Version, "UPDATE lag SET account = ?, region = ?, location = ?, router = ?, created = ?, due = ?, "+
		"deleted = ?, version = version + 1, body = ? WHERE id = ? AND version = ?",
		g.Account, g.Region, g.Location, g.Router, micros(g.Created), microsOrNull(g.Due), micros(g.Deleted), body, g.ID, g.Version)
}

// LAGQuery chooses LAGs. What is empty does not restrict.
type LAGQuery struct {
	// At least one of these is set.
	Account, Region, Location, Router string

	LiveOnly   bool
	EndedAfter time.Time // without LiveOnly: of the deleted ones, only those since then
	After      Cursor    // behind this one
	Limit      int       // 0: all
}

func (q LAGQuery) filter() (*filter, error) {
	f := &filter{}
	f.equal("account", q.Account)
	f.equal("region", q.Region)
	f.equal("location", q.Location)
	f.equal("router", q.Router)
	if len(f.terms) == 0 {
		return nil, errWideQuery
	}
	f.ended(q.LiveOnly, q.EndedAfter)
	return f, nil
}

// LAGs answers what q chooses, ordered by (Created, ID).
func (tx *Tx) LAGs(q LAGQuery) ([]directconnect.LAG, error) {
	f, err := q.filter()
	if err != nil {
		return nil, err
	}
	f.after(q.After)
	return tx.lags("SELECT "+lagColumns+" FROM lag"+f.String()+" ORDER BY created, id"+limit(q.Limit), f.args)
}

// CountLAGs counts what q chooses; After and Limit do not matter.
func (tx *Tx) CountLAGs(q LAGQuery) (int, error) {
	f, err := q.filter()
	if err != nil {
		return 0, err
	}
	n := 0
	err = tx.one("SELECT count(*) FROM lag"+f.String(), f.args, &n)
	return n, err
}

// ClaimDueLAGs is ClaimDueConnections for LAGs.
func (tx *Tx) ClaimDueLAGs(now, lease time.Time, limit int) ([]directconnect.LAG, error) {
	all, err := tx.lags("SELECT "+lagColumns+" FROM lag WHERE due <= ? ORDER BY due, id LIMIT ?"+tx.session.dialect.claim,
		[]any{micros(now), limit})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, g := range all {
		ids[i] = g.ID
	}
	return all, tx.lease("lag", ids, lease)
}
