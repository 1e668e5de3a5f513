package directconnect

import (
	"fmt"
	"net/netip"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAcceptRoutes(t *testing.T) {
	t.Parallel()
	public := VirtualInterface{ID: "dxvif-fp", Type: Public, AmazonASN: PublicASN, Router: router,
		RouteFilter: []string{"203.0.113.0/24", "2001:0db8:0000:0000:0000:0000:0000:0000/32"}}
	for name, c := range map[string]struct {
		v     VirtualInterface
		heard HeardRoute
		taken bool
		tags  []string
		pref  int
	}{
		"private takes anything":    {onGateway(), HeardRoute{CIDR: pfx("0.0.0.0/0")}, true, nil, PreferMedium},
		"high":                      {onGateway(), HeardRoute{CIDR: pfx("10.0.0.0/8"), Communities: []string{CommunityHigh}}, true, []string{CommunityHigh}, PreferHigh},
		"medium":                    {onGateway(), HeardRoute{CIDR: pfx("10.0.0.0/8"), Communities: []string{CommunityMedium}}, true, []string{CommunityMedium}, PreferMedium},
		"low":                       {onGateway(), HeardRoute{CIDR: pfx("10.0.0.0/8"), Communities: []string{CommunityLow}}, true, []string{CommunityLow}, PreferLow},
		"low and high are neither":  {onGateway(), HeardRoute{CIDR: pfx("10.0.0.0/8"), Communities: []string{CommunityHigh, CommunityLow}}, true, []string{CommunityLow, CommunityHigh}, PreferMedium},
		"reserved ones are removed": {onGateway(), HeardRoute{CIDR: pfx("10.0.0.0/8"), Communities: []string{"7224:1", "65001:2", CommunityToRegion, "65001:1", "65001:2"}}, true, []string{"65001:1", "65001:2"}, PreferMedium},
		"what is no community":      {onGateway(), HeardRoute{CIDR: pfx("10.0.0.0/8"), Communities: []string{"x", "1:65536", "1:2:3", "01:1"}}, true, nil, PreferMedium},
		"own number in the path":    {onGateway(), HeardRoute{CIDR: pfx("10.0.0.0/8"), ASPath: Sequence(65001, 64512)}, false, nil, 0},
		"public equal":              {public, HeardRoute{CIDR: pfx("203.0.113.0/24"), Communities: []string{CommunityToRegion, CommunityHigh}}, true, []string{CommunityToRegion}, PreferMedium},
		"public longer":             {public, HeardRoute{CIDR: pfx("203.0.113.128/25")}, true, nil, PreferMedium},
		"public shorter":            {public, HeardRoute{CIDR: pfx("203.0.112.0/23")}, false, nil, 0},
		"public other":              {public, HeardRoute{CIDR: pfx("198.51.100.0/24")}, false, nil, 0},
		"public IPv6":               {public, HeardRoute{CIDR: pfx("2001:db8:1::/64")}, true, nil, PreferMedium},
		"public IPv6 too long":      {public, HeardRoute{CIDR: pfx("2001:db8:1::/65")}, false, nil, 0},
	} {
		got := c.v.AcceptRoutes([]HeardRoute{c.heard})
		if !c.taken {
			if len(got) > 0 {
				t.Errorf("%s: accepted as %+v", name, got)
			}
			continue
		}
		want := []Route{{InterfaceID: c.v.ID, Direction: RouteAccepted, CIDR: c.heard.CIDR, ASPath: c.heard.ASPath, Communities: c.tags, Device: router, LocalPref: c.pref}}
		if diff := cmp.Diff(want, got, comparePrefix); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestAcceptBest: of a prefix that two sessions announce the better path is taken.
func TestAcceptBest(t *testing.T) {
	t.Parallel()
	got := onGateway().AcceptRoutes([]HeardRoute{
		{CIDR: pfx("10.2.0.0/16"), ASPath: Sequence(65001)},
		{CIDR: pfx("10.1.0.0/16"), ASPath: Sequence(65001), Communities: []string{CommunityLow}},
		{CIDR: pfx("10.1.0.0/16"), ASPath: Sequence(65001, 65001, 65001)},
	})
	if len(got) != 2 || got[0].CIDR != pfx("10.1.0.0/16") || got[0].LocalPref != PreferMedium {
		t.Errorf("taken are %+v", got)
	}
}

func TestImportFilter(t *testing.T) {
	t.Parallel()
	public := VirtualInterface{Type: Public, RouteFilter: []string{"203.0.113.0/24", "2001:0db8:0000:0000:0000:0000:0000:0000/32", "198.51.100.0/24"}}
	v4, filtered := public.ImportFilter(IPv4)
	if !filtered || !slices.Equal(v4, []netip.Prefix{pfx("198.51.100.0/24"), pfx("203.0.113.0/24")}) {
		t.Errorf("IPv4: %v, %t", v4, filtered)
	}
	if v6, _ := public.ImportFilter(IPv6); !slices.Equal(v6, []netip.Prefix{pfx("2001:db8::/32")}) {
		t.Errorf("IPv6: %v", v6)
	}
	if allow, filtered := onGateway().ImportFilter(IPv4); filtered || allow != nil {
		t.Errorf("private: %v, %t", allow, filtered)
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		communities []string
		from, to    string
		told        bool
	}{
		{nil, "us-east-1", "eu-west-1", true}, {[]string{CommunityToWorld}, "us-east-1", "eu-west-1", true},
		{[]string{CommunityToRegion}, "us-east-1", "us-east-1", true}, {[]string{CommunityToRegion}, "us-east-1", "us-east-2", false},
		{[]string{CommunityToContinent}, "us-east-1", "ca-central-1", true}, {[]string{CommunityToContinent}, "us-east-1", "eu-west-1", false},
		{[]string{CommunityToContinent}, "eu-west-1", "me-south-1", true}, {[]string{CommunityToContinent, CommunityToRegion}, "eu-west-1", "eu-west-2", false},
		{nil, "us-east-1", "cn-north-1", false}, {[]string{CommunityToContinent}, "xx-1", "xx-2", false},
	} {
		if got := ScopeOf(c.communities).Reaches(c.from, c.to); got != c.told {
			t.Errorf("%v from %s told in %s: %t", c.communities, c.from, c.to, got)
		}
	}
}

func TestBestPaths(t *testing.T) {
	t.Parallel()
	route := func(id, cidr string, pref int, path ...int64) Route {
		return Route{InterfaceID: id, CIDR: pfx(cidr), LocalPref: pref, ASPath: Sequence(path...)}
	}
	set := route("set", "10.0.0.0/8", PreferMedium, 1)
	set.ASPath = append(set.ASPath, ASPathSegment{Path: []int64{2, 3, 4}, Set: true})
	for name, c := range map[string]struct {
		routes []Route
		want   []string
	}{
		"longest prefix beats preference": {[]Route{route("a", "10.0.0.0/8", PreferHigh, 1), route("b", "10.1.0.0/16", PreferLow, 1, 1, 1)}, []string{"b"}},
		"preference beats path":           {[]Route{route("a", "10.0.0.0/8", PreferMedium, 1), route("b", "10.0.0.0/8", PreferHigh, 1, 1, 1)}, []string{"b"}},
		"path decides":                    {[]Route{route("a", "10.0.0.0/8", PreferMedium, 1, 1), route("b", "10.0.0.0/8", PreferMedium, 1)}, []string{"b"}},
		"equal ones share":                {[]Route{route("b", "10.0.0.0/8", PreferMedium, 1), route("a", "10.0.0.0/8", PreferMedium, 2), route("c", "10.0.0.0/8", PreferLow, 2)}, []string{"a", "b"}},
		"a set counts once":               {[]Route{route("a", "10.0.0.0/8", PreferMedium, 1, 2), set, route("c", "10.0.0.0/8", PreferMedium, 1, 2, 3)}, []string{"a", "set"}},
		"no way":                          {[]Route{route("a", "10.2.0.0/16", PreferMedium, 1), route("b", "::/0", PreferMedium, 1)}, nil},
	} {
		var got []string
		for _, p := range Paths(pfx("10.1.2.3/32"), c.routes) {
			if p.Rank == 1 {
				got = append(got, p.InterfaceID)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestDiffRoutes: a table with its change applied is the other table, what stays has its time, and equal tables have equal
// marks and no change.
func TestDiffRoutes(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) Route {
		return Route{InterfaceID: "v", Direction: RouteAccepted, CIDR: drawPrefix(t), Installed: noon,
			Device: rapid.SampledFrom([]string{"r1", "r2"}).Draw(t, "device"), LocalPref: rapid.IntRange(1, 2).Draw(t, "pref"),
			ASPath: Sequence(rapid.SliceOfN(rapid.Int64Range(1, 2), 0, 2).Draw(t, "path")...)}
	})
	key := func(r Route) string { return r.CIDR.String() + r.Device }
	rapid.Check(t, func(t *rapid.T) {
		have := rapid.SliceOfNDistinct(draw, 0, 8, key).Draw(t, "have")
		want := rapid.SliceOfNDistinct(draw, 0, 8, key).Draw(t, "want")
		later := noon.Add(time.Hour)
		change := DiffRoutes(have, want, later)
		table := map[string]Route{}
		for _, r := range have {
			table[key(r)] = r
		}
		for _, r := range change.Remove {
			delete(table, key(r))
		}
		for _, r := range change.Add {
			if old, there := table[key(r)]; there && old.Same(r) || !r.Installed.Equal(later) {
				t.Fatalf("added for nothing, or at the wrong time: %+v", r)
			}
			table[key(r)] = r
		}
		if len(table) != len(want) {
			t.Fatalf("%d routes, want %d", len(table), len(want))
		}
		for _, r := range want {
			if !table[key(r)].Same(r) {
				t.Fatalf("%+v, want %+v", table[key(r)], r)
			}
		}
		slices.SortFunc(have, compareRoutes)
		slices.SortFunc(want, compareRoutes)
		if equal := len(change.Add)+len(change.Remove) == 0; equal != (RouteMark(have) == RouteMark(want)) {
			t.Fatalf("equal %t, marks %d and %d", equal, RouteMark(have), RouteMark(want))
		}
	})
}

// BenchmarkPolicy evaluates one interface with 1,000 prefixes each way: what it takes under a filter of as many, and what it
// announces and how.
func BenchmarkPolicy(b *testing.B) {
	const n = 1000
	public := VirtualInterface{ID: "dxvif-fp", Type: Public, AmazonASN: PublicASN, Router: router, Region: "us-east-1"}
	heard := make([]HeardRoute, n)
	ranges := make([]PublicRange, n)
	for i := range n {
		p := pfx(fmt.Sprintf("203.%d.%d.0/24", i/256, i%256))
		public.RouteFilter = append(public.RouteFilter, p.String())
		heard[i] = HeardRoute{CIDR: p, ASPath: Sequence(65001), Communities: []string{"65001:1", CommunityToRegion}}
		ranges[i] = PublicRange{pfx(fmt.Sprintf("11.%d.%d.0/24", i/256, i%256)), "us-east-1"}
	}
	for i := range n { // in no order, as a caller may give them
		j := i * 7919 % n
		public.RouteFilter[i], public.RouteFilter[j] = public.RouteFilter[j], public.RouteFilter[i]
	}
	// Five associations of 200 allowed prefixes and 200 networks each.
	private := onGateway()
	var associations []Association
	for i := range 5 {
		a := association(VirtualPrivateGateway, Associated, nil, nil)
		for j := range n / 5 {
			a.Far.CIDRs = append(a.Far.CIDRs, fmt.Sprintf("10.%d.%d.0/24", i, j))
		}
		a.Allowed = a.Far.CIDRs
		associations = append(associations, a)
	}
	for name, f := range map[string]func() int{
		"public accepted":   func() int { return len(public.AcceptRoutes(heard)) },
		"private accepted":  func() int { return len(private.AcceptRoutes(heard)) },
		"public announced":  func() int { return len(public.Announcements(Surroundings{Public: ranges})) },
		"private announced": func() int { return len(private.Announcements(Surroundings{Associations: associations})) },
	} {
		b.Run(name, func(b *testing.B) {
			begun := worked(b)
			for b.Loop() {
				if got := f(); got != n {
					b.Fatalf("%d prefixes", got)
				}
			}
			each := (worked(b) - begun) / time.Duration(b.N)
			b.ReportMetric(float64(each), "cpu-ns/op")
			if b.N > 10 && each > time.Millisecond {
				b.Errorf("%v, want less than a millisecond", each)
			}
		})
	}
}

// worked is the processor time that this process has used: what a machine that is busy with something else does not change.
func worked(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
