package conformance

import (
	"context"
	"fmt"
	"strings"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/store"
)

// Gateways of the far side that no test registers: open mode takes them as the caller's own.
const (
	vgw = "vgw-0a1b2c3d"
	tgw = "tgw-0a1b2c3d4e5f60718"
)

// register enters a gateway of the far side into the operator's registry.
func (w *world) register(id, account, region string, asn int64, cidrs ...string) {
	w.t.Helper()
	if _, err := w.service.AddFarGateway(context.Background(), id, account, region, asn, cidrs); err != nil {
		w.t.Fatal(err)
	}
}

// gateway makes a Direct Connect gateway and has it available; without an ASN it gets the default.
func (c *caller) gateway(t testing.TB, name string, asn ...int64) string {
	t.Helper()
	in := &dc.CreateDirectConnectGatewayInput{DirectConnectGatewayName: &name}
	if len(asn) > 0 {
		in.AmazonSideAsn = &asn[0]
	}
	out := got(c.CreateDirectConnectGateway(t.Context(), in))(t)
	id := *out.DirectConnectGateway.DirectConnectGatewayId
	if !uuid.MatchString(id) {
		t.Fatalf("directConnectGatewayId is %q", id)
	}
	c.w.settle()
	return id
}

// gateways are the gateways that the caller sees, or the one named, as the wire has them.
func (c *caller) gateways(t testing.TB, id ...string) list {
	t.Helper()
	in := &dc.DescribeDirectConnectGatewaysInput{}
	if len(id) > 0 {
		in.DirectConnectGatewayId = &id[0]
	}
	got(c.DescribeDirectConnectGateways(t.Context(), in))(t)
	return c.object()["directConnectGateways"].(list)
}

func (c *caller) deleteGateway(t testing.TB, id string) (*dc.DeleteDirectConnectGatewayOutput, error) {
	return c.DeleteDirectConnectGateway(t.Context(), &dc.DeleteDirectConnectGatewayInput{DirectConnectGatewayId: &id})
}

// gatewayMembers is a gateway as it is made.
func gatewayMembers(id, name, state string) members {
	return members{
		"directConnectGatewayId": id, "directConnectGatewayName": name, "amazonSideAsn": 64512, "ownerAccount": alice,
		"directConnectGatewayState": state, "tags": list{}, "totalPrefixPoolAllocations": 0,
	}
}

func cidrs(texts ...string) []types.RouteFilterPrefix {
	var out []types.RouteFilterPrefix
	for _, s := range texts {
		out = append(out, types.RouteFilterPrefix{Cidr: &s})
	}
	return out
}

// wireCIDRs are prefixes as the wire has them.
func wireCIDRs(texts ...string) list {
	out := list{}
	for _, s := range texts {
		out = append(out, map[string]any{"cidr": s})
	}
	return out
}

// join associates two gateways of the caller's.
func (c *caller) join(t testing.TB, gateway, far string, allowed ...string) (*dc.CreateDirectConnectGatewayAssociationOutput, error) {
	return c.CreateDirectConnectGatewayAssociation(t.Context(), &dc.CreateDirectConnectGatewayAssociationInput{
		DirectConnectGatewayId: &gateway, GatewayId: &far, AddAllowedPrefixesToDirectConnectGateway: cidrs(allowed...),
	})
}

// joined is join where it must do, and answers the association's ID; it is still associating.
func (c *caller) joined(t testing.TB, gateway, far string, allowed ...string) string {
	t.Helper()
	id := *got(c.join(t, gateway, far, allowed...))(t).DirectConnectGatewayAssociation.AssociationId
	if !uuid.MatchString(id) {
		t.Fatalf("associationId is %q", id)
	}
	return id
}

// associations are those that a filter finds, as the wire has them.
func (c *caller) associations(t testing.TB, in *dc.DescribeDirectConnectGatewayAssociationsInput) list {
	t.Helper()
	got(c.DescribeDirectConnectGatewayAssociations(t.Context(), in))(t)
	return c.object()["directConnectGatewayAssociations"].(list)
}

// association is the association with this ID.
func (c *caller) association(t testing.TB, id string) map[string]any {
	t.Helper()
	all := c.associations(t, &dc.DescribeDirectConnectGatewayAssociationsInput{AssociationId: &id})
	if len(all) != 1 {
		t.Fatalf("%d associations with ID %s", len(all), id)
	}
	return all[0].(map[string]any)
}

func (c *caller) updateAllowed(t testing.TB, id string, add, remove []string) (*dc.UpdateDirectConnectGatewayAssociationOutput, error) {
	return c.UpdateDirectConnectGatewayAssociation(t.Context(), &dc.UpdateDirectConnectGatewayAssociationInput{
		AssociationId: &id, AddAllowedPrefixesToDirectConnectGateway: cidrs(add...), RemoveAllowedPrefixesToDirectConnectGateway: cidrs(remove...),
	})
}

func (c *caller) separate(t testing.TB, association string) (*dc.DeleteDirectConnectGatewayAssociationOutput, error) {
	return c.DeleteDirectConnectGatewayAssociation(t.Context(), &dc.DeleteDirectConnectGatewayAssociationInput{AssociationId: &association})
}

// dumpGateways writes down what hangs on gateways: themselves, their associations, the proposals and the registry.
func dumpGateways(tx *store.Tx, b *strings.Builder) error {
	for _, account := range []string{alice, bob} {
		gs, err := tx.Gateways(store.GatewayQuery{Account: account})
		if err != nil {
			return err
		}
		as, err := tx.Associations(store.AssociationQuery{Party: account})
		if err != nil {
			return err
		}
		ps, err := tx.Proposals(store.ProposalQuery{Party: account})
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%+v\n%+v\n%+v\n", gs, as, ps)
	}
	fs, err := tx.FarGateways("", "", "", 0)
	fmt.Fprintf(b, "%+v\n", fs)
	return err
}
