package directconnect

import (
	"cmp"
	"net/netip"
	"slices"
)

// Path is a route as one of the ways that traffic towards a customer has.
type Path struct {
	Route
	Rank   int    // 1: traffic takes it, and all that have 1 share it; 2 and on: it takes them when those before are gone; 0: never
	Reason string // why it is where it is, in words for operators
}

// criteria are what one route is preferred to another by, the first that tells them apart (user guide, "Routing policies
// and BGP communities"): the longest prefix, the highest local preference, the shortest path.
var criteria = []struct {
	of                func(Route) int // less is preferred
	better, notSoGood string
}{
	{func(r Route) int { return -r.CIDR.Bits() }, "longest prefix", "shorter prefix"},
	{func(r Route) int { return -r.LocalPref }, "highest local preference", "lower local preference"},
	{func(r Route) int { return PathLength(r.ASPath) }, "shortest AS path", "longer AS path"},
}

// rated is negative if a is preferred to b, with the words for why; zero: they are equal.
func rated(a, b Route) (order int, better, notSoGood string) {
	for _, c := range criteria {
		if order = cmp.Compare(c.of(a), c.of(b)); order != 0 {
			return order, c.better, c.notSoGood
		}
	}
	return 0, "", ""
}

// Paths orders the accepted routes that lead to a prefix, or to an address as a prefix of full length. What is equal shares
// the load. A route to only a part of the prefix does not lead to it.
func Paths(to netip.Prefix, routes []Route) []Path {
	var paths []Path
	for _, r := range routes {
		if r.CIDR.Bits() <= to.Bits() && r.CIDR.Contains(to.Addr()) {
			paths = append(paths, Path{Route: r})
		}
	}
	slices.SortFunc(paths, func(a, b Path) int {
		order, _, _ := rated(a.Route, b.Route)
		return cmp.Or(order, cmp.Compare(a.InterfaceID, b.InterfaceID), cmp.Compare(a.Device, b.Device))
	})
	for first := 0; first < len(paths); {
		end := first + 1
		for end < len(paths) && paths[end].same(paths[first]) {
			end++
		}
		rank, reason := 1, "no other way"
		if first > 0 {
			rank = paths[first-1].Rank + 1
			_, _, reason = rated(paths[first-1].Route, paths[first].Route)
		} else if end < len(paths) {
			_, reason, _ = rated(paths[first].Route, paths[end].Route)
		}
		if end-first > 1 {
			reason += "; equal ones share the load"
		}
		for i := first; i < end; i++ {
			paths[i].Rank, paths[i].Reason = rank, reason
		}
		first = end
	}
	return paths
}

// same reports whether nothing tells two paths apart.
func (p Path) same(o Path) bool {
	order, _, _ := rated(p.Route, o.Route)
	return order == 0
}

// PublicPaths are the Paths from the provider's network in a Region to a prefix that customers announce on public
// interfaces. What its communities keep from being told in that Region comes last, with rank 0. regionOf answers the Region
// of an interface.
func PublicPaths(to netip.Prefix, region string, routes []Route, regionOf func(interfaceID string) string) []Path {
	var told, kept []Route
	for _, r := range routes {
		if ScopeOf(r.Communities).Reaches(regionOf(r.InterfaceID), region) {
			told = append(told, r)
		} else {
			kept = append(kept, r)
		}
	}
	paths := Paths(to, told)
	for _, p := range Paths(to, kept) {
		p.Rank, p.Reason = 0, ScopeOf(p.Communities).toldIn(regionOf(p.InterfaceID))
		paths = append(paths, p)
	}
	return paths
}

// toldIn says where a prefix of that scope is told that is announced in a Region.
func (s Scope) toldIn(region string) string {
	switch s {
	case ScopeRegion:
		return "told in " + region + " only"
	case ScopeContinent:
		return "told in " + Continent(region) + " only"
	}
	return "told in the partition " + PartitionOf(region) + " only"
}

// Covering are the prefixes that a route to the whole of a prefix may have: the prefix itself and every shorter one, the
// shortest first.
func Covering(to netip.Prefix) []string {
	covering := make([]string, to.Bits()+1)
	for bits := range covering {
		p, _ := to.Addr().Prefix(bits) // no longer than the prefix: it has so many bits
		covering[bits] = p.String()
	}
	return covering
}

// ParseDestination reads an address or a prefix that traffic goes to.
func ParseDestination(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	switch {
	case err != nil || p.Addr().Is4In6():
		return p, Clientf("%q is neither an address nor a prefix.", text)
	case p != p.Masked():
		return p, Clientf("CIDR %s is not valid: it has host bits set.", text)
	}
	return p, nil
}
