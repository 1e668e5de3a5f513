package storetest

import (
	"testing"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var addressTests = map[string]test{
	"AddressUnique":   addressUnique,
	"AddressPeers":    addressPeers,
	"AddressOfEnded":  addressOfEnded,
	"AddressMoves":    addressMoves,
	"AddressRollback": addressRollback,
}

// at is an interface on a parent with a session at each address.
func at(n int, parent string, amazon ...string) dc.VirtualInterface {
	v := private(n)
	v.ParentID, v.Peers = parent, nil
	for i, a := range amazon {
		v.Peers = append(v.Peers, peer(10*n+i, a))
	}
	return v
}

func inserting(v dc.VirtualInterface) func(tx *store.Tx) error {
	return func(tx *store.Tx) error { v := v; return tx.PutInterface(&v) }
}

// edit changes a saved interface.
func edit(id string, change func(v *dc.VirtualInterface)) func(tx *store.Tx) error {
	return func(tx *store.Tx) error {
		v, err := tx.Interface(id)
		if err != nil {
			return err
		}
		change(&v)
		return tx.PutInterface(&v)
	}
}

func addressUnique(t *testing.T, s *store.Store) {
	save(t, s, putInterface, at(1, parent1, "169.254.0.1/30", "fd00::1/125"))
	taken(t, s, "address", inserting(at(2, parent1, "169.254.0.1/30")))
	taken(t, s, "address", inserting(at(2, parent1, "169.254.0.2/30"))) // the other end of the subnet
	taken(t, s, "address", inserting(at(2, parent1, "169.254.0.5/30", "fd00::6/125")))
	taken(t, s, "address", inserting(at(2, parent1, "169.254.0.5/30", "169.254.0.6/30"))) // its own
	save(t, s, putInterface, at(2, parent1, "169.254.0.5/30"), at(3, parent2, "169.254.0.1/30"))
	taken(t, s, "address", edit("dxvif-00000002", func(v *dc.VirtualInterface) { v.Peers = append(v.Peers, peer(99, "169.254.0.1/30")) }))
	// Nothing of what was refused has stayed.
	update(t, s, edit("dxvif-00000002", func(v *dc.VirtualInterface) { v.Peers = append(v.Peers, peer(99, "fd00::9/125")) }))
}

// A peer holds its address until its deletion begins.
func addressPeers(t *testing.T, s *store.Store) {
	save(t, s, putInterface, at(1, parent1, "169.254.0.1/30", "169.254.0.5/30"), at(2, parent1, "169.254.0.9/30"))
	second := func(v *dc.VirtualInterface) { v.Peers = append(v.Peers, peer(99, "169.254.0.5/30")) }
	update(t, s, edit("dxvif-00000001", func(v *dc.VirtualInterface) { v.Peers[1].State = dc.PeerAvailable }))
	taken(t, s, "address", edit("dxvif-00000002", second))
	update(t, s, edit("dxvif-00000001", func(v *dc.VirtualInterface) { v.Peers[1].State = dc.PeerDeleting }))
	update(t, s, edit("dxvif-00000002", second))
	update(t, s, edit("dxvif-00000001", func(v *dc.VirtualInterface) { v.Peers = v.Peers[:1] }))
	taken(t, s, "address", inserting(at(3, parent1, "169.254.0.5/30"))) // it is the second one's now
	taken(t, s, "address", inserting(at(3, parent1, "169.254.0.1/30")))
}

func addressOfEnded(t *testing.T, s *store.Store) {
	save(t, s, putInterface, at(1, parent1, "169.254.0.1/30"))
	update(t, s, edit("dxvif-00000001", func(v *dc.VirtualInterface) { *v = gone(*v, noon) }))
	save(t, s, putInterface, at(2, parent1, "169.254.0.1/30"), gone(at(3, parent1, "169.254.0.1/30"), noon))
	// Saving the ended one again, or purging it, does not take the address from its new holder.
	update(t, s, edit("dxvif-00000001", func(v *dc.VirtualInterface) { v.Name = "renamed" }))
	update(t, s, func(tx *store.Tx) error { _, err := tx.PurgeDeletedInterfaces(noon.Add(1), 10); return err })
	taken(t, s, "address", inserting(at(4, parent1, "169.254.0.1/30")))
}

func addressMoves(t *testing.T, s *store.Store) {
	save(t, s, putInterface, at(1, parent1, "169.254.0.1/30"), at(2, parent2, "169.254.0.1/30"), at(3, parent2, "169.254.0.5/30"))
	move := func(id, parent string) func(tx *store.Tx) error {
		return edit(id, func(v *dc.VirtualInterface) { v.ParentID = parent })
	}
	taken(t, s, "address", move("dxvif-00000001", parent2))
	update(t, s, move("dxvif-00000003", parent1))
	save(t, s, putInterface, at(4, parent2, "169.254.0.5/30"))
	taken(t, s, "address", inserting(at(5, parent1, "169.254.0.5/30")))
}

// An address that is given up in a transaction that fails is still held.
func addressRollback(t *testing.T, s *store.Store) {
	save(t, s, putInterface, at(1, parent1, "169.254.0.1/30"), at(2, parent1, "169.254.0.5/30"))
	taken(t, s, "address", func(tx *store.Tx) error {
		if err := edit("dxvif-00000001", func(v *dc.VirtualInterface) { v.Peers = nil })(tx); err != nil {
			return err
		}
		return inserting(at(3, parent1, "169.254.0.5/30"))(tx)
	})
	taken(t, s, "address", inserting(at(3, parent1, "169.254.0.1/30")))
}
