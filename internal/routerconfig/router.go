// Package routerconfig writes the configuration of a customer's router for one virtual interface, as
// DescribeRouterConfiguration answers it: from the facts of the interface and a router type to the text that the customer
// loads, and to the XML that every virtual interface carries as customerRouterConfig.
//
// It is a pure function of its arguments: the same interface always gives the same text. There is one template for an
// operating system, shared by the router types that run it. The texts are our own.
//
// It does not decide who may see a configuration, find the interface, configure any router, or know a MACsec secret: where
// a CAK belongs it writes a marked placeholder. The BGP keys of the interface are in its output, which is therefore as
// secret as they are; they are in none of its errors.
package routerconfig

// Router is a type of router that a configuration can be written for. The members are those of the API's
// RouterType, with the same names and values.
type Router struct {
	Vendor   string
	Platform string
	Software string
	// XsltTemplateName is the name that the API gives to the template. It names no file here, but clients compare it.
	XsltTemplateName string
	// XsltTemplateNameForMacSec is empty, not absent, for a type whose configuration has no MACsec part.
	XsltTemplateNameForMacSec string
	// RouterTypeIdentifier is what the caller asks by. It is unique.
	RouterTypeIdentifier string
}

// Names that several router types share.
const (
	cisco   = "Cisco Systems, Inc."
	juniper = "Juniper Networks, Inc."

	xsltIOS   = "customer-router-cisco-generic.xslt"
	xsltNXOS  = "customer-switch-cisco-nexus-generic.xslt"
	xsltJunOS = "customer-router-juniper-generic.xslt"
)

// Routers lists every router type: the nine that the real service is known to have (values as recorded in the Terraform
// provider's documentation), then three of our own, for routers that are software. Those follow the recorded shape of an
// identifier: vendor, platform and software version, each without blanks and punctuation.
var Routers = []Router{
	{cisco, "2900 Series Routers", "IOS 12.4+", xsltIOS, "", "CiscoSystemsInc-2900SeriesRouters-IOS124"},
	{cisco, "3700 Series Routers", "IOS 12.4+", xsltIOS, "", "CiscoSystemsInc-3700SeriesRouters-IOS124"},
	{cisco, "7200 Series Routers", "IOS 12.4+", xsltIOS, "", "CiscoSystemsInc-7200SeriesRouters-IOS124"},
	{cisco, "Nexus 7000 Series Switches", "NX-OS 5.1+", xsltNXOS, "", "CiscoSystemsInc-Nexus7000SeriesSwitches-NXOS51"},
	{cisco, "Nexus 9K+ Series Switches", "NX-OS 9.3+", xsltNXOS, "customer-switch-cisco-nexus-generic-macsec.xslt",
		"CiscoSystemsInc-Nexus9KSeriesSwitches-NXOS93"},
	{juniper, "M/MX Series Routers", "JunOS 9.5+", xsltJunOS, "customer-router-juniper-generic-macsec.xslt",
		"JuniperNetworksInc-MMXSeriesRouters-JunOS95"},
	{juniper, "SRX Series Routers", "JunOS 9.5+", xsltJunOS, "", "JuniperNetworksInc-SRXSeriesRouters-JunOS95"},
	{juniper, "T Series Routers", "JunOS 9.5+", xsltJunOS, "", "JuniperNetworksInc-TSeriesRouters-JunOS95"},
	{"Palo Alto Networks", "PA-3000+ and 5000+ series", "PAN-OS 8.0.3+", "customer-router-palo-alto-generic.xslt", "",
		"PaloAltoNetworks-PA3000and5000series-PANOS803"},

	{"FRRouting", "FRR", "FRR 8+", "customer-router-frr-generic.xslt", "", "FRRouting-FRR-8"},
	{"CZ.NIC", "BIRD", "BIRD 2+", "customer-router-bird-generic.xslt", "", "CZNIC-BIRD-2"},
	{"VyOS", "VyOS", "VyOS 1.4+", "customer-router-vyos-generic.xslt", "", "VyOS-VyOS-14"},
}

// Lookup returns the router type with exactly this identifier.
func Lookup(identifier string) (Router, bool) {
	for _, r := range Routers {
		if r.RouterTypeIdentifier == identifier {
			return r, true
		}
	}
	return Router{}, false
}
