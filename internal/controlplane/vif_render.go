package controlplane

import (
	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/routerconfig"
)

// renderInterface is the one place that renders a VirtualInterface, for all operations that answer one (fact sheet 8.4).
// The BGP keys are opened for it: the documented answer holds them in clear.
func (s *Service) renderInterface(v directconnect.VirtualInterface, viewer Caller) (*api.VirtualInterface, error) {
	peers := make([]api.BGPPeer, 0, len(v.Peers))
	for _, p := range v.Peers {
		shown, err := s.renderPeer(v, p)
		if err != nil {
			return nil, err
		}
		peers = append(peers, *shown)
	}
	config, err := s.routerInterface(v)
	if err != nil {
		return nil, err
	}
	xml := routerconfig.XML(config)
	jumbo := true // every router of ours takes jumbo frames
	out := &api.VirtualInterface{
		OwnerAccount: &v.Account, VirtualInterfaceID: &v.ID, Location: &v.Location, ConnectionID: &v.ParentID,
		VirtualInterfaceType: text(v.Type), VirtualInterfaceName: &v.Name, Vlan: &v.VLAN, Region: &v.Region,
		VirtualInterfaceState: text(v.State), AmazonSideASN: &v.AmazonASN, Mtu: &v.MTU, JumboFrameCapable: &jumbo,
		VirtualGatewayID: &v.VirtualGatewayID, DirectConnectGatewayID: &v.GatewayID,
		RouteFilterPrefixes: renderPrefixes(v.RouteFilter), BgpPeers: peers, CustomerRouterConfig: &xml,
		AwsDeviceV2: &v.Router, AwsLogicalDeviceID: &v.Router, Tags: tagsFor(v.Account, v.Tags, viewer),
		SiteLinkEnabled: &v.SiteLink, RateLimit: nonEmpty(string(v.RateLimit)),
	}
	if v.Type != directconnect.Public && v.PoolIPv4+v.PoolIPv6 > 0 {
		out.PrefixPoolAllocatedCountIpv4, out.PrefixPoolAllocatedCountIpv6 = &v.PoolIPv4, &v.PoolIPv6
	}
	if len(peers) > 0 { // the top level repeats the first session
		first := peers[0]
		out.ASN, out.ASNLong, out.AuthKey, out.AddressFamily = first.ASN, first.ASNLong, first.AuthKey, first.AddressFamily
		out.AmazonAddress, out.CustomerAddress = first.AmazonAddress, first.CustomerAddress
	}
	return out, nil
}

func (s *Service) renderPeer(v directconnect.VirtualInterface, p directconnect.BGPPeer) (*api.BGPPeer, error) {
	key, err := s.Seal.Open(p.Key, bgpContext(v.ID))
	if err != nil {
		return nil, err
	}
	clear, status, device := string(key), p.Status(), v.RouterOf(p)
	amazon, customer := directconnect.FormatAddress(p.Amazon), directconnect.FormatAddress(p.Customer)
	return &api.BGPPeer{
		BgpPeerID: &p.ID, ASN: shortASN(p.ASN), ASNLong: &p.ASN, AuthKey: &clear, AddressFamily: text(p.Family),
		AmazonAddress: &amazon, CustomerAddress: &customer, BgpPeerState: text(p.State), BgpStatus: &status,
		AwsDeviceV2: &device, AwsLogicalDeviceID: &device,
	}, nil
}

// shortASN is the member asn: 0 where the number takes four bytes (API reference, VirtualInterface.asn).
func shortASN(asn int64) *int32 {
	short := int32(0)
	if asn <= 65535 {
		short = int32(asn)
	}
	return &short
}

func renderPrefixes(cidrs []string) []api.RouteFilterPrefix {
	out := make([]api.RouteFilterPrefix, 0, len(cidrs))
	for _, c := range cidrs {
		out = append(out, api.RouteFilterPrefix{Cidr: &c})
	}
	return out
}
