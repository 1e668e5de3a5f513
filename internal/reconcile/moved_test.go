package reconcile

import (
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// move swaps a connection's reservation for a port of another router, as joining a LAG there does.
func (b *bed) move(id, to string) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		c, err := tx.Connection(id)
		if err != nil {
			return err
		}
		port, err := tx.FreePort(location, to, directconnect.Gbps10, false, 0)
		if err != nil {
			return err
		}
		if err := tx.ReleasePort(c.PortID, id); err != nil {
			return err
		}
		if err := tx.ReservePort(port.ID, id); err != nil {
			return err
		}
		c = c.WithPort(port)
		c.Due = b.now()
		return tx.PutConnection(&c)
	})
}

// TestMovedPort has a port moved whose router has switched it on already, and nobody else due on that router: the port is
// switched off there all the same, as soon as the router can be told.
func TestMovedPort(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]func(b *bed, id string){
		"goes on": func(*bed, string) {},
		// A deletion must not end before the old router has been told: nobody would tell it any more.
		"is deleted": func(b *bed, id string) { b.do(id, remove) },
		"comes back": func(b *bed, id string) { b.move(id, router) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, directconnect.Manual)
			id := b.order(directconnect.Dedicated, router, false)
			b.do(id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
				return c.IssueLOA("CODE", now)
			})
			b.settle()
			if ports := onRouter(t, b.sim, router); len(ports) != 1 {
				t.Fatalf("before the move the router has %v", ports)
			}
			b.sim.Unreachable(router, true)
			b.move(id, router2)
			b.settle()
			next(b, id)
			b.wait(lastRetry)
			if c := b.get(id); !c.Live() {
				t.Errorf("%s has ended with its old port still on", id)
			}
			b.sim.Unreachable(router, false)
			b.wait(2 * lastRetry)
			c := b.get(id)
			for _, name := range []string{router, router2} {
				want := 0
				if c.Live() && c.Router == name {
					want = 1
				}
				if ports := onRouter(t, b.sim, name); len(ports) != want {
					t.Errorf("router %s has %v, want %d ports", name, ports, want)
				}
			}
			if len(c.Left) > 0 {
				t.Errorf("%s still remembers %v", id, c.Left)
			}
		})
	}
}
