package storetest

import (
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var lagTests = map[string]test{
	"LAGRoundTrip": lagRoundTrip,
	"LAGFilters":   lagFilters,
}

func putLAGs(t *testing.T, s *store.Store, all ...dc.LAG) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		for _, g := range all {
			if err := tx.PutLAG(&g); err != nil {
				return err
			}
		}
		return nil
	})
}

func lagRoundTrip(t *testing.T, s *store.Store) {
	g := dc.LAG{ID: "dxlag-ffffffff", Account: account, Region: region, Location: location, Router: router1, Created: noon,
		Due: noon.Add(time.Hour), Deleted: noon.Add(time.Minute), Name: "lag", Bandwidth: dc.Gbps100, MinimumLinks: 2,
		ProviderName: "Provider", BillingMode: dc.PayAsYouGo, AllowsHosted: true, MACsec: true, EncryptionMode: dc.MustEncrypt,
		MACsecKeys: []dc.MACsecKey{{SecretARN: "arn", CKN: "00", State: dc.KeyAssociating, Start: noon}}, Tags: []dc.Tag{{Key: "k"}}}
	read := func(id string) func(tx *store.Tx) (dc.LAG, error) {
		return func(tx *store.Tx) (dc.LAG, error) { return tx.LAG(id) }
	}
	putLAGs(t, s, g, lagNumber(1))
	g.Version = 1
	same(t, get(t, s, read(g.ID)), g)
	plain := lagNumber(1)
	plain.Version = 1
	same(t, get(t, s, read(plain.ID)), plain)
	stale := g
	g.Account, g.Region, g.Location, g.Router, g.Created, g.Due, g.Deleted, g.Name =
		other, "eu-west-1", "LD5", router2, noon.Add(time.Second), time.Time{}, time.Time{}, "renamed"
	update(t, s, func(tx *store.Tx) error { g.Version = 1; return tx.PutLAG(&g) })
	same(t, get(t, s, read(g.ID)), g)
	if g.Version != 2 {
		t.Errorf("version %d after the second save", g.Version)
	}
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { g := stale; return tx.PutLAG(&g) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.LAG("dxlag-zzzzzzzz"); return err })
	taken(t, s, "id", func(tx *store.Tx) error { g := lagNumber(1); return tx.PutLAG(&g) })
}

func lagFilters(t *testing.T, s *store.Store) {
	set := func(n int, change func(g *dc.LAG)) dc.LAG { g := lagNumber(n); change(&g); return g }
	putLAGs(t, s, lagNumber(1),
		set(2, func(g *dc.LAG) { g.Account = other }),
		set(3, func(g *dc.LAG) { g.Region = "eu-west-1" }),
		set(4, func(g *dc.LAG) { g.Location = "LD5" }),
		set(5, func(g *dc.LAG) { g.Router = router2 }),
		set(6, func(g *dc.LAG) { g.Deleted = noon }),
		set(7, func(g *dc.LAG) { g.Deleted = noon.Add(time.Hour) }))
	for name, test := range map[string]struct {
		query store.LAGQuery
		want  string
	}{
		"account":     {store.LAGQuery{Account: account}, "134567"},
		"both":        {store.LAGQuery{Account: account, Region: region}, "14567"},
		"region":      {store.LAGQuery{Region: "eu-west-1"}, "3"},
		"location":    {store.LAGQuery{Location: "LD5"}, "4"},
		"router":      {store.LAGQuery{Router: router2}, "5"},
		"live":        {store.LAGQuery{Account: account, LiveOnly: true}, "1345"},
		"ended after": {store.LAGQuery{Account: account, EndedAfter: noon.Add(time.Minute)}, "13457"},
		"page":        {store.LAGQuery{Account: account, After: store.Cursor{Created: noon.Add(3 * time.Second), ID: "dxlag-00000003"}, Limit: 2}, "45"},
	} {
		got := ""
		for _, g := range get(t, s, func(tx *store.Tx) ([]dc.LAG, error) { return tx.LAGs(test.query) }) {
			got += g.ID[len(g.ID)-1:]
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if test.query.Limit > 0 {
			continue
		}
		if n := get(t, s, func(tx *store.Tx) (int, error) { return tx.CountLAGs(test.query) }); n != len(test.want) {
			t.Errorf("%s: counted %d, want %d", name, n, len(test.want))
		}
	}
	fails(t, s, nil, func(tx *store.Tx) error {
		if _, err := tx.LAGs(store.LAGQuery{LiveOnly: true}); err == nil {
			t.Error("a query that reads everything was answered")
		}
		return nil
	})
}
