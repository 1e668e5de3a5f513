package speaker

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
	gobgp "github.com/osrg/gobgp/v4/pkg/server"
)

// watch follows the server until i.ctx ends. GoBGP calls back from one goroutine, in the order in which things happened.
func (i *instance) watch() error {
	return i.server.WatchEvent(i.ctx, gobgp.WatchEventMessageCallbacks{
		OnPathUpdate: func(paths []*apiutil.Path, _ time.Time) { i.onPaths(paths) },
		OnPathEor:    func(p *apiutil.Path, _ time.Time) { i.onEnd(p.PeerAddress.Unmap(), p.Family) },
		OnPeerUpdate: func(e *apiutil.WatchEventMessage_PeerEvent, _ time.Time) {
			if e.Type == apiutil.PEER_EVENT_STATE {
				i.onState(e.Peer)
			}
		},
	}, gobgp.WatchUpdate(false, "", ""), gobgp.WatchAdjInWithdraw(), gobgp.WatchEor(false), gobgp.WatchPeer())
}

// onPaths takes in one UPDATE, or what GoBGP drops when a session goes down.
func (i *instance) onPaths(paths []*apiutil.Path) {
	if len(paths) == 0 {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.byAddress[paths[0].PeerAddress.Unmap()]
	if s == nil {
		return
	}
	deaf := s.overLimit || s.lost || s.want.neighbor.Shutdown
	for _, p := range paths {
		nlri, ok := p.Nlri.(*bgp.IPAddrPrefix)
		if !ok {
			continue
		}
		if p.Withdrawal {
			i.remove(s, nlri.Prefix)
			continue
		}
		a := s.decoder.decode(p.Attrs)
		switch {
		case deaf:
		case a.loops(s.want.neighbor.LocalASN, i.asn):
			i.remove(s, nlri.Prefix) // it takes the place of what was announced before
		default:
			i.put(s, nlri.Prefix, a)
		}
	}
	if s.over() {
		i.trip(s)
	}
	i.kick()
}

// onEnd notes that a neighbour has announced everything in a family.
func (i *instance) onEnd(remote netip.Addr, f bgp.Family) {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.byAddress[remote]
	if s == nil {
		return
	}
	s.endings[f] = true
	s.ended = len(s.endings) >= len(s.families())
	i.expire(s, f)
	if s.ended {
		i.young(s)
	}
	i.kick()
}

func (i *instance) onState(p apiutil.Peer) {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.byAddress[p.State.NeighborAddress.Unmap()]
	if s == nil {
		return
	}
	if p.State.SessionState == bgp.BGP_FSM_ESTABLISHED {
		i.onUp(s)
	} else {
		i.onDown(s, p.State)
	}
	i.kick()
	i.speaker.changed.give()
}

func (i *instance) onUp(s *session) {
	s.up, s.since, s.reason = true, time.Now(), ""
	s.ended = false
	clear(s.endings)
	i.age(s) // nothing, unless it comes back from a restart
	s.diagnosis.reset(true)
	i.auditing = true // its device may have been down, and have lost its routes
}

// onDown takes every step that is not up; only those to Idle have a reason, and end what there was.
func (i *instance) onDown(s *session, state apiutil.PeerState) {
	was := s.up
	if was {
		s.up, s.since, s.ended = false, time.Now(), false
		s.diagnosis.established.Store(false)
	}
	if state.SessionState != bgp.BGP_FSM_IDLE {
		return
	}
	s.lost = false
	if !was && state.DisconnectReason == api.PeerState_DISCONNECT_REASON_INVALID_MSG {
		i.speaker.strays.look(stray{i.device, s.want.device, s.remote})
	}
	log := s.diagnosis.take()
	graceful := was && state.DisconnectReason == api.PeerState_DISCONNECT_REASON_GRACEFUL_RESTART
	if text := disconnected(state, log, graceful); text != "" && !s.overLimit {
		s.reason = text
	}
	switch {
	case graceful && !log.holdExpired && !s.overLimit && !s.want.neighbor.Shutdown:
		i.age(s) // GoBGP has already dropped the families that the neighbour does not keep
	case was || state.DisconnectReason == api.PeerState_DISCONNECT_REASON_RESTART_TIMER_EXPIRED:
		i.forget(s)
	}
}

// withoutLink answers those of the sessions that are up while their device is down, and why it is.
func (i *instance) withoutLink() map[*session]string {
	i.mu.Lock()
	defer i.mu.Unlock()
	found := make(map[*session]string)
	for _, s := range i.byAddress {
		if !s.up {
			continue
		}
		if why := linkDown(s.want.device); why != "" {
			found[s] = why
		}
	}
	return found
}

// onLost is what BFD says of a session that was up: what the neighbour has announced is not used from now on, and the worker
// closes the session.
func (i *instance) onLost(remote netip.Addr) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if s := i.byAddress[remote]; s != nil {
		i.lose(s, lostByBFD)
	}
}

// cut is a session whose device is down, and why it is.
func (i *instance) cut(s *session, reason string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.byAddress[s.remote] == s {
		i.lose(s, reason)
	}
}

// lose ends a session that was up; under the lock. One that is down already may be restarting.
func (i *instance) lose(s *session, reason string) {
	if !s.up {
		return
	}
	s.up, s.ended, s.lost = false, false, true
	s.since, s.reason = time.Now(), reason
	s.diagnosis.established.Store(false)
	i.forget(s)
	i.unsettled[s] = true
	i.kick()
	i.speaker.changed.give()
}

const lostByBFD = "BFD has lost the neighbour"

// trip notes that a session is over its limit. What it has announced is not used from now on, and the worker closes it.
func (i *instance) trip(s *session) {
	s.overLimit, s.announced = true, s.count()
	i.unsettled[s] = true
	i.forget(s)
}

// overLimitReason is the reason of a session that was closed because of its limit.
func (s *session) overLimitReason() string {
	return fmt.Sprintf("notification sent: cease, maximum number of prefixes reached (%d announced, %d allowed)", s.announced, s.want.neighbor.MaxPrefixes)
}
