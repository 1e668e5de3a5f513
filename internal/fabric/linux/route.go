package linux

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"onramp/internal/fabric/linux/speaker"
)

// routeMetric is that of the speaker's routes: what is directly connected is better (0, and 256 for IPv6), the fallback is
// worse.
const routeMetric = 1024

// kernelRoutes writes the speaker's routes into the tables of the VRFs.
type kernelRoutes struct{ d *Driver }

var _ speaker.Kernel = kernelRoutes{}

func (k kernelRoutes) table(vrf string) (int, error) {
	k.d.mu.Lock()
	defer k.d.mu.Unlock()
	t, there := k.d.tables[vrf]
	if !there {
		return 0, fmt.Errorf("there is no VRF %s", vrf)
	}
	return int(t), nil
}

// Set adds the route, or puts it in the place of that to the same prefix.
func (k kernelRoutes) Set(vrf string, r speaker.Route) error {
	table, err := k.table(vrf)
	if err != nil {
		return err
	}
	route := netlink.Route{Table: table, Protocol: protocol, Priority: routeMetric, Dst: ipNet(r.Prefix)}
	hops := make([]*netlink.NexthopInfo, 0, len(r.Hops))
	for _, h := range r.Hops {
		index, err := k.d.indexOf(h.Device)
		if err != nil {
			return fmt.Errorf("route to %s: %w", r.Prefix, err)
		}
		hop := &netlink.NexthopInfo{LinkIndex: int(index)}
		switch {
		case !h.Via.IsValid():
		case h.Via.Is6() == r.Prefix.Addr().Is6():
			hop.Gw = h.Via.AsSlice()
		default: // RFC 8950
			hop.Via = &netlink.Via{AddrFamily: netlink.FAMILY_V6, Addr: h.Via.AsSlice()}
		}
		hops = append(hops, hop)
	}
	switch len(hops) {
	case 0:
		return k.Unset(vrf, r.Prefix)
	case 1:
		route.LinkIndex, route.Gw, route.Via = hops[0].LinkIndex, hops[0].Gw, hops[0].Via
		if route.Gw == nil && route.Via == nil {
			route.Scope = netlink.SCOPE_LINK
		}
	default:
		route.MultiPath = hops
	}
	if err := netlink.RouteReplace(&route); err != nil {
		return fmt.Errorf("route to %s in table %d: %w", r.Prefix, table, err)
	}
	return nil
}

// Unset removes the route to the prefix. It is no error when there is none, or its VRF has gone.
func (k kernelRoutes) Unset(vrf string, p netip.Prefix) error {
	table, err := k.table(vrf)
	if err != nil {
		return nil //nolint:nilerr // the routes went with it
	}
	err = netlink.RouteDel(&netlink.Route{Table: table, Protocol: protocol, Priority: routeMetric, Dst: ipNet(p), Scope: netlink.SCOPE_NOWHERE})
	if err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("route to %s in table %d: %w", p, table, err)
	}
	return nil
}

// List is what the VRF's table has of ours, sorted by prefix.
func (k kernelRoutes) List(vrf string) ([]speaker.Route, error) {
	table, err := k.table(vrf)
	if err != nil {
		return nil, err
	}
	k.d.mu.Lock()
	names := k.d.names // never changed, only replaced
	k.d.mu.Unlock()
	byPrefix := map[netip.Prefix][]speaker.Hop{}
	for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		routes, err := netlink.RouteListFiltered(family, &netlink.Route{Table: table, Protocol: protocol}, netlink.RT_FILTER_TABLE|netlink.RT_FILTER_PROTOCOL)
		if err != nil {
			return nil, fmt.Errorf("table %d: %w", table, err)
		}
		for _, r := range routes {
			if r.Type != unix.RTN_UNICAST || r.Priority != routeMetric {
				continue // the fallback
			}
			prefix := prefixOf(r.Dst, family)
			byPrefix[prefix] = append(byPrefix[prefix], hopsOf(r, names)...)
		}
	}
	list := make([]speaker.Route, 0, len(byPrefix))
	for p, hops := range byPrefix {
		slices.SortFunc(hops, func(a, b speaker.Hop) int { return cmp.Or(a.Via.Compare(b.Via), cmp.Compare(a.Device, b.Device)) })
		list = append(list, speaker.Route{Prefix: p, Hops: hops})
	}
	slices.SortFunc(list, func(a, b speaker.Route) int {
		return cmp.Or(a.Prefix.Addr().Compare(b.Prefix.Addr()), cmp.Compare(a.Prefix.Bits(), b.Prefix.Bits()))
	})
	return list, nil
}

func hopsOf(r netlink.Route, names map[int32]string) []speaker.Hop {
	if len(r.MultiPath) == 0 {
		return []speaker.Hop{{Via: address4(r.Gw), Device: names[int32(r.LinkIndex)]}}
	}
	var hops []speaker.Hop
	for _, h := range r.MultiPath {
		hops = append(hops, speaker.Hop{Via: address4(h.Gw), Device: names[int32(h.LinkIndex)]})
	}
	return hops
}

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}

// prefixOf is a route's destination; the kernel names none for a default.
func prefixOf(n *net.IPNet, family int) netip.Prefix {
	if n == nil && family == netlink.FAMILY_V6 {
		return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	if n == nil {
		return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	}
	bits, _ := n.Mask.Size()
	return netip.PrefixFrom(address4(n.IP), bits)
}

// routerID is the BGP identifier of this router (RFC 6286: any number that the others do not have): its address on the
// backbone, or one computed from its name.
func routerID(router string, backbone netip.Addr) netip.Addr {
	if backbone.Is4() && !backbone.IsUnspecified() {
		return backbone
	}
	sum := sha256.Sum256([]byte(router))
	sum[0] = 10 | sum[0]&0x40 // never 0, and no class of its own: 10 or 74
	return netip.AddrFrom4([4]byte(sum[:4]))
}

// Routes is where the speaker's routes go: the tables of the VRFs of the last Apply.
func (d *Driver) Routes() speaker.Kernel { return kernelRoutes{d} }
