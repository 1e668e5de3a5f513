package weather

import (
	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// customerWithTraffic has a customer's port and LAG carry light, two gateways, an interface on each link and one that was
// allocated for another account.
func (m *machine) customerWithTraffic() {
	who := controlplane.Caller{Account: bob, Region: home}
	out, ok := call[api.Connection](m, "CreateConnection", who, &api.CreateConnectionRequest{
		Bandwidth: ptr("10Gbps"), ConnectionName: ptr("first"), Location: ptr("WxA1"),
	})
	if !ok {
		m.rt.Fatal("the first order was refused")
	}
	port := *out.ConnectionID
	m.adopt(*out, directconnect.Dedicated, nil)
	m.settled(false)
	m.makeLAG(who, &api.CreateLagRequest{
		ConnectionsBandwidth: ptr("10Gbps"), LagName: ptr("second"), Location: ptr("WxA1"), NumberOfConnections: ptr(int32(1)),
	}, nil)
	m.settled(false)
	lag := m.model.bundles[0].id
	for _, x := range m.model.things {
		m.move("approve", x.id, func() (directconnect.Connection, error) { return m.service.ApproveOrder(m.ctx, x.id) })
		m.settled(true)
		m.move("plug", x.id, func() (directconnect.Connection, error) { return m.service.PlugCable(m.ctx, x.id) })
		m.settled(true)
	}
	m.settle()
	m.settled(true)
	private, transit := m.firstGateway(who, 65300), m.firstGateway(who, 65301)
	if v, ok := call[api.VirtualInterface](m, "CreatePrivateVirtualInterface", who, &api.CreatePrivateVirtualInterfaceRequest{
		ConnectionID: &port, NewPrivateVirtualInterface: &api.NewPrivateVirtualInterface{
			VirtualInterfaceName: ptr("first"), Vlan: ptr(int32(100)), ASN: ptr(int32(65000)), DirectConnectGatewayID: &private, EnableSiteLink: ptr(true),
		}}); ok {
		m.adoptLane(v, directconnect.InterfacePending, bob, home, nil)
	} else {
		m.rt.Fatal("the first private interface was refused")
	}
	m.settled(false)
	if v, ok := call[api.CreateTransitVirtualInterfaceResult](m, "CreateTransitVirtualInterface", who, &api.CreateTransitVirtualInterfaceRequest{
		ConnectionID: &lag, NewTransitVirtualInterface: &api.NewTransitVirtualInterface{
			VirtualInterfaceName: ptr("second"), Vlan: ptr(int32(101)), ASN: ptr(int32(65000)), DirectConnectGatewayID: &transit,
		}}); ok {
		m.adoptLane(v.VirtualInterface, directconnect.InterfacePending, bob, home, nil)
	} else {
		m.rt.Fatal("the first transit interface was refused")
	}
	m.settled(false)
	if v, ok := call[api.VirtualInterface](m, "AllocatePublicVirtualInterface", who, &api.AllocatePublicVirtualInterfaceRequest{
		ConnectionID: &port, OwnerAccount: ptr(alice), NewPublicVirtualInterfaceAllocation: &api.NewPublicVirtualInterfaceAllocation{
			VirtualInterfaceName: ptr("third"), Vlan: ptr(int32(102)), ASN: ptr(int32(65000)), AmazonAddress: ptr("198.51.100.21/30"), CustomerAddress: ptr("198.51.100.22/30"),
			RouteFilterPrefixes: prefixList([]string{"203.0.113.0/24"}),
		}}); ok {
		m.adoptLane(v, directconnect.InterfaceConfirming, alice, home, nil)
	} else {
		m.rt.Fatal("the first allocation was refused")
	}
	m.settled(false)
	m.settle()
	m.settled(true)
}

func (m *machine) firstGateway(who controlplane.Caller, asn int64) string {
	m.rt.Helper()
	out, ok := call[api.CreateDirectConnectGatewayResult](m, "CreateDirectConnectGateway", who, &api.CreateDirectConnectGatewayRequest{
		DirectConnectGatewayName: ptr("hub"), AmazonSideASN: &asn,
	})
	if !ok {
		m.rt.Fatal("the first gateway was refused")
	}
	id := *out.DirectConnectGateway.DirectConnectGatewayID
	m.model.hubs = append(m.model.hubs, &hub{id, who.Account, "hub", map[string]string{}})
	m.settled(false)
	return id
}
