package reconcile

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// saving is one transaction that lets rows advance. It is made anew at every run of the transaction's function.
type saving struct {
	r     *Reconciler
	tx    *store.Tx
	now   time.Time
	pace  directconnect.Pace
	until time.Time // the lease's end, as it stands in the due column of claimed rows
	rep   Report
	moves []move
	wake  []string // Direct Connect gateways whose interfaces are to be looked at again
}

// saved runs f in one transaction and tells of what moved.
func (r *Reconciler) saved(ctx context.Context, until time.Time, f func(s *saving) error) (Report, error) {
	var s *saving
	err := r.store.Update(ctx, func(tx *store.Tx) error {
		s = &saving{r: r, tx: tx, now: r.now(), pace: r.pace(), until: until}
		if err := f(s); err != nil {
			return err
		}
		return s.record()
	})
	if err != nil {
		return Report{}, err
	}
	for _, m := range s.moves {
		r.log.Debug("moved", "id", m.id, "from", m.from, "to", m.to, "reason", m.reason)
	}
	return s.rep, nil
}

// save lets the visit's rows advance by what was seen, and with them the other members of their LAGs, which the LAG's
// mode and keys concern as well, and the LAGs of members.
func (r *Reconciler) save(ctx context.Context, v *visit, sc scene) (Report, error) {
	rep, err := r.saved(ctx, v.until, func(s *saving) error {
		s.pace = r.steps(sc.real)
		lags := map[string]bool{}
		for id := range v.lags {
			lags[id] = true
		}
		for _, c := range v.connections {
			if c.LagID != "" {
				lags[c.LagID] = true
			}
		}
		if v.noticed { // what was noticed may concern any of them
			for id := range sc.lags {
				lags[id] = true
			}
		}
		loaded := map[string]bool{}
		for _, c := range sc.connections {
			loaded[c.ID] = true
			if _, claimed := v.connections[c.ID]; claimed || (v.noticed || lags[c.LagID]) && !sitsOut(c) {
				if err := s.connection(c, sc, claimed); err != nil {
					return err
				}
			}
		}
		for id, c := range v.connections {
			if !loaded[id] { // it has ended, or moved to another router, since it was claimed
				if err := s.handBack(c.ID); err != nil {
					return err
				}
			}
		}
		for id := range lags {
			_, claimed := v.lags[id]
			if err := s.lag(id, sc, claimed); err != nil {
				return err
			}
		}
		if err := s.interfaces(v, &sc); err != nil {
			return err
		}
		return s.wakeGateways()
	})
	if err != nil {
		return rep, fmt.Errorf("saving what was seen of router %s: %w", v.router, err)
	}
	return rep, nil
}

// sitsOut is true of a LAG's member that the LAG's visit does not concern.
func sitsOut(c directconnect.Connection) bool { return c.State == directconnect.ConnectionRequested }

// connection lets one row advance, if it is still as the plan had it.
func (s *saving) connection(planned directconnect.Connection, sc scene, claimed bool) error {
	c, err := s.tx.Connection(planned.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.Version != planned.Version {
		if claimed {
			return s.wakeLeased(c)
		}
		return nil
	}
	seen := sc.seen(c, sc.observed)
	left := sc.stillLeft(c.Left)
	seen.Configured = seen.Configured || len(left) > 0 // a port that some router has on is not released
	next := s.advance(c, seen)
	next.Left = left
	if sc.real && !claimed && unchanged(c, next) {
		return nil // a look that shows nothing new is not worth a write
	}
	next.Due = s.again(next, sc)
	for _, router := range left {
		if retry := sc.left[router]; !retry.IsZero() {
			next.Due = earlier(next.Due, retry)
		}
	}
	return s.put(c, next, claimed)
}

// advance is Connection.Advance, with a verification code where one may be needed.
func (s *saving) advance(c directconnect.Connection, seen directconnect.Seen) directconnect.Connection {
	code := ""
	if c.State == directconnect.ConnectionRequested {
		code = s.r.newCode()
	}
	return c.Advance(seen, s.pace, code, s.now)
}

// again is when to look at a row again: at the latest when its router is visited again because it failed, or because it
// does not announce what happens to its links. A release waits for the failing router's next visit, however soon it is due.
func (s *saving) again(next directconnect.Connection, sc scene) time.Time {
	due := next.Due
	switch {
	case !next.Live():
	case !sc.retry.IsZero():
		if sc.observed == nil && next.State == directconnect.ConnectionDeleting && due.Before(sc.retry) {
			return sc.retry
		}
		return earlier(due, sc.retry)
	case sc.real:
		return earlier(due, s.now.Add(s.r.look))
	}
	return due
}

// unchanged reports whether a connection is as it was but for when it is due.
func unchanged(was, is directconnect.Connection) bool {
	is.Due = was.Due
	return reflect.DeepEqual(was, is)
}

// earlier is the earlier of two times, of which a zero one is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// put saves the step from c to next with all that follows from it. Rows that were not claimed and have not changed stay
// as they are.
func (s *saving) put(c, next directconnect.Connection, claimed bool) error {
	if !claimed && reflect.DeepEqual(c, next) {
		return nil
	}
	moved := next.State != c.State || !slices.Equal(next.MACsecKeys, c.MACsecKeys) ||
		!next.CrossConnected.Equal(c.CrossConnected)
	if moved {
		s.rep.Moved++
		s.changedConnection(c, next)
	}
	if next.State == directconnect.ConnectionDeleted && next.PortID != "" {
		if err := s.tx.ReleasePort(next.PortID, next.ID); err != nil {
			return fmt.Errorf("releasing port %s of %s: %w", next.PortID, next.ID, err)
		}
		if err := s.tx.PutPortEvent(next.Released(strconv.FormatUint(rand.Uint64(), 36), s.now)); err != nil {
			return err
		}
		next.PortID = ""
		s.rep.Released++
	}
	if err := s.tx.PutConnection(&next); err != nil {
		return err
	}
	if c.Working() && !next.Working() {
		if err := s.leaveGroups(c.ID); err != nil {
			return err
		}
	}
	if c.Kind == directconnect.Interconnect && (next.State != c.State || next.EncryptionUp != c.EncryptionUp) {
		return s.wakeHosted(c.ID)
	}
	return nil
}

// lag lets a LAG's keys advance by what was seen of its members, and wakes what runs over it.
func (s *saving) lag(id string, sc scene, claimed bool) error {
	g, err := s.tx.LAG(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil || !g.Live() {
		return err
	}
	planned, loaded := sc.lags[id]
	if loaded && planned.Version != g.Version {
		if claimed && g.Due.Equal(s.until) {
			g.Due = s.now
			return s.tx.PutLAG(&g)
		}
		return nil
	}
	members, err := s.tx.Connections(store.ConnectionQuery{LagID: id, LiveOnly: true})
	if err != nil {
		return err
	}
	seen := make([]directconnect.Seen, 0, len(members))
	for _, m := range members {
		seen = append(seen, sc.member(m))
	}
	next := g.Advance(seen)
	if !sc.retry.IsZero() && claimed {
		next.Due = sc.retry
	}
	changed := !slices.Equal(next.MACsecKeys, g.MACsecKeys)
	if changed {
		s.rep.Moved++
		s.changedLAG(g)
	}
	if changed || claimed {
		if err := s.tx.PutLAG(&next); err != nil {
			return err
		}
	}
	if g.AllowsHosted {
		return s.wakeHosted(id)
	}
	return nil
}

// member is what the scene shows of a LAG's member: nothing of one that has come since.
func (sc *scene) member(m directconnect.Connection) directconnect.Seen {
	there := slices.ContainsFunc(sc.connections, func(c directconnect.Connection) bool {
		return c.ID == m.ID && c.PortID == m.PortID && c.LagID == m.LagID
	})
	if !there {
		return directconnect.Seen{}
	}
	return sc.seen(m, sc.observed)
}
