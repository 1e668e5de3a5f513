package storetest

import (
	"fmt"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var gatewayTests = map[string]test{
	"GatewayRoundTrip":    gatewayRoundTrip,
	"GatewayFilters":      gatewayFilters,
	"FarGatewayRoundTrip": farGatewayRoundTrip,
	"FarGatewayFilters":   farGatewayFilters,
}

func gateway(n int) dc.Gateway {
	return dc.Gateway{ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", n), Account: account, Partition: "aws", State: dc.GatewayPending,
		Created: noon.Add(time.Duration(n) * time.Second), Name: "gateway", AmazonASN: 64512}
}

func putGateway(tx *store.Tx, g *dc.Gateway) error { return tx.PutGateway(g) }

func gatewayRoundTrip(t *testing.T, s *store.Store) {
	read := func(id string) func(tx *store.Tx) (dc.Gateway, error) {
		return func(tx *store.Tx) (dc.Gateway, error) { return tx.Gateway(id) }
	}
	full := dc.Gateway{ID: "ffffffff", Account: account, Partition: "aws-cn", State: dc.GatewayDeleted, Created: noon,
		Due: noon.Add(time.Hour), Deleted: noon.Add(time.Minute), Name: `a "name"`, AmazonASN: 4294967294,
		Tags: []dc.Tag{{Key: "k", Value: "v"}}, Since: noon, Error: "error"}
	for _, g := range save(t, s, putGateway, full, gateway(1)) {
		same(t, get(t, s, read(g.ID)), g)
		same(t, g.Version, int64(1))
	}
	stale := get(t, s, read(full.ID))
	next := gateway(2)
	next.ID, next.Account, next.Partition, next.Due = full.ID, other, "aws", noon
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutGateway(&next) })
	same(t, next.Version, int64(2))
	same(t, get(t, s, read(full.ID)), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { g := stale; return tx.PutGateway(&g) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Gateway("x"); return err })
	taken(t, s, "id", func(tx *store.Tx) error { g := gateway(1); return tx.PutGateway(&g) })
	refused(t, s, "deleted without a time", func(tx *store.Tx) error {
		g := gateway(3)
		g.State = dc.GatewayDeleted
		return tx.PutGateway(&g)
	})
}

func gatewayFilters(t *testing.T, s *store.Store) {
	set := func(n int, change func(g *dc.Gateway)) dc.Gateway { g := gateway(n); change(&g); return g }
	save(t, s, putGateway, gateway(1),
		set(2, func(g *dc.Gateway) { g.Account = other }),
		set(3, func(g *dc.Gateway) { g.Partition = "aws-cn" }),
		set(4, func(g *dc.Gateway) { g.State, g.Deleted = dc.GatewayDeleted, noon }),
		gateway(5), gateway(6))
	for name, test := range map[string]struct {
		query store.GatewayQuery
		want  string
	}{
		"account":   {store.GatewayQuery{Account: account}, "13456"},
		"partition": {store.GatewayQuery{Account: account, Partition: "aws"}, "1456"},
		"live":      {store.GatewayQuery{Account: account, Partition: "aws", LiveOnly: true}, "156"},
		"page": {store.GatewayQuery{Account: account, Partition: "aws", LiveOnly: true, Limit: 1,
			After: store.Cursor{Created: gateway(1).Created, ID: gateway(1).ID}}, "5"},
	} {
		all := get(t, s, func(tx *store.Tx) ([]dc.Gateway, error) { return tx.Gateways(test.query) })
		if got := ends(all, func(g dc.Gateway) string { return g.ID }); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if test.query.Limit > 0 {
			continue
		}
		if n := get(t, s, func(tx *store.Tx) (int, error) { return tx.CountGateways(test.query) }); n != len(test.want) {
			t.Errorf("%s: counted %d, want %d", name, n, len(test.want))
		}
	}
	refused(t, s, "a query that reads everything", func(tx *store.Tx) error { _, err := tx.Gateways(store.GatewayQuery{Partition: "aws"}); return err })
	refused(t, s, "a count of everything", func(tx *store.Tx) error { _, err := tx.CountGateways(store.GatewayQuery{}); return err })
}

func farGateway(n int) dc.FarGateway {
	return dc.FarGateway{ID: fmt.Sprintf("vgw-%08d", n), Account: account, Region: region, Kind: dc.VirtualPrivateGateway, ASN: 64512,
		CIDRs: []string{"10.0.0.0/16"}}
}

func putFarGateway(tx *store.Tx, g *dc.FarGateway) error { return tx.PutFarGateway(g) }

func farGatewayRoundTrip(t *testing.T, s *store.Store) {
	g := save(t, s, putFarGateway, farGateway(1))[0]
	read := func(tx *store.Tx) (dc.FarGateway, error) { return tx.FarGateway(g.ID) }
	same(t, get(t, s, read), g)
	stale := g
	next := dc.FarGateway{ID: g.ID, Account: other, Region: "eu-west-1", Kind: dc.TransitGateway, ASN: 65000, Version: 1}
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutFarGateway(&next) })
	same(t, next.Version, int64(2))
	same(t, get(t, s, read), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { g := stale; return tx.PutFarGateway(&g) })
	taken(t, s, "id", func(tx *store.Tx) error { g := farGateway(1); return tx.PutFarGateway(&g) })
	update(t, s, func(tx *store.Tx) error { return tx.DeleteFarGateway(g.ID) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeleteFarGateway(g.ID) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.FarGateway(g.ID); return err })
}

func farGatewayFilters(t *testing.T, s *store.Store) {
	elsewhere, others := farGateway(3), farGateway(2)
	elsewhere.Region, others.Account = "eu-west-1", other
	save(t, s, putFarGateway, farGateway(1), others, elsewhere, farGateway(4))
	for want, list := range map[string]func(tx *store.Tx) ([]dc.FarGateway, error){
		"134":  func(tx *store.Tx) ([]dc.FarGateway, error) { return tx.FarGateways(account, "", "", 0) },
		"14":   func(tx *store.Tx) ([]dc.FarGateway, error) { return tx.FarGateways(account, region, "", 0) },
		"3":    func(tx *store.Tx) ([]dc.FarGateway, error) { return tx.FarGateways("", "eu-west-1", "", 0) },
		"1234": func(tx *store.Tx) ([]dc.FarGateway, error) { return tx.FarGateways("", "", "", 0) },
		"23":   func(tx *store.Tx) ([]dc.FarGateway, error) { return tx.FarGateways("", "", farGateway(1).ID, 2) },
	} {
		if got := ends(get(t, s, list), func(g dc.FarGateway) string { return g.ID }); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
