package reconcile

import (
	"time"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// move is a change of state: into the audit trail in the transaction that makes it, and into the log once that is saved.
type move struct {
	id, from, to, reason string
	owner
	kind audit.Kind
	name string // of the record
}

// owner is whose a resource is, and where; region is empty for what is global.
type owner struct{ account, region, partition string }

func ownerOf(account, region string) owner {
	return owner{account, region, directconnect.PartitionOf(region)}
}

// changedConnection is told of what is not a state as well, and says what it is.
func (s *saving) changedConnection(was, is directconnect.Connection) {
	reason := is.Reason
	if was.State == is.State {
		reason = "MACsec keys changed"
		if !is.CrossConnected.Equal(was.CrossConnected) {
			reason = "cross connect changed"
		}
	}
	s.moves = append(s.moves, move{
		id: was.ID, from: string(was.State), to: string(is.State), reason: reason, owner: ownerOf(was.Account, was.Region),
		kind: audit.Connection, name: "ConnectionStateChange",
	})
}

func (s *saving) changedLAG(g directconnect.LAG) {
	s.moves = append(s.moves, move{
		id: g.ID, reason: "MACsec keys changed", owner: ownerOf(g.Account, g.Region), kind: audit.LAG, name: "LagStateChange",
	})
}

// changedInterface is told of an interface and its BGP sessions.
func (s *saving) changedInterface(was, is directconnect.VirtualInterface) {
	whose := ownerOf(was.Account, was.Region)
	if was.State != is.State {
		s.moves = append(s.moves, move{
			id: was.ID, from: string(was.State), to: string(is.State), reason: is.Reason, owner: whose,
			kind: audit.VirtualInterface, name: "VirtualInterfaceStateChange",
		})
	}
	for _, p := range is.Peers {
		for _, q := range was.Peers {
			if p.ID != q.ID {
				continue
			}
			m := move{id: p.ID, reason: p.Reason, owner: whose, kind: audit.Other}
			if p.State != q.State {
				m.from, m.to, m.name = string(q.State), string(p.State), "BgpPeerStateChange"
				s.moves = append(s.moves, m)
			}
			if p.Status() != q.Status() {
				m.from, m.to, m.name = q.Status(), p.Status(), "BgpPeerStatusChange"
				s.moves = append(s.moves, m)
			}
		}
	}
}

func (s *saving) changedTest(was, is directconnect.FailoverTest) {
	s.moves = append(s.moves, move{
		id: was.InterfaceID, from: string(was.Status), to: string(is.Status), owner: ownerOf(was.Account, was.Region),
		kind: audit.VirtualInterface, name: "FailoverTestStateChange",
	})
}

// record puts the moves into the audit trail.
func (s *saving) record() error {
	for _, m := range s.moves {
		if err := s.r.record(s.tx, m, s.now); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reconciler) record(tx *store.Tx, m move, now time.Time) error {
	if r.noAudit {
		return nil
	}
	c := audit.Change{
		Time: now, Name: m.name, Kind: m.kind, ID: m.id, Account: m.account, Region: m.region, Partition: m.partition,
		From: m.from, To: m.to, Reason: m.reason,
	}
	return tx.Record(c.Entry())
}
