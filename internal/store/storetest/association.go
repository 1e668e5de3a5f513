package storetest

import (
	"fmt"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var associationTests = map[string]test{
	"AssociationRoundTrip": associationRoundTrip,
	"AssociationUnique":    associationUnique,
	"AssociationFilters":   associationFilters,
}

func association(n int, far string) dc.Association {
	return dc.Association{ID: fmt.Sprintf("00000000-0000-4000-9000-%012d", n), GatewayID: "gateway", GatewayOwner: account, FarID: far,
		State: dc.Associating, Created: noon.Add(time.Duration(n) * time.Second),
		Far: dc.Far{Kind: dc.VirtualPrivateGateway, Account: account, Region: region, ASN: 64512}}
}

func putAssociation(tx *store.Tx, a *dc.Association) error { return tx.PutAssociation(a) }

func associationRoundTrip(t *testing.T, s *store.Store) {
	read := func(id string) func(tx *store.Tx) (dc.Association, error) {
		return func(tx *store.Tx) (dc.Association, error) { return tx.Association(id) }
	}
	full := dc.Association{ID: "ffffffff", GatewayID: "g", GatewayOwner: account, FarID: "tgw-1", State: dc.Disassociated, Created: noon,
		Due: noon.Add(time.Hour), Deleted: noon.Add(time.Minute), Allowed: []string{"10.0.0.0/8"}, Since: noon, Error: "error",
		Far: dc.Far{Kind: dc.TransitGateway, Account: other, Region: region, ASN: 65000, CIDRs: []string{"10.0.0.0/16"}}}
	for _, a := range save(t, s, putAssociation, full, association(1, "vgw-1")) {
		same(t, get(t, s, read(a.ID)), a)
		same(t, a.Version, int64(1))
	}
	stale := get(t, s, read(full.ID))
	next := association(2, "vgw-2")
	next.ID, next.GatewayID, next.GatewayOwner = full.ID, "other gateway", other
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutAssociation(&next) })
	same(t, next.Version, int64(2))
	same(t, get(t, s, read(full.ID)), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { a := stale; return tx.PutAssociation(&a) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Association("x"); return err })
	taken(t, s, "id", func(tx *store.Tx) error { a := association(1, "vgw-3"); return tx.PutAssociation(&a) })
	refused(t, s, "live with a deletion time", func(tx *store.Tx) error {
		a := association(3, "vgw-3")
		a.Deleted = noon
		return tx.PutAssociation(&a)
	})
}

// Two gateways have one live association.
func associationUnique(t *testing.T, s *store.Store) {
	first := save(t, s, putAssociation, association(1, "vgw-1"), association(2, "vgw-2"))[0]
	again := func(tx *store.Tx) error { a := association(3, "vgw-1"); return tx.PutAssociation(&a) }
	taken(t, s, "association", again)
	update(t, s, func(tx *store.Tx) error {
		a := first
		a.State, a.Deleted = dc.Disassociated, noon
		return tx.PutAssociation(&a)
	})
	update(t, s, again)
}

func associationFilters(t *testing.T, s *store.Store) {
	set := func(n int, change func(a *dc.Association)) dc.Association {
		a := association(n, fmt.Sprintf("vgw-%d", n))
		change(&a)
		return a
	}
	save(t, s, putAssociation,
		set(1, func(*dc.Association) {}),
		set(2, func(a *dc.Association) { a.GatewayID = "second" }),
		set(3, func(a *dc.Association) { a.Far.Account = other }),
		set(4, func(a *dc.Association) { a.GatewayOwner, a.GatewayID = other, "third" }),
		set(5, func(a *dc.Association) { a.GatewayOwner, a.Far.Account = other, other }),
		set(6, func(a *dc.Association) { a.State, a.Deleted = dc.Disassociated, noon }))
	after := store.Cursor{Created: association(3, "").Created, ID: association(3, "").ID}
	for name, test := range map[string]struct {
		query store.AssociationQuery
		want  string
	}{
		"gateway":        {store.AssociationQuery{GatewayID: "gateway"}, "1356"},
		"far side":       {store.AssociationQuery{FarID: "vgw-2"}, "2"},
		"both":           {store.AssociationQuery{GatewayID: "gateway", FarID: "vgw-2"}, ""},
		"party":          {store.AssociationQuery{Party: account}, "12346"},
		"other party":    {store.AssociationQuery{Party: other}, "345"},
		"gateway, party": {store.AssociationQuery{GatewayID: "gateway", Party: other}, "35"},
		"live":           {store.AssociationQuery{Party: account, LiveOnly: true}, "1234"},
		"page":           {store.AssociationQuery{Party: account, After: after, Limit: 1}, "4"},
	} {
		all := get(t, s, func(tx *store.Tx) ([]dc.Association, error) { return tx.Associations(test.query) })
		if got := ends(all, func(a dc.Association) string { return a.ID }); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
	refused(t, s, "a query that reads everything", func(tx *store.Tx) error {
		_, err := tx.Associations(store.AssociationQuery{LiveOnly: true})
		return err
	})
}
