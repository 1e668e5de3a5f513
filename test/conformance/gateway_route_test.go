package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/controlplane"
)

// advertised writes down what an interface's customer is told.
func (c *caller) advertised(t testing.TB, id string) string {
	t.Helper()
	return told(c.routes(t, id, &types.RouteFilters{RouteDirection: "advertised"}, nil))
}

// advertises compares what is announced now.
func (c *caller) advertises(t testing.TB, id, want string) {
	t.Helper()
	if now := c.advertised(t, id); now != want {
		t.Errorf("advertised are %q, want %q", now, want)
	}
}

// TestAllowedPrefixesOfAVirtualGateway are a filter: what is equal to one or inside one is announced, before, during and
// after an update: fact sheet 11.3.
func TestAllowedPrefixesOfAVirtualGateway(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	w.register(vgw, alice, eastern, 0, "10.0.0.0/16", "172.16.0.0/24")
	gateway := a.gateway(t, "x")
	id := a.private(t, a.port(t, "10Gbps"), 1, toDXGW(gateway))
	w.turn(time.Hour)
	association := a.joined(t, gateway, vgw)
	w.settle()
	a.advertises(t, id, "") // not before it is associated
	w.turn(time.Hour)
	const all = "ad 10.0.0.0/16, ad 172.16.0.0/24"
	a.advertises(t, id, all)
	for _, c := range []struct{ add, remove, want string }{
		{"10.0.0.0/15", "10.0.0.0/16", all},
		{"10.0.0.0/24", "10.0.0.0/15", "ad 172.16.0.0/24"}, // narrower than the network
		{"22.0.0.0/24", "10.0.0.0/24", "ad 172.16.0.0/24"},
		{"0.0.0.0/0", "22.0.0.0/24", all},
	} {
		got(a.updateAllowed(t, association, []string{c.add}, []string{c.remove}))(t)
		w.settle()
		a.advertises(t, id, c.want)
		holds(t, a.association(t, association)["associationState"], "updating")
	}
	w.turn(time.Hour)
	a.advertises(t, id, all)
	if _, err := w.service.SetFarGateway(context.Background(), vgw, controlplane.FarChange{CIDRs: []string{"10.7.0.0/16"}}); err != nil {
		t.Fatal(err)
	}
	w.settle()
	a.advertises(t, id, "ad 10.7.0.0/16")
	got(a.updateAllowed(t, association, nil, []string{"172.16.0.0/24", "0.0.0.0/0"}))(t)
	w.settle()
	a.advertises(t, id, "")
}

// TestAllowedPrefixesOfATransitGateway are what is announced, whatever is behind it, and end with the association.
func TestAllowedPrefixesOfATransitGateway(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	w.register(tgw, alice, eastern, 64600, "192.168.0.0/16")
	gateway := a.gateway(t, "x")
	id := a.transit(t, a.port(t, "10Gbps"), gateway, 1)
	association := a.joined(t, gateway, tgw, "10.0.0.0/8", "10.1.0.0/16")
	w.turn(time.Hour)
	a.advertises(t, id, "ad 10.0.0.0/8, ad 10.1.0.0/16")
	got(a.updateAllowed(t, association, []string{"0.0.0.0/0"}, []string{"10.0.0.0/8"}))(t)
	w.settle()
	a.advertises(t, id, "ad 0.0.0.0/0, ad 10.1.0.0/16")
	got(a.separate(t, association))(t)
	w.settle()
	a.advertises(t, id, "")
}

// TestNetworksOfAVirtualGateway reach the customers of the interfaces that are attached to it directly.
func TestNetworksOfAVirtualGateway(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	w.register(vgw, alice, eastern, 64700, "10.0.0.0/16")
	id := a.private(t, a.port(t, "10Gbps"), 1, func(n *private) { n.VirtualGatewayId = str(vgw) })
	w.turn(time.Hour)
	holds(t, a.vif(t, id)["amazonSideAsn"], 64700)
	a.advertises(t, id, "ad 10.0.0.0/16")
	if _, err := w.service.SetFarGateway(context.Background(), vgw, controlplane.FarChange{CIDRs: []string{"10.7.0.0/16", "10.0.0.0/16"}}); err != nil {
		t.Fatal(err)
	}
	w.settle()
	a.advertises(t, id, "ad 10.0.0.0/16, ad 10.7.0.0/16")
}
