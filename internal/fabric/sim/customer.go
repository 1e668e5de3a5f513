package sim

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"net/netip"
	"slices"

	"onramp/internal/fabric"
)

// Customers are the routers at the far ends of a router's interfaces.
type Customers struct {
	// Absent says that an interface without a script has no router at its far end. Otherwise there is one on every interface:
	// with the right VLAN, addresses, ASN and key, and announcing over each session what its Import policy lists, or where it
	// takes anything one prefix computed from the VRF and its ASN, a /24 of 172.16.0.0/12 and for IPv6 a /48 of fd00::/8: the
	// same on all interfaces of one customer to one gateway, as from a network that has several ways there.
	Absent  bool
	Scripts map[string]Script // by interface name
}

// Script is what a customer's router does otherwise.
type Script struct {
	Sessions []string // the names of the neighbours that the next four are about; empty: all of the interface
	Silent   bool     // does not answer
	WrongKey bool
	ASN      int64       // speaks as this one; 0: as the right one
	Closed   bool        // has closed the session from its side
	Announce []Announced // over every session, what is of its family; nil: as without a script
}

// Announced is a prefix that a customer's router announces.
type Announced struct {
	Prefix      netip.Prefix
	Path        []int64 // behind the router's own number
	Communities []string
}

// far is what is at the far end of an interface.
func (c Customers) far(name string) Script {
	if s, scripted := c.Scripts[name]; scripted {
		return s
	}
	return Script{Silent: c.Absent}
}

// links is what a router's links carry: the reason why one does not, in words, and empty for one that does.
type links map[string]string

// frames answers what passes over the router's links. A link that demands encryption passes nothing in the clear.
func frames(in fabric.Intent, o fabric.Observed) links {
	l := make(links, len(in.Ports)+len(in.Bundles))
	passing := map[string]bool{}
	for _, p := range in.Ports {
		s := o.Ports[p.Name]
		switch {
		case !s.Carrier:
			l[p.Name] = "no light on " + p.Name
		case p.MACsec != nil && p.MACsec.Mode == fabric.MACsecRequire && !s.Encrypted:
			l[p.Name] = p.Name + " is not encrypted, and must be"
		default:
			l[p.Name], passing[p.Bundle] = "", true
		}
	}
	for _, b := range in.Bundles {
		switch {
		case !o.Bundles[b.Name].Up:
			l[b.Name] = b.Name + " is down"
		case !passing[b.Name]:
			l[b.Name] = "no member of " + b.Name + " is encrypted, and all must be"
		default:
			l[b.Name] = ""
		}
	}
	return l
}

func observeInterface(f fabric.Interface, down string, far Script) fabric.InterfaceStatus {
	s := fabric.InterfaceStatus{Configured: true, Up: down == "", Neighbors: make(map[string]fabric.NeighborStatus, len(f.Neighbors))}
	for _, n := range f.Neighbors {
		s.Neighbors[n.Name] = observeSession(f.VRF, n, down, far)
	}
	return s
}

// observeSession is the session as it must be: up if nothing speaks against it.
func observeSession(vrf string, n fabric.Neighbor, down string, far Script) fabric.NeighborStatus {
	s := fabric.NeighborStatus{Shutdown: n.Shutdown}
	if len(far.Sessions) > 0 && !slices.Contains(far.Sessions, n.Name) {
		far = Script{Announce: far.Announce}
	}
	switch {
	case n.Shutdown:
		s.Reason = "shut down"
	case down != "":
		s.Reason = down
	case far.Silent:
		s.Reason = fmt.Sprintf("%s does not answer", n.Remote)
	case far.WrongKey:
		s.Reason = fmt.Sprintf("%s signs with another TCP MD5 key", n.Remote)
	case far.ASN != 0 && far.ASN != n.RemoteASN:
		s.Reason = fmt.Sprintf("%s is AS %d, and AS %d is expected (OPEN error 2/2)", n.Remote, far.ASN, n.RemoteASN)
	case far.Closed:
		s.Reason = fmt.Sprintf("%s has closed the session", n.Remote)
	default:
		announced := announcements(vrf, n, far)
		if n.MaxPrefixes > 0 && len(announced) > n.MaxPrefixes {
			s.OverLimit = true
			s.Reason = fmt.Sprintf("closed with Cease 6/1: %d prefixes announced, %d allowed", len(announced), n.MaxPrefixes)
			return s
		}
		s.Up, s.Accepted = true, accepted(n, announced)
		s.AcceptedVersion = fabric.RoutesVersion(s.Accepted)
	}
	return s
}

// announcements is what the customer's router announces over a session.
func announcements(vrf string, n fabric.Neighbor, far Script) []Announced {
	if far.Announce == nil {
		if !n.Import.Filtered {
			return []Announced{{Prefix: ownPrefix(vrf, n.RemoteASN, n.Local.Addr().Is4())}}
		}
		all := make([]Announced, 0, len(n.Import.Allow))
		for _, p := range n.Import.Allow {
			all = append(all, Announced{Prefix: p})
		}
		return all
	}
	var family []Announced
	for _, a := range far.Announce {
		if a.Prefix.Addr().Is4() == n.Local.Addr().Is4() {
			family = append(family, a)
		}
	}
	return family
}

// ownPrefix is what a customer announces who was not told what: the same for a VRF and an ASN each time.
func ownPrefix(vrf string, asn int64, v4 bool) netip.Prefix {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s %d", vrf, asn) // never fails: hash.Hash
	sum := h.Sum64()
	if v4 {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16 | byte(sum>>8)&15, byte(sum)}), 24)
	}
	var a [16]byte
	binary.BigEndian.PutUint64(a[:], sum)
	a[0], a[6], a[7] = 0xfd, 0, 0 // RFC 4193: a number of 40 bits that is one's own, then a subnet
	return netip.PrefixFrom(netip.AddrFrom16(a), 48).Masked()
}

// accepted is what the router takes of it, as Import says, sorted.
func accepted(n fabric.Neighbor, announced []Announced) []fabric.RouteSeen {
	plain := []fabric.PathSegment{{ASNs: []int64{n.RemoteASN}}}
	var routes []fabric.RouteSeen
	for _, a := range announced {
		if !n.Import.Takes(a.Prefix) {
			continue
		}
		path := plain
		if len(a.Path) > 0 {
			path = []fabric.PathSegment{{ASNs: append([]int64{n.RemoteASN}, a.Path...)}}
		}
		routes = append(routes, fabric.RouteSeen{Prefix: a.Prefix, ASPath: path, Communities: slices.Clone(a.Communities)})
	}
	slices.SortFunc(routes, func(a, b fabric.RouteSeen) int { return fabric.ComparePrefixes(a.Prefix, b.Prefix) })
	return routes
}
