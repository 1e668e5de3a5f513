package clients

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// port orders a connection of 10 Gbps; its cable is plugged in.
func (o *observer) port() string {
	o.t.Helper()
	id := orderOne(o.t, o.client)
	o.server.Settle()
	return id
}

// orderedTraffic orders a gateway, and an interface with a tag on a connection, and answers their IDs.
func (o *observer) orderedTraffic(name, connection string) (gateway, virtualInterface string) {
	o.t.Helper()
	g, err := o.client.CreateDirectConnectGateway(o.t.Context(), &directconnect.CreateDirectConnectGatewayInput{
		DirectConnectGatewayName: &name, AmazonSideAsn: aws.Int64(64620),
	})
	if err != nil {
		o.t.Fatal(err)
	}
	v, err := o.client.CreatePrivateVirtualInterface(o.t.Context(), &directconnect.CreatePrivateVirtualInterfaceInput{
		ConnectionId: &connection, NewPrivateVirtualInterface: &types.NewPrivateVirtualInterface{
			VirtualInterfaceName: &name, Vlan: 101, Asn: 65000, Mtu: aws.Int32(9001), VirtualGatewayId: aws.String(endVGW),
			Tags: []types.Tag{{Key: aws.String("from"), Value: aws.String("the SDK")}},
		},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.server.Settle()
	return *g.DirectConnectGateway.DirectConnectGatewayId, *v.VirtualInterfaceId
}

// traffic is what runs over an account's ports, each by its name in a few words: interfaces, gateways and, by the name of
// the gateway and the ID of what is associated, associations.
type traffic struct {
	interfaces, gateways, associations map[string]string
	ids                                map[string]string
}

// traffic looks at everything that is not deleted.
func (o *observer) traffic() traffic {
	o.t.Helper()
	ctx := o.t.Context()
	found := traffic{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
	interfaces, err := o.client.DescribeVirtualInterfaces(ctx, &directconnect.DescribeVirtualInterfacesInput{})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, v := range interfaces.VirtualInterfaces {
		if v.VirtualInterfaceState != types.VirtualInterfaceStateDeleted {
			found.interfaces[*v.VirtualInterfaceName] = interfaceInWords(v)
			found.ids["interface "+*v.VirtualInterfaceName] = *v.VirtualInterfaceId
		}
	}
	gateways, err := o.client.DescribeDirectConnectGateways(ctx, &directconnect.DescribeDirectConnectGatewaysInput{})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, g := range gateways.DirectConnectGateways {
		name := *g.DirectConnectGatewayName
		found.gateways[name] = fmt.Sprintf("%s %d", g.DirectConnectGatewayState, *g.AmazonSideAsn)
		found.ids["gateway "+name] = *g.DirectConnectGatewayId
		o.associations(found, g)
	}
	return found
}

func (o *observer) associations(found traffic, g types.DirectConnectGateway) {
	o.t.Helper()
	out, err := o.client.DescribeDirectConnectGatewayAssociations(o.t.Context(),
		&directconnect.DescribeDirectConnectGatewayAssociationsInput{DirectConnectGatewayId: g.DirectConnectGatewayId})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, a := range out.DirectConnectGatewayAssociations {
		var prefixes []string
		for _, p := range a.AllowedPrefixesToDirectConnectGateway {
			prefixes = append(prefixes, *p.Cidr)
		}
		slices.Sort(prefixes)
		name := *g.DirectConnectGatewayName + " to " + *a.AssociatedGateway.Id
		found.associations[name] = strings.Join(append([]string{string(a.AssociationState)}, prefixes...), " ")
		found.ids["association "+name] = *a.AssociationId
	}
}

// interfaceInWords says what matters of an interface: kind, VLAN, state, MTU, SiteLink, how many sessions are up, and tags.
func interfaceInWords(v types.VirtualInterface) string {
	up := 0
	for _, p := range v.BgpPeers {
		if p.BgpStatus == types.BGPStatusUp {
			up++
		}
	}
	words := []string{*v.VirtualInterfaceType, fmt.Sprint("VLAN ", v.Vlan), string(v.VirtualInterfaceState), fmt.Sprint("MTU ", *v.Mtu)}
	if aws.ToBool(v.SiteLinkEnabled) {
		words = append(words, "SiteLink")
	}
	words = append(words, fmt.Sprintf("%d of %d up", up, len(v.BgpPeers)))
	for _, t := range v.Tags {
		words = append(words, *t.Key+"="+aws.ToString(t.Value))
	}
	return strings.Join(words, " ")
}
