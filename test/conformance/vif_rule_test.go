package conformance

import (
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
)

// TestUnknownInterface: an empty list, on which clients rely; an error for everything else.
func TestUnknownInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	for _, c := range []*caller{a, w.as(t, bob), w.in(t, alice, western)} {
		for _, in := range []*dc.DescribeVirtualInterfacesInput{{VirtualInterfaceId: str(noVIF)}, {ConnectionId: str("dxcon-fg31dyv6")}, {ConnectionId: str("dxlag-ffjhj9lx")}} {
			got(c.DescribeVirtualInterfaces(t.Context(), in))(t)
			if c.last.body != `{"virtualInterfaces":[]}` {
				t.Errorf("answered %s", c.last.body)
			}
		}
	}
	holds(t, w.as(t, bob).vifs(t, "", id), list{})
	holds(t, w.in(t, alice, western).vifs(t, "", id), list{})
	holds(t, a.vifs(t, a.port(t, "10Gbps"), id), list{}) // not on this connection
}

// TestVirtualGatewaysOfInterfaces: with configured accounts a gateway must be registered, as the caller's and in the Region.
func TestVirtualGatewaysOfInterfaces(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.configure(alice, "Alice", directconnect.NonPartner)
	w.configure(bob, "Bob", directconnect.NonPartner)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	const mine, away, foreign = "vgw-0000000a", "vgw-0000000b", "vgw-0000000c"
	w.register(mine, alice, eastern, 65010)
	w.register(away, alice, western, 65010)
	w.register(foreign, bob, eastern, 65010)
	to := func(id string) func(*private) { return func(n *private) { n.VirtualGatewayId = &id } }
	w.unchanged(t, func() {
		for _, id := range []string{away, foreign, anyVGW, "vgw-x"} {
			refused(a.askPrivate(t, port, 1, to(id)))(t, client, "The VirtualGateway "+id+" does not exist.")
		}
	})
	v := a.vif(t, a.private(t, port, 1, to(mine)))
	holds(t, list{v["virtualGatewayId"], v["amazonSideAsn"]}, list{mine, 65010})
}

// TestLimitersFollowTheirConnection: what a LAG cannot take of limiters and pools keeps a connection out of it.
func TestLimitersFollowTheirConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	var port string
	for port = a.order(t, ashburn, "10Gbps", "x"); w.noun(port).Router != w.lag(lag).Router; {
		port = a.order(t, ashburn, "10Gbps", "x")
	}
	w.light(port, a.memberIDs(t, lag)[0])
	limited := func(n *private) { n.RateLimit = str("100Mbps") }
	for vlan := int32(1); vlan <= 10; vlan++ {
		a.private(t, lag, vlan, limited)
	}
	id := a.private(t, port, 11, limited)
	w.unchanged(t, func() {
		text := "You have reached the limit of 10 rate limited virtual interfaces on " + lag + "."
		refused(a.associate(t, port, lag))(t, limitExceeded, text)
		refused(a.associateVIF(t, id, lag))(t, limitExceeded, text)
	})
	got(a.update(t, id, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.RateLimit = str("") }))(t)
	got(a.associate(t, port, lag))(t)
	holds(t, a.lagShown(t, lag)["rateLimiterStatus"].(map[string]any)["inUse"], 10)
	holds(t, a.lagShown(t, lag)["prefixPoolUnallocatedCountIpv4"], 5000-11*100)
}

// TestMoveToAHostedConnection: there are no pools there, so that the interface leaves its share behind.
func TestMoveToAHostedConnection(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, partner := w.as(t, alice), w.as(t, bob)
	parent := partner.interconnect(t, "10Gbps")
	w.light(parent)
	hosted := partner.host(t, parent, alice, "500Mbps", 101)
	a.confirm(t, hosted)
	w.turn(time.Hour)
	port := a.port(t, "10Gbps")
	id := a.private(t, port, 1)
	got(a.associateVIF(t, id, hosted))(t)
	v := a.vif(t, id)
	if v["prefixPoolAllocatedCountIpv4"] != nil || v["prefixPoolAllocatedCountIpv6"] != nil {
		t.Errorf("it has a share: %v", v)
	}
	w.turn(time.Hour)
	a.vifState(t, id, "available")
}

// TestFailoverAcrossARestart: the test is a row with an end, not a timer.
func TestFailoverAcrossARestart(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	w.turn(time.Hour)
	a.startTest(t, id, 10)
	w.turn(time.Minute)
	w.server.Stop()
	srv := onramptest.Start(t, onramptest.Pace(byHand), onramptest.Quotas(directconnect.DocumentedQuotas), onramptest.Data(w.server.Data))
	service := srv.Daemon().Service()
	w = &world{t: t, server: srv, service: service, store: service.Store, fabric: srv.Fabric(), url: srv.URL}
	a = w.as(t, alice)
	w.turn(9*time.Minute - time.Second)
	a.vifState(t, id, "testing")
	w.turn(time.Second)
	a.vifState(t, id, "available")
	holds(t, a.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{})[0].(map[string]any)["status"], "COMPLETED")
}
