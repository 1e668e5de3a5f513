package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

// tally is a driver that counts what it applies and observes, by router.
type tally struct {
	fabric.Driver
	mu                sync.Mutex
	applied, observed map[string]int
}

func (c *tally) Apply(ctx context.Context, router string, in fabric.Intent) error {
	c.count(c.applied, router)
	return c.Driver.Apply(ctx, router, in)
}

func (c *tally) Observe(ctx context.Context, router string) (fabric.Observed, error) {
	c.count(c.observed, router)
	return c.Driver.Observe(ctx, router)
}

func (c *tally) count(in map[string]int, router string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	in[router]++
}

func (c *tally) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.applied, c.observed = map[string]int{}, map[string]int{}
}

// TestOnePrefix: one more allowed prefix on a gateway with 30 interfaces on three of fifty routers is told to those three,
// once each, and to no other.
func TestOnePrefix(t *testing.T) {
	t.Parallel()
	const routers, attached, crossed = 50, 30, 3
	b := newBed(t, directconnect.Instant)
	c := &tally{Driver: b.sim}
	c.reset()
	b.Reconciler, _ = b.server(c)
	place(b, routers, 1)
	b.settle()
	b.openGateway()
	b.associate("a", "tgw-12345678901234567", nil, "10.0.0.0/16")
	circuits := map[string]string{}
	for i := range crossed {
		circuits[benchRouter(i)] = fmt.Sprintf("dxcon-fg%06d", i+1)
	}
	var ids []string
	for i := range attached {
		ids = append(ids, b.attach(circuits[benchRouter(i%crossed)], func(o *directconnect.InterfaceOrder) { o.Type = directconnect.Transit }))
	}
	b.settle()
	c.reset()
	b.reassociate("a", func(a directconnect.Association) (directconnect.Association, error) {
		return a.Update([]string{"10.1.0.0/16"}, nil, nil, b.now())
	})
	b.settle()
	for _, id := range ids {
		b.carries(id, advertised, "10.0.0.0/16", "10.1.0.0/16")
	}
	want := map[string]int{}
	for name := range circuits {
		want[name] = 1
	}
	if !maps.Equal(c.applied, want) || !maps.Equal(c.observed, want) {
		t.Errorf("applied %v, observed %v; want one each of %v", c.applied, c.observed, slices.Sorted(maps.Keys(want)))
	}
}

// TestSiteLink: two SiteLink interfaces on different routers tell each other's prefixes to their customers; a third without
// SiteLink hears none; what one side loses the other stops to tell.
func TestSiteLink(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.openGateway()
	// Two sites have two networks, which they tell by their ASNs: of one ASN they would be one network with two ways to it.
	linked := func(asn int64) func(o *directconnect.InterfaceOrder) {
		return func(o *directconnect.InterfaceOrder) { o.SiteLink, o.Peer.ASN = true, asn }
	}
	west, east := b.attach(b.circuit(router), linked(65001)), b.attach(b.circuit(router2), linked(65002))
	alone := b.attach(b.circuit(router2), nil)
	b.settle()
	b.carries(west, advertised, b.routes(east, accepted)...)
	b.carries(east, advertised, b.routes(west, accepted)...)
	b.carries(alone, advertised)
	b.script(west, announce("192.168.7.0/24", "192.168.8.0/24"))
	b.script(east, announce("192.168.8.0/24", "192.168.9.0/24"))
	b.carries(west, advertised, "192.168.9.0/24")
	b.carries(east, advertised, "192.168.7.0/24")
	if path := b.table(east, advertised)[0].ASPath; directconnect.PathLength(path) != 2 {
		t.Errorf("by way of the gateway the path is %v", path)
	}
	b.script(west, &directconnect.CustomerScript{Silent: true})
	b.carries(east, advertised)
	b.carries(west, advertised)
	b.script(west, announce("192.168.7.0/24"))
	b.carries(east, advertised, "192.168.7.0/24")
	b.doVIF(west, removeVIF)
	b.settle()
	b.vifIs(west, directconnect.InterfaceDeleted)
	b.carries(east, advertised)
}

// TestVirtualGateway: directly on a virtual private gateway an interface announces its networks: those of the registry, or
// in open mode those that an unknown one is taken to have.
func TestVirtualGateway(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	on := func(vgw string) func(o *directconnect.InterfaceOrder) {
		return func(o *directconnect.InterfaceOrder) { o.GatewayID, o.VirtualGatewayID = "", vgw }
	}
	b.update(func(tx *store.Tx) error {
		return tx.PutFarGateway(&directconnect.FarGateway{ID: "vgw-11111111", Account: account, Region: region,
			Kind: directconnect.VirtualPrivateGateway, ASN: 64600, CIDRs: []string{"10.5.0.0/16", "10.4.0.0/16"}})
	})
	circuit := b.circuit(router)
	known, open := b.attach(circuit, on("vgw-11111111")), b.attach(circuit, on("vgw-22222222"))
	b.settle()
	b.carries(known, advertised, "10.4.0.0/16", "10.5.0.0/16")
	far, _ := directconnect.OpenFarGateway("vgw-22222222", account, region)
	b.carries(open, advertised, far.CIDRs...)
}

// TestGatewayLife: a gateway comes and goes without a router.
func TestGatewayLife(t *testing.T) {
	t.Parallel()
	pace := directconnect.Instant
	pace.Release = time.Minute
	b := newBed(t, pace)
	b.openGateway()
	is := func(want directconnect.GatewayState) (g directconnect.Gateway) {
		t.Helper()
		err := b.store.View(t.Context(), func(tx *store.Tx) (err error) {
			g, err = tx.Gateway(gatewayID)
			return err
		})
		if err != nil || g.State != want {
			t.Fatalf("the gateway is %s, want %s; error %v", g.State, want, err)
		}
		return g
	}
	is(directconnect.GatewayPending)
	b.settle()
	g, err := is(directconnect.GatewayAvailable).Delete(0, 0, b.now())
	if err != nil {
		t.Fatal(err)
	}
	b.update(func(tx *store.Tx) error { return tx.PutGateway(&g) })
	b.wait(time.Minute - time.Second)
	is(directconnect.GatewayDeleting)
	b.wait(time.Second)
	is(directconnect.GatewayDeleted)
}

// TestProposals: one that nobody answers lapses after its week, and what is answered or has lapsed is shown for three days.
func TestProposals(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	far, _ := directconnect.OpenFarGateway("vgw-12345678", customer, region)
	g := directconnect.Gateway{ID: gatewayID, Account: account, State: directconnect.GatewayAvailable}
	for _, id := range []string{"lapses", "accepted"} {
		p, err := directconnect.NewProposal(id, g, account, far, nil, []string{"10.0.0.0/16"}, nil, b.now())
		if err == nil && id == "accepted" {
			p, err = p.Accept(nil, b.now())
		}
		if err != nil {
			t.Fatal(err)
		}
		b.update(func(tx *store.Tx) error { return tx.PutProposal(&p) })
	}
	is := func(id string, want directconnect.ProposalState) {
		t.Helper()
		var p directconnect.Proposal
		err := b.store.View(t.Context(), func(tx *store.Tx) (err error) {
			p, err = tx.Proposal(id)
			return err
		})
		if gone := errors.Is(err, store.ErrNotFound); p.State != want || gone != (want == "") {
			t.Errorf("%s is %q, want %q; error %v", id, p.State, want, err)
		}
	}
	b.wait(directconnect.ProposalShown - time.Second)
	is("accepted", directconnect.ProposalAccepted)
	b.wait(time.Second)
	is("accepted", "")
	b.wait(directconnect.ProposalOpen - directconnect.ProposalShown - time.Second)
	is("lapses", directconnect.ProposalRequested)
	b.wait(time.Second)
	is("lapses", directconnect.ProposalDeleted)
	b.wait(directconnect.ProposalShown)
	is("lapses", "")
}
