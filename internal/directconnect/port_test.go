package directconnect

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestRoutersByDiversity(t *testing.T) {
	t.Parallel()
	routers := []string{"b", "c", "a"}
	for _, k := range []struct {
		name string
		used map[string]int
		seed uint64
		want []string
	}{
		{"the first", nil, 0, []string{"a", "b", "c"}},
		{"another account's first", nil, 4, []string{"b", "c", "a"}},
		{"the second goes elsewhere", map[string]int{"a": 1}, 0, []string{"b", "c", "a"}},
		{"the fewest first", map[string]int{"a": 2, "b": 3, "c": 1}, 0, []string{"c", "a", "b"}},
		{"all alike", map[string]int{"a": 2, "b": 2, "c": 2}, 2, []string{"c", "a", "b"}},
		{"one that is not here", map[string]int{"z": 7}, 0, []string{"a", "b", "c"}},
	} {
		if got := RoutersByDiversity(routers, k.used, k.seed); !slices.Equal(got, k.want) {
			t.Errorf("%s: got %v, want %v", k.name, got, k.want)
		}
	}
	if got := RoutersByDiversity(nil, nil, 7); len(got) != 0 {
		t.Errorf("of none: %v", got)
	}
	if !slices.Equal(routers, []string{"b", "c", "a"}) {
		t.Errorf("the list given was changed: %v", routers)
	}
}

// TestDiversityProperties: all routers and no other, the fewest first, whatever order they were read in; and taking the
// first each time keeps an account's ports spread as evenly as they can be.
func TestDiversityProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		routers := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-e][0-9]`), 1, 8, rapid.ID[string]).Draw(t, "routers")
		used := rapid.MapOf(rapid.SampledFrom(routers), rapid.IntRange(0, 5)).Draw(t, "used")
		seed := rapid.Uint64().Draw(t, "seed")
		got := RoutersByDiversity(routers, used, seed)
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(routers))) {
			t.Fatalf("%v is no order of %v", got, routers)
		}
		if !slices.IsSortedFunc(got, func(a, b string) int { return used[a] - used[b] }) {
			t.Fatalf("%v is not by use %v", got, used)
		}
		if other := RoutersByDiversity(rapid.Permutation(routers).Draw(t, "read"), used, seed); !slices.Equal(got, other) {
			t.Fatalf("%v, or %v when read in another order", got, other)
		}
		ports := map[string]int{}
		for range rapid.IntRange(1, 20).Draw(t, "ports") {
			ports[RoutersByDiversity(routers, ports, seed)[0]]++
		}
		low, high := 20, 0
		for _, r := range routers {
			low, high = min(low, ports[r]), max(high, ports[r])
		}
		if high-low > 1 {
			t.Fatalf("unevenly spread: %v", ports)
		}
	})
}

// TestFirstChoicesSpread: different seeds begin at every router.
func TestFirstChoicesSpread(t *testing.T) {
	t.Parallel()
	first := map[string]int{}
	for seed := range uint64(300) {
		first[RoutersByDiversity([]string{"a", "b", "c"}, nil, seed)[0]]++
	}
	same(t, map[string]int{"a": 100, "b": 100, "c": 100}, first)
}

func TestNoFreePort(t *testing.T) {
	t.Parallel()
	refused(t, NoFreePort("EqDC2", Gbps10), "No 10Gbps port is available at location EqDC2.")
	refused(t, NoFreePortForLAG(lagID, Gbps100), "No 100Gbps port is available on the endpoint of Lag dxlag-ffjhj9lx.")
}
