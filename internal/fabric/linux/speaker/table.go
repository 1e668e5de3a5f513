package speaker

import (
	"net/netip"
	"slices"
	"time"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// The methods here change an instance's table and are called under its lock.

// put takes in what a session announces.
func (i *instance) put(s *session, p netip.Prefix, a *attributes) {
	r := &route{prefix: p, attributes: a, from: s}
	r.judge()
	if old := s.routes[p]; old != nil {
		i.unlist(old)
	}
	s.routes[p] = r
	s.fresh = false
	i.list(r)
}

// remove takes out what a session announces no more.
func (i *instance) remove(s *session, p netip.Prefix) {
	r := s.routes[p]
	if r == nil {
		return
	}
	delete(s.routes, p)
	s.fresh = false
	i.unlist(r)
}

func (i *instance) list(r *route) {
	if r.taken {
		i.table[r.prefix] = append(i.table[r.prefix], r)
		i.dirty[r.prefix] = true
	}
}

func (i *instance) unlist(r *route) {
	if !r.taken {
		return
	}
	rest := slices.DeleteFunc(i.table[r.prefix], func(o *route) bool { return o == r })
	if len(rest) == 0 {
		delete(i.table, r.prefix)
	} else {
		i.table[r.prefix] = rest
	}
	i.dirty[r.prefix] = true
}

// rejudge applies a session's policy anew to what it has announced.
func (i *instance) rejudge(s *session) {
	for _, r := range s.routes {
		i.unlist(r)
		r.judge()
		i.list(r)
	}
	s.fresh = false
}

// forget takes out everything of a session.
func (i *instance) forget(s *session) {
	for p := range s.routes {
		i.remove(s, p)
	}
	i.young(s)
}

// age marks everything of a session as from before its restart: it is used until the neighbour has announced everything
// again, or not in time (RFC 4724, section 4.2).
func (i *instance) age(s *session) {
	if len(s.routes) == 0 {
		return
	}
	for _, r := range s.routes {
		r.stale = true
	}
	s.fresh = false
	if s.aging == nil {
		s.aging = time.AfterFunc(i.speaker.set.restartTime, func() {
			i.mu.Lock()
			defer i.mu.Unlock()
			i.expire(s, 0)
			i.young(s)
			i.kick()
		})
	}
}

func (i *instance) young(s *session) {
	if s.aging != nil {
		s.aging.Stop()
		s.aging = nil
	}
}

// expire takes out what is stale of a family; 0: of all.
func (i *instance) expire(s *session, f bgp.Family) {
	for p, r := range s.routes {
		if r.stale && (f == 0 || familyOf(p) == f) {
			i.remove(s, p)
		}
	}
}

// touch has every prefix decided anew.
func (i *instance) touch() {
	for p := range i.table {
		i.dirty[p] = true
	}
}
