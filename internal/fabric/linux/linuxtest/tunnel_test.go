package linuxtest

import (
	"net/netip"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/speaker"
	"onramp/test/guest/lab"
)

// TestTunnel carries a customer's packets to another router's customer over the backbone, and back.
func TestTunnel(t *testing.T) {
	b := newBench(t, 1)
	far := lab.NewHost(t, "far")
	backbone := lab.NewCable(t, lab.End{Host: b.here, Device: "bb0"}, lab.End{Host: far, Device: "bb0"})
	b.here.IP("addr add 192.0.2.1/24 dev bb0")
	b.here.IP("link set bb0 up")
	for _, line := range []string{
		"addr add 192.0.2.2/24 dev bb0", "link set bb0 up", "link set lo up",
		"link add gre7 type gre local 192.0.2.2 remote 192.0.2.1 key 7 ttl 64", "link set gre7 up",
		"link add site type dummy", "link set site up", "addr add 10.50.0.1/16 dev site", "addr add fd50::1/64 dev site nodad",
		"route add 169.254.0.0/30 dev gre7", "-6 route add fd00::/125 dev gre7",
	} {
		far.IP(line)
	}
	in := fabric.Intent{Backbone: addr("192.0.2.1"), Ports: []fabric.Port{port(0, "")},
		VRFs: []fabric.VRF{{Name: "a", LocalASN: 64512, Segment: 7, Peers: []netip.Addr{addr("192.0.2.2")}}},
		Interfaces: []fabric.Interface{{Name: "dxvif-1", Link: "et0", VLAN: 100, MTU: 1500, VRF: "a", Neighbors: []fabric.Neighbor{
			neighbor("169.254.0.1/30", "169.254.0.2", "10.50.0.0/16"), neighbor("fd00::1/125", "fd00::2", "fd50::/64")}}}}
	b.apply(in)
	b.settled(in)
	names, err := b.here.Try("sh", "-c", "cd /sys/class/net && echo -n dxg-*")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"10.50.0.0/16", "fd50::/64"} {
		if err := b.driver.Routes().Set("a", speaker.Route{Prefix: pfx(p), Hops: []speaker.Hop{{Device: names}}}); err != nil {
			t.Fatal(err)
		}
	}
	vlan(b.customer, "c0", 0, 100, "169.254.0.2/30", "fd00::2/125")
	b.customer.IP("route add 10.50.0.0/16 via 169.254.0.1")
	b.customer.IP("-6 route add fd50::/64 via fd00::1")
	wire := backbone.Panel.Capture(backbone.A, "ip proto 47")
	for _, to := range []string{"10.50.0.1", "fd50::1"} {
		if !pings(b.customer, to, 10*time.Second) {
			t.Errorf("no answer from %s behind the other router", to)
		}
	}
	lab.Eventually(t, func() string {
		if len(wire.Frames()) == 0 {
			return "nothing has passed the backbone in a tunnel"
		}
		return ""
	})
}
