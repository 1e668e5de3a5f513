package conformance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
)

// TestGatewayNames: 1 to 100 characters, of any script, and several gateways may have the same.
func TestGatewayNames(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for _, name := range []string{"x", "x", strings.Repeat("ü", 100)} {
		a.gateway(t, name)
	}
	holds(t, len(a.gateways(t)), 3)
	_, err := a.CreateDirectConnectGateway(t.Context(), &dc.CreateDirectConnectGatewayInput{DirectConnectGatewayName: str(strings.Repeat("ü", 101))})
	refused(0, err)(t, client, "directConnectGatewayName must be at most 100 characters long.")
}

// TestUsedGatewayIsNotDeleted: the answer is a refusal, and not a deletion that turns back to available.
func TestUsedGatewayIsNotDeleted(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	gateway := a.gateway(t, "x")
	w.in(t, alice, western).joined(t, gateway, vgw)
	refused(a.deleteGateway(t, gateway))(t, client, "Direct Connect Gateway "+gateway+" has attached virtual interfaces or gateway associations.")
	holds(t, a.gateways(t, gateway)[0].(map[string]any)["directConnectGatewayState"], "available")
}

// TestUnknownGatewayThings: what is well-formed and not there is an empty list, what is malformed is refused.
func TestUnknownGatewayThings(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for operation, members := range map[string][]string{
		describeGateways:    {"directConnectGatewayId"},
		describeJoins:       {"associationId", "directConnectGatewayId"},
		describeProposals:   {"proposalId", "directConnectGatewayId"},
		describeAttachments: {"directConnectGatewayId"},
	} {
		for _, m := range members {
			x := a.send(operation, `{"`+m+`":"`+noDXGW+`"}`)
			if x.status != http.StatusOK || !strings.HasSuffix(x.body, `:[]}`) {
				t.Errorf("%s by %s: HTTP %d %s", operation, m, x.status, x.body)
			}
			a.send(operation, `{"`+m+`":"dxgw-1"}`).is(t, 400, client, m+" dxgw-1 has an invalid format.")
		}
	}
	for _, operation := range []string{describeJoins, describeProposals} { // an ID of the far side may be anything
		x := a.send(operation, `{"associatedGatewayId":"eigw-1"}`)
		if x.status != http.StatusOK || !strings.HasSuffix(x.body, `:[]}`) {
			t.Errorf("%s: HTTP %d %s", operation, x.status, x.body)
		}
	}
}

// TestFarSideOfOpenMode: an unknown far side has a network and an ASN that follow from its ID, so that many go together.
func TestFarSideOfOpenMode(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	virtual, transit := a.gateway(t, "virtual"), a.gateway(t, "transit")
	networks := map[string]bool{}
	for n := range 20 {
		id := a.joined(t, virtual, fmt.Sprintf("vgw-%017x", n))
		networks[a.association(t, id)["allowedPrefixesToDirectConnectGateway"].(list)[0].(map[string]any)["cidr"].(string)] = true
	}
	for n := range 6 {
		a.joined(t, transit, fmt.Sprintf("tgw-%017x", n), fmt.Sprintf("10.%d.0.0/16", n))
	}
	for cidr := range networks {
		if !strings.HasPrefix(cidr, "10.") || !strings.HasSuffix(cidr, "/24") {
			t.Errorf("a network is %s", cidr)
		}
	}
	holds(t, len(networks), 20)
	b := w.as(t, bob)
	refused(b.join(t, b.gateway(t, "y"), fmt.Sprintf("vgw-%017x", 0)))(t, client, "The VirtualGateway vgw-00000000000000000 does not exist.")
}

// TestUpdateOfNoPrefixes: neither list changes nothing, and is no update; a prefix to remove that is not there is passed
// over; one that is in both lists stays.
func TestUpdateOfNoPrefixes(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.joined(t, a.gateway(t, "x"), vgw, "10.0.0.0/8")
	w.turn(time.Hour)
	w.unchanged(t, func() {
		got(a.updateAllowed(t, id, nil, nil))(t)
		holds(t, a.object()["directConnectGatewayAssociation"].(map[string]any)["associationState"], "associated")
	})
	got(a.updateAllowed(t, id, []string{"10.0.0.0/8"}, []string{"10.0.0.0/8", "192.0.2.0/24"}))(t)
	holds(t, a.association(t, id)["allowedPrefixesToDirectConnectGateway"], wireCIDRs("10.0.0.0/8"))
	// A virtual private gateway may be left without any: nothing of it is announced then.
	got(a.updateAllowed(t, id, nil, []string{"10.0.0.0/8"}))(t)
	holds(t, a.association(t, id)["allowedPrefixesToDirectConnectGateway"], list{})
}

// TestEitherOwnerEndsAnAssociation: the owner of the far side may, but changes no prefixes.
func TestEitherOwnerEndsAnAssociation(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	gateway := a.gateway(t, "x")
	id := *got(a.accept(t, gateway, b.proposed(t, gateway, alice, vgw), nil))(t).DirectConnectGatewayAssociation.AssociationId
	refused(b.updateAllowed(t, id, []string{"10.0.0.0/8"}, nil))(t, client, "Direct Connect Gateway Association "+id+" does not exist.")
	got(b.separate(t, id))(t)
	holds(t, a.association(t, id)["associationState"], "disassociating")
}

// TestEmptyOverride keeps what the proposal asks for, as an absent one does.
func TestEmptyOverride(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	gateway := a.gateway(t, "x")
	id := b.proposed(t, gateway, alice, vgw, "10.0.0.0/8")
	x := a.send(acceptProposal, `{"directConnectGatewayId":"`+gateway+`","proposalId":"`+id+`","associatedGatewayOwnerAccount":"`+bob+
		`","overrideAllowedPrefixesToDirectConnectGateway":[]}`)
	if x.status != http.StatusOK {
		t.Fatalf("HTTP %d %s", x.status, x.body)
	}
	shown := a.object()["directConnectGatewayAssociation"].(map[string]any)
	holds(t, shown["allowedPrefixesToDirectConnectGateway"], wireCIDRs("10.0.0.0/8"))
}

// TestProposalChoices: one may propose to oneself, and twice; a transit gateway's prefixes are demanded when the proposal
// is accepted, and until then it stays open.
func TestProposalChoices(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	gateway := a.gateway(t, "x")
	own := a.proposed(t, gateway, alice, tgw, "10.0.0.0/8")
	holds(t, a.proposal(t, own).(map[string]any)["proposalState"], "requested")
	first, second := b.proposed(t, gateway, alice, tgw), b.proposed(t, gateway, alice, tgw)
	if first == second {
		t.Error("two proposals have one ID")
	}
	w.unchanged(t, func() {
		refused(a.accept(t, gateway, first, nil))(t, client, "Allowed prefixes are required to associate TransitGateway "+tgw+".")
	})
	got(a.accept(t, gateway, first, cidrs("10.0.0.0/8")))(t)
	holds(t, b.proposal(t, second).(map[string]any)["proposalState"], "requested")
}

// TestLapsedProposal: one that nobody answered is deleted, for the model has no other state.
func TestLapsedProposal(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	id := b.proposed(t, a.gateway(t, "x"), alice, vgw)
	w.turn(7 * 24 * time.Hour)
	holds(t, a.proposal(t, id).(map[string]any)["proposalState"], "deleted")
}

// TestDetachedIsShown: the attachment of a deleted interface is listed for as long as the interface.
func TestDetachedIsShown(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	gateway := a.gateway(t, "x")
	id := a.private(t, a.port(t, "10Gbps"), 1, toDXGW(gateway))
	a.deleteVIF(t, id)
	w.turn(time.Minute)
	in := attachmentFilter{DirectConnectGatewayId: &gateway}
	holds(t, a.attachments(t, &in)[0].(map[string]any)["attachmentState"], "detached")
	got(a.deleteGateway(t, gateway))(t) // it holds nobody up
	w.turn(15 * time.Minute)
	holds(t, a.attachments(t, &in), list{})
}

// TestNoFailedTransitions: what cannot be is refused at once, so that no answer ever has a stateChangeError.
func TestNoFailedTransitions(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	gateway := a.gateway(t, "x")
	id := a.joined(t, gateway, vgw)
	refused(a.join(t, a.gateway(t, "y"), vgw))(t, client, "The VirtualGateway "+vgw+" is already associated with a Direct Connect gateway.")
	for range 2 {
		for _, shown := range []any{a.association(t, id), a.gateways(t, gateway)[0]} {
			if failure, there := shown.(map[string]any)["stateChangeError"]; there {
				t.Errorf("stateChangeError is %v", failure)
			}
		}
		w.turn(time.Hour)
	}
}

// TestVirtualGatewaysOfOpenMode: what the caller's associations and interfaces in the Region use is listed, each once, as
// long as they live; the first configured account ends that.
func TestVirtualGatewaysOfOpenMode(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, west, b := w.as(t, alice), w.in(t, alice, western), w.as(t, bob)
	w.register("vgw-00000001", alice, eastern, 0)
	gateway := a.gateway(t, "x")
	port := a.port(t, "10Gbps")
	id := a.private(t, port, 1, func(n *private) { n.VirtualGatewayId = str("vgw-00000002") })
	a.private(t, port, 2, func(n *private) { n.VirtualGatewayId = str("vgw-00000001") })
	joined := a.joined(t, gateway, "vgw-00000002")
	west.joined(t, gateway, "vgw-00000003")
	got(a.accept(t, gateway, b.proposed(t, gateway, alice, "vgw-00000004"), nil))(t)
	a.joined(t, a.gateway(t, "y"), tgw, "10.0.0.0/8")
	ids := func(c *caller) (all list) {
		for _, g := range c.virtualGateways(t) {
			all = append(all, g.(map[string]any)["virtualGatewayId"])
		}
		return all
	}
	holds(t, ids(a), list{"vgw-00000001", "vgw-00000002"})
	holds(t, ids(west), list{"vgw-00000003"})
	holds(t, ids(b), list{"vgw-00000004"})
	got(a.separate(t, joined))(t)
	w.turn(time.Hour)
	holds(t, ids(a), list{"vgw-00000001", "vgw-00000002"}) // the interface still uses it
	a.deleteVIF(t, id)
	w.turn(time.Hour)
	holds(t, ids(a), list{"vgw-00000001"})
	w.configure(alice, "Alice", directconnect.NonPartner)
	holds(t, ids(w.in(t, alice, western)), list(nil))
}

// TestWrongOwnerOfAGateway: a gateway of somebody else's than the proposal says is not there, as one that is not there at all.
func TestWrongOwnerOfAGateway(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	gateway := a.gateway(t, "x")
	w.unchanged(t, func() {
		for named, owner := range map[string]string{gateway: bob, noDXGW: alice} {
			_, err := b.propose(t, named, owner, vgw, nil, nil)
			refused(0, err)(t, client, "Direct Connect Gateway "+named+" does not exist.")
		}
	})
}

// TestNoCoreNetworks: no answer has the member, and a core network's ID is not a gateway's.
func TestNoCoreNetworks(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	gateway := a.gateway(t, "x")
	for _, far := range []string{vgw, "vgw-00000001"} {
		if _, there := a.association(t, a.joined(t, gateway, far))["associatedCoreNetwork"]; there {
			t.Errorf("%s", a.last.body)
		}
	}
	const core = "core-network-0123456789abcdef0"
	refused(a.join(t, gateway, core))(t, client, "The VirtualGateway "+core+" does not exist.")
}
