package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var dueTests = map[string]test{
	"NextDue":          nextDue,
	"Claim":            claim,
	"ClaimLAGs":        claimLAGs,
	"SaveAfterClaim":   saveAfterClaim,
	"Wake":             wake,
	"Purge":            purge,
	"PurgeKeepsWithin": purgeKeepsWithin,
}

func dueAt(n int, at time.Time) dc.Connection {
	return with(dedicated(n), func(c *dc.Connection) { c.Due = at })
}

func nextDue(t *testing.T, s *store.Store) {
	next := func() time.Time { return get(t, s, func(tx *store.Tx) (time.Time, error) { return tx.NextDue() }) }
	same(t, next(), time.Time{})
	put(t, s, dedicated(1))
	same(t, next(), time.Time{})
	put(t, s, dueAt(2, noon.Add(time.Hour)))
	same(t, next(), noon.Add(time.Hour))
	g := lagNumber(1)
	g.Due = noon
	putLAGs(t, s, g)
	same(t, next(), noon)
	put(t, s, dueAt(3, noon.Add(-time.Microsecond)))
	same(t, next(), noon.Add(-time.Microsecond))
}

func claimConnections(t *testing.T, s *store.Store, now, lease time.Time, limit int) []dc.Connection {
	t.Helper()
	var got []dc.Connection
	update(t, s, func(tx *store.Tx) (err error) {
		got, err = tx.ClaimDueConnections(now, lease, limit)
		return err
	})
	return got
}

func claim(t *testing.T, s *store.Store) {
	lease := noon.Add(time.Minute)
	all := put(t, s, dueAt(1, noon), dueAt(2, noon.Add(-time.Hour)), dueAt(3, noon.Add(time.Microsecond)), dedicated(4), dueAt(5, noon))
	same(t, claimConnections(t, s, noon, lease, 2), []dc.Connection{all[1], all[0]}) // the longest due first, as they were
	same(t, claimConnections(t, s, noon, lease, 2), []dc.Connection{all[4]})
	same(t, claimConnections(t, s, noon, lease, 2), []dc.Connection(nil))
	got := get(t, s, readConnection(all[0].ID))
	same(t, got.Due, lease)
	same(t, got.Version, all[0].Version)
	// Once the lease has run out they are due again.
	same(t, ids(claimConnections(t, s, lease, lease.Add(time.Minute), 9)), []string{all[2].ID, all[0].ID, all[1].ID, all[4].ID})
	// Lists of any length are leased whole.
	var many []dc.Connection
	for n := 100; n < 260; n++ {
		many = append(many, dueAt(n, noon))
	}
	put(t, s, many...)
	if n := len(claimConnections(t, s, noon, lease, 1000)); n != len(many) {
		t.Errorf("claimed %d of %d", n, len(many))
	}
	same(t, claimConnections(t, s, noon, lease, 1000), []dc.Connection(nil))
}

func claimLAGs(t *testing.T, s *store.Store) {
	due, later := lagNumber(1), lagNumber(2)
	due.Due, later.Due = noon, noon.Add(time.Hour)
	putLAGs(t, s, due, later, lagNumber(3))
	due.Version = 1
	for _, want := range [][]dc.LAG{{due}, nil} {
		var got []dc.LAG
		update(t, s, func(tx *store.Tx) (err error) {
			got, err = tx.ClaimDueLAGs(noon, noon.Add(time.Minute), 10)
			return err
		})
		same(t, got, want)
	}
}

// A claimed row is saved with a compare-and-swap like any other, and a wake in between is not lost.
func saveAfterClaim(t *testing.T, s *store.Store) {
	put(t, s, dueAt(1, noon))
	c := claimConnections(t, s, noon, noon.Add(time.Minute), 1)[0]
	update(t, s, func(tx *store.Tx) error {
		saved := c
		saved.Due = noon.Add(time.Hour)
		return tx.PutConnection(&saved)
	})
	same(t, get(t, s, readConnection(c.ID)).Due, noon.Add(time.Hour))
	c = claimConnections(t, s, noon.Add(time.Hour), noon.Add(2*time.Hour), 1)[0]
	update(t, s, func(tx *store.Tx) error { _, err := tx.WakeConnections(router1, noon); return err })
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error {
		saved := c
		saved.Due = time.Time{}
		return tx.PutConnection(&saved)
	})
	same(t, get(t, s, readConnection(c.ID)).Due, noon)
}

func wake(t *testing.T, s *store.Store) {
	put(t, s, dedicated(1), dueAt(2, noon.Add(time.Hour)), dueAt(3, noon.Add(-time.Hour)),
		with(dedicated(4), func(c *dc.Connection) { c.Router = router2 }),
		with(dedicated(5), func(c *dc.Connection) { c.State, c.Deleted = dc.ConnectionDeleted, noon }))
	n := 0
	update(t, s, func(tx *store.Tx) (err error) { n, err = tx.WakeConnections(router1, noon); return err })
	same(t, n, 2)
	same(t, ids(claimConnections(t, s, noon, noon.Add(time.Minute), 9)), []string{"dxcon-00000003", "dxcon-00000001", "dxcon-00000002"})
}

func ended(n int, at time.Time) dc.Connection {
	return with(dedicated(n), func(c *dc.Connection) { c.State, c.Deleted = dc.ConnectionDeleted, at })
}

func purge(t *testing.T, s *store.Store) {
	put(t, s, dedicated(1), ended(2, noon.Add(-time.Hour)), ended(3, noon.Add(-2*time.Hour)), ended(4, noon), ended(5, noon.Add(-3*time.Hour)))
	old, live := lagNumber(1), lagNumber(2)
	old.Deleted = noon.Add(-time.Minute)
	putLAGs(t, s, old, live)
	run := func(limit int) (n int) {
		t.Helper()
		update(t, s, func(tx *store.Tx) (err error) { n, err = tx.PurgeDeleted(noon, limit); return err })
		return n
	}
	same(t, run(2), 3) // the two connections that ended first, and the LAG
	same(t, ids(get(t, s, connections(store.ConnectionQuery{Account: account}))), []string{"dxcon-00000001", "dxcon-00000002", "dxcon-00000004"})
	same(t, run(2), 1)
	same(t, run(2), 0)
	same(t, ids(get(t, s, connections(store.ConnectionQuery{Account: account}))), []string{"dxcon-00000001", "dxcon-00000004"})
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.LAG(old.ID); return err })
	update(t, s, func(tx *store.Tx) error { _, err := tx.LAG(live.ID); return err })
}

// A purge that fails removes nothing.
func purgeKeepsWithin(t *testing.T, s *store.Store) {
	put(t, s, ended(1, noon))
	boom := errors.New("boom")
	fails(t, s, boom, func(tx *store.Tx) error {
		if n, err := tx.PurgeDeleted(noon.Add(time.Hour), 10); n != 1 || err != nil {
			return fmt.Errorf("purged %d: %w", n, err)
		}
		return boom
	})
	same(t, len(get(t, s, connections(store.ConnectionQuery{Account: account}))), 1)
}
