package routerconfig

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func TestBadInterfaces(t *testing.T) {
	t.Parallel()
	change := func(f func(*Interface)) Interface { i := private(ipv4Peer(), ipv6Peer()); f(&i); return i }
	for want, i := range map[string]Interface{
		`virtual interface ID "" is empty`:                          change(func(i *Interface) { i.ID = "" }),
		`virtual interface ID "a\nb" is empty`:                      change(func(i *Interface) { i.ID = "a\nb" }),
		`type "hosted" is none of`:                                  change(func(i *Interface) { i.Type = "hosted" }),
		`VLAN 0 is outside 1..4094`:                                 change(func(i *Interface) { i.VLAN = 0 }),
		`VLAN 4095 is outside 1..4094`:                              change(func(i *Interface) { i.VLAN = 4095 }),
		`MTU 1279 is outside 1280..9216`:                            change(func(i *Interface) { i.MTU = 1279 }),
		`MTU 9217 is outside 1280..9216`:                            change(func(i *Interface) { i.MTU = 9217 }),
		`far side's ASN 0 is outside 1..4294967294`:                 change(func(i *Interface) { i.AmazonASN = 0 }),
		`far side's ASN 4294967295 is outside`:                      change(func(i *Interface) { i.AmazonASN = 4294967295 }),
		`has no BGP peer`:                                           change(func(i *Interface) { i.Peers = nil }),
		`a private virtual interface has no route filter`:           change(func(i *Interface) { i.Prefixes = []string{"10.0.0.0/8"} }),
		`route filter prefix "10.0.0.0" is not in CIDR`:             public("10.0.0.0"),
		`address family "ipv5" is neither`:                          change(func(i *Interface) { i.Peers[0].Family = "ipv5" }),
		`169.254.255.1/30 is no address of an ipv6 peer`:            change(func(i *Interface) { i.Peers[0].Family = "ipv6" }),
		`invalid Prefix is no address of an ipv4 peer`:              change(func(i *Interface) { i.Peers[0].AmazonAddress = netip.Prefix{} }),
		`169.254.255.1/30 and 10.0.0.2/30 are not on the same`:      change(func(i *Interface) { i.Peers[0].CustomerAddress = prefix("10.0.0.2/30") }),
		`169.254.255.1/30 and 169.254.255.2/31 are not on the same`: change(func(i *Interface) { i.Peers[0].CustomerAddress = prefix("169.254.255.2/31") }),
		`169.254.255.1/30 is the address of both`:                   change(func(i *Interface) { i.Peers[0].CustomerAddress = i.Peers[0].AmazonAddress }),
		`ASN -1 is outside`:                                         change(func(i *Interface) { i.Peers[1].ASN = -1 }),
		`ASN 64512 is that of both sides`:                           change(func(i *Interface) { i.Peers[1].ASN = 64512 }),
		`two BGP peers with the address 169.254.255.1 differ`: change(func(i *Interface) {
			i.Peers[1] = i.Peers[0]
			i.Peers[1].Key = "another-key"
		}),
		`0 MACsec keys where 1..3`: change(func(i *Interface) { i.MACsec = &MACsec{} }),
		`4 MACsec keys where 1..3`: change(func(i *Interface) { i.MACsec = &MACsec{CKNs: []string{"aa", "bb", "cc", "dd"}} }),
		`CKN "abc" is not an even`: change(func(i *Interface) { i.MACsec = &MACsec{CKNs: []string{"abc"}} }),
		`CKN "ab\ncd" is not an`:   change(func(i *Interface) { i.MACsec = &MACsec{CKNs: []string{"ab\ncd"}} }),
	} {
		for _, r := range Routers {
			text, err := Render(r, i)
			if err == nil || !strings.Contains(err.Error(), want) || text != "" || errors.Is(err, ErrUnsuited) {
				t.Errorf("%s: error %v, want %q", r.RouterTypeIdentifier, err, want)
			}
		}
	}
}

func TestUnsuited(t *testing.T) {
	t.Parallel()
	for _, r := range Routers {
		_, err := Render(r, twoASNs())
		if pan := strings.HasPrefix(r.RouterTypeIdentifier, "PaloAlto"); pan != errors.Is(err, ErrUnsuited) || !pan && err != nil {
			t.Errorf("%s with two ASNs: %v", r.RouterTypeIdentifier, err)
		}
	}
	if _, err := Render(Router{RouterTypeIdentifier: "Acme-Router-1"}, private()); err == nil || !strings.Contains(err.Error(), `"Acme-Router-1" is not known`) {
		t.Errorf("an unknown router type: %v", err)
	}
}

// TestRouterTypes holds the recorded values, as the Terraform provider's documentation has them.
func TestRouterTypes(t *testing.T) {
	t.Parallel()
	const recorded = `CiscoSystemsInc-2900SeriesRouters-IOS124|Cisco Systems, Inc.|2900 Series Routers|IOS 12.4+|customer-router-cisco-generic.xslt|
CiscoSystemsInc-3700SeriesRouters-IOS124|Cisco Systems, Inc.|3700 Series Routers|IOS 12.4+|customer-router-cisco-generic.xslt|
CiscoSystemsInc-7200SeriesRouters-IOS124|Cisco Systems, Inc.|7200 Series Routers|IOS 12.4+|customer-router-cisco-generic.xslt|
CiscoSystemsInc-Nexus7000SeriesSwitches-NXOS51|Cisco Systems, Inc.|Nexus 7000 Series Switches|NX-OS 5.1+|customer-switch-cisco-nexus-generic.xslt|
CiscoSystemsInc-Nexus9KSeriesSwitches-NXOS93|Cisco Systems, Inc.|Nexus 9K+ Series Switches|NX-OS 9.3+|customer-switch-cisco-nexus-generic.xslt|customer-switch-cisco-nexus-generic-macsec.xslt
JuniperNetworksInc-MMXSeriesRouters-JunOS95|Juniper Networks, Inc.|M/MX Series Routers|JunOS 9.5+|customer-router-juniper-generic.xslt|customer-router-juniper-generic-macsec.xslt
JuniperNetworksInc-SRXSeriesRouters-JunOS95|Juniper Networks, Inc.|SRX Series Routers|JunOS 9.5+|customer-router-juniper-generic.xslt|
JuniperNetworksInc-TSeriesRouters-JunOS95|Juniper Networks, Inc.|T Series Routers|JunOS 9.5+|customer-router-juniper-generic.xslt|
PaloAltoNetworks-PA3000and5000series-PANOS803|Palo Alto Networks|PA-3000+ and 5000+ series|PAN-OS 8.0.3+|customer-router-palo-alto-generic.xslt|`
	for n, line := range strings.Split(recorded, "\n") {
		f := strings.Split(line, "|")
		want := Router{f[1], f[2], f[3], f[4], f[5], f[0]}
		if got, ok := Lookup(f[0]); !ok || got != want || Routers[n] != want {
			t.Errorf("%s: %+v, want %+v", f[0], got, want)
		}
	}
	if _, ok := Lookup("ciscosystemsinc-2900seriesrouters-ios124"); ok {
		t.Error("an identifier in lower case is found")
	}
	seen := map[string]bool{}
	for _, r := range Routers {
		if _, known := systems[r.XsltTemplateName]; !known || seen[r.RouterTypeIdentifier] {
			t.Errorf("%s: no system, or twice", r.RouterTypeIdentifier)
		}
		seen[r.RouterTypeIdentifier] = true
	}
}
