package fabrictest

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"onramp/internal/fabric"
)

const bgpKey = fabric.Secret("0xkkkkkkkkkkkkkkkkkkkkkk")

const (
	customerASN = 65001
	ownASN      = 64512
)

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

// neighbor is the i-th session of an interface: over IPv4 for an even i, over IPv6 for an odd one.
func neighbor(i int) fabric.Neighbor {
	n := fabric.Neighbor{
		Name: fmt.Sprint("peer-", i), Local: prefix(fmt.Sprintf("169.254.%d.1/30", i)), Remote: netip.MustParseAddr(fmt.Sprintf("169.254.%d.2", i)),
		LocalASN: ownASN, RemoteASN: customerASN, Key: bgpKey, MaxPrefixes: 10,
		Export: []fabric.Announcement{{Prefix: prefix("10.0.0.0/16"), Communities: []string{"65001:1"}}},
	}
	if i%2 == 1 {
		n.Local, n.Remote = prefix(fmt.Sprintf("fd00:%d::1/125", i)), netip.MustParseAddr(fmt.Sprintf("fd00:%d::6", i))
		n.Export = []fabric.Announcement{{Prefix: prefix("2001:db8::/32"), NoExport: true}}
	}
	return n
}

// routed is the first port with an interface over it that has these sessions.
func (b Bench) routed(neighbors ...fabric.Neighbor) fabric.Intent {
	return fabric.Intent{
		Ports: []fabric.Port{b.port(0)},
		VRFs:  []fabric.VRF{{Name: "gateway", LocalASN: ownASN}},
		Interfaces: []fabric.Interface{
			{Name: "vif", Link: b.Ports[0], VLAN: 100, MTU: 1500, VRF: "gateway", Neighbors: neighbors},
		},
	}
}

// sessionIs expects something of the session name, whose state and reason must go together.
func (b Bench) sessionIs(t *testing.T, router string, in fabric.Intent, name, what string, is func(fabric.NeighborStatus) bool) fabric.NeighborStatus {
	t.Helper()
	return b.expect(t, router, in, func(o fabric.Observed) string {
		s, there := o.Interfaces["vif"].Neighbors[name]
		switch {
		case !there:
			return fmt.Sprintf("session %s is not there", name)
		case s.Up != (s.Reason == "") || s.Up && s.OverLimit || !s.Up && len(s.Accepted) > 0:
			return fmt.Sprintf("session %s contradicts itself: %+v", name, s)
		case s.AcceptedVersion != fabric.RoutesVersion(s.Accepted):
			return fmt.Sprintf("session %s: version %d of %+v", name, s.AcceptedVersion, s.Accepted)
		case !is(s):
			return fmt.Sprintf("session %s is not %s: %+v", name, what, s)
		}
		return ""
	}).Interfaces["vif"].Neighbors[name]
}

func (b Bench) isUp(t *testing.T, router string, in fabric.Intent, name string, up bool) fabric.NeighborStatus {
	t.Helper()
	what := map[bool]string{true: "up", false: "down"}[up]
	return b.sessionIs(t, router, in, name, what, func(s fabric.NeighborStatus) bool { return s.Up == up })
}

// accepts expects a session that is up with these prefixes.
func (b Bench) accepts(t *testing.T, router string, in fabric.Intent, name string, prefixes []string) fabric.NeighborStatus {
	t.Helper()
	return b.sessionIs(t, router, in, name, fmt.Sprintf("up with %v", prefixes), func(s fabric.NeighborStatus) bool {
		return s.Up && slices.Equal(seen(s.Accepted), prefixes)
	})
}

// interfaceIs expects the interface to be there and up, or not.
func (b Bench) interfaceIs(t *testing.T, router string, in fabric.Intent, configured, up bool) {
	t.Helper()
	b.expect(t, router, in, func(o fabric.Observed) string {
		if s := o.Interfaces["vif"]; s.Configured != configured || s.Up != up {
			return fmt.Sprintf("the interface is %+v, want configured %t, up %t", s, configured, up)
		}
		return ""
	})
}

func testInterface(t *testing.T, b Bench) {
	router, in := b.Routers[0], b.routed(neighbor(0), neighbor(1))
	b.apply(t, router, in)
	b.interfaceIs(t, router, in, true, false)
	b.Plug(router, b.Ports[0], true)
	b.interfaceIs(t, router, in, true, true)
	in.Interfaces[0].VLAN, in.Interfaces[0].OuterVLAN, in.Interfaces[0].PoliceMbps = 200, 7, 50
	b.apply(t, router, in)
	b.follows(t, router, in)
	in.Interfaces, in.VRFs = nil, nil
	b.apply(t, router, in)
	b.interfaceIs(t, router, in, false, false)
}

func testSession(t *testing.T, b Bench) {
	router, in := b.Routers[0], b.routed(neighbor(0), neighbor(1))
	b.apply(t, router, in)
	for _, plugged := range []bool{false, true, false, true} {
		b.Plug(router, b.Ports[0], plugged)
		b.isUp(t, router, in, "peer-0", plugged)
		b.isUp(t, router, in, "peer-1", plugged)
	}
	in.Ports[0].Enabled = false
	b.apply(t, router, in)
	b.isUp(t, router, in, "peer-0", false)
}

func testSessionFails(t *testing.T, b Bench) {
	router, in := b.Routers[0], b.routed(neighbor(0))
	b.Plug(router, b.Ports[0], true)
	b.apply(t, router, in)
	b.isUp(t, router, in, "peer-0", true)
	for _, c := range []Customer{{Silent: true}, {WrongKey: true}} {
		b.Customer(router, "vif", c)
		if s := b.isUp(t, router, in, "peer-0", false); strings.Contains(s.Reason, bgpKey.Reveal()) {
			t.Error("the reason shows the key")
		}
		b.Customer(router, "vif", Customer{})
		b.isUp(t, router, in, "peer-0", true)
	}
}

func testShutdown(t *testing.T, b Bench) {
	router, in := b.Routers[0], b.routed(neighbor(0), neighbor(1))
	b.Plug(router, b.Ports[0], true)
	in.Interfaces[0].Neighbors[1].Shutdown = true
	b.apply(t, router, in)
	b.isUp(t, router, in, "peer-0", true)
	b.isUp(t, router, in, "peer-1", false)
	in.Interfaces[0].Neighbors[1].Shutdown = false
	b.apply(t, router, in)
	b.isUp(t, router, in, "peer-1", true)
}

func seen(routes []fabric.RouteSeen) (prefixes []string) {
	for _, r := range routes {
		prefixes = append(prefixes, r.Prefix.String())
	}
	return prefixes
}

func testRoutes(t *testing.T, b Bench) {
	router, in := b.Routers[0], b.routed(neighbor(0), neighbor(1))
	b.Plug(router, b.Ports[0], true)
	b.apply(t, router, in)
	versions := map[uint64]bool{}
	for _, announced := range [][]string{{}, {"10.9.0.0/16"}, {"10.8.0.0/16", "10.9.0.0/16"}, {"10.8.0.0/16"}} {
		c := Customer{Announce: []netip.Prefix{prefix("2001:db8:9::/48")}}
		for _, p := range slices.Backward(announced) {
			c.Announce = append(c.Announce, prefix(p))
		}
		b.Customer(router, "vif", c)
		s := b.accepts(t, router, in, "peer-0", announced)
		for _, r := range s.Accepted {
			if len(r.ASPath) == 0 || r.ASPath[0].Set || r.ASPath[0].ASNs[0] != customerASN {
				t.Errorf("%s came by %+v", r.Prefix, r.ASPath)
			}
		}
		versions[s.AcceptedVersion] = true
		b.accepts(t, router, in, "peer-1", []string{"2001:db8:9::/48"})
	}
	if len(versions) != 4 {
		t.Errorf("four tables have %d versions", len(versions))
	}
	b.Plug(router, b.Ports[0], false)
	b.isUp(t, router, in, "peer-0", false)
}

func testImport(t *testing.T, b Bench) {
	router, n := b.Routers[0], neighbor(0)
	n.Import = fabric.ImportPolicy{Filtered: true, Allow: []netip.Prefix{prefix("10.8.0.0/16"), prefix("10.9.0.0/16")}}
	in := b.routed(n)
	b.Plug(router, b.Ports[0], true)
	b.Customer(router, "vif", Customer{Announce: []netip.Prefix{prefix("10.7.0.0/16"), prefix("10.8.1.0/24"), prefix("10.9.0.0/16"), prefix("10.8.0.0/15")}})
	for orLonger, want := range map[bool][]string{false: {"10.9.0.0/16"}, true: {"10.8.1.0/24", "10.9.0.0/16"}} {
		in.Interfaces[0].Neighbors[0].Import.OrLonger = orLonger
		b.apply(t, router, in)
		b.accepts(t, router, in, "peer-0", want)
	}
}

func testOverLimit(t *testing.T, b Bench) {
	router, in := b.Routers[0], b.routed(neighbor(0), neighbor(1))
	in.Interfaces[0].Neighbors[0].MaxPrefixes = 2
	b.Plug(router, b.Ports[0], true)
	b.apply(t, router, in)
	three := []netip.Prefix{prefix("10.7.0.0/16"), prefix("10.8.0.0/16"), prefix("10.9.0.0/16")}
	b.Customer(router, "vif", Customer{Announce: three})
	b.sessionIs(t, router, in, "peer-0", "over its limit of two prefixes with three", func(s fabric.NeighborStatus) bool { return s.OverLimit })
	if s := b.isUp(t, router, in, "peer-1", true); s.OverLimit {
		t.Errorf("the other family's session: %+v", s)
	}
	in.Interfaces[0].Neighbors[0].Shutdown = true
	b.apply(t, router, in)
	b.sessionIs(t, router, in, "peer-0", "shut, and so without a limit", func(s fabric.NeighborStatus) bool { return !s.Up && !s.OverLimit })
	b.Customer(router, "vif", Customer{Announce: three[:2]})
	in.Interfaces[0].Neighbors[0].Shutdown = false
	b.apply(t, router, in)
	b.isUp(t, router, in, "peer-0", true)
}

func testOverBundle(t *testing.T, b Bench) {
	router, in := b.Routers[0], b.routed(neighbor(0))
	in.Ports = []fabric.Port{b.port(0), b.port(1)}
	in.Ports[0].Bundle, in.Ports[1].Bundle = "bundle-a", "bundle-a"
	in.Bundles, in.Interfaces[0].Link = []fabric.Bundle{{Name: "bundle-a", MinLinks: 1}}, "bundle-a"
	b.apply(t, router, in)
	b.isUp(t, router, in, "peer-0", false)
	b.Plug(router, b.Ports[0], true)
	b.Plug(router, b.Ports[1], true)
	b.isUp(t, router, in, "peer-0", true)
	b.Plug(router, b.Ports[0], false)
	b.isUp(t, router, in, "peer-0", true)
	b.Plug(router, b.Ports[1], false)
	b.isUp(t, router, in, "peer-0", false)
}

func testInvalidInterface(t *testing.T, b Bench) {
	router, good := b.Routers[0], b.routed(neighbor(0))
	b.Plug(router, b.Ports[0], true)
	b.apply(t, router, good)
	b.isUp(t, router, good, "peer-0", true)
	for what, spoil := range map[string]func(*fabric.Intent){
		"no link":     func(in *fabric.Intent) { in.Interfaces[0].Link = "nowhere" },
		"no VRF":      func(in *fabric.Intent) { in.VRFs = nil },
		"no VLAN":     func(in *fabric.Intent) { in.Interfaces[0].VLAN = 0 },
		"no key":      func(in *fabric.Intent) { in.Interfaces[0].Neighbors[0].Key = "" },
		"no customer": func(in *fabric.Intent) { in.Interfaces[0].Neighbors[0].RemoteASN = 0 },
	} {
		in := good.Clone()
		spoil(&in)
		err := b.Driver.Apply(t.Context(), router, in)
		if !errors.Is(err, fabric.ErrInvalid) {
			t.Errorf("%s: error %v, want ErrInvalid", what, err)
		}
		if err != nil && strings.Contains(err.Error(), bgpKey.Reveal()) {
			t.Errorf("%s: the error shows a key", what)
		}
		b.isUp(t, router, good, "peer-0", true)
	}
}

func testSessionHidden(t *testing.T, b Bench) {
	router, in := b.Routers[0], b.routed(neighbor(0))
	b.apply(t, router, in)
	o := b.follows(t, router, in)
	for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%x"} {
		// In hexadecimal the key's letters read 6b6b...
		if out := fmt.Sprintf(verb, o) + fmt.Sprintf(verb, in); strings.Contains(out, bgpKey.Reveal()) || strings.Contains(out, strings.Repeat("6b", 22)) {
			t.Errorf("%s shows a key", verb)
		}
	}
}
