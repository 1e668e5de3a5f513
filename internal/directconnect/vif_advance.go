package directconnect

import (
	"cmp"
	"slices"
	"time"
)

// SeenInterface is what was observed of an interface on its router.
type SeenInterface struct {
	Readable   bool                   // the router answered
	Configured bool                   // the router has the VLAN interface
	Sessions   map[string]SeenSession // by peer ID; of those that the router has
}

// SeenSession is what was observed of one BGP session.
type SeenSession struct {
	Up        bool
	Reason    string // why it is not, in words for operators
	OverLimit bool   // the router closed it: the customer announced more prefixes than it may
}

// Advance answers the interface as it is after what was seen, with Due set to when to look again (zero: not before
// something happens). test is the failover test that runs on it, if one does; it comes back ended when its time is over.
func (v VirtualInterface) Advance(seen SeenInterface, test *FailoverTest, pace Pace, now time.Time) (VirtualInterface, *FailoverTest) {
	v, approval := v.approvePeers(pace, now)
	v, due := v.advancePeers(seen, v.provisioned(pace, now), now)
	due = soonest(due, approval)
	next, ended := v.advanceState(seen, test, pace, now)
	if next.Live() {
		next.Due = soonest(next.Due, due)
	}
	return next, ended
}

// provisioned reports whether the time is over that an interface stays pending.
func (v VirtualInterface) provisioned(pace Pace, now time.Time) bool {
	return v.State != InterfacePending || !now.Before(v.Since.Add(pace.Provision))
}

func (v VirtualInterface) advanceState(seen SeenInterface, test *FailoverTest, pace Pace, now time.Time) (VirtualInterface, *FailoverTest) {
	v.Due = time.Time{}
	switch v.State {
	case InterfaceVerifying:
		return v.advanceVerifying(pace, now), nil
	case InterfacePending:
		if !v.provisioned(pace, now) {
			v.Due = v.Since.Add(pace.Provision)
			return v, nil
		}
		if !seen.Readable || !seen.Configured {
			return v, nil
		}
		return v.advanceSessions(seen, now), nil
	case InterfaceAvailable, InterfaceDown, InterfaceUnknown:
		return v.advanceSessions(seen, now), nil
	case InterfaceTesting:
		return v.advanceTest(seen, test, now)
	case InterfaceDeleting:
		return v.advanceRemoval(seen, pace, now), nil
	}
	return v, nil
}

// approvePeers approves the sessions that were put on a public interface later, at the pace of the interfaces themselves. due
// is when the next one is.
func (v VirtualInterface) approvePeers(pace Pace, now time.Time) (_ VirtualInterface, due time.Time) {
	if !v.approvesPeers() || pace.Approve == Never {
		return v, due
	}
	v.Peers = slices.Clone(v.Peers)
	for i := range v.Peers {
		p := &v.Peers[i]
		if p.State != PeerVerifying {
			continue
		}
		if at := p.Asked.Add(pace.Approve); now.Before(at) {
			due = soonest(due, at)
		} else {
			p.move(PeerVerified)
			p.Asked, due = time.Time{}, now // for the router to be told
		}
	}
	return v, due
}

// advancePeers follows the sessions: a provisioned peer is available, but not before its interface is; a removed one leaves
// the list, one that was left behind with the router that it is on. due is when a session that is kept shut is tried again.
func (v VirtualInterface) advancePeers(seen SeenInterface, provisioned bool, now time.Time) (_ VirtualInterface, due time.Time) {
	v.Peers = slices.Clone(v.Peers)
	if !seen.Readable {
		for i := range v.Peers {
			p := &v.Peers[i]
			p.Readable = false
			if at := p.releases(); now.Before(at) {
				due = soonest(due, at)
			} else {
				p.Held = time.Time{} // the router is told when it answers again
			}
		}
		return v, due
	}
	v.Peers = slices.DeleteFunc(v.Peers, func(p BGPPeer) bool {
		_, there := seen.Sessions[p.ID]
		return !there && !slices.Contains(v.Left, p.Router) && p.move(PeerRemoved)
	})
	for i := range v.Peers {
		p := &v.Peers[i]
		s, there := seen.Sessions[p.ID]
		if there && provisioned {
			p.move(PeerProvisioned)
		}
		if p.State == PeerAvailable {
			due = soonest(due, p.follow(s, there, now))
		}
	}
	return v, due
}

// soonest is the earlier of two times, of which a zero one is never.
func soonest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (v VirtualInterface) advanceVerifying(pace Pace, now time.Time) VirtualInterface {
	if pace.Approve == Never {
		return v
	}
	if at := v.Since.Add(pace.Approve); now.Before(at) {
		v.Due = at
		return v
	}
	v, _ = v.Verify(now) // verifying permits it
	return v
}

// advanceSessions follows the sessions: one up is enough.
func (v VirtualInterface) advanceSessions(seen SeenInterface, now time.Time) VirtualInterface {
	event := EventSessionDown
	switch {
	case !seen.Readable:
		event = EventOutOfSight
	case slices.ContainsFunc(v.Peers, func(p BGPPeer) bool { return p.Up }):
		event = EventSessionUp
	}
	due := v.Due
	next, err := v.move(event, now)
	if err != nil {
		next = v // no such move: it stays as it is
	}
	next.Due, next.Reason = due, ""
	if event == EventSessionDown {
		for _, p := range next.livePeers() {
			next.Reason = cmp.Or(next.Reason, p.Reason)
		}
	}
	return next
}

// advanceTest ends a test in time. One whose router does not answer then has failed: nobody can say that its sessions were down.
func (v VirtualInterface) advanceTest(seen SeenInterface, test *FailoverTest, now time.Time) (VirtualInterface, *FailoverTest) {
	if test == nil {
		v.TestID = ""
		v, _ = v.move(EventEndTest, now) // the record is gone: end what nobody else can
		return v, nil
	}
	if now.Before(test.Ends()) {
		v.Due = test.Ends()
		return v, nil
	}
	event := TestTimeOver
	if !seen.Readable {
		event = TestLost
	}
	next, ended, err := v.EndTest(*test, event, test.Ends())
	if err != nil {
		return v, nil
	}
	next.Due = now
	return next, &ended
}

func (v VirtualInterface) advanceRemoval(seen SeenInterface, pace Pace, now time.Time) VirtualInterface {
	if at := v.Since.Add(pace.Release); now.Before(at) {
		v.Due = at
		return v
	}
	if !seen.Readable || seen.Configured {
		return v
	}
	v, _ = v.move(EventRemoved, now)
	return v
}

// OnRouter reports whether the router should have the interface: from when it is provisioned until it is deleted.
func (v VirtualInterface) OnRouter() bool {
	switch v.State {
	case InterfacePending, InterfaceAvailable, InterfaceDown, InterfaceTesting, InterfaceUnknown:
		return true
	}
	return false
}

// SessionsOnRouter are the peers that the router should have.
func (v VirtualInterface) SessionsOnRouter() []BGPPeer {
	return slices.DeleteFunc(v.livePeers(), func(p BGPPeer) bool { return p.State == PeerVerifying })
}
