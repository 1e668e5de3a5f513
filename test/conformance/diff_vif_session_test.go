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
