package routerconfig

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// ErrUnsuited marks an interface that is in order but that this router type cannot be configured for, such as a BGP key
// with a character that the router's syntax has no way to write. Another router type may do.
var ErrUnsuited = errors.New("not possible on this router type")

// Interface is what a router has to know of one virtual interface.
type Interface struct {
	ID           string // dxvif-...
	Name         string // free text; characters that a configuration could take amiss are replaced in comments
	ConnectionID string // dxcon-..., or dxlag-... for an interface on a LAG
	Type         string // private, public or transit
	VLAN         int    // 1..4094
	OuterVLAN    int    // of the hosted connection that it is on, 802.1ad around VLAN; 0: none
	MTU          int    // of an IP packet, in octets
	AmazonASN    int64
	// Peers has at least one peer, of one or both families, and of one family several where the far side has two
	// routers. Peers that are being deleted do not belong here. A peer that is here twice counts once.
	Peers []Peer
	// Prefixes, in CIDR notation, are what a public interface announces (its routeFilterPrefixes). It is empty for the
	// other types: what the customer announces there is not ours to know, so the filter lets nothing out and a comment
	// shows how to let out a network.
	Prefixes []string
	MACsec   *MACsec // nil unless the port has a MACsec key
	Device   string  // the router on the far side; may be empty
}

// Peer is one BGP session of an interface.
type Peer struct {
	Family          string // ipv4 or ipv6
	ASN             int64  // the customer's
	Key             string // 6..80 printable ASCII characters without blanks
	AmazonAddress   netip.Prefix
	CustomerAddress netip.Prefix
}

// MACsec is what may be known of the MACsec keys of the port. The other half, the CAK, never leaves the server.
type MACsec struct {
	CKNs        []string // 1..3, the one in use first: an even number of hexadecimal digits, 64 by the API
	MustEncrypt bool     // encryption mode must_encrypt: without MACsec nothing passes
}

const (
	longestASN  = 1<<32 - 2 // 4294967295 is reserved by RFC 7300
	smallestMTU = 1280      // RFC 8200 section 5
	largestMTU  = 9216
	mostVLAN    = 4094
	mostCKNs    = 3
)

// check says what is wrong with i, whatever the router.
func (i Interface) check() error {
	switch {
	case !isWord(i.ID):
		return fmt.Errorf("virtual interface ID %q is empty or has characters other than letters, digits and hyphens", i.ID)
	case i.Type != "private" && i.Type != "public" && i.Type != "transit":
		return fmt.Errorf("virtual interface type %q is none of private, public and transit", i.Type)
	case i.VLAN < 1 || i.VLAN > mostVLAN:
		return fmt.Errorf("VLAN %d is outside 1..%d", i.VLAN, mostVLAN)
	case i.OuterVLAN < 0 || i.OuterVLAN > mostVLAN:
		return fmt.Errorf("outer VLAN %d is outside 0..%d", i.OuterVLAN, mostVLAN)
	case i.MTU < smallestMTU || i.MTU > largestMTU:
		return fmt.Errorf("MTU %d is outside %d..%d", i.MTU, smallestMTU, largestMTU)
	case i.AmazonASN < 1 || i.AmazonASN > longestASN:
		return fmt.Errorf("the far side's ASN %d is outside 1..%d", i.AmazonASN, int64(longestASN))
	case len(i.Peers) == 0:
		return errors.New("the virtual interface has no BGP peer")
	case len(i.Prefixes) > 0 && i.Type != "public":
		return fmt.Errorf("a %s virtual interface has no route filter prefixes", i.Type)
	}
	for _, p := range i.Peers {
		if err := p.check(); err != nil {
			return err
		}
		if p.ASN == i.AmazonASN {
			return fmt.Errorf("ASN %d is that of both sides, and the session is an external one", p.ASN)
		}
	}
	return i.MACsec.check()
}

func (p Peer) check() error {
	if p.Family != "ipv4" && p.Family != "ipv6" {
		return fmt.Errorf("address family %q is neither ipv4 nor ipv6", p.Family)
	}
	for _, a := range []netip.Prefix{p.AmazonAddress, p.CustomerAddress} {
		if !a.IsValid() || a.Addr().Is4() != (p.Family == "ipv4") || a.Addr().Is4In6() {
			return fmt.Errorf("%s is no address of an %s peer", a, p.Family)
		}
	}
	switch {
	case p.AmazonAddress.Masked() != p.CustomerAddress.Masked():
		return fmt.Errorf("%s and %s are not on the same network", p.AmazonAddress, p.CustomerAddress)
	case p.AmazonAddress == p.CustomerAddress:
		return fmt.Errorf("%s is the address of both sides", p.AmazonAddress)
	case p.ASN < 1 || p.ASN > longestASN:
		return fmt.Errorf("ASN %d is outside 1..%d", p.ASN, int64(longestASN))
	}
	return nil
}

func (m *MACsec) check() error {
	if m == nil {
		return nil
	}
	if len(m.CKNs) == 0 || len(m.CKNs) > mostCKNs {
		return fmt.Errorf("%d MACsec keys where 1..%d are possible", len(m.CKNs), mostCKNs)
	}
	for _, ckn := range m.CKNs {
		if len(ckn) < 2 || len(ckn) > 64 || len(ckn)%2 != 0 || strings.Trim(ckn, "0123456789abcdefABCDEF") != "" {
			return fmt.Errorf("CKN %q is not an even number of hexadecimal digits, 64 at the most", ckn)
		}
	}
	return nil
}

// isWord reports whether s can be part of a name on every router.
func isWord(s string) bool {
	return s != "" && len(s) <= 64 && label(s) == s && !strings.ContainsAny(s, " ._:@+")
}

// label is s as it may stand in a comment or a description on every router: what could end one, begin a command or
// need quoting becomes an underscore.
func label(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune(" ._:@+-", r):
			return r
		}
		return '_'
	}, s)
}
