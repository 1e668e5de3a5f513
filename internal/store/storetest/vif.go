package storetest

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var interfaceTests = map[string]test{
	"InterfaceRoundTrip":   interfaceRoundTrip,
	"InterfaceCompareSwap": interfaceCompareSwap,
	"InterfaceUnique":      interfaceUnique,
	"InterfaceRefused":     interfaceRefused,
	"InterfaceFilters":     interfaceFilters,
	"InterfacePages":       interfacePages,
	"InterfaceWake":        interfaceWake,
	"InterfacesCarried":    interfacesCarried,
}

const (
	parent1 = "dxcon-parent01"
	parent2 = "dxlag-parent02"
)

// private is a live interface on a parent with a VLAN of its own; n, up to 4094, tells them apart and orders them by creation.
func private(n int) dc.VirtualInterface {
	v := dc.VirtualInterface{
		ID: fmt.Sprintf("dxvif-%08d", n), Account: account, ParentID: parent1, ConnectionOwner: account, Region: region,
		Location: location, Router: router1, Type: dc.Private, State: dc.InterfacePending, VLAN: int32(n),
		Created: noon.Add(time.Duration(n) * time.Second), Name: fmt.Sprintf("interface %d", n), AmazonASN: 64512, MTU: 1500,
		VirtualGatewayID: "vgw-0123456789abcdef0", Since: noon,
	}
	v.Peers = []dc.BGPPeer{peer(n, fmt.Sprintf("169.254.%d.%d/30", n/64, n%64*4+1))}
	return v
}

func peer(n int, amazon string) dc.BGPPeer {
	return dc.BGPPeer{ID: fmt.Sprintf("dxpeer-%08d", n), Family: dc.IPv4, ASN: 65000, Key: "sealed",
		Amazon: netip.MustParsePrefix(amazon), Customer: netip.MustParsePrefix(amazon), State: dc.PeerPending}
}

// fullInterface has every field set.
func fullInterface() dc.VirtualInterface {
	return dc.VirtualInterface{
		ID: "dxvif-ffffffff", Account: other, ParentID: parent2, ConnectionOwner: account, Region: "eu-west-1", Location: "LD5",
		Router: router2, Type: dc.Transit, State: dc.InterfaceDeleted, VLAN: 4094, GatewayID: "5f294f92-bafb-4011-916d-9b0bdcf0a8fe",
		Created: noon, Due: noon.Add(time.Hour), Deleted: noon.Add(time.Minute),
		Name: `a "name" with \ < & > é 漢 ` + "\u2028", VirtualGatewayID: "vgw-1", AmazonASN: 4294967294, MTU: 8500, SiteLink: true,
		RouteFilter: []string{"203.0.113.0/24", "2001:db8::/32"}, RateLimit: "1.2Gbps", PoolIPv4: 10, PoolIPv6: 20,
		Tags: []dc.Tag{{Key: "k", Value: "v"}, {Key: "empty"}}, Hosted: true, Since: noon, Verified: noon, TestID: "test", Drained: "mnt-ffabc123",
		Accepted: math.MaxUint64, Offered: 1, Reason: "reason",
		Peers: []dc.BGPPeer{
			{ID: "dxpeer-1", Family: dc.IPv4, ASN: 65000, Key: "sealed", Amazon: netip.MustParsePrefix("169.254.0.1/30"),
				Customer: netip.MustParsePrefix("169.254.0.2/30"), State: dc.PeerDeleted, Reason: "reason", Held: noon},
			{ID: "dxpeer-2", Family: dc.IPv6, ASN: 4200000000, Key: "sealed", Amazon: netip.MustParsePrefix("fd00:7224::1/125"),
				Customer: netip.MustParsePrefix("fd00:7224::6/125"), State: dc.PeerDeleted, Up: true, Readable: true},
		},
	}
}

func putInterface(tx *store.Tx, v *dc.VirtualInterface) error { return tx.PutInterface(v) }

func readInterface(id string) func(tx *store.Tx) (dc.VirtualInterface, error) {
	return func(tx *store.Tx) (dc.VirtualInterface, error) { return tx.Interface(id) }
}

func changed(v dc.VirtualInterface, change func(v *dc.VirtualInterface)) dc.VirtualInterface {
	change(&v)
	return v
}

func gone(v dc.VirtualInterface, at time.Time) dc.VirtualInterface {
	v.State, v.Deleted = dc.InterfaceDeleted, at
	return v
}

func interfaceEnds(all []dc.VirtualInterface) string {
	return ends(all, func(v dc.VirtualInterface) string { return v.ID })
}

func interfaceRoundTrip(t *testing.T, s *store.Store) {
	for _, v := range save(t, s, putInterface, fullInterface(), private(1), changed(private(2), func(v *dc.VirtualInterface) { v.Peers = nil })) {
		if v.Version != 1 {
			t.Errorf("%s has version %d after its insert", v.ID, v.Version)
		}
		same(t, get(t, s, readInterface(v.ID)), v)
	}
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Interface("dxvif-zzzzzzzz"); return err })
}

func interfaceCompareSwap(t *testing.T, s *store.Store) {
	stale := save(t, s, putInterface, private(1))[0]
	next := fullInterface()
	next.ID = stale.ID
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutInterface(&next) })
	if next.Version != 2 {
		t.Errorf("version %d after the second save", next.Version)
	}
	same(t, get(t, s, readInterface(stale.ID)), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { v := stale; return tx.PutInterface(&v) })
	same(t, get(t, s, readInterface(stale.ID)), next)
}

func interfaceUnique(t *testing.T, s *store.Store) {
	insert := func(v dc.VirtualInterface) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { v := v; return tx.PutInterface(&v) }
	}
	on := func(n int, parent string, vlan int32) dc.VirtualInterface {
		return changed(private(n), func(v *dc.VirtualInterface) { v.ParentID, v.VLAN = parent, vlan })
	}
	first := save(t, s, putInterface, on(1, parent1, 100), on(2, parent1, 101), on(3, parent2, 100))[0]
	taken(t, s, "id", insert(on(1, "dxcon-parent03", 100)))
	taken(t, s, "vlan", insert(on(4, parent1, 100)))
	taken(t, s, "vlan", func(tx *store.Tx) error {
		v, err := tx.Interface("dxvif-00000002")
		if err != nil {
			return err
		}
		v.VLAN = 100
		return tx.PutInterface(&v)
	})
	// What has ended no longer has its VLAN.
	update(t, s, func(tx *store.Tx) error { v := gone(first, noon); return tx.PutInterface(&v) })
	save(t, s, putInterface, on(5, parent1, 100))
}

// A row that purging and listing could not understand is not taken, and no query reads everything.
func interfaceRefused(t *testing.T, s *store.Store) {
	for what, v := range map[string]dc.VirtualInterface{
		"deleted without a time": changed(private(1), func(v *dc.VirtualInterface) { v.State = dc.InterfaceRejected }),
		"live with a time":       changed(private(1), func(v *dc.VirtualInterface) { v.Deleted = noon }),
		"control character":      changed(private(1), func(v *dc.VirtualInterface) { v.Router = "a\x1fb" }),
	} {
		refused(t, s, what, func(tx *store.Tx) error { v := v; return tx.PutInterface(&v) })
	}
	for _, q := range []store.InterfaceQuery{{}, {Region: region}, {LiveOnly: true, Limit: 1}} {
		what := fmt.Sprintf("%+v, which reads everything,", q)
		refused(t, s, what, func(tx *store.Tx) error { _, err := tx.Interfaces(q); return err })
		refused(t, s, what, func(tx *store.Tx) error { _, err := tx.CountInterfaces(q); return err })
		refused(t, s, what, func(tx *store.Tx) error { _, err := tx.WakeInterfaces(q, noon); return err })
	}
}

func interfaceFilters(t *testing.T, s *store.Store) {
	set := func(n int, change func(v *dc.VirtualInterface)) dc.VirtualInterface {
		return changed(private(n), change)
	}
	save(t, s, putInterface,
		private(1),
		set(2, func(v *dc.VirtualInterface) { v.Account, v.ConnectionOwner = other, other }),
		set(3, func(v *dc.VirtualInterface) { v.Region = "eu-west-1" }),
		set(4, func(v *dc.VirtualInterface) { v.ParentID, v.Router = parent2, router2 }),
		set(5, func(v *dc.VirtualInterface) { v.GatewayID = "gateway" }),
		set(6, func(v *dc.VirtualInterface) { v.Account = other }),         // allocated by account for other
		set(7, func(v *dc.VirtualInterface) { v.ConnectionOwner = other }), // the other way round
		gone(private(8), noon),
		gone(private(9), noon.Add(time.Hour)),
	)
	for name, test := range map[string]struct {
		query store.InterfaceQuery
		want  string // last digits
	}{
		"account":          {store.InterfaceQuery{Account: account}, "1345789"},
		"other account":    {store.InterfaceQuery{Account: other}, "26"},
		"account, Region":  {store.InterfaceQuery{Account: account, Region: region}, "145789"},
		"connection owner": {store.InterfaceQuery{ConnectionOwner: other}, "27"},
		"owners":           {store.InterfaceQuery{Account: other, ConnectionOwner: account}, "6"},
		"party":            {store.InterfaceQuery{Party: account}, "13456789"},
		"other party":      {store.InterfaceQuery{Party: other, Region: region}, "267"},
		"party, account":   {store.InterfaceQuery{Party: other, Account: account}, "7"},
		"parent":           {store.InterfaceQuery{ParentID: parent2}, "4"},
		"parent, party":    {store.InterfaceQuery{ParentID: parent1, Party: other}, "267"},
		"parent, account":  {store.InterfaceQuery{ParentID: parent1, Account: other}, "26"},
		"parent, owner":    {store.InterfaceQuery{ParentID: parent1, ConnectionOwner: other}, "27"},
		"gateway":          {store.InterfaceQuery{GatewayID: "gateway"}, "5"},
		"router":           {store.InterfaceQuery{Router: router2}, "4"},
		"router, Region":   {store.InterfaceQuery{Router: router1, Region: "eu-west-1"}, "3"},
		"live":             {store.InterfaceQuery{Account: account, LiveOnly: true}, "13457"},
		"live party":       {store.InterfaceQuery{Party: account, LiveOnly: true}, "134567"},
		"ended after":      {store.InterfaceQuery{Party: account, EndedAfter: noon.Add(time.Minute)}, "1345679"},
		"ended then":       {store.InterfaceQuery{ParentID: parent1, EndedAfter: noon}, "12356789"},
		"limit":            {store.InterfaceQuery{Party: other, Limit: 2}, "26"},
		"after":            {store.InterfaceQuery{Party: other, After: store.Cursor{Created: noon.Add(2 * time.Second), ID: "dxvif-00000002"}, Limit: 2}, "67"},
		"nothing":          {store.InterfaceQuery{Party: "000000000000"}, ""},
	} {
		got := interfaceEnds(get(t, s, func(tx *store.Tx) ([]dc.VirtualInterface, error) { return tx.Interfaces(test.query) }))
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if test.query.Limit > 0 {
			continue
		}
		if n := get(t, s, func(tx *store.Tx) (int, error) { return tx.CountInterfaces(test.query) }); n != len(test.want) {
			t.Errorf("%s: counted %d, want %d", name, n, len(test.want))
		}
	}
}

// Pages join to the whole list, also when many were created at the same moment and some are another account's.
func interfacePages(t *testing.T, s *store.Store) {
	var all []dc.VirtualInterface
	for n := range 50 {
		all = append(all, changed(private(n+1), func(v *dc.VirtualInterface) {
			v.Created = noon.Add(time.Duration(n/7) * time.Microsecond)
			if n%3 == 0 {
				v.Account = other
			}
		}))
	}
	all = save(t, s, putInterface, all...)
	q := store.InterfaceQuery{Party: account, Region: region, Limit: 8}
	var got []dc.VirtualInterface
	for {
		page := get(t, s, func(tx *store.Tx) ([]dc.VirtualInterface, error) { return tx.Interfaces(q) })
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
		last := page[len(page)-1]
		q.After = store.Cursor{Created: last.Created, ID: last.ID}
	}
	same(t, got, all)
}

// A wake makes live interfaces due and moves their versions, so that whoever saves what was seen before it is told.
func interfaceWake(t *testing.T, s *store.Store) {
	due := func(n int, at time.Time) dc.VirtualInterface {
		return changed(private(n), func(v *dc.VirtualInterface) { v.Due = at })
	}
	all := save(t, s, putInterface, private(1), due(2, noon.Add(time.Hour)), due(3, noon.Add(-time.Hour)), gone(private(4), noon),
		changed(private(5), func(v *dc.VirtualInterface) { v.ParentID = parent2 }),
		changed(private(6), func(v *dc.VirtualInterface) { v.Account = other }))
	wake := func(q store.InterfaceQuery) (n int) {
		update(t, s, func(tx *store.Tx) (err error) { n, err = tx.WakeInterfaces(q, noon); return err })
		return n
	}
	same(t, wake(store.InterfaceQuery{ParentID: parent1}), 3)
	same(t, wake(store.InterfaceQuery{ParentID: parent1}), 0)
	same(t, wake(store.InterfaceQuery{Party: account}), 1)
	for i, want := range []dc.VirtualInterface{
		changed(all[0], func(v *dc.VirtualInterface) { v.Due, v.Version = noon, 2 }),
		changed(all[1], func(v *dc.VirtualInterface) { v.Due, v.Version = noon, 2 }),
		all[2], all[3],
		changed(all[4], func(v *dc.VirtualInterface) { v.Due, v.Version = noon, 2 }),
		changed(all[5], func(v *dc.VirtualInterface) { v.Due, v.Version = noon, 2 }),
	} {
		same(t, get(t, s, readInterface(all[i].ID)), want)
	}
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { v := all[0]; return tx.PutInterface(&v) })
}

// A connection comes with the live interfaces on it, or on its LAG where it is a member.
func interfacesCarried(t *testing.T, s *store.Store) {
	on := func(n int, parent string) dc.VirtualInterface {
		return changed(private(n), func(v *dc.VirtualInterface) { v.ParentID = parent })
	}
	alone, member, bare := dedicated(1), with(dedicated(2), func(c *dc.Connection) { c.LagID = parent2 }), dedicated(3)
	connections := save(t, s, (*store.Tx).PutConnection, alone, member, bare)
	carried := save(t, s, putInterface, on(1, alone.ID), on(2, alone.ID), on(3, parent2), on(4, member.ID),
		changed(on(5, alone.ID), func(v *dc.VirtualInterface) { v.State, v.Deleted, v.Peers = dc.InterfaceDeleted, noon, nil }))
	for i, want := range [][]dc.VirtualInterface{carried[0:2], carried[2:3], nil} {
		view(t, s, func(tx *store.Tx) error {
			c, got, err := tx.ConnectionAndInterfaces(connections[i].ID)
			slices.SortFunc(got, func(a, b dc.VirtualInterface) int { return strings.Compare(a.ID, b.ID) })
			same(t, c, connections[i])
			same(t, got, want)
			return err
		})
	}
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error {
		_, _, err := tx.ConnectionAndInterfaces("dxcon-none")
		return err
	})
}
