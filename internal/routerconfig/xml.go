package routerconfig

import (
	"encoding/xml"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// XML returns the customerRouterConfig of a virtual interface, to the letter as recorded in the AWS CLI's examples:
// order of elements, two spaces of indent, a newline at the end. The elements of a family are those of its first peer and
// are left out if there is none; IPv4 comes first whatever the order of the peers.
func XML(i Interface) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	fmt.Fprintf(&b, "<logical_connection id=\"%s\">\n", escaped(i.ID))
	element := func(name, text string) { fmt.Fprintf(&b, "  <%s>%s</%s>\n", name, escaped(text), name) }
	element("vlan", strconv.Itoa(i.VLAN))
	for _, family := range []struct{ name, prefix string }{{"ipv4", ""}, {"ipv6", "ipv6_"}} {
		p, ok := firstPeer(i.Peers, family.name)
		if !ok {
			continue
		}
		element(family.prefix+"customer_address", plain(p.CustomerAddress))
		element(family.prefix+"amazon_address", plain(p.AmazonAddress))
		element(family.prefix+"bgp_asn", strconv.FormatInt(p.ASN, 10))
		element(family.prefix+"bgp_auth_key", p.Key)
	}
	element("amazon_bgp_asn", strconv.FormatInt(i.AmazonASN, 10))
	element("connection_type", i.Type)
	b.WriteString("</logical_connection>\n")
	return b.String()
}

func firstPeer(peers []Peer, family string) (Peer, bool) {
	for _, p := range peers {
		if p.Family == family {
			return p, true
		}
	}
	return Peer{}, false
}

// plain writes an address as the service was seen to: IPv6 as eight groups without padding and without "::".
func plain(p netip.Prefix) string {
	if !p.Addr().Is6() {
		return p.String()
	}
	a := p.Addr().As16()
	groups := make([]string, 8)
	for i := range groups {
		groups[i] = strconv.FormatUint(uint64(a[2*i])<<8|uint64(a[2*i+1]), 16)
	}
	return strings.Join(groups, ":") + "/" + strconv.Itoa(p.Bits())
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}
