package conformance

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Identifiers that nobody has.
const (
	noVIF  = "dxvif-fg31dyv6"
	noPeer = "dxpeer-fg31dyv6"
	noDXGW = "cf68415c-f4ae-48f2-87a7-3b52cdcf2c4d"
	anyVGW = "vgw-0123456789abcdef0" // in open mode whoever names it has it, with ASN 64512
)

// port is a connection in Ashburn whose link is up.
func (c *caller) port(t testing.TB, bandwidth string) string {
	t.Helper()
	id := c.order(t, ashburn, bandwidth, "port")
	c.w.light(id)
	return id
}

// dxgw is a Direct Connect gateway with ASN 64600.
func (c *caller) dxgw(t testing.TB) string { t.Helper(); return c.gateway(t, "for interfaces", 64600) }

// vifID passes on a well-formed ID.
func vifID(t testing.TB, id *string) string {
	t.Helper()
	if err := directconnect.CheckInterfaceID(aws.ToString(id)); err != nil {
		t.Fatal(err)
	}
	return *id
}

type (
	private = types.NewPrivateVirtualInterface
	public  = types.NewPublicVirtualInterface
	transit = types.NewTransitVirtualInterface
)

// askPrivate orders an interface to anyVGW, unless set has other wishes.
func (c *caller) askPrivate(t testing.TB, parent string, vlan int32, set ...func(*private)) (*dc.CreatePrivateVirtualInterfaceOutput, error) {
	n := private{VirtualInterfaceName: str("private"), Vlan: vlan, Asn: 65000, VirtualGatewayId: str(anyVGW)}
	for _, f := range set {
		f(&n)
	}
	return c.CreatePrivateVirtualInterface(t.Context(), &dc.CreatePrivateVirtualInterfaceInput{ConnectionId: &parent, NewPrivateVirtualInterface: &n})
}

func (c *caller) private(t testing.TB, parent string, vlan int32, set ...func(*private)) string {
	t.Helper()
	return vifID(t, got(c.askPrivate(t, parent, vlan, set...))(t).VirtualInterfaceId)
}

// toDXGW attaches to a Direct Connect gateway instead.
func toDXGW(id string) func(*private) {
	return func(n *private) { n.VirtualGatewayId, n.DirectConnectGatewayId = nil, &id }
}

// askPublic orders a public interface for 203.0.113.0/24, with addresses of which the last number follows the VLAN.
func (c *caller) askPublic(t testing.TB, parent string, vlan int32, set ...func(*public)) (*dc.CreatePublicVirtualInterfaceOutput, error) {
	n := public{
		VirtualInterfaceName: str("public"), Vlan: vlan, Asn: 65000,
		AmazonAddress: str(fmt.Sprintf("198.51.100.%d/30", 4*vlan%256+1)), CustomerAddress: str(fmt.Sprintf("198.51.100.%d/30", 4*vlan%256+2)),
		RouteFilterPrefixes: []types.RouteFilterPrefix{{Cidr: str("203.0.113.0/24")}},
	}
	for _, f := range set {
		f(&n)
	}
	return c.CreatePublicVirtualInterface(t.Context(), &dc.CreatePublicVirtualInterfaceInput{ConnectionId: &parent, NewPublicVirtualInterface: &n})
}

func (c *caller) public(t testing.TB, parent string, vlan int32, set ...func(*public)) string {
	t.Helper()
	return vifID(t, got(c.askPublic(t, parent, vlan, set...))(t).VirtualInterfaceId)
}

func (c *caller) askTransit(t testing.TB, parent, gateway string, vlan int32, set ...func(*transit)) (*dc.CreateTransitVirtualInterfaceOutput, error) {
	n := transit{VirtualInterfaceName: str("transit"), Vlan: vlan, Asn: 65000, DirectConnectGatewayId: &gateway}
	for _, f := range set {
		f(&n)
	}
	return c.CreateTransitVirtualInterface(t.Context(), &dc.CreateTransitVirtualInterfaceInput{ConnectionId: &parent, NewTransitVirtualInterface: &n})
}

func (c *caller) transit(t testing.TB, parent, gateway string, vlan int32, set ...func(*transit)) string {
	t.Helper()
	return vifID(t, got(c.askTransit(t, parent, gateway, vlan, set...))(t).VirtualInterface.VirtualInterfaceId)
}

// allocate makes an interface of a kind for another account.
func (c *caller) allocate(t testing.TB, kind, parent, owner string, vlan int32) string {
	t.Helper()
	switch kind {
	case "private":
		return vifID(t, got(c.AllocatePrivateVirtualInterface(t.Context(), &dc.AllocatePrivateVirtualInterfaceInput{
			ConnectionId: &parent, OwnerAccount: &owner, NewPrivateVirtualInterfaceAllocation: &types.NewPrivateVirtualInterfaceAllocation{
				VirtualInterfaceName: str("for another"), Vlan: vlan, Asn: 65000,
			}}))(t).VirtualInterfaceId)
	case "transit":
		return vifID(t, got(c.AllocateTransitVirtualInterface(t.Context(), &dc.AllocateTransitVirtualInterfaceInput{
			ConnectionId: &parent, OwnerAccount: &owner, NewTransitVirtualInterfaceAllocation: &types.NewTransitVirtualInterfaceAllocation{
				VirtualInterfaceName: str("for another"), Vlan: vlan, Asn: 65000,
			}}))(t).VirtualInterface.VirtualInterfaceId)
	}
	return vifID(t, got(c.AllocatePublicVirtualInterface(t.Context(), &dc.AllocatePublicVirtualInterfaceInput{
		ConnectionId: &parent, OwnerAccount: &owner, NewPublicVirtualInterfaceAllocation: &types.NewPublicVirtualInterfaceAllocation{
			VirtualInterfaceName: str("for another"), Vlan: vlan, Asn: 65000,
			AmazonAddress: str("198.51.100.1/31"), CustomerAddress: str("198.51.100.0/31"),
			RouteFilterPrefixes: []types.RouteFilterPrefix{{Cidr: str("203.0.113.0/24")}},
		}}))(t).VirtualInterfaceId)
}

// confirmVIF accepts an allocated interface: a private or transit one on a Direct Connect gateway. It answers the state.
func (c *caller) confirmVIF(t testing.TB, kind, id, gateway string) string {
	t.Helper()
	switch kind {
	case "private":
		got(c.ConfirmPrivateVirtualInterface(t.Context(), &dc.ConfirmPrivateVirtualInterfaceInput{VirtualInterfaceId: &id, DirectConnectGatewayId: &gateway}))(t)
	case "transit":
		got(c.ConfirmTransitVirtualInterface(t.Context(), &dc.ConfirmTransitVirtualInterfaceInput{VirtualInterfaceId: &id, DirectConnectGatewayId: &gateway}))(t)
	default:
		got(c.ConfirmPublicVirtualInterface(t.Context(), &dc.ConfirmPublicVirtualInterfaceInput{VirtualInterfaceId: &id}))(t)
	}
	state, _ := strings.CutPrefix(c.last.body, `{"virtualInterfaceState":"`)
	return strings.TrimSuffix(state, `"}`)
}

// vifs are the interfaces that DescribeVirtualInterfaces shows, of one parent or interface where they are named.
func (c *caller) vifs(t testing.TB, parent, id string) list {
	t.Helper()
	in := &dc.DescribeVirtualInterfacesInput{}
	if parent != "" {
		in.ConnectionId = &parent
	}
	if id != "" {
		in.VirtualInterfaceId = &id
	}
	got(c.DescribeVirtualInterfaces(t.Context(), in))(t)
	return c.object()["virtualInterfaces"].(list)
}

// vif is one interface as it is shown.
func (c *caller) vif(t testing.TB, id string) map[string]any {
	t.Helper()
	all := c.vifs(t, "", id)
	if len(all) != 1 {
		t.Fatalf("%d interfaces with ID %s", len(all), id)
	}
	return all[0].(map[string]any)
}

// vifState checks the state of an interface.
func (c *caller) vifState(t testing.TB, id, want string) {
	t.Helper()
	if s := c.vif(t, id)["virtualInterfaceState"]; s != want {
		t.Errorf("%s is %s, want %s", id, s, want)
	}
}

// peers are the BGP peers of an interface, each with its state and status.
func (c *caller) peers(t testing.TB, id string) (out []map[string]any) {
	t.Helper()
	for _, p := range c.vif(t, id)["bgpPeers"].(list) {
		out = append(out, p.(map[string]any))
	}
	return out
}

// ups writes down state and status of each BGP peer.
func (c *caller) ups(t testing.TB, id string) string {
	t.Helper()
	var out []string
	for _, p := range c.peers(t, id) {
		out = append(out, fmt.Sprint(p["bgpPeerState"], " ", p["bgpStatus"]))
	}
	return strings.Join(out, ", ")
}

func (c *caller) deleteVIF(t testing.TB, id string) string {
	t.Helper()
	out := got(c.DeleteVirtualInterface(t.Context(), &dc.DeleteVirtualInterfaceInput{VirtualInterfaceId: &id}))(t)
	return string(out.VirtualInterfaceState)
}

// verify is the operator's approval of a public interface's number and prefixes.
func (w *world) verify(id string) {
	w.t.Helper()
	if _, err := w.service.VerifyInterface(context.Background(), id); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

// script tells the customer's router at the far end of an interface what to do; empty: what it does by default.
func (w *world) script(id, text string) {
	w.t.Helper()
	err := w.store.Update(context.Background(), func(tx *store.Tx) error {
		if err := tx.PutSetting(directconnect.CustomerSetting(id), text); err != nil {
			return err
		}
		v, err := tx.Interface(id)
		if err != nil {
			return err
		}
		_, err = tx.WakeInterfaces(store.InterfaceQuery{Router: v.Router}, w.now())
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

// announce has the customer of an interface announce n prefixes.
func (w *world) announce(id string, n int) {
	w.t.Helper()
	var routes []string
	for i := range n {
		routes = append(routes, fmt.Sprintf(`{"cidr":"10.1.%d.0/24"}`, i))
	}
	w.script(id, `{"announce":[`+strings.Join(routes, ",")+`]}`)
}

// dumpInterfaces writes down the interfaces, their sessions and their tests.
func dumpInterfaces(tx *store.Tx, b *strings.Builder) error {
	for _, account := range []string{alice, bob} {
		for _, region := range []string{eastern, western} {
			vs, err := tx.Interfaces(store.InterfaceQuery{Party: account, Region: region})
			if err != nil {
				return err
			}
			for _, v := range vs {
				fmt.Fprintf(b, "%+v\n", v)
			}
			tests, err := tx.FailoverTests(store.FailoverQuery{Account: account, Region: region})
			if err != nil {
				return err
			}
			for _, one := range tests {
				fmt.Fprintf(b, "%+v\n", one)
			}
		}
	}
	return nil
}
