package directconnect

import (
	"net/netip"
	"slices"
)

// Announcement is a prefix as an interface's sessions of its family announce it to the customer.
type Announcement struct {
	CIDR        netip.Prefix
	Communities []string // without NO_EXPORT
	NoExport    bool
	Prepend     []int64 // what the path has after the provider's own number
}

// Surroundings is what an interface's announcements rest on. Only what the interface's type uses need be given.
type Surroundings struct {
	Associations []Association // of its Direct Connect gateway
	Far          FarGateway    // its virtual private gateway, if it hangs on one directly
	SiteLink     []Route       // accepted on the SiteLink interfaces of its gateway; its own among them
	Public       []PublicRange
}

// Announcements is what the interface announces, sorted, each prefix once:
//
//   - on a Direct Connect gateway, by each association that is associated or updating: of a virtual private gateway the
//     networks that are equal to an allowed prefix or inside one; of a transit gateway the allowed prefixes themselves
//     (user guide, "Allowed prefixes interactions");
//   - on a virtual private gateway directly, its networks;
//   - with SiteLink, the prefixes that customers announce on the other SiteLink interfaces of the gateway, by the best path,
//     unless this interface has one as good itself. The gateways' own come first;
//   - on a public interface, the provider's ranges, with NO_EXPORT, a community that says where they are from, and a path
//     of three.
func (v VirtualInterface) Announcements(s Surroundings) []Announcement {
	var all []Announcement
	switch {
	case v.Type == Public:
		for _, r := range s.Public {
			if a, ok := r.announced(v.Region); ok {
				all = append(all, a)
			}
		}
	case v.GatewayID != "":
		for _, a := range s.Associations {
			all = append(all, a.announced()...)
		}
		if v.SiteLink {
			all = append(all, v.siteLinked(s.SiteLink)...)
		}
	case v.VirtualGatewayID != "":
		for _, p := range parsedPrefixes(s.Far.CIDRs) {
			all = append(all, Announcement{CIDR: p})
		}
	}
	byCIDR := func(a, b Announcement) int { return ComparePrefixes(a.CIDR, b.CIDR) }
	if !slices.IsSortedFunc(all, byCIDR) {
		slices.SortStableFunc(all, byCIDR)
	}
	return slices.CompactFunc(all, func(a, b Announcement) bool { return a.CIDR == b.CIDR })
}

// Carries reports whether traffic crosses the association.
func (a Association) Carries() bool { return a.State == Associated || a.State == Updating }

// Networks lie behind the interface on the provider's side, whether they are announced or not, in no order: what a gateway
// has behind it, or a transit gateway of which that is not known the prefixes that are allowed; on a public interface what it
// announces.
func (v VirtualInterface) Networks(s Surroundings) []netip.Prefix {
	switch {
	case v.Type == Public:
		var all []netip.Prefix
		for _, a := range v.Announcements(s) {
			all = append(all, a.CIDR)
		}
		return all
	case v.GatewayID == "":
		return parsedPrefixes(s.Far.CIDRs)
	}
	var all []netip.Prefix
	for _, a := range s.Associations {
		switch {
		case a.State != Associated && a.State != Updating:
		case len(a.Far.CIDRs) == 0 && a.Far.Kind == TransitGateway:
			all = append(all, parsedPrefixes(a.Allowed)...)
		default:
			all = append(all, parsedPrefixes(a.Far.CIDRs)...)
		}
	}
	return all
}

// announced is what an association contributes.
func (a Association) announced() []Announcement {
	if !a.Carries() {
		return nil
	}
	networks := parsedPrefixes(a.Allowed)
	if a.Far.Kind != TransitGateway {
		allowed := coverOf(networks)
		networks = slices.DeleteFunc(parsedPrefixes(a.Far.CIDRs), func(p netip.Prefix) bool { return !allowed.covers(p) })
	}
	out := make([]Announcement, 0, len(networks))
	for _, p := range networks {
		out = append(out, Announcement{CIDR: p})
	}
	return out
}

// siteLinked is what the interface announces of what was heard on the gateway's SiteLink interfaces.
func (v VirtualInterface) siteLinked(heard []Route) []Announcement {
	var out []Announcement
	for routes := range byPrefix(heard) {
		best := BestPaths(routes)
		if slices.ContainsFunc(best, func(r Route) bool { return r.InterfaceID == v.ID }) {
			continue
		}
		out = append(out, Announcement{
			CIDR: best[0].CIDR, Communities: passedCommunities(best[0].Communities), Prepend: flatPath(best[0].ASPath),
		})
	}
	return out
}

// flatPath is a path as one sequence; the numbers of a set stand for it in their order.
func flatPath(path []ASPathSegment) []int64 {
	var flat []int64
	for _, s := range path {
		flat = append(flat, s.Path...)
	}
	return flat
}

// AdvertisedRoutes are the announcements as the customer hears them from the interface's router: over sessions of the
// families that up reports.
func (v VirtualInterface) AdvertisedRoutes(announced []Announcement, up func(Family) bool) []Route {
	open := map[Family]bool{IPv4: up(IPv4), IPv6: up(IPv6)}
	var routes []Route
	for _, a := range announced {
		if !open[FamilyOf(a.CIDR)] {
			continue
		}
		communities := a.Communities
		if a.NoExport {
			communities = append(slices.Clone(communities), CommunityNoExport)
			slices.Sort(communities)
		}
		routes = append(routes, Route{
			InterfaceID: v.ID, Direction: RouteAdvertised, CIDR: a.CIDR, Communities: communities, Device: v.Router,
			ASPath: Sequence(append([]int64{v.AmazonASN}, a.Prepend...)...),
		})
	}
	return routes
}
