package conformance

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// TestAllocatedInterfaces: each kind, as each of the two accounts sees it, from the allocation until it is up.
func TestAllocatedInterfaces(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b, other := w.as(t, alice), w.as(t, bob), w.as(t, "777788889999")
	port := a.port(t, "10Gbps")
	router := w.noun(port).Router
	for i, c := range []struct{ kind, confirmed string }{{"private", "pending"}, {"transit", "pending"}, {"public", "verifying"}} {
		id := a.allocate(t, c.kind, port, bob, int32(i+1))
		answer := a.object()
		if c.kind == "transit" {
			answer = answer["virtualInterface"].(map[string]any) // wrapped
		}
		p := answer["bgpPeers"].(list)[0].(map[string]any)
		state := map[bool]string{true: "verifying", false: "pending"}[c.kind == "public"]
		peer := session(p["bgpPeerId"].(string), state, "down", "ipv4", p["amazonAddress"].(string), p["customerAddress"].(string), p["authKey"].(string), router, 65000)
		want := onPort(id, port, c.kind, "for another", "confirming", router, i+1, 7224, peer).with(members{"ownerAccount": bob})
		if c.kind == "public" {
			want = want.with(members{"routeFilterPrefixes": list{members{"cidr": "203.0.113.0/24"}}})
		}
		holds(t, answer, want)
		holds(t, a.vif(t, id), want)
		holds(t, b.vif(t, id), want)
		holds(t, other.vifs(t, "", id), list{})
		holds(t, w.in(t, bob, western).vifs(t, "", id), list{})
		gateway := b.dxgw(t)
		if state := b.confirmVIF(t, c.kind, id, gateway); state != c.confirmed {
			t.Errorf("confirmed, the %s one is %s", c.kind, state)
		}
		if c.kind == "public" {
			w.verify(id)
		} else {
			v := a.vif(t, id)
			holds(t, list{v["directConnectGatewayId"], v["amazonSideAsn"]}, list{gateway, 64600})
		}
		w.turn(time.Hour)
		a.vifState(t, id, "available")
		b.vifState(t, id, "available")
	}
	holds(t, len(b.vifs(t, "", "")), 3)
	holds(t, len(b.vifs(t, port, "")), 3) // by a connection that is another's
	holds(t, len(other.vifs(t, port, "")), 0)
	mine := a.private(t, port, 9)
	holds(t, len(a.vifs(t, port, "")), 4)
	holds(t, len(b.vifs(t, port, "")), 3)
	holds(t, b.vifs(t, "", mine), list{})
}

// TestConfirmRules: who may accept what, onto what, and once.
func TestConfirmRules(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	port := a.port(t, "10Gbps")
	private, public, transit := a.allocate(t, "private", port, bob, 1), a.allocate(t, "public", port, bob, 2), a.allocate(t, "transit", port, bob, 3)
	gateway, foreign := b.dxgw(t), a.dxgw(t)
	type (
		toPrivate = dc.ConfirmPrivateVirtualInterfaceInput
		toTransit = dc.ConfirmTransitVirtualInterfaceInput
		toPublic  = dc.ConfirmPublicVirtualInterfaceInput
	)
	w.unchanged(t, func() {
		for _, c := range []struct {
			text string
			in   toPrivate
		}{
			{"Specify exactly one of virtualGatewayId and directConnectGatewayId.", toPrivate{VirtualInterfaceId: &private}},
			{"Specify exactly one of virtualGatewayId and directConnectGatewayId.", toPrivate{
				VirtualInterfaceId: &private, VirtualGatewayId: str(anyVGW), DirectConnectGatewayId: &gateway}},
			{"Direct Connect Gateway " + foreign + " does not exist.", toPrivate{VirtualInterfaceId: &private, DirectConnectGatewayId: &foreign}},
			{"The VirtualGateway tgw-0123456789abcdef0 does not exist.", toPrivate{VirtualInterfaceId: &private, VirtualGatewayId: str("tgw-0123456789abcdef0")}},
			{"Virtual Interface " + transit + " is a transit virtual interface.", toPrivate{VirtualInterfaceId: &transit, DirectConnectGatewayId: &gateway}},
			{"Virtual Interface " + noVIF + " does not exist.", toPrivate{VirtualInterfaceId: str(noVIF), DirectConnectGatewayId: &gateway}},
		} {
			refused(b.ConfirmPrivateVirtualInterface(t.Context(), &c.in))(t, client, c.text)
		}
		refused(b.ConfirmTransitVirtualInterface(t.Context(), &toTransit{VirtualInterfaceId: &private, DirectConnectGatewayId: &gateway}))(
			t, client, "Virtual Interface "+private+" is a private virtual interface.")
		refused(b.ConfirmPublicVirtualInterface(t.Context(), &toPublic{VirtualInterfaceId: &private}))(
			t, client, "Virtual Interface "+private+" is a private virtual interface.")
		refused(a.ConfirmPublicVirtualInterface(t.Context(), &toPublic{VirtualInterfaceId: &public}))( // not for the connection's owner
			t, client, "Virtual Interface "+public+" does not exist.")
	})
	got(b.ConfirmPrivateVirtualInterface(t.Context(), &toPrivate{VirtualInterfaceId: &private, VirtualGatewayId: str(anyVGW)}))(t)
	holds(t, b.vif(t, private)["virtualGatewayId"], anyVGW)
	holds(t, b.vif(t, private)["amazonSideAsn"], 64512)
	b.confirmVIF(t, "public", public, "")
	w.unchanged(t, func() {
		refused(b.ConfirmPrivateVirtualInterface(t.Context(), &toPrivate{VirtualInterfaceId: &private, VirtualGatewayId: str(anyVGW)}))(
			t, client, "Virtual Interface "+private+" is in state pending: there is nothing to confirm.")
		refused(b.ConfirmPublicVirtualInterface(t.Context(), &toPublic{VirtualInterfaceId: &public}))(
			t, client, "Virtual Interface "+public+" is in state verifying: there is nothing to confirm.")
	})
}

// TestAllocateToOwner: the recorded text, for each kind.
func TestAllocateToOwner(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	const text = "Cannot allocate VirtualInterface for the connection owner."
	w.unchanged(t, func() {
		refused(a.AllocatePrivateVirtualInterface(t.Context(), &dc.AllocatePrivateVirtualInterfaceInput{
			ConnectionId: &port, OwnerAccount: str(alice),
			NewPrivateVirtualInterfaceAllocation: &types.NewPrivateVirtualInterfaceAllocation{VirtualInterfaceName: str("x"), Vlan: 1, Asn: 65000},
		}))(t, client, text)
		refused(a.AllocateTransitVirtualInterface(t.Context(), &dc.AllocateTransitVirtualInterfaceInput{
			ConnectionId: &port, OwnerAccount: str(alice),
			NewTransitVirtualInterfaceAllocation: &types.NewTransitVirtualInterfaceAllocation{VirtualInterfaceName: str("x"), Vlan: 1, Asn: 65000},
		}))(t, client, text)
		refused(a.AllocatePublicVirtualInterface(t.Context(), &dc.AllocatePublicVirtualInterfaceInput{
			ConnectionId: &port, OwnerAccount: str(alice),
			NewPublicVirtualInterfaceAllocation: &types.NewPublicVirtualInterfaceAllocation{
				VirtualInterfaceName: str("x"), Vlan: 1, Asn: 65000, RouteFilterPrefixes: []types.RouteFilterPrefix{{Cidr: str("203.0.113.0/24")}},
			},
		}))(t, client, text)
	})
}

// TestAllocationWithWishes: what an allocation may say besides, and whose tags they are.
func TestAllocationWithWishes(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	port := a.port(t, "10Gbps")
	out := got(a.AllocatePrivateVirtualInterface(t.Context(), &dc.AllocatePrivateVirtualInterfaceInput{
		ConnectionId: &port, OwnerAccount: str(bob), NewPrivateVirtualInterfaceAllocation: &types.NewPrivateVirtualInterfaceAllocation{
			VirtualInterfaceName: str("x"), Vlan: 1, AsnLong: aws.Int64(65000), Mtu: num(9001), RateLimit: str("100Mbps"),
			AddressFamily: types.AddressFamilyIPv4, AmazonAddress: str("10.1.1.1/24"), CustomerAddress: str("10.1.1.254/24"), AuthKey: str("the-key"),
			Tags: []types.Tag{{Key: str("k"), Value: str("v")}},
		}}))(t)
	id := *out.VirtualInterfaceId
	holds(t, a.object()["tags"], list{})
	holds(t, b.vif(t, id)["tags"], tagged("k", "v"))
	v := a.vif(t, id)
	holds(t, list{v["mtu"], v["rateLimit"], v["amazonAddress"], v["customerAddress"], v["authKey"], v["tags"]},
		list{9001, "100Mbps", "10.1.1.1/24", "10.1.1.254/24", "the-key", list{}})
	bobs := "arn:aws:directconnect:us-east-1:" + bob + ":dxvif/" + id
	got(b.tag(t, bobs, "other", "w"))(t)
	holds(t, b.tagsOf(t, bobs), tagged("k", "v", "other", "w"))
	got(b.untag(t, bobs, "k"))(t)
	holds(t, b.vif(t, id)["tags"], tagged("other", "w"))
	holds(t, a.vif(t, id)["tags"], list{})
	for _, name := range []string{bobs, arn(id)} {
		refused(a.tag(t, name, "k", "v"))(t, client, "Resource "+name+" does not exist.")
	}
}

// TestInterfaceOnHostedConnection: one only, without limiter and pools; inside the capacity that was bought.
func TestInterfaceOnHostedConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner := w.as(t, alice), w.as(t, bob)
	parent := partner.interconnect(t, "10Gbps")
	w.light(parent)
	hosted := partner.host(t, parent, alice, "500Mbps", 101)
	refused(customer.askPrivate(t, hosted, 7))(
		t, client, "The specified Connection ID is not available: "+hosted+" is in state ordering.")
	customer.confirm(t, hosted)
	w.turn(time.Hour)
	w.unchanged(t, func() {
		refused(customer.askPrivate(t, hosted, 7, func(n *private) { n.RateLimit = str("50Mbps") }))(
			t, client, "A rate limit is not supported on hosted connection "+hosted+".")
		refused(customer.askPrivate(t, hosted, 7, func(n *private) { n.PrefixPoolAllocatedCountIpv4 = num(5) }))(
			t, client, "A prefix pool is not supported on hosted connection "+hosted+".")
		refused(partner.askPrivate(t, parent, 7))(t, client, "Could not find Connection with ID "+parent)
		refused(partner.askPrivate(t, hosted, 7))(t, client, "Could not find Connection with ID "+hosted)
	})
	id := customer.private(t, hosted, 7)
	v := customer.vif(t, id)
	for _, name := range []string{"rateLimit", "prefixPoolAllocatedCountIpv4", "prefixPoolAllocatedCountIpv6"} {
		if v[name] != nil {
			t.Errorf("%s is %v", name, v[name])
		}
	}
	w.turn(time.Hour)
	customer.vifState(t, id, "available")
	other := customer.port(t, "1Gbps")
	w.unchanged(t, func() {
		refused(customer.askPublic(t, hosted, 8))(
			t, client, "You have reached the limit of 1 virtual interfaces on hosted connection "+hosted+".")
		refused(customer.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &hosted}))(
			t, client, "Connection "+hosted+" has virtual interfaces and cannot be deleted.")
		refused(customer.UpdateVirtualInterfaceAttributes(t.Context(), &dc.UpdateVirtualInterfaceAttributesInput{
			VirtualInterfaceId: &id, RateLimit: str("50Mbps")}))(
			t, client, "A rate limit is not supported on hosted connection "+hosted+".")
		refused(customer.UpdateVirtualInterfaceAttributes(t.Context(), &dc.UpdateVirtualInterfaceAttributesInput{
			VirtualInterfaceId: &id, PrefixPoolAllocatedCountIpv6: num(50)}))(
			t, client, "A prefix pool is not supported on Virtual Interface "+id+".")
		refused(customer.associateVIF(t, id, other))(
			t, client, "Virtual Interface "+id+" is on hosted connection "+hosted+" and cannot be associated with another connection.")
	})
	customer.deleteVIF(t, id)
	w.turn(time.Minute)
	customer.public(t, hosted, 7)
}
