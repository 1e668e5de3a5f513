package storetest

import (
	"net/netip"
	"testing"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var inventoryTests = map[string]test{
	"Location": locationRoundTrip,
	"Router":   routerRoundTrip,
}

func locationRoundTrip(t *testing.T, s *store.Store) {
	ld5 := dc.Location{Code: "LD5", Region: "eu-west-2", Name: "Equinix LD5", Partition: "aws", Country: "GB", Operator: "Equinix",
		Address: []string{"8 Buckingham Avenue", "Slough"}, PortSpeeds: []string{"1G", "10G"}, MACsecSpeeds: []string{"10G"},
		Providers: []string{"Acme"}, BillingModes: []dc.BillingMode{"FlatRateTier1"}}
	plain := dc.Location{Code: "EqDC2", Region: region, Name: "Equinix DC2"}
	update(t, s, func(tx *store.Tx) error {
		ld5.Version, plain.Version = 0, 0
		if err := tx.PutLocation(&ld5); err != nil {
			return err
		}
		return tx.PutLocation(&plain)
	})
	read := func(tx *store.Tx) (dc.Location, error) { return tx.Location("LD5") }
	same(t, get(t, s, read), ld5)
	all := func(region string) []dc.Location {
		return get(t, s, func(tx *store.Tx) ([]dc.Location, error) { return tx.Locations(region) })
	}
	same(t, all(""), []dc.Location{plain, ld5})
	same(t, all(region), []dc.Location{plain})
	same(t, all("nowhere"), []dc.Location(nil))
	stale := ld5
	update(t, s, func(tx *store.Tx) error {
		ld5.Version, ld5.Name, ld5.Region = 1, "renamed", "eu-west-1"
		return tx.PutLocation(&ld5)
	})
	same(t, get(t, s, read), ld5)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { l := stale; return tx.PutLocation(&l) })
	taken(t, s, "id", func(tx *store.Tx) error { l := plain; l.Version = 0; return tx.PutLocation(&l) })
	update(t, s, func(tx *store.Tx) error { return tx.DeleteLocation("LD5") })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Location("LD5"); return err })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeleteLocation("LD5") })
}

func routerRoundTrip(t *testing.T, s *store.Store) {
	fails(t, s, store.ErrReferenced, func(tx *store.Tx) error {
		return tx.PutRouter(&dc.Router{Name: router1, Location: location, Region: region})
	})
	inventory(t, s, 1)
	r1 := dc.Router{Name: router1, Location: location, Region: region, Version: 1}
	r2 := dc.Router{Name: router2, Location: location, Region: region, Version: 1}
	same(t, get(t, s, func(tx *store.Tx) (dc.Router, error) { return tx.Router(router1) }), r1)
	for _, at := range []string{location, ""} {
		same(t, get(t, s, func(tx *store.Tx) ([]dc.Router, error) { return tx.Routers(at) }), []dc.Router{r1, r2})
	}
	same(t, get(t, s, func(tx *store.Tx) ([]dc.Router, error) { return tx.Routers("nowhere") }), []dc.Router(nil))
	fails(t, s, store.ErrReferenced, func(tx *store.Tx) error { return tx.DeleteLocation(location) })
	fails(t, s, store.ErrReferenced, func(tx *store.Tx) error { return tx.DeleteRouter(router1) })
	update(t, s, func(tx *store.Tx) error {
		r := r1
		r.Region, r.Fabric, r.Backbone = "eu-west-1", dc.Linux, netip.MustParseAddr("192.0.2.1")
		return tx.PutRouter(&r)
	})
	same(t, get(t, s, func(tx *store.Tx) (dc.Router, error) { return tx.Router(router1) }), dc.Router{
		Name: router1, Location: location, Region: "eu-west-1", Version: 2, Fabric: dc.Linux, Backbone: netip.MustParseAddr("192.0.2.1"),
	})
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { r := r1; return tx.PutRouter(&r) })
	taken(t, s, "id", func(tx *store.Tx) error { r := r2; r.Version = 0; return tx.PutRouter(&r) })
	update(t, s, func(tx *store.Tx) error {
		for _, r := range []string{router1, router2} {
			if err := tx.DeletePort(dc.PortID(r, "p1")); err != nil {
				return err
			}
			if err := tx.DeleteRouter(r); err != nil {
				return err
			}
		}
		return tx.DeleteLocation(location)
	})
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Router(router1); return err })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeleteRouter(router1) })
}
