package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var sharedTests = map[string]sharedTest{
	"ClaimersMeetNot":  claimersMeetNot,
	"LastPorts":        lastPorts,
	"NoLostUpdate":     noLostUpdate,
	"NoWriteSkew":      noWriteSkew,
	"FailAlone":        failAlone,
	"KeptRows":         keptRows,
	"Snapshot":         snapshot,
	"AuditShared":      auditShared,
	"DeliveriesShared": deliveriesShared,
}

// Several claimers at once share the rows between them: none is claimed twice, none is left.
func claimersMeetNot(t *testing.T, a, b *store.Store) {
	const rows, claimers = 300, 8
	var all []dc.Connection
	for n := range rows {
		all = append(all, dueAt(n, noon))
	}
	put(t, a, all...)
	var mu sync.Mutex
	var wg sync.WaitGroup
	claimed := map[string]int{}
	for i := range claimers {
		s := []*store.Store{a, b}[i%2]
		wg.Go(func() {
			for {
				var got []dc.Connection
				err := s.Update(t.Context(), func(tx *store.Tx) (err error) {
					got, err = tx.ClaimDueConnections(noon, noon.Add(time.Hour), 7)
					return err
				})
				if err != nil {
					t.Errorf("claim: %v", err)
				}
				if len(got) == 0 {
					// Rows that another transaction had locked are passed over; they are its own.
					return
				}
				mu.Lock()
				for _, c := range got {
					claimed[c.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for id, n := range claimed {
		if n != 1 {
			t.Errorf("%s was claimed %d times", id, n)
		}
	}
	if len(claimed) != rows {
		t.Errorf("%d of %d rows were claimed", len(claimed), rows)
	}
}

// together runs f n times at once, half of them on each store.
func together(n int, a, b *store.Store, f func(i int, s *store.Store)) {
	var wg sync.WaitGroup
	for i := range n {
		s := []*store.Store{a, b}[i%2]
		wg.Go(func() { f(i, s) })
	}
	wg.Wait()
}

// 64 orders for 10 ports: ten get one each, the others are told that there is none, and nothing of theirs is left.
func lastPorts(t *testing.T, a, b *store.Store) {
	const orders, ports = 64, 10
	inventory(t, a, ports/2)
	var got, refused atomic.Int64
	together(orders, a, b, func(i int, s *store.Store) {
		c := with(dedicated(i), func(c *dc.Connection) { c.Version = 0 })
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			c := c
			if err := tx.PutConnection(&c); err != nil { // before there is a port: it must go if there is none
				return err
			}
			for _, r := range []string{router1, router2} {
				p, err := tx.FreePort(location, r, dc.Gbps10, false, uint64(i))
				if errors.Is(err, store.ErrNotFound) {
					continue
				}
				if err != nil {
					return err
				}
				c = c.WithPort(p)
				return errors.Join(tx.ReservePort(p.ID, c.ID), tx.PutConnection(&c))
			}
			return dc.NoFreePort(location, dc.Gbps10)
		})
		var none *dc.Error
		switch {
		case err == nil:
			got.Add(1)
		case errors.As(err, &none):
			refused.Add(1)
		default:
			t.Errorf("order %d: %v", i, err)
		}
	})
	if got.Load() != ports || refused.Load() != orders-ports {
		t.Errorf("%d orders got a port and %d did not, want %d and %d", got.Load(), refused.Load(), ports, orders-ports)
	}
	all := get(t, b, connections(store.ConnectionQuery{Account: account}))
	held := get(t, b, func(tx *store.Tx) ([]dc.Port, error) { return tx.Ports(store.PortQuery{HeldOnly: true}) })
	if len(all) != ports || len(held) != ports {
		t.Fatalf("%d connections and %d reservations, want %d", len(all), len(held), ports)
	}
	holder := map[string]string{}
	for _, p := range held {
		holder[p.ID] = p.ConnectionID
	}
	for _, c := range all {
		if holder[c.PortID] != c.ID {
			t.Errorf("%s has port %q, which %q holds", c.ID, c.PortID, holder[c.PortID])
		}
	}
}

// Every one of many increments counts.
func noLostUpdate(t *testing.T, a, b *store.Store) {
	const writers, times = 16, 8
	update(t, a, func(tx *store.Tx) error { return tx.PutSetting("count", "0") })
	together(writers, a, b, func(_ int, s *store.Store) {
		for range times {
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				text, err := tx.Setting("count")
				if err != nil {
					return err
				}
				n, err := strconv.Atoi(text)
				if err != nil {
					return err
				}
				return tx.PutSetting("count", strconv.Itoa(n+1))
			})
			if err != nil {
				t.Errorf("increment: %v", err)
			}
		}
	})
	same(t, get(t, b, func(tx *store.Tx) (string, error) { return tx.Setting("count") }), strconv.Itoa(writers*times))
}

// Of two who each may only act while the other has not, one acts. Snapshot isolation alone lets both.
func noWriteSkew(t *testing.T, a, b *store.Store) {
	for round := range 20 {
		name := func(i int) string { return fmt.Sprintf("round %d of %d", round, i) }
		var acted atomic.Int64
		together(2, a, b, func(i int, s *store.Store) {
			other := errors.New("the other has acted")
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				if _, err := tx.Setting(name(1 - i)); err == nil {
					return other
				} else if !errors.Is(err, store.ErrNotFound) {
					return err
				}
				return tx.PutSetting(name(i), "acted")
			})
			if err == nil {
				acted.Add(1)
			} else if !errors.Is(err, other) {
				t.Errorf("round %d: %v", round, err)
			}
		})
		if acted.Load() != 1 {
			t.Errorf("round %d: %d acted", round, acted.Load())
		}
	}
}

// A function that fails or panics, before or after it has written, takes no other one with it.
func failAlone(t *testing.T, a, b *store.Store) {
	const all = 120
	boom := errors.New("boom")
	together(all, a, b, func(i int, s *store.Store) {
		panicked, err := updatePanics(t, s, func(tx *store.Tx) error {
			if i%6 == 1 {
				return boom
			}
			c := with(dedicated(i), func(c *dc.Connection) { c.Version = 0 })
			if err := tx.PutConnection(&c); err != nil {
				return err
			}
			switch i % 6 {
			case 2:
				return boom
			case 3:
				panic(boom)
			case 4:
				return tx.PutConnection(with2(c)) // the same ID again
			}
			return nil
		})
		switch i % 6 {
		case 1, 2:
			if !errors.Is(err, boom) {
				t.Errorf("update %d: %v, want boom", i, err)
			}
		case 3:
			if !panicked {
				t.Errorf("update %d: %v, want a panic", i, err)
			}
		case 4:
			if !errors.Is(err, store.ErrTaken) {
				t.Errorf("update %d: %v, want a taken ID", i, err)
			}
		default:
			if err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		}
	})
	var want []string
	for i := range all {
		if i%6 == 0 || i%6 == 5 {
			want = append(want, dedicated(i).ID)
		}
	}
	same(t, ids(get(t, b, connections(store.ConnectionQuery{Account: account}))), want)
}

func with2(c dc.Connection) *dc.Connection {
	c.Version = 0
	return &c
}

// updatePanics is Update that reports a panic instead of passing it on.
func updatePanics(t *testing.T, s *store.Store, f func(tx *store.Tx) error) (panicked bool, err error) {
	defer func() { panicked = recover() != nil }()
	return false, s.Update(t.Context(), f)
}

// A View sees one moment: pairs that are always written together never differ in it, however long it takes.
func snapshot(t *testing.T, a, b *store.Store) {
	write := func(s *store.Store, n int) error {
		return s.Update(t.Context(), func(tx *store.Tx) error {
			return errors.Join(tx.PutSetting("left", strconv.Itoa(n)), tx.PutSetting("right", strconv.Itoa(n)))
		})
	}
	if err := write(a, 0); err != nil {
		t.Fatal(err)
	}
	view(t, b, func(tx *store.Tx) error {
		before, err := tx.Setting("left")
		if err != nil {
			return err
		}
		if err := write(a, 1); err != nil { // while the View goes on
			return err
		}
		after, err := tx.Setting("right")
		if before != after {
			t.Errorf("a View saw %s, and then %s", before, after)
		}
		return err
	})
	same(t, get(t, b, func(tx *store.Tx) (string, error) { return tx.Setting("right") }), "1") // reads what was answered
	together(4, a, b, func(i int, s *store.Store) {
		for n := range 25 {
			if i < 2 {
				if err := write(s, n); err != nil {
					t.Errorf("write: %v", err)
				}
				continue
			}
			var left, right string
			err := s.View(t.Context(), func(tx *store.Tx) (err error) {
				if left, err = tx.Setting("left"); err == nil {
					right, err = tx.Setting("right")
				}
				return err
			})
			if err != nil || left != right {
				t.Errorf("a View saw %s and %s (%v)", left, right, err)
			}
		}
	})
}
