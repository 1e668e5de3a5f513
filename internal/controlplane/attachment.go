package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// DescribeDirectConnectGatewayAttachments lists how interfaces hang on Direct Connect gateways: by gateway, by interface
// or both. An attachment is derived from its interface; it is seen from every Region, and detached for as long as an ended
// interface is listed.
func (s *Service) DescribeDirectConnectGatewayAttachments(ctx context.Context, caller Caller, in *api.DescribeDirectConnectGatewayAttachmentsRequest) (out *api.DescribeDirectConnectGatewayAttachmentsResult, err error) {
	gateway, err := optionalUUID("directConnectGatewayId", in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	id := value(in.VirtualInterfaceID)
	if in.VirtualInterfaceID != nil {
		if err := directconnect.CheckInterfaceID(id); err != nil {
			return nil, err
		}
	}
	if gateway == "" && id == "" {
		return nil, directconnect.Clientf("Specify directConnectGatewayId or virtualInterfaceId.")
	}
	p, err := s.pager("DescribeDirectConnectGatewayAttachments", Caller{Account: caller.Account}, gateway+"/"+id, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		found, err := s.attachedInterfaces(tx, caller, gateway, id, p)
		if err != nil {
			return err
		}
		found, next, err := page(p, found, interfaceCursor)
		if err != nil {
			return err
		}
		out = &api.DescribeDirectConnectGatewayAttachmentsResult{DirectConnectGatewayAttachments: []api.DirectConnectGatewayAttachment{}, NextToken: next}
		for _, v := range found {
			state, attached := v.AttachmentState()
			if !attached {
				continue
			}
			kind := v.AttachmentType()
			out.DirectConnectGatewayAttachments = append(out.DirectConnectGatewayAttachments, api.DirectConnectGatewayAttachment{
				DirectConnectGatewayID: &v.GatewayID, VirtualInterfaceID: &v.ID, VirtualInterfaceRegion: &v.Region,
				VirtualInterfaceOwnerAccount: &v.Account, AttachmentState: text(state), AttachmentType: &kind,
			})
		}
		return nil
	})
	return out, err
}

// attachedInterfaces finds the listed interfaces of a gateway of the caller's, or the one named.
func (s *Service) attachedInterfaces(tx *store.Tx, caller Caller, gateway, id string, p pager) ([]directconnect.VirtualInterface, error) {
	since := s.Now().Add(-interfaceListed)
	if id == "" {
		return tx.Interfaces(store.InterfaceQuery{GatewayID: gateway, Account: caller.Account, EndedAfter: since, After: p.after, Limit: p.limit()})
	}
	v, err := tx.Interface(id)
	if errors.Is(err, store.ErrNotFound) || (err == nil && (v.Account != caller.Account || (!v.Live() && v.Deleted.Before(since)) ||
		(gateway != "" && v.GatewayID != gateway))) {
		return nil, nil
	}
	return []directconnect.VirtualInterface{v}, err
}
