package controlplane

import (
	"context"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// ConfirmPrivateVirtualInterface accepts an allocated private interface and attaches it to a gateway of the caller's.
func (s *Service) ConfirmPrivateVirtualInterface(ctx context.Context, caller Caller, in *api.ConfirmPrivateVirtualInterfaceRequest) (*api.ConfirmPrivateVirtualInterfaceResponse, error) {
	state, err := s.confirmInterface(ctx, caller, directconnect.Private, in.VirtualInterfaceID, in.VirtualGatewayID, in.DirectConnectGatewayID)
	return &api.ConfirmPrivateVirtualInterfaceResponse{VirtualInterfaceState: state}, err
}

// ConfirmPublicVirtualInterface accepts an allocated public interface.
func (s *Service) ConfirmPublicVirtualInterface(ctx context.Context, caller Caller, in *api.ConfirmPublicVirtualInterfaceRequest) (*api.ConfirmPublicVirtualInterfaceResponse, error) {
	state, err := s.confirmInterface(ctx, caller, directconnect.Public, in.VirtualInterfaceID, nil, nil)
	return &api.ConfirmPublicVirtualInterfaceResponse{VirtualInterfaceState: state}, err
}

// ConfirmTransitVirtualInterface accepts an allocated transit interface and attaches it to a Direct Connect gateway of the
// caller's.
func (s *Service) ConfirmTransitVirtualInterface(ctx context.Context, caller Caller, in *api.ConfirmTransitVirtualInterfaceRequest) (*api.ConfirmTransitVirtualInterfaceResponse, error) {
	state, err := s.confirmInterface(ctx, caller, directconnect.Transit, in.VirtualInterfaceID, nil, in.DirectConnectGatewayID)
	return &api.ConfirmTransitVirtualInterfaceResponse{VirtualInterfaceState: state}, err
}

func (s *Service) confirmInterface(ctx context.Context, caller Caller, t directconnect.InterfaceType, interfaceID, virtualGateway, gateway *string) (state *string, err error) {
	id, err := requiredInterfaceID(interfaceID)
	if err != nil {
		return nil, err
	}
	vgw, err := optionalText("virtualGatewayId", virtualGateway)
	if err != nil {
		return nil, err
	}
	dxgw, err := optionalText("directConnectGatewayId", gateway)
	if err != nil {
		return nil, err
	}
	var out *api.ConfirmPrivateVirtualInterfaceResponse // which reads like those of the other types
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		v, err := s.ownInterface(tx, caller, id)
		if err != nil {
			return err
		}
		if v.Type != t {
			return directconnect.Clientf("Virtual Interface %s is a %s virtual interface.", id, v.Type)
		}
		asn, err := s.amazonASN(tx, caller, vgw, dxgw)
		if err != nil {
			return err
		}
		if v, err = v.Confirm(vgw, dxgw, asn, s.Now()); err != nil {
			return err
		}
		account, err := s.account(tx, caller.Account)
		if err != nil {
			return err
		}
		if err := s.mayAttach(tx, v, account.Quotas); err != nil {
			return err
		}
		state = text(v.State)
		out = &api.ConfirmPrivateVirtualInterfaceResponse{VirtualInterfaceState: state}
		return putInterface(tx, &v)
	})
	return state, err
}

// UpdateVirtualInterfaceAttributes changes name, MTU, SiteLink, rate limit and prefix pools; what is not given stays.
func (s *Service) UpdateVirtualInterfaceAttributes(ctx context.Context, caller Caller, in *api.UpdateVirtualInterfaceAttributesRequest) (out *api.VirtualInterface, err error) {
	id, err := requiredInterfaceID(in.VirtualInterfaceID)
	if err != nil {
		return nil, err
	}
	change := directconnect.InterfaceChange{
		Name: in.VirtualInterfaceName, MTU: in.Mtu, SiteLink: in.EnableSiteLink,
		PoolIPv4: in.PrefixPoolAllocatedCountIpv4, PoolIPv6: in.PrefixPoolAllocatedCountIpv6,
	}
	if in.RateLimit != nil {
		limit, err := directconnect.ParseRateLimit(*in.RateLimit)
		if err != nil {
			return nil, err
		}
		change.RateLimit = &limit
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		v, err := s.visibleInterface(tx, caller, id)
		if err != nil {
			return err
		}
		p, siblings, err := s.interfaceParent(tx, Caller{Account: v.ConnectionOwner, Region: v.Region}, v.ParentID)
		if err != nil {
			return err
		}
		if v, err = v.Update(change, p, siblings, s.Now()); err != nil {
			return err
		}
		account, err := s.account(tx, v.Account)
		if err != nil {
			return err
		}
		if err := s.mayAttach(tx, v, account.Quotas); err != nil {
			return err
		}
		if err := putInterface(tx, &v); err != nil {
			return err
		}
		if err := s.wakeGateway(tx, v.GatewayID); err != nil {
			return err
		}
		out, err = s.renderInterface(v, caller)
		return err
	})
	return out, err
}

// AssociateVirtualInterface moves an interface to another connection or LAG of the caller's, who owns the interface or its
// present connection.
func (s *Service) AssociateVirtualInterface(ctx context.Context, caller Caller, in *api.AssociateVirtualInterfaceRequest) (out *api.VirtualInterface, err error) {
	id, err := requiredInterfaceID(in.VirtualInterfaceID)
	if err != nil {
		return nil, err
	}
	parent, err := parentID("connectionId", in.ConnectionID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		v, err := s.visibleInterface(tx, caller, id)
		if err != nil {
			return err
		}
		if directconnect.IsConnectionID(v.ParentID) {
			c, err := tx.Connection(v.ParentID)
			if err != nil {
				return err
			}
			if c.Kind == directconnect.Hosted {
				return directconnect.Clientf("Virtual Interface %s is on hosted connection %s and cannot be associated with another connection.", id, c.ID)
			}
		}
		p, siblings, err := s.interfaceParent(tx, caller, parent)
		if err != nil {
			return err
		}
		account, err := s.account(tx, caller.Account)
		if err != nil {
			return err
		}
		old := v.Router
		if v, err = v.MoveTo(p, siblings, account.Quotas, func() string { return newID(directconnect.PeerPrefix) }, s.Now()); err != nil {
			return err
		}
		if err := putInterface(tx, &v); err != nil {
			return err
		}
		if _, err := tx.WakeConnections(old, s.Now()); err != nil { // which must let go of it
			return err
		}
		out, err = s.renderInterface(v, caller)
		return err
	})
	return out, err
}

// DeleteVirtualInterface deletes an interface that the caller owns, or that runs over its connection. The owner of one
// that it has not confirmed rejects it. A second delete changes nothing.
func (s *Service) DeleteVirtualInterface(ctx context.Context, caller Caller, in *api.DeleteVirtualInterfaceRequest) (out *api.DeleteVirtualInterfaceResponse, err error) {
	id, err := requiredInterfaceID(in.VirtualInterfaceID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		v, err := s.visibleInterface(tx, caller, id)
		if err != nil {
			return err
		}
		before := v.State
		if v, err = v.Delete(caller.Account, s.Now()); err != nil {
			return err
		}
		out = &api.DeleteVirtualInterfaceResponse{VirtualInterfaceState: text(v.State)}
		if v.State == before {
			return nil
		}
		if err := s.cancelTest(tx, v); err != nil {
			return err
		}
		if err := putInterface(tx, &v); err != nil {
			return err
		}
		return s.wakeGateway(tx, v.GatewayID)
	})
	return out, err
}

// wakeGateway makes the other interfaces of a Direct Connect gateway follow a change that their routes depend on.
func (s *Service) wakeGateway(tx *store.Tx, gateway string) error {
	if gateway == "" {
		return nil
	}
	_, err := tx.WakeInterfaces(store.InterfaceQuery{GatewayID: gateway, LiveOnly: true}, s.Now())
	return err
}
