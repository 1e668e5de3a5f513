package storetest

import (
	"errors"
	"fmt"
	"testing"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var portTests = map[string]test{
	"PortRoundTrip": portRoundTrip,
	"PortFilters":   portFilters,
	"PortReserve":   portReserve,
	"FreePort":      freePort,
	"TakePort":      takePort,
}

func readPort(id string) func(tx *store.Tx) (dc.Port, error) {
	return func(tx *store.Tx) (dc.Port, error) { return tx.Port(id) }
}

func portRoundTrip(t *testing.T, s *store.Store) {
	fails(t, s, store.ErrReferenced, func(tx *store.Tx) error { p := portNumber(router1, 1); return tx.PutPort(&p) })
	inventory(t, s, 1)
	p := dc.Port{ID: dc.PortID(router1, "et-0/0/9"), Router: router1, Location: location, Bandwidth: dc.Gbps400, MACsec: true,
		Position: 9, ConnectionID: "dxcon-00000009", Name: "et-0/0/9", Optic: "400GBASE-LR4",
		Panel: dc.Panel{Building: "b", Room: "r", Cage: "c", Rack: "k", Panel: "p", Port: "9", Strands: "1-2", Connector: "LC"}}
	update(t, s, func(tx *store.Tx) error { p.Version = 0; return tx.PutPort(&p) })
	same(t, get(t, s, readPort(p.ID)), p)
	stale := p
	update(t, s, func(tx *store.Tx) error {
		p.Version, p.Router, p.Bandwidth, p.MACsec, p.Position, p.ConnectionID, p.Optic = 1, router2, dc.Gbps1, false, 3, "", "other"
		return tx.PutPort(&p)
	})
	same(t, get(t, s, readPort(p.ID)), p)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { p := stale; return tx.PutPort(&p) })
	taken(t, s, "id", func(tx *store.Tx) error { p := portNumber(router1, 1); return tx.PutPort(&p) })
	update(t, s, func(tx *store.Tx) error { return tx.DeletePort(p.ID) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Port(p.ID); return err })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeletePort(p.ID) })
}

func portFilters(t *testing.T, s *store.Store) {
	inventory(t, s, 3)
	held := dc.PortID(router1, "p2")
	update(t, s, func(tx *store.Tx) error { return tx.ReservePort(held, "dxcon-00000001") })
	all := func(names ...string) []string { return names }
	for name, test := range map[string]struct {
		query store.PortQuery
		want  []string
	}{
		"router":     {store.PortQuery{Router: router2}, all(router2+"/p1", router2+"/p2", router2+"/p3")},
		"location":   {store.PortQuery{Location: location, Limit: 4}, all(router1+"/p1", held, router1+"/p3", router2+"/p1")},
		"after":      {store.PortQuery{Location: location, After: router2 + "/p1"}, all(router2+"/p2", router2+"/p3")},
		"connection": {store.PortQuery{ConnectionID: "dxcon-00000001"}, all(held)},
		"held":       {store.PortQuery{Location: location, HeldOnly: true}, all(held)},
		"held there": {store.PortQuery{Router: router2, HeldOnly: true}, nil},
		"everything": {store.PortQuery{After: router2 + "/p2"}, all(router2 + "/p3")},
	} {
		var got []string
		for _, p := range get(t, s, func(tx *store.Tx) ([]dc.Port, error) { return tx.Ports(test.query) }) {
			got = append(got, p.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

func portReserve(t *testing.T, s *store.Store) {
	inventory(t, s, 2)
	p1, p2 := dc.PortID(router1, "p1"), dc.PortID(router1, "p2")
	reserve := func(port, connection string) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { return tx.ReservePort(port, connection) }
	}
	release := func(port, connection string) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { return tx.ReleasePort(port, connection) }
	}
	holder := func() string { t.Helper(); return get(t, s, readPort(p1)).ConnectionID }
	update(t, s, reserve(p1, "dxcon-00000001"))
	same(t, holder(), "dxcon-00000001")
	taken(t, s, "port", reserve(p1, "dxcon-00000002"))
	taken(t, s, "port", reserve("no such port", "dxcon-00000002"))
	taken(t, s, "connection", reserve(p2, "dxcon-00000001"))
	taken(t, s, "connection", func(tx *store.Tx) error {
		p, err := tx.Port(p2)
		if err != nil {
			return err
		}
		p.ConnectionID = "dxcon-00000001"
		return tx.PutPort(&p)
	})
	update(t, s, release(p1, "dxcon-00000002"))
	same(t, holder(), "dxcon-00000001")
	update(t, s, release(p1, "dxcon-00000001"))
	same(t, holder(), "")
	// Moving a reservation within one transaction.
	update(t, s, reserve(p1, "dxcon-00000003"))
	update(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.ReleasePort(p1, "dxcon-00000003"), tx.ReservePort(p2, "dxcon-00000003"))
	})
	same(t, get(t, s, readPort(p2)).ConnectionID, "dxcon-00000003")
}

func addPort(t *testing.T, s *store.Store, router string, n int, b dc.Bandwidth, macsec bool) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		p := portNumber(router, n)
		p.Bandwidth, p.MACsec = b, macsec
		return tx.PutPort(&p)
	})
}

func freePort(t *testing.T, s *store.Store) {
	inventory(t, s, 0)
	for n := 1; n <= 6; n++ {
		addPort(t, s, router1, n, dc.Gbps10, n%2 == 1) // odd ones can encrypt
	}
	addPort(t, s, router2, 9, dc.Gbps1, false)
	free := func(router string, b dc.Bandwidth, macsec bool, seed uint64) (dc.Port, error) {
		var p dc.Port
		err := s.View(t.Context(), func(tx *store.Tx) (err error) {
			p, err = tx.FreePort(location, router, b, macsec, seed)
			return err
		})
		return p, err
	}
	for seed := range uint64(20) {
		for _, macsec := range []bool{false, true} {
			p, err := free(router1, dc.Gbps10, macsec, seed)
			if err != nil || p.MACsec != macsec || p.ConnectionID != "" || p.Router != router1 {
				t.Fatalf("macsec %v, seed %d: %+v, %v", macsec, seed, p, err)
			}
			if lowest := map[bool]int64{false: 2, true: 1}[macsec]; s.Engine() == "sqlite" && p.Position != lowest {
				t.Errorf("macsec %v: position %d, want the lowest, %d", macsec, p.Position, lowest)
			}
		}
		if p, err := free("", dc.Gbps1, false, seed); err != nil || p.Router != router2 {
			t.Errorf("on any router: %+v, %v", p, err)
		}
	}
	count := func(macsec bool, most int) int {
		return get(t, s, func(tx *store.Tx) (int, error) { return tx.CountFreePorts(router1, dc.Gbps10, macsec, most) })
	}
	same(t, []int{count(false, 9), count(true, 9), count(false, 4)}, []int{6, 3, 4})
	update(t, s, func(tx *store.Tx) error { return tx.ReservePort(dc.PortID(router1, "p1"), "dxcon-00000001") })
	same(t, []int{count(false, 9), count(true, 9)}, []int{5, 2})
	for name, try := range map[string]func() (dc.Port, error){
		"bandwidth": func() (dc.Port, error) { return free(router1, dc.Gbps100, false, 1) },
		"macsec":    func() (dc.Port, error) { return free(router2, dc.Gbps1, true, 1) },
		"router":    func() (dc.Port, error) { return free("x", dc.Gbps10, false, 1) },
	} {
		if p, err := try(); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

// Every port is taken exactly once, from whatever seed, those that can encrypt last.
func takePort(t *testing.T, s *store.Store) {
	inventory(t, s, 0)
	const n = 12
	for i := 1; i <= n; i++ {
		addPort(t, s, router1, i, dc.Gbps10, i <= n/2)
	}
	seen := map[string]bool{}
	for i := range n {
		connection := fmt.Sprintf("dxcon-%08d", i)
		var p dc.Port
		update(t, s, func(tx *store.Tx) (err error) {
			p, err = tx.TakePort(router1, dc.Gbps10, false, uint64(i)<<60, connection)
			return err
		})
		if seen[p.ID] || p.ConnectionID != connection || p.MACsec != (i >= n/2) {
			t.Fatalf("take %d: %+v", i, p)
		}
		seen[p.ID] = true
		same(t, get(t, s, readPort(p.ID)), p)
	}
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error {
		_, err := tx.TakePort(router1, dc.Gbps10, false, 1, "dxcon-99999999")
		return err
	})
	addPort(t, s, router1, n+1, dc.Gbps10, false)
	taken(t, s, "connection", func(tx *store.Tx) error {
		_, err := tx.TakePort(router1, dc.Gbps10, false, 1, "dxcon-00000000")
		return err
	})
}
