package controlplane

import (
	"context"
	"slices"

	"onramp/internal/awsjson"
	"onramp/internal/directconnect"
)

// operation is one row of the table: a name, how to make its input, and the method that answers it.
type operation struct {
	name  string
	built bool
	input func() any
	call  func(s *Service, ctx context.Context, caller Caller, in any) (any, error)
}

// op makes a row of a method; a method with a wrong signature does not compile.
func op[In, Out any](name string, method func(*Service, context.Context, Caller, *In) (*Out, error)) operation {
	return operation{
		name: name, built: true,
		input: func() any { return new(In) },
		call: func(s *Service, ctx context.Context, caller Caller, in any) (any, error) {
			out, err := method(s, ctx, caller, in.(*In))
			if err != nil {
				return nil, err
			}
			return out, nil
		},
	}
}

// notBuilt makes a row of an operation that this server does not have yet.
func notBuilt(name string) operation {
	return operation{
		name:  name,
		input: func() any { return new(struct{}) },
		call: func(*Service, context.Context, Caller, any) (any, error) {
			return nil, &directconnect.Error{Kind: directconnect.NotBuilt, Message: name + " is not built in this version of Onramp."}
		},
	}
}

// operations is every operation of the API, sorted by name. A test holds it equal to the generated names.
var operations = []operation{
	notBuilt("AcceptDirectConnectGatewayAssociationProposal"),
	op("AllocateConnectionOnInterconnect", (*Service).AllocateConnectionOnInterconnect),
	op("AllocateHostedConnection", (*Service).AllocateHostedConnection),
	notBuilt("AllocatePrivateVirtualInterface"),
	notBuilt("AllocatePublicVirtualInterface"),
	notBuilt("AllocateTransitVirtualInterface"),
	op("AssociateConnectionWithLag", (*Service).AssociateConnectionWithLag),
	notBuilt("AssociateConnectionsToResiliencyGroup"),
	op("AssociateHostedConnection", (*Service).AssociateHostedConnection),
	op("AssociateMacSecKey", (*Service).AssociateMacSecKey),
	notBuilt("AssociateVirtualInterface"),
	op("ConfirmConnection", (*Service).ConfirmConnection),
	op("ConfirmCustomerAgreement", (*Service).ConfirmCustomerAgreement),
	notBuilt("ConfirmPrivateVirtualInterface"),
	notBuilt("ConfirmPublicVirtualInterface"),
	notBuilt("ConfirmTransitVirtualInterface"),
	notBuilt("CreateBGPPeer"),
	op("CreateConnection", (*Service).CreateConnection),
	notBuilt("CreateDirectConnectGateway"),
	notBuilt("CreateDirectConnectGatewayAssociation"),
	notBuilt("CreateDirectConnectGatewayAssociationProposal"),
	op("CreateInterconnect", (*Service).CreateInterconnect),
	op("CreateLag", (*Service).CreateLag),
	notBuilt("CreatePrivateVirtualInterface"),
	notBuilt("CreatePublicVirtualInterface"),
	notBuilt("CreateResiliencyGroup"),
	notBuilt("CreateTransitVirtualInterface"),
	notBuilt("DeleteBGPPeer"),
	op("DeleteConnection", (*Service).DeleteConnection),
	notBuilt("DeleteDirectConnectGateway"),
	notBuilt("DeleteDirectConnectGatewayAssociation"),
	notBuilt("DeleteDirectConnectGatewayAssociationProposal"),
	op("DeleteInterconnect", (*Service).DeleteInterconnect),
	op("DeleteLag", (*Service).DeleteLag),
	notBuilt("DeleteResiliencyGroup"),
	notBuilt("DeleteVirtualInterface"),
	op("DescribeConnectionLoa", (*Service).DescribeConnectionLoa),
	op("DescribeConnections", (*Service).DescribeConnections),
	op("DescribeConnectionsOnInterconnect", (*Service).DescribeConnectionsOnInterconnect),
	op("DescribeCustomerMetadata", (*Service).DescribeCustomerMetadata),
	notBuilt("DescribeDirectConnectGatewayAssociationProposals"),
	notBuilt("DescribeDirectConnectGatewayAssociations"),
	notBuilt("DescribeDirectConnectGatewayAttachments"),
	notBuilt("DescribeDirectConnectGateways"),
	op("DescribeHostedConnections", (*Service).DescribeHostedConnections),
	op("DescribeInterconnectLoa", (*Service).DescribeInterconnectLoa),
	op("DescribeInterconnects", (*Service).DescribeInterconnects),
	op("DescribeLags", (*Service).DescribeLags),
	op("DescribeLoa", (*Service).DescribeLoa),
	op("DescribeLocations", (*Service).DescribeLocations),
	notBuilt("DescribeRouterConfiguration"),
	op("DescribeTags", (*Service).DescribeTags),
	notBuilt("DescribeVirtualGateways"),
	notBuilt("DescribeVirtualInterfaces"),
	op("DisassociateConnectionFromLag", (*Service).DisassociateConnectionFromLag),
	notBuilt("DisassociateConnectionsFromResiliencyGroup"),
	op("DisassociateMacSecKey", (*Service).DisassociateMacSecKey),
	notBuilt("GetResiliencyGroup"),
	notBuilt("ListResiliencyGroupAssociations"),
	notBuilt("ListResiliencyGroups"),
	notBuilt("ListVirtualInterfaceRoutes"),
	notBuilt("ListVirtualInterfaceTestHistory"),
	notBuilt("StartBgpFailoverTest"),
	notBuilt("StopBgpFailoverTest"),
	op("TagResource", (*Service).TagResource),
	op("UntagResource", (*Service).UntagResource),
	op("UpdateConnection", (*Service).UpdateConnection),
	op("UpdateConnectionsBillingMode", (*Service).UpdateConnectionsBillingMode),
	notBuilt("UpdateDirectConnectGateway"),
	notBuilt("UpdateDirectConnectGatewayAssociation"),
	op("UpdateLag", (*Service).UpdateLag),
	notBuilt("UpdateResiliencyGroup"),
	notBuilt("UpdateVirtualInterfaceAttributes"),
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
		infos[i] = OperationInfo{o.name, o.built}
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
	o := &operations[i]
	return awsjson.Operation{
		Name: o.name, New: o.input,
		Call: func(ctx context.Context, in any) (any, error) { return o.call(s, ctx, callerOf(ctx), in) },
	}, true
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
