package reconcile

import (
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// TestOverLAG: an interface on a LAG goes down with the LAG, not with a member.
func TestOverLAG(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	members := b.bundle(2, false, false)
	b.settle()
	b.openGateway()
	id := b.attach(lagID, nil)
	b.settle()
	b.vifIs(id, directconnect.InterfaceAvailable)
	b.do(members[0], directconnect.Connection.CutCable)
	b.settle()
	b.vifIs(id, directconnect.InterfaceAvailable)
	b.do(members[1], directconnect.Connection.CutCable)
	b.settle()
	b.vifIs(id, directconnect.InterfaceDown)
	b.do(members[0], directconnect.Connection.RestoreCable)
	b.settle()
	b.vifIs(id, directconnect.InterfaceAvailable)
}

// TestOverHosted: an interface on a hosted connection is inside its VLAN on the partner's port, and policed to its capacity.
func TestOverHosted(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	port := b.order(directconnect.Interconnect, router, false)
	b.settle()
	hosted := b.host(port, 700)
	b.settle()
	b.openGateway()
	id := b.attach(hosted, nil)
	b.settle()
	b.vifIs(id, directconnect.InterfaceAvailable)
	sc, err := b.load(t.Context(), router)
	if err != nil {
		t.Fatal(err)
	}
	in := sc.plan(router)
	if f := in.Interfaces[0]; f.OuterVLAN != 700 || f.PoliceMbps != 50 || f.Link != "et-0" || f.VLAN != int(b.vif(id).VLAN) {
		t.Errorf("planned %+v", f)
	}
	b.do(port, directconnect.Connection.CutCable)
	b.settle()
	b.vifIs(id, directconnect.InterfaceDown)
}

// TestMovedInterface: on another connection's router the sessions are made anew, and the old router forgets the interface,
// as soon as it can be told, even if nobody else is due there; a deletion waits for that.
func TestMovedInterface(t *testing.T) {
	t.Parallel()
	for name, deleted := range map[string]bool{"goes on": false, "is deleted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, directconnect.Instant)
			b.openGateway()
			from, to := b.circuit(router), b.circuit(router2)
			id := b.attach(from, nil)
			b.settle()
			b.sim.Unreachable(router, true)
			b.update(func(tx *store.Tx) error {
				v, err := tx.Interface(id)
				if err != nil {
					return err
				}
				if v, err = v.MoveTo(b.parent(to), nil, directconnect.DocumentedQuotas, func() string { return "dxpeer-new" }, b.now()); err != nil {
					return err
				}
				return tx.PutInterface(&v)
			})
			b.settle()
			v := b.vifIs(id, directconnect.InterfaceAvailable)
			if len(v.Peers) != 2 || v.Peers[0].ID != "dxpeer-new" || v.Peers[1].State != directconnect.PeerDeleting || len(v.Left) != 1 {
				t.Errorf("after the move the peers are %+v, and it has left %v", v.Peers, v.Left)
			}
			if device := b.table(id, accepted)[0].Device; device != router2 || len(b.table(id, accepted)) != 1 {
				t.Errorf("its routes are of %s", device)
			}
			if deleted {
				b.doVIF(id, removeVIF)
				b.settle()
				b.vifIs(id, directconnect.InterfaceDeleting)
			}
			b.sim.Unreachable(router, false)
			b.wait(lastRetry)
			want := directconnect.InterfaceAvailable
			if deleted {
				want = directconnect.InterfaceDeleted
			}
			if v := b.vifIs(id, want); len(v.Left) > 0 || len(v.Peers) != 1 || v.Peers[0].ID != "dxpeer-new" {
				t.Errorf("it still remembers %v and %+v", v.Left, v.Peers)
			}
			o, err := b.sim.Observe(t.Context(), router)
			if err != nil || len(o.Interfaces) != 0 {
				t.Errorf("the old router has %v, error %v", o.Interfaces, err)
			}
		})
	}
}

// TestLostKey: a session whose key cannot be opened is not configured, and keeps no other from coming up.
func TestLostKey(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.openGateway()
	circuit := b.circuit(router)
	lost := b.attach(circuit, func(o *directconnect.InterfaceOrder) { o.Peer.Key = "sealed for somebody else" })
	good := b.attach(circuit, nil)
	b.settle()
	b.vifIs(good, directconnect.InterfaceAvailable)
	if v := b.vifIs(lost, directconnect.InterfaceDown); v.Peers[0].Up {
		t.Errorf("without a key the session is %+v", v.Peers[0])
	}
}

// TestCarriedInterface: an interface goes along with its hosted connection to another router, and the old one forgets it.
func TestCarriedInterface(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.openGateway()
	from, to := b.order(directconnect.Interconnect, router, false), b.order(directconnect.Interconnect, router2, false)
	b.settle()
	hosted := b.host(from, 700)
	b.settle()
	id := b.attach(hosted, nil)
	b.settle()
	peer := b.vifIs(id, directconnect.InterfaceAvailable).Peers[0].ID
	b.do(hosted, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
		c.ParentID, c.Router, c.Due = to, router2, now
		return c, nil
	})
	b.doVIF(id, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
		return v.CarriedTo(router2, location, now), nil
	})
	b.settle()
	if v := b.vifIs(id, directconnect.InterfaceAvailable); v.Peers[0].ID != peer || len(v.Left) > 0 {
		t.Errorf("its peers are %+v, and it has left %v", v.Peers, v.Left)
	}
	for name, want := range map[string]int{router: 0, router2: 1} {
		if o, err := b.sim.Observe(t.Context(), name); err != nil || len(o.Interfaces) != want {
			t.Errorf("router %s has %v, want %d; error %v", name, o.Interfaces, want, err)
		}
	}
}
