// Package fabrictest is the contract of fabric.Driver as a test suite: every driver runs it whole.
//
// It tests no driver's own ways: what a link needs to come up is the driver's business, and is handed in.
package fabrictest

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric"
)

// Bench is a driver with something to drive.
type Bench struct {
	Driver fabric.Driver
	// Routers are two that answer and have no configuration of ours.
	Routers [2]string
	// Ports are three port names that both routers have, sorted, of SpeedMbps and able to encrypt.
	Ports     [3]string
	SpeedMbps int64
	// Plug puts a working cable into a port, or takes it out, and returns when the port must have noticed.
	Plug func(router, port string, plugged bool)
	// Cut takes a router off its management, so that it does not answer. Nil: this driver's routers cannot be cut off.
	Cut func(router string, cut bool)
	// Customer says what the router at the far end of an interface does, and returns when ours must have noticed. Until then,
	// and with the zero Customer, it does all that is right, with the addresses, ASN and key that the interface is given in
	// this suite, and announces what is up to it.
	Customer func(router, iface string, c Customer)
	// Fit, if not nil, is called before each Apply of a valid intent and makes the far ends of the router's ports fit it:
	// bundles, keys, tags, addresses and sessions. Routers that only seem to be there have far ends that always fit.
	Fit func(router string, in fabric.Intent)
	// Settle is how long what should be observed may take until it is: real links and sessions need a while. 0: no time.
	Settle time.Duration
}

// Customer is the far end of an interface.
type Customer struct {
	Silent   bool           // does not answer
	WrongKey bool           // signs with another TCP MD5 key
	Announce []netip.Prefix // over the sessions of their families; nil: what is up to it
}

const (
	ckn1 = "1111111111111111111111111111111111111111111111111111111111111111"
	ckn2 = "2222222222222222222222222222222222222222222222222222222222222222"
	cak1 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	cak2 = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// Run runs the suite. open answers a fresh bench for each test and closes it with the test.
func Run(t *testing.T, open func(t *testing.T) Bench) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Bench)
	}{
		{"an unknown router is empty", testUnknownRouter},
		{"what is applied is observed", testObserves},
		{"a link follows its cable", testCarrier},
		{"applying again changes nothing", testIdempotent},
		{"what is left out is removed", testWhole},
		{"bundles count their members", testBundles},
		{"keys are installed, used and removed", testKeys},
		{"a bad intent changes nothing", testInvalid},
		{"the caller keeps its intent and its answer", testNoSharing},
		{"routers do not touch each other", testApart},
		{"a router that is cut off says so", testUnreachable},
		{"keys are never printed", testHidden},
		{"many at once", testConcurrent},
		{"an interface is observed", testInterface},
		{"a session follows its link", testSession},
		{"a session needs an answer and the key", testSessionFails},
		{"a session can be shut", testShutdown},
		{"routes are accepted and forgotten", testRoutes},
		{"an import filter filters", testImport},
		{"too many prefixes close a session", testOverLimit},
		{"an interface over a bundle", testOverBundle},
		{"a bad interface changes nothing", testInvalidInterface},
		{"session keys are never printed", testSessionHidden},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func testUnknownRouter(t *testing.T, b Bench) {
	b.follows(t, b.Routers[0], fabric.Intent{})
	b.apply(t, b.Routers[0], fabric.Intent{})
	b.follows(t, b.Routers[0], fabric.Intent{})
}

func testObserves(t *testing.T, b Bench) {
	off := b.port(1)
	off.Enabled = false
	in := fabric.Intent{Ports: []fabric.Port{b.port(0), off}}
	b.apply(t, b.Routers[0], in)
	o := b.follows(t, b.Routers[0], in)
	for name, s := range o.Ports {
		if s.Carrier || s.Encrypted {
			t.Errorf("port %s has a link without a cable: %+v", name, s)
		}
	}
}

func testCarrier(t *testing.T, b Bench) {
	router, name := b.Routers[0], b.Ports[0]
	in := fabric.Intent{Ports: []fabric.Port{b.port(0)}}
	b.Plug(router, name, true)
	b.carrier(t, router, fabric.Intent{}, name, false) // it is not configured
	b.apply(t, router, in)
	b.carrier(t, router, in, name, true)
	b.Plug(router, name, false)
	b.carrier(t, router, in, name, false)
	b.Plug(router, name, true)
	b.carrier(t, router, in, name, true)
	in.Ports[0].Enabled = false
	b.apply(t, router, in)
	b.carrier(t, router, in, name, false)
}

func testIdempotent(t *testing.T, b Bench) {
	router := b.Routers[0]
	b.Plug(router, b.Ports[0], true)
	in := fabric.Intent{Ports: []fabric.Port{b.secured(0, fabric.MACsecPrefer, fabric.Key{CKN: ckn1, CAK: cak1}), b.port(1)}}
	b.apply(t, router, in)
	before := b.portIs(t, router, in, b.Ports[0], "encrypted", func(s fabric.PortStatus) bool { return s.Encrypted })
	b.apply(t, router, in)
	if diff := cmp.Diff(before, b.follows(t, router, in), uncounted); diff != "" {
		t.Errorf("the second Apply changed the router (-before +after):\n%s", diff)
	}
}

func testWhole(t *testing.T, b Bench) {
	router := b.Routers[0]
	first := b.port(0)
	first.Bundle = "bundle-a"
	b.Plug(router, b.Ports[0], true)
	b.apply(t, router, fabric.Intent{Ports: []fabric.Port{first, b.port(1)}, Bundles: []fabric.Bundle{{Name: "bundle-a"}}})
	in := fabric.Intent{Ports: []fabric.Port{b.port(1), b.port(2)}}
	b.apply(t, router, in)
	b.portIs(t, router, in, b.Ports[0], "left out", func(s fabric.PortStatus) bool {
		return !s.Enabled && !s.Carrier && s.Bundle == ""
	})
	b.apply(t, router, fabric.Intent{})
	b.follows(t, router, fabric.Intent{})
}

func testBundles(t *testing.T, b Bench) {
	router := b.Routers[0]
	in := fabric.Intent{Bundles: []fabric.Bundle{{Name: "bundle-a", MinLinks: 2}, {Name: "bundle-b"}}}
	for i, bundle := range []string{"bundle-a", "bundle-a", "bundle-b"} {
		p := b.port(i)
		p.Bundle = bundle
		in.Ports = append(in.Ports, p)
	}
	b.apply(t, router, in)
	expect := func(a, c fabric.BundleStatus) {
		t.Helper()
		want := map[string]fabric.BundleStatus{"bundle-a": a, "bundle-b": c}
		b.expect(t, router, in, func(o fabric.Observed) string {
			if diff := cmp.Diff(want, o.Bundles); diff != "" {
				return "bundles (-want +got):\n" + diff
			}
			return ""
		})
	}
	expect(fabric.BundleStatus{}, fabric.BundleStatus{})
	b.Plug(router, b.Ports[0], true)
	expect(fabric.BundleStatus{ActiveMembers: 1}, fabric.BundleStatus{})
	b.Plug(router, b.Ports[1], true)
	b.Plug(router, b.Ports[2], true)
	expect(fabric.BundleStatus{Up: true, ActiveMembers: 2}, fabric.BundleStatus{Up: true, ActiveMembers: 1})
	b.Plug(router, b.Ports[0], false)
	expect(fabric.BundleStatus{ActiveMembers: 1}, fabric.BundleStatus{Up: true, ActiveMembers: 1})
	in.Bundles[0].MinLinks = 1
	b.apply(t, router, in)
	expect(fabric.BundleStatus{Up: true, ActiveMembers: 1}, fabric.BundleStatus{Up: true, ActiveMembers: 1})
}

func testKeys(t *testing.T, b Bench) {
	router, name := b.Routers[0], b.Ports[0]
	one, two := fabric.Key{CKN: ckn1, CAK: cak1}, fabric.Key{CKN: ckn2, CAK: cak2}
	b.Plug(router, name, true)
	for _, step := range []struct {
		mode      string
		keys      []fabric.Key
		encrypted bool
	}{
		{fabric.MACsecPrefer, nil, false},
		{fabric.MACsecPrefer, []fabric.Key{one}, true},
		{fabric.MACsecRequire, []fabric.Key{one, two}, true},
		{fabric.MACsecOff, []fabric.Key{one, two}, false},
		{fabric.MACsecRequire, []fabric.Key{two}, true},
		{fabric.MACsecRequire, nil, false},
	} {
		in := fabric.Intent{Ports: []fabric.Port{b.secured(0, step.mode, step.keys...)}}
		b.apply(t, router, in)
		b.encrypted(t, router, in, name, step.encrypted)
	}
	in := fabric.Intent{Ports: []fabric.Port{b.secured(0, fabric.MACsecRequire, one)}}
	b.apply(t, router, in)
	b.encrypted(t, router, in, name, true)
	b.Plug(router, name, false)
	b.encrypted(t, router, in, name, false)
}

func testInvalid(t *testing.T, b Bench) {
	router := b.Routers[0]
	good := fabric.Intent{Ports: []fabric.Port{b.port(0)}}
	b.apply(t, router, good)
	before := b.follows(t, router, good)
	nameless, slow, astray := b.port(1), b.port(1), b.port(1)
	nameless.Name, slow.SpeedMbps, astray.Bundle = "", 0, "nowhere"
	one := fabric.Key{CKN: ckn1, CAK: cak1}
	for what, ports := range map[string][]fabric.Port{
		"no name":        {nameless},
		"no speed":       {slow},
		"no such bundle": {astray},
		"out of order":   {b.port(1), b.port(0)},
		"twice":          {b.port(1), b.port(1)},
		"unknown mode":   {b.secured(1, "must_encrypt")},
		"key twice":      {b.secured(1, fabric.MACsecPrefer, one, one)},
		"empty key":      {b.secured(1, fabric.MACsecPrefer, fabric.Key{CKN: ckn1})},
	} {
		err := b.Driver.Apply(t.Context(), router, fabric.Intent{Ports: ports})
		if !errors.Is(err, fabric.ErrInvalid) {
			t.Errorf("%s: error %v, want ErrInvalid", what, err)
		}
		if err != nil && strings.Contains(err.Error(), cak1) {
			t.Errorf("%s: the error shows a key", what)
		}
		if diff := cmp.Diff(before, b.follows(t, router, good), uncounted); diff != "" {
			t.Errorf("%s: the router has changed (-before +after):\n%s", what, diff)
		}
	}
}

func testNoSharing(t *testing.T, b Bench) {
	router := b.Routers[0]
	build := func() fabric.Intent {
		return fabric.Intent{Ports: []fabric.Port{b.secured(0, fabric.MACsecPrefer, fabric.Key{CKN: ckn1, CAK: cak1}), b.port(1)}}
	}
	in := build()
	b.apply(t, router, in)
	in.Ports[0].MACsec.Keys[0].CKN, in.Ports[1].Enabled = ckn2, false
	in.Ports[0].MACsec.Mode = fabric.MACsecOff
	o := b.follows(t, router, build())
	o.Ports[b.Ports[0]].CKNs[0] = ckn2
	delete(o.Ports, b.Ports[1])
	b.follows(t, router, build())
}

func testApart(t *testing.T, b Bench) {
	one, two := fabric.Intent{Ports: []fabric.Port{b.port(0)}}, fabric.Intent{Ports: []fabric.Port{b.port(1)}}
	b.apply(t, b.Routers[0], one)
	b.follows(t, b.Routers[1], fabric.Intent{})
	b.apply(t, b.Routers[1], two)
	b.Plug(b.Routers[1], b.Ports[0], true)
	if o := b.follows(t, b.Routers[0], one); o.Ports[b.Ports[0]].Carrier {
		t.Error("a cable of the other router gives carrier")
	}
	b.apply(t, b.Routers[0], fabric.Intent{})
	b.follows(t, b.Routers[1], two)
}

func testUnreachable(t *testing.T, b Bench) {
	if b.Cut == nil {
		t.Skip("this driver's routers cannot be cut off")
	}
	router, in := b.Routers[0], fabric.Intent{Ports: []fabric.Port{b.port(0)}}
	b.apply(t, router, in)
	b.Cut(router, true)
	if _, err := b.Driver.Observe(t.Context(), router); !errors.Is(err, fabric.ErrUnreachable) {
		t.Errorf("Observe: %v, want ErrUnreachable", err)
	}
	if err := b.Driver.Apply(t.Context(), router, fabric.Intent{}); !errors.Is(err, fabric.ErrUnreachable) {
		t.Errorf("Apply: %v, want ErrUnreachable", err)
	}
	b.apply(t, b.Routers[1], in)
	b.follows(t, b.Routers[1], in)
	b.Cut(router, false)
	b.follows(t, router, in)
}

func testHidden(t *testing.T, b Bench) {
	router := b.Routers[0]
	in := fabric.Intent{Ports: []fabric.Port{b.secured(0, fabric.MACsecRequire, fabric.Key{CKN: ckn1, CAK: cak1})}}
	b.Plug(router, b.Ports[0], true)
	b.apply(t, router, in)
	o := b.follows(t, router, in)
	for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%x"} {
		// In hexadecimal the key's letters read 6161...
		if out := fmt.Sprintf(verb, o) + fmt.Sprintf(verb, in); strings.Contains(out, cak1) || strings.Contains(out, strings.Repeat("61", 32)) {
			t.Errorf("%s shows a key", verb)
		}
	}
}

func testConcurrent(t *testing.T, b Bench) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			router := b.Routers[i%2]
			for n := range 5 {
				if err := b.Driver.Apply(t.Context(), router, fabric.Intent{Ports: []fabric.Port{b.port((i + n) % 3)}}); err != nil {
					t.Error(err)
				}
				if o, err := b.Driver.Observe(t.Context(), router); err != nil || len(enabled(o)) != 1 {
					t.Errorf("Observe while others apply: %v enabled, error %v", enabled(o), err)
				}
			}
		})
	}
	wg.Wait()
	for _, router := range b.Routers {
		in := fabric.Intent{Ports: []fabric.Port{b.port(0)}}
		b.apply(t, router, in)
		b.follows(t, router, in)
	}
}

func enabled(o fabric.Observed) (names []string) {
	for name, s := range o.Ports {
		if s.Enabled {
			names = append(names, name)
		}
	}
	return names
}
