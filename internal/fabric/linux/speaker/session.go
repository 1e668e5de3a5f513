package speaker

import (
	"net/netip"
	"slices"
	"time"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"

	"onramp/internal/fabric"
)

// wish is what a session should be.
type wish struct {
	neighbor fabric.Neighbor // of a tunnel: only its numbers and addresses
	device   string          // that it is bound to
}

// session is one neighbour. Its instance's lock guards what the events change; what the wish holds changes only in apply,
// under both locks.
type session struct {
	iface, name   string // of the interface and the neighbour; empty: a tunnel's
	local, remote netip.Addr
	tunnel        *Tunnel // nil: external
	table         string  // GoBGP VRF
	want          wish
	told          *exports // a tunnel's: nil, the tunnels share one
	blocked       string   // why it cannot be configured; empty: it is

	diagnosis *diagnosis
	up        bool
	since     time.Time // of the present up or not up
	ended     bool      // all announced since it is up (End-of-RIB, RFC 4724), in every family
	endings   map[bgp.Family]bool
	lost      bool // to BFD or with its device, and GoBGP has not closed it yet
	overLimit bool
	announced int    // prefixes, when it went over its limit
	reason    string // why it last went down; empty: it has not
	routes    map[netip.Prefix]*route
	decoder   decoder
	aging     *time.Timer // until stale routes go; nil: there are none
	bornShut  bool        // GoBGP was told so when it was added
	acted     time.Time   // when GoBGP was last asked, also for another wish; under ask
	asked     time.Time   // when GoBGP was last asked to open or close it; under ask

	seen    []fabric.RouteSeen // routes taken, sorted; valid when fresh
	version uint64
	fresh   bool
}

func (s *session) families() []api.Family_Afi {
	switch {
	case s.tunnel != nil:
		return []api.Family_Afi{api.Family_AFI_IP, api.Family_AFI_IP6}
	case s.remote.Is4():
		return []api.Family_Afi{api.Family_AFI_IP}
	}
	return []api.Family_Afi{api.Family_AFI_IP6}
}

// awaits reports whether the session is begun by the other side alone: between two routers of ours one dials. Both ways
// at once are safe only when one of the two is not GoBGP, see strays.
func (s *session) awaits() bool { return s.tunnel != nil && s.local.Less(s.remote) }

// same reports whether the session can become w without being made anew.
func (w wish) same(o wish) bool {
	a, b := w.neighbor, o.neighbor
	return w.device == o.device && a.Local == b.Local && a.Remote == b.Remote && a.LocalASN == b.LocalASN && a.RemoteASN == b.RemoteASN &&
		a.Key == b.Key && a.HoldSeconds == b.HoldSeconds
}

func samePolicy(a, b fabric.ImportPolicy) bool {
	return a.Filtered == b.Filtered && a.OrLonger == b.OrLonger && a.DefaultPreference == b.DefaultPreference &&
		slices.Equal(a.Allow, b.Allow) && slices.Equal(a.Prefer, b.Prefer)
}

// keep copies a neighbour so that nothing of the caller's is held.
func keep(n fabric.Neighbor) fabric.Neighbor {
	n.Import.Allow, n.Import.Prefer = slices.Clone(n.Import.Allow), slices.Clone(n.Import.Prefer)
	n.Export = nil // held as what was sent
	return n
}

// count is how many prefixes count against the limit: what the neighbour announces and has not come back to us around a
// loop, whether or not the policy takes it. What is left from before its restart does not.
func (s *session) count() int {
	n := 0
	for _, r := range s.routes {
		if !r.stale {
			n++
		}
	}
	return n
}

// over reports whether the neighbour announces more than it may.
func (s *session) over() bool {
	limit := s.want.neighbor.MaxPrefixes
	return limit > 0 && len(s.routes) > limit && s.count() > limit
}

// accepted are the routes taken, as the neighbour announced them.
func (s *session) accepted() ([]fabric.RouteSeen, uint64) {
	if !s.up {
		return nil, 0
	}
	if !s.fresh {
		s.seen = make([]fabric.RouteSeen, 0, len(s.routes))
		for _, r := range s.routes {
			if r.taken && !r.stale {
				s.seen = append(s.seen, r.seen())
			}
		}
		slices.SortFunc(s.seen, func(a, b fabric.RouteSeen) int { return fabric.ComparePrefixes(a.Prefix, b.Prefix) })
		s.version, s.fresh = fabric.RoutesVersion(s.seen), true
	}
	return slices.Clone(s.seen), s.version
}

// finished reports whether the session has said all that it will for now, or is not meant to say anything.
func (s *session) finished() bool {
	return s.want.neighbor.Shutdown || s.blocked != "" || s.up && s.ended
}
