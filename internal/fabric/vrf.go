package fabric

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// VRF is a routing table of its own. Routes pass between interfaces of one VRF and between no two.
type VRF struct {
	Name     string
	LocalASN int64 // 1 to 4294967295
	// Networks lie behind the VRF on the provider's side, sorted, each once: on a router without a network of its own
	// behind it, the first host of each answers.
	Networks []netip.Prefix
	// Segment tells the VRF's frames from the others' on the backbone: a GRE key (RFC 2890), the same on every router that
	// has the VRF. 0: the VRF does not leave this router.
	Segment uint32
	// Peers are the backbone addresses of the other routers that have the VRF, sorted, each once. They tell each other
	// what their neighbours announce, with its preference (internal BGP).
	Peers []netip.Addr
}

// Interface is an 802.1Q subinterface of a link, with the BGP sessions over it.
type Interface struct {
	Name       string
	Link       string // a port that is no bundle's member, or a bundle
	OuterVLAN  int    // 802.1ad service tag, 1 to 4094; 0: none
	VLAN       int    // 1 to 4094
	MTU        int    // bytes of an IP packet
	VRF        string
	RateMbps   int64      // shaped to, each way, megabits per second; 0: not
	PoliceMbps int64      // what all interfaces under the same OuterVLAN may carry together; 0: not policed
	Neighbors  []Neighbor // sorted by name, each name once
}

// Neighbor is a BGP session with the router at the other end of an interface: external, single hop, TCP MD5 (RFC 2385).
type Neighbor struct {
	Name        string
	Local       netip.Prefix // our address with the subnet's length
	Remote      netip.Addr   // in the same subnet
	LocalASN    int64
	RemoteASN   int64
	Key         Secret
	Shutdown    bool         // configured, but closed with Cease 6/2 (RFC 4486)
	MaxPrefixes int          // announced ones beyond which it is closed with Cease 6/1; 0: any number
	HoldSeconds int          // 0: the driver's own, 90; otherwise 3 or more (RFC 4271, section 4.2)
	Import      ImportPolicy // what is taken of what the neighbour announces
	Export      []Announcement
}

// ImportPolicy is what a session takes, and how much it is preferred.
type ImportPolicy struct {
	Filtered bool           // false: anything
	Allow    []netip.Prefix // filtered: these, sorted, each once
	OrLonger bool           // and what lies inside one of them
	// Prefer gives routes a local preference by a community that they carry, sorted by community, each once. A route with
	// none of them, or with two that disagree, has DefaultPreference.
	Prefer            []Preference
	DefaultPreference uint32
}

// Preference is the LOCAL_PREF (RFC 4271, section 5.1.5) of routes with a community.
type Preference struct {
	Community string // "7224:7100" (RFC 1997)
	LocalPref uint32
}

// LocalPref is the preference of a route with the communities.
func (p ImportPolicy) LocalPref(communities []string) uint32 {
	var asked uint32
	found := false
	for _, pref := range p.Prefer {
		if !slices.Contains(communities, pref.Community) {
			continue
		}
		if found && asked != pref.LocalPref {
			return p.DefaultPreference
		}
		asked, found = pref.LocalPref, true
	}
	if !found {
		return p.DefaultPreference
	}
	return asked
}

// Takes reports whether the policy lets a prefix in.
func (p ImportPolicy) Takes(prefix netip.Prefix) bool {
	if _, listed := slices.BinarySearchFunc(p.Allow, prefix, ComparePrefixes); listed || !p.Filtered {
		return true
	}
	return p.OrLonger && slices.ContainsFunc(p.Allow, func(a netip.Prefix) bool {
		return a.Bits() < prefix.Bits() && a.Contains(prefix.Addr())
	})
}

// Announcement is a prefix that a session announces; a session's are sorted by ComparePrefixes, each prefix once.
type Announcement struct {
	Prefix        netip.Prefix // of the session's address family, host bits zero
	Communities   []string     // "7224:8100" (RFC 1997)
	NoExport      bool         // with the well-known community NO_EXPORT
	ASPathPrepend []int64      // what the path has behind our own number, nearest first
}

// ComparePrefixes orders prefixes: IPv4 first, by address, the shorter first.
func ComparePrefixes(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

const (
	maxVLAN = 4094
	maxASN  = 1<<32 - 1
	minMTU  = 576 // RFC 791: what every host must take
)

func checkASN(n int64) bool { return n >= 1 && n <= maxASN }

func (in Intent) checkVRFs() error {
	for i, v := range in.VRFs {
		switch {
		case v.Name == "":
			return fmt.Errorf("%w: a VRF has no name", ErrInvalid)
		case i > 0 && in.VRFs[i-1].Name >= v.Name:
			return fmt.Errorf("%w: VRF %s is there twice or out of order", ErrInvalid, v.Name)
		case !checkASN(v.LocalASN):
			return fmt.Errorf("%w: VRF %s: AS %d", ErrInvalid, v.Name, v.LocalASN)
		}
		if err := in.checkReach(v); err != nil {
			return fmt.Errorf("%w: VRF %s: %w", ErrInvalid, v.Name, err)
		}
	}
	return nil
}

// checkReach refuses networks and backbone peers that contradict themselves. Two VRFs of one router with the same segment
// would mix their customers' traffic.
func (in Intent) checkReach(v VRF) error {
	for i, p := range v.Networks {
		if !p.IsValid() || p != p.Masked() || i > 0 && ComparePrefixes(v.Networks[i-1], p) >= 0 {
			return fmt.Errorf("network %s is not valid, twice or out of order", p)
		}
	}
	for i, a := range v.Peers {
		if !a.IsValid() || a.Is4() != in.Backbone.Is4() || a == in.Backbone || i > 0 && v.Peers[i-1].Compare(a) >= 0 {
			return fmt.Errorf("backbone peer %s is not valid, twice or out of order", a)
		}
	}
	switch {
	case len(v.Peers) > 0 && !in.Backbone.IsValid():
		return errors.New("it has backbone peers, and the router has no address on the backbone")
	case len(v.Peers) > 0 && v.Segment == 0:
		return errors.New("it has backbone peers and no segment")
	case v.Segment == 0:
		return nil
	}
	for _, other := range in.VRFs {
		if other.Name < v.Name && other.Segment == v.Segment {
			return fmt.Errorf("segment %d is that of %s", v.Segment, other.Name)
		}
	}
	return nil
}

// tag is what tells the frames of one interface from those of the others.
type tag struct {
	link        string
	outer, vlan int
}

func (in Intent) checkInterfaces() error {
	links := make(map[string]bool, len(in.Ports)+len(in.Bundles))
	for _, p := range in.Ports {
		links[p.Name] = p.Bundle == ""
	}
	for _, b := range in.Bundles {
		links[b.Name] = true
	}
	vrfs := make(map[string]bool, len(in.VRFs))
	for _, v := range in.VRFs {
		vrfs[v.Name] = true
	}
	tags := make(map[tag]string, len(in.Interfaces))
	for i, f := range in.Interfaces {
		if i > 0 && in.Interfaces[i-1].Name >= f.Name {
			return fmt.Errorf("%w: interface %s is there twice or out of order", ErrInvalid, f.Name)
		}
		switch t := (tag{f.Link, f.OuterVLAN, f.VLAN}); {
		case !links[f.Link]:
			return fmt.Errorf("%w: interface %s: %q is no link", ErrInvalid, f.Name, f.Link)
		case !vrfs[f.VRF]:
			return fmt.Errorf("%w: interface %s: there is no VRF %q", ErrInvalid, f.Name, f.VRF)
		case tags[t] != "":
			return fmt.Errorf("%w: interface %s: VLAN %d of %s is that of %s", ErrInvalid, f.Name, f.VLAN, f.Link, tags[t])
		default:
			tags[t] = f.Name
		}
		if err := f.check(); err != nil {
			return err
		}
	}
	return nil
}

func (f Interface) check() error {
	switch {
	case f.Name == "":
		return fmt.Errorf("%w: an interface has no name", ErrInvalid)
	case f.VLAN < 1 || f.VLAN > maxVLAN || f.OuterVLAN < 0 || f.OuterVLAN > maxVLAN:
		return fmt.Errorf("%w: interface %s: VLAN %d in %d", ErrInvalid, f.Name, f.VLAN, f.OuterVLAN)
	case f.MTU < minMTU:
		return fmt.Errorf("%w: interface %s: MTU %d", ErrInvalid, f.Name, f.MTU)
	case f.RateMbps < 0 || f.PoliceMbps < 0:
		return fmt.Errorf("%w: interface %s: %d and %d Mbps", ErrInvalid, f.Name, f.RateMbps, f.PoliceMbps)
	}
	for i, n := range f.Neighbors {
		if i > 0 && f.Neighbors[i-1].Name >= n.Name {
			return fmt.Errorf("%w: interface %s: neighbour %s is there twice or out of order", ErrInvalid, f.Name, n.Name)
		}
		if err := n.check(); err != nil {
			return fmt.Errorf("%w: interface %s: %w", ErrInvalid, f.Name, err)
		}
	}
	return nil
}

func (n Neighbor) check() error {
	switch {
	case n.Name == "":
		return fmt.Errorf("a neighbour has no name")
	case !n.Local.IsValid() || !n.Local.Contains(n.Remote) || n.Local.Addr() == n.Remote:
		return fmt.Errorf("neighbour %s: addresses %s and %s", n.Name, n.Local, n.Remote)
	case !checkASN(n.LocalASN) || !checkASN(n.RemoteASN):
		return fmt.Errorf("neighbour %s: AS %d and AS %d", n.Name, n.LocalASN, n.RemoteASN)
	case n.Key == "":
		return fmt.Errorf("neighbour %s has no key", n.Name)
	case n.MaxPrefixes < 0 || n.HoldSeconds < 0 || n.HoldSeconds == 1 || n.HoldSeconds == 2:
		return fmt.Errorf("neighbour %s: at most %d prefixes, hold time %d", n.Name, n.MaxPrefixes, n.HoldSeconds)
	case !n.Import.Filtered && (len(n.Import.Allow) > 0 || n.Import.OrLonger):
		return fmt.Errorf("neighbour %s takes anything, and a list", n.Name)
	}
	for i, p := range n.Import.Prefer {
		if p.Community == "" || i > 0 && n.Import.Prefer[i-1].Community >= p.Community {
			return fmt.Errorf("neighbour %s: the preference of community %q is there twice or out of order", n.Name, p.Community)
		}
	}
	for i, p := range n.Import.Allow {
		if !n.carries(p) || i > 0 && ComparePrefixes(n.Import.Allow[i-1], p) >= 0 {
			return fmt.Errorf("neighbour %s: prefix %s to take is not valid, twice or out of order", n.Name, p)
		}
	}
	for i, a := range n.Export {
		if !n.carries(a.Prefix) || i > 0 && ComparePrefixes(n.Export[i-1].Prefix, a.Prefix) >= 0 {
			return fmt.Errorf("neighbour %s: prefix %s to announce is not valid, twice or out of order", n.Name, a.Prefix)
		}
	}
	return nil
}

// carries reports whether the session may announce the prefix: it is of its family, and one.
func (n Neighbor) carries(p netip.Prefix) bool {
	return p.IsValid() && p == p.Masked() && p.Addr().Is4() == n.Local.Addr().Is4()
}
