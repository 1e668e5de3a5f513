package speaker

import (
	"context"
	"net/netip"
	"sync"
	"time"
)

// strays closes TCP connections that GoBGP has forgotten. When a neighbour and we dial at the same time and its OPEN comes
// over our connection first, GoBGP goes on with ours and neither uses nor closes the other one. A neighbour with the higher
// BGP identifier keeps that one (RFC 4271, section 6.8) and refuses ours, again and again, until its hold timer runs out.
//
// A session that has been refused waits before it dials again, and has no connection until then: what there is, is stray.
type strays struct {
	mu    sync.Mutex
	where map[stray]bool
	woken chan struct{}
}

// stray is where stray connections are: with a neighbour, bound to the VRF's device (those that it has begun) or to the
// session's (those that we have).
type stray struct {
	vrf, device string
	remote      netip.Addr
}

func newStrays() *strays { return &strays{where: make(map[stray]bool), woken: make(chan struct{}, 1)} }

// look has the connections with a neighbour closed. It never waits.
func (s *strays) look(at stray) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.where[at] = true
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// run closes until ctx ends, many together: all of the process's sockets are looked at.
func (s *strays) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.woken:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(strayDelay):
		}
		s.mu.Lock()
		where := s.where
		s.where = make(map[stray]bool)
		s.mu.Unlock()
		closeStrays(where)
	}
}

// strayDelay is short against the time that GoBGP waits before it dials again, five seconds.
const strayDelay = 200 * time.Millisecond
