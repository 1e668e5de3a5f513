package speaker

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onramp/internal/fabric"
)

var comparable = cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{})

// Two neighbours of one VRF: each hears exactly its own list, from the same prefixes, and nothing of the other.
func TestExports(t *testing.T) {
	t.Parallel()
	net := network()
	l := newLab(t, addr(net+".1"), newKernel())
	a, b := l.neighbor("a", net+".2", 65001), l.neighbor("b", net+".3", 4200000001)
	a.Export = []fabric.Announcement{{Prefix: pfx("10.0.0.0/16"), Communities: []string{"7224:8100"}, NoExport: true}, {Prefix: pfx("10.1.0.0/16")}}
	b.Export = []fabric.Announcement{{Prefix: pfx("10.0.0.0/16"), ASPathPrepend: []int64{65001, 4200000002}}}
	l.apply(t, gateway(a, b))
	ca := l.customer(t, a, habits{}, plain("192.168.1.0/24")...)
	cb := l.customer(t, b, habits{}, plain("192.168.2.0/24")...)
	l.awaitUp(t, "a", "b")
	hears := func(c *customer, want ...string) {
		t.Helper()
		l.await(t, "hears "+strings.Join(want, ", "), func() bool { return slices.Equal(c.heard(t), want) })
	}
	hears(ca, "10.0.0.0/16 [64512] [7224:8100 65535:65281] "+net+".1", "10.1.0.0/16 [64512] [] "+net+".1")
	hears(cb, "10.0.0.0/16 [64512 65001 4200000002] [] "+net+".1")

	// The list changes by what differs, without a reset. The neighbour's own number does not keep a prefix from it.
	a.Export = []fabric.Announcement{{Prefix: pfx("10.1.0.0/16"), Communities: []string{"7224:8200"}}, {Prefix: pfx("10.2.0.0/16"), ASPathPrepend: []int64{65001}}}
	b.Export = nil
	l.apply(t, gateway(a, b))
	hears(ca, "10.1.0.0/16 [64512] [7224:8200] "+net+".1", "10.2.0.0/16 [64512 65001] [] "+net+".1")
	hears(cb)
	for _, c := range []*customer{ca, cb} {
		if starts, ended := c.history(); starts != 1 || len(ended) > 0 {
			t.Errorf("the session came up %d times and ended %q", starts, ended)
		}
	}
	a.Export = []fabric.Announcement{{Prefix: pfx("10.3.0.0/16"), Communities: []string{"7224"}}}
	if err := l.Apply(t.Context(), []VRF{gateway(a, b)}); err == nil || !strings.Contains(err.Error(), "7224") {
		t.Errorf("a community that is none: %v", err)
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	net := network()
	l := newLab(t, addr(net+".1"), newKernel())
	a, b := l.neighbor("a", net+".2", 65001), l.neighbor("b", net+".3", 65002)
	prefer := []fabric.Preference{{Community: "7224:7100", LocalPref: 100}, {Community: "7224:7300", LocalPref: 300}}
	a.Import = fabric.ImportPolicy{Filtered: true, OrLonger: true, Allow: []netip.Prefix{pfx("10.0.0.0/8")}, Prefer: prefer, DefaultPreference: 200}
	b.Import = fabric.ImportPolicy{Prefer: prefer, DefaultPreference: 200}
	v := gateway(a, b)
	v.Networks = []netip.Prefix{pfx("10.9.0.0/16")}
	l.apply(t, v)
	low, _ := community("7224:7100")
	high, _ := community("7224:7300")
	ca := l.customer(t, a, habits{}, announcement{prefix: pfx("10.1.0.0/16")}, announcement{prefix: pfx("10.2.0.0/16"), communities: []uint32{high}},
		announcement{prefix: pfx("10.3.0.0/16"), communities: []uint32{low}}, announcement{prefix: pfx("10.4.0.0/16"), path: []fabric.PathSegment{{ASNs: []int64{1, 2}}}},
		announcement{prefix: pfx("172.16.0.0/12")}, announcement{prefix: pfx("10.9.0.0/16")})
	l.customer(t, b, habits{}, plain("10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", net+".0/24")...)
	l.awaitUp(t, "a", "b")
	both := append(hop(net+".2", ""), hop(net+".3", "")...)
	want := map[netip.Prefix][]Hop{
		pfx("10.1.0.0/16"): both,              // equal: they share
		pfx("10.2.0.0/16"): hop(net+".2", ""), // preferred
		pfx("10.3.0.0/16"): hop(net+".3", ""), // the other is preferred less
		pfx("10.4.0.0/16"): hop(net+".3", ""), // the shorter path
	}
	table := func() string { return cmp.Diff(want, l.kernel.table("gw"), comparable) }
	l.await(t, "best routes", func() bool { return table() == "" })
	s := l.status("a")
	if got := seenPrefixes(s); !slices.Equal(got, []string{"10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", "10.9.0.0/16"}) {
		t.Errorf("accepted %v", got)
	}
	if d := cmp.Diff(fabric.RouteSeen{Prefix: pfx("10.2.0.0/16"), ASPath: []fabric.PathSegment{{ASNs: []int64{65001}}}, Communities: []string{"7224:7300"}}, s.Accepted[1], comparable); d != "" {
		t.Errorf("the preferred route: %s", d)
	}
	if s.AcceptedVersion != fabric.RoutesVersion(s.Accepted) || s.AcceptedVersion == 0 {
		t.Errorf("version %d", s.AcceptedVersion)
	}

	// Another policy works on what was announced before, without a reset.
	v.Interfaces[0].Neighbors[0].Import = fabric.ImportPolicy{Filtered: true, Allow: []netip.Prefix{pfx("172.16.0.0/12")}}
	l.apply(t, v)
	want = map[netip.Prefix][]Hop{pfx("172.16.0.0/12"): hop(net+".2", "")}
	for _, p := range []string{"10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16"} {
		want[pfx(p)] = hop(net+".3", "")
	}
	l.await(t, "best routes of another policy", func() bool { return table() == "" })
	if starts, ended := ca.history(); starts != 1 || len(ended) > 0 {
		t.Errorf("the session came up %d times and ended %q", starts, ended)
	}

	// A neighbour that goes takes its routes with it.
	l.apply(t, gateway(v.Interfaces[0].Neighbors[0]))
	want = map[netip.Prefix][]Hop{pfx("172.16.0.0/12"): hop(net+".2", "")}
	l.await(t, "one neighbour's routes", func() bool { return table() == "" })
	l.apply(t)
	if rest := l.kernel.table("gw"); len(rest) > 0 || len(l.Observe()) > 0 {
		t.Errorf("left over: %v, %v", rest, l.Observe())
	}
	_, ended := ca.history()
	l.await(t, "deconfigured", func() bool { _, ended = ca.history(); return len(ended) == 1 })
	// GoBGP may close a stopped server's sockets before the notification is out.
	if !strings.Contains(ended[0], "code 6(cease) subcode 3(") && ended[0] != "read-failed" {
		t.Errorf("ended with %q", ended)
	}
}

// A prefix limit counts what the neighbour announces, but not our own routes that it sends back.
func TestLimit(t *testing.T) {
	t.Parallel()
	net := network()
	l := newLab(t, addr(net+".1"), newKernel())
	n := l.neighbor("a", net+".2", 65001)
	n.MaxPrefixes = 2
	l.apply(t, gateway(n))
	looped := announcement{prefix: pfx("10.9.0.0/16"), path: []fabric.PathSegment{{ASNs: []int64{ownASN, 65001}}}}
	two, three := plain("10.1.0.0/16", "10.2.0.0/16"), plain("10.3.0.0/16")
	c := l.customer(t, n, habits{restart: true}, append(slices.Clone(two), looped)...)
	l.awaitUp(t, "a")
	l.await(t, "two routes", func() bool { return len(l.kernel.table("gw")) == 2 })
	c.announce(t, three...)
	l.await(t, "over its limit", func() bool { return l.status("a").OverLimit && len(l.kernel.table("gw")) == 0 })
	if s := l.status("a"); s.Up || len(s.Accepted) > 0 || !strings.Contains(s.Reason, "3 announced, 2 allowed") {
		t.Errorf("over its limit: %+v", s)
	}
	l.await(t, "Cease 6/1", func() bool {
		_, ended := c.history()
		return len(ended) == 1
	})
	if _, ended := c.history(); !strings.Contains(ended[0], "code 6(cease) subcode 1(") && ended[0] != "graceful-restart" {
		t.Errorf("ended with %q", ended)
	}
	c.withdraw(t, three...)
	l.apply(t, gateway(n))
	if s := l.status("a"); !s.OverLimit || s.Up {
		t.Errorf("applied again: %+v", s)
	}
	n.Shutdown = true
	l.apply(t, gateway(n))
	if s := l.status("a"); s.OverLimit || !s.Shutdown || s.Reason != "shut by the operator" {
		t.Errorf("shut: %+v", s)
	}
	n.Shutdown = false
	l.apply(t, gateway(n))
	l.awaitUp(t, "a")
	l.await(t, "two routes again", func() bool { return len(l.kernel.table("gw")) == 2 })
	n.MaxPrefixes = 1 // lowered under what is there
	l.apply(t, gateway(n))
	l.await(t, "over a lower limit", func() bool { return l.status("a").OverLimit && len(l.kernel.table("gw")) == 0 })
	n.MaxPrefixes = 5
	l.apply(t, gateway(n))
	l.awaitUp(t, "a")
	c.announce(t, announcement{prefix: pfx("10.1.0.0/16"), path: []fabric.PathSegment{{ASNs: []int64{ownASN}}}})
	l.await(t, "a loop takes the place of a route", func() bool { return len(l.kernel.table("gw")) == 1 })
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	net := network()
	l := newLab(t, addr(net+".1"), newKernel())
	n := l.neighbor("a", net+".2", 65001)
	l.apply(t, gateway(n))
	c := l.customer(t, n, habits{}, plain("10.1.0.0/16")...)
	l.awaitUp(t, "a")
	l.await(t, "its route", func() bool { return len(l.kernel.table("gw")) == 1 })
	n.Shutdown = true
	l.apply(t, gateway(n))
	if s := l.status("a"); s.Up || !s.Shutdown || s.Reason != "shut by the operator" {
		t.Errorf("shut: %+v", s)
	}
	l.await(t, "no route", func() bool { return len(l.kernel.table("gw")) == 0 })
	l.await(t, "Cease 6/2", func() bool {
		_, ended := c.history()
		return len(ended) > 0 && strings.Contains(ended[0], "code 6(cease) subcode 2(")
	})
	n.Shutdown = false
	l.apply(t, gateway(n))
	l.awaitUp(t, "a")
	l.await(t, "its route again", func() bool { return len(l.kernel.table("gw")) == 1 })
	if s := l.status("a"); s.Reason != "" || s.Shutdown {
		t.Errorf("open again: %+v", s)
	}
	n.Key = "another-key-of-the-test"
	l.apply(t, gateway(n))
	l.await(t, "down with another key", func() bool { return !l.status("a").Up })
	n.Key = keyText
	l.apply(t, gateway(n))
	l.awaitUp(t, "a")
}

// The same over IPv6, on the one address that every machine has: both ends are at it, at ports of their own.
func TestIPv6(t *testing.T) {
	t.Parallel()
	l := newLab(t, addr("::1"), newKernel())
	n := l.neighbor("a", "::1", 4200000001)
	n.Export = []fabric.Announcement{{Prefix: pfx("2001:db8:1::/48"), Communities: []string{"7224:8100"}, NoExport: true}}
	n.Import = fabric.ImportPolicy{Filtered: true, OrLonger: true, Allow: []netip.Prefix{pfx("2001:db8:2::/48")}}
	l.apply(t, gateway(n))
	c := l.customer(t, n, habits{}, plain("2001:db8:2:1::/64", "2001:db8:3::/48")...)
	l.awaitUp(t, "a")
	l.await(t, "one route each way", func() bool {
		return slices.Equal(c.heard(t), []string{"2001:db8:1::/48 [64512] [7224:8100 65535:65281] ::1"}) &&
			slices.Equal(seenPrefixes(l.status("a")), []string{"2001:db8:2:1::/64"})
	})
	l.await(t, "in the kernel", func() bool {
		return cmp.Diff(map[netip.Prefix][]Hop{pfx("2001:db8:2:1::/64"): hop("::1", "")}, l.kernel.table("gw"), comparable) == ""
	})
}
