package reconcile

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"onramp/internal/directconnect"
)

// TestRun leaves everything to Run on the machine's clock: it finds what is due, what becomes due, and what it is woken
// for, and ends with its context.
func TestRun(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Pace{Approve: 20 * time.Millisecond, Plug: 20 * time.Millisecond, Release: 20 * time.Millisecond})
	changed := make(chan struct{}, 100)
	id := ""
	r := New(Config{
		Store: b.store, Driver: b.sim, Now: time.Now, Simulated: true, Pace: func() directconnect.Pace { return b.pace },
		NewCode: func() string { return "CODE" }, Open: unseal, Poll: time.Hour,
		Changed: func() { changed <- struct{}{} },
	})
	b.clock.at = time.Now()
	id = b.order(directconnect.Dedicated, router, false)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- r.Run(ctx) }()
	until := func(want directconnect.ConnectionState) {
		t.Helper()
		for b.get(id).State != want {
			<-changed
		}
	}
	until(directconnect.ConnectionAvailable)
	b.clock.at = time.Now()
	b.do(id, remove)
	r.Wake()
	until(directconnect.ConnectionDeleted)
	stop()
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}
}

// TestRunFinishesItsPass ends Run's context in the middle of a pass, which is saved all the same.
func TestRunFinishesItsPass(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	id := b.order(directconnect.Dedicated, router, false)
	b.passOnce()
	b.passOnce()
	f := &faulty{Driver: b.sim}
	ctx, stop := context.WithCancel(t.Context())
	f.onObserve = func(context.Context, string) error {
		stop()
		return nil
	}
	r, _ := b.server(f)
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	b.is(id, directconnect.ConnectionAvailable)
}

// TestRunHoldsStill counts the passes of a Run whose store is gone.
func TestRunHoldsStill(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	s := openStore(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	passes := make(chan struct{}, 1000)
	r := New(Config{
		Store: s, Driver: b.sim, Simulated: true, Pace: func() directconnect.Pace { return b.pace },
		Now: time.Now, Open: unseal, Log: counting(passes),
	})
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	go func() {
		for ctx.Err() == nil {
			r.Wake()
		}
	}()
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if n := len(passes); n < 2 || n > 7 { // after 10, 30, 70, 150 and 310 ms
		t.Errorf("%d failing passes in 300 ms", n)
	}
}

func TestWakeDoesNotBlock(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	for range 10 {
		b.Wake()
	}
}

// counting is a log that counts errors.
func counting(errors chan<- struct{}) *slog.Logger {
	return slog.New(counter{slog.DiscardHandler, errors})
}

type counter struct {
	slog.Handler
	errors chan<- struct{}
}

func (c counter) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }
func (c counter) WithAttrs([]slog.Attr) slog.Handler           { return c }
func (c counter) Handle(context.Context, slog.Record) error {
	c.errors <- struct{}{}
	return nil
}
