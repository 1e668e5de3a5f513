package sim

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric"
	"onramp/internal/fabric/fabrictest"
)

// table is a World kept in a map: by router, by port, by interface.
type table struct {
	mu        sync.Mutex
	cables    map[string]map[string]Cable
	customers map[string]Customers
	err       error
}

func (w *table) Customers(_ context.Context, router string) (Customers, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.customers[router]
	return Customers{Absent: c.Absent, Scripts: maps.Clone(c.Scripts)}, w.err
}

// script says what a customer's router does.
func (w *table) script(router, name string, s Script) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.customers == nil {
		w.customers = map[string]Customers{}
	}
	c := w.customers[router]
	if c.Scripts == nil {
		c.Scripts = map[string]Script{}
	}
	c.Scripts[name] = s
	w.customers[router] = c
}

func (w *table) Cables(_ context.Context, router string) (map[string]Cable, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.cables[router]), w.err
}

func (w *table) set(router, port string, c Cable) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cables == nil {
		w.cables = map[string]map[string]Cable{}
	}
	if w.cables[router] == nil {
		w.cables[router] = map[string]Cable{}
	}
	w.cables[router][port] = c
}

func TestContract(t *testing.T) {
	t.Parallel()
	fabrictest.Run(t, func(t *testing.T) fabrictest.Bench {
		world := &table{}
		f := New(world)
		t.Cleanup(func() {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
		return fabrictest.Bench{
			Driver: f, Routers: [2]string{"r1", "r2"}, Ports: [3]string{"et-0", "et-1", "et-2"}, SpeedMbps: 10_000,
			Plug: func(router, port string, plugged bool) { world.set(router, port, Cable{Plugged: plugged}) },
			Cut:  f.Unreachable,
			Customer: func(router, iface string, c fabrictest.Customer) {
				s := Script{Silent: c.Silent, WrongKey: c.WrongKey}
				if c.Announce != nil {
					s.Announce = []Announced{}
				}
				for _, p := range c.Announce {
					s.Announce = append(s.Announce, Announced{Prefix: p})
				}
				world.script(router, iface, s)
			},
		}
	})
}

func TestCable(t *testing.T) {
	t.Parallel()
	world := &table{}
	f := New(world)
	if err := f.Apply(t.Context(), "r", fabric.Intent{Ports: []fabric.Port{{Name: "p", Enabled: true, SpeedMbps: 1000}}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		cable   Cable
		carrier bool
	}{
		{Cable{}, false}, {Cable{Plugged: true}, true}, {Cable{Plugged: true, Broken: true}, false},
		{Cable{Plugged: true, Dark: true}, false}, {Cable{Broken: true}, false},
	} {
		world.set("r", "p", c.cable)
		o, err := f.Observe(t.Context(), "r")
		if err != nil {
			t.Fatal(err)
		}
		p := o.Ports["p"]
		if p.Carrier != c.carrier || (p.RxPowerDBm[0] > darkDBm) != c.carrier || p.TxPowerDBm[0] == darkDBm {
			t.Errorf("%+v: carrier %t, rx %v dBm, tx %v dBm", c.cable, p.Carrier, p.RxPowerDBm, p.TxPowerDBm)
		}
	}
}

func TestLight(t *testing.T) {
	t.Parallel()
	different := map[float64]bool{}
	for speed, want := range map[int64]int{1000: 1, 10_000: 1, 100_000: 4, 400_000: 8} {
		for i := range 20 {
			p := fabric.Port{Name: "et-" + strconv.Itoa(i), SpeedMbps: speed}
			got := powers("r", p, "rx", true)
			if len(got) != want {
				t.Fatalf("%d Mbps: %d lanes, want %d", speed, len(got), want)
			}
			for _, dBm := range got {
				different[dBm] = true
				if dBm < typicalDBm-spreadDBm || dBm > typicalDBm+spreadDBm {
					t.Errorf("%d Mbps: %v dBm is not healthy", speed, dBm)
				}
			}
			if diff := cmp.Diff(got, powers("r", p, "rx", true)); diff != "" {
				t.Errorf("the same lanes read otherwise:\n%s", diff)
			}
		}
	}
	if len(different) < 10 {
		t.Errorf("only %d different readings on 280 lanes", len(different))
	}
}

func TestWorldFails(t *testing.T) {
	t.Parallel()
	world := &table{err: errors.New("flood")}
	f := New(world)
	if err := f.Apply(t.Context(), "r", fabric.Intent{Ports: []fabric.Port{{Name: "p", Enabled: true, SpeedMbps: 1000}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Observe(t.Context(), "r"); !errors.Is(err, world.err) {
		t.Errorf("Observe: %v", err)
	}
}

// TestSize holds the fabric to keeping nothing for a router without configuration.
func TestSize(t *testing.T) {
	t.Parallel()
	f := New(&table{})
	for i := range 100 {
		router := strconv.Itoa(i)
		if err := f.Apply(t.Context(), router, fabric.Intent{Ports: []fabric.Port{{Name: "p", Enabled: true, SpeedMbps: 1000}}}); err != nil {
			t.Fatal(err)
		}
		if err := f.Apply(t.Context(), router, fabric.Intent{}); err != nil {
			t.Fatal(err)
		}
		f.Unreachable(router, true)
		f.Unreachable(router, false)
	}
	if len(f.intents) != 0 || len(f.unreachable) != 0 {
		t.Errorf("%d intents and %d routers are kept", len(f.intents), len(f.unreachable))
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Apply(t.Context(), "r", fabric.Intent{}); err == nil {
		t.Error("a closed fabric takes intents")
	}
}
