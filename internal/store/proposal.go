package store

import (
	"database/sql"
	"time"

	"onramp/internal/directconnect"
)

const proposalColumns = "id, gateway_id, gateway_owner, proposer, far_id, state, created, COALESCE(due, 0), version, body"

func scanProposal(r *sql.Rows) (p directconnect.Proposal, err error) {
	var created, due int64
	var body string
	if err := r.Scan(&p.ID, &p.GatewayID, &p.GatewayOwner, &p.Proposer, &p.FarID, (*string)(&p.State), &created, &due,
		&p.Version, &body); err != nil {
		return p, err
	}
	p.Created, p.Due = fromMicros(created), fromMicros(due)
	return p, decodeBody(body, &p)
}

// Proposal answers an association proposal by its ID.
func (tx *Tx) Proposal(id string) (directconnect.Proposal, error) {
	return row(tx, "SELECT "+proposalColumns+" FROM proposal WHERE id = ?", id, scanProposal)
}

// PutProposal inserts p when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
// It moves p.Version on.
func (tx *Tx) PutProposal(p *directconnect.Proposal) error {
	return put(tx, p.ID, p.Version, p, tx.Proposal, func() error { return tx.writeProposal(p) }, tellProposal)
}

func (tx *Tx) writeProposal(p *directconnect.Proposal) error {
	body, err := encodeBody(p)
	if err != nil {
		return err
	}
	columns := []any{p.GatewayID, p.GatewayOwner, p.Proposer, p.FarID, string(p.State), micros(p.Created), microsOrNull(p.Due), body, p.ID}
	if p.Version == 0 {
		_, err := tx.exec("INSERT INTO proposal (gateway_id, gateway_owner, proposer, far_id, state, created, due, version, body, id) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)", columns...)
		if err == nil {
			p.Version = 1
		}
		return err
	}
	return tx.swap(&p.Version, "UPDATE proposal SET gateway_id = ?, gateway_owner = ?, proposer = ?, far_id = ?, state = ?, "+
		"created = ?, due = ?, version = version + 1, body = ? WHERE id = ? AND version = ?", append(columns, p.Version)...)
}

// ProposalQuery chooses association proposals, in any state. What is empty does not restrict.
type ProposalQuery struct {
	// At least one of these is set. Party owns either gateway.
	GatewayID, FarID, Party string

	After Cursor // behind this one
	Limit int    // 0: all
}

// Proposals answers what q chooses, ordered by (Created, ID).
func (tx *Tx) Proposals(q ProposalQuery) ([]directconnect.Proposal, error) {
	c, err := joins(q.GatewayID, q.FarID, q.Party, "proposer")
	if err != nil {
		return nil, err
	}
	query, args := c.page(tx.session.dialect, proposalColumns, "proposal", q.After, q.Limit)
	return rows(tx, query, args, scanProposal)
}

// ClaimDueProposals is ClaimDueConnections for association proposals.
func (tx *Tx) ClaimDueProposals(now, lease time.Time, limit int) ([]directconnect.Proposal, error) {
	return claimDue(tx, "proposal", proposalColumns, now, lease, limit, scanProposal,
		func(p directconnect.Proposal) string { return p.ID })
}

// DeleteProposal removes a proposal that is no longer shown.
func (tx *Tx) DeleteProposal(id string) error {
	return tx.remove("DELETE FROM proposal WHERE id = ?", id)
}
