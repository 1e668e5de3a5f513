package directconnect

import (
	"net/netip"
	"slices"
)

// Location is a colocation where ports are sold (API reference, Location).
type Location struct {
	Code      string   `json:"-"`
	Region    string   `json:"-"` // the Region whose endpoint lists it
	Name      string   `json:"name"`
	Partition string   `json:"partition,omitempty"` // aws, aws-cn, aws-us-gov
	Country   string   `json:"country,omitempty"`   // ISO 3166 code
	Operator  string   `json:"operator,omitempty"`
	Address   []string `json:"address,omitempty"` // lines, as on a letter

	PortSpeeds   []string      `json:"portSpeeds,omitempty"`   // "1G", "10G", ...: what is sold here
	MACsecSpeeds []string      `json:"macsecSpeeds,omitempty"` // the subset sold with MACsec
	Providers    []string      `json:"providers,omitempty"`    // network providers one may order with
	BillingModes []BillingMode `json:"billingModes,omitempty"` // empty: PayAsYouGo only

	Version int64 `json:"-"`
}

// NoLocation is the answer to a location code that the caller's Region does not have.
func NoLocation(code string) *Error { return Clientf("Location %s is not valid.", code) }

// Sells refuses a port that is not sold at the location.
func (l Location) Sells(b Bandwidth, macsec bool, provider string) error {
	switch {
	case !b.IsPort():
		return Clientf("Bandwidth %s is not valid. Valid values are 1Gbps, 10Gbps, 100Gbps and 400Gbps.", b)
	case !slices.Contains(l.PortSpeeds, b.Speed()):
		return Clientf("Bandwidth %s is not available at location %s.", b, l.Code)
	case macsec && b == Gbps1:
		return Clientf("MACsec is not supported on %s connections.", b)
	case macsec && !slices.Contains(l.MACsecSpeeds, b.Speed()):
		return Clientf("MACsec is not available for bandwidth %s at location %s.", b, l.Code)
	case provider != "" && !slices.Contains(l.Providers, provider):
		return Clientf("Provider %s is not available at location %s.", provider, l.Code)
	}
	return nil
}

// Bills refuses a billing mode that the location does not offer.
func (l Location) Bills(m BillingMode) error {
	if m == PayAsYouGo || slices.Contains(l.BillingModes, m) {
		return nil
	}
	return Clientf("Billing mode %s is not available at location %s.", m, l.Code)
}

// Router is an endpoint: the provider's device that ports belong to. Its name is what customers see as awsDevice
// (location code, a dash, 12 or 13 base-36 digits) and never changes.
type Router struct {
	Name     string `json:"-"`
	Location string `json:"-"`
	Region   string `json:"-"`
	Version  int64  `json:"-"`

	Fabric   Fabric     `json:"fabric,omitempty"`
	Drained  *Hold      `json:"drained,omitempty"` // it takes no new orders; what is there stays
	Backbone netip.Addr `json:"backbone,omitzero"` // its address towards the provider's other routers; not valid: it reaches none
}

// Fabric is what a router is made of.
type Fabric string

const (
	Simulated Fabric = ""      // inside this server
	Linux     Fabric = "linux" // a machine of its own, that an agent runs on
)

// Fabrics are the names that an inventory may use.
var Fabrics = map[string]Fabric{"": Simulated, "simulated": Simulated, "linux": Linux}
