package storetest

import (
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var trafficDueTests = map[string]test{
	"NextDueOfEach":   nextDueOfEach,
	"ClaimInterfaces": claimInterfaces,
	"ClaimEach":       claimEach,
	"PurgeEach":       purgeEach,
	"PurgeInterfaces": purgeInterfaces,
}

// Every noun with a due time is heard of.
func nextDueOfEach(t *testing.T, s *store.Store) {
	next := func() time.Time { return get(t, s, func(tx *store.Tx) (time.Time, error) { return tx.NextDue() }) }
	at := noon
	for _, put := range []func(tx *store.Tx) error{
		func(tx *store.Tx) error { v := private(1); v.Due = at; return tx.PutInterface(&v) },
		func(tx *store.Tx) error { g := gateway(1); g.Due = at; return tx.PutGateway(&g) },
		func(tx *store.Tx) error { a := association(1, "x"); a.Due = at; return tx.PutAssociation(&a) },
		func(tx *store.Tx) error { p := proposal(1); p.Due = at; return tx.PutProposal(&p) },
		func(tx *store.Tx) error { g := resiliencyGroup(1); g.Due = at; return tx.PutResiliencyGroup(&g) },
		func(tx *store.Tx) error { m := member("a", "b"); m.Due = at; return tx.PutMember(&m) },
	} {
		at = at.Add(-time.Second)
		update(t, s, put)
		same(t, next(), at)
	}
}

func claimInterfaces(t *testing.T, s *store.Store) {
	due := func(n int, at time.Time) dc.VirtualInterface {
		return changed(private(n), func(v *dc.VirtualInterface) { v.Due = at })
	}
	lease := noon.Add(time.Minute)
	all := save(t, s, putInterface, due(1, noon), due(2, noon.Add(-time.Hour)), due(3, noon.Add(time.Microsecond)), private(4), due(5, noon))
	claim := func(now, lease time.Time) (got []dc.VirtualInterface) {
		update(t, s, func(tx *store.Tx) (err error) { got, err = tx.ClaimDueInterfaces(now, lease, 2); return err })
		return got
	}
	same(t, claim(noon, lease), []dc.VirtualInterface{all[1], all[0]}) // the longest due first, as they were
	same(t, claim(noon, lease), []dc.VirtualInterface{all[4]})
	same(t, claim(noon, lease), []dc.VirtualInterface(nil))
	same(t, get(t, s, readInterface(all[0].ID)), changed(all[0], func(v *dc.VirtualInterface) { v.Due = lease })) // the same version
	same(t, interfaceEnds(claim(lease, lease.Add(time.Minute))), "31")
}

// claimed checks one noun's claim: of what is saved the first is due, the others are not.
func claimed[T any](t *testing.T, s *store.Store, claim func(tx *store.Tx, now, lease time.Time, limit int) ([]T, error), saved []T) {
	t.Helper()
	lease := noon.Add(time.Minute)
	for _, step := range []struct {
		now  time.Time
		want int
	}{{noon.Add(-time.Microsecond), 0}, {noon, 1}, {noon, 0}, {lease.Add(-time.Microsecond), 0}, {lease, 1}} {
		var got []T
		update(t, s, func(tx *store.Tx) (err error) {
			got, err = claim(tx, step.now, step.now.Add(time.Minute), 10)
			return err
		})
		if len(got) != step.want {
			t.Fatalf("claimed %d at %v, want %d", len(got), step.now, step.want)
		}
		if step.now.Equal(noon) && step.want == 1 {
			same(t, got, saved[:1])
		}
	}
}

func claimEach(t *testing.T, s *store.Store) {
	later := noon.Add(24 * time.Hour)
	g1, g2 := gateway(1), gateway(2)
	g1.Due, g2.Due = noon, later
	claimed(t, s, (*store.Tx).ClaimDueGateways, save(t, s, putGateway, g1, g2, gateway(3)))
	a1, a2 := association(1, "a"), association(2, "b")
	a1.Due, a2.Due = noon, later
	claimed(t, s, (*store.Tx).ClaimDueAssociations, save(t, s, putAssociation, a1, a2, association(3, "c")))
	p1, p2 := proposal(1), proposal(2)
	p1.Due, p2.Due = noon, later
	claimed(t, s, (*store.Tx).ClaimDueProposals, save(t, s, putProposal, p1, p2, proposal(3)))
	r1, r2 := resiliencyGroup(1), resiliencyGroup(2)
	r1.Due, r2.Due = noon, later
	claimed(t, s, (*store.Tx).ClaimDueResiliencyGroups, save(t, s, putResiliencyGroup, r1, r2, resiliencyGroup(3)))
	m1, m2 := member("a", "a"), member("a", "b")
	m1.Due, m2.Due = noon, later
	claimed(t, s, (*store.Tx).ClaimDueMembers, save(t, s, putMember, m1, m2, member("a", "c")))
}

func purgeEach(t *testing.T, s *store.Store) {
	g, a, r := gateway(1), association(1, "x"), resiliencyGroup(1)
	g.State, g.Deleted = dc.GatewayDeleted, noon
	a.State, a.Deleted = dc.Disassociated, noon
	r.State, r.Deleted = dc.ResiliencyDeleted, noon
	save(t, s, putGateway, g, gateway(2))
	save(t, s, putAssociation, a, association(2, "x"))
	save(t, s, putResiliencyGroup, r, resiliencyGroup(2))
	save(t, s, putMember, member(r.ID, "dxcon-1"), member(resiliencyGroup(2).ID, "dxcon-1"))
	save(t, s, putInterface, gone(private(1), noon))
	purge := func(before time.Time) (n int) {
		update(t, s, func(tx *store.Tx) (err error) { n, err = tx.PurgeDeleted(before, 10); return err })
		return n
	}
	same(t, purge(noon), 0)
	same(t, purge(noon.Add(time.Microsecond)), 3)
	for what, f := range map[string]func(tx *store.Tx) error{
		"gateway":     func(tx *store.Tx) error { _, err := tx.Gateway(g.ID); return err },
		"association": func(tx *store.Tx) error { _, err := tx.Association(a.ID); return err },
		"group":       func(tx *store.Tx) error { _, err := tx.ResiliencyGroup(r.ID); return err },
		"member":      func(tx *store.Tx) error { _, err := tx.Member(r.ID, "dxcon-1"); return err },
	} {
		t.Run(what, func(t *testing.T) { fails(t, s, store.ErrNotFound, f) })
	}
	for _, f := range []func(tx *store.Tx) error{ // what has not ended, and what has a time of its own, is still there
		func(tx *store.Tx) error { _, err := tx.Gateway(gateway(2).ID); return err },
		func(tx *store.Tx) error { _, err := tx.Association(association(2, "x").ID); return err },
		func(tx *store.Tx) error { _, err := tx.ResiliencyGroup(resiliencyGroup(2).ID); return err },
		func(tx *store.Tx) error { _, err := tx.Member(resiliencyGroup(2).ID, "dxcon-1"); return err },
		func(tx *store.Tx) error { _, err := tx.Interface(private(1).ID); return err },
	} {
		update(t, s, f)
	}
}

func purgeInterfaces(t *testing.T, s *store.Store) {
	save(t, s, putInterface, private(1), gone(private(2), noon.Add(-time.Hour)), gone(private(3), noon.Add(-2*time.Hour)), gone(private(4), noon),
		gone(private(5), noon.Add(-3*time.Hour)))
	purge := func() (n int) {
		update(t, s, func(tx *store.Tx) (err error) { n, err = tx.PurgeDeletedInterfaces(noon, 2); return err })
		return n
	}
	left := func() string {
		return interfaceEnds(get(t, s, func(tx *store.Tx) ([]dc.VirtualInterface, error) {
			return tx.Interfaces(store.InterfaceQuery{Account: account})
		}))
	}
	same(t, purge(), 2) // those that ended first
	same(t, left(), "124")
	same(t, purge(), 1)
	same(t, purge(), 0)
	same(t, left(), "14")
}
