package directconnect

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// heard is a route of an interface as a test writes it.
func heard(id, cidr string, pref int, path ...int64) Route {
	return Route{InterfaceID: id, Direction: RouteAccepted, CIDR: pfx(cidr), LocalPref: pref, ASPath: Sequence(path...), Device: router}
}

func words(paths []Path) []string {
	out := []string{}
	for _, p := range paths {
		out = append(out, fmt.Sprintf("%d %s %s: %s", p.Rank, p.InterfaceID, p.CIDR, p.Reason))
	}
	return out
}

// TestPaths: every criterion decides where those before it do not, and says so on both sides.
func TestPaths(t *testing.T) {
	t.Parallel()
	routes := []Route{
		heard("long", "10.1.0.0/16", PreferMedium, 1, 1), heard("b", "10.1.0.0/16", PreferMedium, 1), heard("a", "10.1.0.0/16", PreferMedium, 2),
		heard("low", "10.1.0.0/16", PreferLow, 1), heard("high", "10.0.0.0/8", PreferHigh, 1), heard("other", "10.2.0.0/16", PreferHigh, 1),
		heard("part", "10.1.2.0/24", PreferHigh, 1), heard("default", "0.0.0.0/0", PreferHigh, 1), heard("six", "::/0", PreferHigh, 1),
	}
	for to, want := range map[string][]string{
		"10.1.0.0/16": {
			"1 a 10.1.0.0/16: shortest AS path; equal ones share the load", "1 b 10.1.0.0/16: shortest AS path; equal ones share the load",
			"2 long 10.1.0.0/16: longer AS path", "3 low 10.1.0.0/16: lower local preference", "4 high 10.0.0.0/8: shorter prefix",
			"5 default 0.0.0.0/0: shorter prefix",
		},
		"10.1.2.128/25": {
			"1 part 10.1.2.0/24: longest prefix", "2 a 10.1.0.0/16: shorter prefix; equal ones share the load",
			"2 b 10.1.0.0/16: shorter prefix; equal ones share the load", "3 long 10.1.0.0/16: longer AS path",
			"4 low 10.1.0.0/16: lower local preference", "5 high 10.0.0.0/8: shorter prefix", "6 default 0.0.0.0/0: shorter prefix",
		},
		"10.0.0.0/8":      {"1 high 10.0.0.0/8: longest prefix", "2 default 0.0.0.0/0: shorter prefix"},
		"192.0.2.1/32":    {"1 default 0.0.0.0/0: no other way"},
		"2001:db8::1/128": {"1 six ::/0: no other way"},
	} {
		if diff := cmp.Diff(want, words(Paths(pfx(to), routes))); diff != "" {
			t.Errorf("to %s (-want +got):\n%s", to, diff)
		}
	}
	if diff := cmp.Diff([]string{"1 x 10.0.0.0/8: highest local preference", "2 y 10.0.0.0/8: lower local preference"},
		words(Paths(pfx("10.0.0.0/8"), []Route{heard("y", "10.0.0.0/8", PreferMedium, 1), heard("x", "10.0.0.0/8", PreferHigh, 1, 1)}))); diff != "" {
		t.Errorf("preference (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1 x 10.0.0.0/8: no other way; equal ones share the load", "1 y 10.0.0.0/8: no other way; equal ones share the load"},
		words(Paths(pfx("10.0.0.0/8"), []Route{heard("y", "10.0.0.0/8", PreferHigh, 1), heard("x", "10.0.0.0/8", PreferHigh, 1)}))); diff != "" {
		t.Errorf("equal ones (-want +got):\n%s", diff)
	}
}

// TestPathsAgreeWithBestPaths: what has rank 1 is the best of the longest prefix, as what is announced over SiteLink chooses
// it, and the prefixes looked for are those that routes to the destination have.
func TestPathsAgreeWithBestPaths(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) Route {
		p, _ := netip.MustParseAddr("10.1.2.3").Prefix(rapid.IntRange(6, 9).Draw(t, "bits"))
		return heard(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "interface"), p.String(), rapid.IntRange(1, 2).Draw(t, "pref"),
			rapid.SliceOfN(rapid.Int64Range(1, 2), 1, 2).Draw(t, "path")...)
	})
	rapid.Check(t, func(t *rapid.T) {
		routes := rapid.SliceOfNDistinct(draw, 0, 8, func(r Route) string { return r.CIDR.String() + r.InterfaceID }).Draw(t, "routes")
		to := netip.MustParsePrefix("10.1.2.3/32")
		paths := Paths(to, routes)
		if len(paths) != len(routes) {
			t.Fatalf("%d paths of %d routes", len(paths), len(routes))
		}
		var first, longest []Route
		covering := map[string]bool{}
		for _, c := range Covering(to) {
			covering[c] = true
		}
		for _, p := range paths {
			if p.Rank == 1 {
				first = append(first, p.Route)
			}
			if p.CIDR.Bits() == paths[0].CIDR.Bits() {
				longest = append(longest, p.Route)
			}
			if !covering[p.CIDR.String()] {
				t.Fatalf("%s is not looked for", p.CIDR)
			}
		}
		if diff := cmp.Diff(BestPaths(longest), first, comparePrefix); diff != "" {
			t.Fatalf("rank 1 (-best +got):\n%s", diff)
		}
	})
}

// TestPublicPaths: the scope that a customer asks for keeps its prefix from other Regions, however good the route is.
func TestPublicPaths(t *testing.T) {
	t.Parallel()
	in := map[string]string{"here": "us-east-1", "near": "us-west-2", "far": "eu-west-1", "china": "cn-north-1"}
	scoped := func(id, community string) Route {
		r := heard(id, "203.0.113.0/24", PreferMedium, 1)
		if community != "" {
			r.Communities = []string{community}
		}
		return r
	}
	routes := []Route{scoped("here", CommunityToRegion), scoped("near", CommunityToContinent), scoped("far", CommunityToWorld), scoped("china", "")}
	shared := " 203.0.113.0/24: no other way; equal ones share the load"
	for region, want := range map[string][]string{
		"us-east-1": {"1 far" + shared, "1 here" + shared, "1 near" + shared, "0 china 203.0.113.0/24: told in the partition aws-cn only"},
		"ca-central-1": {"1 far" + shared, "1 near" + shared, "0 china 203.0.113.0/24: told in the partition aws-cn only",
			"0 here 203.0.113.0/24: told in us-east-1 only"},
		"eu-central-1": {"1 far 203.0.113.0/24: no other way", "0 china 203.0.113.0/24: told in the partition aws-cn only",
			"0 here 203.0.113.0/24: told in us-east-1 only", "0 near 203.0.113.0/24: told in North America only"},
		"cn-northwest-1": {"1 china 203.0.113.0/24: no other way", "0 far 203.0.113.0/24: told in the partition aws only",
			"0 here 203.0.113.0/24: told in us-east-1 only", "0 near 203.0.113.0/24: told in North America only"},
	} {
		if diff := cmp.Diff(want, words(PublicPaths(pfx("203.0.113.7/32"), region, routes, func(id string) string { return in[id] }))); diff != "" {
			t.Errorf("in %s (-want +got):\n%s", region, diff)
		}
	}
}

func TestParseDestination(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"10.1.2.3": "10.1.2.3/32", "10.1.0.0/16": "10.1.0.0/16", "2001:DB8::1": "2001:db8::1/128", "::/0": "::/0", "::ffff:10.1.2.3": "10.1.2.3/32",
		"2001:db8::/96": "2001:db8::/96",
	} {
		if got, err := ParseDestination(text); err != nil || got.String() != want {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "10.1.2.3/8", "10.1.2.0/33", "fe80::1%eth0", "::ffff:10.0.0.0/104"} {
		if got, err := ParseDestination(text); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}
