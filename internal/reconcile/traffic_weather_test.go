package reconcile

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// TestTrafficWeather lets anything happen to interfaces on two routers, one of them with SiteLink, in any order: broken
// cables and customers, tests, changes of the association, crashes, restarts and silent routers. After a quiet while every
// interface is what its cable says, and its routes are what the policy says.
func TestTrafficWeather(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := newBed(t, directconnect.Brisk)
		defer func() { _ = b.store.Close() }()
		w := &trafficWeather{bed: b, rt: rt, circuits: []string{b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router2, false)}}
		b.wait(time.Minute)
		b.openGateway()
		b.associate("a", "vgw-12345678", []string{"10.0.0.0/16", "10.1.0.0/16"}, "10.0.0.0/16")
		linked := func(o *directconnect.InterfaceOrder) { o.SiteLink = true }
		other := func(o *directconnect.InterfaceOrder) { o.SiteLink, o.Peer.ASN = true, 65002 } // another site
		w.ids = []string{b.attach(w.circuits[0], linked), b.attach(w.circuits[1], other), b.attach(w.circuits[0], public), b.attach(w.circuits[1], nil)}
		k := newKeeper(b)
		rt.Repeat(map[string]func(*rapid.T){
			"cut":     w.onCircuit(directconnect.Connection.CutCable),
			"restore": w.onCircuit(directconnect.Connection.RestoreCable),
			"silent":  w.scripted(directconnect.CustomerScript{Silent: true}),
			"loud":    w.scripted(*many(101)),
			"other":   w.scripted(*announce("192.168.9.0/24", "203.0.113.0/25")),
			"right":   w.scripted(directconnect.CustomerScript{}),
			"test":    func(*rapid.T) { w.test() },
			"delete":  w.onInterface(removeVIF),
			"sitelink": w.onInterface(func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
				on := !v.SiteLink
				return v.Update(directconnect.InterfaceChange{SiteLink: &on}, directconnect.InterfaceParent{}, nil, now)
			}),
			"retry": w.onInterface(func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
				return v.Reenable("", now)
			}),
			"allow": func(*rapid.T) {
				b.reassociate("a", func(a directconnect.Association) (directconnect.Association, error) {
					return a.Update([]string{"10.1.0.0/16"}, nil, nil, b.now())
				})
			},
			"forbid": func(*rapid.T) {
				b.reassociate("a", func(a directconnect.Association) (directconnect.Association, error) {
					return a.Update(nil, []string{"10.1.0.0/16"}, nil, b.now())
				})
			},
			"unreachable": func(*rapid.T) { b.sim.Unreachable(w.router(), true) },
			"reachable":   func(*rapid.T) { b.sim.Unreachable(w.router(), false) },
			"restart":     func(*rapid.T) { b.Reconciler, b.sim = b.server(nil) },
			"crash":       func(*rapid.T) { w.crash() },
			"time":        func(rt *rapid.T) { b.clock.turn(time.Duration(rapid.IntRange(1, 300).Draw(rt, "s")) * time.Second) },
			"pass":        func(*rapid.T) { b.passOnce() },
			"settle":      func(*rapid.T) { b.settle() },
			"":            func(rt *rapid.T) { k.look(rt.Errorf) },
		})
		w.calm()
		w.check()
	})
}

type trafficWeather struct {
	*bed
	rt       *rapid.T
	circuits []string
	ids      []string
	tests    int
}

func (w *trafficWeather) router() string {
	return rapid.SampledFrom([]string{router, router2}).Draw(w.rt, "router")
}

func (w *trafficWeather) some() string { return rapid.SampledFrom(w.ids).Draw(w.rt, "interface") }

func (w *trafficWeather) onCircuit(f func(directconnect.Connection, time.Time) (directconnect.Connection, error)) func(*rapid.T) {
	return func(rt *rapid.T) {
		w.do(rapid.SampledFrom(w.circuits).Draw(rt, "circuit"), func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
			if next, err := f(c, now); err == nil {
				c = next
			}
			return c, nil
		})
	}
}

// onInterface makes a caller's move that rules may refuse; with it the gateway's interfaces are woken, as after a change of
// SiteLink.
func (w *trafficWeather) onInterface(f func(directconnect.VirtualInterface, time.Time) (directconnect.VirtualInterface, error)) func(*rapid.T) {
	return func(*rapid.T) {
		id := w.some()
		if !w.present(id) {
			return
		}
		w.doVIF(id, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
			if next, err := f(v, now); err == nil {
				v = next
			}
			return v, nil
		})
		w.update(func(tx *store.Tx) error {
			_, err := tx.WakeInterfaces(store.InterfaceQuery{GatewayID: gatewayID}, w.now())
			return err
		})
	}
}

// present reports whether an interface is live: an ended one is purged some time later.
func (w *trafficWeather) present(id string) bool {
	live := false
	w.update(func(tx *store.Tx) error {
		v, err := tx.Interface(id)
		live = err == nil && v.Live()
		return nil
	})
	return live
}

func (w *trafficWeather) scripted(s directconnect.CustomerScript) func(*rapid.T) {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return func(*rapid.T) {
		id := w.some()
		w.update(func(tx *store.Tx) error { return tx.PutSetting(directconnect.CustomerSetting(id), string(text)) })
		if w.present(id) {
			w.touch(id)
		}
	}
}

func (w *trafficWeather) touch(id string) {
	w.doVIF(id, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
		if v.Live() {
			v.Due = now
		}
		return v, nil
	})
}

func (w *trafficWeather) test() {
	id := w.some()
	w.tests++
	minutes := int32(5)
	w.update(func(tx *store.Tx) error {
		v, err := tx.Interface(id)
		if err != nil {
			return nil
		}
		v, test, err := v.StartTest(id+"/"+w.now().String(), nil, &minutes, w.now())
		if err != nil || !v.Live() {
			return nil
		}
		if err := tx.PutFailoverTest(&test); err != nil {
			return err
		}
		return tx.PutInterface(&v)
	})
}

func (w *trafficWeather) crash() {
	if _, err := w.claim(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.reach(w.t.Context(), router); err != nil {
		w.t.Fatal(err)
	}
	w.Reconciler, w.sim = w.server(nil)
}

// calm puts everything right that is not a cable, and lets what goes on come to its end.
func (w *trafficWeather) calm() {
	w.sim.Unreachable(router, false)
	w.sim.Unreachable(router2, false)
	for _, id := range w.ids {
		w.update(func(tx *store.Tx) error { return tx.PutSetting(directconnect.CustomerSetting(id), "") })
		if w.present(id) {
			w.touch(id)
		}
	}
	for range 4 { // leases, rests, steps of the pace and tests
		w.wait(2 * lastRetry)
	}
	w.wait(directconnect.PrefixHold)
}

func (w *trafficWeather) check() {
	allowed := []string{"10.0.0.0/16"}
	w.reassociate("a", func(a directconnect.Association) (directconnect.Association, error) {
		if a.State != directconnect.Associated {
			w.rt.Errorf("the association is %s", a.State)
		}
		if slices.Contains(a.Allowed, "10.1.0.0/16") {
			allowed = append(allowed, "10.1.0.0/16")
		}
		return a, nil
	})
	for _, id := range w.ids {
		if !w.present(id) {
			continue
		}
		v := w.vif(id)
		cut := w.get(v.ParentID).Cut
		want := directconnect.InterfaceAvailable
		if cut {
			want = directconnect.InterfaceDown
		}
		if v.State != want || v.TestID != "" || !v.Due.IsZero() || !v.Peers[0].Held.IsZero() {
			w.rt.Errorf("%s is %s (%s), its cable says %s: %+v", id, v.State, v.Reason, want, v)
		}
		in, out := w.routes(id, accepted), w.routes(id, advertised)
		switch {
		case cut && len(in)+len(out) > 0:
			w.rt.Errorf("%s has no light and carries %v and %v", id, in, out)
		case !cut && v.Type == directconnect.Public:
			if len(in) != 2 || len(out) != len(directconnect.DefaultPublicRanges)/2 {
				w.rt.Errorf("%s takes %v and tells %v", id, in, out)
			}
		case !cut:
			told := slices.Sorted(slices.Values(append(slices.Clone(allowed), w.linked(v)...)))
			if slices.Sort(out); len(in) != 1 || !slices.Equal(out, told) {
				w.rt.Errorf("%s takes %v and tells %v, want %v", id, in, out, told)
			}
		}
	}
	for _, name := range []string{router, router2} {
		w.update(func(tx *store.Tx) error { // the last restart may have left nothing due here
			_, err := tx.WakeConnections(name, w.now())
			return err
		})
		w.settle()
		if s, err := w.load(w.t.Context(), name); err != nil {
			w.t.Fatal(err)
		} else if o, err := w.sim.Observe(w.t.Context(), name); err != nil || len(o.Drift(s.plan(name))) > 0 {
			w.rt.Errorf("router %s differs from its plan at %v, error %v", name, o.Drift(s.plan(name)), err)
		}
	}
}

// linked is what a SiteLink interface must tell of the others: what it does not hear itself, by as short a path.
func (w *trafficWeather) linked(v directconnect.VirtualInterface) (told []string) {
	if !v.SiteLink {
		return nil
	}
	for _, id := range w.ids {
		if id != v.ID && w.present(id) && w.vif(id).SiteLink {
			told = append(told, w.routes(id, accepted)...)
		}
	}
	own := w.routes(v.ID, accepted)
	told = slices.DeleteFunc(told, func(p string) bool { return slices.Contains(own, p) })
	return slices.Compact(slices.Sorted(slices.Values(told)))
}
