package directconnect

import (
	"fmt"
	"hash/fnv"
	"strings"
)

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

// NewFarGateway is an entry of the operator's registry. asn is the provider's side, 0 for the default; cidrs are the
// networks behind the gateway, which the wire will spell its own way.
func NewFarGateway(id, account, region string, asn int64, cidrs []string) (FarGateway, error) {
	kind, ok := FarKindOf(id)
	if !ok {
		return FarGateway{}, Clientf("%s is not the ID of a gateway: that is vgw- and 8 or 17 hexadecimal digits, or tgw- and 17.", id)
	}
	if asn == 0 {
		asn = defaultFarASN
	}
	return FarGateway{ID: id, Account: account, Region: region, Kind: kind}.Change(&asn, cidrs)
}

// defaultFarASN is the default of virtual private gateways and of transit gateways (EC2 API reference).
const defaultFarASN = 64512

// minLongPrivateASN is the first of the private ASNs of four bytes (RFC 6996).
const minLongPrivateASN = 4200000000

// maxFarCIDRs bounds the networks of one gateway.
const maxFarCIDRs = 1000

// Change gives the gateway another ASN and other networks; nil leaves them.
func (f FarGateway) Change(asn *int64, cidrs []string) (FarGateway, error) {
	if asn != nil {
		if *asn < 1 || *asn > maxASNLong {
			return f, Clientf("ASN %d is not valid. Valid values are 1 to %d.", *asn, int64(maxASNLong))
		}
		f.ASN = *asn
	}
	if cidrs == nil {
		return f, nil
	}
	parsed, err := ParsePrefixes(cidrs)
	if err != nil {
		return f, err
	}
	if len(parsed) > maxFarCIDRs {
		return f, QuotaExceeded("networks of "+f.ID, maxFarCIDRs)
	}
	for i, p := range parsed {
		if overlapping(parsed[:i], []string{p}) != "" {
			return f, Clientf("CIDR %s overlaps another one of %s.", p, f.ID)
		}
	}
	f.CIDRs = parsed
	return f, nil
}

// OpenFarGateway is the gateway that an unknown well-formed identifier stands for in open mode: the caller's own. Its
// network and a transit gateway's ASN follow from the identifier, so that several of them go together on one Direct
// Connect gateway, and each is the same whenever it is asked for.
func OpenFarGateway(id, account, region string) (FarGateway, bool) {
	kind, ok := FarKindOf(id)
	if !ok {
		return FarGateway{}, false
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails: hash.Hash
	sum := h.Sum32()
	f := FarGateway{ID: id, Account: account, Region: region, Kind: kind, ASN: defaultFarASN}
	if kind == TransitGateway {
		f.ASN = minLongPrivateASN + int64(sum%(maxASNLong-minLongPrivateASN))
	}
	f.CIDRs = []string{fmt.Sprintf("10.%d.%d.0/24", sum>>8&0xff, sum&0xff)}
	return f, true
}
