package conformance

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// TestTwoPeersOfAFamily: every port of ours has logical redundancy, so that a second one is always possible.
func TestTwoPeersOfAFamily(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	got(a.createPeer(t, id, "", 65000))(t) // IPv4 where nothing is said
	refused(a.createPeer(t, id, "ipv4", 65000))(t, client, "Virtual Interface "+id+" has 2 BGP peers of address family ipv4 already.")
	peers := a.peers(t, id)
	holds(t, list{peers[1]["addressFamily"], peers[1]["awsLogicalDeviceId"]}, list{"ipv4", peers[0]["awsLogicalDeviceId"]})
}

// TestDeletedPeersVanish: they are deleting until the router has let go of them, and then not there; the ID of one wins over
// number and address.
func TestDeletedPeersVanish(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	second := *got(a.createPeer(t, id, "ipv6", 65000))(t).VirtualInterface.BgpPeers[1].BgpPeerId
	w.turn(time.Hour)
	first := a.peers(t, id)[0]
	got(a.DeleteBGPPeer(t.Context(), &dc.DeleteBGPPeerInput{
		VirtualInterfaceId: &id, BgpPeerId: &second, AsnLong: aws.Int64(65000), CustomerAddress: str(first["customerAddress"].(string)),
	}))(t)
	w.settle()
	if left := a.peers(t, id); len(left) != 1 || left[0]["bgpPeerId"] != first["bgpPeerId"] {
		t.Errorf("left are %v", left)
	}
}

// TestPeersArePendingWithTheirInterface: no session is available before its interface is provisioned.
func TestPeersArePendingWithTheirInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	w.turn(59 * time.Minute)
	if ups := a.ups(t, id); ups != "pending down" {
		t.Errorf("the session is %s", ups)
	}
	w.turn(time.Minute)
	got(a.createPeer(t, id, "ipv6", 65000))(t)
	w.settle() // a later one comes at once
	if ups := a.ups(t, id); ups != "available up, available up" {
		t.Errorf("the sessions are %s", ups)
	}
}

// TestOutOfSight: what nobody can see is unknown, and comes back as it is then.
func TestOutOfSight(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	id := a.private(t, port, 1)
	w.turn(time.Hour)
	router := w.noun(port).Router
	w.fabric.Unreachable(router, true)
	w.wake(router)
	a.vifState(t, id, "unknown")
	if ups := a.ups(t, id); ups != "available unknown" {
		t.Errorf("the session is %s", ups)
	}
	a.deleteVIF(t, id)
	w.turn(time.Hour)
	a.vifState(t, id, "deleting") // until the router has let go of it
	w.fabric.Unreachable(router, false)
	w.turn(time.Hour)
	holds(t, a.vifs(t, "", ""), list{})
}

// TestClosedSessionIsTriedAgain: a quarter of an hour after it was closed for too many prefixes, or with a larger share.
func TestClosedSessionIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1, func(n *private) { n.PrefixPoolAllocatedCountIpv4 = num(1) })
	w.turn(time.Hour)
	w.script(id, `{"announce":[{"cidr":"10.1.0.0/16"},{"cidr":"10.2.0.0/16"}]}`)
	a.vifState(t, id, "down")
	w.script(id, ``)
	w.turn(15*time.Minute - time.Second)
	a.vifState(t, id, "down")
	w.turn(time.Second)
	a.vifState(t, id, "available")
}

// TestFailoverChoices: the words for how a test stands; the end only when it is over; an interface that is down may be tested.
func TestFailoverChoices(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	w.script(id, `{"silent":true}`)
	w.turn(time.Hour)
	a.vifState(t, id, "down")
	first := a.startTest(t, id, 1)
	shown := func(test, status string, over bool) {
		t.Helper()
		one := a.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{TestId: &test})[0].(map[string]any)
		if _, ended := one["endTime"]; one["status"] != status || ended != over {
			t.Errorf("the test is %v", one)
		}
	}
	shown(first, "IN_PROGRESS", false)
	refused(a.StartBgpFailoverTest(t.Context(), &dc.StartBgpFailoverTestInput{VirtualInterfaceId: &id}))(
		t, client, "A failover test is already in progress on Virtual Interface "+id+".")
	w.turn(time.Minute)
	shown(first, "COMPLETED", true)
	refused(a.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &id}))(
		t, client, "No failover test is in progress on Virtual Interface "+id+".")
	second := a.startTest(t, id, 1)
	a.deleteVIF(t, id)
	shown(second, "CANCELLED", true)
}

// TestRouteChoices: a filter's AS path is the whole one, its communities are all there, its prefixes are exact; an interface
// that is down has no routes, one that is not there is an error, and IPv6 is written short.
func TestRouteChoices(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1, func(n *private) { n.AddressFamily = types.AddressFamilyIPv6 })
	if routes := a.routes(t, id, nil, nil); len(routes) != 0 {
		t.Errorf("a pending interface has routes %v", routes)
	}
	w.script(id, `{"announce":[{"cidr":"2001:db8::/48","path":[65010],"communities":["65000:1","65000:2"]}]}`)
	w.turn(time.Hour)
	for want, filters := range map[string][]types.RouteFilters{
		"ac 2001:db8::/48": {{AsPath: []int64{65000, 65010}}, {Communities: []string{"65000:2"}}, {Cidrs: []string{"2001:db8:0:0::1/48"}}},
		"":                 {{AsPath: []int64{65000}}, {Communities: []string{"65000:2", "65000:3"}}, {Cidrs: []string{"2001:db8::/47"}}},
	} {
		for _, f := range filters {
			if have := told(a.routes(t, id, &f, nil)); have != want {
				t.Errorf("%+v: %s, want %s", f, have, want)
			}
		}
	}
	refused(a.ListVirtualInterfaceRoutes(t.Context(), &dc.ListVirtualInterfaceRoutesInput{VirtualInterfaceId: str(noVIF)}))(
		t, client, "Virtual Interface "+noVIF+" does not exist.")
}

// TestRouterConfigurationChoices: at any time of a life; without a type the XML; for software routers too; an unknown type is
// refused, and what a type cannot express.
func TestRouterConfigurationChoices(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	port := a.port(t, "10Gbps")
	id := a.private(t, port, 1)
	got(a.configuration(t, id, ""))(t)
	if a.object()["router"] != nil || !strings.HasPrefix(a.object()["customerRouterConfig"].(string), "<?xml") {
		t.Errorf("without a type: %s", a.last.body)
	}
	for _, ours := range []string{"FRRouting-FRR-8", "CZNIC-BIRD-2", "VyOS-VyOS-14"} {
		out := got(a.configuration(t, id, ours))(t)
		if *out.Router.XsltTemplateNameForMacSec != "" || !strings.Contains(*out.CustomerRouterConfig, "65000") {
			t.Errorf("%s: %s", ours, a.last.body)
		}
	}
	refused(a.configuration(t, id, "FRR"))(t, client, "Router type FRR is not valid.")
	same := a.private(t, port, 2, func(n *private) { n.Asn = 64512 }) // the gateway's own number
	refusedMatching(a.configuration(t, same, "FRRouting-FRR-8"))(
		t, client, "^The configuration cannot be written for router type FRRouting-FRR-8: ")
}

// TestRouterConfigurationOfTheDead: what has ended has none; the interface itself keeps the XML with the addresses, number
// and key that it had in the end, for both families.
func TestRouterConfigurationOfTheDead(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	port := a.port(t, "10Gbps")
	id, rejected := a.private(t, port, 1), a.allocate(t, "private", port, bob, 2)
	second := *got(a.createPeer(t, id, "ipv6", 65000))(t).VirtualInterface.BgpPeers[1].BgpPeerId
	w.turn(time.Hour)
	first := a.peers(t, id)[0]["bgpPeerId"].(string)
	got(a.createPeer(t, id, "ipv4", 65001))(t)
	w.settle()
	got(a.deletePeer(t, id, first))(t) // what is being deleted when the interface goes is not part of its end
	xml := a.vif(t, id)["customerRouterConfig"].(string)
	for _, element := range []string{"<customer_address>", "<bgp_asn>65001<", "<bgp_auth_key>", "<ipv6_amazon_address>"} {
		if !strings.Contains(xml, element) {
			t.Errorf("alive, the XML lacks %s: %s", element, xml)
		}
	}
	a.deleteVIF(t, id)
	holds(t, a.vif(t, id)["customerRouterConfig"], xml)
	got(a.configuration(t, id, ""))(t) // it is still there
	w.turn(time.Minute)
	holds(t, list{a.vif(t, id)["virtualInterfaceState"], a.vif(t, id)["customerRouterConfig"]}, list{"deleted", xml})
	b.deleteVIF(t, rejected)
	for _, router := range []string{"", "FRRouting-FRR-8"} {
		refused(a.configuration(t, id, router))(t, client, "Virtual Interface "+id+" is in state deleted: it has no router configuration any more.")
		refused(a.configuration(t, rejected, router))(
			t, client, "Virtual Interface "+rejected+" is in state rejected: it has no router configuration any more.")
	}
	if second == "" || len(a.peers(t, id)) != 2 {
		t.Errorf("in the end there are %v", a.peers(t, id))
	}
}

// TestPeersOfADeletedInterface: all that it had in the end are deleted; one that was being deleted before is not shown.
func TestPeersOfADeletedInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	got(a.createPeer(t, id, "ipv6", 65000))(t)
	w.turn(time.Hour)
	got(a.createPeer(t, id, "ipv4", 65001))(t)
	first := a.peers(t, id)[0]
	got(a.deletePeer(t, id, first["bgpPeerId"].(string)))(t)
	a.deleteVIF(t, id)
	w.turn(time.Minute)
	if ups := a.ups(t, id); ups != "deleted down, deleted down" {
		t.Errorf("the sessions are %s", ups)
	}
	for _, p := range a.peers(t, id) {
		if p["bgpPeerId"] == first["bgpPeerId"] {
			t.Error("the one that was deleted before is shown")
		}
	}
	b := w.as(t, bob) // and of one that was moved and then rejected, before any router was told
	allocated := a.allocate(t, "private", a.port(t, "10Gbps"), bob, 2)
	got(a.associateVIF(t, allocated, a.port(t, "10Gbps")))(t)
	b.deleteVIF(t, allocated)
	if ups := b.ups(t, allocated); ups != "deleted down" {
		t.Errorf("the sessions of the rejected one are %s", ups)
	}
}

// TestFailoverEndsWithItsPeers: a test goes on while one of its sessions is there, and is cancelled with the last of them;
// sessions outside of it do not count.
func TestFailoverEndsWithItsPeers(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	for _, family := range []string{"ipv4", "ipv6"} {
		got(a.createPeer(t, id, family, 65000))(t)
	}
	w.turn(time.Hour)
	var ids []string
	for _, p := range a.peers(t, id) {
		ids = append(ids, p["bgpPeerId"].(string))
	}
	test := a.startTest(t, id, 60, ids[:2]...)
	got(a.deletePeer(t, id, ids[0]))(t)
	w.settle()
	a.vifState(t, id, "testing")
	w.turn(time.Minute)
	out := got(a.deletePeer(t, id, ids[1]))(t)
	if out.VirtualInterface.VirtualInterfaceState == types.VirtualInterfaceStateTesting {
		t.Error("the interface is being tested without a session in the test")
	}
	ended := w.now().Unix()
	w.turn(time.Minute)
	a.vifState(t, id, "available")
	one := a.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{TestId: &test})[0].(map[string]any)
	holds(t, list{one["status"], one["endTime"]}, list{"CANCELLED", ended})
	refused(a.StopBgpFailoverTest(t.Context(), &dc.StopBgpFailoverTestInput{VirtualInterfaceId: &id}))(
		t, client, "No failover test is in progress on Virtual Interface "+id+".")
	a.startTest(t, id, 1) // and another one may begin
}

// TestFailoverStatuses: the history is chosen by one of four words, exactly.
func TestFailoverStatuses(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	w.turn(time.Hour)
	a.startTest(t, id, 1)
	for status, n := range map[string]int{"IN_PROGRESS": 1, "COMPLETED": 0, "CANCELLED": 0, "FAILED": 0, "": 1} {
		if have := a.tests(t, &dc.ListVirtualInterfaceTestHistoryInput{Status: &status}); len(have) != n {
			t.Errorf("%q finds %v", status, have)
		}
	}
	for _, status := range []string{"Completed", "in_progress", "DONE"} {
		refused(a.ListVirtualInterfaceTestHistory(t.Context(), &dc.ListVirtualInterfaceTestHistoryInput{Status: &status}))(
			t, client, "Test status "+status+" is not valid. Valid values are IN_PROGRESS, COMPLETED, CANCELLED and FAILED.")
	}
}

// TestPublicScopes: the provider's communities stay with the route and decide in which Regions the prefix is told; they are
// told to no other customer, and neither is the prefix.
func TestPublicScopes(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	id, other := a.public(t, a.port(t, "10Gbps"), 1), b.public(t, b.port(t, "10Gbps"), 2, func(n *public) {
		n.RouteFilterPrefixes = []types.RouteFilterPrefix{{Cidr: str("192.0.2.0/24")}}
	})
	w.verify(id)
	w.verify(other)
	w.turn(time.Hour)
	for community, reached := range map[string]map[string]bool{
		"7224:9100": {eastern: true, western: false, "eu-west-1": false},
		"7224:9200": {eastern: true, western: true, "eu-west-1": false},
		"7224:9300": {eastern: true, western: true, "eu-west-1": true},
		"65000:1":   {eastern: true, western: true, "eu-west-1": true},
	} {
		w.script(id, `{"announce":[{"cidr":"203.0.113.0/24","communities":["`+community+`"]}]}`)
		w.settle()
		accepted := a.routes(t, id, &types.RouteFilters{RouteDirection: types.RouteDirectionAccepted, Communities: []string{community}}, nil)
		if told(accepted) != "ac 203.0.113.0/24" {
			t.Errorf("with %s: %v", community, accepted)
		}
		for region, want := range reached {
			ways, err := w.service.PublicPaths(t.Context(), region, "203.0.113.1")
			if err != nil || len(ways) != 1 || ways[0].Interface.ID != id || (ways[0].Rank == 1) != want {
				t.Errorf("with %s in %s: %+v, %v", community, region, ways, err)
			}
		}
		if heard := told(b.routes(t, other, nil, nil)); strings.Contains(heard, "203.0.113") {
			t.Errorf("with %s another customer hears %s", community, heard)
		}
	}
}
