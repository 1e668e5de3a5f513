package directconnect

import "strings"

// FarKind is what a gateway on the far side is: what the wire calls the type of an associated gateway.
type FarKind string

const (
	VirtualPrivateGateway FarKind = "virtualPrivateGateway"
	TransitGateway        FarKind = "transitGateway"
)

func (k FarKind) words() string {
	if k == TransitGateway {
		return "transit gateway"
	}
	return "virtual private gateway"
}

// FarGateway is a virtual private gateway or transit gateway: the far side, which the operator's registry knows.
type FarGateway struct {
	ID      string   `json:"-"` // vgw-... or tgw-...
	Account string   `json:"-"`
	Region  string   `json:"-"`
	Kind    FarKind  `json:"kind"`
	ASN     int64    `json:"asn"`             // of the provider's side
	CIDRs   []string `json:"cidrs,omitempty"` // of the VPCs behind it
	Version int64    `json:"-"`
}

// FarKindOf tells the kind by an identifier's shape: vgw- with 8 or 17 hexadecimal digits, tgw- with 17.
func FarKindOf(id string) (FarKind, bool) {
	prefix, rest, _ := strings.Cut(id, "-")
	hex := strings.Trim(rest, "0123456789abcdef") == ""
	switch {
	case prefix == "vgw" && hex && (len(rest) == 8 || len(rest) == 17):
		return VirtualPrivateGateway, true
	case prefix == "tgw" && hex && len(rest) == 17:
		return TransitGateway, true
	}
	return "", false
}

// NoVirtualGateway is the recorded answer to a virtual private gateway that is not there or not in the Region.
func NoVirtualGateway(id string) *Error { return Clientf("The VirtualGateway %s does not exist.", id) }

// NoTransitGateway follows it; the service's own wording is not known.
func NoTransitGateway(id string) *Error { return Clientf("The TransitGateway %s does not exist.", id) }

// NoFarGateway is the answer for either kind.
func NoFarGateway(id string) *Error {
	if strings.HasPrefix(id, "tgw-") {
		return NoTransitGateway(id)
	}
	return NoVirtualGateway(id)
}

// openASN is the provider's ASN of a gateway that open mode stands for.
const openASN = 64512

// openTransitASN differs from it, so that a default Direct Connect gateway can be associated.
const openTransitASN = 64513

// OpenFarGateway is the gateway that an unknown well-formed identifier stands for in open mode: the caller's own.
func OpenFarGateway(id, account, region string) (FarGateway, bool) {
	kind, ok := FarKindOf(id)
	if !ok {
		return FarGateway{}, false
	}
	f := FarGateway{ID: id, Account: account, Region: region, Kind: kind, ASN: openASN, CIDRs: []string{"10.0.0.0/16"}}
	if kind == TransitGateway {
		f.ASN = openTransitASN
	}
	return f, true
}
