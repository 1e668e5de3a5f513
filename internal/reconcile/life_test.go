package reconcile

import (
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// TestLife follows one connection through every state at each pace that moves by itself.
func TestLife(t *testing.T) {
	t.Parallel()
	for _, pace := range []directconnect.Pace{directconnect.Instant, directconnect.Brisk, directconnect.Realistic} {
		t.Run(pace.Name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, pace)
			id := b.order(directconnect.Dedicated, router, false)
			b.is(id, directconnect.ConnectionRequested)
			early := func(wait time.Duration, before, after directconnect.ConnectionState) {
				t.Helper()
				if wait > 0 {
					b.wait(wait - time.Microsecond)
					b.is(id, before)
					b.wait(time.Microsecond)
				} else {
					b.settle()
				}
				b.is(id, after)
			}
			approved := directconnect.ConnectionPending
			if pace.Plug == 0 {
				approved = directconnect.ConnectionAvailable
			}
			early(pace.Approve, directconnect.ConnectionRequested, approved)
			early(pace.Plug, directconnect.ConnectionPending, directconnect.ConnectionAvailable)
			c := b.get(id)
			if c.LOACode != "CODE" || c.FirstLight.IsZero() || !c.Due.IsZero() {
				t.Errorf("an available connection: %+v", c)
			}
			b.do(id, directconnect.Connection.CutCable)
			b.settle()
			b.is(id, directconnect.ConnectionDown)
			b.do(id, directconnect.Connection.RestoreCable)
			b.settle()
			b.is(id, directconnect.ConnectionAvailable)
			b.do(id, remove)
			early(pace.Release, directconnect.ConnectionDeleting, directconnect.ConnectionDeleted)
			if c := b.get(id); c.PortID != "" || c.Router != router || b.holder(directconnect.PortID(router, "et-0")) != "" {
				t.Errorf("a deleted connection keeps its port: %+v", c)
			}
			if ports := onRouter(t, b.sim, router); len(ports) != 0 {
				t.Errorf("the router keeps %v", ports)
			}
		})
	}
}

// TestOnePassAStep holds a pass to one step: no state needs two to be left.
func TestOnePassAStep(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	id := b.order(directconnect.Dedicated, router, false)
	for _, want := range []directconnect.ConnectionState{directconnect.ConnectionPending, directconnect.ConnectionPending, directconnect.ConnectionAvailable} {
		b.passOnce()
		b.is(id, want) // the second pass plugs the cable in
	}
	if rep := b.passOnce(); rep != (Report{}) {
		t.Errorf("an idle pass did %+v", rep)
	}
	b.do(id, remove)
	if rep := b.passOnce(); rep != (Report{Due: 1, Moved: 1, Applied: 1, Released: 1}) {
		t.Errorf("the last pass did %+v", rep)
	}
	b.is(id, directconnect.ConnectionDeleted)
}

func TestManual(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Manual)
	id := b.order(directconnect.Dedicated, router, false)
	b.wait(1000 * time.Hour)
	b.is(id, directconnect.ConnectionRequested)
	b.do(id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		return c.IssueLOA("X", now)
	})
	b.wait(1000 * time.Hour)
	b.is(id, directconnect.ConnectionPending)
	b.do(id, directconnect.Connection.Plug)
	b.settle()
	b.is(id, directconnect.ConnectionAvailable)
	other := b.order(directconnect.Dedicated, router, false)
	b.do(other, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		return c.Refuse("no such customer", now)
	})
	b.settle()
	b.is(other, directconnect.ConnectionDeleted)
}

// TestLapse lets the LOA's authority run out: 90 days after it was last fetched, and the order 10 days later.
func TestLapse(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	b := newBed(t, directconnect.Manual)
	id := b.order(directconnect.Dedicated, router, false)
	b.do(id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		return c.IssueLOA("X", now)
	})
	b.wait(50 * day)
	b.do(id, directconnect.Connection.ReadLOA)
	b.wait(99 * day)
	b.is(id, directconnect.ConnectionPending)
	b.wait(day)
	if c := b.is(id, directconnect.ConnectionDeleted); c.Reason == "" || b.holder(directconnect.PortID(router, "et-0")) != "" {
		t.Errorf("lapsed without a reason, or with its port: %+v", c)
	}
}

// TestRestart loses the fabric's memory: what was available stays so, and the router gets everything back at the first need.
func TestRestart(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	first, second := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router, false)
	b.settle()
	b.Reconciler, b.sim = b.server(nil)
	b.do(second, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		c.Due = now
		return c, nil
	})
	b.settle()
	b.is(first, directconnect.ConnectionAvailable)
	b.is(second, directconnect.ConnectionAvailable)
	if ports := onRouter(t, b.sim, router); len(ports) != 2 || !ports["et-0"].Carrier || !ports["et-1"].Carrier {
		t.Errorf("the router has %+v", ports)
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	here, there := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router2, false)
	b.settle()
	b.sim.Unreachable(router, true)
	b.do(here, directconnect.Connection.CutCable)
	b.do(there, directconnect.Connection.CutCable)
	b.settle()
	b.is(here, directconnect.ConnectionUnknown)
	b.is(there, directconnect.ConnectionDown)
	b.do(here, remove)
	b.wait(time.Hour)
	if c := b.is(here, directconnect.ConnectionDeleting); !c.Due.Equal(b.now().Add(2 * firstRetry)) {
		t.Errorf("the second retry is due in %v", c.Due.Sub(b.now()))
	}
	b.sim.Unreachable(router, false)
	b.wait(lastRetry)
	b.is(here, directconnect.ConnectionDeleted)
}

func TestPurge(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	id, kept := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router, false)
	b.settle()
	b.do(id, remove)
	b.settle()
	b.clock.turn(24 * time.Hour)
	if rep := b.passOnce(); rep.Purged != 0 {
		t.Errorf("purged after exactly a day: %+v", rep)
	}
	b.clock.turn(time.Second)
	if rep := b.passOnce(); rep.Purged != 0 {
		t.Errorf("looked for ended rows twice within a second: %+v", rep)
	}
	b.clock.turn(purgeEvery)
	if rep := b.passOnce(); rep.Purged != 1 {
		t.Errorf("purged %+v", rep)
	}
	b.is(kept, directconnect.ConnectionAvailable)
	err := b.store.View(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Connection(id)
		return err
	})
	if err != store.ErrNotFound {
		t.Errorf("the ended connection: %v", err)
	}
}

// TestRealRouters has a fabric that is not simulated: nobody plugs cables by pace, and links that say nothing are looked at.
func TestRealRouters(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.Reconciler = New(Config{
		Store: b.store, Driver: b.sim, Now: b.clock.now, Open: unseal,
		Pace:    func() directconnect.Pace { return b.pace },
		NewCode: func() string { return "CODE" },
	})
	id := b.order(directconnect.Dedicated, router, false)
	b.settle()
	if c := b.is(id, directconnect.ConnectionPending); !c.CrossConnected.IsZero() {
		t.Fatal("a real cable was plugged in by the reconciler")
	}
	b.do(id, directconnect.Connection.Plug)
	b.settle()
	b.is(id, directconnect.ConnectionAvailable)
	silently := func(cut bool) {
		b.do(id, func(c directconnect.Connection, _ time.Time) (directconnect.Connection, error) {
			c.Cut = cut
			return c, nil
		})
	}
	silently(true)
	b.wait(10*time.Second - time.Microsecond)
	b.is(id, directconnect.ConnectionAvailable)
	b.wait(time.Microsecond)
	b.is(id, directconnect.ConnectionDown)
	silently(false)
	b.wait(10 * time.Second)
	b.is(id, directconnect.ConnectionAvailable)
}
