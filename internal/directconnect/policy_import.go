package directconnect

import (
	"net/netip"
	"slices"
)

// HeardRoute is a prefix as a customer announces it.
type HeardRoute struct {
	CIDR        netip.Prefix
	ASPath      []ASPathSegment // the customer's own number first
	Communities []string
}

// ImportFilter is what the interface's sessions of a family take: on a public interface what routeFilterPrefixes cover,
// equal or longer, and nothing where they name no prefix of the family; on the others anything (filtered false).
func (v VirtualInterface) ImportFilter(f Family) (allow []netip.Prefix, filtered bool) {
	if v.Type != Public {
		return nil, false
	}
	allow = slices.DeleteFunc(parsedPrefixes(v.RouteFilter), func(p netip.Prefix) bool { return FamilyOf(p) != f })
	slices.SortFunc(allow, ComparePrefixes)
	return slices.Compact(allow), true
}

// AcceptRoutes is what the provider takes of what a customer announces on the interface's sessions, sorted, each prefix
// once by its best path. It leaves out what ImportFilter does not let in, IPv6 prefixes longer than /64 on a public
// interface, and paths that have the provider's own number already (RFC 4271, section 9.1.2). Communities of the provider's
// without a meaning on this type of interface are taken off.
func (v VirtualInterface) AcceptRoutes(heard []HeardRoute) []Route {
	var filter prefixCover
	if v.Type == Public {
		filter = coverOf(parsedPrefixes(v.RouteFilter))
	}
	routes := make([]Route, 0, len(heard))
	for _, h := range heard {
		if v.Type == Public && (!filter.covers(h.CIDR) || h.CIDR.Addr().Is6() && h.CIDR.Bits() > longestV6) {
			continue
		}
		if slices.ContainsFunc(h.ASPath, func(s ASPathSegment) bool { return slices.Contains(s.Path, v.AmazonASN) }) {
			continue
		}
		communities := takenCommunities(v.Type, h.Communities)
		routes = append(routes, Route{
			InterfaceID: v.ID, Direction: RouteAccepted, CIDR: h.CIDR, ASPath: h.ASPath, Communities: communities,
			Device: v.Router, LocalPref: LocalPreference(communities),
		})
	}
	return bestOfEach(routes)
}
