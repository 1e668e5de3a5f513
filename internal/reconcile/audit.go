package reconcile

import (
	"time"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// move is a change, into the log once it is saved. A change of state that events tell of is in the audit trail by itself (see
// package store); what is not goes there from here, by its name.
type move struct {
	id, from, to, reason string
	owner
	kind audit.Kind
	name string // of the record; empty: the store makes one
}

// owner is whose a resource is, and where; region is empty for what is global.
type owner struct{ account, region, partition string }

func ownerOf(account, region string) owner {
	return owner{account, region, directconnect.PartitionOf(region)}
}

// changedConnection is told of what is not a state as well, and says what it is.
func (s *saving) changedConnection(was, is directconnect.Connection) {
	m := move{id: was.ID, from: string(was.State), to: string(is.State), reason: is.Reason}
	if was.State == is.State {
		m.owner, m.kind, m.name = ownerOf(was.Account, was.Region), audit.Connection, "ConnectionStateChange"
		m.reason = "MACsec keys changed"
		if !is.CrossConnected.Equal(was.CrossConnected) {
			m.reason = "cross connect changed"
		}
	}
	s.moves = append(s.moves, m)
}

func (s *saving) changedLAG(g directconnect.LAG) {
	s.moves = append(s.moves, move{
		id: g.ID, reason: "MACsec keys changed", owner: ownerOf(g.Account, g.Region), kind: audit.LAG, name: "LagStateChange",
	})
}

// changedInterface is told of an interface and its BGP sessions.
func (s *saving) changedInterface(was, is directconnect.VirtualInterface) {
	if was.State != is.State {
		s.moves = append(s.moves, move{id: was.ID, from: string(was.State), to: string(is.State), reason: is.Reason})
	}
	for _, p := range is.Peers {
		for _, q := range was.Peers {
			if p.ID != q.ID {
				continue
			}
			m := move{id: p.ID, reason: p.Reason}
			if p.State != q.State {
				m.from, m.to = string(q.State), string(p.State)
				s.moves = append(s.moves, m)
			}
			if p.Status() != q.Status() {
				m.from, m.to = q.Status(), p.Status()
				s.moves = append(s.moves, m)
			}
		}
	}
}

func (s *saving) changedTest(was, is directconnect.FailoverTest) {
	s.moves = append(s.moves, move{id: was.InterfaceID, from: string(was.Status), to: string(is.Status)})
}

// record puts the moves into the audit trail that the store does not.
func (s *saving) record() error {
	for _, m := range s.moves {
		if m.name == "" {
			continue
		}
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
