package linuxtest

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/speaker"
)

// TestRoutes writes routes of every kind into a VRF's table and reads them back, replaces and removes them; what is not
// the speaker's is neither listed nor touched.
func TestRoutes(t *testing.T) {
	b := newBench(t, 2)
	b.lend("192.0.2.1/32")
	in := fabric.Intent{Backbone: addr("192.0.2.1"), Ports: []fabric.Port{port(0, ""), port(1, "")},
		VRFs: []fabric.VRF{{Name: "a", LocalASN: 64512, Segment: 5, Peers: []netip.Addr{addr("192.0.2.2")}}, {Name: "b", LocalASN: 64512}},
		Interfaces: []fabric.Interface{
			{Name: "dxvif-1", Link: "et0", VLAN: 100, MTU: 1500, VRF: "a",
				Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2"), neighbor("fd00::1/125", "fd00::2")}},
			{Name: "dxvif-2", Link: "et1", VLAN: 100, MTU: 1500, VRF: "a",
				Neighbors: []fabric.Neighbor{neighbor("169.254.1.1/30", "169.254.1.2"), neighbor("fd00::9/125", "fd00::a")}},
		}}
	b.apply(in)
	k := b.driver.Routes()
	one, two := speaker.Hop{Via: addr("169.254.0.2"), Device: "dxvif-1"}, speaker.Hop{Via: addr("169.254.1.2"), Device: "dxvif-2"}
	six, seven := speaker.Hop{Via: addr("fd00::2"), Device: "dxvif-1"}, speaker.Hop{Via: addr("fd00::a"), Device: "dxvif-2"}
	tunnel := speaker.Hop{Device: strings.TrimSpace(b.here.Run("sh", "-c", "ls /sys/class/net | grep ^dxg-"))}
	set := func(r ...speaker.Route) {
		t.Helper()
		for _, r := range r {
			if err := k.Set("a", r); err != nil {
				t.Fatal(err)
			}
		}
	}
	is := func(want ...speaker.Route) {
		t.Helper()
		got, err := k.List("a")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
			cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
			t.Errorf("routes (-want +got):\n%s", diff)
		}
	}
	route := func(p string, hops ...speaker.Hop) speaker.Route { return speaker.Route{Prefix: pfx(p), Hops: hops} }
	all := []speaker.Route{route("0.0.0.0/0", one), route("10.1.0.0/16", one, two), route("10.2.0.0/16", tunnel), route("10.3.3.3/32", two),
		route("::/0", seven), route("2001:db8:1::/48", six, seven), route("2001:db8:2::/48", tunnel)}
	set(all...)
	is(all...)
	all[0], all[1], all[2], all[5] = route("0.0.0.0/0", one, two), route("10.1.0.0/16", two), route("10.2.0.0/16", one, two), route("2001:db8:1::/48", six)
	set(all...)
	is(all...)
	b.settled(in)
	if other, err := k.List("b"); err != nil || len(other) > 0 {
		t.Errorf("the other VRF has %v, %v", other, err)
	}
	for range 2 { // removing what is not there is no error
		for _, r := range all {
			if err := k.Unset("a", r.Prefix); err != nil {
				t.Error(err)
			}
		}
	}
	is([]speaker.Route{}...)
	b.settled(in)
	if err := k.Set("nowhere", all[0]); err == nil {
		t.Error("a route into no VRF")
	}
	if err := k.Set("a", route("10.4.0.0/16", speaker.Hop{Via: addr("169.254.0.2"), Device: "nothing"})); err == nil {
		t.Error("a route over no device")
	}
}
