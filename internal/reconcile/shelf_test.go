package reconcile

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
	"onramp/internal/store"
)

// keeper has seen all that there was to see, and keeps it: what it loads must be what one loads that has seen nothing.
type keeper struct {
	*bed
	r     *Reconciler
	world sim.World
}

func newKeeper(b *bed) *keeper {
	r, _ := b.server(nil)
	return &keeper{bed: b, r: r, world: StoreWorld(b.store)}
}

// look compares on both routers. fail is told what differs.
func (k *keeper) look(fail func(format string, args ...any)) {
	fresh, _ := k.server(nil)
	for _, name := range []string{router, router2} {
		want, err := fresh.load(k.t.Context(), name)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, r := range []*Reconciler{k.r, k.Reconciler} {
			got, err := r.load(k.t.Context(), name)
			if err != nil {
				k.t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				fail("router %s is loaded as\n%+v\nwant\n%+v", name, got, want)
			}
		}
		cables, err := k.world.Cables(k.t.Context(), name)
		if err != nil {
			k.t.Fatal(err)
		}
		there, err := StoreWorld(k.store).Cables(k.t.Context(), name)
		if err != nil {
			k.t.Fatal(err)
		}
		if len(cables)+len(there) > 0 && !reflect.DeepEqual(cables, there) {
			fail("the cables of router %s are seen as %v, want %v", name, cables, there)
		}
	}
}

// TestShelf keeps no more rows than it may, whatever routers there are.
func TestShelf(t *testing.T) {
	t.Parallel()
	var s shelf
	rows := func(n int) *store.RouterRows {
		return &store.RouterRows{Connections: make([]directconnect.Connection, n)}
	}
	count := func() (n int) {
		for _, kept := range s.routers {
			n += kept.Len()
		}
		return n
	}
	for i := range 100 {
		name := fmt.Sprint(i)
		s.put(name, rows(keptRows/10))
		if s.of(name) == nil {
			t.Fatalf("what was put last of %s is not kept", name)
		}
		if n := count(); n > keptRows || n != s.rows {
			t.Fatalf("%d rows are kept and %d counted, at most %d may be", n, s.rows, keptRows)
		}
	}
	if len(s.routers) != 10 {
		t.Errorf("%d routers are kept, want 10", len(s.routers))
	}
	last := rows(7)
	if s.put("99", last); s.of("99") != last || count() != s.rows {
		t.Errorf("what is newer is not kept instead")
	}
	if s.put("99", rows(keptRows+1)); s.of("99") != nil || count() != s.rows {
		t.Errorf("more is kept of one router than may be of all")
	}
}

// TestPacer: who comes now and then is never held up, who keeps coming is, by no more than what is late permits.
func TestPacer(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	run := func(took, between, lateness time.Duration, passes int) (held time.Duration, first int) {
		var p pacer
		now := begun
		for i := range passes {
			end := now.Add(took)
			hold := p.passed(now, end, lateness)
			if held += hold; hold > 0 && first == 0 {
				first = i + 1
			}
			if hold > mostHold {
				t.Errorf("held for %v, at most %v", hold, mostHold)
			}
			now = end.Add(max(hold, between))
		}
		return held, first
	}
	if held, _ := run(10*time.Millisecond, time.Minute, 0, 1000); held != 0 {
		t.Errorf("held for %v though rested", held)
	}
	if held, _ := run(10*time.Millisecond, 40*time.Millisecond, 0, 1000); held != 0 {
		t.Errorf("held for %v with a fifth of the time in passes", held)
	}
	if _, first := run(10*time.Millisecond, 0, 0, 1000); first < 25 {
		t.Errorf("held after %d short passes", first)
	}
	const passes = 1000
	held, _ := run(50*time.Millisecond, 0, 0, passes)
	if busy := passes * 50 * time.Millisecond; held < 2*busy || held > 4*busy {
		t.Errorf("held for %v beside %v of passes, want about three times as long", held, busy)
	}
	if held, _ := run(50*time.Millisecond, 0, 50*time.Millisecond+mostHold, passes); held != 0 {
		t.Errorf("held for %v what is late already", held)
	}
}

// TestVisitServesAll: a visit deals with what has become due on its router since the claim, and leaves alone what somebody
// has claimed.
func TestVisitServesAll(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Brisk)
	circuit := b.order(directconnect.Dedicated, router, false)
	b.wait(time.Minute)
	b.openGateway()
	ids := []string{b.attach(circuit, nil), b.attach(circuit, nil), b.attach(circuit, nil)}
	b.settle()
	due := func(id string, at time.Time) {
		b.doVIF(id, func(v directconnect.VirtualInterface, _ time.Time) (directconnect.VirtualInterface, error) {
			v.Due = at
			return v, nil
		})
	}
	lease := b.now().Add(time.Hour)
	due(ids[0], b.now())
	due(ids[2], lease)
	c, err := b.claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	due(ids[1], b.now())
	visits, _ := c.sort()
	if _, err := b.visit(t.Context(), visits[router]); err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		at := b.vif(id).Due
		if served := at.IsZero() || at.After(b.now()) && at.Before(lease); served != (i < 2) {
			t.Errorf("interface %d is due at %v, it is %v", i, at, b.now())
		}
	}
}
