package weather

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
	"onramp/internal/inventory"
	"onramp/internal/reconcile"
	"onramp/internal/seal"
	"onramp/internal/store"
	"onramp/test/postgres"
)

// TestServersShareWork has several reconcilers, each with a connection pool and simulated routers of its own as in a
// process of its own, bring the same orders to their feet on one PostgreSQL. Together they claim and save every row as
// often as one alone does, to the version: no step is done twice.
func TestServersShareWork(t *testing.T) {
	cluster := postgres.Shared(t, postgres.WithoutFsync())
	orders := 60
	if long() {
		orders = 600
	}
	alone, versions := reconcileTogether(t, cluster.Database(t), 1, orders)
	if alone[0].Moved < 2*orders {
		t.Fatalf("one server alone moved rows %d times, want 2 for each of %d orders at least: %+v", alone[0].Moved, orders, alone[0])
	}
	for _, servers := range []int{2, 4} {
		t.Run(fmt.Sprintf("%d servers", servers), func(t *testing.T) {
			reports, got := reconcileTogether(t, cluster.Database(t), servers, orders)
			var sum reconcile.Report
			for _, r := range reports {
				sum.Due, sum.Moved, sum.Released, sum.Failed = sum.Due+r.Due, sum.Moved+r.Moved, sum.Released+r.Released, sum.Failed+r.Failed
			}
			if sum.Moved != alone[0].Moved || sum.Due != alone[0].Due || sum.Failed != 0 {
				t.Errorf("together they claimed %d rows, moved %d and failed %d times; one alone %d, %d and 0", sum.Due, sum.Moved, sum.Failed, alone[0].Due, alone[0].Moved)
			}
			if !slices.Equal(got, versions) {
				t.Errorf("versions are %v, and %v when one server does it all", got, versions)
			}
			t.Logf("%d orders: %+v", orders, reports)
		})
	}
}

// reconcileTogether orders ports and has so many reconcilers do what is due until nothing is. It answers their reports and
// the versions of the connections' rows, sorted.
func reconcileTogether(t *testing.T, url string, servers, orders int) ([]reconcile.Report, []int64) {
	t.Helper()
	keys, err := seal.Open(t.TempDir() + "/keyset.json")
	if err != nil {
		t.Fatal(err)
	}
	clock := &hand{at: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)}
	stores := make([]*store.Store, servers)
	for i := range stores {
		stores[i] = openStore(t, url)
	}
	order(t, stores[0], keys, clock, orders)

	reports := make([]reconcile.Report, servers)
	var g errgroup.Group
	for i, st := range stores {
		r := reconcile.New(reconcile.Config{
			Store: st, Driver: sim.New(reconcile.StoreWorld(st)), Pace: func() directconnect.Pace { return directconnect.Instant }, Now: clock.now,
			Open: keys.Open, NewCode: controlplane.NewLOACode, Simulated: true,
		})
		g.Go(func() error {
			for {
				rep, err := r.Pass(t.Context())
				if err != nil {
					return err
				}
				reports[i].Due, reports[i].Moved, reports[i].Failed = reports[i].Due+rep.Due, reports[i].Moved+rep.Moved, reports[i].Failed+rep.Failed
				if done, err := nothingDue(t.Context(), st); err != nil || done {
					return err
				}
			}
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	snap, err := look(t.Context(), stores[0])
	if err != nil {
		t.Fatal(err)
	}
	var versions []int64
	for _, c := range snap.connections {
		if c.State != directconnect.ConnectionAvailable {
			t.Errorf("%s is %s", c.ID, c.State)
		}
		versions = append(versions, c.Version)
	}
	slices.Sort(versions)
	return reports, versions
}

// nothingDue: not now and, as the clock stands still, not ever; a row that another server has claimed is due when its
// lease ends.
func nothingDue(ctx context.Context, s *store.Store) (bool, error) {
	nothing := false
	err := s.View(ctx, func(tx *store.Tx) error {
		due, err := tx.NextDue()
		nothing = due.After(time.Date(2026, 11, 4, 0, 0, 0, 0, time.UTC)) || due.IsZero()
		return err
	})
	return nothing, err
}

// order buys ports on several routers through the control plane.
func order(t *testing.T, s *store.Store, keys *seal.Sealer, clock *hand, orders int) {
	t.Helper()
	service := &controlplane.Service{Store: s, Now: clock.now, Wake: func() {}, Seal: keys, Keep: keep, Provider: "Weather"}
	if _, err := service.EnsureInventory(t.Context(), halls("WxH1", 4, (orders+3)/4)); err != nil {
		t.Fatal(err)
	}
	who := controlplane.Caller{Account: open1, Region: home}
	for range orders {
		in := &api.CreateConnectionRequest{Bandwidth: ptr("10Gbps"), ConnectionName: ptr("shared"), Location: ptr("WxH1")}
		if _, err := service.CreateConnection(t.Context(), who, in); err != nil {
			t.Fatal(err)
		}
	}
}

// halls is an inventory of one location at home with so many routers of so many 10G ports.
func halls(code string, routers, ports int) inventory.Inventory {
	l := inventory.Location{
		Code: code, Region: home, Name: "Hall " + code, Partition: "aws", Country: "US", PortSpeeds: []string{"10G"}, MACsecSpeeds: []string{"10G"},
	}
	for n := range routers {
		r := inventory.Router{Name: inventory.DeviceName(code, n+1)}
		for i := range ports {
			r.Ports = append(r.Ports, inventory.Port{Name: fmt.Sprintf("et-%d", i), Speed: "10G", MACsec: true, Optic: directconnect.Gbps10.Optic()})
		}
		l.Routers = append(l.Routers, r)
	}
	return inventory.Inventory{Locations: []inventory.Location{l}}
}

func openStore(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: url})
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
