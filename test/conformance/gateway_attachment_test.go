package conformance

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

type attachmentFilter = dc.DescribeDirectConnectGatewayAttachmentsInput

func (c *caller) attachments(t testing.TB, in *attachmentFilter) list {
	t.Helper()
	got(c.DescribeDirectConnectGatewayAttachments(t.Context(), in))(t)
	return c.object()["directConnectGatewayAttachments"].(list)
}

// TestAttachmentLife: attaching with a new interface, attached when it is provisioned, detaching while it is deleted,
// detached for as long as it is listed, and gone: fact sheet 12.
func TestAttachmentLife(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	for kind, order := range map[string]func(gateway string) string{
		"PrivateVirtualInterface": func(gateway string) string { return a.private(t, port, 1, toDXGW(gateway)) },
		"TransitVirtualInterface": func(gateway string) string { return a.transit(t, port, gateway, 2) },
	} {
		gateway := a.gateway(t, kind)
		id := order(gateway)
		shows := func(state string) {
			t.Helper()
			want := list{members{
				"directConnectGatewayId": gateway, "virtualInterfaceId": id, "virtualInterfaceRegion": eastern,
				"virtualInterfaceOwnerAccount": alice, "attachmentState": state, "attachmentType": kind,
			}}
			for _, in := range []attachmentFilter{
				{DirectConnectGatewayId: &gateway}, {VirtualInterfaceId: &id}, {DirectConnectGatewayId: &gateway, VirtualInterfaceId: &id},
			} {
				holds(t, a.attachments(t, &in), want)
				holds(t, w.in(t, alice, western).attachments(t, &in), want)
				holds(t, w.as(t, bob).attachments(t, &in), list{})
			}
		}
		shows("attaching")
		w.turn(time.Hour)
		shows("attached")
		holds(t, a.deleteVIF(t, id), "deleting")
		shows("detaching")
		w.turn(time.Minute)
		shows("detached")
		w.turn(15 * time.Minute)
		holds(t, a.attachments(t, &attachmentFilter{VirtualInterfaceId: &id}), list{})
		holds(t, a.attachments(t, &attachmentFilter{DirectConnectGatewayId: &gateway}), list{})
	}
}

// TestAttachmentOfAnAllocatedInterface: there is none before its owner confirms, and then it is the owner's.
func TestAttachmentOfAnAllocatedInterface(t *testing.T) {
	t.Parallel()
	w := open(t)
	a, b := w.as(t, alice), w.as(t, bob)
	id := a.allocate(t, "private", a.port(t, "10Gbps"), bob, 1)
	gateway := b.gateway(t, "x")
	holds(t, b.attachments(t, &attachmentFilter{VirtualInterfaceId: &id}), list{})
	holds(t, b.confirmVIF(t, "private", id, gateway), "pending")
	holds(t, b.attachments(t, &attachmentFilter{VirtualInterfaceId: &id})[0].(map[string]any)["virtualInterfaceOwnerAccount"], bob)
	holds(t, a.attachments(t, &attachmentFilter{VirtualInterfaceId: &id}), list{})
}

// TestNoAttachment: what hangs on a virtual private gateway, or on none, has no attachment, and neither has what is not
// there; one filter is demanded.
func TestNoAttachment(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, empty := a.port(t, "10Gbps"), a.gateway(t, "x")
	direct, public := a.private(t, port, 1), a.public(t, port, 2)
	attached := a.private(t, port, 3, toDXGW(a.gateway(t, "other")))
	nobody := "00000000-0000-4000-8000-000000000000"
	for _, in := range []attachmentFilter{
		{VirtualInterfaceId: &direct}, {VirtualInterfaceId: &public}, {VirtualInterfaceId: str(noVIF)}, {DirectConnectGatewayId: &empty},
		{DirectConnectGatewayId: &nobody}, {DirectConnectGatewayId: &empty, VirtualInterfaceId: &attached},
	} {
		holds(t, a.attachments(t, &in), list{})
	}
	_, err := a.DescribeDirectConnectGatewayAttachments(t.Context(), &attachmentFilter{})
	refused(0, err)(t, client, "Specify directConnectGatewayId or virtualInterfaceId.")
}

// TestGatewayPrefixPools: a gateway tells how much of the pools its interfaces take together, which has a limit, and so has
// the number of interfaces: fact sheet 18.4.
func TestGatewayPrefixPools(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	gateway := a.gateway(t, "x")
	first := a.port(t, "10Gbps")
	total := func(want int) {
		t.Helper()
		holds(t, a.gateways(t, gateway)[0].(map[string]any)["totalPrefixPoolAllocations"], want)
	}
	id := a.private(t, first, 1, toDXGW(gateway))
	total(200) // 100 of each family
	pools := func(v4, v6 int32) func(*private) {
		return func(n *private) { n.PrefixPoolAllocatedCountIpv4, n.PrefixPoolAllocatedCountIpv6 = &v4, &v6 }
	}
	a.private(t, first, 2, toDXGW(gateway), pools(1000, 300))
	total(1500)
	a.deleteVIF(t, id)
	total(1500) // it is not gone yet
	w.turn(time.Minute)
	total(1300)
	ports := []string{first, a.port(t, "10Gbps"), a.port(t, "10Gbps")}
	for n := range int32(4) {
		a.private(t, ports[1], n+1, toDXGW(gateway), pools(1000, 1000))
	}
	a.private(t, ports[2], 1, toDXGW(gateway), pools(600, 100))
	total(10000)
	w.unchanged(t, func() {
		refused(a.askPrivate(t, ports[2], 2, toDXGW(gateway), pools(1, 1)))(t, client,
			"You have reached the limit of 10000 prefix pool allocations on Direct Connect Gateway "+gateway+".")
	})
	other := a.gateway(t, "other")
	for n := range int32(30) {
		a.private(t, ports[2], n+10, toDXGW(other), pools(1, 1))
	}
	w.unchanged(t, func() {
		refused(a.askPrivate(t, ports[2], 50, toDXGW(other), pools(1, 1)))(t, client,
			"You have reached the limit of 30 virtual interfaces on Direct Connect Gateway "+other+".")
	})
}

// TestGatewayPages: the four lists around gateways, by pages of every size, and none takes another's token.
func TestGatewayPages(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, gateway := a.port(t, "10Gbps"), a.gateway(t, "0")
	for n := range int32(5) {
		a.gateway(t, fmt.Sprint(n+1))
		far := fmt.Sprintf("vgw-%08x", n)
		a.proposed(t, gateway, alice, far)
		a.joined(t, gateway, far)
		a.private(t, port, n+1, toDXGW(gateway))
	}
	all := gatewayPagers(t, a, gateway)
	for _, p := range all {
		whole, next, err := p.ask(nil, nil)
		if err != nil || next != nil || len(whole) < 5 {
			t.Fatalf("%s: %v, %v, %v", p.name, whole, next, err)
		}
		for _, size := range []int32{1, 2, int32(len(whole)), 101} {
			var ids []string
			var token *string
			for pages := 0; pages == 0 || token != nil; pages++ {
				page, next, err := p.ask(&size, token)
				if err != nil || len(page) == 0 || len(page) > int(size) {
					t.Fatalf("%s by %d: %d items, %v", p.name, size, len(page), err)
				}
				ids, token = append(ids, page...), next
			}
			if !slices.Equal(ids, whole) {
				t.Errorf("%s by %d lists %v, want %v", p.name, size, ids, whole)
			}
		}
		_, token, _ := p.ask(num(2), nil)
		for _, other := range all {
			if ids, _, err := other.ask(nil, token); other.name != p.name {
				refused(ids, err)(t, client, "nextToken is not valid.")
			}
		}
		for _, western := range gatewayPagers(t, w.in(t, alice, western), gateway) { // a list that is global is so page by page
			if ids, _, err := western.ask(nil, token); western.name == p.name && (err != nil || !slices.Equal(ids, whole[2:])) {
				t.Errorf("%s from another Region goes on with %v, %v", p.name, ids, err)
			}
		}
	}
}

func gatewayPagers(t testing.TB, c *caller, gateway string) []pager {
	ids := func(key, id string, err error) ([]string, *string, error) {
		if err != nil {
			return nil, nil, err
		}
		var out []string
		for _, one := range c.object()[key].(list) {
			out = append(out, one.(map[string]any)[id].(string))
		}
		if next, ok := c.object()["nextToken"].(string); ok {
			return out, aws.String(next), nil
		}
		return out, nil, nil
	}
	return []pager{
		{"gateways", func(n *int32, token *string) ([]string, *string, error) {
			_, err := c.DescribeDirectConnectGateways(t.Context(), &dc.DescribeDirectConnectGatewaysInput{MaxResults: n, NextToken: token})
			return ids("directConnectGateways", "directConnectGatewayId", err)
		}},
		{"associations", func(n *int32, token *string) ([]string, *string, error) {
			_, err := c.DescribeDirectConnectGatewayAssociations(t.Context(), &dc.DescribeDirectConnectGatewayAssociationsInput{
				DirectConnectGatewayId: &gateway, MaxResults: n, NextToken: token,
			})
			return ids("directConnectGatewayAssociations", "associationId", err)
		}},
		{"proposals", func(n *int32, token *string) ([]string, *string, error) {
			_, err := c.DescribeDirectConnectGatewayAssociationProposals(t.Context(), &dc.DescribeDirectConnectGatewayAssociationProposalsInput{
				MaxResults: n, NextToken: token,
			})
			return ids("directConnectGatewayAssociationProposals", "proposalId", err)
		}},
		{"attachments", func(n *int32, token *string) ([]string, *string, error) {
			_, err := c.DescribeDirectConnectGatewayAttachments(t.Context(), &attachmentFilter{
				DirectConnectGatewayId: &gateway, MaxResults: n, NextToken: token,
			})
			return ids("directConnectGatewayAttachments", "virtualInterfaceId", err)
		}},
	}
}
