package controlplane

import (
	"crypto/rand"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// interfaceInput is what the six shapes of a new virtual interface have between them.
type interfaceInput struct {
	name                    *string
	vlan, mtu               *int32
	peer                    peerInput
	virtualGateway, gateway *string
	siteLink                *bool
	filter                  []api.RouteFilterPrefix
	rateLimit               *string
	poolIPv4, poolIPv6      *int32
	tags                    []api.Tag
}

// peerInput is a BGP session as the wire asks for it.
type peerInput struct {
	asn              *int32
	asnLong          *int64
	key, family      *string
	amazon, customer *string
}

// order parses the wire's members; the key comes apart, in clear, because it is sealed under the interface's identifier.
func (in interfaceInput) order(t directconnect.InterfaceType) (o directconnect.InterfaceOrder, key string, err error) {
	o = directconnect.InterfaceOrder{Type: t, SiteLink: value(in.siteLink), MTU: value(in.mtu), PoolIPv4: in.poolIPv4, PoolIPv6: in.poolIPv6}
	if o.Name, err = requiredText("virtualInterfaceName", in.name); err != nil {
		return o, "", err
	}
	if o.VLAN, err = requiredNumber("vlan", in.vlan); err != nil {
		return o, "", err
	}
	if o.VirtualGatewayID, err = optionalText("virtualGatewayId", in.virtualGateway); err != nil {
		return o, "", err
	}
	if o.GatewayID, err = optionalText("directConnectGatewayId", in.gateway); err != nil {
		return o, "", err
	}
	if o.RouteFilter, err = prefixesOf(in.filter); err != nil {
		return o, "", err
	}
	if o.RateLimit, err = directconnect.ParseRateLimit(value(in.rateLimit)); err != nil {
		return o, "", err
	}
	if o.Tags, err = tagsOf(in.tags); err != nil {
		return o, "", err
	}
	o.Peer, key, err = in.peer.order()
	return o, key, err
}

// order parses a session; a key that is not given is made.
func (in peerInput) order() (o directconnect.PeerOrder, key string, err error) {
	if o.Family, err = directconnect.ParseFamily(value(in.family)); err != nil {
		return o, "", err
	}
	if o.ASN, err = directconnect.ParseASN(in.asn, in.asnLong); err != nil {
		return o, "", err
	}
	o.Amazon, o.Customer = value(in.amazon), value(in.customer)
	if in.key != nil {
		return o, *in.key, directconnect.CheckBGPKey(*in.key)
	}
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand.Read
	return o, directconnect.BGPKey(b[:]), nil
}

// prefixesOf reads a list of CIDR structures, in the wire's spelling, each once.
func prefixesOf(in []api.RouteFilterPrefix) ([]string, error) {
	cidrs := make([]string, 0, len(in))
	for _, p := range in {
		c, err := requiredText("cidr", p.Cidr)
		if err != nil {
			return nil, err
		}
		cidrs = append(cidrs, c)
	}
	return directconnect.ParsePrefixes(cidrs)
}
