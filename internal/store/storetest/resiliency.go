package storetest

import (
	"fmt"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var resiliencyTests = map[string]test{
	"ResiliencyRoundTrip": resiliencyRoundTrip,
	"ResiliencyFilters":   resiliencyFilters,
	"MemberRoundTrip":     memberRoundTrip,
	"MemberFilters":       memberFilters,
	"ClientTokens":        clientTokens,
}

func resiliencyGroup(n int) dc.ResiliencyGroup {
	return dc.ResiliencyGroup{ID: fmt.Sprintf("dxrg-%017d", n), Account: account, Region: region, State: dc.ResiliencyPending,
		Created: noon.Add(time.Duration(n) * time.Second), Name: "group"}
}

func putResiliencyGroup(tx *store.Tx, g *dc.ResiliencyGroup) error { return tx.PutResiliencyGroup(g) }

func resiliencyRoundTrip(t *testing.T, s *store.Store) {
	read := func(id string) func(tx *store.Tx) (dc.ResiliencyGroup, error) {
		return func(tx *store.Tx) (dc.ResiliencyGroup, error) { return tx.ResiliencyGroup(id) }
	}
	full := resiliencyGroup(9)
	full.State, full.Due, full.Deleted, full.Since = dc.ResiliencyDeleted, noon, noon.Add(time.Minute), noon
	full.Model, full.Tags = "high-resiliency", []dc.Tag{{Key: "k", Value: "v"}}
	for _, g := range save(t, s, putResiliencyGroup, full, resiliencyGroup(1)) {
		same(t, get(t, s, read(g.ID)), g)
		same(t, g.Version, int64(1))
	}
	stale := get(t, s, read(full.ID))
	next := resiliencyGroup(2)
	next.ID, next.Account, next.Region = full.ID, other, "eu-west-1"
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutResiliencyGroup(&next) })
	same(t, next.Version, int64(2))
	same(t, get(t, s, read(full.ID)), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { g := stale; return tx.PutResiliencyGroup(&g) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.ResiliencyGroup("x"); return err })
	taken(t, s, "id", func(tx *store.Tx) error { g := resiliencyGroup(1); return tx.PutResiliencyGroup(&g) })
	refused(t, s, "deleted without a time", func(tx *store.Tx) error {
		g := resiliencyGroup(3)
		g.State = dc.ResiliencyDeleted
		return tx.PutResiliencyGroup(&g)
	})
}

func resiliencyFilters(t *testing.T, s *store.Store) {
	set := func(n int, change func(g *dc.ResiliencyGroup)) dc.ResiliencyGroup {
		g := resiliencyGroup(n)
		change(&g)
		return g
	}
	save(t, s, putResiliencyGroup, resiliencyGroup(1),
		set(2, func(g *dc.ResiliencyGroup) { g.Account = other }),
		set(3, func(g *dc.ResiliencyGroup) { g.Region = "eu-west-1" }),
		set(4, func(g *dc.ResiliencyGroup) { g.State, g.Deleted = dc.ResiliencyDeleted, noon }),
		resiliencyGroup(5), resiliencyGroup(6))
	after := store.Cursor{Created: resiliencyGroup(1).Created, ID: resiliencyGroup(1).ID}
	for name, test := range map[string]struct {
		query store.ResiliencyGroupQuery
		want  string
	}{
		"account": {store.ResiliencyGroupQuery{Account: account}, "13456"},
		"Region":  {store.ResiliencyGroupQuery{Account: account, Region: region}, "1456"},
		"live":    {store.ResiliencyGroupQuery{Account: account, Region: region, LiveOnly: true}, "156"},
		"ended":   {store.ResiliencyGroupQuery{Account: account, Region: region, EndedAfter: noon}, "1456"},
		"late":    {store.ResiliencyGroupQuery{Account: account, Region: region, EndedAfter: noon.Add(time.Second)}, "156"},
		"page":    {store.ResiliencyGroupQuery{Account: account, Region: region, LiveOnly: true, After: after, Limit: 1}, "5"},
	} {
		all := get(t, s, func(tx *store.Tx) ([]dc.ResiliencyGroup, error) { return tx.ResiliencyGroups(test.query) })
		if got := ends(all, func(g dc.ResiliencyGroup) string { return g.ID }); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if test.query.Limit > 0 {
			continue
		}
		if n := get(t, s, func(tx *store.Tx) (int, error) { return tx.CountResiliencyGroups(test.query) }); n != len(test.want) {
			t.Errorf("%s: counted %d, want %d", name, n, len(test.want))
		}
	}
	refused(t, s, "a query that reads everything", func(tx *store.Tx) error {
		_, err := tx.ResiliencyGroups(store.ResiliencyGroupQuery{Region: region})
		return err
	})
}

func member(group, connection string) dc.ResiliencyMember {
	return dc.ResiliencyMember{GroupID: group, ConnectionID: connection, Region: region, Account: account, State: dc.MemberAssociating}
}

func putMember(tx *store.Tx, m *dc.ResiliencyMember) error { return tx.PutMember(m) }

func memberRoundTrip(t *testing.T, s *store.Store) {
	m := member("dxrg-1", "dxcon-1")
	m.Due, m.Since = noon.Add(time.Hour), noon
	m = save(t, s, putMember, m)[0]
	read := func(tx *store.Tx) (dc.ResiliencyMember, error) { return tx.Member("dxrg-1", "dxcon-1") }
	same(t, get(t, s, read), m)
	stale, next := m, member("dxrg-1", "dxcon-1")
	next.Region, next.Account, next.State = "eu-west-1", other, dc.MemberDisassociating
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutMember(&next) })
	same(t, next.Version, int64(2))
	same(t, get(t, s, read), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { m := stale; return tx.PutMember(&m) })
	taken(t, s, "member", func(tx *store.Tx) error { m := member("dxrg-1", "dxcon-1"); return tx.PutMember(&m) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Member("dxrg-1", "dxcon-2"); return err })
	update(t, s, func(tx *store.Tx) error { return tx.DeleteMember("dxrg-1", "dxcon-1") })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeleteMember("dxrg-1", "dxcon-1") })
}

func memberFilters(t *testing.T, s *store.Store) {
	save(t, s, putMember, member("dxrg-2", "dxcon-1"), member("dxrg-1", "dxcon-3"), member("dxrg-1", "dxcon-1"), member("dxrg-1", "dxcon-2"))
	for want, query := range map[string]store.MemberQuery{
		"11 12 13 ": {GroupID: "dxrg-1"},
		"11 21 ":    {ConnectionID: "dxcon-1"},
		"12 ":       {GroupID: "dxrg-1", ConnectionID: "dxcon-2"},
		"":          {GroupID: "dxrg-3"},
		"12 13 ":    {GroupID: "dxrg-1", After: store.MemberKey{GroupID: "dxrg-1", ConnectionID: "dxcon-1"}, Limit: 2},
		"21 ":       {ConnectionID: "dxcon-1", After: store.MemberKey{GroupID: "dxrg-1", ConnectionID: "dxcon-1"}, Limit: 2},
	} {
		got := ""
		for _, m := range get(t, s, func(tx *store.Tx) ([]dc.ResiliencyMember, error) { return tx.Members(query) }) {
			got += m.GroupID[5:] + m.ConnectionID[6:] + " "
		}
		if got != want {
			t.Errorf("%+v: got %q, want %q", query, got, want)
		}
		if query.Limit > 0 {
			continue
		}
		if n := get(t, s, func(tx *store.Tx) (int, error) { return tx.CountMembers(query) }); 3*n != len(want) {
			t.Errorf("%+v: counted %d", query, n)
		}
	}
	refused(t, s, "a query that reads everything", func(tx *store.Tx) error { _, err := tx.Members(store.MemberQuery{}); return err })
}

func clientTokens(t *testing.T, s *store.Store) {
	token := func(n int) store.ClientToken {
		return store.ClientToken{Account: account, Operation: "CreateResiliencyGroup", Token: fmt.Sprintf("token %d", n),
			RequestHash: "hash", AnswerID: fmt.Sprintf("dxrg-%d", n), Created: noon.Add(time.Duration(n) * time.Minute)}
	}
	put := func(tokens ...store.ClientToken) {
		update(t, s, func(tx *store.Tx) error {
			for _, one := range tokens {
				if err := tx.PutClientToken(one); err != nil {
					return err
				}
			}
			return nil
		})
	}
	read := func(one store.ClientToken) func(tx *store.Tx) (store.ClientToken, error) {
		return func(tx *store.Tx) (store.ClientToken, error) {
			return tx.ClientToken(one.Account, one.Operation, one.Token)
		}
	}
	others, elsewhere := token(1), token(1)
	others.Account, others.AnswerID = other, "another account's"
	elsewhere.Operation, elsewhere.AnswerID = "UpdateResiliencyGroup", "another operation's"
	put(token(1), token(2), token(3), others, elsewhere)
	for _, want := range []store.ClientToken{token(1), token(2), others, elsewhere} {
		same(t, get(t, s, read(want)), want)
	}
	used := token(3)
	used.RequestHash, used.AnswerID, used.Created = "another", "dxrg-9", noon.Add(time.Hour)
	put(used) // in place of the earlier use
	same(t, get(t, s, read(used)), used)
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := read(token(4))(tx); return err })
	purge := func() (n int) {
		update(t, s, func(tx *store.Tx) (err error) { n, err = tx.PurgeClientTokens(noon.Add(time.Hour), 3); return err })
		return n
	}
	same(t, purge(), 3)
	same(t, purge(), 1)
	same(t, purge(), 0)
	same(t, get(t, s, read(used)), used)
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := read(token(1))(tx); return err })
}
