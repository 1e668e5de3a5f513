package routerconfig

import (
	"fmt"
	"net/netip"
	"strings"
)

// view is what a template sees: the interface in the order and the words that routers need it.
type view struct {
	Router   Router
	ID       string // as given; also the beginning of all names
	VLAN     int
	Outer    int    // VLAN of the hosted connection, 0 for none
	Device   string // of the interface, on Linux
	MTU      int
	PortMTU  int  // of the port on Linux, or of its MACsec device
	OuterMTU int  // of the Linux device with the outer tag
	Sealed   bool // there is a MACsec device
	Jumbo    bool // the physical port needs a greater MTU, too
	OddMTU   bool
	LongKey  bool // longer than IOS can encrypt
	LAG      bool
	Public   bool
	ASN      int64 // of the router: that of the first peer
	Amazon   int64
	RouterID netip.Addr
	Label    string // for a description
	About    []string
	Families []*family // ipv4 before ipv6; only those with a peer
	MACsec   *MACsec   // nil, too, if the router type has no template for it
}

// family is what the sessions of one address family share.
type family struct {
	Name     string // ipv4 or ipv6
	V4       bool
	In, Out  string // names of the prefix filters
	Peers    []session
	Networks []netip.Prefix // announced
	Refused  []filter       // not accepted from the far side; checked before Accepted
	Accepted filter
	All      netip.Prefix // the whole family
	Most     int          // bits of an address
	Example  netip.Prefix // a documentation prefix for comments (RFC 5737, RFC 3849)
}

// tagLength is that of a VLAN tag, in octets (IEEE 802.1Q).
const tagLength = 4

// macsecLength is what MACsec makes a frame longer by: a tag with its channel's identifier, 16 octets, and the check value,
// as many (IEEE 802.1AE clause 9).
const macsecLength = 32

// filter is a prefix, or with Longer also all that is inside it.
type filter struct {
	netip.Prefix
	Longer bool
}

// session is one BGP session.
type session struct {
	Name      string // unique in the interface, of letters, digits and hyphens
	ASN       int64
	LocalAS   bool   // ASN is not the router's
	Key       string // quoted
	Amazon    netip.Addr
	Customer  netip.Prefix
	Secondary bool // not the first of its family
}

// newView checks i and sorts it for router r.
func newView(r Router, sys system, i Interface) (*view, error) {
	if err := i.check(); err != nil {
		return nil, err
	}
	v := &view{
		Router: r, ID: i.ID, VLAN: i.VLAN, Outer: i.OuterVLAN, MTU: i.MTU, PortMTU: i.MTU, OuterMTU: i.MTU + tagLength, Device: fmt.Sprintf("eth0.%d", i.VLAN), Jumbo: i.MTU > 1500, OddMTU: i.MTU%2 == 1,
		LAG:    strings.HasPrefix(i.ConnectionID, "dxlag"),
		Public: i.Type == "public",
		ASN:    i.Peers[0].ASN, Amazon: i.AmazonASN,
		Label: "Direct Connect " + i.ID,
	}
	if r.XsltTemplateNameForMacSec != "" {
		v.MACsec = i.MACsec
	}
	// A port's MTU on Linux leaves out one tag. A MACsec device's does not: the kernel wants the tag inside it.
	if i.MACsec != nil {
		v.Sealed = true
		v.PortMTU += tagLength
	}
	if i.OuterVLAN > 0 {
		v.PortMTU += tagLength
		v.Device = fmt.Sprintf("s%d.%d", i.OuterVLAN, i.VLAN) // with a port's name in it, it could be too long
	}
	for _, p := range i.Peers {
		v.LongKey = v.LongKey || len(p.Key) > 25
	}
	networks, err := networks(i.Prefixes)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"ipv4", "ipv6"} {
		f, err := newFamily(name, i, sys, networks)
		if err != nil {
			return nil, err
		}
		if len(f.Peers) > 0 {
			v.Families = append(v.Families, f)
		}
	}
	v.RouterID = routerID(v.Families[0].Peers[0].Customer.Addr())
	v.About = about(r, i, v, networks)
	return v, nil
}

// networks parses prefixes in CIDR notation, without host bits and each once, in their order.
func networks(prefixes []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	seen := map[netip.Prefix]bool{}
	for _, text := range prefixes {
		p, err := netip.ParsePrefix(text)
		if err != nil || p.Addr().Is4In6() {
			return nil, fmt.Errorf("route filter prefix %q is not in CIDR notation", text)
		}
		if p = p.Masked(); !seen[p] {
			seen[p] = true
			all = append(all, p)
		}
	}
	return all, nil
}

func newFamily(name string, i Interface, sys system, networks []netip.Prefix) (*family, error) {
	f := &family{Name: name, V4: name == "ipv4"}
	f.Networks = ofFamily(networks, f.V4)
	f.policy(i.Type == "public")
	f.In = strings.ToUpper(i.ID + "-" + name + "-in")
	f.Out = strings.ToUpper(i.ID + "-" + name + "-out")
	seen := map[netip.Addr]Peer{}
	for _, p := range i.Peers {
		if p.Family != name {
			continue
		}
		amazon := p.AmazonAddress.Addr()
		if before, ok := seen[amazon]; ok {
			if before != p {
				return nil, fmt.Errorf("two BGP peers with the address %s differ", amazon)
			}
			continue
		}
		seen[amazon] = p
		key, err := sys.key.quote(p.Key)
		if err != nil {
			return nil, fmt.Errorf("%s peer %s: %w", name, amazon, err)
		}
		s := session{
			Name: i.ID + "-" + name, ASN: p.ASN, LocalAS: p.ASN != i.Peers[0].ASN, Key: key,
			Amazon: amazon, Customer: p.CustomerAddress, Secondary: len(f.Peers) > 0,
		}
		if s.Secondary {
			s.Name += fmt.Sprintf("-%d", len(f.Peers)+1)
		}
		if s.LocalAS && sys.oneASN {
			return nil, fmt.Errorf("%w: its virtual router has one ASN, and the peers of this virtual interface "+
				"have two, %d and %d", ErrUnsuited, i.Peers[0].ASN, p.ASN)
		}
		f.Peers = append(f.Peers, s)
	}
	return f, nil
}

func ofFamily(prefixes []netip.Prefix, v4 bool) []netip.Prefix {
	var some []netip.Prefix
	for _, p := range prefixes {
		if p.Addr().Is4() == v4 {
			some = append(some, p)
		}
	}
	return some
}

// routerID is a, or for an IPv6 address a number made of its last four octets: BGP needs one (RFC 6286 asks only that it
// is not zero and unique in the AS) and a router without any IPv4 address has none by itself.
func routerID(a netip.Addr) netip.Addr {
	if a.Is4() {
		return a
	}
	b := a.As16()
	return netip.AddrFrom4([4]byte{1 + b[12]%223, b[13], b[14], b[15]})
}

// Upto is the longest prefix length that f matches, or 0 if it matches its prefix alone.
func (f filter) Upto() int {
	if most := f.Addr().BitLen(); f.Longer && f.Bits() < most {
		return most
	}
	return 0
}
