package conformance

import (
	"strings"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

func (c *caller) configuration(t testing.TB, id, router string) (*dc.DescribeRouterConfigurationOutput, error) {
	in := &dc.DescribeRouterConfigurationInput{VirtualInterfaceId: &id}
	if router != "" {
		in.RouterTypeIdentifier = &router
	}
	return c.DescribeRouterConfiguration(t.Context(), in)
}

// TestRouterConfigurations: the nine recorded types with all their names, and without a type the XML alone.
func TestRouterConfigurations(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1234, func(n *private) {
		n.AuthKey, n.AmazonAddress, n.CustomerAddress = str("a-key-of-ours"), str("192.168.7.1/30"), str("192.168.7.2/30")
	})
	xml := a.vif(t, id)["customerRouterConfig"]
	got(a.configuration(t, id, ""))(t)
	holds(t, a.object(), members{"virtualInterfaceId": id, "virtualInterfaceName": "private", "customerRouterConfig": xml})
	const cisco, juniper = "Cisco Systems, Inc.", "Juniper Networks, Inc."
	for _, r := range [][]string{
		{"CiscoSystemsInc-2900SeriesRouters-IOS124", cisco, "2900 Series Routers", "IOS 12.4+", "customer-router-cisco-generic.xslt", ""},
		{"CiscoSystemsInc-3700SeriesRouters-IOS124", cisco, "3700 Series Routers", "IOS 12.4+", "customer-router-cisco-generic.xslt", ""},
		{"CiscoSystemsInc-7200SeriesRouters-IOS124", cisco, "7200 Series Routers", "IOS 12.4+", "customer-router-cisco-generic.xslt", ""},
		{"CiscoSystemsInc-Nexus7000SeriesSwitches-NXOS51", cisco, "Nexus 7000 Series Switches", "NX-OS 5.1+", "customer-switch-cisco-nexus-generic.xslt", ""},
		{"CiscoSystemsInc-Nexus9KSeriesSwitches-NXOS93", cisco, "Nexus 9K+ Series Switches", "NX-OS 9.3+", "customer-switch-cisco-nexus-generic.xslt", "customer-switch-cisco-nexus-generic-macsec.xslt"},
		{"JuniperNetworksInc-MMXSeriesRouters-JunOS95", juniper, "M/MX Series Routers", "JunOS 9.5+", "customer-router-juniper-generic.xslt", "customer-router-juniper-generic-macsec.xslt"},
		{"JuniperNetworksInc-SRXSeriesRouters-JunOS95", juniper, "SRX Series Routers", "JunOS 9.5+", "customer-router-juniper-generic.xslt", ""},
		{"JuniperNetworksInc-TSeriesRouters-JunOS95", juniper, "T Series Routers", "JunOS 9.5+", "customer-router-juniper-generic.xslt", ""},
		{"PaloAltoNetworks-PA3000and5000series-PANOS803", "Palo Alto Networks", "PA-3000+ and 5000+ series", "PAN-OS 8.0.3+", "customer-router-palo-alto-generic.xslt", ""},
	} {
		text := *got(a.configuration(t, id, r[0]))(t).CustomerRouterConfig
		holds(t, a.object()["router"], members{
			"routerTypeIdentifier": r[0], "vendor": r[1], "platform": r[2], "software": r[3], "xsltTemplateName": r[4], "xsltTemplateNameForMacSec": r[5],
		})
		holds(t, list{a.object()["virtualInterfaceId"], a.object()["virtualInterfaceName"]}, list{id, "private"})
		for _, part := range []string{"1234", "192.168.7.1", "192.168.7.2", "a-key-of-ours", "65000", "64512"} {
			if !strings.Contains(text, part) {
				t.Errorf("the configuration for %s lacks %s:\n%s", r[0], part, text)
			}
		}
	}
	for _, ours := range []string{"FRRouting-FRR-8", "CZNIC-BIRD-2", "VyOS-VyOS-14"} {
		got(a.configuration(t, id, ours))(t)
	}
	w.unchanged(t, func() {
		refused(a.configuration(t, id, "Unknown-Router-1"))(t, client, "Router type Unknown-Router-1 is not valid.")
		refused(w.as(t, bob).configuration(t, id, ""))(t, client, "Virtual Interface "+id+" does not exist.")
	})
}

// TestRouterConfigurationOfHosted: for the owner of the connection, not for the account that the interface was allocated to.
func TestRouterConfigurationOfHosted(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	id := a.allocate(t, "private", a.port(t, "10Gbps"), bob, 1)
	got(a.configuration(t, id, "CiscoSystemsInc-2900SeriesRouters-IOS124"))(t)
	refused(b.configuration(t, id, "CiscoSystemsInc-2900SeriesRouters-IOS124"))(
		t, client, "The router configuration of hosted Virtual Interface "+id+" is for the owner of its connection.")
}

// TestRouterConfigurationWithMACsec: the key's name is there where the type has MACsec; the secret is nowhere.
func TestRouterConfigurationWithMACsec(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.orderSecure(t, ashburn, "10Gbps", "x")
	w.light(port)
	got(a.addKey(t, port, 1))(t)
	id := a.private(t, port, 1)
	for router, has := range map[string]bool{
		"CiscoSystemsInc-Nexus9KSeriesSwitches-NXOS93": true, "JuniperNetworksInc-MMXSeriesRouters-JunOS95": true,
		"CiscoSystemsInc-2900SeriesRouters-IOS124": false,
	} {
		text := strings.ToLower(*got(a.configuration(t, id, router))(t).CustomerRouterConfig)
		if strings.Contains(text, strings.ToLower(ckn(1))) != has {
			t.Errorf("%s: the key's name is there: %v, want %v\n%s", router, !has, has, text)
		}
		if strings.Contains(text, strings.ToLower(cak(1))) {
			t.Errorf("%s: the secret is in the configuration", router)
		}
	}
}
