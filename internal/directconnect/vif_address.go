package directconnect

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"net/netip"
	"strings"
)

// Where addresses of sessions are taken from when the customer gives none: link-local /30 subnets for IPv4 (API reference,
// NewPrivateVirtualInterface) and /125 subnets of a unique local prefix for IPv6, which is always assigned.
var (
	linkLocal  = netip.MustParsePrefix("169.254.0.0/16")
	assignedV6 = netip.MustParsePrefix("fd00:7224::/32")
)

const (
	assignedV4Bits = 30
	assignedV6Bits = 125
)

// Offsets of the two ends in an assigned subnet, as in the published samples.
const (
	amazonOffset     = 1
	customerV4Offset = 2
	customerV6Offset = 6
)

// peerAddresses answers the two ends of a session: those asked for, checked, or assigned ones. siblings are the other live
// interfaces of the same parent; no two sessions of a parent overlap.
func peerAddresses(o PeerOrder, v VirtualInterface, siblings []VirtualInterface) (amazon, customer netip.Prefix, err error) {
	given := o.Amazon != "" || o.Customer != ""
	taken := takenSubnets(v, siblings)
	switch {
	case o.Family == IPv6 && given:
		return amazon, customer, Clientf("IPv6 addresses are assigned automatically and cannot be specified.")
	case o.Family == IPv6:
		return assignV6(v.ID, taken)
	case !given && v.Type == Public:
		return amazon, customer, Clientf("amazonAddress and customerAddress are required for an IPv4 public virtual interface.")
	case !given:
		return assignV4(v.ID, taken)
	case o.Amazon == "" || o.Customer == "":
		return amazon, customer, Clientf("amazonAddress and customerAddress must be specified together.")
	}
	if amazon, err = givenAddress("Amazon Address", o.Amazon, v.Type); err != nil {
		return amazon, customer, err
	}
	if customer, err = givenAddress("Customer Address", o.Customer, v.Type); err != nil {
		return amazon, customer, err
	}
	switch {
	case amazon.Masked() != customer.Masked():
		return amazon, customer, Clientf("Amazon Address and Customer Address must be in the same CIDR")
	case amazon == customer:
		return amazon, customer, Clientf("Amazon Address and Customer Address must be different.")
	}
	return amazon, customer, free(amazon, taken)
}

// The shortest and longest masks that a session's subnet may have; /31 is RFC 3021.
const (
	shortestMask = 8
	longestMask  = 31
)

// givenAddress checks one end. The four texts are recorded for public interfaces; the mirror texts follow them.
func givenAddress(end, s string, t InterfaceType) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil || !p.Addr().Is4() {
		return p, Clientf("%s %s is not a valid IPv4 address in CIDR notation.", end, s)
	}
	if p.Bits() < shortestMask || p.Bits() > longestMask {
		return p, Clientf("%s %s is not valid: its mask must be /%d to /%d.", end, s, shortestMask, longestMask)
	}
	if t == Public && (p.Addr().IsPrivate() || p.Addr().IsLinkLocalUnicast() || carrierGrade.Contains(p.Addr())) {
		return p, Clientf("%s is not allowed to contain a private IP", end)
	}
	if !p.Addr().IsGlobalUnicast() && !p.Addr().IsLinkLocalUnicast() {
		return p, Clientf("%s %s is not a unicast address.", end, s)
	}
	if p.Bits() < longestMask {
		switch p.Addr() {
		case p.Masked().Addr():
			return p, Clientf("%s is address 0 on its subnet.", end)
		case lastV4(p):
			return p, Clientf("%s is the broadcast address on its subnet.", end)
		}
	}
	return p, nil
}

// carrierGrade is shared address space: private in all but name (RFC 6598).
var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

func lastV4(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	host := uint32(1)<<(32-p.Bits()) - 1
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])|host)
	return netip.AddrFrom4(b)
}

type takenSubnet struct {
	subnet netip.Prefix
	by     string
}

func takenSubnets(v VirtualInterface, siblings []VirtualInterface) []takenSubnet {
	var taken []takenSubnet
	add := func(o VirtualInterface) {
		for _, p := range o.livePeers() {
			taken = append(taken, takenSubnet{p.Amazon.Masked(), o.ID})
		}
	}
	add(v)
	for _, s := range siblings {
		if s.ID != v.ID && s.Live() {
			add(s)
		}
	}
	return taken
}

func free(p netip.Prefix, taken []takenSubnet) error {
	for _, t := range taken {
		if t.subnet.Overlaps(p.Masked()) {
			return Clientf("IP address %s conflicts with an address of Virtual Interface %s.", p, t.by)
		}
	}
	return nil
}

func assignV4(id string, taken []takenSubnet) (amazon, customer netip.Prefix, err error) {
	const subnets = 1 << (assignedV4Bits - 16)
	start := spread(id, uint64(len(taken))) % subnets
	for i := range uint64(subnets) {
		b := linkLocal.Addr().As4()
		binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])|uint32((start+i)%subnets)<<(32-assignedV4Bits))
		base := netip.AddrFrom4(b)
		amazon, customer = offset(base, amazonOffset, assignedV4Bits), offset(base, customerV4Offset, assignedV4Bits)
		if free(amazon, taken) == nil {
			return amazon, customer, nil
		}
	}
	return amazon, customer, Clientf("No address is left in %s.", linkLocal)
}

func assignV6(id string, taken []takenSubnet) (amazon, customer netip.Prefix, err error) {
	for turn := uint64(0); ; turn++ {
		b := assignedV6.Addr().As16()
		binary.BigEndian.PutUint64(b[8:], spread(id, turn)&^(1<<(128-assignedV6Bits)-1))
		base := netip.AddrFrom16(b)
		amazon, customer = offset(base, amazonOffset, assignedV6Bits), offset(base, customerV6Offset, assignedV6Bits)
		if free(amazon, taken) == nil {
			return amazon, customer, nil
		}
	}
}

// spread is where the search for a free subnet begins, so that interfaces of different parents rarely have equal ones.
func spread(id string, turn uint64) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%d", id, turn) // never fails: hash.Hash
	return h.Sum64()
}

func offset(base netip.Addr, n uint64, bits int) netip.Prefix {
	for range n {
		base = base.Next()
	}
	return netip.PrefixFrom(base, bits)
}

// FormatAddress prints an address as the wire does: IPv4 as usual, IPv6 in lower case without :: and without padding.
func FormatAddress(p netip.Prefix) string {
	if p.Addr().Is4() {
		return p.String()
	}
	return formatV6(p, "%x")
}

// FormatPrefix prints an allowed prefix as the wire does: IPv6 fully padded.
func FormatPrefix(p netip.Prefix) string {
	if p.Addr().Is4() {
		return p.String()
	}
	return formatV6(p, "%04x")
}

func formatV6(p netip.Prefix, group string) string {
	b := p.Addr().As16()
	groups := make([]string, 0, 8)
	for i := 0; i < len(b); i += 2 {
		groups = append(groups, fmt.Sprintf(group, binary.BigEndian.Uint16(b[i:])))
	}
	return fmt.Sprintf("%s/%d", strings.Join(groups, ":"), p.Bits())
}
