package controlplane

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// identifiers are values for the members of inputs that name something, by how their names end.
var identifiers = map[string]string{
	"ConnectionID": "dxcon-ffaaaaaa", "ParentConnectionID": "dxlag-ffbbbbbb", "InterconnectID": "dxcon-ffcccccc", "LagID": "dxlag-ffdddddd",
	"VirtualInterfaceID": "dxvif-ffeeeeee", "DirectConnectGatewayID": "5f294f92-bafb-4011-916d-9b0bd0a3d1a1",
	"ResiliencyGroupID": "dxrg-0123456789abcdefg", "ResourceARN": "arn:aws:directconnect:us-east-1:111122223333:dxvif/dxvif-ffgggggg",
}

// filled is an operation's input in which everything that could be named is.
func filled(o operation) any {
	in := o.input()
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Name, v.Field(i)
		switch {
		case field.Type() == reflect.TypeFor[*string]() && identifiers[name] != "":
			text := identifiers[name]
			field.Set(reflect.ValueOf(&text))
		case name == "ConnectionIdentifiers" || name == "ConnectionIDs":
			field.Set(reflect.ValueOf([]string{"dxcon-ffaaaaaa", "dxlag-ffbbbbbb", "arn:aws:directconnect:eu-west-1:111122223333:dxcon/dxcon-ffhhhhhh"}))
		case name == "ResourceARNs":
			field.Set(reflect.ValueOf([]string{identifiers["ResourceARN"], "arn:aws:directconnect:us-east-1::dxcon/dxcon-ffaaaaaa"}))
		}
	}
	return in
}

// resourcesOf are the resources that the reference gives each operation (facts of the Service Authorization Reference), as the
// types of what a filled request names.
var resourcesOf = map[string]string{
	"AcceptDirectConnectGatewayAssociationProposal": "dx-gateway", "AllocateConnectionOnInterconnect": "dxcon", "AllocateHostedConnection": "dxcon",
	"AllocatePrivateVirtualInterface": "dxcon", "AllocatePublicVirtualInterface": "dxcon", "AllocateTransitVirtualInterface": "dxcon",
	"AssociateConnectionWithLag": "dxcon dxlag", "AssociateConnectionsToResiliencyGroup": "dx-resiliency-group dxcon dxlag dxcon",
	"AssociateHostedConnection": "dxcon dxlag", "AssociateMacSecKey": "dxcon", "AssociateVirtualInterface": "dxvif dxcon",
	"ConfirmConnection": "dxcon", "ConfirmCustomerAgreement": "", "ConfirmPrivateVirtualInterface": "dxvif",
	"ConfirmPublicVirtualInterface": "dxvif", "ConfirmTransitVirtualInterface": "dxvif", "CreateBGPPeer": "dxvif", "CreateConnection": "dxlag",
	"CreateDirectConnectGateway": "dx-gateway", "CreateDirectConnectGatewayAssociation": "dx-gateway",
	"CreateDirectConnectGatewayAssociationProposal": "dx-gateway", "CreateInterconnect": "dxlag", "CreateLag": "dxcon",
	"CreatePrivateVirtualInterface": "dxcon", "CreatePublicVirtualInterface": "dxcon", "CreateResiliencyGroup": "dx-resiliency-group",
	"CreateTransitVirtualInterface": "dxcon", "DeleteBGPPeer": "dxvif", "DeleteConnection": "dxcon", "DeleteDirectConnectGateway": "dx-gateway",
	"DeleteDirectConnectGatewayAssociation": "dx-gateway", "DeleteDirectConnectGatewayAssociationProposal": "", "DeleteInterconnect": "dxcon",
	"DeleteLag": "dxlag", "DeleteResiliencyGroup": "dx-resiliency-group", "DeleteVirtualInterface": "dxvif", "DescribeConnectionLoa": "dxcon",
	"DescribeConnections": "dxcon", "DescribeConnectionsOnInterconnect": "dxcon", "DescribeCustomerMetadata": "",
	"DescribeDirectConnectGatewayAssociationProposals": "dx-gateway", "DescribeDirectConnectGatewayAssociations": "dx-gateway",
	"DescribeDirectConnectGatewayAttachments": "dx-gateway", "DescribeDirectConnectGateways": "dx-gateway", "DescribeHostedConnections": "dxcon",
	"DescribeInterconnectLoa": "dxcon", "DescribeInterconnects": "dxcon", "DescribeLags": "dxlag", "DescribeLoa": "dxcon", "DescribeLocations": "",
	"DescribeRouterConfiguration": "dxvif", "DescribeTags": "dxvif dxcon", "DescribeVirtualGateways": "", "DescribeVirtualInterfaces": "dxvif dxcon",
	"DisassociateConnectionFromLag": "dxcon dxlag", "DisassociateConnectionsFromResiliencyGroup": "dx-resiliency-group dxcon dxlag dxcon",
	"DisassociateMacSecKey": "dxcon", "GetResiliencyGroup": "dx-resiliency-group", "ListResiliencyGroupAssociations": "dx-resiliency-group",
	"ListResiliencyGroups": "", "ListVirtualInterfaceRoutes": "dxvif", "ListVirtualInterfaceTestHistory": "dxvif", "StartBgpFailoverTest": "dxvif",
	"StopBgpFailoverTest": "dxvif", "TagResource": "dxvif", "UntagResource": "dxvif", "UpdateConnection": "dxcon",
	"UpdateConnectionsBillingMode": "dxcon dxlag dxcon", "UpdateDirectConnectGateway": "dx-gateway", "UpdateDirectConnectGatewayAssociation": "",
	"UpdateLag": "dxlag", "UpdateResiliencyGroup": "dx-resiliency-group", "UpdateVirtualInterfaceAttributes": "dxvif",
}

// TestRequirementTable: every operation has its row, which reads its input, and needs the resources of the reference. What
// carries tags needs permission for them.
func TestRequirementTable(t *testing.T) {
	t.Parallel()
	var have, want []string
	for _, r := range requirements {
		have = append(have, r.name)
	}
	for _, o := range operations {
		want = append(want, o.name)
	}
	if !slices.Equal(have, want) {
		t.Fatalf("the rows are %q, want %q", have, want)
	}
	caller := Caller{Account: "111122223333", Region: "us-east-1"}
	for i, o := range operations {
		n := requirements[i].of(filled(o)) // panics where the row reads another input
		var types []string
		for _, r := range n.on {
			arn, valid := r.name(caller)
			if !valid || arn.Account != caller.Account || (arn.Region == "") != global[arn.Type] {
				t.Errorf("%s needs %+v", o.name, arn)
			}
			types = append(types, arn.Type)
		}
		if got := strings.Join(types, " "); got != resourcesOf[o.name] {
			t.Errorf("%s needs %q, want %q", o.name, got, resourcesOf[o.name])
		}
		requirements[i].of(o.input()) // with nothing said: it must not panic
	}
}

// TestTagsNeedPermission: whatever takes tags where it makes something needs directconnect:TagResource for them.
func TestTagsNeedPermission(t *testing.T) {
	t.Parallel()
	for i, o := range operations {
		in := o.input()
		tags := tagMembers(reflect.ValueOf(in).Elem())
		n := requirements[i].of(in)
		switch {
		case o.name == "TagResource":
			if len(n.tags) != tags || n.makes != nil {
				t.Errorf("TagResource: %+v", n)
			}
		case len(n.makes) != tags || len(n.tags) != tags:
			t.Errorf("%s has %d lists of tags, and needs permission for %+v (%+v)", o.name, tags, n.makes, n.tags)
		}
	}
}

// tagMembers puts a tag into each list of tags of an input, and answers how many there are.
func tagMembers(v reflect.Value) (n int) {
	for i := range v.NumField() {
		field := v.Field(i)
		switch {
		case field.Kind() == reflect.Slice && field.Type().Elem().Name() == "Tag":
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
			n++
		case field.Kind() == reflect.Pointer && field.Type().Elem().Kind() == reflect.Struct:
			field.Set(reflect.New(field.Type().Elem()))
			n += tagMembers(field.Elem())
		}
	}
	return n
}
