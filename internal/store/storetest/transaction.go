package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var transactionTests = map[string]test{
	"ErrorLeavesNothing": errorLeavesNothing,
	"PanicLeavesNothing": panicLeavesNothing,
	"ConflictReruns":     conflictReruns,
	"ViewDoesNotWrite":   viewDoesNotWrite,
	"ViewPanics":         viewPanics,
	"Glance":             glance,
	"ContextEnds":        contextEnds,
	"ContextEndsWaiting": contextEndsWaiting,
	"Closed":             closed,
	"Ping":               ping,
}

var errBoom = errors.New("boom")

// writeAll touches several tables.
func writeAll(tx *store.Tx) error {
	c, g := dedicated(1), lagNumber(1)
	return errors.Join(tx.PutConnection(&c), tx.PutLAG(&g), tx.PutSetting("name", "value"),
		tx.ReservePort(dc.PortID(router1, "p1"), c.ID), tx.DeletePort(dc.PortID(router1, "p2")))
}

func nothingLeft(t *testing.T, s *store.Store) {
	t.Helper()
	view(t, s, func(tx *store.Tx) error {
		for what, get := range map[string]func() error{
			"connection": func() error { _, err := tx.Connection(dedicated(1).ID); return err },
			"LAG":        func() error { _, err := tx.LAG(lagNumber(1).ID); return err },
			"setting":    func() error { _, err := tx.Setting("name"); return err },
		} {
			if err := get(); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a %s is left: %v", what, err)
			}
		}
		if p, err := tx.Port(dc.PortID(router1, "p1")); err != nil || p.ConnectionID != "" || p.Version != 1 {
			t.Errorf("a reservation is left: %+v, %v", p, err)
		}
		_, err := tx.Port(dc.PortID(router1, "p2"))
		return err
	})
}

func errorLeavesNothing(t *testing.T, s *store.Store) {
	inventory(t, s, 2)
	fails(t, s, errBoom, func(tx *store.Tx) error { return errors.Join(writeAll(tx), errBoom) })
	nothingLeft(t, s)
	fails(t, s, store.ErrTaken, func(tx *store.Tx) error {
		return errors.Join(writeAll(tx), tx.ReservePort("no such port", "dxcon-00000002"))
	})
	nothingLeft(t, s)
}

func panicLeavesNothing(t *testing.T, s *store.Store) {
	inventory(t, s, 2)
	func() {
		defer func() {
			if v, ok := recover().(error); !ok || !errors.Is(v, errBoom) {
				t.Errorf("the caller saw panic %v", v)
			}
		}()
		_ = s.Update(t.Context(), func(tx *store.Tx) error {
			if err := writeAll(tx); err != nil {
				t.Error(err)
			}
			panic(errBoom)
		})
		t.Error("the panic was lost")
	}()
	nothingLeft(t, s)
	update(t, s, writeAll) // the store still works
}

// A function that answers ErrConflict runs again, on what is there then, without what it wrote before.
func conflictReruns(t *testing.T, s *store.Store) {
	inventory(t, s, 2)
	runs := 0
	update(t, s, func(tx *store.Tx) error {
		runs++
		if err := writeAll(tx); err != nil {
			return err
		}
		if runs == 1 {
			return store.ErrConflict
		}
		return nil
	})
	if runs != 2 {
		t.Errorf("ran %d times, want 2", runs)
	}
	same(t, get(t, s, readPort(dc.PortID(router1, "p1"))).Version, int64(2))
}

func viewDoesNotWrite(t *testing.T, s *store.Store) {
	inventory(t, s, 1)
	for name, write := range map[string]func(tx *store.Tx) error{
		"setting": func(tx *store.Tx) error { return tx.PutSetting("name", "value") },
		"port": func(tx *store.Tx) error {
			_, err := tx.TakePort(router1, dc.Gbps10, false, 1, "dxcon-00000001")
			return err
		},
	} {
		if err := s.View(t.Context(), write); err == nil {
			t.Errorf("a View wrote a %s", name)
		}
	}
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Setting("name"); return err })
	same(t, get(t, s, readPort(dc.PortID(router1, "p1"))).ConnectionID, "")
}

// Glance is a View, whether its function makes one query or more; then it runs again, on one snapshot.
func glance(t *testing.T, s *store.Store) {
	inventory(t, s, 2)
	for _, queries := range []int{1, 3} {
		runs, found := 0, 0
		err := s.Glance(t.Context(), func(tx *store.Tx) error {
			runs, found = runs+1, 0
			for range queries {
				ports, err := tx.Ports(store.PortQuery{Router: router1})
				if err != nil {
					return errBoom // what the store says is lost
				}
				found += len(ports)
				update(t, s, func(tx *store.Tx) error { // what comes meanwhile is not seen
					return tx.PutPort(&dc.Port{ID: dc.PortID(router1, fmt.Sprint(queries, runs, found)), Router: router1, Location: location})
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := min(queries, 2); runs != want {
			t.Errorf("with %d queries the function ran %d times, want %d", queries, runs, want)
		}
		if found%queries != 0 {
			t.Errorf("%d queries found %d ports together: not on one snapshot", queries, found)
		}
	}
	if err := s.Glance(t.Context(), func(*store.Tx) error { return errBoom }); !errors.Is(err, errBoom) {
		t.Errorf("Glance: %v", err)
	}
}

// Views that panic leak neither a connection nor a transaction.
func viewPanics(t *testing.T, s *store.Store) {
	for range 50 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was lost")
				}
			}()
			_ = s.View(t.Context(), func(tx *store.Tx) error {
				if _, err := tx.NextDue(); err != nil {
					t.Error(err)
				}
				panic(errBoom)
			})
		}()
	}
	update(t, s, func(tx *store.Tx) error { return tx.PutSetting("name", "value") })
	same(t, get(t, s, func(tx *store.Tx) (string, error) { return tx.Setting("name") }), "value")
}

// A context that has ended stops a function at its next statement, and nothing is left of it.
func contextEnds(t *testing.T, s *store.Store) {
	inventory(t, s, 2)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx *store.Tx) error {
		if err := writeAll(tx); err != nil {
			return err
		}
		cancel()
		_, err := tx.NextDue()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Update: %v", err)
	}
	nothingLeft(t, s)
	ran := false
	touch := func(*store.Tx) error { ran = true; return nil }
	if err := s.Update(ctx, touch); !errors.Is(err, context.Canceled) || ran {
		t.Errorf("Update with an ended context: %v, ran: %v", err, ran)
	}
	if err := s.View(ctx, touch); !errors.Is(err, context.Canceled) || ran {
		t.Errorf("View with an ended context: %v, ran: %v", err, ran)
	}
}

// Whoever waits for its turn can leave at once. Here every place that an Update could run in is held.
func contextEndsWaiting(t *testing.T, s *store.Store) {
	const holders = 16 // more than there are lanes
	hold, holding, done := make(chan struct{}), make(chan struct{}, holders), make(chan error, holders)
	for range holders {
		go func() {
			done <- s.Update(t.Context(), func(tx *store.Tx) error {
				holding <- struct{}{}
				<-hold
				return nil
			})
		}()
	}
	<-holding
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	ran := make(chan struct{}, 1)
	go func() {
		left <- s.Update(ctx, func(tx *store.Tx) error { ran <- struct{}{}; return nil })
	}()
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("Update: %v", err)
	}
	close(hold)
	for range holders {
		if err := <-done; err != nil {
			t.Errorf("Update: %v", err)
		}
	}
	select {
	case <-ran:
		t.Error("the function ran after its caller had gone")
	default:
	}
}

func closed(t *testing.T, s *store.Store) {
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	touch := func(*store.Tx) error { return nil }
	if err := s.Update(t.Context(), touch); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Update: %v", err)
	}
	if err := s.View(t.Context(), touch); !errors.Is(err, store.ErrClosed) {
		t.Errorf("View: %v", err)
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("a closed store answers Ping")
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func ping(t *testing.T, s *store.Store) {
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}
