package controlplane

import "onramp/internal/api"

// requirements is a row for every operation. What the reference does not say (the operations of 2026) follows the like ones.
var requirements = []requirement{
	needs("AcceptDirectConnectGatewayAssociationProposal", func(in *api.AcceptDirectConnectGatewayAssociationProposalRequest) need {
		return on(dxGateway(in.DirectConnectGatewayID))
	}),
	needs("AllocateConnectionOnInterconnect", func(in *api.AllocateConnectionOnInterconnectRequest) need { return on(port(in.InterconnectID)) }),
	needs("AllocateHostedConnection", func(in *api.AllocateHostedConnectionRequest) need {
		return on(port(in.ConnectionID)).tagged("dxcon", in.Tags)
	}),
	needs("AllocatePrivateVirtualInterface", func(in *api.AllocatePrivateVirtualInterfaceRequest) need {
		n := on(port(in.ConnectionID))
		if v := in.NewPrivateVirtualInterfaceAllocation; v != nil {
			n = n.tagged("dxvif", v.Tags)
		}
		return n
	}),
	needs("AllocatePublicVirtualInterface", func(in *api.AllocatePublicVirtualInterfaceRequest) need {
		n := on(port(in.ConnectionID))
		if v := in.NewPublicVirtualInterfaceAllocation; v != nil {
			n = n.tagged("dxvif", v.Tags)
		}
		return n
	}),
	needs("AllocateTransitVirtualInterface", func(in *api.AllocateTransitVirtualInterfaceRequest) need {
		n := on(port(in.ConnectionID))
		if v := in.NewTransitVirtualInterfaceAllocation; v != nil {
			n = n.tagged("dxvif", v.Tags)
		}
		return n
	}),
	needs("AssociateConnectionWithLag", func(in *api.AssociateConnectionWithLagRequest) need {
		return on(port(in.ConnectionID), bundle(in.LagID))
	}),
	needs("AssociateConnectionsToResiliencyGroup", func(in *api.AssociateConnectionsToResiliencyGroupRequest) need {
		return ports(in.ConnectionIdentifiers, resiliency(in.ResiliencyGroupID))
	}),
	needs("AssociateHostedConnection", func(in *api.AssociateHostedConnectionRequest) need {
		return on(port(in.ConnectionID), port(in.ParentConnectionID))
	}),
	needs("AssociateMacSecKey", func(in *api.AssociateMacSecKeyRequest) need { return on(port(in.ConnectionID)) }),
	needs("AssociateVirtualInterface", func(in *api.AssociateVirtualInterfaceRequest) need {
		return on(vif(in.VirtualInterfaceID), port(in.ConnectionID))
	}),
	needs("ConfirmConnection", func(in *api.ConfirmConnectionRequest) need { return on(port(in.ConnectionID)) }),
	nothing[api.ConfirmCustomerAgreementRequest]("ConfirmCustomerAgreement"),
	needs("ConfirmPrivateVirtualInterface", func(in *api.ConfirmPrivateVirtualInterfaceRequest) need { return on(vif(in.VirtualInterfaceID)) }),
	needs("ConfirmPublicVirtualInterface", func(in *api.ConfirmPublicVirtualInterfaceRequest) need { return on(vif(in.VirtualInterfaceID)) }),
	needs("ConfirmTransitVirtualInterface", func(in *api.ConfirmTransitVirtualInterfaceRequest) need { return on(vif(in.VirtualInterfaceID)) }),
	needs("CreateBGPPeer", func(in *api.CreateBGPPeerRequest) need { return on(vif(in.VirtualInterfaceID)) }),
	needs("CreateConnection", func(in *api.CreateConnectionRequest) need {
		return given(bundle(in.LagID)).tagged("dxcon", in.Tags)
	}),
	needs("CreateDirectConnectGateway", func(in *api.CreateDirectConnectGatewayRequest) need {
		return on(dxGateway(nil)).tagged("dx-gateway", in.Tags)
	}),
	needs("CreateDirectConnectGatewayAssociation", func(in *api.CreateDirectConnectGatewayAssociationRequest) need {
		return on(dxGateway(in.DirectConnectGatewayID))
	}),
	needs("CreateDirectConnectGatewayAssociationProposal", func(in *api.CreateDirectConnectGatewayAssociationProposalRequest) need {
		return on(dxGateway(in.DirectConnectGatewayID))
	}),
	needs("CreateInterconnect", func(in *api.CreateInterconnectRequest) need {
		return given(bundle(in.LagID)).tagged("dxcon", in.Tags)
	}),
	needs("CreateLag", func(in *api.CreateLagRequest) need {
		return given(port(in.ConnectionID)).tagged("dxlag", in.Tags).tagged("dxcon", in.ChildConnectionTags)
	}),
	needs("CreatePrivateVirtualInterface", func(in *api.CreatePrivateVirtualInterfaceRequest) need {
		n := on(port(in.ConnectionID))
		if v := in.NewPrivateVirtualInterface; v != nil {
			n = n.tagged("dxvif", v.Tags)
		}
		return n
	}),
	needs("CreatePublicVirtualInterface", func(in *api.CreatePublicVirtualInterfaceRequest) need {
		n := on(port(in.ConnectionID))
		if v := in.NewPublicVirtualInterface; v != nil {
			n = n.tagged("dxvif", v.Tags)
		}
		return n
	}),
	needs("CreateResiliencyGroup", func(in *api.CreateResiliencyGroupRequest) need {
		return on(resiliency(nil)).tagged("dx-resiliency-group", in.Tags)
	}),
	needs("CreateTransitVirtualInterface", func(in *api.CreateTransitVirtualInterfaceRequest) need {
		n := on(port(in.ConnectionID))
		if v := in.NewTransitVirtualInterface; v != nil {
			n = n.tagged("dxvif", v.Tags)
		}
		return n
	}),
	needs("DeleteBGPPeer", func(in *api.DeleteBGPPeerRequest) need { return on(vif(in.VirtualInterfaceID)) }),
	needs("DeleteConnection", func(in *api.DeleteConnectionRequest) need { return on(port(in.ConnectionID)) }),
	needs("DeleteDirectConnectGateway", func(in *api.DeleteDirectConnectGatewayRequest) need { return on(dxGateway(in.DirectConnectGatewayID)) }),
	needs("DeleteDirectConnectGatewayAssociation", func(in *api.DeleteDirectConnectGatewayAssociationRequest) need {
		if id := value(in.AssociationID); id != "" {
			return on(resource{kind: "dx-gateway", id: "*", join: id})
		}
		return on(dxGateway(in.DirectConnectGatewayID))
	}),
	nothing[api.DeleteDirectConnectGatewayAssociationProposalRequest]("DeleteDirectConnectGatewayAssociationProposal"),
	needs("DeleteInterconnect", func(in *api.DeleteInterconnectRequest) need { return on(port(in.InterconnectID)) }),
	needs("DeleteLag", func(in *api.DeleteLagRequest) need { return on(bundle(in.LagID)) }),
	needs("DeleteResiliencyGroup", func(in *api.DeleteResiliencyGroupRequest) need { return on(resiliency(in.ResiliencyGroupID)) }),
	needs("DeleteVirtualInterface", func(in *api.DeleteVirtualInterfaceRequest) need { return on(vif(in.VirtualInterfaceID)) }),
	needs("DescribeConnectionLoa", func(in *api.DescribeConnectionLoaRequest) need { return on(port(in.ConnectionID)) }),
	needs("DescribeConnections", func(in *api.DescribeConnectionsRequest) need { return given(port(in.ConnectionID)) }),
	needs("DescribeConnectionsOnInterconnect", func(in *api.DescribeConnectionsOnInterconnectRequest) need { return on(port(in.InterconnectID)) }),
	nothing[api.DescribeCustomerMetadataRequest]("DescribeCustomerMetadata"),
	needs("DescribeDirectConnectGatewayAssociationProposals", func(in *api.DescribeDirectConnectGatewayAssociationProposalsRequest) need {
		return given(dxGateway(in.DirectConnectGatewayID))
	}),
	needs("DescribeDirectConnectGatewayAssociations", func(in *api.DescribeDirectConnectGatewayAssociationsRequest) need {
		return given(dxGateway(in.DirectConnectGatewayID))
	}),
	needs("DescribeDirectConnectGatewayAttachments", func(in *api.DescribeDirectConnectGatewayAttachmentsRequest) need {
		return given(dxGateway(in.DirectConnectGatewayID))
	}),
	needs("DescribeDirectConnectGateways", func(in *api.DescribeDirectConnectGatewaysRequest) need {
		return given(dxGateway(in.DirectConnectGatewayID))
	}),
	needs("DescribeHostedConnections", func(in *api.DescribeHostedConnectionsRequest) need { return on(port(in.ConnectionID)) }),
	needs("DescribeInterconnectLoa", func(in *api.DescribeInterconnectLoaRequest) need { return on(port(in.InterconnectID)) }),
	needs("DescribeInterconnects", func(in *api.DescribeInterconnectsRequest) need { return given(port(in.InterconnectID)) }),
	needs("DescribeLags", func(in *api.DescribeLagsRequest) need { return given(bundle(in.LagID)) }),
	needs("DescribeLoa", func(in *api.DescribeLoaRequest) need { return on(port(in.ConnectionID)) }),
	nothing[api.DescribeLocationsRequest]("DescribeLocations"),
	needs("DescribeRouterConfiguration", func(in *api.DescribeRouterConfigurationRequest) need { return on(vif(in.VirtualInterfaceID)) }),
	needs("DescribeTags", func(in *api.DescribeTagsRequest) need { return need{on: byARN(in.ResourceARNs...)} }),
	nothing[api.DescribeVirtualGatewaysRequest]("DescribeVirtualGateways"),
	needs("DescribeVirtualInterfaces", func(in *api.DescribeVirtualInterfacesRequest) need {
		return given(vif(in.VirtualInterfaceID), port(in.ConnectionID))
	}),
	needs("DisassociateConnectionFromLag", func(in *api.DisassociateConnectionFromLagRequest) need {
		return on(port(in.ConnectionID), bundle(in.LagID))
	}),
	needs("DisassociateConnectionsFromResiliencyGroup", func(in *api.DisassociateConnectionsFromResiliencyGroupRequest) need {
		return ports(in.ConnectionIdentifiers, resiliency(in.ResiliencyGroupID))
	}),
	needs("DisassociateMacSecKey", func(in *api.DisassociateMacSecKeyRequest) need { return on(port(in.ConnectionID)) }),
	needs("GetResiliencyGroup", func(in *api.GetResiliencyGroupRequest) need { return on(resiliency(in.ResiliencyGroupID)) }),
	needs("ListResiliencyGroupAssociations", func(in *api.ListResiliencyGroupAssociationsRequest) need {
		return on(resiliency(in.ResiliencyGroupID))
	}),
	nothing[api.ListResiliencyGroupsRequest]("ListResiliencyGroups"),
	needs("ListVirtualInterfaceRoutes", func(in *api.ListVirtualInterfaceRoutesRequest) need { return given(vif(in.VirtualInterfaceID)) }),
	needs("ListVirtualInterfaceTestHistory", func(in *api.ListVirtualInterfaceTestHistoryRequest) need {
		return given(vif(in.VirtualInterfaceID))
	}),
	needs("StartBgpFailoverTest", func(in *api.StartBgpFailoverTestRequest) need { return on(vif(in.VirtualInterfaceID)) }),
	needs("StopBgpFailoverTest", func(in *api.StopBgpFailoverTestRequest) need { return on(vif(in.VirtualInterfaceID)) }),
	needs("TagResource", func(in *api.TagResourceRequest) need { return need{on: byARN(value(in.ResourceARN)), tags: in.Tags} }),
	needs("UntagResource", func(in *api.UntagResourceRequest) need {
		return need{on: byARN(value(in.ResourceARN)), keys: in.TagKeys}
	}),
	needs("UpdateConnection", func(in *api.UpdateConnectionRequest) need { return on(port(in.ConnectionID)) }),
	needs("UpdateConnectionsBillingMode", func(in *api.UpdateConnectionsBillingModeRequest) need { return ports(in.ConnectionIDs) }),
	needs("UpdateDirectConnectGateway", func(in *api.UpdateDirectConnectGatewayRequest) need { return on(dxGateway(in.DirectConnectGatewayID)) }),
	nothing[api.UpdateDirectConnectGatewayAssociationRequest]("UpdateDirectConnectGatewayAssociation"),
	needs("UpdateLag", func(in *api.UpdateLagRequest) need { return on(bundle(in.LagID)) }),
	needs("UpdateResiliencyGroup", func(in *api.UpdateResiliencyGroupRequest) need { return on(resiliency(in.ResiliencyGroupID)) }),
	needs("UpdateVirtualInterfaceAttributes", func(in *api.UpdateVirtualInterfaceAttributesRequest) need {
		return on(vif(in.VirtualInterfaceID))
	}),
}
