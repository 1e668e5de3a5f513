package speaker

import (
	"cmp"
	"net/netip"
	"slices"

	"onramp/internal/fabric"
)

// route is a prefix as one neighbour announced it.
type route struct {
	prefix netip.Prefix
	*attributes
	from  *session
	taken bool   // by the import policy
	pref  uint32 // LOCAL_PREF
	stale bool   // from before the neighbour's restart, and not announced again (RFC 4724)
}

func (r *route) external() bool { return r.from.tunnel == nil }

// better orders routes to one prefix, the best first: by local preference, then the shorter AS path, then external before
// internal (RFC 4271, section 9.1.2). Equal ones share the load.
func better(a, b *route) int {
	order := cmp.Or(cmp.Compare(b.pref, a.pref), cmp.Compare(a.length, b.length))
	switch {
	case order != 0 || a.external() == b.external():
		return order
	case a.external():
		return -1
	}
	return 1
}

// best answers those of the routes to one prefix that are as good as any, nil of none.
func best(routes []*route) []*route {
	var top []*route
	for _, r := range routes {
		order := -1
		if len(top) > 0 {
			order = better(r, top[0])
		}
		switch {
		case order < 0:
			top = append(top[:0], r)
		case order == 0:
			top = append(top, r)
		}
	}
	return top
}

// bestExternal is the best route that came from outside: what the other routers are told, also while this one prefers a
// route of theirs, so that they have it at once when theirs goes. Of equal ones it is the neighbour's with the lowest
// address, so that the answer is stable. Nil: there is none.
func bestExternal(routes []*route) *route {
	var top *route
	for _, r := range routes {
		if !r.external() {
			continue
		}
		if top == nil || cmp.Or(better(r, top), r.from.remote.Compare(top.from.remote)) < 0 {
			top = r
		}
	}
	return top
}

// hops answers the ways of equally good routes, sorted, each once.
func hops(top []*route) []Hop {
	all := make([]Hop, 0, len(top))
	for _, r := range top {
		all = append(all, r.hop())
	}
	slices.SortFunc(all, compareHops)
	return slices.Compact(all)
}

func compareHops(a, b Hop) int {
	return cmp.Or(a.Via.Compare(b.Via), cmp.Compare(a.Device, b.Device))
}

// hop is how the route leads out. An external neighbour's NEXT_HOP counts only inside the session's subnet (RFC 4271,
// section 5.1.3: single hop); otherwise the neighbour itself is the way.
func (r *route) hop() Hop {
	if r.from.tunnel != nil {
		return Hop{Device: r.from.tunnel.Device}
	}
	n := r.from.want.neighbor
	if r.via.IsValid() && n.Local.Contains(r.via) && r.via != n.Local.Addr() {
		return Hop{Via: r.via, Device: r.from.want.device}
	}
	return Hop{Via: n.Remote, Device: r.from.want.device}
}

// judge decides whether the session's policy takes the route, and how much it is preferred.
func (r *route) judge() {
	if r.from.tunnel != nil {
		r.taken, r.pref = true, r.told
		return
	}
	policy := r.from.want.neighbor.Import
	r.taken, r.pref = policy.Takes(r.prefix), policy.LocalPref(r.communities)
}

func (r *route) seen() fabric.RouteSeen {
	return fabric.RouteSeen{Prefix: r.prefix, ASPath: r.path, Communities: r.communities}
}
