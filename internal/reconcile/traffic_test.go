package reconcile

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

const gatewayID = "cf68415c-f4ae-48f2-87a7-3b52cffee000"

// circuit is a dedicated connection that carries.
func (b *bed) circuit(on string) string {
	b.t.Helper()
	id := b.order(directconnect.Dedicated, on, false)
	b.settle()
	if b.pace.Approve == directconnect.Never {
		b.do(id, func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
			return c.IssueLOA("CODE", now)
		})
		b.do(id, directconnect.Connection.Plug)
		b.settle()
	}
	b.is(id, directconnect.ConnectionAvailable)
	return id
}

// parent is the connection or LAG as the rules see it.
func (b *bed) parent(id string) directconnect.InterfaceParent {
	p := directconnect.InterfaceParent{
		ID: id, Owner: account, Region: region, Location: location, Router: router, Bandwidth: directconnect.Gbps10,
		Capacity: 10_000, Ready: true,
	}
	if !directconnect.IsLAGID(id) {
		c := b.get(id)
		p.Owner, p.Router, p.Hosted = c.Account, c.Router, c.Kind == directconnect.Hosted
	}
	return p
}

// attach makes an interface; change alters the order that makes it private on the bed's gateway.
func (b *bed) attach(parent string, change func(o *directconnect.InterfaceOrder)) string {
	b.t.Helper()
	b.orders++
	id, peer := fmt.Sprintf("dxvif-fg%06d", b.orders), fmt.Sprintf("dxpeer-fg%05da", b.orders)
	o := directconnect.InterfaceOrder{
		Type: directconnect.Private, Owner: account, Name: id, VLAN: int32(b.orders), GatewayID: gatewayID, AmazonASN: 64512,
		Peer: directconnect.PeerOrder{Family: directconnect.IPv4, ASN: 65001, Key: seal("key of "+peer, "bgp/"+id)},
	}
	if change != nil {
		change(&o)
	}
	p := b.parent(parent)
	b.update(func(tx *store.Tx) error {
		siblings, err := tx.Interfaces(store.InterfaceQuery{ParentID: parent, LiveOnly: true})
		if err != nil {
			return err
		}
		v, err := directconnect.NewInterface(id, peer, o, p, siblings, directconnect.Quotas{}, b.now())
		if err != nil {
			return err
		}
		return tx.PutInterface(&v)
	})
	return id
}

func public(o *directconnect.InterfaceOrder) {
	o.Type, o.GatewayID, o.AmazonASN, o.RouteFilter = directconnect.Public, "", 0, []string{"203.0.113.0/24", "198.51.100.0/24"}
	o.Peer.Amazon, o.Peer.Customer = fmt.Sprintf("203.0.113.%d/31", o.VLAN%100*2), fmt.Sprintf("203.0.113.%d/31", o.VLAN%100*2+1)
}

func (b *bed) vif(id string) directconnect.VirtualInterface {
	b.t.Helper()
	var v directconnect.VirtualInterface
	err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
		v, err = tx.Interface(id)
		return err
	})
	if err != nil {
		b.t.Fatalf("%s: %v", id, err)
	}
	return v
}

// vifIs fails unless the interface is in that state.
func (b *bed) vifIs(id string, want directconnect.InterfaceState) directconnect.VirtualInterface {
	b.t.Helper()
	v := b.vif(id)
	if v.State != want {
		b.t.Fatalf("%s is %s (%s), want %s", id, v.State, v.Reason, want)
	}
	return v
}

// doVIF is a caller's or an operator's move.
func (b *bed) doVIF(id string, move func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error)) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		v, err := tx.Interface(id)
		if err != nil {
			return err
		}
		if v, err = move(v, b.now()); err != nil {
			return err
		}
		return tx.PutInterface(&v)
	})
}

// routes are the kept prefixes of an interface in one direction.
func (b *bed) routes(id string, direction directconnect.RouteDirection) []string {
	b.t.Helper()
	out := []string{}
	for _, r := range b.table(id, direction) {
		out = append(out, r.CIDR.String())
	}
	return out
}

func (b *bed) table(id string, direction directconnect.RouteDirection) (routes []directconnect.Route) {
	b.t.Helper()
	err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
		routes, err = tx.Routes(store.RouteQuery{InterfaceID: id, Direction: direction})
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return routes
}

func (b *bed) carries(id string, direction directconnect.RouteDirection, want ...string) {
	b.t.Helper()
	if got := b.routes(id, direction); !slices.Equal(got, want) {
		b.t.Fatalf("%s: %s are %v, want %v", id, direction, got, want)
	}
}

// script has the customer's router of an interface do something, and the interface looked at, as an operator does.
func (b *bed) script(id string, s *directconnect.CustomerScript) {
	b.t.Helper()
	text := ""
	if s != nil {
		j, err := json.Marshal(s)
		if err != nil {
			b.t.Fatal(err)
		}
		text = string(j)
	}
	b.update(func(tx *store.Tx) error { return tx.PutSetting(directconnect.CustomerSetting(id), text) })
	b.doVIF(id, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
		v.Due = now
		return v, nil
	})
	b.settle()
}

func announce(cidrs ...string) *directconnect.CustomerScript {
	s := &directconnect.CustomerScript{Announce: []directconnect.CustomerRoute{}}
	for _, c := range cidrs {
		p, err := directconnect.ParsePrefix(c)
		if err != nil {
			panic(err)
		}
		s.Announce = append(s.Announce, directconnect.CustomerRoute{CIDR: p})
	}
	return s
}

// openGateway makes the bed's gateway.
func (b *bed) openGateway() {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		g, err := directconnect.NewGateway(gatewayID, account, "aws", "main", nil, nil, 0, 0, b.now())
		if err != nil {
			return err
		}
		return tx.PutGateway(&g)
	})
}

// associate joins a far gateway with these networks, and allows these prefixes.
func (b *bed) associate(id, far string, cidrs []string, allowed ...string) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		g, err := tx.Gateway(gatewayID)
		if err != nil {
			return err
		}
		kind, _ := directconnect.FarKindOf(far)
		f := directconnect.FarGateway{ID: far, Account: account, Region: region, Kind: kind, ASN: 64600, CIDRs: cidrs}
		a, err := directconnect.NewAssociation(id, g, f, allowed, nil, nil, nil, directconnect.Quotas{}, b.now())
		if err != nil {
			return err
		}
		return tx.PutAssociation(&a)
	})
}

// reassociate changes an association as a caller does.
func (b *bed) reassociate(id string, move func(a directconnect.Association) (directconnect.Association, error)) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		a, err := tx.Association(id)
		if err != nil {
			return err
		}
		if a, err = move(a); err != nil {
			return err
		}
		return tx.PutAssociation(&a)
	})
}

const (
	accepted   = directconnect.RouteAccepted
	advertised = directconnect.RouteAdvertised
)

func removeVIF(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
	return v.Delete(v.Account, now)
}

// TestPrivateLife: an interface comes up, its customer is heard, the gateway's association is told to it, and all of it goes
// with it.
func TestPrivateLife(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	circuit := b.circuit(router)
	b.openGateway()
	id := b.attach(circuit, nil)
	b.vifIs(id, directconnect.InterfacePending)
	b.settle()
	v := b.vifIs(id, directconnect.InterfaceAvailable)
	if v.Peers[0].State != directconnect.PeerAvailable || !v.Peers[0].Up || v.Peers[0].Status() != "up" || !v.Due.IsZero() {
		t.Errorf("the peer is %+v, due %v", v.Peers[0], v.Due)
	}
	if got := b.table(id, accepted); len(got) != 1 || got[0].Device != router || !got[0].Installed.Equal(b.now()) ||
		directconnect.PathLength(got[0].ASPath) != 1 || got[0].LocalPref != directconnect.PreferMedium {
		t.Errorf("the customer is heard as %+v", got)
	}
	b.carries(id, advertised)
	b.associate("a", "vgw-12345678", []string{"10.0.0.0/16", "10.9.0.0/16"}, "10.0.0.0/15")
	b.settle()
	b.carries(id, advertised, "10.0.0.0/16")
	b.reassociate("a", func(a directconnect.Association) (directconnect.Association, error) {
		return a.Update([]string{"10.8.0.0/14"}, nil, nil, b.now())
	})
	b.settle()
	b.carries(id, advertised, "10.0.0.0/16", "10.9.0.0/16")
	b.doVIF(id, removeVIF)
	b.vifIs(id, directconnect.InterfaceDeleting)
	b.settle()
	b.vifIs(id, directconnect.InterfaceDeleted)
	b.carries(id, accepted)
	b.carries(id, advertised)
	if o, _ := b.sim.Observe(t.Context(), router); len(o.Interfaces) != 0 {
		t.Errorf("the router still has %v", o.Interfaces)
	}
	b.wait(keepInterfaces - time.Minute)
	b.vif(id)
	b.wait(2 * time.Minute)
	err := b.store.View(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Interface(id)
		return err
	})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a quarter of an hour after its end the interface is there: %v", err)
	}
}

// TestDisassociation: what an association announced ends when its end begins.
func TestDisassociation(t *testing.T) {
	t.Parallel()
	pace := directconnect.Instant
	pace.Provision = time.Minute
	b := newBed(t, pace)
	circuit := b.circuit(router)
	b.openGateway()
	id := b.attach(circuit, func(o *directconnect.InterfaceOrder) { o.Type = directconnect.Transit })
	b.associate("a", "tgw-12345678901234567", nil, "172.16.0.0/12", "10.0.0.0/24")
	b.settle()
	b.vifIs(id, directconnect.InterfacePending)
	b.carries(id, advertised)
	b.wait(time.Minute)
	b.vifIs(id, directconnect.InterfaceAvailable)
	b.carries(id, advertised, "10.0.0.0/24", "172.16.0.0/12")
	b.reassociate("a", func(a directconnect.Association) (directconnect.Association, error) {
		return a.Update([]string{"10.1.0.0/24"}, []string{"10.0.0.0/24"}, nil, b.now())
	})
	b.settle()
	b.carries(id, advertised, "10.1.0.0/24", "172.16.0.0/12") // while it is updating
	b.reassociate("a", func(a directconnect.Association) (directconnect.Association, error) { return a.Delete(b.now()) })
	b.settle()
	b.carries(id, advertised)
	b.wait(time.Minute)
	b.reassociate("a", func(a directconnect.Association) (directconnect.Association, error) {
		if a.State != directconnect.Disassociated {
			t.Errorf("the association is %s", a.State)
		}
		return a, nil
	})
}

// TestPublicLife: a public interface waits for its approval, takes what its filter lists, and tells the provider's ranges.
func TestPublicLife(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Manual)
	circuit := b.circuit(router)
	id := b.attach(circuit, public)
	b.settle()
	b.vifIs(id, directconnect.InterfaceVerifying)
	if o, _ := b.sim.Observe(t.Context(), router); len(o.Interfaces) != 0 {
		t.Errorf("before its approval the router has %v", o.Interfaces)
	}
	b.doVIF(id, directconnect.VirtualInterface.Verify)
	b.settle()
	b.vifIs(id, directconnect.InterfaceAvailable)
	b.carries(id, accepted, "198.51.100.0/24", "203.0.113.0/24")
	for _, r := range b.table(id, advertised) {
		if directconnect.PathLength(r.ASPath) != 3 || !slices.Contains(r.Communities, directconnect.CommunityNoExport) {
			t.Errorf("%s is told by %v with %v", r.CIDR, r.ASPath, r.Communities)
		}
	}
	b.script(id, announce("203.0.113.128/25", "192.0.2.0/24"))
	b.carries(id, accepted, "203.0.113.128/25")
	b.update(func(tx *store.Tx) error {
		return tx.PutSetting(directconnect.PublicRangesSetting, `[{"cidr":"100.64.0.0/10"}]`)
	})
	b.script(id, nil)
	b.carries(id, advertised, "100.64.0.0/10")
}

// TestBothFamilies: a second session over IPv6 comes up beside the first, and each carries its own family.
func TestBothFamilies(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.openGateway()
	id := b.attach(b.circuit(router), nil)
	b.associate("a", "tgw-12345678901234567", nil, "10.0.0.0/8", "2001:db8::/32")
	b.settle()
	b.carries(id, advertised, "10.0.0.0/8")
	b.doVIF(id, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
		return v.AddPeer("dxpeer-six", directconnect.PeerOrder{Family: directconnect.IPv6, ASN: 65001, Key: seal("another", "bgp/"+id)}, nil, now)
	})
	b.settle()
	b.carries(id, advertised, "10.0.0.0/8", "2001:db8::/32")
	if got := b.routes(id, accepted); len(got) != 2 {
		t.Errorf("accepted over both: %v", got)
	}
	b.doVIF(id, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
		return v.RemovePeer(v.Peers[0].ID, 0, "", now)
	})
	b.settle()
	v := b.vifIs(id, directconnect.InterfaceAvailable)
	b.carries(id, advertised, "2001:db8::/32")
	if len(v.Peers) != 1 {
		t.Errorf("the removed peer is still there: %+v", v.Peers)
	}
}
