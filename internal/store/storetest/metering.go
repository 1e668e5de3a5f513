package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var meteringTests = map[string]test{
	"MeteredConnections": meteredConnections,
	"MeteredInterfaces":  meteredInterfaces,
}

// misleading is a name with what metrics look for in it.
const misleading = `","macsec":true,"encup":true,"peers":[{"id":"x"}],"inn":7,"outn":8,"x":"` + "\u00e9\t<&\\"

// meteredConnections are all that are live, more than are read at once, whatever is between them and whatever their names.
func meteredConnections(t *testing.T, s *store.Store) {
	const many = 1100
	var all []dc.Connection
	for n := range many {
		all = append(all, with(dedicated(n+1), func(c *dc.Connection) {
			c.MACsec, c.EncryptionUp = n%2 == 0, n%4 == 0
			if n%3 == 0 {
				c.Name = misleading
			}
			if n%5 == 0 {
				c.State, c.Deleted = dc.ConnectionDeleted, noon
			}
		}))
	}
	full := with(fullConnection(), func(c *dc.Connection) { c.State, c.Deleted = dc.ConnectionDown, time.Time{} })
	var want []store.MeteredConnection
	for _, c := range put(t, s, append(all, full)...) {
		if c.Live() {
			want = append(want, store.MeteredConnection{
				ID: c.ID, Kind: string(c.Kind), Location: c.Location, Router: c.Router, Port: c.PortID, State: c.State, MACsec: c.MACsec, Encrypted: c.EncryptionUp,
			})
		}
	}
	got := get(t, s, func(tx *store.Tx) (all []store.MeteredConnection, err error) {
		return all, tx.EachConnection(func(c store.MeteredConnection) { all = append(all, c) })
	})
	byID := func(a, b store.MeteredConnection) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(got, byID)
	slices.SortFunc(want, byID)
	same(t, got, want)
}

// meteredInterfaces are all that are live, with their sessions and counts.
func meteredInterfaces(t *testing.T, s *store.Store) {
	full := fullInterface()
	full.State, full.Deleted = dc.InterfaceAvailable, time.Time{}
	plain, quoted, sick, bare, ended := private(1), private(2), private(3), private(4), private(5)
	quoted.Name, quoted.AcceptedCount, quoted.OfferedCount = misleading, 3, 4
	sick.Peers = slices.Clone(sick.Peers)
	sick.Peers[0].Reason, sick.OfferedCount = `the far side said "no"`, 5
	bare.Peers = nil
	ended.State, ended.Deleted = dc.InterfaceDeleted, noon
	var want []store.MeteredInterface
	update(t, s, func(tx *store.Tx) error {
		want = nil
		for _, v := range []dc.VirtualInterface{full, plain, quoted, ended, sick, bare} {
			v.Version = 0
			if err := tx.PutInterface(&v); err != nil {
				return err
			}
			if v.Live() {
				want = append(want, store.MeteredInterface{
					ID: v.ID, Connection: v.ParentID, Location: v.Location, Router: v.Router, State: v.State, Accepted: v.AcceptedCount,
					Advertised: v.OfferedCount, Peers: v.Peers,
				})
			}
		}
		return nil
	})
	got := get(t, s, func(tx *store.Tx) (all []store.MeteredInterface, err error) {
		return all, tx.EachInterface(func(v *store.MeteredInterface) {
			kept := *v
			kept.Peers = slices.Clone(v.Peers)
			all = append(all, kept)
		})
	})
	byID := func(a, b store.MeteredInterface) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(got, byID)
	slices.SortFunc(want, byID)
	same(t, got, want)
}
