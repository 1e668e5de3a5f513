package store

import (
	"database/sql"
	"fmt"
	"time"

	"onramp/internal/directconnect"
)

const gatewayColumns = "id, account, partition, state, created, COALESCE(due, 0), deleted, version, body"

func scanGateway(r *sql.Rows) (g directconnect.Gateway, err error) {
	var created, due, deleted int64
	var body string
	if err := r.Scan(&g.ID, &g.Account, &g.Partition, (*string)(&g.State), &created, &due, &deleted, &g.Version, &body); err != nil {
		return g, err
	}
	g.Created, g.Due, g.Deleted = fromMicros(created), fromMicros(due), fromMicros(deleted)
	return g, decodeBody(body, &g)
}

// Gateway answers a Direct Connect gateway by its ID.
func (tx *Tx) Gateway(id string) (directconnect.Gateway, error) {
	return row(tx, "SELECT "+gatewayColumns+" FROM gateway WHERE id = ?", id, scanGateway)
}

// PutGateway inserts g when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
// It moves g.Version on.
func (tx *Tx) PutGateway(g *directconnect.Gateway) error {
	return put(tx, g.ID, g.Version, g, tx.Gateway, func() error { return tx.writeGateway(g) }, tellGateway)
}

func (tx *Tx) writeGateway(g *directconnect.Gateway) error {
	if g.Live() != g.Deleted.IsZero() {
		return fmt.Errorf("store: Direct Connect gateway %s is in state %s with deletion time %v", g.ID, g.State, g.Deleted)
	}
	body, err := encodeBody(g)
	if err != nil {
		return err
	}
	if g.Version == 0 {
		_, err := tx.exec("INSERT INTO gateway (id, account, partition, state, created, due, deleted, version, body) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)",
			g.ID, g.Account, g.Partition, string(g.State), micros(g.Created), microsOrNull(g.Due), micros(g.Deleted), body)
		if err == nil {
			g.Version = 1
		}
		return err
	}
	return tx.swap(&g.Version, "UPDATE gateway SET account = ?, partition = ?, state = ?, created = ?, due = ?, deleted = ?, "+
		"version = version + 1, body = ? WHERE id = ? AND version = ?",
		g.Account, g.Partition, string(g.State), micros(g.Created), microsOrNull(g.Due), micros(g.Deleted), body, g.ID, g.Version)
}

// GatewayQuery chooses Direct Connect gateways. What is empty does not restrict.
type GatewayQuery struct {
	Account   string // is set
	Partition string

	LiveOnly bool
	After    Cursor // behind this one
	Limit    int    // 0: all
}

func (q GatewayQuery) choice() (choice, error) {
	if q.Account == "" {
		return nil, errWideQuery
	}
	f := &filter{}
	f.equal("account", q.Account)
	f.equal("partition", q.Partition)
	f.ended(q.LiveOnly, time.Time{})
	return choice{f}, nil
}

// Gateways answers what q chooses, ordered by (Created, ID).
func (tx *Tx) Gateways(q GatewayQuery) ([]directconnect.Gateway, error) {
	c, err := q.choice()
	if err != nil {
		return nil, err
	}
	query, args := c.page(tx.session.dialect, gatewayColumns, "gateway", q.After, q.Limit)
	return rows(tx, query, args, scanGateway)
}

// CountGateways counts what q chooses; After and Limit do not matter.
func (tx *Tx) CountGateways(q GatewayQuery) (int, error) {
	c, err := q.choice()
	if err != nil {
		return 0, err
	}
	return c.count(tx, "gateway")
}

// ClaimDueGateways is ClaimDueConnections for Direct Connect gateways.
func (tx *Tx) ClaimDueGateways(now, lease time.Time, limit int) ([]directconnect.Gateway, error) {
	return claimDue(tx, "gateway", gatewayColumns, now, lease, limit, scanGateway,
		func(g directconnect.Gateway) string { return g.ID })
}
