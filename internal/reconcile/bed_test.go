package reconcile

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/fabric/sim"
	"onramp/internal/store"
)

const (
	account  = "111122223333"
	customer = "444455556666"
	region   = "us-east-1"
	location = "EqDC2"
	router   = "EqDC2-1bwfvazist2k0"
	router2  = "EqDC2-2bwfvazist2k0"
)

// hand is a clock that only a test turns.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) turn(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// bed is a store with a small inventory, a clock and one server's reconciler on a simulated fabric.
type bed struct {
	t     testing.TB
	store *store.Store
	clock *hand
	pace  directconnect.Pace
	sim   *sim.Fabric
	*Reconciler
	orders int
}

func openStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite://" + t.TempDir() + "/onramp.db"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newBed(t testing.TB, pace directconnect.Pace) *bed {
	t.Helper()
	b := &bed{t: t, store: openStore(t), pace: pace, clock: &hand{at: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)}}
	b.update(func(tx *store.Tx) error {
		l := b.location()
		if err := tx.PutLocation(&l); err != nil {
			return err
		}
		for _, name := range []string{router, router2} {
			if err := putRouter(tx, name, 8); err != nil {
				return err
			}
		}
		return nil
	})
	b.Reconciler, b.sim = b.server(nil)
	return b
}

func putRouter(tx *store.Tx, name string, ports int) error {
	if err := tx.PutRouter(&directconnect.Router{Name: name, Location: location, Region: region}); err != nil {
		return err
	}
	for i := range ports {
		port := "et-" + strconv.Itoa(i)
		err := tx.PutPort(&directconnect.Port{
			ID: directconnect.PortID(name, port), Router: name, Location: location, Bandwidth: directconnect.Gbps10,
			MACsec: true, Position: int64(i + 1), Name: port,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// server is one more server on the bed's database: a reconciler with a fabric of its own, or with the driver given.
func (b *bed) server(driver fabric.Driver) (*Reconciler, *sim.Fabric) {
	simulated := sim.New(StoreWorld(b.store, WithClock(b.clock.now)))
	if driver == nil {
		driver = simulated
	}
	return New(Config{
		Store: b.store, Driver: driver, Now: b.clock.now, Simulated: true, Server: "test",
		Pace:    func() directconnect.Pace { return b.pace },
		NewCode: func() string { return "CODE" },
		Open:    unseal,
	}), simulated
}

// seal and unseal stand for the sealer: what is sealed opens only in its own context.
func seal(text, context string) string { return context + "|" + text }

func unseal(sealed, context string) ([]byte, error) {
	text, ok := strings.CutPrefix(sealed, context+"|")
	if !ok {
		return nil, errors.New("does not open")
	}
	return []byte(text), nil
}

func (b *bed) location() directconnect.Location {
	return directconnect.Location{Code: location, Region: region, Name: "Equinix DC2", PortSpeeds: []string{"10G"}, MACsecSpeeds: []string{"10G"}}
}

func (b *bed) update(f func(tx *store.Tx) error) {
	b.t.Helper()
	if err := b.store.Update(b.t.Context(), f); err != nil {
		b.t.Fatal(err)
	}
}

// order puts one more connection on a router.
func (b *bed) order(kind directconnect.ConnectionKind, on string, macsec bool) string {
	b.t.Helper()
	b.orders++
	id := fmt.Sprintf("dxcon-fg%06d", b.orders)
	b.update(func(tx *store.Tx) error { return b.place(tx, id, kind, on, macsec) })
	return id
}

func (b *bed) place(tx *store.Tx, id string, kind directconnect.ConnectionKind, on string, macsec bool) error {
	port, err := tx.FreePort(location, on, directconnect.Gbps10, macsec, 0)
	if err != nil {
		return err
	}
	o := directconnect.Order{
		Kind: kind, Account: account, Region: region, Name: id, Bandwidth: directconnect.Gbps10,
		BillingMode: directconnect.PayAsYouGo, MACsec: macsec,
	}
	c, err := directconnect.NewConnection(id, o, b.location(), port, b.now())
	if err != nil {
		return err
	}
	if err := tx.PutConnection(&c); err != nil {
		return err
	}
	return tx.ReservePort(port.ID, id)
}

// do is a caller's or an operator's move.
func (b *bed) do(id string, move func(c directconnect.Connection, now time.Time) (directconnect.Connection, error)) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		c, err := tx.Connection(id)
		if err != nil {
			return err
		}
		next, err := move(c, b.now())
		if err != nil {
			return err
		}
		if !next.Live() && next.PortID != "" {
			if err := tx.ReleasePort(next.PortID, id); err != nil {
				return err
			}
			next.PortID = ""
		}
		return tx.PutConnection(&next)
	})
}

func remove(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
	return c.Delete(c.Account, now)
}

func (b *bed) doLAG(id string, move func(g directconnect.LAG, now time.Time) (directconnect.LAG, error)) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		g, err := tx.LAG(id)
		if err != nil {
			return err
		}
		if g, err = move(g, b.now()); err != nil {
			return err
		}
		return tx.PutLAG(&g)
	})
}

func (b *bed) get(id string) directconnect.Connection {
	b.t.Helper()
	var c directconnect.Connection
	err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
		c, err = tx.Connection(id)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bed) lagState(id string) (directconnect.LAG, directconnect.LAGState) {
	b.t.Helper()
	var g directconnect.LAG
	var members []directconnect.Connection
	err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
		if g, err = tx.LAG(id); err != nil {
			return err
		}
		members, err = tx.Connections(store.ConnectionQuery{LagID: id, LiveOnly: true})
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return g, g.State(members)
}

// is fails unless the connection is in that state.
func (b *bed) is(id string, want directconnect.ConnectionState) directconnect.Connection {
	b.t.Helper()
	c := b.get(id)
	if c.State != want {
		b.t.Fatalf("%s is %s (%s), want %s", id, c.State, c.Reason, want)
	}
	return c
}

// settle lets everything happen that is due.
func (b *bed) settle() {
	b.t.Helper()
	if err := b.Settle(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// wait turns the clock and settles.
func (b *bed) wait(d time.Duration) {
	b.t.Helper()
	b.clock.turn(d)
	b.settle()
}

func (b *bed) passOnce() Report {
	b.t.Helper()
	rep, err := b.Pass(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return rep
}

// holder is who holds a port.
func (b *bed) holder(port string) string {
	b.t.Helper()
	var p directconnect.Port
	err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
		p, err = tx.Port(port)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return p.ConnectionID
}

// onRouter are the names of the ports that a router has switched on.
func onRouter(t testing.TB, d fabric.Driver, router string) map[string]fabric.PortStatus {
	t.Helper()
	o, err := d.Observe(context.Background(), router)
	if err != nil {
		t.Fatal(err)
	}
	return o.Ports
}
