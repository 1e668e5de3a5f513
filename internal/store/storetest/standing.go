package storetest

import (
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var standingTests = map[string]test{
	"ConnectionStandings": connectionStandings,
	"InterfaceStandings":  interfaceStandings,
	"EverybodysStandings": everybodysStandings,
}

func standingOf(c dc.Connection) store.ConnectionStanding {
	return store.ConnectionStanding{
		ID: c.ID, Kind: c.Kind, State: c.State, Account: c.Account, Region: c.Region, Location: c.Location, Router: c.Router,
		LagID: c.LagID, ParentID: c.ParentID, Partner: c.Partner,
	}
}

// connectionStandings are those of live connections: by Region, then the oldest first.
func connectionStandings(t *testing.T, s *store.Store) {
	full := with(fullConnection(), func(c *dc.Connection) { c.State, c.Deleted = dc.ConnectionDown, time.Time{} })
	all := put(t, s, dedicated(2), dedicated(1), full,
		with(dedicated(3), func(c *dc.Connection) { c.Region = "eu-west-1" }),
		with(dedicated(4), func(c *dc.Connection) { c.Account = other }),
		with(dedicated(5), func(c *dc.Connection) { c.State, c.Deleted = dc.ConnectionDeleted, noon }))
	want := []store.ConnectionStanding{standingOf(all[3]), standingOf(all[2]), standingOf(all[1]), standingOf(all[0])}
	same(t, get(t, s, func(tx *store.Tx) ([]store.ConnectionStanding, error) { return tx.ConnectionStandings(account) }), want)
	sold := get(t, s, func(tx *store.Tx) ([]store.ConnectionStanding, error) { return tx.SoldStandings(other) })
	same(t, sold, []store.ConnectionStanding{standingOf(all[2])})
	if err := s.View(t.Context(), func(tx *store.Tx) error { _, err := tx.SoldStandings(""); return err }); err == nil {
		t.Error("the hosted connections of nobody are answered")
	}
}

func interfaceStandings(t *testing.T, s *store.Store) {
	full := fullInterface()
	full.State, full.Deleted = dc.InterfaceAvailable, time.Time{}
	mine := private(1)
	public := private(2)
	public.Type, public.VirtualGatewayID = dc.Public, ""
	others := private(3)
	others.Account, others.ConnectionOwner = other, other
	ended := private(4)
	ended.State, ended.Deleted = dc.InterfaceDeleted, noon
	update(t, s, func(tx *store.Tx) error {
		for _, v := range []dc.VirtualInterface{full, public, mine, others, ended} {
			v.Version = 0
			if err := tx.PutInterface(&v); err != nil {
				return err
			}
		}
		return nil
	})
	standing := func(v dc.VirtualInterface) store.InterfaceStanding {
		return store.InterfaceStanding{
			ID: v.ID, Type: v.Type, State: v.State, Account: v.Account, ParentID: v.ParentID, ConnectionOwner: v.ConnectionOwner,
			Region: v.Region, Location: v.Location, Router: v.Router, LeadsTo: v.LeadsTo(),
		}
	}
	got := get(t, s, func(tx *store.Tx) ([]store.InterfaceStanding, error) { return tx.InterfaceStandings(account) })
	same(t, got, []store.InterfaceStanding{standing(mine), standing(public), standing(full)}) // its own, and then on its connections
}

// everybodysStandings are what the operator sees: of every account, each once.
func everybodysStandings(t *testing.T, s *store.Store) {
	put(t, s, dedicated(1), with(dedicated(2), func(c *dc.Connection) { c.Account = other }))
	full := fullInterface() // of one account on a connection of another
	full.State, full.Deleted = dc.InterfaceAvailable, time.Time{}
	lag, ended := lagNumber(1), lagNumber(2)
	lag.Account, ended.Deleted = other, noon
	gone, there := gateway(1), gateway(2)
	gone.State, gone.Deleted, there.Account = dc.GatewayDeleted, noon, other
	update(t, s, func(tx *store.Tx) error {
		for _, err := range []error{tx.PutInterface(&full), tx.PutLAG(&lag), tx.PutLAG(&ended), tx.PutGateway(&gone), tx.PutGateway(&there)} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(tx *store.Tx) error {
		connections, err := tx.ConnectionStandings("")
		if err != nil || len(connections) != 2 {
			t.Errorf("%d connections (%v)", len(connections), err)
		}
		interfaces, err := tx.InterfaceStandings("")
		if err != nil || len(interfaces) != 1 {
			t.Errorf("%d interfaces (%v)", len(interfaces), err)
		}
		lags, err := tx.AllLAGs()
		if err != nil || len(lags) != 1 || lags[0].ID != lag.ID {
			t.Errorf("%d LAGs (%v)", len(lags), err)
		}
		gateways, err := tx.AllGateways()
		if err != nil || len(gateways) != 1 || gateways[0].ID != there.ID {
			t.Errorf("%d gateways (%v)", len(gateways), err)
		}
		associations, err := tx.AllAssociations()
		if len(associations) != 0 {
			t.Errorf("%d associations", len(associations))
		}
		return err
	})
}
