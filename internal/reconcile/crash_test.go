package reconcile

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

// faulty is a driver in front of another, with something done before each call.
type faulty struct {
	fabric.Driver
	onApply   func(ctx context.Context, router string) error
	onObserve func(ctx context.Context, router string) error
	loseReply bool // Apply works and answers an error
}

var errFault = errors.New("fault")

func (f *faulty) Apply(ctx context.Context, router string, in fabric.Intent) error {
	if f.onApply != nil {
		if err := f.onApply(ctx, router); err != nil {
			return err
		}
	}
	if err := f.Driver.Apply(ctx, router, in); err != nil || !f.loseReply {
		return err
	}
	return errFault
}

func (f *faulty) Observe(ctx context.Context, router string) (fabric.Observed, error) {
	if f.onObserve != nil {
		if err := f.onObserve(ctx, router); err != nil {
			return fabric.Observed{}, err
		}
	}
	return f.Driver.Observe(ctx, router)
}

// TestDriverFails has a call of the driver fail once, in every way and place, and everything arrive all the same.
func TestDriverFails(t *testing.T) {
	t.Parallel()
	once := func(fault func() error) func(context.Context, string) error {
		var done atomic.Bool
		return func(context.Context, string) error {
			if done.Swap(true) {
				return nil
			}
			return fault()
		}
	}
	failure, panics := func() error { return errFault }, func() error { panic("fault") }
	for name, set := range map[string]func(*faulty){
		"Apply fails":    func(f *faulty) { f.onApply = once(failure) },
		"Apply panics":   func(f *faulty) { f.onApply = once(panics) },
		"Observe fails":  func(f *faulty) { f.onObserve = once(failure) },
		"Observe panics": func(f *faulty) { f.onObserve = once(panics) },
		"Apply forgotten": func(f *faulty) {
			f.onObserve = once(func() error { return f.Driver.Apply(t.Context(), router, fabric.Intent{}) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, directconnect.Instant)
			f := &faulty{Driver: b.sim}
			set(f)
			b.Reconciler, _ = b.server(f)
			id, other := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router, false)
			b.settle()
			b.wait(firstRetry)
			b.is(id, directconnect.ConnectionAvailable)
			set(f)
			b.do(id, remove)
			b.settle()
			b.wait(firstRetry)
			b.is(id, directconnect.ConnectionDeleted)
			b.is(other, directconnect.ConnectionAvailable)
			if ports := onRouter(t, b.sim, router); len(ports) != 1 {
				t.Errorf("the router has %+v", ports)
			}
		})
	}
}

// TestCrash ends a server after each part of a pass and has another one take over when the lease is over.
func TestCrash(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]func(b *bed){
		"after claiming": func(b *bed) {
			if _, err := b.claim(b.t.Context()); err != nil {
				b.t.Fatal(err)
			}
		},
		"after applying": func(b *bed) {
			if _, err := b.claim(b.t.Context()); err != nil {
				b.t.Fatal(err)
			}
			if _, err := b.reach(b.t.Context(), router); err != nil {
				b.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, directconnect.Instant)
			id := b.order(directconnect.Dedicated, router, false)
			next := func(want directconnect.ConnectionState) {
				t.Helper()
				part(b)
				b.Reconciler, b.sim = b.server(nil)
				if rep := b.passOnce(); rep.Due != 0 {
					t.Fatalf("a leased row was taken: %+v", rep)
				}
				b.clock.turn(lease)
				b.passOnce()
				b.is(id, want)
			}
			next(directconnect.ConnectionPending)
			next(directconnect.ConnectionPending)
			next(directconnect.ConnectionAvailable)
			b.do(id, remove)
			next(directconnect.ConnectionDeleted)
			if h := b.holder(directconnect.PortID(router, "et-0")); h != "" {
				t.Errorf("the port is still held by %s", h)
			}
		})
	}
}

// TestRestingRouter leaves a failing router alone for longer and longer, and the others not at all.
func TestRestingRouter(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	var calls atomic.Int64
	f := &faulty{Driver: b.sim}
	f.onApply = func(_ context.Context, name string) error {
		if name == router {
			calls.Add(1)
			return fabric.ErrUnreachable
		}
		return nil
	}
	b.Reconciler, _ = b.server(f)
	bad, good := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router2, false)
	b.settle()
	b.is(bad, directconnect.ConnectionPending)
	b.is(good, directconnect.ConnectionAvailable)
	for range 600 { // ten minutes of callers who do something with it
		b.do(bad, due)
		b.wait(time.Second)
	}
	if n := calls.Load(); n < 10 || n > 20 {
		t.Errorf("%d calls of a router that does not answer in ten minutes", n)
	}
}

// TestConflict changes a row between its observation and its saving: the newer one stands and is looked at at once.
func TestConflict(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	id := b.order(directconnect.Dedicated, router, false)
	b.settle()
	b.do(id, directconnect.Connection.CutCable)
	f := &faulty{Driver: b.sim}
	renamed := false
	f.onObserve = func(context.Context, string) error {
		if !renamed {
			renamed = true
			b.do(id, func(c directconnect.Connection, _ time.Time) (directconnect.Connection, error) {
				return c.Rename("other")
			})
		}
		return nil
	}
	b.Reconciler, _ = b.server(f)
	b.passOnce()
	if c := b.is(id, directconnect.ConnectionAvailable); c.Name != "other" || !c.Due.Equal(b.now()) {
		t.Errorf("after the conflict: %+v", c)
	}
	b.passOnce()
	b.is(id, directconnect.ConnectionDown)
}

// TestLostReply has an Apply work whose answer is lost, and the plan go back to what it was: the router must be told.
func TestLostReply(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	f := &faulty{Driver: b.sim}
	b.Reconciler, _ = b.server(f)
	b.bundle(1, false, false)
	b.settle()
	f.loseReply = true
	b.minimum(2)
	b.settle()
	f.loseReply = false
	b.minimum(0)
	b.wait(firstRetry)
	o, err := b.sim.Observe(t.Context(), router)
	if err != nil || !o.Bundles[lagID].Up {
		t.Errorf("bundles %+v, error %v", o.Bundles, err)
	}
}

// TestLeaseEnds gives rows back that a pass can do nothing for, without waiting for the lease's end.
func TestLeaseEnds(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	here, moved := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router, false)
	b.settle()
	desk := b.order(directconnect.Dedicated, router, false)
	b.do(here, directconnect.Connection.CutCable)
	f := &faulty{Driver: b.sim}
	b.Reconciler, _ = b.server(f)

	// A row of the desk changes while a router is visited.
	f.onObserve = func(context.Context, string) error {
		b.do(desk, func(c directconnect.Connection, _ time.Time) (directconnect.Connection, error) {
			return c.Rename("other")
		})
		return nil
	}
	b.passOnce()
	b.is(here, directconnect.ConnectionDown)
	if c := b.is(desk, directconnect.ConnectionRequested); !c.Due.Equal(b.now()) {
		t.Errorf("the changed order is due in %v", c.Due.Sub(b.now()))
	}

	// The pass is cancelled when a router has been observed.
	ctx, stop := context.WithCancel(t.Context())
	f.onObserve = func(context.Context, string) error { stop(); return nil }
	b.do(here, directconnect.Connection.RestoreCable)
	if _, err := b.Pass(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled pass answers %v", err)
	}
	if c := b.is(here, directconnect.ConnectionDown); !c.Due.Equal(b.now().Add(firstRetry)) {
		t.Errorf("the connection that was not saved is due in %v", c.Due.Sub(b.now()))
	}

	// A connection moves to another router between its claim and the visit.
	f.onObserve = nil
	b.wait(firstRetry)
	b.do(moved, due)
	c, err := b.claim(t.Context())
	if err != nil || len(c.connections) != 1 {
		t.Fatalf("claimed %d, error %v", len(c.connections), err)
	}
	b.do(moved, func(c directconnect.Connection, _ time.Time) (directconnect.Connection, error) {
		return c.WithPort(directconnect.Port{ID: directconnect.PortID(router2, "et-0"), Router: router2}), nil
	})
	visits, _ := c.sort()
	if _, err := b.visit(t.Context(), visits[router]); err != nil {
		t.Fatal(err)
	}
	if c := b.get(moved); !c.Due.Equal(b.now()) {
		t.Errorf("the connection that moved is due in %v", c.Due.Sub(b.now()))
	}
}

func due(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
	c.Due = now
	return c, nil
}

// TestLateApply delays an older plan until a newer one is in place. The server that was late puts it right.
func TestLateApply(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	first := b.order(directconnect.Dedicated, router, false)
	b.passOnce()
	reached, proceed := make(chan struct{}), make(chan struct{})
	late := &faulty{Driver: b.sim}
	var once sync.Once
	late.onApply = func(context.Context, string) error {
		once.Do(func() { close(reached); <-proceed })
		return nil
	}
	slow, _ := b.server(late)
	done := make(chan error)
	go func() {
		_, err := slow.Pass(t.Context())
		done <- err
	}()
	<-reached
	second := b.order(directconnect.Dedicated, router, false)
	b.settle() // the other server, on the same routers
	b.is(second, directconnect.ConnectionAvailable)
	close(proceed)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	ports := onRouter(t, b.sim, router)
	if !ports["et-0"].Enabled || !ports["et-1"].Enabled {
		t.Errorf("the older plan stands: %+v", ports)
	}
	b.settle()
	b.is(first, directconnect.ConnectionAvailable)
	b.is(second, directconnect.ConnectionAvailable)
}

// TestTwoServers shares work between two servers: every step is taken once, and both fabrics follow.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	const routers, each = 5, 12
	names := []string{"EqDC2-a", "EqDC2-b", "EqDC2-c", "EqDC2-d", "EqDC2-e"}
	b.update(func(tx *store.Tx) error {
		for _, name := range names {
			if err := putRouter(tx, name, each); err != nil {
				return err
			}
		}
		return nil
	})
	second, _ := b.server(nil)
	servers := []*Reconciler{b.Reconciler, second}
	var ids []string
	for i := range routers * each {
		ids = append(ids, b.order(directconnect.Dedicated, names[i%routers], false))
	}
	together := func() (total Report) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for _, r := range servers {
			wg.Go(func() {
				for quiet := 0; quiet < 3; {
					rep, err := r.Pass(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					if quiet++; rep.Due > 0 {
						quiet = 0
					}
					mu.Lock()
					total.add(rep)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		return total
	}
	rep := together()
	rep.add(together())
	if want := 3 * len(ids); rep.Moved != want { // to pending, plugged in, to available
		t.Errorf("%d moves of %d connections, want %d", rep.Moved, len(ids), want)
	}
	for _, id := range ids {
		b.is(id, directconnect.ConnectionAvailable)
	}
	for _, id := range ids {
		b.do(id, remove)
	}
	rep = together()
	if rep.Released != len(ids) || rep.Moved != len(ids) {
		t.Errorf("%d connections ended with %+v", len(ids), rep)
	}
	for _, id := range ids {
		b.is(id, directconnect.ConnectionDeleted)
	}
}
