package speaker

import (
	"net/netip"
	"time"

	"github.com/osrg/gobgp/v4/api"

	"onramp/internal/fabric"
)

// kick wakes the worker.
func (i *instance) kick() {
	select {
	case i.kicked <- struct{}{}:
	default:
	}
}

// decision is what follows from the table for a prefix.
type decision struct {
	prefix netip.Prefix
	ways   []Hop        // none: not reachable
	relay  announcement // for the other routers, when relayed
	told   bool
}

// work decides and carries out until i.ctx ends.
func (i *instance) work() {
	retry, audit := time.NewTimer(0), time.NewTimer(i.speaker.set.audit)
	defer retry.Stop()
	defer audit.Stop()
	for {
		again, auditing := false, false
		select {
		case <-i.ctx.Done():
			return
		case <-i.kicked:
		case <-retry.C:
			again = true
		case <-audit.C:
			auditing = true
			audit.Reset(i.speaker.set.audit)
		}
		todo, unsettled, asked, settled := i.take()
		for _, d := range todo {
			i.forwarding.settle(d.prefix, d.ways)
		}
		if asked || auditing {
			i.forwarding.audit()
		}
		if until := i.forwarding.until; !until.IsZero() && (settled || time.Now().After(until)) {
			i.forwarding.purge()
		}
		i.tell(todo)
		for _, s := range unsettled {
			i.attend(s)
		}
		if again {
			i.forwarding.again()
		}
		if wait := i.wait(); wait > 0 {
			retry.Reset(wait)
		}
		if len(todo)+len(unsettled) > 0 {
			i.speaker.changed.give()
		}
	}
}

// wait is when the worker is to look again by itself; 0: when kicked.
func (i *instance) wait() time.Duration {
	wait := time.Duration(0)
	if until := i.forwarding.until; !until.IsZero() {
		wait = max(time.Millisecond, time.Until(until))
	}
	if len(i.forwarding.failed) > 0 || i.anyUnsettled() {
		return i.speaker.set.retry
	}
	return wait
}

// take answers what is to be decided and done, and whether everyone has said what there is to say.
func (i *instance) take() (todo []decision, unsettled []*session, auditing, settled bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	todo = make([]decision, 0, len(i.dirty))
	for p := range i.dirty {
		d := decision{prefix: p}
		if routes := i.table[p]; !i.reserved[p] {
			d.ways = hops(best(routes))
			if r := bestExternal(routes); r != nil && i.relaying {
				d.relay, d.told = relayed(r, i.own()), true
			}
		}
		todo = append(todo, d)
	}
	clear(i.dirty)
	for s := range i.unsettled {
		unsettled = append(unsettled, s)
	}
	auditing, i.auditing = i.auditing, false
	settled = len(i.byAddress) > 0
	for _, s := range i.byAddress {
		settled = settled && s.finished()
	}
	return todo, unsettled, auditing, settled
}

// own is our address on the tunnels: the first one's family is that of all.
func (i *instance) own() netip.Addr {
	for _, s := range i.byAddress {
		if s.tunnel != nil {
			return s.local
		}
	}
	return netip.Addr{}
}

// tell tells the other routers.
func (i *instance) tell(todo []decision) {
	if len(todo) == 0 {
		return
	}
	i.ask.Lock()
	defer i.ask.Unlock()
	if i.relay == nil {
		return
	}
	var add []announcement
	var gone []netip.Prefix
	for _, d := range todo {
		if d.told {
			add = append(add, d.relay)
		} else {
			gone = append(gone, d.prefix)
		}
	}
	if err := i.relay.change(add, gone); err != nil {
		i.speaker.cfg.Log.Warn("other routers not told", "vrf", i.name, "error", err)
	}
}

// attend settles a session, unless GoBGP was asked a moment ago: it takes its time, and may lose what it is asked twice.
func (i *instance) attend(s *session) {
	i.ask.Lock()
	defer i.ask.Unlock()
	i.mu.Lock()
	pending := i.unsettled[s]
	i.mu.Unlock()
	if pending && time.Since(s.asked) >= i.speaker.set.retry {
		i.settle(s)
	}
}

// settle opens or closes a session as it should be, or notes that it is so; under ask. What GoBGP refuses is tried again.
func (i *instance) settle(s *session) {
	i.mu.Lock()
	over, shut, lost := s.overLimit, s.want.neighbor.Shutdown, s.lost
	i.mu.Unlock()
	state, found := i.server.adminState(s.remote)
	up, first := state == api.PeerState_ADMIN_STATE_UP, s.asked.IsZero()
	address := s.remote.String()
	settled := !lost && (shut && state == api.PeerState_ADMIN_STATE_DOWN || over && !shut && !up || !over && !shut && up)
	switch {
	case found && settled && time.Since(s.acted) < i.speaker.set.retry:
		s.asked = time.Now() // what it was asked before may still come
		return
	case !found, settled:
		i.mu.Lock()
		delete(i.unsettled, s)
		i.mu.Unlock()
		s.asked = time.Time{}
		return
	case over && !shut && first:
		// With Cease 6/1: by a limit of GoBGP's own that is exceeded for certain. Its count is no good otherwise: our own
		// routes, sent back, are in it.
		_, _ = i.server.UpdatePeer(i.ctx, &api.UpdatePeerRequest{Peer: i.peer(s, 1)})
	case lost && !over && !shut: // to BFD, or with its device
		// GoBGP's way to reset a session is not used: when it is no longer up, the request waits for the next one to be.
		_ = i.server.DisablePeer(i.ctx, &api.DisablePeerRequest{Address: address, Communication: "the neighbour is not reached"})
	case over || shut: // over: it took everything back meanwhile
		_ = i.server.DisablePeer(i.ctx, &api.DisablePeerRequest{Address: address})
	default:
		_, _ = i.server.UpdatePeer(i.ctx, &api.UpdatePeerRequest{Peer: i.peer(s, 0)})
		_ = i.server.EnablePeer(i.ctx, &api.EnablePeerRequest{Address: address})
	}
	s.asked = time.Now()
	s.acted = s.asked
}

func (i *instance) anyUnsettled() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.unsettled) > 0
}

func (i *instance) repair() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.auditing = true
	i.kick()
}

func (i *instance) anyDown() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, s := range i.byAddress {
		if !s.up && !s.want.neighbor.Shutdown {
			return true
		}
	}
	return false
}

// observe adds the VRF's sessions to seen.
func (i *instance) observe(seen map[string]map[string]fabric.NeighborStatus) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, s := range i.sessions {
		if s.tunnel != nil {
			continue
		}
		if seen[s.iface] == nil {
			seen[s.iface] = make(map[string]fabric.NeighborStatus)
		}
		n := fabric.NeighborStatus{
			Up: s.up && !s.overLimit && !s.want.neighbor.Shutdown, Shutdown: s.want.neighbor.Shutdown, OverLimit: s.overLimit,
		}
		if n.Up {
			n.Accepted, n.AcceptedVersion = s.accepted()
		} else {
			n.Reason = i.explain(s)
		}
		seen[s.iface][s.name] = n
	}
}

// end stops the VRF. withRoutes takes its routes out of the kernel; quiet lets neighbours believe in a restart.
func (i *instance) end(withRoutes, quiet bool) {
	i.stop()
	i.working.Wait()
	i.ask.Lock()
	defer i.ask.Unlock()
	if i.detector != nil {
		i.detector.Close() // neighbours are told, and do not take what follows for a loss
	}
	if quiet {
		i.server.quiet()
	} else {
		for key := range i.sessions {
			i.removeSession(key)
		}
		i.server.Stop()
	}
	i.mu.Lock()
	for _, s := range i.byAddress {
		i.young(s)
	}
	i.mu.Unlock()
	if withRoutes {
		i.forwarding.clear()
	}
}
