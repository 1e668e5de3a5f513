package sim

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"onramp/internal/fabric"
)

// plant is a router with one port that carries and one interface with two sessions.
func plant(t *testing.T, change func(*fabric.Intent)) (*table, *Fabric) {
	t.Helper()
	world := &table{}
	world.set("r", "p", Cable{Plugged: true})
	f := New(world)
	in := fabric.Intent{
		Ports: []fabric.Port{{Name: "p", Enabled: true, SpeedMbps: 1000}},
		VRFs:  []fabric.VRF{{Name: "gw", LocalASN: 64512}},
		Interfaces: []fabric.Interface{{Name: "v", Link: "p", VLAN: 1, MTU: 1500, VRF: "gw", Neighbors: []fabric.Neighbor{
			{Name: "four", Local: netip.MustParsePrefix("169.254.0.1/30"), Remote: netip.MustParseAddr("169.254.0.2"), LocalASN: 64512, RemoteASN: 65001, Key: "secret"},
			{Name: "six", Local: netip.MustParsePrefix("fd00::1/125"), Remote: netip.MustParseAddr("fd00::6"), LocalASN: 64512, RemoteASN: 65001, Key: "secret"},
		}}},
	}
	if change != nil {
		change(&in)
	}
	if err := f.Apply(t.Context(), "r", in); err != nil {
		t.Fatal(err)
	}
	return world, f
}

func sessions(t *testing.T, f *Fabric) map[string]fabric.NeighborStatus {
	t.Helper()
	o, err := f.Observe(t.Context(), "r")
	if err != nil {
		t.Fatal(err)
	}
	return o.Interfaces["v"].Neighbors
}

// TestReasons: whatever keeps a session down is said in words that name it.
func TestReasons(t *testing.T) {
	t.Parallel()
	require := func(in *fabric.Intent) { in.Ports[0].MACsec = &fabric.MACsec{Mode: fabric.MACsecRequire} }
	for name, c := range map[string]struct {
		change func(*fabric.Intent)
		cable  Cable
		script Script
		want   string // part of the reason; empty: up
	}{
		"right":          {cable: Cable{Plugged: true}},
		"cut":            {cable: Cable{Plugged: true, Broken: true}, want: "no light on p"},
		"in the clear":   {cable: Cable{Plugged: true}, change: require, want: "p is not encrypted"},
		"silent":         {cable: Cable{Plugged: true}, script: Script{Silent: true}, want: "169.254.0.2 does not answer"},
		"wrong key":      {cable: Cable{Plugged: true}, script: Script{WrongKey: true}, want: "169.254.0.2 signs with another TCP MD5 key"},
		"wrong AS":       {cable: Cable{Plugged: true}, script: Script{ASN: 65009}, want: "169.254.0.2 is AS 65009, and AS 65001 is expected"},
		"right AS":       {cable: Cable{Plugged: true}, script: Script{ASN: 65001}},
		"closed":         {cable: Cable{Plugged: true}, script: Script{Closed: true}, want: "has closed the session"},
		"another's":      {cable: Cable{Plugged: true}, script: Script{Silent: true, Sessions: []string{"six"}}},
		"its own":        {cable: Cable{Plugged: true}, script: Script{Silent: true, Sessions: []string{"four"}}, want: "does not answer"},
		"link comes 1st": {script: Script{Silent: true}, want: "no light on p"},
		"shut comes 1st": {change: func(in *fabric.Intent) { in.Interfaces[0].Neighbors[0].Shutdown = true }, want: "shut down"},
		"too many": {cable: Cable{Plugged: true}, change: func(in *fabric.Intent) { in.Interfaces[0].Neighbors[0].MaxPrefixes = 1 },
			script: Script{Announce: []Announced{{Prefix: netip.MustParsePrefix("10.0.0.0/8")}, {Prefix: netip.MustParsePrefix("11.0.0.0/8")}}},
			want:   "Cease 6/1: 2 prefixes announced, 1 allowed"},
	} {
		world, f := plant(t, c.change)
		world.set("r", "p", c.cable)
		world.script("r", "v", c.script)
		s := sessions(t, f)["four"]
		if s.Up != (c.want == "") || !strings.Contains(s.Reason, c.want) || s.Up && s.Reason != "" {
			t.Errorf("%s: up %t, %q, want %q", name, s.Up, s.Reason, c.want)
		}
	}
}

// TestDefaultCustomer: without a script a customer announces one prefix of its own per family, always the same, or what the
// filter lists; and nobody is there when customers are off, but for the scripted.
func TestDefaultCustomer(t *testing.T) {
	t.Parallel()
	world, f := plant(t, nil)
	first := sessions(t, f)
	for name, within := range map[string]string{"four": "172.16.0.0/12", "six": "fd00::/8"} {
		got := first[name].Accepted
		if len(got) != 1 || !netip.MustParsePrefix(within).Contains(got[0].Prefix.Addr()) || got[0].Prefix != got[0].Prefix.Masked() {
			t.Fatalf("%s announces %+v", name, got)
		}
		if again := sessions(t, f)[name].Accepted; again[0].Prefix != got[0].Prefix {
			t.Errorf("%s announces %s, and %s before", name, again[0].Prefix, got[0].Prefix)
		}
	}
	different := map[netip.Prefix]bool{}
	for i := range 100 {
		different[ownPrefix("gateway "+strconv.Itoa(i), 65000, true)] = true
		different[ownPrefix("gateway", 65000+int64(i), true)] = true
	}
	if len(different) < 150 {
		t.Errorf("customers of 200 kinds announce %d prefixes", len(different))
	}
	world.mu.Lock()
	world.customers = map[string]Customers{"r": {Absent: true}}
	world.mu.Unlock()
	if s := sessions(t, f)["four"]; s.Up {
		t.Error("nobody is there, and the session is up")
	}
	world.script("r", "v", Script{})
	if s := sessions(t, f)["four"]; !s.Up {
		t.Errorf("a scripted customer is not there: %s", s.Reason)
	}
	allow := []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24")}
	_, filtered := plant(t, func(in *fabric.Intent) {
		for i := range in.Interfaces[0].Neighbors {
			in.Interfaces[0].Neighbors[i].Import = fabric.ImportPolicy{Filtered: true, OrLonger: true}
		}
		in.Interfaces[0].Neighbors[0].Import.Allow = allow
	})
	s := sessions(t, filtered)
	var got []netip.Prefix
	for _, r := range s["four"].Accepted {
		got = append(got, r.Prefix)
	}
	if !slices.Equal(got, allow) || !s["six"].Up || len(s["six"].Accepted) > 0 {
		t.Errorf("under a filter %v is announced, over IPv6 %v", got, s["six"].Accepted)
	}
}

// TestAnnounced: what a script announces arrives with its path and communities.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	world, f := plant(t, nil)
	world.script("r", "v", Script{Announce: []Announced{{Prefix: netip.MustParsePrefix("10.0.0.0/8"), Path: []int64{65002, 65003}, Communities: []string{"7224:7300"}}}})
	s := sessions(t, f)
	r := s["four"].Accepted[0]
	if len(r.ASPath) != 1 || !slices.Equal(r.ASPath[0].ASNs, []int64{65001, 65002, 65003}) || !slices.Equal(r.Communities, []string{"7224:7300"}) {
		t.Errorf("arrives as %+v", r)
	}
	if len(s["six"].Accepted) > 0 {
		t.Errorf("over IPv6 arrives %+v", s["six"].Accepted)
	}
}
