package controlplane

import (
	"context"
	"slices"

	"onramp/internal/awsjson"
	"onramp/internal/directconnect"
)

// operation is one row of the table: a name, how to make its input, and the method that answers it. A row of an operation
// that this server does not have yet, as a newer SDK may bring one, has a name only.
type operation struct {
	name   string
	input  func() any
	output func() any
	call   func(s *Service, ctx context.Context, caller Caller, in any) (any, error)
}

func (o operation) built() bool { return o.call != nil }

// wire is the operation as the wire calls it. One that is not built takes any input and answers one honest error.
func (o operation) wire(s *Service) awsjson.Operation {
	if !o.built() {
		return awsjson.Operation{
			Name: o.name, New: func() any { return new(struct{}) },
			Call: func(context.Context, any) (any, error) {
				return nil, &directconnect.Error{Kind: directconnect.NotBuilt, Message: o.name + " is not built in this version of Onramp."}
			},
		}
	}
	return awsjson.Operation{
		Name: o.name, New: o.input,
		Call: func(ctx context.Context, in any) (any, error) { return s.recorded(ctx, o, in) },
	}
}

// op makes a row of a method; a method with a wrong signature does not compile.
func op[In, Out any](name string, method func(*Service, context.Context, Caller, *In) (*Out, error)) operation {
	return operation{
		name:  name,
		input: func() any { return new(In) }, output: func() any { return new(Out) },
		call: func(s *Service, ctx context.Context, caller Caller, in any) (any, error) {
			if err := s.authorize(ctx, caller, name, in); err != nil {
				return nil, err
			}
			out, err := method(s, ctx, caller, in.(*In))
			if err != nil {
				return nil, err
			}
			return out, nil
		},
	}
}

// operations is every operation of the API, sorted by name. A test holds it equal to the generated names.
var operations = []operation{
	op("AcceptDirectConnectGatewayAssociationProposal", (*Service).AcceptDirectConnectGatewayAssociationProposal),
	op("AllocateConnectionOnInterconnect", (*Service).AllocateConnectionOnInterconnect),
	op("AllocateHostedConnection", (*Service).AllocateHostedConnection),
	op("AllocatePrivateVirtualInterface", (*Service).AllocatePrivateVirtualInterface),
	op("AllocatePublicVirtualInterface", (*Service).AllocatePublicVirtualInterface),
	op("AllocateTransitVirtualInterface", (*Service).AllocateTransitVirtualInterface),
	op("AssociateConnectionWithLag", (*Service).AssociateConnectionWithLag),
	op("AssociateConnectionsToResiliencyGroup", (*Service).AssociateConnectionsToResiliencyGroup),
	op("AssociateHostedConnection", (*Service).AssociateHostedConnection),
	op("AssociateMacSecKey", (*Service).AssociateMacSecKey),
	op("AssociateVirtualInterface", (*Service).AssociateVirtualInterface),
	op("ConfirmConnection", (*Service).ConfirmConnection),
	op("ConfirmCustomerAgreement", (*Service).ConfirmCustomerAgreement),
	op("ConfirmPrivateVirtualInterface", (*Service).ConfirmPrivateVirtualInterface),
	op("ConfirmPublicVirtualInterface", (*Service).ConfirmPublicVirtualInterface),
	op("ConfirmTransitVirtualInterface", (*Service).ConfirmTransitVirtualInterface),
	op("CreateBGPPeer", (*Service).CreateBGPPeer),
	op("CreateConnection", (*Service).CreateConnection),
	op("CreateDirectConnectGateway", (*Service).CreateDirectConnectGateway),
	op("CreateDirectConnectGatewayAssociation", (*Service).CreateDirectConnectGatewayAssociation),
	op("CreateDirectConnectGatewayAssociationProposal", (*Service).CreateDirectConnectGatewayAssociationProposal),
	op("CreateInterconnect", (*Service).CreateInterconnect),
	op("CreateLag", (*Service).CreateLag),
	op("CreatePrivateVirtualInterface", (*Service).CreatePrivateVirtualInterface),
	op("CreatePublicVirtualInterface", (*Service).CreatePublicVirtualInterface),
	op("CreateResiliencyGroup", (*Service).CreateResiliencyGroup),
	op("CreateTransitVirtualInterface", (*Service).CreateTransitVirtualInterface),
	op("DeleteBGPPeer", (*Service).DeleteBGPPeer),
	op("DeleteConnection", (*Service).DeleteConnection),
	op("DeleteDirectConnectGateway", (*Service).DeleteDirectConnectGateway),
	op("DeleteDirectConnectGatewayAssociation", (*Service).DeleteDirectConnectGatewayAssociation),
	op("DeleteDirectConnectGatewayAssociationProposal", (*Service).DeleteDirectConnectGatewayAssociationProposal),
	op("DeleteInterconnect", (*Service).DeleteInterconnect),
	op("DeleteLag", (*Service).DeleteLag),
	op("DeleteResiliencyGroup", (*Service).DeleteResiliencyGroup),
	op("DeleteVirtualInterface", (*Service).DeleteVirtualInterface),
	op("DescribeConnectionLoa", (*Service).DescribeConnectionLoa),
	op("DescribeConnections", (*Service).DescribeConnections),
	op("DescribeConnectionsOnInterconnect", (*Service).DescribeConnectionsOnInterconnect),
	op("DescribeCustomerMetadata", (*Service).DescribeCustomerMetadata),
	op("DescribeDirectConnectGatewayAssociationProposals", (*Service).DescribeDirectConnectGatewayAssociationProposals),
	op("DescribeDirectConnectGatewayAssociations", (*Service).DescribeDirectConnectGatewayAssociations),
	op("DescribeDirectConnectGatewayAttachments", (*Service).DescribeDirectConnectGatewayAttachments),
	op("DescribeDirectConnectGateways", (*Service).DescribeDirectConnectGateways),
	op("DescribeHostedConnections", (*Service).DescribeHostedConnections),
	op("DescribeInterconnectLoa", (*Service).DescribeInterconnectLoa),
	op("DescribeInterconnects", (*Service).DescribeInterconnects),
	op("DescribeLags", (*Service).DescribeLags),
	op("DescribeLoa", (*Service).DescribeLoa),
	op("DescribeLocations", (*Service).DescribeLocations),
	op("DescribeRouterConfiguration", (*Service).DescribeRouterConfiguration),
	op("DescribeTags", (*Service).DescribeTags),
	op("DescribeVirtualGateways", (*Service).DescribeVirtualGateways),
	op("DescribeVirtualInterfaces", (*Service).DescribeVirtualInterfaces),
	op("DisassociateConnectionFromLag", (*Service).DisassociateConnectionFromLag),
	op("DisassociateConnectionsFromResiliencyGroup", (*Service).DisassociateConnectionsFromResiliencyGroup),
	op("DisassociateMacSecKey", (*Service).DisassociateMacSecKey),
	op("GetResiliencyGroup", (*Service).GetResiliencyGroup),
	op("ListResiliencyGroupAssociations", (*Service).ListResiliencyGroupAssociations),
	op("ListResiliencyGroups", (*Service).ListResiliencyGroups),
	op("ListVirtualInterfaceRoutes", (*Service).ListVirtualInterfaceRoutes),
	op("ListVirtualInterfaceTestHistory", (*Service).ListVirtualInterfaceTestHistory),
	op("StartBgpFailoverTest", (*Service).StartBgpFailoverTest),
	op("StopBgpFailoverTest", (*Service).StopBgpFailoverTest),
	op("TagResource", (*Service).TagResource),
	op("UntagResource", (*Service).UntagResource),
	op("UpdateConnection", (*Service).UpdateConnection),
	op("UpdateConnectionsBillingMode", (*Service).UpdateConnectionsBillingMode),
	op("UpdateDirectConnectGateway", (*Service).UpdateDirectConnectGateway),
	op("UpdateDirectConnectGatewayAssociation", (*Service).UpdateDirectConnectGatewayAssociation),
	op("UpdateLag", (*Service).UpdateLag),
	op("UpdateResiliencyGroup", (*Service).UpdateResiliencyGroup),
	op("UpdateVirtualInterfaceAttributes", (*Service).UpdateVirtualInterfaceAttributes),
}

// OperationInfo is what documentation says of an operation.
type OperationInfo struct {
	Name  string
	Built bool
}

// OperationNames lists every operation, sorted by name, and whether this server has it.
func OperationNames() []OperationInfo {
	infos := make([]OperationInfo, len(operations))
	for i, o := range operations {
		infos[i] = OperationInfo{o.name, o.built()}
	}
	return infos
}

// Lookup finds an operation for the wire. The caller is taken from the context (WithCaller).
func (s *Service) Lookup(name string) (awsjson.Operation, bool) {
	i, ok := slices.BinarySearchFunc(operations, name, func(o operation, name string) int {
		switch {
		case o.name < name:
			return -1
		case o.name > name:
			return 1
		}
		return 0
	})
	if !ok {
		return awsjson.Operation{}, false
	}
	return operations[i].wire(s), true
}

type callerKey struct{}

// WithCaller attaches the proven caller to a context.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf answers the proven caller, and whether there is one: a request that failed before has none.
func CallerOf(ctx context.Context) (Caller, bool) {
	c, ok := ctx.Value(callerKey{}).(Caller)
	return c, ok
}

func callerOf(ctx context.Context) Caller {
	c, ok := CallerOf(ctx)
	if !ok {
		panic("controlplane: an operation was called without a caller")
	}
	return c
}
