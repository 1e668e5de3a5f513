package storetest

import (
	"errors"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var connectionTests = map[string]test{
	"ConnectionRoundTrip":     connectionRoundTrip,
	"ConnectionCompareSwap":   connectionCompareSwap,
	"ConnectionUnique":        connectionUnique,
	"ConnectionRefused":       connectionRefused,
	"ConnectionFilters":       connectionFilters,
	"ConnectionPages":         connectionPages,
	"ConnectionOrderBytewise": connectionOrderBytewise,
	"RouterUse":               routerUse,
}

func readConnection(id string) func(tx *store.Tx) (dc.Connection, error) {
	return func(tx *store.Tx) (dc.Connection, error) { return tx.Connection(id) }
}

func connectionRoundTrip(t *testing.T, s *store.Store) {
	plain := dedicated(1)
	for _, c := range put(t, s, fullConnection(), plain) {
		if c.Version != 1 {
			t.Errorf("%s has version %d after its insert", c.ID, c.Version)
		}
		same(t, get(t, s, readConnection(c.ID)), c)
	}
	err := s.View(t.Context(), func(tx *store.Tx) error { _, err := tx.Connection("dxcon-zzzzzzzz"); return err })
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown ID: %v", err)
	}
}

func connectionCompareSwap(t *testing.T, s *store.Store) {
	c := put(t, s, dedicated(1))[0]
	stale := c
	changed := fullConnection()
	changed.ID, changed.Version = c.ID, c.Version
	update(t, s, func(tx *store.Tx) error { changed.Version = 1; return tx.PutConnection(&changed) })
	if changed.Version != 2 {
		t.Errorf("version %d after the second save", changed.Version)
	}
	same(t, get(t, s, readConnection(c.ID)), changed)
	runs := 0
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { runs++; c := stale; return tx.PutConnection(&c) })
	if runs < 2 {
		t.Errorf("a conflict made Update run its function %d times", runs)
	}
	same(t, get(t, s, readConnection(c.ID)), changed)
	gone := with(dedicated(9), func(c *dc.Connection) { c.Version = 1 })
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { c := gone; return tx.PutConnection(&c) })
}

func hosted(n int, parent string, vlan int32) dc.Connection {
	return with(dedicated(n), func(c *dc.Connection) {
		c.Kind, c.ParentID, c.VLAN, c.Partner, c.State = dc.Hosted, parent, vlan, other, dc.ConnectionOrdering
	})
}

func connectionUnique(t *testing.T, s *store.Store) {
	first := put(t, s, dedicated(1), hosted(2, "dxcon-parent01", 100))[1]
	insert := func(c dc.Connection) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { c := c; return tx.PutConnection(&c) }
	}
	taken(t, s, "id", insert(dedicated(1)))
	taken(t, s, "vlan", insert(hosted(3, "dxcon-parent01", 100)))
	put(t, s, hosted(4, "dxcon-parent01", 101), hosted(5, "dxcon-parent02", 100))
	taken(t, s, "vlan", func(tx *store.Tx) error {
		c, err := tx.Connection("dxcon-00000004")
		if err != nil {
			return err
		}
		c.VLAN = 100
		return tx.PutConnection(&c)
	})
	// What has ended no longer has its VLAN.
	update(t, s, func(tx *store.Tx) error {
		c := first
		c.State, c.Deleted = dc.ConnectionRejected, noon
		return tx.PutConnection(&c)
	})
	put(t, s, hosted(6, "dxcon-parent01", 100))
	// A constraint ends the transaction, whatever the function makes of it.
	taken(t, s, "id", func(tx *store.Tx) error {
		c, d := dedicated(1), dedicated(7)
		if err := tx.PutConnection(&c); err == nil {
			t.Error("a second row with the same ID was taken")
		}
		_ = tx.PutConnection(&d)
		return nil
	})
	same(t, ids(get(t, s, connections(store.ConnectionQuery{Account: account, Kinds: []dc.ConnectionKind{dc.Dedicated}}))), []string{"dxcon-00000001"})
}

// A row that purging and listing could not understand is not taken.
func connectionRefused(t *testing.T, s *store.Store) {
	for name, c := range map[string]dc.Connection{
		"deleted without a time": with(dedicated(1), func(c *dc.Connection) { c.State = dc.ConnectionDeleted }),
		"live with a time":       with(dedicated(1), func(c *dc.Connection) { c.Deleted = noon }),
		"control character":      with(dedicated(1), func(c *dc.Connection) { c.Router = "a\x1fb" }),
	} {
		if err := s.Update(t.Context(), func(tx *store.Tx) error { c := c; return tx.PutConnection(&c) }); err == nil {
			t.Errorf("%s was saved", name)
		}
	}
	for _, q := range []store.ConnectionQuery{{}, {LiveOnly: true, Limit: 1}} {
		if err := s.View(t.Context(), func(tx *store.Tx) error { _, err := tx.Connections(q); return err }); err == nil {
			t.Errorf("%+v was answered: it reads everything", q)
		}
	}
}

func connections(q store.ConnectionQuery) func(tx *store.Tx) ([]dc.Connection, error) {
	return func(tx *store.Tx) ([]dc.Connection, error) { return tx.Connections(q) }
}

func connectionFilters(t *testing.T, s *store.Store) {
	set := func(n int, change func(c *dc.Connection)) dc.Connection { return with(dedicated(n), change) }
	put(t, s,
		dedicated(1),
		set(2, func(c *dc.Connection) { c.Account = other }),
		set(3, func(c *dc.Connection) { c.Region = "eu-west-1" }),
		set(4, func(c *dc.Connection) { c.Location = "LD5" }),
		set(5, func(c *dc.Connection) { c.LagID = "dxlag-00000001" }),
		set(6, func(c *dc.Connection) { c.Kind = dc.Interconnect; c.Router = router2 }),
		hosted(7, "dxcon-00000006", 7),
		set(8, func(c *dc.Connection) { c.State, c.Deleted = dc.ConnectionDeleted, noon }),
		set(9, func(c *dc.Connection) { c.State, c.Deleted = dc.ConnectionRejected, noon.Add(time.Hour) }),
	)
	for name, test := range map[string]struct {
		query store.ConnectionQuery
		want  string // last digits
	}{
		"account":        {store.ConnectionQuery{Account: account}, "13456789"},
		"other account":  {store.ConnectionQuery{Account: other}, "2"},
		"region":         {store.ConnectionQuery{Region: "eu-west-1"}, "3"},
		"both":           {store.ConnectionQuery{Account: account, Region: region}, "1456789"},
		"location":       {store.ConnectionQuery{Location: "LD5"}, "4"},
		"LAG":            {store.ConnectionQuery{LagID: "dxlag-00000001"}, "5"},
		"parent":         {store.ConnectionQuery{ParentID: "dxcon-00000006"}, "7"},
		"partner":        {store.ConnectionQuery{Partner: other}, "7"},
		"router":         {store.ConnectionQuery{Router: router2}, "6"},
		"kind":           {store.ConnectionQuery{Account: account, Kinds: []dc.ConnectionKind{dc.Interconnect}}, "6"},
		"kinds":          {store.ConnectionQuery{Account: account, Kinds: []dc.ConnectionKind{dc.Interconnect, dc.Hosted}}, "67"},
		"live":           {store.ConnectionQuery{Account: account, LiveOnly: true}, "134567"},
		"ended after":    {store.ConnectionQuery{Account: account, EndedAfter: noon.Add(time.Minute)}, "1345679"},
		"ended then":     {store.ConnectionQuery{Account: account, EndedAfter: noon}, "13456789"},
		"limit":          {store.ConnectionQuery{Account: account, Limit: 2}, "13"},
		"after":          {store.ConnectionQuery{Account: account, After: store.Cursor{Created: noon.Add(7 * time.Second), ID: "dxcon-00000007"}}, "89"},
		"nothing":        {store.ConnectionQuery{Account: "000000000000"}, ""},
		"all at once":    {store.ConnectionQuery{Account: account, Region: region, Location: location, Router: router1, LiveOnly: true, Limit: 2}, "15"},
		"no such router": {store.ConnectionQuery{Account: account, Router: "x"}, ""},
	} {
		got := ""
		for _, id := range ids(get(t, s, connections(test.query))) {
			got += id[len(id)-1:]
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if test.query.Limit > 0 || test.query.After.ID != "" {
			continue
		}
		if n := get(t, s, func(tx *store.Tx) (int, error) { return tx.CountConnections(test.query) }); n != len(test.want) {
			t.Errorf("%s: counted %d, want %d", name, n, len(test.want))
		}
	}
}

// Pages join to the whole list, also when many were created at the same moment.
func connectionPages(t *testing.T, s *store.Store) {
	var all []dc.Connection
	for n := range 50 {
		all = append(all, with(dedicated(n), func(c *dc.Connection) { c.Created = noon.Add(time.Duration(n/7) * time.Microsecond) }))
	}
	put(t, s, all...)
	q := store.ConnectionQuery{Account: account, Region: region, Limit: 8}
	var got []dc.Connection
	for {
		page := get(t, s, connections(q))
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
		last := page[len(page)-1]
		q.After = store.Cursor{Created: last.Created, ID: last.ID}
	}
	same(t, got, all)
}

// The order of texts is that of their bytes, whatever the database's language.
func connectionOrderBytewise(t *testing.T, s *store.Store) {
	var all []dc.Connection
	for _, id := range []string{"-", "A", "B", "_", "a", "b"} {
		all = append(all, with(dedicated(0), func(c *dc.Connection) { c.ID = id }))
	}
	put(t, s, all...)
	same(t, get(t, s, connections(store.ConnectionQuery{Account: account})), all)
	same(t, ids(get(t, s, connections(store.ConnectionQuery{Account: account, After: store.Cursor{Created: noon, ID: "B"}}))), []string{"_", "a", "b"})
}

func routerUse(t *testing.T, s *store.Store) {
	inventory(t, s, 1)
	put(t, s, dedicated(1), dedicated(2),
		with(dedicated(3), func(c *dc.Connection) { c.Kind, c.Router = dc.Interconnect, router2 }),
		hosted(4, "dxcon-00000003", 4),
		with(dedicated(5), func(c *dc.Connection) { c.State, c.Deleted = dc.ConnectionDeleted, noon }),
		with(dedicated(6), func(c *dc.Connection) { c.Account = other }),
		with(dedicated(7), func(c *dc.Connection) { c.Region, c.Router = "eu-west-1", "DE2-1" }), // a router is of one place
		with(dedicated(8), func(c *dc.Connection) { c.Location, c.Router = "LD5", "LD5-1" }))
	use := get(t, s, func(tx *store.Tx) (map[string]int, error) { return tx.RouterUse(account, region, location) })
	same(t, use, map[string]int{router1: 2, router2: 1})
	site := get(t, s, func(tx *store.Tx) (store.Site, error) { return tx.Site(account, location, 10) })
	l := get(t, s, func(tx *store.Tx) (dc.Location, error) { return tx.Location(location) })
	same(t, site, store.Site{Location: l, Routers: []string{router1, router2}, Use: use})
	site = get(t, s, func(tx *store.Tx) (store.Site, error) { return tx.Site(account, location, 1) })
	same(t, site.Use, map[string]int{router1: 1, router2: 1})
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Site(account, "nowhere", 1); return err })
}
