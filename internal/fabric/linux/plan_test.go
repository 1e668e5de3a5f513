package linux

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric"
)

var update = flag.Bool("update", false, "write the golden files anew")

func pfx(s string) netip.Prefix { return netip.MustParsePrefix(s) }

// neighbor is a session of an interface.
func neighbor(local, remote string, export ...string) fabric.Neighbor {
	n := fabric.Neighbor{Name: "peer-" + remote, Local: pfx(local), Remote: netip.MustParseAddr(remote), LocalASN: 64512, RemoteASN: 65001, Key: "k"}
	for _, e := range export {
		n.Export = append(n.Export, fabric.Announcement{Prefix: pfx(e)})
	}
	return n
}

// full is an intent with one of everything.
func full() fabric.Intent {
	return fabric.Intent{
		Backbone: netip.MustParseAddr("192.0.2.1"),
		Ports: []fabric.Port{
			{Name: "et0", Enabled: true, SpeedMbps: 10_000},
			{Name: "et1", Enabled: true, SpeedMbps: 10_000, Bundle: "dxlag-1"},
			{Name: "et2", Enabled: true, SpeedMbps: 10_000, Bundle: "dxlag-1", MACsec: &fabric.MACsec{Mode: fabric.MACsecPrefer}},
			{Name: "et3", SpeedMbps: 10_000, MACsec: &fabric.MACsec{Mode: fabric.MACsecRequire}},
		},
		Bundles: []fabric.Bundle{{Name: "dxlag-1", MinLinks: 2}},
		VRFs: []fabric.VRF{{Name: "gateway", LocalASN: 64512, Networks: []netip.Prefix{pfx("10.0.0.0/16"), pfx("10.1.1.1/32"), pfx("2001:db8::/56")},
			Segment: 7, Peers: []netip.Addr{netip.MustParseAddr("192.0.2.2")}}},
		Interfaces: []fabric.Interface{
			{Name: "dxvif-1", Link: "et0", VLAN: 100, MTU: 1500, VRF: "gateway", RateMbps: 50,
				Neighbors: []fabric.Neighbor{neighbor("169.254.0.1/30", "169.254.0.2", "10.0.0.0/16"), neighbor("fd00::1/125", "fd00::2", "2001:db8::/56")}},
			{Name: "dxvif-2", Link: "et0", OuterVLAN: 7, VLAN: 100, MTU: 1500, VRF: "gateway", PoliceMbps: 500,
				Neighbors: []fabric.Neighbor{neighbor("169.254.1.1/30", "169.254.1.2", "10.0.0.0/16")}},
			{Name: "dxvif-3", Link: "dxlag-1", VLAN: 100, MTU: 8500, VRF: "gateway",
				Neighbors: []fabric.Neighbor{neighbor("169.254.2.1/30", "169.254.2.2", "0.0.0.0/0")}},
			{Name: "dxvif-4", Link: "et3", VLAN: 5, MTU: 1500, VRF: "gateway"},
		},
	}
}

// bare is a machine with four ports, and one that is taken.
func bare() world {
	w := emptyWorld()
	for _, name := range []string{"et0", "et1", "et2", "et3"} {
		w.Foreign[name] = foreign{Type: "device", MTU: 1500}
	}
	w.Foreign["eth0"] = foreign{Type: "device", MTU: 1500, Up: true, Addressed: true}
	return w
}

// follow is the world after steps, as far as they are right: every one must fit what is there when its turn comes.
func follow(t *testing.T, w world, steps []step) world {
	t.Helper()
	out := emptyWorld()
	for n, f := range w.Foreign {
		out.Foreign[n] = f
	}
	for n, d := range w.Devices {
		out.Devices[n] = d
	}
	for f := range w.Defaults {
		out.Defaults[f] = true
	}
	out.Settings = w.Settings
	for _, s := range steps {
		walk(t, &out, s)
	}
	return out
}

// walk does one step in w.
func walk(t *testing.T, w *world, s step) {
	t.Helper()
	d, there := w.Devices[s.Device.Name]
	if !there && s.Op != opAdd && s.Op != opClaim && s.Op != opForwarding6 && s.Op != opLocalLast {
		t.Fatalf("%q: there is no such device", s)
	}
	switch s.Op {
	case opAdd, opClaim:
		f, taken := w.Foreign[s.Device.Name]
		if there || taken != (s.Op == opClaim) {
			t.Fatalf("%q: it is there: %t, somebody else's: %t", s, there, taken)
		}
		d = s.Device
		for _, under := range []string{d.Lower, d.Master} {
			if _, has := w.Devices[under]; under != "" && !has && (s.Op == opAdd && !d.Kind.joins() || under == d.Lower) {
				t.Fatalf("%q: there is no %s yet", s, under)
			}
		}
		if lower := w.Devices[d.Lower]; d.Lower != "" && lower.MTU < d.MTU {
			t.Fatalf("%q: mtu %d on %d", s, d.MTU, lower.MTU)
		}
		d.Up, d.Addresses, d.ShapeMbps, d.Rules = false, nil, 0, nil
		if s.Op == opClaim {
			d.MTU, d.Up = f.MTU, f.Up
			delete(w.Foreign, d.Name)
		}
		if d.Kind.joins() {
			d.Master = ""
		}
	case opRemove:
		for _, other := range w.Devices {
			if other.Lower == d.Name || other.Master == d.Name {
				t.Fatalf("%q: %s is on it", s, other.Name)
			}
		}
		delete(w.Devices, d.Name)
		return
	case opRelease:
		w.Foreign[d.Name] = foreign{Type: "device", MTU: d.FoundMTU}
		delete(w.Devices, d.Name)
		return
	case opJoin:
		if _, has := w.Devices[s.Device.Master]; !has {
			t.Fatalf("%q: there is no bundle", s)
		}
		d.Master, d.Up = s.Device.Master, true
	case opLeave:
		d.Master, d.Up = "", false
	case opUp, opDown:
		d.Up = s.Op == opUp
	case opLabel:
		d.Label = s.Device.Label
	default:
		d = adjust(w, d, s)
	}
	if d.Name != "" {
		w.Devices[d.Name] = d
	}
}

// adjust is walk of what only sets something.
func adjust(w *world, d device, s step) device {
	switch s.Op {
	case opMTU:
		d.MTU = s.Device.MTU
	case opMinLinks:
		d.MinLinks = s.Device.MinLinks
	case opMACsec:
		d.MACsec = s.Device.MACsec
	case opConf:
		d.Conf = s.Device.Conf
	case opShape:
		d.ShapeMbps = s.Device.ShapeMbps
	case opAddress, opNoAddress:
		var kept []address
		for _, a := range d.Addresses {
			if a != s.Address {
				kept = append(kept, a)
			}
		}
		if d.Addresses = kept; s.Op == opAddress {
			d.Addresses = append(kept, s.Address)
		}
	case opRule, opNoRule:
		var kept []rule
		for _, r := range d.Rules {
			if r != s.Rule {
				kept = append(kept, r)
			}
		}
		if d.Rules = kept; s.Op == opRule {
			d.Rules = append(kept, s.Rule)
		}
		d.Rules = sortedRules(d.Rules)
	case opFallback:
		w.Defaults[s.Fallback] = true
	case opForwarding6:
		w.Settings.Forwarding6 = true
	case opLocalLast:
		w.Settings.LocalLast4, w.Settings.LocalLast6 = w.Settings.LocalLast4 || !s.Fallback.Six, w.Settings.LocalLast6 || s.Fallback.Six
	}
	return d
}

// apply plans and follows, and holds the plan to its purpose: after it, nothing is left to do.
func apply(t *testing.T, have world, in fabric.Intent) (world, []step) {
	t.Helper()
	want, err := draw(in, have, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	steps := plan(have, want)
	after := follow(t, have, steps)
	again, _ := draw(in, after, nil, nil)
	if rest := plan(after, again); len(rest) > 0 {
		t.Fatalf("not all is done: %v", lines(rest))
	}
	return after, steps
}

func golden(t *testing.T, name string, steps []step) {
	t.Helper()
	got := strings.Join(lines(steps), "\n") + "\n"
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", name, diff)
	}
}

func TestPlanFull(t *testing.T) {
	t.Parallel()
	w, steps := apply(t, bare(), full())
	golden(t, "full", steps)
	left, steps := apply(t, w, fabric.Intent{})
	golden(t, "remove", steps)
	if len(left.Devices) > 0 {
		t.Errorf("left behind: %v", left.Devices)
	}
	if diff := cmp.Diff(bare().Foreign, left.Foreign); diff != "" {
		t.Errorf("the machine is not as it was found (-found +left):\n%s", diff)
	}
}

// TestPlanChange goes from the full intent to another, and shows that the steps follow the change.
func TestPlanChange(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*fabric.Intent){
		"nothing":  func(*fabric.Intent) {},
		"vlan":     func(in *fabric.Intent) { in.Interfaces[0].VLAN = 101 },
		"mtu-up":   func(in *fabric.Intent) { in.Interfaces[0].MTU = 8500 },
		"mtu-down": func(in *fabric.Intent) { in.Interfaces[2].MTU = 1500 },
		"address": func(in *fabric.Intent) {
			in.Interfaces[0].Neighbors[0] = neighbor("169.254.9.1/30", "169.254.9.2", "10.0.0.0/16")
		},
		"announced":  func(in *fabric.Intent) { in.Interfaces[0].Neighbors[0].Export[0].Prefix = pfx("10.2.0.0/16") },
		"rate":       func(in *fabric.Intent) { in.Interfaces[0].RateMbps = 100 },
		"no-rate":    func(in *fabric.Intent) { in.Interfaces[0].RateMbps = 0 },
		"police":     func(in *fabric.Intent) { in.Interfaces[1].PoliceMbps = 300 },
		"leave":      func(in *fabric.Intent) { in.Ports[1].Bundle = "" },
		"join":       func(in *fabric.Intent) { in.Ports[0].Bundle, in.Interfaces = "dxlag-1", in.Interfaces[2:] },
		"off":        func(in *fabric.Intent) { in.Ports[0].Enabled = false },
		"min-links":  func(in *fabric.Intent) { in.Bundles[0].MinLinks = 1 },
		"require":    func(in *fabric.Intent) { in.Ports[2].MACsec.Mode = fabric.MACsecRequire },
		"macsec-off": func(in *fabric.Intent) { in.Ports[3].MACsec.Mode = fabric.MACsecOff },
		"segment":    func(in *fabric.Intent) { in.VRFs[0].Segment = 8 },
		"network":    func(in *fabric.Intent) { in.VRFs[0].Networks = in.VRFs[0].Networks[1:] },
		"vrf": func(in *fabric.Intent) {
			in.VRFs = append(in.VRFs, fabric.VRF{Name: "other", LocalASN: 64513})
			in.Interfaces[0].VRF = "other"
		},
		"port-gone": func(in *fabric.Intent) { in.Ports, in.Interfaces = in.Ports[1:], in.Interfaces[2:] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := apply(t, bare(), full())
			in := full()
			change(&in)
			_, steps := apply(t, w, in)
			golden(t, "change-"+name, steps)
		})
	}
}

// TestPlanRepairs takes single things away from a router and shows that the plan puts back just them.
func TestPlanRepairs(t *testing.T) {
	t.Parallel()
	edit := func(name string, f func(*device)) func(*world) {
		return func(w *world) {
			d := w.Devices[name]
			f(&d)
			w.Devices[name] = d
		}
	}
	for name, c := range map[string]struct {
		damage func(*world)
		want   string
	}{
		"address":  {edit("dxvif-1", func(d *device) { d.Addresses = d.Addresses[1:] }), "add address 169.254.0.1/30 to dxvif-1"},
		"more":     {edit("dxvif-4", func(d *device) { d.Addresses = []address{{Prefix: pfx("10.9.9.9/24")}} }), "remove address 10.9.9.9/24 from dxvif-4"},
		"power":    {edit("et0", func(d *device) { d.Up = false }), "switch et0 on"},
		"arp":      {edit("dxvif-1", func(d *device) { d.Conf.ARPIgnore = 0 }), "set forwarding 1, rp_filter 2, arp_ignore 2 on dxvif-1"},
		"filter":   {edit("et0", func(d *device) { d.Rules = d.Rules[1:] }), "filter et0: take no other IPv4"},
		"shaper":   {edit("dxvif-1", func(d *device) { d.ShapeMbps = 0 }), "shape dxvif-1 to 50 Mbps"},
		"fallback": {func(w *world) { delete(w.Defaults, fallback{firstTable, true}) }, "add unreachable default to table 10000 (IPv6)"},
		"unmarked": {edit("dxvif-1", func(d *device) { d.Label = "" }), `mark dxvif-1 as "onramp:dxvif-1"`},
		"sysctl":   {func(w *world) { w.Settings.Forwarding6 = false }, "set net.ipv6.conf.all.forwarding 1"},
	} {
		w, _ := apply(t, bare(), full())
		c.damage(&w)
		_, steps := apply(t, w, full())
		if got := strings.Join(lines(steps), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
