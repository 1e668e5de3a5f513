package fabric

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

const bgpKey = Secret("0xc0ffee-c0ffee")

func pfx(s string) netip.Prefix { return netip.MustParsePrefix(s) }

// routed is an intent with one of everything that routes.
func routed() Intent {
	in := intent()
	in.Backbone = netip.MustParseAddr("192.0.2.1")
	in.VRFs = []VRF{{Name: "gw", LocalASN: 64512, Networks: []netip.Prefix{pfx("10.0.0.0/16"), pfx("10.1.0.0/16")}, Segment: 7,
		Peers: []netip.Addr{netip.MustParseAddr("192.0.2.2")}}, {Name: "public", LocalASN: 7224}}
	in.Interfaces = []Interface{
		{Name: "v1", Link: "x", OuterVLAN: 7, VLAN: 100, MTU: 1500, VRF: "gw", RateMbps: 50, PoliceMbps: 500, Neighbors: []Neighbor{
			{Name: "p1", Local: pfx("169.254.0.1/30"), Remote: netip.MustParseAddr("169.254.0.2"), LocalASN: 64512, RemoteASN: 65001,
				Key: bgpKey, MaxPrefixes: 100, HoldSeconds: 90, Export: []Announcement{
					{Prefix: pfx("10.0.0.0/16"), Communities: []string{"65001:1"}, ASPathPrepend: []int64{65002}}, {Prefix: pfx("10.1.0.0/16")}}},
			{Name: "p2", Local: pfx("fd00::1/125"), Remote: netip.MustParseAddr("fd00::6"), LocalASN: 64512, RemoteASN: 65001, Key: bgpKey,
				Import: ImportPolicy{Prefer: []Preference{{Community: "7224:7100", LocalPref: 100}}, DefaultPreference: 200}},
		}},
		{Name: "v2", Link: "b", VLAN: 100, MTU: 1500, VRF: "public", Neighbors: []Neighbor{
			{Name: "p3", Local: pfx("203.0.113.0/31"), Remote: netip.MustParseAddr("203.0.113.1"), LocalASN: 7224, RemoteASN: 65001,
				Key: bgpKey, Import: ImportPolicy{Filtered: true, OrLonger: true, Allow: []netip.Prefix{pfx("198.51.100.0/24")}}},
		}},
	}
	return in
}

// reroutes are every single difference that what routes can have, each still a sound intent.
var reroutes = map[string]func(*Intent){
	"VRF":            func(in *Intent) { in.VRFs = append(in.VRFs, VRF{Name: "z", LocalASN: 1}) },
	"backbone":       func(in *Intent) { in.Backbone = netip.MustParseAddr("192.0.2.3") },
	"network":        func(in *Intent) { in.VRFs[0].Networks[1] = pfx("10.2.0.0/16") },
	"segment":        func(in *Intent) { in.VRFs[0].Segment = 8 },
	"backbone peer":  func(in *Intent) { in.VRFs[0].Peers[0] = netip.MustParseAddr("192.0.2.4") },
	"prefer":         func(in *Intent) { in.Interfaces[0].Neighbors[1].Import.Prefer[0].LocalPref = 1 },
	"preferred":      func(in *Intent) { in.Interfaces[0].Neighbors[1].Import.Prefer[0].Community = "7224:7200" },
	"preference":     func(in *Intent) { in.Interfaces[0].Neighbors[1].Import.DefaultPreference = 1 },
	"VRF's AS":       func(in *Intent) { in.VRFs[0].LocalASN = 64513 },
	"interface name": func(in *Intent) { in.Interfaces[1].Name = "v3" },
	"no interface":   func(in *Intent) { in.Interfaces = in.Interfaces[:1] },
	"link":           func(in *Intent) { in.Interfaces[0].Link = "b" },
	"outer VLAN":     func(in *Intent) { in.Interfaces[0].OuterVLAN = 8 },
	"VLAN":           func(in *Intent) { in.Interfaces[0].VLAN = 101 },
	"MTU":            func(in *Intent) { in.Interfaces[0].MTU = 8500 },
	"its VRF":        func(in *Intent) { in.Interfaces[0].VRF = "public" },
	"rate":           func(in *Intent) { in.Interfaces[0].RateMbps = 100 },
	"police":         func(in *Intent) { in.Interfaces[0].PoliceMbps = 100 },
	"no neighbour":   func(in *Intent) { in.Interfaces[0].Neighbors = in.Interfaces[0].Neighbors[:1] },
	"peer":           func(in *Intent) { in.Interfaces[0].Neighbors[0].Name = "p0" },
	"local":          func(in *Intent) { in.Interfaces[0].Neighbors[0].Local = pfx("169.254.0.1/29") },
	"remote":         func(in *Intent) { in.Interfaces[0].Neighbors[1].Remote = netip.MustParseAddr("fd00::5") },
	"local AS":       func(in *Intent) { in.Interfaces[0].Neighbors[0].LocalASN = 1 },
	"remote AS":      func(in *Intent) { in.Interfaces[0].Neighbors[0].RemoteASN = 1 },
	"key":            func(in *Intent) { in.Interfaces[0].Neighbors[0].Key = "another" },
	"shutdown":       func(in *Intent) { in.Interfaces[0].Neighbors[0].Shutdown = true },
	"limit":          func(in *Intent) { in.Interfaces[0].Neighbors[0].MaxPrefixes = 101 },
	"hold time":      func(in *Intent) { in.Interfaces[0].Neighbors[0].HoldSeconds = 3 },
	"filter":         func(in *Intent) { in.Interfaces[0].Neighbors[0].Import.Filtered = true },
	"or longer":      func(in *Intent) { in.Interfaces[1].Neighbors[0].Import.OrLonger = false },
	"allow":          func(in *Intent) { in.Interfaces[1].Neighbors[0].Import.Allow[0] = pfx("198.51.100.0/25") },
	"less allowed":   func(in *Intent) { in.Interfaces[1].Neighbors[0].Import.Allow = nil },
	"export":         func(in *Intent) { in.Interfaces[0].Neighbors[0].Export[0].Prefix = pfx("10.0.0.0/17") },
	"less exported":  func(in *Intent) { in.Interfaces[0].Neighbors[0].Export = in.Interfaces[0].Neighbors[0].Export[:1] },
	"community":      func(in *Intent) { in.Interfaces[0].Neighbors[0].Export[0].Communities[0] = "65001:2" },
	"no export":      func(in *Intent) { in.Interfaces[0].Neighbors[0].Export[0].NoExport = true },
	"prepend":        func(in *Intent) { in.Interfaces[0].Neighbors[0].Export[0].ASPathPrepend[0] = 65003 },
}

func TestRoutedFingerprint(t *testing.T) {
	t.Parallel()
	seen := map[Fingerprint]string{routed().Fingerprint(): "unchanged", intent().Fingerprint(): "without routing"}
	if err := routed().Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range reroutes {
		in := routed()
		original := in.Clone()
		change(&in)
		if original.Fingerprint() != routed().Fingerprint() {
			t.Errorf("%s: the clone has changed too", name)
		}
		if err := in.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if other, twice := seen[in.Fingerprint()]; twice {
			t.Errorf("%s has the fingerprint of %s", name, other)
		}
		seen[in.Fingerprint()] = name
	}
}

func TestCheckRouted(t *testing.T) {
	t.Parallel()
	neighbor := func(f func(*Neighbor)) func(*Intent) {
		return func(in *Intent) { f(&in.Interfaces[0].Neighbors[0]) }
	}
	for name, change := range map[string]func(*Intent){
		"VRF without a name":      func(in *Intent) { in.VRFs[0].Name = "" },
		"VRF twice":               func(in *Intent) { in.VRFs[1] = in.VRFs[0] },
		"VRF without an AS":       func(in *Intent) { in.VRFs[0].LocalASN = 0 },
		"network twice":           func(in *Intent) { in.VRFs[0].Networks[1] = in.VRFs[0].Networks[0] },
		"network with host bits":  func(in *Intent) { in.VRFs[0].Networks[0] = pfx("10.0.0.1/16") },
		"peers, no backbone":      func(in *Intent) { in.Backbone = netip.Addr{} },
		"peers, no segment":       func(in *Intent) { in.VRFs[0].Segment = 0 },
		"itself a peer":           func(in *Intent) { in.VRFs[0].Peers[0] = in.Backbone },
		"peer of another family":  func(in *Intent) { in.VRFs[0].Peers[0] = netip.MustParseAddr("2001:db8::1") },
		"segment twice":           func(in *Intent) { in.VRFs[1].Segment = in.VRFs[0].Segment },
		"preference twice":        neighbor(func(n *Neighbor) { n.Import.Prefer = []Preference{{Community: "1:1"}, {Community: "1:1"}} }),
		"preference of nothing":   neighbor(func(n *Neighbor) { n.Import.Prefer = []Preference{{}} }),
		"interface without name":  func(in *Intent) { in.Interfaces[0].Name = "" },
		"interfaces out of order": func(in *Intent) { in.Interfaces[0].Name = "v9" },
		"no link":                 func(in *Intent) { in.Interfaces[0].Link = "y" },
		"member as a link":        func(in *Intent) { in.Interfaces[1].Link = "a" },
		"no VRF":                  func(in *Intent) { in.Interfaces[0].VRF = "nowhere" },
		"same VLAN":               func(in *Intent) { in.Interfaces[1].Link, in.Interfaces[1].OuterVLAN = "x", 7 },
		"VLAN 0":                  func(in *Intent) { in.Interfaces[0].VLAN = 0 },
		"VLAN 4095":               func(in *Intent) { in.Interfaces[0].VLAN = 4095 },
		"outer VLAN 4095":         func(in *Intent) { in.Interfaces[0].OuterVLAN = 4095 },
		"MTU 0":                   func(in *Intent) { in.Interfaces[0].MTU = 0 },
		"negative rate":           func(in *Intent) { in.Interfaces[0].RateMbps = -1 },
		"neighbours out of order": neighbor(func(n *Neighbor) { n.Name = "p9" }),
		"neighbour without name":  neighbor(func(n *Neighbor) { n.Name = "" }),
		"no address":              neighbor(func(n *Neighbor) { n.Local = netip.Prefix{} }),
		"remote elsewhere":        neighbor(func(n *Neighbor) { n.Remote = netip.MustParseAddr("169.254.0.5") }),
		"own address":             neighbor(func(n *Neighbor) { n.Remote = n.Local.Addr() }),
		"AS 0":                    neighbor(func(n *Neighbor) { n.RemoteASN = 0 }),
		"AS too large":            neighbor(func(n *Neighbor) { n.LocalASN = 1 << 32 }),
		"no key":                  neighbor(func(n *Neighbor) { n.Key = "" }),
		"hold time 2":             neighbor(func(n *Neighbor) { n.HoldSeconds = 2 }),
		"negative limit":          neighbor(func(n *Neighbor) { n.MaxPrefixes = -1 }),
		"anything and a list":     neighbor(func(n *Neighbor) { n.Import.Allow = []netip.Prefix{pfx("10.0.0.0/8")} }),
		"other family taken":      neighbor(func(n *Neighbor) { n.Import = ImportPolicy{Filtered: true, Allow: []netip.Prefix{pfx("fd00::/8")}} }),
		"host bits announced":     neighbor(func(n *Neighbor) { n.Export[0].Prefix = pfx("10.0.0.1/16") }),
		"other family announced":  neighbor(func(n *Neighbor) { n.Export[1].Prefix = pfx("fd00::/8") }),
		"announced twice":         neighbor(func(n *Neighbor) { n.Export[1] = n.Export[0] }),
	} {
		in := routed()
		change(&in)
		err := in.Check()
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), bgpKey.Reveal()) {
			t.Errorf("%s: the error shows the key", name)
		}
	}
}

func TestTakes(t *testing.T) {
	t.Parallel()
	allow := []netip.Prefix{pfx("10.0.0.0/8"), pfx("192.168.0.0/24")}
	for _, c := range []struct {
		policy ImportPolicy
		prefix string
		want   bool
	}{
		{ImportPolicy{}, "0.0.0.0/0", true}, {ImportPolicy{Filtered: true}, "10.0.0.0/8", false},
		{ImportPolicy{Filtered: true, Allow: allow}, "10.0.0.0/8", true}, {ImportPolicy{Filtered: true, Allow: allow}, "10.0.0.0/9", false},
		{ImportPolicy{Filtered: true, Allow: allow, OrLonger: true}, "10.0.0.0/9", true},
		{ImportPolicy{Filtered: true, Allow: allow, OrLonger: true}, "8.0.0.0/7", false},
		{ImportPolicy{Filtered: true, Allow: allow, OrLonger: true}, "192.168.1.0/24", false},
	} {
		if got := c.policy.Takes(pfx(c.prefix)); got != c.want {
			t.Errorf("%+v takes %s: %t", c.policy, c.prefix, got)
		}
	}
}

func TestLocalPref(t *testing.T) {
	t.Parallel()
	p := ImportPolicy{Prefer: []Preference{{"1:1", 10}, {"1:2", 30}, {"1:3", 30}}, DefaultPreference: 20}
	for _, c := range []struct {
		communities []string
		want        uint32
	}{
		{nil, 20}, {[]string{"2:1"}, 20}, {[]string{"1:1"}, 10}, {[]string{"2:1", "1:2"}, 30}, {[]string{"1:2", "1:3"}, 30},
		{[]string{"1:2", "1:1"}, 20},
	} {
		if got := p.LocalPref(c.communities); got != c.want {
			t.Errorf("preference of %v: %d, want %d", c.communities, got, c.want)
		}
	}
}

func TestInterfaceDrift(t *testing.T) {
	t.Parallel()
	seen := func() Observed {
		return Observed{
			Ports:   map[string]PortStatus{"a": {Enabled: true, Bundle: "x"}, "b": {Enabled: true, CKNs: []string{"1", "2"}}},
			Bundles: map[string]BundleStatus{"x": {}},
			Interfaces: map[string]InterfaceStatus{
				"v1": {Configured: true, Neighbors: map[string]NeighborStatus{"p1": {}, "p2": {Reason: "silence"}}},
				"v2": {Configured: true, Neighbors: map[string]NeighborStatus{"p3": {Up: true}}},
				"v0": {},
			},
		}
	}
	if drift := seen().Drift(routed()); drift != nil {
		t.Errorf("drift of a router that follows: %v", drift)
	}
	for name, c := range map[string]struct {
		change func(Observed)
		want   string
	}{
		"gone":           {func(o Observed) { delete(o.Interfaces, "v1") }, "v1"},
		"not configured": {func(o Observed) { o.Interfaces["v2"] = InterfaceStatus{} }, "v2"},
		"still there":    {func(o Observed) { o.Interfaces["v0"] = InterfaceStatus{Configured: true} }, "v0"},
		"no session":     {func(o Observed) { delete(o.Interfaces["v1"].Neighbors, "p1") }, "v1"},
		"one too many":   {func(o Observed) { o.Interfaces["v2"].Neighbors["p4"] = NeighborStatus{} }, "v2"},
		"another":        {func(o Observed) { m := o.Interfaces["v2"].Neighbors; delete(m, "p3"); m["p4"] = NeighborStatus{} }, "v2"},
		"should be open": {func(o Observed) { o.Interfaces["v2"].Neighbors["p3"] = NeighborStatus{Shutdown: true} }, "v2"},
	} {
		o := seen()
		c.change(o)
		if got := strings.Join(o.Drift(routed()), " "); got != c.want {
			t.Errorf("%s: drift %q, want %q", name, got, c.want)
		}
	}
}

func TestRoutesVersion(t *testing.T) {
	t.Parallel()
	table := func() []RouteSeen {
		return []RouteSeen{{Prefix: pfx("10.0.0.0/8"), ASPath: []PathSegment{{ASNs: []int64{1, 2}}, {ASNs: []int64{3}, Set: true}}, Communities: []string{"1:2", "3:4"}}}
	}
	if first, again := RoutesVersion(table()), RoutesVersion(table()); RoutesVersion(nil) != 0 || first == 0 || first != again {
		t.Errorf("versions %d, %d, and %d of an empty table", first, again, RoutesVersion(nil))
	}
	seen := map[uint64]string{RoutesVersion(table()): "unchanged", RoutesVersion(append(table(), table()...)): "twice"}
	for name, change := range map[string]func(*RouteSeen){
		"prefix": func(r *RouteSeen) { r.Prefix = pfx("10.0.0.0/9") }, "path": func(r *RouteSeen) { r.ASPath[0].ASNs[0] = 9 },
		"set": func(r *RouteSeen) { r.ASPath[1].Set = false }, "communities": func(r *RouteSeen) { r.Communities = []string{"1:23:4"} },
		"segments": func(r *RouteSeen) { r.ASPath = []PathSegment{{ASNs: []int64{1, 2, 3}}} },
	} {
		routes := table()
		change(&routes[0])
		if other, twice := seen[RoutesVersion(routes)]; twice {
			t.Errorf("%s: the version of %s", name, other)
		}
		seen[RoutesVersion(routes)] = name
	}
}
