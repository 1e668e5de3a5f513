package storetest

import (
	"fmt"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var failoverTests = map[string]test{
	"FailoverRoundTrip": failoverRoundTrip,
	"FailoverFilters":   failoverFilters,
	"FailoverPurge":     failoverPurge,
}

func failover(n int) dc.FailoverTest {
	return dc.FailoverTest{ID: fmt.Sprintf("00000000-0000-4000-b000-%012d", n), InterfaceID: "dxvif-00000001", Account: account,
		Region: region, Status: dc.TestInProgress, Started: noon.Add(time.Duration(n) * time.Second), Minutes: 180}
}

func putFailover(tx *store.Tx, one *dc.FailoverTest) error { return tx.PutFailoverTest(one) }

func failoverEnds(all []dc.FailoverTest) string {
	return ends(all, func(t dc.FailoverTest) string { return t.ID })
}

func failoverRoundTrip(t *testing.T, s *store.Store) {
	one := failover(1)
	one.Peers, one.Ended = []string{"dxpeer-1", "dxpeer-2"}, noon.Add(time.Hour)
	one = save(t, s, putFailover, one)[0]
	read := func(tx *store.Tx) (dc.FailoverTest, error) { return tx.FailoverTest(one.ID) }
	same(t, get(t, s, read), one)
	stale, next := one, failover(2)
	next.ID, next.InterfaceID, next.Account, next.Region, next.Status = one.ID, "dxvif-2", other, "eu-west-1", dc.TestCancelled
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutFailoverTest(&next) })
	same(t, next.Version, int64(2))
	same(t, get(t, s, read), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { one := stale; return tx.PutFailoverTest(&one) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.FailoverTest("x"); return err })
	taken(t, s, "id", func(tx *store.Tx) error { one := failover(1); return tx.PutFailoverTest(&one) })
}

func failoverFilters(t *testing.T, s *store.Store) {
	set := func(n int, change func(one *dc.FailoverTest)) dc.FailoverTest {
		one := failover(n)
		change(&one)
		return one
	}
	save(t, s, putFailover, failover(1),
		set(2, func(one *dc.FailoverTest) { one.Account = other }),
		set(3, func(one *dc.FailoverTest) { one.Region = "eu-west-1" }),
		set(4, func(one *dc.FailoverTest) { one.InterfaceID = "dxvif-00000002" }),
		set(5, func(one *dc.FailoverTest) { one.Status = dc.TestCompleted }))
	after := store.Cursor{Created: failover(1).Started, ID: failover(1).ID}
	for name, test := range map[string]struct {
		query store.FailoverQuery
		want  string
	}{
		"account":         {store.FailoverQuery{Account: account}, "1345"},
		"Region":          {store.FailoverQuery{Account: account, Region: region}, "145"},
		"interface":       {store.FailoverQuery{InterfaceID: "dxvif-00000001"}, "1235"},
		"interface, too":  {store.FailoverQuery{InterfaceID: "dxvif-00000001", Account: account, Region: region}, "15"},
		"ID":              {store.FailoverQuery{ID: failover(2).ID}, "2"},
		"another's ID":    {store.FailoverQuery{ID: failover(2).ID, Account: account}, ""},
		"status":          {store.FailoverQuery{Account: account, Status: dc.TestCompleted}, "5"},
		"started after":   {store.FailoverQuery{Account: account, StartedAfter: failover(4).Started}, "45"},
		"page":            {store.FailoverQuery{Account: account, After: after, Limit: 2}, "34"},
		"page, Region":    {store.FailoverQuery{Account: account, Region: region, After: after, Limit: 2}, "45"},
		"another account": {store.FailoverQuery{Account: "000000000000"}, ""},
	} {
		if got := failoverEnds(get(t, s, func(tx *store.Tx) ([]dc.FailoverTest, error) { return tx.FailoverTests(test.query) })); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
	refused(t, s, "a query that reads everything", func(tx *store.Tx) error {
		_, err := tx.FailoverTests(store.FailoverQuery{Region: region, Status: dc.TestCompleted})
		return err
	})
}

func failoverPurge(t *testing.T, s *store.Store) {
	save(t, s, putFailover, failover(3), failover(1), failover(2), failover(4))
	purge := func() (n int) {
		update(t, s, func(tx *store.Tx) (err error) { n, err = tx.PurgeFailoverTests(failover(4).Started, 2); return err })
		return n
	}
	left := func() string {
		return failoverEnds(get(t, s, func(tx *store.Tx) ([]dc.FailoverTest, error) {
			return tx.FailoverTests(store.FailoverQuery{Account: account})
		}))
	}
	same(t, purge(), 2) // those that began first
	same(t, left(), "34")
	same(t, purge(), 1)
	same(t, purge(), 0)
	same(t, left(), "4")
}
