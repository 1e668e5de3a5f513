package store

import (
	"database/sql"
	"fmt"
	"time"

	"onramp/internal/directconnect"
)

const associationColumns = "id, gateway_id, gateway_owner, far_id, state, created, COALESCE(due, 0), deleted, version, body"

func scanAssociation(r *sql.Rows) (a directconnect.Association, err error) {
	var created, due, deleted int64
	var body string
	if err := r.Scan(&a.ID, &a.GatewayID, &a.GatewayOwner, &a.FarID, (*string)(&a.State), &created, &due, &deleted,
		&a.Version, &body); err != nil {
		return a, err
	}
	a.Created, a.Due, a.Deleted = fromMicros(created), fromMicros(due), fromMicros(deleted)
	return a, decodeBody(body, &a)
}

// Association answers a gateway association by its ID.
func (tx *Tx) Association(id string) (directconnect.Association, error) {
	return row(tx, "SELECT "+associationColumns+" FROM association WHERE id = ?", id, scanAssociation)
}

// PutAssociation inserts a when its Version is 0, and otherwise replaces the row if it still has that version
// (ErrConflict). It moves a.Version on. A *TakenError says "id", or "association" when the two gateways have a live one.
func (tx *Tx) PutAssociation(a *directconnect.Association) error {
	return put(tx, a.ID, a.Version, a, tx.Association, func() error { return tx.writeAssociation(a) }, tellAssociation)
}

func (tx *Tx) writeAssociation(a *directconnect.Association) error {
	if a.Live() != a.Deleted.IsZero() {
		return fmt.Errorf("store: association %s is in state %s with deletion time %v", a.ID, a.State, a.Deleted)
	}
	body, err := encodeBody(a)
	if err != nil {
		return err
	}
	columns := []any{a.GatewayID, a.GatewayOwner, a.FarID, a.Far.Account, string(a.State), micros(a.Created), microsOrNull(a.Due),
		micros(a.Deleted), body, a.ID}
	if a.Version == 0 {
		_, err := tx.exec("INSERT INTO association (gateway_id, gateway_owner, far_id, far_owner, state, created, due, deleted, "+
			"version, body, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)", columns...)
		if err == nil {
			a.Version = 1
		}
		return err
	}
	return tx.swap(&a.Version, "UPDATE association SET gateway_id = ?, gateway_owner = ?, far_id = ?, far_owner = ?, state = ?, "+
		"created = ?, due = ?, deleted = ?, version = version + 1, body = ? WHERE id = ? AND version = ?",
		append(columns, a.Version)...)
}

// AssociationQuery chooses gateway associations. What is empty does not restrict.
type AssociationQuery struct {
	// At least one of these is set. Party owns either gateway.
	GatewayID, FarID, Party string

	LiveOnly bool
	After    Cursor // behind this one
	Limit    int    // 0: all
}

func (q AssociationQuery) choice() (choice, error) {
	c, err := joins(q.GatewayID, q.FarID, q.Party, "far_owner")
	for _, f := range c {
		f.ended(q.LiveOnly, time.Time{})
	}
	return c, err
}

// joins chooses what joins two gateways: an association or the proposal of one. The far side's owner is in the column far.
func joins(gatewayID, farID, party, far string) (choice, error) {
	f := &filter{}
	f.equal("gateway_id", gatewayID)
	f.equal("far_id", farID)
	switch {
	case len(f.terms) > 0:
		f.amid(party, "gateway_owner, "+far)
		return choice{f}, nil
	case party == "":
		return nil, errWideQuery
	}
	return f.party("gateway_owner", far, party), nil
}

// Associations answers what q chooses, ordered by (Created, ID).
func (tx *Tx) Associations(q AssociationQuery) ([]directconnect.Association, error) {
	c, err := q.choice()
	if err != nil {
		return nil, err
	}
	query, args := c.page(tx.session.dialect, associationColumns, "association", q.After, q.Limit)
	return rows(tx, query, args, scanAssociation)
}

// ClaimDueAssociations is ClaimDueConnections for gateway associations.
func (tx *Tx) ClaimDueAssociations(now, lease time.Time, limit int) ([]directconnect.Association, error) {
	return claimDue(tx, "association", associationColumns, now, lease, limit, scanAssociation,
		func(a directconnect.Association) string { return a.ID })
}
