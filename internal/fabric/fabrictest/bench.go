package fabrictest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric"
)

func (b Bench) port(i int) fabric.Port {
	return fabric.Port{Name: b.Ports[i], Enabled: true, SpeedMbps: b.SpeedMbps, Description: fmt.Sprint("port ", i)}
}

func (b Bench) secured(i int, mode string, keys ...fabric.Key) fabric.Port {
	p := b.port(i)
	p.MACsec = &fabric.MACsec{Mode: mode, Keys: keys}
	return p
}

func (b Bench) apply(t *testing.T, router string, in fabric.Intent) {
	t.Helper()
	if b.Fit != nil {
		b.Fit(router, in)
	}
	if err := b.Driver.Apply(t.Context(), router, in); err != nil {
		t.Fatalf("Apply(%s): %v", router, err)
	}
}

// often is how often a router is looked at while it settles.
const often = 50 * time.Millisecond

// expect observes the router until it looks as in says and check finds nothing missing, and fails when that takes longer
// than Settle. It answers what was seen last.
func (b Bench) expect(t *testing.T, router string, in fabric.Intent, check func(fabric.Observed) string) fabric.Observed {
	t.Helper()
	deadline := time.Now().Add(b.Settle)
	for tick := time.NewTicker(often); ; <-tick.C {
		o, err := b.Driver.Observe(t.Context(), router)
		if err != nil {
			tick.Stop()
			t.Fatalf("Observe(%s): %v", router, err)
		}
		missing := check(o)
		if drift := o.Drift(in); len(drift) > 0 {
			missing = fmt.Sprintf("router %s differs from its intent at %v: %+v", router, drift, o)
		}
		if missing == "" {
			tick.Stop()
			return o
		}
		if b.Settle == 0 || time.Now().After(deadline) {
			tick.Stop()
			t.Fatal(missing)
		}
	}
}

// follows observes the router and fails unless it looks as in says.
func (b Bench) follows(t *testing.T, router string, in fabric.Intent) fabric.Observed {
	t.Helper()
	return b.expect(t, router, in, func(fabric.Observed) string { return "" })
}

// portIs expects something of a port's status.
func (b Bench) portIs(t *testing.T, router string, in fabric.Intent, name, what string, is func(fabric.PortStatus) bool) fabric.Observed {
	t.Helper()
	return b.expect(t, router, in, func(o fabric.Observed) string {
		if !is(o.Ports[name]) {
			return fmt.Sprintf("port %s is not %s: %+v", name, what, o.Ports[name])
		}
		return ""
	})
}

func (b Bench) carrier(t *testing.T, router string, in fabric.Intent, name string, up bool) {
	t.Helper()
	what := map[bool]string{true: "with carrier", false: "without carrier"}[up]
	b.portIs(t, router, in, name, what, func(s fabric.PortStatus) bool { return s.Carrier == up })
}

func (b Bench) encrypted(t *testing.T, router string, in fabric.Intent, name string, encrypted bool) {
	t.Helper()
	what := map[bool]string{true: "encrypted", false: "in the clear"}[encrypted]
	b.portIs(t, router, in, name, what, func(s fabric.PortStatus) bool { return s.Encrypted == encrypted })
}

// uncounted leaves out what counters say: traffic goes on.
var uncounted = cmp.Options{
	cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Counters" }, cmp.Ignore()),
}
