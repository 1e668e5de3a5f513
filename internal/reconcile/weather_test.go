package reconcile

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// TestWeather lets cables, routers, callers and servers do as they like, and then holds still: every connection must be
// what its cable says, every port held by what lives, and every router as planned.
func TestWeather(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := newBed(t, directconnect.Brisk)
		defer func() { _ = b.store.Close() }()
		w := &weather{bed: b, rt: rt}
		w.ids = b.bundle(2, true, true)
		w.ids = append(w.ids, b.order(directconnect.Interconnect, router2, false), b.order(directconnect.Dedicated, router, true))
		w.hosted = []string{b.host(lagID, 1), b.host(w.ids[2], 2)}
		w.secret = b.secret(1)
		k := newKeeper(b)
		rt.Repeat(map[string]func(*rapid.T){
			"cut":     w.move(directconnect.Connection.CutCable),
			"restore": w.move(directconnect.Connection.RestoreCable),
			"plug":    w.move(directconnect.Connection.Plug),
			"delete": func(rt *rapid.T) {
				w.move(remove)(rt)
				// As every caller's deletion does: the LAG may have become another by what it lost.
				b.doLAG(lagID, func(g directconnect.LAG, now time.Time) (directconnect.LAG, error) {
					g.Due = now
					return g, nil
				})
			},
			"rename": w.move(func(c directconnect.Connection, _ time.Time) (directconnect.Connection, error) {
				return c.Rename("other")
			}),
			"encrypt": w.move(func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
				return c.Encrypt(directconnect.MustEncrypt, now)
			}),
			"key":         w.move(associate(w.secret)),
			"no key":      w.move(disassociate(w.secret)),
			"order":       func(*rapid.T) { w.order() },
			"min links":   func(rt *rapid.T) { b.minimum(rapid.IntRange(0, 2).Draw(rt, "links")) },
			"unreachable": func(rt *rapid.T) { b.sim.Unreachable(w.router(), true) },
			"reachable":   func(rt *rapid.T) { b.sim.Unreachable(w.router(), false) },
			"restart":     func(*rapid.T) { b.Reconciler, b.sim = b.server(nil) },
			"crash":       func(*rapid.T) { w.crash() },
			"time": func(rt *rapid.T) {
				b.clock.turn(time.Duration(rapid.IntRange(1, 5000).Draw(rt, "ms")) * time.Millisecond)
			},
			"pass":   func(*rapid.T) { b.passOnce() },
			"settle": func(*rapid.T) { b.settle() },
			"":       func(rt *rapid.T) { k.look(rt.Errorf) },
		})
		b.sim.Unreachable(router, false)
		b.sim.Unreachable(router2, false)
		for range 20 { // leases, rests and steps of the pace follow one another
			b.wait(lastRetry)
		}
		w.check()
	})
}

type weather struct {
	*bed
	rt     *rapid.T
	ids    []string // with ports
	hosted []string
	secret directconnect.Secret
}

func (w *weather) router() string {
	return rapid.SampledFrom([]string{router, router2}).Draw(w.rt, "router")
}

// move makes a caller's move on some connection; rules may refuse it.
func (w *weather) move(f func(directconnect.Connection, time.Time) (directconnect.Connection, error)) func(*rapid.T) {
	return func(rt *rapid.T) {
		id := rapid.SampledFrom(w.ids).Draw(rt, "connection")
		w.do(id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
			next, err := f(c, now)
			if err != nil {
				return c, nil
			}
			return next, nil
		})
	}
}

func (w *weather) order() {
	if len(w.ids) < 10 {
		w.ids = append(w.ids, w.bed.order(directconnect.Dedicated, w.router(), true))
	}
}

// crash claims what is due, does part of the work and is never heard of again.
func (w *weather) crash() {
	if _, err := w.claim(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.reach(w.t.Context(), router); err != nil {
		w.t.Fatal(err)
	}
	w.Reconciler, w.sim = w.server(nil)
}

func (w *weather) check() {
	for _, id := range w.ids {
		c := w.get(id)
		if want := w.expected(c); c.State != want {
			w.rt.Errorf("%s is %s (%s), its cable says %s: %+v", id, c.State, c.Reason, want, c)
		}
		if holds := c.PortID != ""; holds != c.Live() || holds && w.holder(c.PortID) != id {
			w.rt.Errorf("%s is %s and its port is %q", id, c.State, c.PortID)
		}
		for _, k := range c.MACsecKeys {
			if c.Live() && k.State != directconnect.KeyAssociated {
				w.rt.Errorf("%s: a key is %s for ever", id, k.State)
			}
		}
	}
	_, lag := w.lagState(lagID)
	parent := w.get(w.ids[2])
	w.follows(w.hosted[0], lag == directconnect.LAGAvailable)
	w.follows(w.hosted[1], parent.State == directconnect.ConnectionAvailable)
	for _, name := range []string{router, router2} {
		s, err := w.load(w.t.Context(), name)
		if err != nil {
			w.t.Fatal(err)
		}
		held := w.held(name)
		for _, c := range s.connections {
			if held[c.PortID] != c.ID || s.ports[c.PortID].Name == "" {
				w.rt.Errorf("%s has port %s, which %q holds", c.ID, c.PortID, held[c.PortID])
			}
		}
		if len(held) != len(s.connections) {
			w.rt.Errorf("router %s: %d ports held by %d connections", name, len(held), len(s.connections))
		}
		w.configured(name, s)
	}
}

// held are the holders of a router's ports, by port ID.
func (w *weather) held(name string) map[string]string {
	holders := map[string]string{}
	err := w.store.View(w.t.Context(), func(tx *store.Tx) error {
		ports, err := tx.Ports(store.PortQuery{Router: name, HeldOnly: true})
		for _, p := range ports {
			holders[p.ID] = p.ConnectionID
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return holders
}

// configured compares the router with its plan, as far as this process has had to do with it.
func (w *weather) configured(name string, s snapshot) {
	w.update(func(tx *store.Tx) error {
		_, err := tx.WakeConnections(name, w.now())
		return err
	})
	before := w.states()
	w.settle()
	if diff := cmp.Diff(before, w.states()); diff != "" {
		w.rt.Errorf("a look without a reason changed something (-before +after):\n%s", diff)
	}
	o, err := w.sim.Observe(w.t.Context(), name)
	if err != nil {
		w.t.Fatal(err)
	}
	if drift := o.Drift(s.plan(name)); len(drift) > 0 && len(s.connections) > 0 {
		w.rt.Errorf("router %s differs from its plan at %v", name, drift)
	}
}

func (w *weather) states() map[string]directconnect.ConnectionState {
	states := map[string]directconnect.ConnectionState{}
	for _, id := range append(w.hosted, w.ids...) {
		states[id] = w.get(id).State
	}
	return states
}

// expected is what a connection must be when nothing has happened for a while.
func (w *weather) expected(c directconnect.Connection) directconnect.ConnectionState {
	encrypted := c.EncryptionMode != directconnect.MustEncrypt || len(c.KeysToInstall()) > 0
	switch {
	case !c.Live():
		return c.State
	case !c.Cut && encrypted:
		return directconnect.ConnectionAvailable
	case c.FirstLight.IsZero():
		return directconnect.ConnectionPending
	}
	return directconnect.ConnectionDown
}

func (w *weather) follows(hosted string, up bool) {
	c := w.get(hosted)
	want := directconnect.ConnectionDown
	switch {
	case up:
		want = directconnect.ConnectionAvailable
	case c.FirstLight.IsZero():
		want = directconnect.ConnectionPending
	}
	if c.State != want {
		w.rt.Errorf("hosted %s is %s, its parent says %s", hosted, c.State, want)
	}
}
