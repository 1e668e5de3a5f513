package linuxtest

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/test/guest/lab"
)

// vlan makes a customer's interface: a VLAN, in an outer one if that is not 0, with addresses and a route to everything.
func vlan(h *lab.Host, device string, outer, id int, addresses ...string) {
	if outer > 0 {
		h.IP(fmt.Sprintf("link add link %s name s%d type vlan proto 802.1ad id %d", device, outer, outer))
		h.IP(fmt.Sprintf("link set s%d up", outer))
		device = fmt.Sprint("s", outer)
	}
	h.IP(fmt.Sprintf("link add link %s name v%d type vlan id %d", device, id, id))
	h.IP(fmt.Sprintf("link set v%d up", id))
	for _, a := range addresses {
		h.IP(fmt.Sprintf("addr add %s dev v%d nodad", a, id))
	}
}

// TestPasses shows who reaches whom: a customer its networks and its own end of the link, IPv4 and IPv6, VRFs with equal
// addresses each its own; nobody another customer, another VRF or the router's own addresses.
func TestPasses(t *testing.T) {
	b := newBench(t, 2)
	second := lab.NewHost(t, "second")
	cable := lab.NewCable(t, lab.End{Host: b.here, Device: "et9"}, lab.End{Host: second, Device: "c0"})
	_ = cable
	second.IP("link set c0 up")
	b.lend("10.0.7.7/32") // the same as an address in a customer's network
	b.lend("203.0.113.7/32")
	in := fabric.Intent{Ports: []fabric.Port{port(0, ""), port(1, ""), port(9, "")},
		VRFs: []fabric.VRF{{Name: "a", LocalASN: 64512, Networks: []netip.Prefix{pfx("10.0.0.0/16"), pfx("2001:db8::/56")}},
			{Name: "b", LocalASN: 64512, Networks: []netip.Prefix{pfx("10.0.7.7/32"), pfx("10.9.0.0/16")}}},
		Interfaces: []fabric.Interface{
			{Name: "dxvif-1", Link: "et0", VLAN: 100, MTU: 1500, VRF: "a",
				Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2", "10.0.0.0/16"), neighbor("fd00::1/125", "fd00::2", "2001:db8::/56")}},
			{Name: "dxvif-2", Link: "et1", OuterVLAN: 7, VLAN: 200, MTU: 1500, VRF: "b",
				Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2", "10.0.0.0/8", "203.0.113.0/24")}},
			{Name: "dxvif-3", Link: "et9", VLAN: 300, MTU: 1500, VRF: "a",
				Neighbors: []fabric.Neighbor{neighbor("169.254.3.1/30", "169.254.3.2", "10.0.0.0/16")}},
		}}
	b.apply(in)
	b.settled(in)
	one := b.customer
	vlan(one, "c0", 0, 100, "169.254.0.2/30", "fd00::2/125")
	one.IP("route add default via 169.254.0.1")
	one.IP("-6 route add 2001:db8::/32 via fd00::1")
	vlan(second, "c0", 0, 300, "169.254.3.2/30")
	second.IP("route add default via 169.254.3.1")
	other := lab.NewHost(t, "other") // takes the second cable's end
	b.customer.IP("link set c1 netns other")
	other.IP("link set c1 up")
	vlan(other, "c1", 7, 200, "169.254.0.2/30")
	other.IP("route add default via 169.254.0.1")
	for _, c := range []struct {
		from *lab.Host
		to   string
		want bool
	}{
		{one, "169.254.0.1", true}, {one, "10.0.0.1", true}, {one, "fd00::1", true}, {one, "2001:db8::1", true},
		{second, "10.0.0.1", true}, {other, "169.254.0.1", true}, {other, "10.0.7.7", true}, {other, "10.9.0.1", true},
		{one, "169.254.3.1", false}, {one, "169.254.3.2", false}, {second, "169.254.0.2", false}, {second, "169.254.0.1", false},
		{one, "10.9.0.1", false}, {other, "10.0.0.1", false}, {one, "10.0.7.7", false}, {one, "203.0.113.7", false}, {other, "203.0.113.7", false},
	} {
		limit := 10 * time.Second
		if !c.want {
			limit = 2 * time.Second
		}
		if got := pings(c.from, c.to, limit); got != c.want {
			t.Errorf("%s reaches %s: %t", c.from.Name, c.to, got)
		}
	}
	// Once the one customer is announced to the other, both ways, they talk.
	in.Interfaces[0].Neighbors[0].Export = append(in.Interfaces[0].Neighbors[0].Export, fabric.Announcement{Prefix: pfx("169.254.3.0/30")})
	in.Interfaces[2].Neighbors[0].Export = append(in.Interfaces[2].Neighbors[0].Export, fabric.Announcement{Prefix: pfx("169.254.0.0/30")})
	b.apply(in)
	if !pings(one, "169.254.3.2", 10*time.Second) {
		t.Error("two customers that are announced to each other do not reach each other")
	}
}

// TestUntaggedIsDeaf shows that who sends without a tag, or with the outer one alone, is answered nothing: neither ARP nor
// for an address of the host.
func TestUntaggedIsDeaf(t *testing.T) {
	b := newBench(t, 1)
	b.lend("203.0.113.7/32")
	b.apply(fabric.Intent{Ports: []fabric.Port{port(0, "")}, VRFs: []fabric.VRF{{Name: "a", LocalASN: 64512}},
		Interfaces: []fabric.Interface{{Name: "dxvif-1", Link: "et0", OuterVLAN: 7, VLAN: 100, MTU: 1500, VRF: "a"}}})
	b.customer.IP("addr add 203.0.113.8/24 dev c0")
	vlan(b.customer, "c0", 7, 100)
	b.customer.IP("addr add 203.0.113.9/24 dev s7")
	for _, from := range []string{"203.0.113.8", "203.0.113.9"} {
		if _, err := b.customer.Try("ping", "-c", "1", "-W", "1", "-I", from, "203.0.113.7"); err == nil {
			t.Errorf("the host answers %s", from)
		}
	}
	if n := b.customer.IP("neigh show 203.0.113.7"); len(n) > 0 && !contains(n, "FAILED", "INCOMPLETE") {
		t.Errorf("the host answers ARP: %s", n)
	}
}

// TestRates holds limits to a tenth, both ways: an interface's own, and one that two interfaces of a hosted connection share
// while a third customer of the partner is not held back.
func TestRates(t *testing.T) {
	b := newBench(t, 1)
	far := lab.NewHost(t, "far")
	_ = lab.NewCable(t, lab.End{Host: b.here, Device: "et9"}, lab.End{Host: far, Device: "c0"})
	far.IP("link set c0 up")
	iface := func(name, link string, outer, id int, rate, police int64, third byte, export string) fabric.Interface {
		subnet := fmt.Sprintf("169.254.%d.", third)
		return fabric.Interface{Name: name, Link: link, OuterVLAN: outer, VLAN: id, MTU: 1500, VRF: "a", RateMbps: rate, PoliceMbps: police,
			Neighbors: []fabric.Neighbor{neighbor(subnet+"1/30", subnet+"2", export)}}
	}
	in := fabric.Intent{Ports: []fabric.Port{port(0, ""), port(9, "")}, VRFs: []fabric.VRF{{Name: "a", LocalASN: 64512}},
		Interfaces: []fabric.Interface{
			iface("dxvif-1", "et0", 0, 101, 100, 0, 1, "169.254.9.0/30"),
			iface("dxvif-2", "et0", 7, 102, 0, 50, 2, "169.254.9.0/30"),
			iface("dxvif-3", "et0", 8, 103, 0, 0, 3, "169.254.9.0/30"),
			iface("dxvif-9", "et9", 0, 109, 0, 0, 9, "169.254.0.0/16"),
		}}
	b.apply(in)
	b.settled(in)
	vlan(b.customer, "c0", 0, 101, "169.254.1.2/30")
	vlan(b.customer, "c0", 7, 102, "169.254.2.2/30")
	vlan(b.customer, "c0", 8, 103, "169.254.3.2/30")
	vlan(far, "c0", 0, 109, "169.254.9.2/30")
	far.IP("route add 169.254.0.0/16 via 169.254.9.1")
	rate := func(id, third int, reverse bool) float64 {
		b.customer.IP(fmt.Sprintf("route replace 169.254.9.0/30 via 169.254.%d.1 dev v%d", third, id))
		return b.customer.Rate(far, netip.Addr{}, addr("169.254.9.2"), 5*time.Second, reverse)
	}
	for _, c := range []struct {
		id, third int
		want      float64
	}{{101, 1, 100}, {102, 2, 50}} {
		for _, reverse := range []bool{false, true} {
			got := rate(c.id, c.third, reverse)
			t.Logf("limit %.0f Mbps, reverse %t: %.1f Mbps", c.want, reverse, got)
			if got < 0.9*c.want || got > 1.1*c.want {
				t.Errorf("limit %.0f Mbps, reverse %t: %.1f Mbps", c.want, reverse, got)
			}
		}
	}
	free := rate(103, 3, false)
	t.Logf("no limit: %.1f Mbps", free)
	if free < 120 {
		t.Errorf("the partner's other customer has %.1f Mbps", free)
	}
}
