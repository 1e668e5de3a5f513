package linux

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/mka"
)

// TestKeepsOff shows what is not touched, and that the rest is made all the same.
func TestKeepsOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*world)
		want   string
		lost   string // the device that is not made for it
	}{
		"missing":   {func(w *world) { delete(w.Foreign, "et3") }, "there is no device et3", "dxvif-4"},
		"addressed": {func(w *world) { w.Foreign["et0"] = foreign{Addressed: true} }, "has addresses of its own", "dxvif-1"},
		"enslaved":  {func(w *world) { w.Foreign["et0"] = foreign{Master: "br0"} }, "belongs to br0", "dxvif-2"},
		"same name": {func(w *world) { w.Foreign["dxvif-2"] = foreign{} }, "dxvif-2 that is not ours", "dxvif-2"},
	} {
		w := bare()
		c.change(&w)
		want, err := draw(full(), w, nil, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
		if _, made := want.Devices[c.lost]; made {
			t.Errorf("%s: %s is made", name, c.lost)
		}
		if _, made := want.Devices["dxvif-3"]; !made {
			t.Errorf("%s: what has nothing to do with it is not made", name)
		}
		follow(t, w, plan(w, want))
	}
}

// TestOneName shows that two things of one name are not mixed up.
func TestOneName(t *testing.T) {
	t.Parallel()
	in := full()
	in.VRFs = append([]fabric.VRF{{Name: "dxvif-1", LocalASN: 1}}, in.VRFs...)
	want, err := draw(in, bare(), nil, nil)
	if err == nil || !strings.Contains(err.Error(), "would both be device dxvif-1") || want.Devices["dxvif-1"].Kind != kindVRF {
		t.Errorf("error %v, device %+v", err, want.Devices["dxvif-1"])
	}
	follow(t, bare(), plan(bare(), want))
}

func TestTables(t *testing.T) {
	t.Parallel()
	w := bare()
	w.Foreign["mgmt"] = foreign{Type: "vrf", Table: firstTable}
	in := fabric.Intent{VRFs: []fabric.VRF{{Name: "a", LocalASN: 1}, {Name: "c", LocalASN: 1}}}
	w, _ = apply(t, w, in)
	in.VRFs = []fabric.VRF{{Name: "b", LocalASN: 1}, {Name: "c", LocalASN: 1}, {Name: "d", LocalASN: 1}}
	w, _ = apply(t, w, in)
	got := map[string]uint32{}
	for _, v := range w.sorted(kindVRF) {
		got[v.Label] = v.Table
	}
	// c keeps its own; a's stays unused until it is gone from the kernel.
	if diff := cmp.Diff(map[string]uint32{"b": 10_003, "c": 10_002, "d": 10_004}, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
}

func TestMACsecFollows(t *testing.T) {
	t.Parallel()
	in := full()
	for _, c := range []struct {
		mode    string
		secured bool
		want    protection
		on      bool
	}{
		{fabric.MACsecPrefer, false, protection{}, true}, {fabric.MACsecPrefer, true, protection{}, true},
		{fabric.MACsecRequire, false, protection{Protect: true, Strict: true}, false},
		{fabric.MACsecRequire, true, protection{Protect: true, Strict: true}, true},
	} {
		in.Ports[3].MACsec.Mode = c.mode
		want, err := draw(in, bare(), nil, map[string]portState{"et3": {keyed: c.secured}})
		if err != nil {
			t.Fatal(err)
		}
		if got := want.Devices[deviceName(kindMACsec, "et3 macsec")]; got.MACsec != c.want || got.Up != c.on {
			t.Errorf("mode %s, secured %t: %+v", c.mode, c.secured, got)
		}
		for n := 1; n <= mka.Slots; n++ {
			if got := want.Devices[deviceName(kindSlot, slotLabel("et3", n))]; got.MACsec != (protection{Protect: true, Strict: true}) || int(got.Channel) != n {
				t.Errorf("mode %s, secured %t, slot %d: %+v", c.mode, c.secured, n, got)
			}
		}
		if plain := slices.Equal(want.Devices["et3"].Rules, untagged()); plain != (c.mode == fabric.MACsecPrefer) {
			t.Errorf("mode %s: frames in the clear pass the port: %t", c.mode, plain)
		}
	}
}

// TestLedIsKept: which slot a port sends through is not ours to say, but through what is no slot of its it does not.
func TestLedIsKept(t *testing.T) {
	t.Parallel()
	in := full()
	have, err := draw(in, bare(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	name := deviceName(kindMACsec, "et3 macsec")
	to := func(n int, label string) rule {
		return rule{Sent: true, Order: uint16(mka.TransmitOrder + n), Proto: unix.ETH_P_ALL, Verdict: detour, Via: deviceName(kindSlot, label)}
	}
	d := have.Devices[name]
	drawn := d.Rules
	d.Rules = sortedRules(append(slices.Clone(drawn), to(2, slotLabel("et3", 2)), to(1, slotLabel("et2", 1)), to(3, "nobody's")))
	have.Devices[name] = d
	want, err := draw(in, have, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sortedRules(append(slices.Clone(drawn), to(2, slotLabel("et3", 2)))), want.Devices[name].Rules, cmp.Comparer(func(a, b rule) bool { return a == b })); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for k := range kinds {
		for _, label := range []string{"dxvif-ab12cd34", "dxlag-x", "a", "gateway/with/slashes", "dx with a space", strings.Repeat("dx", 20), "eth0", ""} {
			name := deviceName(k, label)
			if len(name) > nameLength || name == "" || strings.ContainsAny(name, "/: ") || !strings.HasPrefix(name, "dx") {
				t.Errorf("%s %q is called %q", k, label, name)
			}
			if other, twice := seen[name]; twice && other != label {
				t.Errorf("%q and %q are both called %s", label, other, name)
			}
			seen[name] = label
		}
	}
	for _, d := range []device{{Kind: kindPort, Label: "1/1 (left)", FoundMTU: 9000}, {Kind: kindInterface, Label: "dxvif-1"}, {Kind: kindVRF}} {
		if label, mtu, ours := parseAlias(d.alias()); label != d.Label || mtu != d.FoundMTU || !ours {
			t.Errorf("alias %q reads %q, %d, %t", d.alias(), label, mtu, ours)
		}
	}
	if _, _, ours := parseAlias("uplink to onramp:1"); ours {
		t.Error("another's alias is taken for ours")
	}
}

// TestPlanAny goes from any router to any other: every step must be possible when its turn comes, and nothing be left to do.
func TestPlanAny(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		w := bare()
		for i := range 3 {
			in := anyIntent(r, i)
			if err := in.Check(); err != nil {
				t.Fatal(err)
			}
			w, _ = apply(t, w, in)
		}
	})
}

// anyIntent is full with things left out and otherwise.
func anyIntent(r *rapid.T, round int) fabric.Intent {
	in := full()
	yes := func(what string) bool { return rapid.Bool().Draw(r, fmt.Sprintf("%d %s", round, what)) }
	if yes("no interfaces") {
		in.Interfaces = nil
	}
	var kept []fabric.Interface
	for i, f := range in.Interfaces {
		if yes(f.Name) {
			f.MTU = rapid.SampledFrom([]int{1500, 8500, 9001}).Draw(r, fmt.Sprint(round, "mtu", i))
			f.VLAN, f.OuterVLAN = f.VLAN+round%2, f.OuterVLAN+round%2
			kept = append(kept, f)
		}
	}
	in.Interfaces = kept
	modes := []string{fabric.MACsecOff, fabric.MACsecPrefer, fabric.MACsecRequire}
	for _, i := range []int{2, 3} {
		in.Ports[i].MACsec.Mode = rapid.SampledFrom(modes).Draw(r, fmt.Sprint(round, "mode", i))
	}
	in.Ports[0].Enabled = yes("on")
	if yes("first out") {
		in.Ports[1].Bundle = ""
	}
	if yes("second out") {
		in.Ports[2].Bundle = ""
	}
	if len(in.Interfaces) == 0 && yes("nothing") {
		return fabric.Intent{}
	}
	return in
}
