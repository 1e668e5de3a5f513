package directconnect

import (
	"cmp"
	"iter"
	"slices"
)

// BestPaths are those of the routes to one prefix that traffic takes (user guide, "Routing policies and BGP communities"):
// the highest local preference, then the shortest path; what is equal then shares the load. They come ordered by interface.
func BestPaths(routes []Route) []Route {
	if len(routes) == 0 {
		return nil
	}
	best := slices.MinFunc(routes, preference)
	var equal []Route
	for _, r := range routes {
		if preference(r, best) == 0 {
			equal = append(equal, r)
		}
	}
	slices.SortFunc(equal, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.InterfaceID, b.InterfaceID), cmp.Compare(a.Device, b.Device))
	})
	return equal
}

// preference is negative if a is preferred to b.
func preference(a, b Route) int {
	return cmp.Or(cmp.Compare(b.LocalPref, a.LocalPref), cmp.Compare(PathLength(a.ASPath), PathLength(b.ASPath)))
}

// bestOfEach is the preferred route to each prefix, the first of equals, in order of prefixes.
func bestOfEach(routes []Route) []Route {
	ascending := true // as a router's table comes, when one session announces it
	for i := 1; i < len(routes) && ascending; i++ {
		ascending = ComparePrefixes(routes[i-1].CIDR, routes[i].CIDR) < 0
	}
	if ascending {
		return routes
	}
	order := make([]int, len(routes)) // routes are large, and sorting moves what it sorts
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		if n := ComparePrefixes(routes[i].CIDR, routes[j].CIDR); n != 0 {
			return n
		}
		return cmp.Or(preference(routes[i], routes[j]), cmp.Compare(i, j))
	})
	best := make([]Route, 0, len(routes))
	for _, i := range order {
		if n := len(best); n == 0 || best[n-1].CIDR != routes[i].CIDR {
			best = append(best, routes[i])
		}
	}
	return best
}

// byPrefix yields the routes to each prefix, in order of prefixes.
func byPrefix(routes []Route) iter.Seq[[]Route] {
	sorted := slices.SortedStableFunc(slices.Values(routes), func(a, b Route) int { return ComparePrefixes(a.CIDR, b.CIDR) })
	return func(yield func([]Route) bool) {
		for len(sorted) > 0 {
			n := 1
			for n < len(sorted) && sorted[n].CIDR == sorted[0].CIDR {
				n++
			}
			if !yield(sorted[:n]) {
				return
			}
			sorted = sorted[n:]
		}
	}
}
