package store

import (
	"errors"
	"maps"
	"slices"
	"time"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
)

// standing is what of a noun events tell: how it stood when the transaction read it.
type standing struct {
	state string
	peers []peerStanding // of an interface

	// Of a connection: the LAG, whether it has seen light, and when to remind of its letter.
	lag    string
	lit    bool
	notice time.Time

	// Of a LAG: its state follows from these and from its members.
	minimum int
	deleted time.Time
}

type peerStanding struct{ id, state, status string }

// standingOf answers the identifier and the standing of a noun, of a value type; an empty identifier of what no event tells of.
func standingOf(noun any) (id string, s standing) {
	switch n := noun.(type) {
	case directconnect.Connection:
		return n.ID, standing{state: string(n.State), lag: n.LagID, lit: !n.FirstLight.IsZero(), notice: n.NoticeLOA()}
	case directconnect.LAG:
		return n.ID, standing{minimum: n.MinimumLinks, deleted: n.Deleted}
	case directconnect.VirtualInterface:
		s := standing{state: string(n.State), peers: make([]peerStanding, 0, len(n.Peers))}
		for _, p := range n.Peers {
			s.peers = append(s.peers, peerStanding{p.ID, string(p.State), p.Status()})
		}
		return n.ID, s
	case directconnect.Gateway:
		return n.ID, standing{state: string(n.State)}
	case directconnect.Association:
		return n.ID, standing{state: string(n.State)}
	case directconnect.Proposal:
		return n.ID, standing{state: string(n.State)}
	case directconnect.FailoverTest:
		return n.ID, standing{state: string(n.Status)}
	case directconnect.ResiliencyGroup:
		return n.ID, standing{state: string(n.State)}
	}
	return "", standing{}
}

// Known says how a noun stands that was read in an earlier transaction, and spares a Put that finds it unchanged from
// reading it again. Should it have changed, the Put answers ErrConflict.
func (tx *Tx) Known(noun any) {
	if !tx.write {
		return
	}
	if id, s := standingOf(noun); id != "" {
		if tx.seen == nil {
			tx.seen = map[string]standing{}
		}
		tx.seen[id] = s
	}
}

// was answers how the noun with an identifier stands, reading it if this transaction has not; false of a new one.
func was[T any](tx *Tx, id string, version int64, read func(id string) (T, error)) (standing, bool, error) {
	if version == 0 {
		return standing{}, false, nil
	}
	if s, ok := tx.seen[id]; ok {
		return s, true, nil
	}
	noun, err := read(id)
	if errors.Is(err, ErrNotFound) {
		return standing{}, false, nil // the Put will say so
	}
	_, s := standingOf(noun)
	return s, err == nil, err
}

// put does what writes a noun and then tells of what has changed in it.
func put[T any](tx *Tx, id string, version int64, noun *T, read func(id string) (T, error), write func() error,
	tell func(tx *Tx, before standing, there bool, is *T) error,
) error {
	before, there, err := was(tx, id, version, read)
	if err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	if err := tell(tx, before, there, noun); err != nil {
		return err
	}
	tx.Known(*noun)
	return nil
}

// memberChanged remembers how a connection stood before this transaction whose LAG's state may follow from it.
func (tx *Tx) memberChanged(id string, before standing, there bool, is standing) {
	if before.lag == "" && is.lag == "" || there && before.state == is.state && before.lag == is.lag && before.lit == is.lit {
		return
	}
	if tx.members == nil {
		tx.members = map[string]standing{}
	}
	if _, known := tx.members[id]; !known {
		tx.members[id] = before // the zero standing of a new one is in no LAG
	}
	tx.touchLAG(before.lag)
	tx.touchLAG(is.lag)
}

func (tx *Tx) touchLAG(id string) {
	if id == "" {
		return
	}
	if tx.bundles == nil {
		tx.bundles = map[string]*standing{}
	}
	if _, known := tx.bundles[id]; !known {
		tx.bundles[id] = nil // as it is
	}
}

// lagChanged remembers how a LAG itself stood; new ones have no state before.
func (tx *Tx) lagChanged(id string, before standing, there bool, is standing) {
	if there && before.minimum == is.minimum && before.deleted.Equal(is.deleted) {
		return
	}
	tx.touchLAG(id)
	if tx.bundles[id] == nil {
		if !there {
			before.state = lagIsNew
		}
		tx.bundles[id] = &before
	}
}

// lagIsNew marks the standing of a LAG that was not there.
const lagIsNew = "new"

// finish tells what the transaction has made of LAGs, whose states follow from their members', and records what has changed.
func (tx *Tx) finish() error {
	for _, id := range slices.Sorted(maps.Keys(tx.bundles)) {
		if err := tx.finishLAG(id, tx.bundles[id]); err != nil {
			return err
		}
	}
	return tx.finishTrail()
}

func (tx *Tx) finishLAG(id string, before *standing) error {
	g, err := tx.LAG(id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	members, err := tx.Connections(ConnectionQuery{LagID: id, LiveOnly: true})
	if err != nil {
		return err
	}
	from := directconnect.LAGState("")
	if before == nil || before.state != lagIsNew {
		earlier := g
		if before != nil {
			earlier.MinimumLinks, earlier.Deleted = before.minimum, before.deleted
		}
		from = earlier.State(tx.membersBefore(id, members))
	}
	if to := g.State(members); to != from {
		tx.trail(audit.Change{
			Name: "LagStateChange", Kind: audit.LAG, ID: g.ID, Account: g.Account, Region: g.Region, From: string(from), To: string(to),
		})
		return tx.Tell(lagEvent(g, from, to))
	}
	return nil
}

// membersBefore are the members of a LAG as they were before this transaction, as far as its state asks for them.
func (tx *Tx) membersBefore(lag string, now []directconnect.Connection) []directconnect.Connection {
	var before []directconnect.Connection
	for _, m := range now {
		if _, changed := tx.members[m.ID]; !changed {
			before = append(before, m)
		}
	}
	for id, s := range tx.members {
		if s.lag != lag {
			continue
		}
		m := directconnect.Connection{ID: id, State: directconnect.ConnectionState(s.state)}
		if s.lit {
			m.FirstLight = time.Unix(1, 0)
		}
		before = append(before, m)
	}
	return before
}
