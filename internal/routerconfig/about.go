package routerconfig

import (
	"fmt"
	"net/netip"
)

// about is the head of every configuration, without comment signs: what it is for, and what the reader has to know
// whatever the system.
func about(r Router, i Interface, v *view, networks []netip.Prefix) []string {
	lines := []string{
		fmt.Sprintf("Router configuration for virtual interface %s", i.ID),
		fmt.Sprintf("Name         %s", label(i.Name)),
		fmt.Sprintf("Router       %s, %s (%s)", r.Platform, r.Software, r.Vendor),
		fmt.Sprintf("Connection   %s, %s, VLAN %d, MTU %d", label(i.ConnectionID), i.Type, i.VLAN, i.MTU),
	}
	if i.Device != "" {
		lines = append(lines, "Far side     "+label(i.Device))
	}
	for _, f := range v.Families {
		for _, p := range f.Peers {
			lines = append(lines, fmt.Sprintf("BGP          %s AS %d here, %s AS %d there", p.Customer, p.ASN, p.Amazon, v.Amazon))
		}
	}
	lines = append(lines, "",
		"This text contains the BGP key: keep it as safe as the router.",
		"Both sides propose a hold time of 90 s and a keepalive interval of 30 s. BFD",
		"detects a dead path in 0.9 s (3 x 300 ms). It closes the session, so graceful",
		"restart (120 s) helps with a BGP process that restarts, not with a broken path.")
	lines = append(lines, notes(r, i, v, networks)...)
	return lines
}

// notes are the parts of the head that not every interface has.
func notes(r Router, i Interface, v *view, networks []netip.Prefix) []string {
	var lines []string
	if v.LAG {
		lines = append(lines, "", "The connection is a LAG: where a physical port is named below, put your",
			"aggregated interface (LACP, active) instead.")
		if v.MACsec != nil {
			lines = append(lines, "Only MACsec belongs on each of its member ports.")
		}
	}
	if v.Outer > 0 {
		lines = append(lines, "", fmt.Sprintf("Hosted connection: on the partner's port a frame has the tag of VLAN %d (802.1ad,", v.Outer),
			fmt.Sprintf("0x88a8) around that of VLAN %d. Whoever adds it needs an MTU of %d on that port.", v.VLAN, i.MTU+tagLength))
	}
	if v.Jumbo {
		lines = append(lines, "", fmt.Sprintf("Jumbo frames: every device on the way to your hosts needs an MTU of %d, too.", i.MTU))
	}
	if i.MACsec != nil && r.XsltTemplateNameForMacSec == "" {
		lines = append(lines, "", "The port has a MACsec key, and this router type has no MACsec part here.")
		if i.MACsec.MustEncrypt {
			lines = append(lines, "Its mode is must_encrypt: nothing passes until a device of yours speaks MACsec.")
		} else {
			lines = append(lines, "Its mode lets frames pass in clear, so the interface works, unencrypted.")
		}
	}
	if v.wide() {
		lines = append(lines, "", "ASNs over 65535 need four-octet AS numbers in plain notation (RFC 6793, RFC 5396).")
	}
	for _, f := range v.Families {
		if v.Public && len(f.Networks) == 0 {
			lines = append(lines, "", "No "+f.Name+" prefix is registered for this interface: nothing is announced there.")
		}
	}
	if len(v.Families) == 1 {
		if left := ofFamily(networks, !v.Families[0].V4); len(left) > 0 {
			lines = append(lines, "", "Not announced, as there is no BGP peer of their family:")
			for _, p := range left {
				lines = append(lines, "  "+p.String())
			}
		}
	}
	return append(lines, communities(v)...)
}

// communities tells the values that the far side acts on.
func communities(v *view) []string {
	if v.Public {
		return []string{"", "Communities: 7224:9100 on what you announce limits it to the Region, 7224:9200 to",
			"the continent; 7224:9300 (or none of them) lets it go everywhere. What you learn",
			"has 7224:8100 or 7224:8200 likewise, and NO_EXPORT: do not pass it on."}
	}
	return []string{"", "Communities: 7224:7100, 7224:7200 or 7224:7300 on what you announce asks for a low,",
		"medium or high preference of this interface for traffic towards you."}
}

// wide reports whether a 4-octet ASN occurs.
func (v *view) wide() bool {
	for _, f := range v.Families {
		for _, p := range f.Peers {
			if p.ASN > 65535 {
				return true
			}
		}
	}
	return v.Amazon > 65535
}
