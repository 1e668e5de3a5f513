package speaker

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/osrg/gobgp/v4/pkg/apiutil"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"

	"onramp/internal/fabric"
)

// attributes are what an UPDATE says of its prefixes (RFC 4271, section 5), shared by all of them.
type attributes struct {
	path        []fabric.PathSegment
	communities []string
	length      int        // of the path: a set counts as one
	told        uint32     // LOCAL_PREF as received
	via         netip.Addr // NEXT_HOP
}

// decoder reads attributes and remembers the last ones: the prefixes of one UPDATE come one after the other.
type decoder struct {
	path        *bgp.PathAttributeAsPath
	communities *bgp.PathAttributeCommunities
	told        uint32
	via         netip.Addr
	last        *attributes
}

func (d *decoder) decode(attrs []bgp.PathAttributeInterface) *attributes {
	var now decoder
	for _, a := range attrs {
		switch a := a.(type) {
		case *bgp.PathAttributeAsPath:
			now.path = a
		case *bgp.PathAttributeCommunities:
			now.communities = a
		case *bgp.PathAttributeLocalPref:
			now.told = a.Value
		case *bgp.PathAttributeNextHop:
			now.via = a.Value.Unmap()
		case *bgp.PathAttributeMpReachNLRI:
			now.via = a.Nexthop.Unmap()
		}
	}
	if now.last = d.last; d.last == nil || now != *d {
		now.last = now.read()
		*d = now
	}
	return d.last
}

func (d *decoder) read() *attributes {
	a := &attributes{told: d.told, via: d.via}
	if d.path != nil {
		for _, p := range d.path.Value {
			s := fabric.PathSegment{Set: p.GetType() == bgp.BGP_ASPATH_ATTR_TYPE_SET}
			for _, asn := range p.GetAS() {
				s.ASNs = append(s.ASNs, int64(asn))
			}
			a.path = append(a.path, s)
			if s.Set {
				a.length++
			} else {
				a.length += len(s.ASNs)
			}
		}
	}
	if d.communities != nil {
		for _, c := range d.communities.Value {
			a.communities = append(a.communities, fmt.Sprintf("%d:%d", c>>16, c&0xffff))
		}
	}
	return a
}

// loops reports whether the path has been through one of our own numbers (RFC 4271, section 9.1.2).
func (a *attributes) loops(own ...int64) bool {
	return slices.ContainsFunc(a.path, func(s fabric.PathSegment) bool {
		return slices.ContainsFunc(s.ASNs, func(asn int64) bool { return slices.Contains(own, asn) })
	})
}

// announcement is what a session is told of a prefix.
type announcement struct {
	prefix      netip.Prefix
	path        []fabric.PathSegment
	communities []uint32
	internal    bool       // with LOCAL_PREF, as to another router of ours
	pref        uint32     // LOCAL_PREF
	via         netip.Addr // not valid: ourselves
}

func (a announcement) equal(b announcement) bool {
	return a.prefix == b.prefix && a.internal == b.internal && a.pref == b.pref && a.via == b.via && slices.Equal(a.communities, b.communities) &&
		slices.EqualFunc(a.path, b.path, func(x, y fabric.PathSegment) bool { return x.Set == y.Set && slices.Equal(x.ASNs, y.ASNs) })
}

const noExport = uint32(bgp.COMMUNITY_NO_EXPORT)

// exported is what an external neighbour is told; communities that are none are an error.
func exported(a fabric.Announcement) (announcement, error) {
	out := announcement{prefix: a.Prefix}
	if len(a.ASPathPrepend) > 0 {
		out.path = []fabric.PathSegment{{ASNs: a.ASPathPrepend}}
	}
	for _, c := range a.Communities {
		n, err := community(c)
		if err != nil {
			return out, fmt.Errorf("prefix %s: %w", a.Prefix, err)
		}
		out.communities = append(out.communities, n)
	}
	if a.NoExport && !slices.Contains(out.communities, noExport) {
		out.communities = append(out.communities, noExport)
	}
	return out, nil
}

func community(s string) (uint32, error) {
	var high, low uint16
	if n, err := fmt.Sscanf(s, "%d:%d", &high, &low); n != 2 || err != nil || fmt.Sprintf("%d:%d", high, low) != s {
		return 0, fmt.Errorf("%q is no community", s)
	}
	return uint32(high)<<16 | uint32(low), nil
}

// relayed is what the other routers are told of a route.
func relayed(r *route, own netip.Addr) announcement {
	out := announcement{prefix: r.prefix, path: r.path, internal: true, pref: r.pref}
	if r.prefix.Addr().Is6() && own.Is4() { // IPv6 over a session in IPv4 has an IPv4-mapped next hop (RFC 4798, section 2)
		out.via = netip.AddrFrom16(own.As16())
	}
	for _, c := range r.communities {
		if n, err := community(c); err == nil {
			out.communities = append(out.communities, n)
		}
	}
	return out
}

func familyOf(p netip.Prefix) bgp.Family {
	if p.Addr().Is4() {
		return bgp.RF_IPv4_UC
	}
	return bgp.RF_IPv6_UC
}

// encode is the announcement for GoBGP, or the withdrawal of its prefix.
func (a announcement) encode(withdraw bool) (*apiutil.Path, error) {
	nlri, err := bgp.NewIPAddrPrefix(a.prefix)
	if err != nil {
		return nil, err
	}
	via := a.via
	if !via.IsValid() {
		via = netip.IPv6Unspecified()
		if a.prefix.Addr().Is4() {
			via = netip.IPv4Unspecified()
		}
	}
	mp, err := bgp.NewPathAttributeMpReachNLRI(familyOf(a.prefix), []bgp.PathNLRI{{NLRI: nlri}}, via)
	if err != nil {
		return nil, err
	}
	var segments []bgp.AsPathParamInterface
	for _, s := range a.path {
		kind, asns := uint8(bgp.BGP_ASPATH_ATTR_TYPE_SEQ), make([]uint32, 0, len(s.ASNs))
		if s.Set {
			kind = bgp.BGP_ASPATH_ATTR_TYPE_SET
		}
		for _, asn := range s.ASNs {
			asns = append(asns, uint32(asn))
		}
		segments = append(segments, bgp.NewAs4PathParam(kind, asns))
	}
	p := &apiutil.Path{Family: familyOf(a.prefix), Nlri: nlri, Withdrawal: withdraw, Age: time.Now().Unix(), Attrs: []bgp.PathAttributeInterface{
		bgp.NewPathAttributeOrigin(bgp.BGP_ORIGIN_ATTR_TYPE_IGP), bgp.NewPathAttributeAsPath(segments), mp,
	}}
	if len(a.communities) > 0 {
		p.Attrs = append(p.Attrs, bgp.NewPathAttributeCommunities(a.communities))
	}
	if a.internal {
		p.Attrs = append(p.Attrs, bgp.NewPathAttributeLocalPref(a.pref))
	}
	return p, nil
}
