package linuxtest

import (
	"errors"
	"net/netip"
	"os/exec"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/test/guest/lab"
)

// full has one of every device.
func full() fabric.Intent {
	return fabric.Intent{
		Backbone: addr("192.0.2.1"),
		Ports: []fabric.Port{port(0, ""), port(1, "dxlag-1"), port(2, "dxlag-1"),
			{Name: "et3", Enabled: true, SpeedMbps: 10_000, MACsec: &fabric.MACsec{Mode: fabric.MACsecRequire}}},
		Bundles: []fabric.Bundle{{Name: "dxlag-1", MinLinks: 2}},
		VRFs: []fabric.VRF{{Name: "gateway", LocalASN: 64512, Networks: []netip.Prefix{pfx("10.0.0.0/16"), pfx("2001:db8::/56")}, Segment: 7,
			Peers: []netip.Addr{addr("192.0.2.2")}}, {Name: "other", LocalASN: 64513}},
		Interfaces: []fabric.Interface{
			{Name: "dxvif-1", Link: "et0", VLAN: 100, MTU: 1500, VRF: "gateway", RateMbps: 50,
				Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2", "10.0.0.0/16"), neighbor("fd00::1/125", "fd00::2", "2001:db8::/56")}},
			{Name: "dxvif-2", Link: "et0", OuterVLAN: 7, VLAN: 100, MTU: 8500, VRF: "gateway", PoliceMbps: 500,
				Neighbors: []fabric.Neighbor{neighbor("169.254.1.1/30", "169.254.1.2", "10.0.0.0/16")}},
			{Name: "dxvif-3", Link: "dxlag-1", VLAN: 100, MTU: 8500, VRF: "other",
				Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2", "0.0.0.0/0")}},
			{Name: "dxvif-4", Link: "et3", VLAN: 5, MTU: 1500, VRF: "other", RateMbps: 10_000},
		},
	}
}

// TestWritesAndReads makes everything, and shows that the kernel then is what was asked for, read by a driver that did not
// make it; goes through changes likewise; and takes everything away again.
func TestWritesAndReads(t *testing.T) {
	b := newBench(t, 4)
	b.lend("192.0.2.1/32")
	in := full()
	b.apply(in)
	b.settled(in)
	if drift := b.observe().Drift(in); len(drift) > 0 {
		t.Errorf("drift right after Apply: %v", drift)
	}
	if err := b.driver.Close(); err != nil {
		t.Fatal(err)
	}
	b.driver = b.open()
	b.settled(in)
	for name, change := range map[string]func(*fabric.Intent){
		"vlan":   func(in *fabric.Intent) { in.Interfaces[1].VLAN = 7 },
		"mtu":    func(in *fabric.Intent) { in.Interfaces[1].MTU, in.Interfaces[2].MTU = 1500, 1500 },
		"leave":  func(in *fabric.Intent) { in.Ports[2].Bundle = "" },
		"off":    func(in *fabric.Intent) { in.Ports[0].Enabled, in.Ports[1].Enabled = false, false },
		"prefer": func(in *fabric.Intent) { in.Ports[3].MACsec.Mode = fabric.MACsecPrefer },
		"plain":  func(in *fabric.Intent) { in.Ports[3].MACsec = nil },
		"limits": func(in *fabric.Intent) { in.Interfaces[0].RateMbps, in.Interfaces[1].PoliceMbps = 0, 300 },
		"less":   func(in *fabric.Intent) { in.VRFs, in.Interfaces = in.VRFs[:1], in.Interfaces[:1] },
	} {
		changed := full()
		change(&changed)
		b.apply(changed)
		b.settled(changed)
		b.apply(in)
		if b.settled(in); t.Failed() {
			t.Fatalf("at %q", name)
		}
	}
	b.gone()
}

// TestRepairs damages a router in many ways; each is heard of, seen as drift of the interface, and made good by Apply.
func TestRepairs(t *testing.T) {
	b := newBench(t, 4)
	in := full()
	in.VRFs[0].Peers = nil
	b.apply(in)
	for _, damage := range []string{
		"ip link del dxvif-1", "ip addr flush dev dxvif-1", "ip link set dxvif-1 down", "tc qdisc del dev dxvif-1 root",
		"tc filter del dev dxvif-1 ingress", "tc qdisc del dev dxvif-1 clsact", "ip link set dxvif-1 mtu 1280",
		"sysctl -w net.ipv4.conf.dxvif-1.arp_ignore=0", "tc filter del dev et0 ingress pref 20", "ip link set dxvif-1 alias onramp:x",
	} {
		for len(b.changed) > 0 {
			<-b.changed
		}
		words := strings.Fields(damage)
		b.here.Run(words[0], words[1:]...)
		if !strings.HasPrefix(damage, "sysctl") { // of which the kernel says nothing to those who watch links
			select {
			case <-b.changed:
			case <-time.After(20 * time.Second):
				t.Errorf("%s: nobody was told", damage)
			}
		}
		if drift := b.observe().Drift(in); len(drift) == 0 {
			t.Errorf("%s: no drift", damage)
		}
		b.apply(in)
		b.settled(in)
		if drift := b.observe().Drift(in); len(drift) > 0 {
			t.Errorf("%s: drift after the repair: %v", damage, drift)
		}
	}
}

// TestTouchesOnlyItsOwn shows that a port with an address, or of somebody's bridge, is left alone and named, while the rest
// is made; and that other devices stay as they are.
func TestTouchesOnlyItsOwn(t *testing.T) {
	b := newBench(t, 3)
	b.here.IP("addr add 198.51.100.1/24 dev et0")
	b.here.IP("link add br-own type bridge")
	t.Cleanup(func() {
		if out, err := exec.Command("ip", "link", "del", "br-own").CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	b.here.IP("link set et1 master br-own")
	b.here.IP("link add link et2 name own.9 type vlan id 9")
	look := func() string { // not whether they are up: et2 is left dark, and own.9 with it
		return b.here.IP("-o addr show dev et0") + b.here.Run("ls", "/sys/class/net/br-own/brif") + b.here.Run("ls", "/sys/class/net/own.9")
	}
	before := look()
	in := fabric.Intent{Ports: []fabric.Port{port(0, ""), port(1, ""), port(2, ""), port(3, "")},
		VRFs: []fabric.VRF{{Name: "gateway", LocalASN: 64512}}}
	for i, link := range []string{"et0", "et1", "et2"} {
		in.Interfaces = append(in.Interfaces, fabric.Interface{Name: "dxvif-" + link, Link: link, VLAN: 100 + i, MTU: 1500, VRF: "gateway"})
	}
	err := b.driver.Apply(t.Context(), "r1", in)
	for _, say := range []string{"et0 has addresses", "et1 belongs to br-own", "no device et3"} {
		if !errors.Is(err, fabric.ErrIncomplete) || !strings.Contains(err.Error(), say) {
			t.Errorf("error %v is none of ErrIncomplete that says %q", err, say)
		}
	}
	if o := b.observe(); !o.Interfaces["dxvif-et2"].Configured || o.Interfaces["dxvif-et0"].Configured || o.Ports["et1"].Enabled {
		t.Errorf("seen: %+v", o)
	}
	if err := b.driver.Remove(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := look(); before != after {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// TestBundle bundles with the customer's bond, and follows its members.
func TestBundle(t *testing.T) {
	b := newBench(t, 2)
	b.customer.IP("link add bond0 type bond mode 802.3ad lacp_rate fast miimon 100")
	for _, c := range []string{"c0", "c1"} {
		b.customer.IP("link set " + c + " down")
		b.customer.IP("link set " + c + " master bond0")
	}
	b.customer.IP("link set bond0 up")
	b.customer.IP("link add link bond0 name bond0.100 type vlan id 100")
	b.customer.IP("addr add 169.254.0.2/30 dev bond0.100")
	b.customer.IP("link set bond0.100 up")
	in := fabric.Intent{Ports: []fabric.Port{port(0, "dxlag-1"), port(1, "dxlag-1")}, Bundles: []fabric.Bundle{{Name: "dxlag-1", MinLinks: 2}},
		VRFs: []fabric.VRF{{Name: "gateway", LocalASN: 64512}},
		Interfaces: []fabric.Interface{{Name: "dxvif-1", Link: "dxlag-1", VLAN: 100, MTU: 1500, VRF: "gateway",
			Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2")}}}}
	b.apply(in)
	is := func(up bool, members int) {
		t.Helper()
		lab.Eventually(t, func() string {
			o := b.observe()
			if s := o.Bundles["dxlag-1"]; s.Up != up || s.ActiveMembers != members || o.Interfaces["dxvif-1"].Up != up {
				return strings.TrimSpace(b.here.Run("cat", "/proc/net/bonding/dxlag-1"))
			}
			return ""
		})
	}
	is(true, 2)
	if !pings(b.customer, "169.254.0.1", 10*time.Second) {
		t.Error("no answer over the bundle")
	}
	b.cables[0].Unplug()
	is(false, 1)
	in.Bundles[0].MinLinks = 1
	b.apply(in)
	is(true, 1)
	if !pings(b.customer, "169.254.0.1", 10*time.Second) {
		t.Error("no answer over the member that is left")
	}
	b.cables[1].Unplug()
	is(false, 0)
	b.cables[0].Plug()
	b.cables[1].Plug()
	is(true, 2)
	in.Ports[1].Bundle = ""
	b.apply(in)
	is(true, 1)
	b.settled(in)
}
