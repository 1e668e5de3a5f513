package reconcile

import (
	"fmt"
	"time"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// settleResiliency lets resiliency groups and memberships advance that are due. No router has anything of them, so it is
// done in the transaction that claims them.
func (r *Reconciler) settleResiliency(tx *store.Tx, now, until time.Time) (Report, error) {
	var rep Report
	members, err := tx.ClaimDueMembers(now, until, batch)
	if err != nil {
		return rep, err
	}
	for _, m := range members {
		if err := r.member(tx, m, now, &rep); err != nil {
			return rep, fmt.Errorf("connection %s in resiliency group %s: %w", m.ConnectionID, m.GroupID, err)
		}
	}
	groups, err := tx.ClaimDueResiliencyGroups(now, until, batch)
	if err != nil {
		return rep, err
	}
	for _, g := range groups {
		if err := r.resiliencyGroup(tx, g, now, &rep); err != nil {
			return rep, fmt.Errorf("resiliency group %s: %w", g.ID, err)
		}
	}
	rep.Due = len(members) + len(groups)
	return rep, nil
}

// member lets one membership advance; one that ended long enough ago is forgotten.
func (r *Reconciler) member(tx *store.Tx, m directconnect.ResiliencyMember, now time.Time, rep *Report) error {
	next := m.Advance(r.pace(), r.keep, now)
	if m.Ended() && !next.Due.IsZero() && !next.Due.After(now) {
		rep.Purged++
		return tx.DeleteMember(m.GroupID, m.ConnectionID)
	}
	if next.State != m.State {
		rep.Moved++
		moved := move{
			id: m.ConnectionID, from: string(m.State), to: string(next.State), owner: ownerOf(m.Account, m.Region),
			reason: "membership of resiliency group " + m.GroupID, kind: audit.Connection, name: "ResiliencyGroupAssociationStateChange",
		}
		if err := r.record(tx, moved, now); err != nil {
			return err
		}
	}
	return tx.PutMember(&next)
}

func (r *Reconciler) resiliencyGroup(tx *store.Tx, g directconnect.ResiliencyGroup, now time.Time, rep *Report) error {
	there := 0
	if g.State == directconnect.ResiliencyDeleting {
		members, err := tx.Members(store.MemberQuery{GroupID: g.ID})
		if err != nil {
			return err
		}
		for _, m := range members {
			if !m.Ended() {
				there++
			}
		}
	}
	next := g.Advance(there, r.pace(), now)
	if next.State != g.State {
		rep.Moved++
	}
	return tx.PutResiliencyGroup(&next)
}

// leaveGroups ends the memberships of a connection that goes.
func (s *saving) leaveGroups(connection string) error {
	members, err := s.tx.Members(store.MemberQuery{ConnectionID: connection})
	if err != nil {
		return err
	}
	for _, m := range members {
		if !m.Counts() {
			continue
		}
		m = m.Leave(s.now)
		if err := s.tx.PutMember(&m); err != nil {
			return err
		}
	}
	return nil
}
