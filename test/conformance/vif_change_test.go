package conformance

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

func (c *caller) associateVIF(t testing.TB, id, parent string) (*dc.AssociateVirtualInterfaceOutput, error) {
	return c.AssociateVirtualInterface(t.Context(), &dc.AssociateVirtualInterfaceInput{VirtualInterfaceId: &id, ConnectionId: &parent})
}

// TestUpdateInterface: each attribute by itself, as Terraform sends them, with what it does to the state.
func TestUpdateInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, gateway := a.port(t, "10Gbps"), a.dxgw(t)
	id := a.private(t, port, 1, toDXGW(gateway))
	w.turn(time.Hour)
	type change = dc.UpdateVirtualInterfaceAttributesInput
	want := members(a.vif(t, id))
	for _, c := range []struct {
		name        string
		set         func(*change)
		member      string
		value       any
		provisioned bool
	}{
		{"name", func(in *change) { in.VirtualInterfaceName = str("new name") }, "virtualInterfaceName", "new name", false},
		{"mtu", func(in *change) { in.Mtu = num(8500) }, "mtu", 8500, true},
		{"the same mtu", func(in *change) { in.Mtu = num(8500) }, "mtu", 8500, false},
		{"SiteLink", func(in *change) { in.EnableSiteLink = aws.Bool(true) }, "siteLinkEnabled", true, true},
		{"the same SiteLink", func(in *change) { in.EnableSiteLink = aws.Bool(true) }, "siteLinkEnabled", true, false},
		{"no SiteLink", func(in *change) { in.EnableSiteLink = aws.Bool(false) }, "siteLinkEnabled", false, true},
		{"limit", func(in *change) { in.RateLimit = str("2Gbps") }, "rateLimit", "2Gbps", false},
		{"pool", func(in *change) { in.PrefixPoolAllocatedCountIpv6 = num(7) }, "prefixPoolAllocatedCountIpv6", 7, false},
		{"nothing", func(*change) {}, "mtu", 8500, false},
	} {
		got(a.update(t, id, c.set))(t)
		want = want.with(members{c.member: c.value})
		if c.provisioned {
			holds(t, a.object(), want.with(members{"virtualInterfaceState": "pending"}))
			w.turn(time.Hour)
		} else {
			holds(t, a.object(), want) // flat
		}
		w.settle()
		if t.Failed() {
			t.Fatal("after ", c.name)
		}
		holds(t, a.vif(t, id), want)
	}
}

// TestSiteLink: on a Direct Connect gateway only, and not in every partition.
func TestSiteLink(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	port, gateway := a.port(t, "10Gbps"), a.dxgw(t)
	on := func(n *private) { n.EnableSiteLink = aws.Bool(true) }
	refused(a.askPrivate(t, port, 1, on))(
		t, client, "SiteLink is not supported on a virtual interface that is attached to a virtual private gateway.")
	holds(t, a.vif(t, a.private(t, port, 1, on, toDXGW(gateway)))["siteLinkEnabled"], true)
	vgw, public := a.private(t, port, 2), a.public(t, port, 3)
	for _, id := range []string{vgw, public} {
		refused(a.update(t, id, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.EnableSiteLink = aws.Bool(true) }))(
			t, client, "SiteLink is not supported on Virtual Interface "+id+": it is not attached to a Direct Connect gateway.")
		got(a.update(t, id, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.EnableSiteLink = aws.Bool(false) }))(t)
	}
	// An allocation cannot ask for it; the owner turns it on afterwards.
	hosted := a.allocate(t, "private", port, bob, 4)
	b.confirmVIF(t, "private", hosted, b.dxgw(t))
	w.turn(time.Hour)
	got(b.update(t, hosted, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.EnableSiteLink = aws.Bool(true) }))(t)
	holds(t, b.object()["siteLinkEnabled"], true)

	c := w.in(t, alice, northern)
	far := c.order(t, beijing, "1Gbps", "x")
	w.light(far)
	chinese := c.dxgw(t)
	refused(c.askPrivate(t, far, 1, on, toDXGW(chinese)))(t, client, "SiteLink is not available in Region "+northern+".")
	id := c.private(t, far, 1, toDXGW(chinese))
	refused(c.update(t, id, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.EnableSiteLink = aws.Bool(true) }))(
		t, client, "SiteLink is not available in Region "+northern+".")
}

// TestMoveInterface: new sessions with the old addresses and keys beside the old ones that go, pending, then up elsewhere.
func TestMoveInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	from, to := a.port(t, "10Gbps"), a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	w.light(a.memberIDs(t, to)...)
	id := a.private(t, from, 1, func(n *private) { n.RateLimit = str("5Gbps") })
	w.turn(time.Hour)
	before := members(a.vif(t, id))
	old := members(before["bgpPeers"].(list)[0].(map[string]any))
	router := w.lag(to).Router
	if router == w.noun(from).Router {
		t.Fatal("the LAG is on the same device")
	}
	out := got(a.associateVIF(t, id, to))(t)
	if out.VirtualInterfaceState != "pending" || *out.ConnectionId != to || len(out.BgpPeers) != 2 {
		t.Fatalf("answered %s", a.last.body)
	}
	device := members{"awsDeviceV2": router, "awsLogicalDeviceId": router}
	fresh := old.with(members{"bgpPeerId": *out.BgpPeers[0].BgpPeerId, "bgpPeerState": "pending", "bgpStatus": "down"}).with(device)
	want := before.with(members{"connectionId": to, "virtualInterfaceState": "pending", "bgpPeers": list{
		fresh, old.with(members{"bgpPeerState": "deleting", "bgpStatus": "down"}), // where it is
	}}).with(device)
	holds(t, a.object(), want) // flat
	if *out.BgpPeers[0].BgpPeerId == old["bgpPeerId"] {
		t.Error("the new session has the old ID")
	}
	holds(t, a.connection(t, from)["prefixPoolUnallocatedCountIpv4"], 5000)
	holds(t, a.lagShown(t, to)["prefixPoolUnallocatedCountIpv4"], 4900)
	holds(t, a.lagShown(t, to)["rateLimiterStatus"].(map[string]any)["inUse"], 1)
	w.turn(time.Hour)
	holds(t, a.vif(t, id), want.with(members{"virtualInterfaceState": "available", "bgpPeers": list{
		fresh.with(members{"bgpPeerState": "available", "bgpStatus": "up"}),
	}}))
	holds(t, a.vifs(t, from, ""), list{})
	refused(a.associateVIF(t, id, to))(t, client, "Virtual Interface "+id+" is already associated with "+to+".")
	got(a.associateVIF(t, id, from))(t)
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &to}))(t)
}

// TestMoveBetweenAccounts: who asks owns the target, and the interface or its present connection.
func TestMoveBetweenAccounts(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	port, spare, bobs := a.port(t, "10Gbps"), a.port(t, "10Gbps"), b.port(t, "10Gbps")
	id := a.allocate(t, "private", port, bob, 1)
	mine := a.private(t, port, 2)
	w.unchanged(t, func() {
		refused(a.associateVIF(t, id, bobs))(t, client, "Could not find Connection with ID "+bobs)
		refused(b.associateVIF(t, mine, bobs))(t, client, "Virtual Interface "+mine+" does not exist.")
	})
	got(a.associateVIF(t, id, spare))(t) // the connection's owner
	a.vifState(t, id, "confirming")
	got(b.associateVIF(t, id, bobs))(t) // the interface's owner
	holds(t, a.vifs(t, "", id), list{})
	b.confirmVIF(t, "private", id, b.dxgw(t))
	w.turn(time.Hour)
	b.vifState(t, id, "available")
	b.startTest(t, id, 5)
	refused(b.associateVIF(t, id, bobs))(t, client, "Virtual Interface "+id+" is already associated with "+bobs+".")
	other := b.port(t, "10Gbps")
	w.unchanged(t, func() {
		refused(b.associateVIF(t, id, other))(t, client, "Virtual Interface "+id+" is being tested and cannot be moved.")
	})
}

// TestInterfacesFollowTheirConnection: into a LAG, together, or not at all.
func TestInterfacesFollowTheirConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	w.light(a.memberIDs(t, lag)...)
	home := w.lag(lag).Router
	var port string
	for port = a.order(t, ashburn, "10Gbps", "x"); w.noun(port).Router != home; port = a.order(t, ashburn, "10Gbps", "x") {
	}
	w.light(port)
	one, other := a.private(t, port, 1), a.private(t, port, 2)
	clash := a.private(t, lag, 2)
	w.turn(time.Hour)
	w.unchanged(t, func() { refused(a.associate(t, port, lag))(t, client, "VLAN 2 is already in use on "+lag) })
	a.deleteVIF(t, clash)
	w.turn(time.Minute)
	peers := a.peers(t, one)
	got(a.associate(t, port, lag))(t)
	w.settle()
	for _, id := range []string{one, other} {
		v := a.vif(t, id)
		holds(t, list{v["connectionId"], v["virtualInterfaceState"]}, list{lag, "pending"})
	}
	holds(t, a.peers(t, one)[0]["bgpPeerId"], peers[0]["bgpPeerId"])
	refused(a.askPrivate(t, port, 3))(t, client, "Connection "+port+" is a member of Lag "+lag+": use the Lag.")
	w.turn(time.Hour)
	a.vifState(t, one, "available")
	a.vifState(t, other, "available")
	holds(t, len(a.vifs(t, lag, "")), 2)
}

// TestInterfaceFollowsItsHostedConnection: to another interconnect, on another device, with the same sessions.
func TestInterfaceFollowsItsHostedConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner := w.as(t, alice), w.as(t, bob)
	from, to := partner.interconnect(t, "10Gbps"), partner.interconnect(t, "10Gbps")
	w.light(from, to)
	if w.noun(from).Router == w.noun(to).Router {
		t.Fatal("both are on one device")
	}
	hosted := partner.host(t, from, alice, "500Mbps", 101)
	customer.confirm(t, hosted)
	w.turn(time.Hour)
	id := customer.private(t, hosted, 7)
	w.turn(time.Hour)
	customer.vifState(t, id, "available")
	peer := customer.peers(t, id)[0]["bgpPeerId"]
	got(partner.AssociateHostedConnection(t.Context(), &dc.AssociateHostedConnectionInput{ConnectionId: &hosted, ParentConnectionId: &to}))(t)
	w.turn(time.Hour)
	customer.vifState(t, id, "available")
	v := customer.vif(t, id)
	holds(t, list{v["connectionId"], v["awsDeviceV2"], customer.peers(t, id)[0]["bgpPeerId"]}, list{hosted, w.noun(to).Router, peer})
	w.cut(from)
	customer.vifState(t, id, "available")
	w.cut(to)
	customer.vifState(t, id, "down")
}
