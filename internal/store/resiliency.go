package store

import (
	"database/sql"
	"fmt"
	"time"

	"onramp/internal/directconnect"
)

const resiliencyColumns = "id, account, region, state, created, COALESCE(due, 0), deleted, version, body"

func scanResiliencyGroup(r *sql.Rows) (g directconnect.ResiliencyGroup, err error) {
	var created, due, deleted int64
	var body string
	if err := r.Scan(&g.ID, &g.Account, &g.Region, (*string)(&g.State), &created, &due, &deleted, &g.Version, &body); err != nil {
		return g, err
	}
	g.Created, g.Due, g.Deleted = fromMicros(created), fromMicros(due), fromMicros(deleted)
	return g, decodeBody(body, &g)
}

// ResiliencyGroup answers a resiliency group by its ID.
func (tx *Tx) ResiliencyGroup(id string) (directconnect.ResiliencyGroup, error) {
	return row(tx, "SELECT "+resiliencyColumns+" FROM resiliency_group WHERE id = ?", id, scanResiliencyGroup)
}

// PutResiliencyGroup inserts g when its Version is 0, and otherwise replaces the row if it still has that version
// (ErrConflict). It moves g.Version on.
func (tx *Tx) PutResiliencyGroup(g *directconnect.ResiliencyGroup) error {
	return put(tx, g.ID, g.Version, g, tx.ResiliencyGroup, func() error { return tx.writeResiliencyGroup(g) }, tellResiliencyGroup)
}

func (tx *Tx) writeResiliencyGroup(g *directconnect.ResiliencyGroup) error {
	if (g.State == directconnect.ResiliencyDeleted) == g.Deleted.IsZero() {
		return fmt.Errorf("store: resiliency group %s is in state %s with deletion time %v", g.ID, g.State, g.Deleted)
	}
	body, err := encodeBody(g)
	if err != nil {
		return err
	}
	columns := []any{g.Account, g.Region, string(g.State), micros(g.Created), microsOrNull(g.Due), micros(g.Deleted), body, g.ID}
	if g.Version == 0 {
		_, err := tx.exec("INSERT INTO resiliency_group (account, region, state, created, due, deleted, version, body, id) "+
			"VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)", columns...)
		if err == nil {
			g.Version = 1
		}
		return err
	}
	return tx.swap(&g.Version, "UPDATE resiliency_group SET account = ?, region = ?, state = ?, created = ?, due = ?, deleted = ?, "+
		"version = version + 1, body = ? WHERE id = ? AND version = ?", append(columns, g.Version)...)
}

// ResiliencyGroupQuery chooses resiliency groups. What is empty does not restrict.
type ResiliencyGroupQuery struct {
	Account string // is set
	Region  string

	LiveOnly   bool      // not deleted
	EndedAfter time.Time // of deleted ones only those deleted then or later
	After      Cursor    // behind this one
	Limit      int       // 0: all
}

func (q ResiliencyGroupQuery) choice() (choice, error) {
	if q.Account == "" {
		return nil, errWideQuery
	}
	f := &filter{}
	f.equal("account", q.Account)
	f.equal("region", q.Region)
	f.ended(q.LiveOnly, q.EndedAfter)
	return choice{f}, nil
}

// ResiliencyGroups answers what q chooses, ordered by (Created, ID).
func (tx *Tx) ResiliencyGroups(q ResiliencyGroupQuery) ([]directconnect.ResiliencyGroup, error) {
	c, err := q.choice()
	if err != nil {
		return nil, err
	}
	query, args := c.page(tx.session.dialect, resiliencyColumns, "resiliency_group", q.After, q.Limit)
	return rows(tx, query, args, scanResiliencyGroup)
}

// CountResiliencyGroups counts what q chooses; After and Limit do not matter.
func (tx *Tx) CountResiliencyGroups(q ResiliencyGroupQuery) (int, error) {
	c, err := q.choice()
	if err != nil {
		return 0, err
	}
	return c.count(tx, "resiliency_group")
}

// ClaimDueResiliencyGroups is ClaimDueConnections for resiliency groups.
func (tx *Tx) ClaimDueResiliencyGroups(now, lease time.Time, limit int) ([]directconnect.ResiliencyGroup, error) {
	return claimDue(tx, "resiliency_group", resiliencyColumns, now, lease, limit, scanResiliencyGroup,
		func(g directconnect.ResiliencyGroup) string { return g.ID })
}
