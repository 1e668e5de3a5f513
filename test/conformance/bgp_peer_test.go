package conformance

import (
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// createPeer puts another session on an interface.
func (c *caller) createPeer(t testing.TB, id, family string, asn int32, set ...func(*types.NewBGPPeer)) (*dc.CreateBGPPeerOutput, error) {
	n := &types.NewBGPPeer{Asn: asn, AddressFamily: types.AddressFamily(family)}
	for _, f := range set {
		f(n)
	}
	return c.CreateBGPPeer(t.Context(), &dc.CreateBGPPeerInput{VirtualInterfaceId: &id, NewBGPPeer: n})
}

func (c *caller) deletePeer(t testing.TB, id, peer string) (*dc.DeleteBGPPeerOutput, error) {
	return c.DeleteBGPPeer(t.Context(), &dc.DeleteBGPPeerInput{VirtualInterfaceId: &id, BgpPeerId: &peer})
}

// TestBGPPeers: a second family is added and taken off again, down to the last; the top level stays the first peer's.
func TestBGPPeers(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	router := w.noun(port).Router
	id := a.private(t, port, 1, func(n *private) { n.AuthKey = str("the-first-one") })
	w.turn(time.Hour)
	before := a.vif(t, id)
	out := got(a.createPeer(t, id, "ipv6", 0, func(n *types.NewBGPPeer) { n.AsnLong = aws.Int64(4200000000) }))(t)
	p := out.VirtualInterface.BgpPeers[1]
	if !generatedKey.MatchString(*p.AuthKey) {
		t.Errorf("the second session's key is %s", *p.AuthKey)
	}
	peer := session(*p.BgpPeerId, "pending", "down", "ipv6", *p.AmazonAddress, *p.CustomerAddress, *p.AuthKey, router, 4200000000)
	first := before["bgpPeers"].(list)[0]
	config := regexp.MustCompile(`  <amazon_bgp_asn>`).ReplaceAllLiteralString(before["customerRouterConfig"].(string),
		"  <ipv6_customer_address>"+*p.CustomerAddress+"</ipv6_customer_address>\n  <ipv6_amazon_address>"+*p.AmazonAddress+
			"</ipv6_amazon_address>\n  <ipv6_bgp_asn>4200000000</ipv6_bgp_asn>\n  <ipv6_bgp_auth_key>"+*p.AuthKey+
			"</ipv6_bgp_auth_key>\n  <amazon_bgp_asn>")
	want := members(before).with(members{"bgpPeers": list{first, peer}, "customerRouterConfig": config})
	holds(t, a.object(), members{"virtualInterface": want}) // wrapped
	w.settle()
	up := peer.with(members{"bgpPeerState": "available", "bgpStatus": "up"})
	holds(t, a.vif(t, id), want.with(members{"bgpPeers": list{first, up}}))

	got(a.deletePeer(t, id, *p.BgpPeerId))(t)
	holds(t, a.object(), members{"virtualInterface": members(before).with(members{
		"bgpPeers": list{first, up.with(members{"bgpPeerState": "deleting", "bgpStatus": "down"})},
	})})
	w.settle()
	holds(t, a.vif(t, id), before)
	w.unchanged(t, func() {
		refused(a.deletePeer(t, id, a.peers(t, id)[0]["bgpPeerId"].(string)))(
			t, client, "The last BGP Peer on a Virtual Interface cannot be deleted")
		refused(a.deletePeer(t, id, *p.BgpPeerId))(t, client, "The BGP Peer does not exist on Virtual Interface "+id+".")
	})
}

// TestBGPPeersOfAFamily: a second one of a family, for the other logical device, and no third.
func TestBGPPeersOfAFamily(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	for _, family := range []string{"", "ipv6", "ipv6"} { // without a family it is IPv4
		got(a.createPeer(t, id, family, 65000))(t)
	}
	w.unchanged(t, func() {
		for _, family := range []string{"ipv4", "ipv6"} {
			refused(a.createPeer(t, id, family, 65001))(
				t, client, "Virtual Interface "+id+" has 2 BGP peers of address family "+family+" already.")
		}
	})
	w.turn(time.Hour)
	if ups := a.ups(t, id); ups != "available up, available up, available up, available up" {
		t.Errorf("the sessions are %s", ups)
	}
	seen := map[any]bool{}
	for _, p := range a.peers(t, id) {
		seen[p["amazonAddress"]], seen[p["customerAddress"]], seen[p["authKey"]], seen[p["bgpPeerId"]] = true, true, true, true
	}
	if len(seen) != 16 {
		t.Errorf("only %d addresses, keys and IDs of 16 differ", len(seen))
	}
}

// TestPublicBGPPeer: it waits for approval, as the interface does.
func TestPublicBGPPeer(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.public(t, a.port(t, "10Gbps"), 1)
	w.verify(id)
	w.turn(time.Hour)
	a.vifState(t, id, "available")
	got(a.createPeer(t, id, "ipv6", 65000))(t)
	w.settle()
	if ups := a.ups(t, id); ups != "available up, verifying down" {
		t.Errorf("the sessions are %s", ups)
	}
	a.vifState(t, id, "available")
	w.verify(id)
	if ups := a.ups(t, id); ups != "available up, available up" {
		t.Errorf("approved, the sessions are %s", ups)
	}
}

// TestPublicApprovalByItself: where the pace approves, an interface and a session that is put on it later wait as long.
func TestPublicApprovalByItself(t *testing.T) {
	t.Parallel()
	pace := byHand
	pace.Approve = 30 * time.Minute
	w := openAt(t, pace)
	a := w.as(t, alice)
	id := a.public(t, a.port(t, "10Gbps"), 1)
	w.turn(30*time.Minute - time.Second)
	a.vifState(t, id, "verifying")
	w.turn(time.Second)
	a.vifState(t, id, "pending")
	w.turn(time.Hour)
	a.vifState(t, id, "available")
	got(a.createPeer(t, id, "ipv6", 65000))(t)
	w.turn(30*time.Minute - time.Second)
	if ups := a.ups(t, id); ups != "available up, verifying down" {
		t.Errorf("the sessions are %s", ups)
	}
	w.turn(time.Second)
	if ups := a.ups(t, id); ups != "available up, available up" {
		t.Errorf("the sessions are %s", ups)
	}
}

// TestDeleteBGPPeerByNumberAndAddress: as clients name it that do not know the ID; the ID wins.
func TestDeleteBGPPeerByNumberAndAddress(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.private(t, a.port(t, "10Gbps"), 1)
	got(a.createPeer(t, id, "ipv4", 65001, func(n *types.NewBGPPeer) {
		n.AmazonAddress, n.CustomerAddress = str("10.0.0.1/30"), str("10.0.0.2/30")
	}))(t)
	got(a.createPeer(t, id, "ipv6", 65002))(t)
	w.turn(time.Hour)
	first := a.peers(t, id)[0]["bgpPeerId"].(string)
	v6 := a.peers(t, id)[2]["customerAddress"].(string)
	refused(a.DeleteBGPPeer(t.Context(), &dc.DeleteBGPPeerInput{VirtualInterfaceId: &id, Asn: 65009, CustomerAddress: str("10.0.0.2/30")}))(
		t, client, "The BGP Peer does not exist on Virtual Interface "+id+".")
	got(a.DeleteBGPPeer(t.Context(), &dc.DeleteBGPPeerInput{VirtualInterfaceId: &id, Asn: 65001, CustomerAddress: str("10.0.0.2/30")}))(t)
	w.settle()
	got(a.DeleteBGPPeer(t.Context(), &dc.DeleteBGPPeerInput{
		VirtualInterfaceId: &id, AsnLong: aws.Int64(65002), CustomerAddress: &v6, BgpPeerId: &first,
	}))(t)
	w.settle()
	if left := a.peers(t, id); len(left) != 1 || left[0]["addressFamily"] != "ipv6" {
		t.Errorf("left are %v", left)
	}
	holds(t, a.vif(t, id)["addressFamily"], "ipv6") // the first one that is left
}
