package reconcile

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

// realRouters makes the bed's routers machines with addresses on a backbone, whatever stands in for them.
func (b *bed) realRouters() {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		for i, name := range []string{router, router2} {
			r, err := tx.Router(name)
			if err != nil {
				return err
			}
			r.Fabric, r.Backbone = directconnect.Linux, netip.AddrFrom4([4]byte{192, 0, 2, byte(1 + i)})
			if err := tx.PutRouter(&r); err != nil {
				return err
			}
		}
		return nil
	})
}

// lit is a connection with light on a real router.
func (b *bed) lit(on string) string {
	b.t.Helper()
	id := b.order(directconnect.Dedicated, on, false)
	b.settle()
	b.is(id, directconnect.ConnectionPending)
	b.do(id, directconnect.Connection.Plug)
	b.settle()
	b.is(id, directconnect.ConnectionAvailable)
	return id
}

// TestNoticed: a change that nobody has written to the database is seen when the router tells of it, for its connections and
// its interfaces.
func TestNoticed(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.realRouters()
	id := b.lit(router)
	vif := b.attach(id, nil)
	b.settle()
	b.vifIs(vif, directconnect.InterfaceAvailable)
	cut := func(cut bool) {
		b.do(id, func(c directconnect.Connection, _ time.Time) (directconnect.Connection, error) {
			c.Cut = cut
			return c, nil
		})
	}
	cut(true)
	b.settle()
	b.is(id, directconnect.ConnectionAvailable)
	b.Noticed(router2)
	b.settle()
	b.is(id, directconnect.ConnectionAvailable)
	b.Noticed(router)
	b.settle()
	b.is(id, directconnect.ConnectionDown)
	b.vifIs(vif, directconnect.InterfaceDown)
	cut(false)
	b.Noticed(router)
	b.settle()
	b.vifIs(vif, directconnect.InterfaceAvailable)
	before := b.get(id)
	b.Noticed(router)
	b.settle()
	if after := b.get(id); after.Version != before.Version {
		t.Errorf("a look that showed nothing new was written: version %d, then %d", before.Version, after.Version)
	}
}

// TestStrayed: a router that says it has something else is told again.
func TestStrayed(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.realRouters()
	b.lit(router)
	if err := b.sim.Apply(t.Context(), router, fabric.Intent{}); err != nil {
		t.Fatal(err)
	}
	b.Strayed(router)
	rep, err := b.Pass(t.Context())
	if err != nil || rep.Applied != 1 {
		t.Errorf("report %+v, %v", rep, err)
	}
	if o, err := b.sim.Observe(t.Context(), router); err != nil || len(o.Ports) != 1 {
		t.Errorf("the router has %d ports, %v", len(o.Ports), err)
	}
}

// TestBackbone: routers that share a gateway's table are each other's peers for as long as both have it.
func TestBackbone(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.realRouters()
	first, second := b.attach(b.lit(router), nil), b.attach(b.lit(router2), nil)
	b.settle()
	b.vifIs(first, directconnect.InterfaceAvailable)
	b.vifIs(second, directconnect.InterfaceAvailable)
	segments := map[uint32]bool{}
	for name, want := range map[string]string{router: "192.0.2.2", router2: "192.0.2.1"} {
		v := b.planOf(name).VRFs
		if len(v) != 1 || !slices.Equal(v[0].Peers, []netip.Addr{netip.MustParseAddr(want)}) || v[0].Segment == 0 {
			t.Fatalf("tables of %s: %+v", name, v)
		}
		segments[v[0].Segment] = true
	}
	if len(segments) != 1 {
		t.Errorf("segments %v", segments)
	}
	told := b.told(router)
	b.doVIF(second, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
		return v.Delete(account, now)
	})
	b.settle()
	if v := b.planOf(router).VRFs; len(v) != 1 || len(v[0].Peers) != 0 {
		t.Errorf("tables of %s when %s has left: %+v", router, router2, v)
	}
	if b.told(router) == told {
		t.Errorf("%s was not told that its peer has left", router)
	}
}

func (b *bed) planOf(router string) fabric.Intent {
	b.t.Helper()
	s, err := b.load(b.t.Context(), router)
	if err != nil {
		b.t.Fatal(err)
	}
	in := s.plan(router)
	if err := in.Check(); err != nil {
		b.t.Fatal(err)
	}
	return in
}

// told is what the router was told last.
func (b *bed) told(router string) fabric.Fingerprint {
	b.routers.mu.Lock()
	defer b.routers.mu.Unlock()
	return b.routers.told[router]
}
