package storetest

import (
	"fmt"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var maintenanceTests = map[string]test{
	"MaintenanceRoundTrip": maintenanceRoundTrip,
	"MaintenanceFilters":   maintenanceFilters,
	"MaintenanceHits":      maintenanceHits,
	"MaintenancePurge":     maintenancePurge,
}

func maintenance(n int) dc.Maintenance {
	return dc.Maintenance{
		ID: fmt.Sprintf("mnt-%08d", n), Status: dc.MaintenancePlanned, From: noon.Add(time.Duration(n) * time.Hour),
		To: noon.Add(time.Duration(n+4) * time.Hour), Created: noon, Changed: noon,
		Targets: []dc.WorkTarget{{Kind: dc.WorkOnRouter, Name: router1}}, Impact: dc.Outage, Reason: "new line card",
	}
}

func putMaintenance(tx *store.Tx, one *dc.Maintenance) error { return tx.PutMaintenance(one) }

func maintenanceEnds(all []dc.Maintenance) string {
	return ends(all, func(m dc.Maintenance) string { return m.ID })
}

func maintenanceRoundTrip(t *testing.T, s *store.Store) {
	one := maintenance(1)
	one.Drain, one.Sequence, one.Forced = true, 3, "nothing else is possible"
	one = save(t, s, putMaintenance, one)[0]
	read := func(tx *store.Tx) (dc.Maintenance, error) { return tx.Maintenance(one.ID) }
	same(t, get(t, s, read), one)
	stale, next := one, maintenance(2)
	next.ID, next.Status, next.Begun, next.Ended = one.ID, dc.MaintenanceCompleted, noon, noon.Add(time.Hour)
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutMaintenance(&next) })
	same(t, next.Version, int64(2))
	same(t, get(t, s, read), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { one := stale; return tx.PutMaintenance(&one) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Maintenance("x"); return err })
	taken(t, s, "id", func(tx *store.Tx) error { one := maintenance(1); return tx.PutMaintenance(&one) })
	for _, wrong := range []dc.Maintenance{
		{ID: "mnt-00000009", Status: dc.MaintenanceCancelled}, {ID: "mnt-00000009", Status: dc.MaintenancePlanned, Ended: noon},
	} {
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.PutMaintenance(&wrong) }); err == nil {
			t.Errorf("%s work that ended at %v is stored", wrong.Status, wrong.Ended)
		}
	}
}

func maintenanceFilters(t *testing.T, s *store.Store) {
	all := make([]dc.Maintenance, 0, 4)
	for n := range 4 {
		m := maintenance(4 - n) // the first stored begins last
		if n == 0 {
			m.Status, m.Ended = dc.MaintenanceCancelled, noon
		}
		all = append(all, m)
	}
	all = save(t, s, putMaintenance, all...)
	update(t, s, func(tx *store.Tx) error {
		if err := tx.PutWorkHits(all[1].ID, []dc.WorkHit{{Account: account, ID: "dxcon-1"}, {ID: router1}}); err != nil {
			return err
		}
		return tx.PutWorkHits(all[2].ID, []dc.WorkHit{{Account: other, ID: "dxcon-1"}})
	})
	for name, c := range map[string]struct {
		q    store.MaintenanceQuery
		want string
	}{
		"all, by their beginning": {store.MaintenanceQuery{}, "1234"},
		"open":                    {store.MaintenanceQuery{OpenOnly: true}, "123"},
		"cancelled":               {store.MaintenanceQuery{Status: dc.MaintenanceCancelled}, "4"},
		"account":                 {store.MaintenanceQuery{Account: account}, "3"},
		"resource":                {store.MaintenanceQuery{Resource: "dxcon-1"}, "23"},
		"both":                    {store.MaintenanceQuery{Resource: router1, Account: other}, ""},
		"a page":                  {store.MaintenanceQuery{Limit: 2}, "12"},
		"the next":                {store.MaintenanceQuery{After: store.Cursor{Created: maintenance(2).From, ID: maintenance(2).ID}, Limit: 2}, "34"},
	} {
		found := get(t, s, func(tx *store.Tx) ([]dc.Maintenance, error) { return tx.Maintenances(c.q) })
		if got := maintenanceEnds(found); got != c.want {
			t.Errorf("%s: %q, and not %q", name, got, c.want)
		}
	}
}

// maintenanceHits: hits come back as they were put, by account, any number of them, and are worked on while the work is in
// progress.
func maintenanceHits(t *testing.T, s *store.Store) {
	m := save(t, s, putMaintenance, maintenance(1))[0]
	var hits []dc.WorkHit
	for n := range 200 {
		hits = append(hits, dc.WorkHit{Account: account, Region: region, Kind: "dedicated", ID: fmt.Sprintf("dxcon-%08d", n), Impact: dc.Outage})
	}
	hits = append(hits, dc.WorkHit{Account: other, Region: region, Kind: "hosted", ID: "dxcon-00000007", Impact: dc.ReducedRedundancy})
	put := func(hits []dc.WorkHit) {
		update(t, s, func(tx *store.Tx) error { return tx.PutWorkHits(m.ID, hits) })
	}
	put(hits)
	read := func(account string) []dc.WorkHit {
		return get(t, s, func(tx *store.Tx) ([]dc.WorkHit, error) { return tx.WorkHits(m.ID, account) })
	}
	same(t, read(""), hits)
	same(t, read(other), hits[200:])
	working := func(resources ...string) string {
		return maintenanceEnds(get(t, s, func(tx *store.Tx) ([]dc.Maintenance, error) { return tx.WorkInProgress(resources...) }))
	}
	same(t, working("dxcon-00000007"), "")
	m.Status = dc.MaintenanceInProgress
	update(t, s, func(tx *store.Tx) error { return tx.PutMaintenance(&m) })
	same(t, working("dxcon-00000007", "dxcon-00000008", "x"), "1")
	same(t, working("x"), "")
	same(t, working(), "")
	put(hits[:1])
	same(t, read(""), hits[:1])
	m.Status, m.Ended = dc.MaintenanceCompleted, noon
	update(t, s, func(tx *store.Tx) error { return tx.PutMaintenance(&m) })
	same(t, working("dxcon-00000000"), "")
}

func maintenancePurge(t *testing.T, s *store.Store) {
	all := make([]dc.Maintenance, 0, 4)
	for n := range 4 {
		m := maintenance(n + 1)
		if n > 0 {
			m.Status, m.Ended = dc.MaintenanceCancelled, noon.Add(time.Duration(n)*time.Hour)
		}
		all = append(all, m)
	}
	all = save(t, s, putMaintenance, all...)
	update(t, s, func(tx *store.Tx) error { return tx.PutWorkHits(all[1].ID, []dc.WorkHit{{ID: router1}}) })
	for _, want := range []int{1, 1, 0} {
		n := 0
		update(t, s, func(tx *store.Tx) (err error) {
			n, err = tx.PurgeMaintenances(noon.Add(150*time.Minute), 1)
			return err
		})
		same(t, n, want)
	}
	left := get(t, s, func(tx *store.Tx) ([]dc.Maintenance, error) { return tx.Maintenances(store.MaintenanceQuery{}) })
	same(t, maintenanceEnds(left), "14")
}
