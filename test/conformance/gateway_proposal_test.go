package conformance

import (
	"context"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/controlplane"
)

// propose asks the owner of a gateway to associate one of the caller's.
func (c *caller) propose(t testing.TB, gateway, owner, far string, add, remove []string) (*dc.CreateDirectConnectGatewayAssociationProposalOutput, error) {
	return c.CreateDirectConnectGatewayAssociationProposal(t.Context(), &dc.CreateDirectConnectGatewayAssociationProposalInput{
		DirectConnectGatewayId: &gateway, DirectConnectGatewayOwnerAccount: &owner, GatewayId: &far,
		AddAllowedPrefixesToDirectConnectGateway: cidrs(add...), RemoveAllowedPrefixesToDirectConnectGateway: cidrs(remove...),
	})
}

// proposed is propose where it must do, and answers the proposal's ID.
func (c *caller) proposed(t testing.TB, gateway, owner, far string, add ...string) string {
	t.Helper()
	return *got(c.propose(t, gateway, owner, far, add, nil))(t).DirectConnectGatewayAssociationProposal.ProposalId
}

func (c *caller) proposals(t testing.TB, in *dc.DescribeDirectConnectGatewayAssociationProposalsInput) list {
	t.Helper()
	got(c.DescribeDirectConnectGatewayAssociationProposals(t.Context(), in))(t)
	return c.object()["directConnectGatewayAssociationProposals"].(list)
}

// proposal is the proposal with this ID, or nil when none is shown.
func (c *caller) proposal(t testing.TB, id string) any {
	t.Helper()
	all := c.proposals(t, &dc.DescribeDirectConnectGatewayAssociationProposalsInput{ProposalId: &id})
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// accept accepts a proposal of bob's; override nil keeps what it asks for.
func (c *caller) accept(t testing.TB, gateway, proposal string, override []types.RouteFilterPrefix) (*dc.AcceptDirectConnectGatewayAssociationProposalOutput, error) {
	return c.AcceptDirectConnectGatewayAssociationProposal(t.Context(), &dc.AcceptDirectConnectGatewayAssociationProposalInput{
		DirectConnectGatewayId: &gateway, ProposalId: &proposal, AssociatedGatewayOwnerAccount: str(bob),
		OverrideAllowedPrefixesToDirectConnectGateway: override,
	})
}

func (c *caller) withdraw(t testing.TB, proposal string) (*dc.DeleteDirectConnectGatewayAssociationProposalOutput, error) {
	return c.DeleteDirectConnectGatewayAssociationProposal(t.Context(), &dc.DeleteDirectConnectGatewayAssociationProposalInput{ProposalId: &proposal})
}

// bobs is a gateway of the far side that is bob's.
func bobs(far, kind string) members {
	return members{"id": far, "type": kind, "ownerAccount": bob, "region": eastern}
}

// proposalMembers is a proposal of bob's for a gateway of alice's, as it is made.
func proposalMembers(id, gateway string, requested ...string) members {
	return members{
		"proposalId": id, "proposalState": "requested", "directConnectGatewayId": gateway, "directConnectGatewayOwnerAccount": alice,
		"associatedGateway": bobs(vgw, "virtualPrivateGateway"), "requestedAllowedPrefixesToDirectConnectGateway": wireCIDRs(requested...),
	}
}

// TestProposalAccepted: requested, accepted, associating; who accepted is shown the same as who proposed: fact sheet 11.5.
func TestProposalAccepted(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	w.register(vgw, bob, eastern, 64600, "10.0.0.0/16")
	gateway := a.gateway(t, "x")
	id := b.proposed(t, gateway, alice, vgw, "10.0.0.0/8", "2001:db8::/48")
	want := proposalMembers(id, gateway, "10.0.0.0/8", "2001:0db8:0000:0000:0000:0000:0000:0000/48")
	holds(t, b.object(), members{"directConnectGatewayAssociationProposal": want})
	holds(t, a.proposal(t, id), want)
	holds(t, b.proposal(t, id), want)
	got(w.in(t, alice, western).accept(t, gateway, id, nil))(t) // gateways are global, and so is who owns one
	made := a.associations(t, &dc.DescribeDirectConnectGatewayAssociationsInput{DirectConnectGatewayId: &gateway})[0].(map[string]any)
	association := associationMembers(made["associationId"].(string), gateway, vgw, "virtualPrivateGateway",
		"10.0.0.0/8", "2001:0db8:0000:0000:0000:0000:0000:0000/48").with(members{
		"associatedGateway": bobs(vgw, "virtualPrivateGateway"), "virtualGatewayOwnerAccount": bob,
	})
	holds(t, made, association)
	want = want.with(members{
		"proposalState": "accepted",
		"existingAllowedPrefixesToDirectConnectGateway": association["allowedPrefixesToDirectConnectGateway"],
	})
	holds(t, b.proposal(t, id), want)
	w.turn(time.Hour)
	holds(t, b.association(t, made["associationId"].(string)), association.with(members{"associationState": "associated"}))
	w.unchanged(t, func() {
		refused(a.accept(t, gateway, id, nil))(t, client, "Direct Connect Gateway Association Proposal "+id+" has been accepted!")
		refused(b.withdraw(t, id))(t, client, "Direct Connect Gateway Association Proposal "+id+" is not found.")
	})
	// The owner of either gateway ends the association; only the gateway's own changes its prefixes.
	refused(b.updateAllowed(t, made["associationId"].(string), []string{"10.0.0.0/8"}, nil))(t, client,
		"Direct Connect Gateway Association "+made["associationId"].(string)+" does not exist.")
	got(b.separate(t, made["associationId"].(string)))(t)
}

// TestProposalOverride: the prefixes given with the consent take the place of those asked for.
func TestProposalOverride(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	gateway := a.gateway(t, "x")
	id := b.proposed(t, gateway, alice, vgw, "10.0.0.0/8")
	w.unchanged(t, func() {
		refused(a.accept(t, gateway, id, cidrs("10.0.0.1/8")))(t, client, "CIDR 10.0.0.1/8 is not valid: it has host bits set.")
	})
	out := got(a.accept(t, gateway, id, cidrs("172.16.0.0/12", "2001:db8::/48")))(t)
	want := wireCIDRs("172.16.0.0/12", "2001:0db8:0000:0000:0000:0000:0000:0000/48")
	shown := a.association(t, *out.DirectConnectGatewayAssociation.AssociationId)
	holds(t, shown["allowedPrefixesToDirectConnectGateway"], want)
	holds(t, a.proposal(t, id).(map[string]any)["requestedAllowedPrefixesToDirectConnectGateway"], want)
}

// TestProposalOfOtherPrefixes: for gateways that are associated a proposal shows the prefixes in force beside those asked
// for, and its acceptance updates the association.
func TestProposalOfOtherPrefixes(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	gateway := a.gateway(t, "x")
	first := b.proposed(t, gateway, alice, vgw, "10.0.0.0/16", "10.1.0.0/16")
	association := *got(a.accept(t, gateway, first, nil))(t).DirectConnectGatewayAssociation.AssociationId
	w.turn(time.Hour)
	got(b.propose(t, gateway, alice, vgw, []string{"10.2.0.0/16"}, []string{"10.0.0.0/16"}))(t)
	second := b.object()["directConnectGatewayAssociationProposal"].(map[string]any)["proposalId"].(string)
	want := proposalMembers(second, gateway, "10.1.0.0/16", "10.2.0.0/16").with(members{
		"existingAllowedPrefixesToDirectConnectGateway": wireCIDRs("10.0.0.0/16", "10.1.0.0/16"),
	})
	holds(t, b.object(), members{"directConnectGatewayAssociationProposal": want})
	holds(t, a.association(t, association)["associationState"], "associated")
	out := got(a.accept(t, gateway, second, nil))(t).DirectConnectGatewayAssociation
	holds(t, *out.AssociationId, association)
	shown := a.association(t, association)
	holds(t, shown["associationState"], "updating")
	holds(t, shown["allowedPrefixesToDirectConnectGateway"], wireCIDRs("10.1.0.0/16", "10.2.0.0/16"))
	holds(t, b.proposal(t, second), want.with(members{
		"proposalState": "accepted", "existingAllowedPrefixesToDirectConnectGateway": wireCIDRs("10.1.0.0/16", "10.2.0.0/16"),
	}))
}

// TestProposalWithdrawn: only who made it may, and it stays visible as deleted for three days.
func TestProposalWithdrawn(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	w.register(vgw, bob, eastern, 64600, "10.255.255.0/28")
	gateway := a.gateway(t, "x")
	id := b.proposed(t, gateway, alice, vgw)
	want := proposalMembers(id, gateway, "10.255.255.0/28") // of its VPC
	holds(t, a.proposal(t, id), want)
	none := "Direct Connect Gateway Association Proposal " + id + " is not found."
	w.unchanged(t, func() { refused(a.withdraw(t, id))(t, client, none) })
	got(b.withdraw(t, id))(t)
	want["proposalState"] = "deleted"
	holds(t, b.object(), members{"directConnectGatewayAssociationProposal": want})
	refused(b.withdraw(t, id))(t, client, none)
	refused(a.accept(t, gateway, id, nil))(t, client, none)
	w.turn(3*24*time.Hour - time.Second)
	holds(t, b.proposal(t, id), want)
	w.turn(time.Second)
	holds(t, b.proposal(t, id), nil)
	holds(t, b.proposals(t, &dc.DescribeDirectConnectGatewayAssociationProposalsInput{}), list{})
	refused(b.withdraw(t, id))(t, client, none)
}

// TestProposalLapses after seven days, and is shown for three more; an accepted one is shown for three days.
func TestProposalLapses(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	gateway := a.gateway(t, "x")
	lapsing, accepted := b.proposed(t, gateway, alice, vgw, "10.0.0.0/8"), b.proposed(t, gateway, alice, "vgw-ffffffff")
	state := func(id string) any {
		t.Helper()
		if p := a.proposal(t, id); p != nil {
			return p.(map[string]any)["proposalState"]
		}
		return nil
	}
	w.turn(7*24*time.Hour - time.Second)
	holds(t, state(lapsing), "requested")
	association := *got(a.accept(t, gateway, accepted, nil))(t).DirectConnectGatewayAssociation.AssociationId
	w.turn(time.Second)
	holds(t, state(lapsing), "deleted")
	none := "Direct Connect Gateway Association Proposal " + lapsing + " is not found."
	refused(a.accept(t, gateway, lapsing, nil))(t, client, none)
	refused(b.withdraw(t, lapsing))(t, client, none)
	w.turn(3*24*time.Hour - 2*time.Second)
	holds(t, state(lapsing), "deleted")
	holds(t, state(accepted), "accepted")
	w.turn(time.Second)
	holds(t, state(lapsing), "deleted")
	holds(t, state(accepted), nil)
	w.turn(time.Second)
	holds(t, state(lapsing), nil)
	holds(t, a.association(t, association)["associationState"], "associated")
}

// TestProposalVisibility: those who own one of its gateways see a proposal, and only the other owner can accept it.
func TestProposalVisibility(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b, carol := w.as(t, alice), w.as(t, bob), w.as(t, "777788889999")
	gateway, other := a.gateway(t, "x"), a.gateway(t, "other")
	id, second := b.proposed(t, gateway, alice, vgw), b.proposed(t, other, alice, tgw, "10.0.0.0/8")
	type filter = dc.DescribeDirectConnectGatewayAssociationProposalsInput
	nobody := "00000000-0000-4000-8000-000000000000"
	for name, c := range map[string]struct {
		in   filter
		want []string
	}{
		"all":                      {filter{}, []string{id, second}},
		"by ID":                    {filter{ProposalId: &second}, []string{second}},
		"by gateway":               {filter{DirectConnectGatewayId: &gateway}, []string{id}},
		"by far side":              {filter{AssociatedGatewayId: str(tgw)}, []string{second}},
		"by ID and other gateway":  {filter{ProposalId: &id, DirectConnectGatewayId: &other}, nil},
		"by ID and other far side": {filter{ProposalId: &id, AssociatedGatewayId: str(tgw)}, nil},
		"unknown":                  {filter{ProposalId: &nobody}, nil},
		"of an unknown gateway":    {filter{DirectConnectGatewayId: &nobody}, nil},
		"of an unknown far side":   {filter{AssociatedGatewayId: str("vgw-ffffffff")}, nil},
	} {
		for _, caller := range []*caller{a, b, w.in(t, bob, western)} {
			seen := map[any]bool{}
			for _, p := range caller.proposals(t, &c.in) {
				seen[p.(map[string]any)["proposalId"]] = true
			}
			want := map[any]bool{}
			for _, id := range c.want {
				want[id] = true
			}
			if len(seen) != len(want) || (len(c.want) > 0 && !seen[c.want[0]]) {
				t.Errorf("%s: %v, want %v", name, seen, c.want)
			}
		}
		if left := carol.proposals(t, &c.in); len(left) > 0 {
			t.Errorf("%s: a third account sees %v", name, left)
		}
	}
	none := "Direct Connect Gateway Association Proposal " + id + " is not found."
	w.unchanged(t, func() {
		refused(b.accept(t, gateway, id, nil))(t, client, none)
		refused(carol.accept(t, gateway, id, nil))(t, client, none)
		refused(carol.withdraw(t, id))(t, client, none)
		refused(a.accept(t, other, id, nil))(t, client, none)
		_, err := a.AcceptDirectConnectGatewayAssociationProposal(t.Context(), &dc.AcceptDirectConnectGatewayAssociationProposalInput{
			DirectConnectGatewayId: &gateway, ProposalId: &id, AssociatedGatewayOwnerAccount: str(alice),
		})
		refused(0, err)(t, client, none)
	})
}

// TestProposalOfNothing: a gateway that is not the named account's does not exist, nor does one of another partition; the
// proposer's own must be in the Region. A proposal whose gateway is gone is answered in the recorded words.
func TestProposalOfNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	w.register(vgw, bob, eastern, 0, "10.0.0.0/16")
	w.register(tgw, alice, eastern, 64600)
	gateway := a.gateway(t, "x")
	noGateway := "Direct Connect Gateway " + gateway + " does not exist."
	w.unchanged(t, func() {
		refused(b.propose(t, gateway, bob, vgw, nil, nil))(t, client, noGateway)
		refused(b.propose(t, gateway, "someone", vgw, nil, nil))(t, client, noGateway)
		refused(w.in(t, bob, northern).propose(t, gateway, alice, "vgw-ffffffff", nil, nil))(t, client, noGateway)
		refused(w.in(t, bob, western).propose(t, gateway, alice, vgw, nil, nil))(t, client, "The VirtualGateway "+vgw+" does not exist.")
		refused(b.propose(t, gateway, alice, tgw, []string{"10.0.0.0/8"}, nil))(t, client, "The TransitGateway "+tgw+" does not exist.")
	})
	id := b.proposed(t, gateway, alice, vgw)
	if err := w.service.RemoveFarGateway(context.Background(), vgw); err != nil {
		t.Fatal(err)
	}
	name := "Bob"
	if _, err := w.service.AddAccount(context.Background(), bob, controlplane.AccountChange{Name: &name}); err != nil { // ends open mode
		t.Fatal(err)
	}
	w.configure(alice, "Alice", "nonPartner")
	a = w.as(t, alice)
	w.unchanged(t, func() {
		refused(a.accept(t, gateway, id, nil))(t, client, "The Virtual Gateway in the Direct Connect Gateway Association Proposal "+id+" is not found")
	})
}

// TestProposalThatCannotBe: what does not go together is found out at the latest when a proposal is accepted, which then
// leaves it open.
func TestProposalThatCannotBe(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	gateway := a.gateway(t, "x")
	virtual, transit := b.proposed(t, gateway, alice, vgw), b.proposed(t, gateway, alice, tgw, "10.0.0.0/8")
	got(a.accept(t, gateway, virtual, nil))(t)
	w.unchanged(t, func() {
		refused(a.accept(t, gateway, transit, nil))(t, client,
			"Direct Connect Gateway "+gateway+" is associated with a virtual private gateway: a transit gateway cannot be associated.")
	})
	other := a.gateway(t, "other")
	late := b.proposed(t, other, alice, "vgw-ffffffff")
	got(a.deleteGateway(t, other))(t)
	w.unchanged(t, func() {
		refused(a.accept(t, other, late, nil))(t, client, "Direct Connect Gateway "+other+" does not exist.")
	})
}
