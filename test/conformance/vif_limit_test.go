package conformance

import (
	"fmt"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
)

// limitExceeded is the exception of limiters.
const limitExceeded = "LimitExceededException"

func (c *caller) update(t testing.TB, id string, set func(*dc.UpdateVirtualInterfaceAttributesInput)) (*dc.UpdateVirtualInterfaceAttributesOutput, error) {
	in := &dc.UpdateVirtualInterfaceAttributesInput{VirtualInterfaceId: &id}
	set(in)
	return c.UpdateVirtualInterfaceAttributes(t.Context(), in)
}

// TestRateLimits: the values, the most of the parent, and what its limiter status says.
func TestRateLimits(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "1Gbps")
	limited := func(limit string) func(*private) { return func(n *private) { n.RateLimit = &limit } }
	status := func(inUse int, total string) {
		t.Helper()
		holds(t, a.connection(t, port)["rateLimiterStatus"], members{
			"maxAllowed": 10, "inUse": inUse, "remaining": 10 - inUse, "totalBandwidth": total,
		})
	}
	w.unchanged(t, func() {
		for _, bad := range []string{"1100Mbps", "50", "0Mbps", "1.25Gbps", "1.7Tbps", "1gbps", " 1Gbps"} {
			refused(a.askPrivate(t, port, 1, limited(bad)))(t, client, "Rate limit "+bad+" is not valid.")
		}
		refused(a.askPrivate(t, port, 1, limited("1.2Gbps")))(t, client, "Rate limit 1.2Gbps is more than the bandwidth of "+port+".")
		refused(a.askPrivate(t, port, 1, limited("1.6Tbps")))(t, client, "Rate limit 1.6Tbps is more than the bandwidth of "+port+".")
	})
	id := a.private(t, port, 1, limited("1Gbps"))
	status(1, "1000Mbps")
	public := a.public(t, port, 2, func(n *public) { n.RateLimit = str("50Mbps") })
	status(2, "1050Mbps")
	for vlan := int32(3); vlan <= 10; vlan++ {
		a.private(t, port, vlan, limited("100Mbps"))
	}
	status(10, "1850Mbps")
	unlimited := a.private(t, port, 11)
	w.unchanged(t, func() {
		text := "You have reached the limit of 10 rate limited virtual interfaces on " + port + "."
		refused(a.askPrivate(t, port, 12, limited("50Mbps")))(t, limitExceeded, text)
		refused(a.update(t, unlimited, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.RateLimit = str("50Mbps") }))(t, limitExceeded, text)
	})
	got(a.update(t, id, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.RateLimit = str("900Mbps") }))(t)
	holds(t, a.object()["rateLimit"], "900Mbps")
	got(a.update(t, public, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.RateLimit = str("none") }))(t)
	if limit, there := a.object()["rateLimit"]; there {
		t.Errorf("the limit is %v", limit)
	}
	got(a.update(t, unlimited, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.RateLimit = str("50Mbps") }))(t)
	got(a.update(t, unlimited, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.RateLimit = str("") }))(t)
	status(9, "1700Mbps")
	// A LAG has as many as a connection, and the bandwidth of all its members.
	lag := a.orderLAG(t, ashburn, "1Gbps", "x", 2)
	a.private(t, lag, 1, limited("2Gbps"))
	holds(t, a.lagShown(t, lag)["rateLimiterStatus"], members{"maxAllowed": 10, "inUse": 1, "remaining": 9, "totalBandwidth": "2000Mbps"})
}

// TestPrefixPools: what an interface takes is missing on its connection or LAG until it is gone.
func TestPrefixPools(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, lag := a.port(t, "1Gbps"), a.orderLAG(t, ashburn, "1Gbps", "x", 2)
	left := func(v4, v6 int) {
		t.Helper()
		c := a.connection(t, port)
		holds(t, list{c["prefixPoolSizeIpv4"], c["prefixPoolSizeIpv6"]}, list{5000, 5000})
		holds(t, list{c["prefixPoolUnallocatedCountIpv4"], c["prefixPoolUnallocatedCountIpv6"]}, list{v4, v6})
	}
	pools := func(v4, v6 int32) func(*private) {
		return func(n *private) { n.PrefixPoolAllocatedCountIpv4, n.PrefixPoolAllocatedCountIpv6 = &v4, &v6 }
	}
	type change = dc.UpdateVirtualInterfaceAttributesInput
	left(5000, 5000)
	first := a.private(t, port, 1)
	left(4900, 4900)
	a.public(t, port, 2) // takes none
	for vlan := int32(3); vlan <= 6; vlan++ {
		a.private(t, port, vlan, pools(1000, 1))
	}
	left(900, 4896)
	w.unchanged(t, func() {
		refused(a.askPrivate(t, port, 7, pools(901, 1)))(
			t, client, "prefixPoolAllocatedCountIpv4 901 is not available: the prefix pool of "+port+" has 900 left.")
		refused(a.askPrivate(t, port, 7, pools(1, 1001)))(
			t, client, "prefixPoolAllocatedCountIpv6 1001 is not valid. Valid values are 1 to 1000.")
		refused(a.askPrivate(t, port, 7, pools(0, 1)))(
			t, client, "prefixPoolAllocatedCountIpv4 0 is not valid. Valid values are 1 to 1000.")
		refused(a.update(t, first, func(in *change) { in.PrefixPoolAllocatedCountIpv4 = num(1001) }))(
			t, client, "prefixPoolAllocatedCountIpv4 1001 is not valid. Valid values are 1 to 1000.")
	})
	got(a.update(t, first, func(in *change) { in.PrefixPoolAllocatedCountIpv4 = num(1000) }))(t)
	holds(t, list{a.object()["prefixPoolAllocatedCountIpv4"], a.object()["prefixPoolAllocatedCountIpv6"]}, list{1000, 100})
	left(0, 4896)
	got(a.update(t, first, func(in *change) { in.PrefixPoolAllocatedCountIpv4 = num(50) }))(t)
	left(950, 4896)
	a.deleteVIF(t, first)
	w.turn(byHand.Release)
	left(1000, 4996)
	got(a.askTransit(t, lag, a.dxgw(t), 1, func(n *transit) {
		n.PrefixPoolAllocatedCountIpv4, n.PrefixPoolAllocatedCountIpv6 = num(200), num(300)
	}))(t)
	g := a.lagShown(t, lag)
	holds(t, list{g["prefixPoolSizeIpv4"], g["prefixPoolUnallocatedCountIpv4"], g["prefixPoolUnallocatedCountIpv6"]}, list{5000, 4800, 4700})
}

// TestInterfaceQuotas: 50 private and public ones, four transit ones, 51 together; 30 on a gateway.
func TestInterfaceQuotas(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, gateway, mine := a.port(t, "100Gbps"), a.dxgw(t), a.dxgw(t)
	for vlan := int32(1); vlan <= 4; vlan++ {
		a.transit(t, port, gateway, vlan)
	}
	refused(a.askTransit(t, port, gateway, 5))(t, client, "You have reached the limit of 4 transit virtual interfaces on "+port+".")
	for vlan := int32(11); vlan <= 40; vlan++ {
		a.private(t, port, vlan, toDXGW(mine))
	}
	refused(a.askPrivate(t, port, 41, toDXGW(mine)))(
		t, client, "You have reached the limit of 30 virtual interfaces on Direct Connect Gateway "+mine+".")
	for vlan := int32(41); vlan <= 57; vlan++ {
		a.private(t, port, vlan)
	}
	text := "You have reached the limit of 51 virtual interfaces on " + port + "."
	refused(a.askPublic(t, port, 60))(t, client, text)
	got(a.UpdateVirtualInterfaceAttributes(t.Context(), &dc.UpdateVirtualInterfaceAttributesInput{
		VirtualInterfaceId: str(a.vifs(t, port, "")[5].(map[string]any)["virtualInterfaceId"].(string)), VirtualInterfaceName: str("still possible"),
	}))(t)
	other := a.port(t, "100Gbps")
	for vlan := int32(1); vlan <= 50; vlan++ {
		a.public(t, other, vlan)
	}
	refused(a.askPrivate(t, other, 60))(t, client, "You have reached the limit of 50 private and public virtual interfaces on "+other+".")
	a.transit(t, other, gateway, 60)

	free := open(t, directconnect.Quotas{})
	b := free.as(t, alice)
	port, gateway = b.port(t, "100Gbps"), b.dxgw(t)
	var last string
	for vlan := int32(1); vlan <= 5; vlan++ {
		last = b.transit(t, port, gateway, vlan)
	}
	other = b.port(t, "100Gbps")
	for vlan := int32(11); vlan <= 14; vlan++ {
		b.transit(t, other, gateway, vlan)
	}
	got(b.associateVIF(t, last, other))(t)
}

// TestRouteFilterLimit: a thousand prefixes.
func TestRouteFilterLimit(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	port := a.port(t, "10Gbps")
	prefixes := func(n int) func(*public) {
		return func(p *public) {
			p.RouteFilterPrefixes = nil
			for i := range n {
				p.RouteFilterPrefixes = append(p.RouteFilterPrefixes, types.RouteFilterPrefix{Cidr: str(fmt.Sprintf("20.%d.%d.0/24", i/256, i%256))})
			}
		}
	}
	refused(a.askPublic(t, port, 1, prefixes(1001)))(t, client, "You have reached the limit of 1000 route filter prefixes on a public virtual interface.")
	refused(a.askPublic(t, port, 1, prefixes(0)))(t, client, "routeFilterPrefixes must name at least one prefix for an IPv4 public virtual interface.")
	got(a.askPublic(t, port, 1, prefixes(1000)))(t)
	holds(t, len(a.object()["routeFilterPrefixes"].(list)), 1000)
}
