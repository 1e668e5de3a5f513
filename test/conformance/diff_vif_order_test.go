package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// TestInterfaceNeedsADevice: from when the port is known until it goes; a LAG is always known.
func TestInterfaceNeedsADevice(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.order(t, ashburn, "10Gbps", "x")
	no := func(state string) {
		t.Helper()
		refused(a.askPrivate(t, port, 100))(t, client, "The specified Connection ID is not available: "+port+" is in state "+state+".")
	}
	no("requested")
	for i, move := range []func(...string){w.approve, w.plug, w.cut} {
		move(port)
		id := a.private(t, port, int32(i+1))
		a.deleteVIF(t, id)
	}
	w.turn(time.Hour)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &port}))(t)
	no("deleting")
	w.turn(time.Minute)
	no("deleted")
	a.private(t, a.orderLAG(t, ashburn, "10Gbps", "x", 1), 1)
}

// TestInterfaceNamesAndFrames: the documented characters are not enforced, and both sizes of jumbo frames are taken.
func TestInterfaceNamesAndFrames(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	for i, name := range []string{"Example Transit Virtual Interface", strings.Repeat("é", 100), "a_b/c"} {
		id := a.private(t, port, int32(i+1), func(n *private) { n.VirtualInterfaceName, n.Mtu = &name, []*int32{nil, num(8500), num(9001)}[i] })
		v := a.vif(t, id)
		holds(t, list{v["virtualInterfaceName"], v["mtu"], v["jumboFrameCapable"]}, list{name, []int{1500, 8500, 9001}[i], true})
	}
	refused(a.askPrivate(t, port, 9, func(n *private) { n.VirtualInterfaceName = str(strings.Repeat("é", 101)) }))(
		t, client, "virtualInterfaceName must be at most 100 characters long.")
}

// TestNumbersOfFourBytes: asn takes them too, up to 2147483646, and comes back as 0.
func TestNumbersOfFourBytes(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	v := a.vif(t, a.private(t, a.port(t, "10Gbps"), 1, func(n *private) { n.Asn = 2147483646 }))
	holds(t, list{v["asn"], v["asnLong"]}, list{0, 2147483646})
}

// TestTheGatewaysOwnNumber: an interface comes up with one number on both sides, and takes nothing that is announced.
func TestTheGatewaysOwnNumber(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	same := a.private(t, port, 1, func(n *private) { n.Asn = 64512 })
	other := a.private(t, port, 2)
	w.turn(time.Hour)
	v := a.vif(t, same)
	holds(t, list{v["asn"], v["amazonSideAsn"], v["virtualInterfaceState"]}, list{64512, 64512, "available"})
	accepted := &types.RouteFilters{RouteDirection: types.RouteDirectionAccepted}
	if len(a.routes(t, same, accepted, nil)) != 0 || len(a.routes(t, other, accepted, nil)) != 1 {
		t.Errorf("with the gateway's number %v, with another %v", a.routes(t, same, accepted, nil), a.routes(t, other, accepted, nil))
	}
}

// TestAddressChoices: what is given may be any unicast subnet of /8 to /31, with masks; IPv6 is out of fd00:7224::/32.
func TestAddressChoices(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	port := a.port(t, "10Gbps")
	for i, given := range [][2]string{
		{"10.255.0.1/8", "10.0.0.1/8"}, {"198.51.100.254/24", "198.51.100.1/24"}, {"169.254.7.1/30", "169.254.7.2/30"}, {"192.0.2.0/31", "192.0.2.1/31"},
	} {
		v := a.vif(t, a.private(t, port, int32(i+1), func(n *private) { n.AmazonAddress, n.CustomerAddress = &given[0], &given[1] }))
		holds(t, list{v["amazonAddress"], v["customerAddress"]}, list{given[0], given[1]})
	}
	v := a.vif(t, a.private(t, port, 9, func(n *private) { n.AddressFamily = types.AddressFamilyIPv6 }))
	for _, end := range []string{"amazonAddress", "customerAddress"} {
		if !strings.HasPrefix(v[end].(string), "fd00:7224:0:0:") {
			t.Errorf("%s is %s", end, v[end])
		}
	}
}

// TestBGPKeyCharacters: printable ASCII without blanks, quotes and backslashes, so that every router's file can hold it.
func TestBGPKeyCharacters(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	port := a.port(t, "10Gbps")
	const good = "!#$%&()*+,-./09:;<=>?@AZ[]^_az{|}~"
	holds(t, a.vif(t, a.private(t, port, 1, func(n *private) { n.AuthKey = str(good) }))["authKey"], good)
	for _, bad := range " \"'`\\\t\x7fé" {
		x, err := a.askPrivate(t, port, 2, func(n *private) { n.AuthKey = str("123456" + string(bad)) })
		refused(x, err)(t, client, "authKey is not valid: it contains invalid characters.")
		if strings.Contains(a.last.body, "123456") {
			t.Errorf("the refusal has the key in it: %s", a.last.body)
		}
	}
}

// TestLimiterChoices: an empty limit or "none" takes it away, and the sum is in Mbps.
func TestLimiterChoices(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	port := a.port(t, "10Gbps")
	for i, none := range []string{"", "none"} {
		id := a.private(t, port, int32(i+1), func(n *private) { n.RateLimit = str("1.2Gbps") })
		holds(t, a.connection(t, port)["rateLimiterStatus"].(map[string]any)["totalBandwidth"], "1200Mbps")
		got(a.update(t, id, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.RateLimit = &none }))(t)
		if limit, there := a.object()["rateLimit"]; there {
			t.Errorf("the limit is %v", limit)
		}
	}
}

// TestPoolIsShared: who asks for nothing gets a hundred prefixes, or what is left.
func TestPoolIsShared(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	port := a.port(t, "1Gbps")
	for vlan := int32(1); vlan <= 4; vlan++ {
		a.private(t, port, vlan, func(n *private) { n.PrefixPoolAllocatedCountIpv4 = num(1000) })
	}
	a.private(t, port, 5, func(n *private) { n.PrefixPoolAllocatedCountIpv4 = num(960) })
	v := a.vif(t, a.private(t, port, 6))
	holds(t, list{v["prefixPoolAllocatedCountIpv4"], v["prefixPoolAllocatedCountIpv6"]}, list{40, 100})
	holds(t, a.connection(t, port)["prefixPoolUnallocatedCountIpv4"], 0)
	refused(a.askPrivate(t, port, 7))(t, client, "The prefix pool of "+port+" is used up.")
}

// TestWhoMayChangeAnInterface: the owners of the interface and of its connection, except for what is the former's alone.
func TestWhoMayChangeAnInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	id := a.allocate(t, "private", a.port(t, "10Gbps"), bob, 1)
	b.confirmVIF(t, "private", id, b.dxgw(t))
	for i, c := range []*caller{a, b} {
		name := fmt.Sprint("name ", i)
		got(c.update(t, id, func(in *dc.UpdateVirtualInterfaceAttributesInput) { in.VirtualInterfaceName = &name }))(t)
		got(c.createPeer(t, id, "ipv6", int32(65000+i)))(t)
		holds(t, b.vif(t, id)["virtualInterfaceName"], name)
	}
	w.turn(time.Hour)
	refused(a.StartBgpFailoverTest(t.Context(), &dc.StartBgpFailoverTestInput{VirtualInterfaceId: &id}))(
		t, client, "Virtual Interface "+id+" does not exist.")
	if state := a.deleteVIF(t, id); state != "deleting" {
		t.Errorf("deleted, it is %s", state)
	}
}

// TestMoveWithinTheRegion: to another location as well, as an allocation too, but not during a test.
func TestMoveWithinTheRegion(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, away := a.port(t, "10Gbps"), a.order(t, vienna, "10Gbps", "x")
	w.light(away)
	id := a.private(t, port, 1)
	w.turn(time.Hour)
	got(a.associateVIF(t, id, away))(t)
	holds(t, a.object()["location"], vienna)
	w.turn(time.Hour)
	a.vifState(t, id, "available")
	allocated := a.allocate(t, "private", port, bob, 2)
	got(a.associateVIF(t, allocated, away))(t)
	a.vifState(t, allocated, "confirming")
	a.startTest(t, id, 5)
	refused(a.associateVIF(t, id, port))(t, client, "Virtual Interface "+id+" is being tested and cannot be moved.")
}

// TestSessionsLeftBehind: the sessions of before a move are deleted on the device that they are on, not on the new one, and
// shown until that one has let go of them.
func TestSessionsLeftBehind(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, away := a.port(t, "10Gbps"), a.order(t, vienna, "10Gbps", "x")
	w.light(away)
	id := a.private(t, port, 1)
	w.turn(time.Hour)
	old, fresh := w.noun(port).Router, w.noun(away).Router
	if old == fresh {
		t.Fatal("both connections are on", old)
	}
	devices := func() (all list) {
		for _, p := range a.peers(t, id) {
			if p["awsDeviceV2"] != p["awsLogicalDeviceId"] {
				t.Errorf("two devices: %v", p)
			}
			all = append(all, list{p["bgpPeerState"], p["awsDeviceV2"]})
		}
		return all
	}
	holds(t, devices(), list{list{"available", old}})
	w.fabric.Unreachable(old, true)
	got(a.associateVIF(t, id, away))(t)
	holds(t, devices(), list{list{"pending", fresh}, list{"deleting", old}})
	w.turn(time.Hour)
	holds(t, devices(), list{list{"available", fresh}, list{"deleting", old}}) // nobody could tell the old one
	holds(t, a.vif(t, id)["awsDeviceV2"], fresh)
	w.fabric.Unreachable(old, false)
	w.turn(time.Hour)
	holds(t, devices(), list{list{"available", fresh}})
}

// TestInterfaceWaitsForItsAccount: an allocation does not lapse, and who allocated it can take it back.
func TestInterfaceWaitsForItsAccount(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	id := a.allocate(t, "public", a.port(t, "10Gbps"), bob, 1)
	w.turn(365 * 24 * time.Hour)
	b.vifState(t, id, "confirming")
	if state := a.deleteVIF(t, id); state != "deleting" {
		t.Errorf("taken back, it is %s", state)
	}
	w.turn(time.Minute)
	b.vifState(t, id, "deleted")
}
