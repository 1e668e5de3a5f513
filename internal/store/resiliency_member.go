package store

import (
	"database/sql"
	"time"

	"onramp/internal/directconnect"
)

const memberColumns = "group_id, connection_id, region, account, state, COALESCE(due, 0), version, body"

func scanMember(r *sql.Rows) (m directconnect.ResiliencyMember, err error) {
	var due int64
	var body string
	if err := r.Scan(&m.GroupID, &m.ConnectionID, &m.Region, &m.Account, (*string)(&m.State), &due, &m.Version, &body); err != nil {
		return m, err
	}
	m.Due = fromMicros(due)
	return m, decodeBody(body, &m)
}

// memberID is the key of a member's row.
func memberID(groupID, connectionID string) string { return groupID + "/" + connectionID }

// Member answers a connection's membership of a resiliency group.
func (tx *Tx) Member(groupID, connectionID string) (directconnect.ResiliencyMember, error) {
	return row(tx, "SELECT "+memberColumns+" FROM resiliency_member WHERE id = ?", memberID(groupID, connectionID), scanMember)
}

// PutMember inserts m when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict). It
// moves m.Version on. A *TakenError says "member".
func (tx *Tx) PutMember(m *directconnect.ResiliencyMember) error {
	body, err := encodeBody(m)
	if err != nil {
		return err
	}
	id := memberID(m.GroupID, m.ConnectionID)
	if m.Version == 0 {
		_, err := tx.exec("INSERT INTO resiliency_member (id, group_id, connection_id, region, account, state, due, version, body) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)",
			id, m.GroupID, m.ConnectionID, m.Region, m.Account, string(m.State), microsOrNull(m.Due), body)
		if err == nil {
			m.Version = 1
		}
		return err
	}
	return tx.swap(&m.Version, "UPDATE resiliency_member SET region = ?, account = ?, state = ?, due = ?, version = version + 1, "+
		"body = ? WHERE id = ? AND version = ?", m.Region, m.Account, string(m.State), microsOrNull(m.Due), body, id, m.Version)
}

// DeleteMember removes a membership.
func (tx *Tx) DeleteMember(groupID, connectionID string) error {
	return tx.remove("DELETE FROM resiliency_member WHERE id = ?", memberID(groupID, connectionID))
}

// MemberQuery chooses memberships: a group's, or a connection's. What is empty does not restrict.
type MemberQuery struct {
	// At least one of these is set.
	GroupID, ConnectionID string

	After MemberKey // behind this one
	Limit int       // 0: all
}

// MemberKey is a place in an order by (GroupID, ConnectionID).
type MemberKey struct{ GroupID, ConnectionID string }

func (q MemberQuery) filter() (*filter, error) {
	f := &filter{}
	if q.GroupID != "" && q.ConnectionID != "" {
		f.equal("id", memberID(q.GroupID, q.ConnectionID))
	} else {
		f.equal("group_id", q.GroupID)
		f.equal("connection_id", q.ConnectionID)
	}
	if len(f.terms) == 0 {
		return nil, errWideQuery
	}
	return f, nil
}

// Members answers what q chooses, ordered by (GroupID, ConnectionID).
func (tx *Tx) Members(q MemberQuery) ([]directconnect.ResiliencyMember, error) {
	f, err := q.filter()
	if err != nil {
		return nil, err
	}
	if q.After != (MemberKey{}) {
		f.add("id > ?", memberID(q.After.GroupID, q.After.ConnectionID))
	}
	return rows(tx, "SELECT "+memberColumns+" FROM resiliency_member"+f.String()+" ORDER BY id"+limit(q.Limit), f.args, scanMember)
}

// CountMembers counts what q chooses; After and Limit do not matter.
func (tx *Tx) CountMembers(q MemberQuery) (int, error) {
	f, err := q.filter()
	if err != nil {
		return 0, err
	}
	n := 0
	err = tx.one("SELECT count(*) FROM resiliency_member"+f.String(), f.args, &n)
	return n, err
}

// ClaimDueMembers is ClaimDueConnections for memberships of resiliency groups.
func (tx *Tx) ClaimDueMembers(now, lease time.Time, limit int) ([]directconnect.ResiliencyMember, error) {
	return claimDue(tx, "resiliency_member", memberColumns, now, lease, limit, scanMember,
		func(m directconnect.ResiliencyMember) string { return memberID(m.GroupID, m.ConnectionID) })
}
