package reconcile

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
	"onramp/internal/store"
)

func TestStoreWorld(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	cut, gone := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router, false)
	b.order(directconnect.Interconnect, router, false)
	b.order(directconnect.Dedicated, router2, false)
	b.settle()
	b.do(cut, directconnect.Connection.CutCable)
	b.do(gone, remove)
	b.settle()
	b.order(directconnect.Dedicated, router, false) // has no cable yet
	got, err := StoreWorld(b.store).Cables(t.Context(), router)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]sim.Cable{"et-0": {Plugged: true, Broken: true}, "et-2": {Plugged: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cables (-want +got):\n%s", diff)
	}
}

// TestStoreCustomers: scripts are read as they stand at the world's time, and one that cannot be read is as none.
func TestStoreCustomers(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.update(func(tx *store.Tx) error {
		for id, text := range map[string]string{
			"v1": `{"silent":true,"peers":["p"]}`, "v2": `{"flap":{"from":"2026-11-03T09:00:00Z","seconds":60}}`, "v3": "", "v4": "{",
			"v5": `{"announce":[{"cidr":"10.0.0.0/8","path":[65002],"communities":["1:2"]}]}`,
		} {
			if err := tx.PutSetting(directconnect.CustomerSetting(id), text); err != nil {
				return err
			}
		}
		return tx.PutSetting("customs", "{}")
	})
	want := map[string]sim.Script{
		"v1": {Silent: true, Sessions: []string{"p"}}, "v2": {Closed: true},
		"v5": {Announce: []sim.Announced{{Prefix: netip.MustParsePrefix("10.0.0.0/8"), Path: []int64{65002}, Communities: []string{"1:2"}}}},
	}
	for _, absent := range []bool{false, true} {
		options := []WorldOption{WithClock(b.now)}
		if absent {
			options = append(options, WithoutCustomers())
		}
		got, err := StoreWorld(b.store, options...).Customers(t.Context(), router)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sim.Customers{Absent: absent, Scripts: want}, got, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
			t.Errorf("customers (-want +got):\n%s", diff)
		}
	}
	b.clock.turn(time.Minute)
	if got, err := StoreWorld(b.store, WithClock(b.now)).Customers(t.Context(), router); err != nil || got.Scripts["v2"].Closed {
		t.Errorf("a minute later the session still flaps down; error %v", err)
	}
}
