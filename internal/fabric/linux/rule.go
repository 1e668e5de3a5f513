package linux

import (
	"cmp"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"onramp/internal/fabric"
)

// verdict is what a rule does with what it matches.
type verdict int

const (
	pass   verdict = iota
	drop           // all of it
	detour         // through Via, which sends it
	enter          // to Via, which takes it
)

// rule is one filter of a device, at its clsact qdisc. Rules are asked in order of Order; a packet that none matches passes.
type rule struct {
	Sent    bool         // of what the device sends; otherwise of what it takes
	Order   uint16       // tc's preference; each has one Protocol
	Proto   uint16       // EtherType, or unix.ETH_P_ALL
	To      netip.Prefix // not valid: any destination
	Verdict verdict
	Via     string // device name
}

// The orders of rules. A preference has one protocol and one kind of classifier.
const (
	orderPass4 = 10
	orderPass6 = 11
	orderPass  = 12 // and the next
	orderDrop4 = 20
	orderDrop6 = 21
	orderDrop  = 22 // and the next
	orderRest  = 30
)

const (
	etherMACsec = 0x88e5 // IEEE 802.1AE
	etherEAPOL  = 0x888e // IEEE 802.1X: the key agreement itself
)

func compareRules(a, b rule) int {
	if a.Sent != b.Sent {
		if a.Sent {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Proto, b.Proto), a.To.Addr().Compare(b.To.Addr()),
		cmp.Compare(a.To.Bits(), b.To.Bits()), cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Via, b.Via))
}

func sortedRules(rules []rule) []rule {
	slices.SortFunc(rules, compareRules)
	return slices.Compact(rules)
}

// untagged keeps the host's own IP stack from whoever is behind a port: it would answer for any of its addresses (the weak
// host model, RFC 1122 section 3.3.4.2).
func untagged() []rule {
	return sortedRules([]rule{
		{Order: orderDrop4, Proto: unix.ETH_P_IP, Verdict: drop},
		{Order: orderDrop6, Proto: unix.ETH_P_IPV6, Verdict: drop},
		{Order: orderDrop, Proto: unix.ETH_P_ARP, Verdict: drop},
	})
}

// encryptedOnly lets nothing in the clear in or out of a port, whatever becomes of the MACsec device on it.
func encryptedOnly() []rule {
	var rules []rule
	for _, sent := range []bool{false, true} {
		rules = append(rules,
			rule{Sent: sent, Order: orderPass, Proto: etherMACsec},
			rule{Sent: sent, Order: orderPass + 1, Proto: etherEAPOL},
			rule{Sent: sent, Order: orderDrop + 1, Proto: unix.ETH_P_ALL, Verdict: drop})
	}
	return sortedRules(rules)
}

// bundled reports whether a rule of a MACsec device gives what it takes to a bundle.
func (r rule) bundled() bool { return r.Verdict == detour && !r.Sent }

// place is what no two rules of a device have the same.
func (r rule) place() rule {
	r.Verdict, r.Via = 0, ""
	return r
}

// shaped sends what rules let in through a shaper. Dropping what is too much would be simpler (tc-police(8)), but TCP over
// a short link then loses whole windows and gets half of the rate.
func shaped(rules []rule, via string) []rule {
	for i, r := range rules {
		if r.Verdict == pass && !r.Sent {
			rules[i].Verdict, rules[i].Via = detour, via
		}
	}
	return sortedRules(append(rules, rule{Order: orderRest, Proto: unix.ETH_P_ALL, Verdict: detour, Via: via}))
}

// entrance lets in from an interface what goes to an address that its neighbours were told of, and to its own subnets. So
// two customers of one VRF reach each other only if the one is announced to the other, and nobody reaches the router's
// other addresses.
func entrance(f fabric.Interface) []rule {
	four, six := []netip.Prefix{}, []netip.Prefix{}
	for _, n := range f.Neighbors {
		to := &four
		if n.Local.Addr().Is6() {
			to = &six
		}
		*to = append(*to, n.Local.Masked())
		for _, a := range n.Export {
			*to = append(*to, a.Prefix)
		}
	}
	if len(six) > 0 { // neighbour discovery (RFC 4861)
		six = append(six, netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("ff00::/8"))
	}
	rules := allowed(four, rule{Order: orderPass4, Proto: unix.ETH_P_IP}, orderDrop4)
	return sortedRules(append(rules, allowed(six, rule{Order: orderPass6, Proto: unix.ETH_P_IPV6}, orderDrop6)...))
}

func allowed(to []netip.Prefix, like rule, last uint16) []rule {
	var rules []rule
	for _, p := range to {
		if p.Bits() == 0 {
			return nil // anything
		}
		r := like
		r.To = p
		rules = append(rules, r)
	}
	return append(rules, rule{Order: last, Proto: like.Proto, Verdict: drop})
}
