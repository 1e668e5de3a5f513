package directconnect

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"net/netip"
	"slices"
	"time"
)

// RouteDirection says which way a route was told (API reference 2026, ListVirtualInterfaceRoutes).
type RouteDirection string

const (
	// RouteAccepted was announced by the customer and taken.
	RouteAccepted RouteDirection = "accepted"
	// RouteAdvertised was announced to the customer.
	RouteAdvertised RouteDirection = "advertised"
)

// Route is one prefix that crosses an interface, one per prefix and logical device. Fields marked json:"-" are columns of
// their own in the store.
type Route struct {
	InterfaceID string         `json:"-"`
	Direction   RouteDirection `json:"-"`
	CIDR        netip.Prefix   `json:"-"`
	Device      string         `json:"-"` // awsLogicalDeviceId: the router

	ASPath      []ASPathSegment `json:"path,omitempty"`        // the neighbour first
	Communities []string        `json:"communities,omitempty"` // "7224:7100", sorted
	Installed   time.Time       `json:"installed,omitzero"`
	LocalPref   int             `json:"pref,omitempty"` // accepted ones: what they are preferred by, higher first
}

// ASPathSegment is a part of an AS path: a sequence, or a set whose order says nothing (RFC 4271, section 4.3).
type ASPathSegment struct {
	Path []int64 `json:"path"`
	Set  bool    `json:"set,omitempty"`
}

// PathLength is how long a path counts: each number of a sequence, and a set as one (RFC 4271, section 9.1.2.2).
func PathLength(path []ASPathSegment) int {
	n := 0
	for _, s := range path {
		switch {
		case !s.Set:
			n += len(s.Path)
		case len(s.Path) > 0:
			n++
		}
	}
	return n
}

// Sequence is a path of one ordered segment; nil of no numbers.
func Sequence(asns ...int64) []ASPathSegment {
	if len(asns) == 0 {
		return nil
	}
	return []ASPathSegment{{Path: asns}}
}

// Same reports whether two routes say the same; when they were installed does not count.
func (r Route) Same(o Route) bool {
	return r.InterfaceID == o.InterfaceID && r.Direction == o.Direction && r.CIDR == o.CIDR && r.Device == o.Device &&
		r.LocalPref == o.LocalPref && slices.Equal(r.Communities, o.Communities) &&
		slices.EqualFunc(r.ASPath, o.ASPath, func(a, b ASPathSegment) bool { return a.Set == b.Set && slices.Equal(a.Path, b.Path) })
}

// compareRoutes orders a table: by prefix, then by device.
func compareRoutes(a, b Route) int {
	return cmp.Or(ComparePrefixes(a.CIDR, b.CIDR), cmp.Compare(a.Device, b.Device))
}

// ComparePrefixes orders prefixes: IPv4 first, by address, the shorter first.
func ComparePrefixes(a, b netip.Prefix) int {
	if n := a.Addr().Compare(b.Addr()); n != 0 {
		return n
	}
	return cmp.Compare(a.Bits(), b.Bits())
}

// RouteChange is what turns one table of routes into another.
type RouteChange struct {
	Add    []Route // new ones, and those that say something else now
	Remove []Route // those that are gone; not those that Add replaces
}

// DiffRoutes answers the change from have to want, which are of one interface and direction. A route that says the same
// keeps its installation time by not being in the change; the others are installed now.
func DiffRoutes(have, want []Route, now time.Time) RouteChange {
	have, want = slices.SortedFunc(slices.Values(have), compareRoutes), slices.SortedFunc(slices.Values(want), compareRoutes)
	var c RouteChange
	add := func(r Route) {
		r.Installed = now
		c.Add = append(c.Add, r)
	}
	for len(have) > 0 && len(want) > 0 {
		switch n := compareRoutes(have[0], want[0]); {
		case n < 0:
			c.Remove, have = append(c.Remove, have[0]), have[1:]
		case n > 0:
			add(want[0])
			want = want[1:]
		default:
			if !have[0].Same(want[0]) {
				add(want[0])
			}
			have, want = have[1:], want[1:]
		}
	}
	c.Remove = append(c.Remove, have...)
	for _, r := range want {
		add(r)
	}
	return c
}

// RouteMark tells tables of routes apart without keeping them: 0 for an empty one, and otherwise a number that is the same
// for tables that say the same (FNV-1a over the routes in order).
func RouteMark(routes []Route) uint64 {
	if len(routes) == 0 {
		return 0
	}
	h := fnv.New64a()
	b := make([]byte, 0, 128)
	for _, r := range routes {
		b, _ = r.CIDR.AppendBinary(b[:0]) // never fails
		b = binary.AppendVarint(b, int64(r.LocalPref))
		b = binary.AppendUvarint(b, uint64(len(r.ASPath)))
		for _, s := range r.ASPath {
			n := int64(len(s.Path)) << 1
			if s.Set {
				n |= 1
			}
			b = binary.AppendVarint(b, n)
			for _, asn := range s.Path {
				b = binary.AppendVarint(b, asn)
			}
		}
		b = binary.AppendUvarint(b, uint64(len(r.Communities)))
		for _, text := range append(r.Communities[:len(r.Communities):len(r.Communities)], r.Device) {
			b = binary.AppendUvarint(b, uint64(len(text)))
			b = append(b, text...)
		}
		_, _ = h.Write(b) // never fails: hash.Hash
	}
	return max(1, h.Sum64())
}
