package conformance

import (
	"context"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// virtualGateways are those that the deprecated list shows.
func (c *caller) virtualGateways(t testing.TB) list {
	t.Helper()
	got(c.DescribeVirtualGateways(t.Context(), &dc.DescribeVirtualGatewaysInput{}))(t)
	return c.object()["virtualGateways"].(list)
}

// TestVirtualGateways: the caller's virtual private gateways of the Region that the registry has, and no transit gateways.
func TestVirtualGateways(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	holds(t, a.virtualGateways(t), list{})
	w.register("vgw-00000002", alice, eastern, 0)
	w.register("vgw-00000001", alice, eastern, 0)
	w.register("vgw-00000003", alice, western, 0)
	w.register("vgw-00000004", bob, eastern, 0)
	w.register(tgw, alice, eastern, 0)
	shown := func(ids ...string) list {
		out := list{}
		for _, id := range ids {
			out = append(out, members{"virtualGatewayId": id, "virtualGatewayState": "available"})
		}
		return out
	}
	holds(t, a.virtualGateways(t), shown("vgw-00000001", "vgw-00000002"))
	holds(t, w.in(t, alice, western).virtualGateways(t), shown("vgw-00000003"))
	holds(t, w.as(t, bob).virtualGateways(t), shown("vgw-00000004"))
	x := a.send("DescribeVirtualGateways", `[]`)
	x.is(t, 400, serialization, "The request body is not a JSON object.")
}

// TestGatewayOfAnotherPlace: a gateway of another Region or account does not exist, in the recorded words.
func TestGatewayOfAnotherPlace(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, west := w.as(t, alice), w.in(t, alice, western)
	w.register(vgw, alice, western, 0, "10.0.0.0/16")
	w.register("vgw-00000001", bob, eastern, 0)
	w.register(tgw, bob, eastern, 64600)
	gateway, port := a.gateway(t, "x"), a.port(t, "10Gbps")
	w.unchanged(t, func() {
		refused(a.join(t, gateway, vgw))(t, client, "The VirtualGateway "+vgw+" does not exist.")
		refused(a.join(t, gateway, "vgw-00000001"))(t, client, "The VirtualGateway vgw-00000001 does not exist.")
		refused(a.join(t, gateway, tgw, "10.0.0.0/8"))(t, client, "The TransitGateway "+tgw+" does not exist.")
		refused(a.join(t, gateway, "i-0a1b2c3d"))(t, client, "The VirtualGateway i-0a1b2c3d does not exist.")
		refused(a.askPrivate(t, port, 9, func(n *private) { n.VirtualGatewayId = str(vgw) }))(t, client,
			"The VirtualGateway "+vgw+" does not exist.")
	})
	id := west.joined(t, gateway, vgw)
	want := associationMembers(id, gateway, vgw, "virtualPrivateGateway", "10.0.0.0/16").with(members{
		"associatedGateway":    members{"id": vgw, "type": "virtualPrivateGateway", "ownerAccount": alice, "region": western},
		"virtualGatewayRegion": western,
	})
	holds(t, a.association(t, id), want)
}

// TestRegistryDecides: with configured accounts only what the registry has exists.
func TestRegistryDecides(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.configure(alice, "Alice", directconnect.NonPartner)
	a := w.as(t, alice)
	gateway := a.gateway(t, "x")
	w.unchanged(t, func() {
		refused(a.join(t, gateway, vgw))(t, client, "The VirtualGateway "+vgw+" does not exist.")
		refused(a.join(t, gateway, tgw, "10.0.0.0/8"))(t, client, "The TransitGateway "+tgw+" does not exist.")
	})
	w.register(vgw, alice, eastern, 0, "10.0.0.0/16")
	a.joined(t, gateway, vgw)
}

// TestRegistryFollowed: what the operator changes behind a gateway reaches its association, which is updating meanwhile.
func TestRegistryFollowed(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	ctx := context.Background()
	w.register(vgw, alice, eastern, 0, "10.0.0.0/16")
	w.register("vgw-00000001", alice, eastern, 0, "10.1.0.0/16")
	gateway := a.gateway(t, "x")
	id, other := a.joined(t, gateway, vgw), a.joined(t, gateway, "vgw-00000001")
	w.turn(time.Hour)
	change := func(id string, c controlplane.FarChange) error {
		_, err := w.service.SetFarGateway(ctx, id, c)
		w.settle()
		return err
	}
	if err := change(vgw, controlplane.FarChange{CIDRs: []string{"10.0.0.0/16", "10.2.0.0/16"}}); err != nil {
		t.Fatal(err)
	}
	holds(t, a.association(t, id)["associationState"], "updating")
	holds(t, a.association(t, other)["associationState"], "associated")
	w.turn(time.Hour)
	holds(t, a.association(t, id)["associationState"], "associated")
	asn := int64(64999)
	const use = "The registry was not changed. In use: gateway " + vgw + " by association "
	for text, err := range map[string]error{
		"The CIDR 10.2.128.0/24 of VirtualGateway vgw-00000001 overlaps one that is associated with Direct Connect Gateway " + gateway + ".": change(
			"vgw-00000001", controlplane.FarChange{CIDRs: []string{"10.2.128.0/24"}}),
		use + id + " with Direct Connect gateway " + gateway + " of account " + alice + ".":                                                                             change(vgw, controlplane.FarChange{ASN: &asn}),
		"The registry was not changed. In use: gateway vgw-00000001 by association " + other + " with Direct Connect gateway " + gateway + " of account " + alice + ".": w.service.RemoveFarGateway(ctx, "vgw-00000001"),
	} {
		if err == nil || err.Error() != text {
			t.Errorf("%v\nwant %s", err, text)
		}
	}
	got(a.separate(t, other))(t)
	w.turn(time.Hour)
	if err := w.service.RemoveFarGateway(ctx, "vgw-00000001"); err != nil {
		t.Error(err)
	}
}
