package conformance

import (
	"slices"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
)

// routes lists the routes of an interface that a filter lets through, page by page.
func (c *caller) routes(t testing.TB, id string, filter *types.RouteFilters, size *int32) (all list) {
	t.Helper()
	var token *string
	for {
		out := got(c.ListVirtualInterfaceRoutes(t.Context(), &dc.ListVirtualInterfaceRoutesInput{
			VirtualInterfaceId: &id, Filters: filter, MaxResults: size, NextToken: token,
		}))(t)
		page := c.object()["routes"].(list)
		all = append(all, page...)
		if size != nil && out.NextToken != nil && len(page) != int(*size) {
			t.Errorf("a page before the last has %d routes", len(page))
		}
		if token = out.NextToken; token == nil {
			return all
		}
	}
}

// told writes the routes down as direction and prefix.
func told(routes list) string {
	var out []string
	for _, r := range routes {
		m := r.(map[string]any)
		out = append(out, m["routeDirection"].(string)[:2]+" "+m["cidr"].(string))
	}
	return strings.Join(out, ", ")
}

// vgwNetwork is behind anyVGW.
var vgwNetwork = func() string {
	far, _ := directconnect.OpenFarGateway(anyVGW, alice, eastern)
	return far.CIDRs[0]
}()

// TestRoutes: every member of a route that the customer announced and of one that the customer is told.
func TestRoutes(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	id := a.private(t, port, 1)
	w.script(id, `{"announce":[{"cidr":"10.9.0.0/16","path":[65010,65011],"communities":["7224:7300","65000:1","7224:666"]}]}`)
	if routes := a.routes(t, id, nil, nil); len(routes) != 0 {
		t.Errorf("an interface that is pending has routes %v", routes)
	}
	w.turn(time.Hour)
	installed := w.now().Unix()
	router := w.noun(port).Router
	got(a.ListVirtualInterfaceRoutes(t.Context(), &dc.ListVirtualInterfaceRoutesInput{VirtualInterfaceId: &id}))(t)
	holds(t, a.object(), members{"virtualInterfaceId": id, "routes": list{
		members{
			"cidr": "10.9.0.0/16", "routeDirection": "accepted", "addressFamily": "ipv4", "awsLogicalDeviceId": router,
			"asPath":           list{members{"path": list{65000, 65010, 65011}, "pathType": "seq"}},
			"communities":      list{"65000:1", "7224:7300"}, // what the service does not know of its own it takes off
			"routeInstalledAt": installed,
		},
		members{
			"cidr": vgwNetwork, "routeDirection": "advertised", "addressFamily": "ipv4", "awsLogicalDeviceId": router,
			"asPath": list{members{"path": list{64512}, "pathType": "seq"}}, "communities": list{}, "routeInstalledAt": installed,
		},
	}})
	w.turn(time.Minute)
	w.script(id, `{"announce":[{"cidr":"10.8.0.0/16"}]}`)
	if now := told(a.routes(t, id, nil, nil)); now != "ac 10.8.0.0/16, ad "+vgwNetwork {
		t.Errorf("routes are %s", now)
	}
	w.cut(port)
	if now := a.routes(t, id, nil, nil); len(now) != 0 {
		t.Errorf("an interface that is down has routes %v", now)
	}
	w.restore(port)
	a.startTest(t, id, 5)
	if now := a.routes(t, id, nil, nil); len(now) != 0 {
		t.Errorf("an interface that is tested has routes %v", now)
	}
	w.turn(5 * time.Minute)
	if now := a.routes(t, id, nil, nil); len(now) != 2 {
		t.Errorf("after the test there are %v", now)
	}
}

// TestPublicRoutes: the provider's ranges with their communities and a path of three; of the customer's what the filter lists.
func TestPublicRoutes(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	id := a.allocate(t, "public", a.port(t, "10Gbps"), bob, 1)
	b.confirmVIF(t, "public", id, "")
	w.verify(id)
	w.turn(time.Hour)
	w.script(id, `{"announce":[{"cidr":"203.0.113.128/25"},{"cidr":"192.0.2.0/24"}]}`)
	for _, c := range []*caller{a, b} { // both accounts see them
		if now := told(c.routes(t, id, &types.RouteFilters{RouteDirection: "accepted"}, nil)); now != "ac 203.0.113.128/25" {
			t.Errorf("accepted are %s", now)
		}
	}
	local := a.routes(t, id, &types.RouteFilters{RouteDirection: "advertised", Cidrs: []string{"198.18.0.0/18"}}, nil)
	if len(local) != 1 {
		t.Fatalf("advertised are %v", local)
	}
	holds(t, local[0].(map[string]any)["communities"], list{"65535:65281", "7224:8100"})
	holds(t, local[0].(map[string]any)["asPath"], list{members{"path": list{7224, 7224, 7224}, "pathType": "seq"}})
	other := w.as(t, "777788889999")
	refused(other.ListVirtualInterfaceRoutes(t.Context(), &dc.ListVirtualInterfaceRoutesInput{VirtualInterfaceId: &id}))(
		t, client, "Virtual Interface "+id+" does not exist.")
}

// TestRouteFilters: each filter, several together, and pages of every size.
func TestRouteFilters(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	got(a.createPeer(t, id, "ipv6", 65000))(t)
	w.script(id, `{"announce":[{"cidr":"10.2.0.0/16","communities":["7224:7100"]},{"cidr":"10.1.0.0/16","path":[65010]},`+
		`{"cidr":"10.10.0.0/16","path":[65010],"communities":["7224:7100","65000:7"]},{"cidr":"2001:db8:2::/48"},{"cidr":"2001:db8:1::/48","path":[65010]}]}`)
	w.turn(time.Hour)
	const all = "ac 10.1.0.0/16, ac 10.2.0.0/16, ac 10.10.0.0/16, ac 2001:db8:1::/48, ac 2001:db8:2::/48, ad "
	type filter = types.RouteFilters
	for _, c := range []struct {
		filter filter
		want   string
	}{
		{filter{}, all + vgwNetwork},
		{filter{RouteDirection: "advertised"}, "ad " + vgwNetwork},
		{filter{RouteDirection: "accepted", AddressFamily: "ipv6"}, "ac 2001:db8:1::/48, ac 2001:db8:2::/48"},
		{filter{AddressFamily: "ipv4"}, "ac 10.1.0.0/16, ac 10.2.0.0/16, ac 10.10.0.0/16, ad " + vgwNetwork},
		{filter{Cidrs: []string{"10.10.0.0/16", "2001:DB8:1:0::/48", vgwNetwork}}, "ac 10.10.0.0/16, ac 2001:db8:1::/48, ad " + vgwNetwork},
		{filter{Cidrs: []string{"10.0.0.0/8"}}, ""},
		{filter{AsPath: []int64{65000, 65010}}, "ac 10.1.0.0/16, ac 10.10.0.0/16, ac 2001:db8:1::/48"},
		{filter{AsPath: []int64{65010}}, ""},
		{filter{AsPath: []int64{64512}}, "ad " + vgwNetwork},
		{filter{Communities: []string{"7224:7100"}}, "ac 10.2.0.0/16, ac 10.10.0.0/16"},
		{filter{Communities: []string{"7224:7100", "65000:7"}}, "ac 10.10.0.0/16"},
		{filter{Communities: []string{"7224:7100"}, AsPath: []int64{65000}, AddressFamily: "ipv4"}, "ac 10.2.0.0/16"},
	} {
		for _, size := range []*int32{nil, num(1), num(2), num(3)} {
			if have := told(a.routes(t, id, &c.filter, size)); have != c.want {
				t.Errorf("%+v: %s\nwant %s", c.filter, have, c.want)
			}
		}
	}
	out := got(a.ListVirtualInterfaceRoutes(t.Context(), &dc.ListVirtualInterfaceRoutesInput{VirtualInterfaceId: &id, MaxResults: num(1)}))(t)
	for _, in := range []*dc.ListVirtualInterfaceRoutesInput{
		{VirtualInterfaceId: &id, NextToken: out.NextToken, Filters: &filter{RouteDirection: "accepted"}},
		{VirtualInterfaceId: str(noVIF), NextToken: out.NextToken},
		{VirtualInterfaceId: &id, NextToken: str("x")},
	} {
		refused(a.ListVirtualInterfaceRoutes(t.Context(), in))(t, client, "nextToken is not valid.")
	}
}

// TestPrefixLimit: beyond its share of the pool a session is closed, and stays down until it is tried again.
func TestPrefixLimit(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	announce := func(n int) { w.announce(id, n) }
	announce(100)
	w.turn(time.Hour)
	a.vifState(t, id, "available")
	holds(t, len(a.routes(t, id, &types.RouteFilters{RouteDirection: "accepted"}, num(30))), 100)
	announce(101)
	a.vifState(t, id, "down")
	holds(t, len(a.routes(t, id, nil, nil)), 0)
	announce(100)
	a.vifState(t, id, "down") // it is kept shut
	w.turn(15 * time.Minute)
	a.vifState(t, id, "available")
	announce(101)
	a.vifState(t, id, "down")
	got(a.update(t, id, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.PrefixPoolAllocatedCountIpv4 = num(101) }))(t)
	w.settle()
	a.vifState(t, id, "available")
	holds(t, len(a.routes(t, id, &types.RouteFilters{RouteDirection: "accepted"}, nil)), 101)
}

// TestInterfacePages: pages of every size give the whole list in the same order, of one connection or all.
func TestInterfacePages(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, other := a.port(t, "10Gbps"), a.port(t, "10Gbps")
	var want []string
	for vlan := range int32(5) {
		if vlan%2 == 1 { // some are made at the same moment
			w.turn(time.Second)
		}
		a.private(t, port, vlan+1)
		a.private(t, other, vlan+1)
	}
	ask := func(parent *string, size int32) (ids []string) {
		var token *string
		for {
			out := got(a.DescribeVirtualInterfaces(t.Context(), &dc.DescribeVirtualInterfacesInput{
				ConnectionId: parent, MaxResults: &size, NextToken: token,
			}))(t)
			for _, v := range out.VirtualInterfaces {
				ids = append(ids, *v.VirtualInterfaceId)
			}
			if token = out.NextToken; token == nil {
				return ids
			}
		}
	}
	for _, parent := range []*string{nil, &port} {
		want = ask(parent, 100)
		if n := len(want); n != 10 && n != 5 {
			t.Fatalf("%d interfaces", n)
		}
		for size := int32(1); size < 6; size++ {
			if have := ask(parent, size); !slices.Equal(have, want) {
				t.Errorf("pages of %d are %v, want %v", size, have, want)
			}
		}
	}
	out := got(a.DescribeVirtualInterfaces(t.Context(), &dc.DescribeVirtualInterfacesInput{ConnectionId: &port, MaxResults: num(1)}))(t)
	refused(a.DescribeVirtualInterfaces(t.Context(), &dc.DescribeVirtualInterfacesInput{ConnectionId: &other, NextToken: out.NextToken}))(
		t, client, "nextToken is not valid.")
}
