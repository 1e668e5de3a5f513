package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

// keptRows has one server keep a router's rows while another does all that can be done to rows, by chance: after each step
// the one finds what stands there, as if it had kept nothing.
func keptRows(t *testing.T, keeper, writer *store.Store) {
	w := &rowWriter{t: t, s: writer, chance: rand.New(rand.NewPCG(1, 2))}
	kept := map[string]*store.RouterRows{}
	for step := range 150 {
		what := w.step(step)
		for _, router := range []string{router1, router2} {
			rows := get(t, keeper, func(tx *store.Tx) (*store.RouterRows, error) { return tx.RouterRows(router, kept[router]) })
			kept[router] = rows
			connections := get(t, keeper, func(tx *store.Tx) ([]dc.Connection, error) {
				return tx.Connections(store.ConnectionQuery{Router: router, LiveOnly: true})
			})
			interfaces := get(t, keeper, func(tx *store.Tx) ([]dc.VirtualInterface, error) {
				return tx.Interfaces(store.InterfaceQuery{Router: router, LiveOnly: true})
			})
			if t.Logf("step %d: %s", step, what); rows.Len() != len(connections)+len(interfaces) {
				t.Errorf("%d rows, want %d", rows.Len(), len(connections)+len(interfaces))
			}
			same(t, rows.Connections, connections)
			same(t, rows.Interfaces, interfaces)
		}
	}
}

// rowWriter changes rows by chance. n counts those that it has made.
type rowWriter struct {
	t      *testing.T
	s      *store.Store
	chance *rand.Rand
	n      int
}

func (w *rowWriter) step(step int) string {
	at := noon.Add(time.Duration(step) * time.Minute)
	switch w.chance.IntN(8) {
	case 0, 1:
		w.n++
		c, v := dedicated(w.n), private(w.n)
		c.Created, v.Created = at, at
		c.Router, v.Router = w.router(), w.router()
		update(w.t, w.s, func(tx *store.Tx) error {
			c.Version, v.Version = 0, 0
			if err := tx.PutConnection(&c); err != nil {
				return err
			}
			return tx.PutInterface(&v)
		})
		return "new rows " + c.ID
	case 2:
		w.change(func(c *dc.Connection, v *dc.VirtualInterface) { c.Name, v.Name = at.String(), at.String() })
		return "renamed"
	case 3:
		w.change(func(c *dc.Connection, v *dc.VirtualInterface) { c.Router, v.Router = w.router(), w.router() })
		return "moved"
	case 4:
		w.change(func(c *dc.Connection, v *dc.VirtualInterface) { c.Due, v.Due = at.Add(time.Second), time.Time{} })
		return "due"
	case 5:
		update(w.t, w.s, func(tx *store.Tx) error {
			if _, err := tx.ClaimDueConnections(at, at.Add(time.Hour), 3); err != nil {
				return err
			}
			_, err := tx.ClaimDueInterfaces(at, at.Add(time.Hour), 3)
			return err
		})
		return "leased"
	case 6:
		router := w.router()
		update(w.t, w.s, func(tx *store.Tx) error {
			if _, err := tx.WakeConnections(router, at); err != nil {
				return err
			}
			_, err := tx.WakeInterfaces(store.InterfaceQuery{Router: router}, at)
			return err
		})
		return "woken on " + router
	}
	return w.replace(at)
}

func (w *rowWriter) router() string { return []string{router1, router2}[w.chance.IntN(2)] }

// change puts some connection and some interface anew, if they live.
func (w *rowWriter) change(f func(c *dc.Connection, v *dc.VirtualInterface)) {
	if w.n == 0 {
		return
	}
	n := 1 + w.chance.IntN(w.n)
	update(w.t, w.s, func(tx *store.Tx) error {
		c, err := tx.Connection(dedicated(n).ID)
		if err != nil {
			return err
		}
		v, err := tx.Interface(private(n).ID)
		if err != nil {
			return err
		}
		if f(&c, &v); c.Live() && v.Live() {
			if err := tx.PutConnection(&c); err != nil {
				return err
			}
			return tx.PutInterface(&v)
		}
		return nil
	})
}

// replace ends some rows, removes them, and gives their identifiers to others: at the same version, but made later.
func (w *rowWriter) replace(at time.Time) string {
	if w.n == 0 {
		return "nothing"
	}
	n, versions := 1+w.chance.IntN(w.n), [2]int64{}
	id := dedicated(n).ID
	update(w.t, w.s, func(tx *store.Tx) error {
		c, err := tx.Connection(id)
		if err != nil {
			return err
		}
		v, err := tx.Interface(private(n).ID)
		if err != nil {
			return err
		}
		versions = [2]int64{c.Version, v.Version}
		c.State, c.Deleted, v = dc.ConnectionDeleted, noon, gone(v, noon)
		if err := tx.PutConnection(&c); err != nil {
			return err
		}
		if err := tx.PutInterface(&v); err != nil {
			return err
		}
		if _, err := tx.PurgeDeleted(at.Add(time.Second), 10); err != nil {
			return err
		}
		_, err = tx.PurgeDeletedInterfaces(at.Add(time.Second), 10)
		return err
	})
	c, v := dedicated(n), private(n)
	c.Created, v.Created = at, at
	update(w.t, w.s, func(tx *store.Tx) error {
		for c.Version, v.Version = 0, 0; c.Version < versions[0]; {
			c.Name = fmt.Sprint("another ", at, c.Version)
			if err := tx.PutConnection(&c); err != nil {
				return err
			}
		}
		for v.Version < versions[1] {
			v.Name = fmt.Sprint("another ", at, v.Version)
			if err := tx.PutInterface(&v); err != nil {
				return err
			}
		}
		return nil
	})
	return "another of the name " + id
}
