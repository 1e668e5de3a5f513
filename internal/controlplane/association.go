package controlplane

import (
	"context"
	"errors"
	"slices"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// CreateDirectConnectGatewayAssociation joins a Direct Connect gateway and a gateway of the far side, both the caller's.
// Another account's needs a proposal.
func (s *Service) CreateDirectConnectGatewayAssociation(ctx context.Context, caller Caller, in *api.CreateDirectConnectGatewayAssociationRequest) (out *api.CreateDirectConnectGatewayAssociationResult, err error) {
	gateway, err := requiredUUID("directConnectGatewayId", in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	far, err := namedFar("gatewayId", in.GatewayID, in.VirtualGatewayID)
	if err != nil {
		return nil, err
	}
	if far == "" {
		return nil, directconnect.Required("gatewayId")
	}
	allowed, err := prefixesOf(in.AddAllowedPrefixesToDirectConnectGateway)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		g, err := s.ownGateway(tx, caller, gateway)
		if err != nil {
			return err
		}
		f, err := s.ownFarGateway(tx, caller, far)
		if err != nil {
			return err
		}
		a, err := s.associate(tx, g, f, allowed)
		out = &api.CreateDirectConnectGatewayAssociationResult{DirectConnectGatewayAssociation: renderAssociation(a)}
		return err
	})
	return out, err
}

// namedFar reads the ID of a gateway of the far side from its member or from virtualGatewayId, the member of old. Both may be
// there if they say the same.
func namedFar(member string, named, old *string) (string, error) {
	id, err := optionalText(member, named)
	if err != nil {
		return "", err
	}
	virtual, err := optionalText("virtualGatewayId", old)
	switch {
	case err != nil || virtual == "":
		return id, err
	case id != "" && id != virtual:
		return "", directconnect.Clientf("%s %s and virtualGatewayId %s must be the same.", member, id, virtual)
	}
	if kind, ok := directconnect.FarKindOf(virtual); ok && kind != directconnect.VirtualPrivateGateway {
		return "", directconnect.NoVirtualGateway(virtual)
	}
	return virtual, nil
}

// associate makes the association of a gateway and a far side.
func (s *Service) associate(tx *store.Tx, g directconnect.Gateway, f directconnect.FarGateway, allowed []string) (directconnect.Association, error) {
	var none directconnect.Association
	owner, err := s.account(tx, g.Account)
	if err != nil {
		return none, err
	}
	onGateway, err := tx.Associations(store.AssociationQuery{GatewayID: g.ID, LiveOnly: true})
	if err != nil {
		return none, err
	}
	onFar, err := tx.Associations(store.AssociationQuery{FarID: f.ID, LiveOnly: true})
	if err != nil {
		return none, err
	}
	attached, err := tx.Interfaces(store.InterfaceQuery{GatewayID: g.ID, LiveOnly: true})
	if err != nil {
		return none, err
	}
	a, err := directconnect.NewAssociation(newUUID(), g, f, allowed, onGateway, onFar, attached, owner.Quotas, s.Now())
	if err != nil {
		return none, err
	}
	return a, tx.PutAssociation(&a)
}

// DescribeDirectConnectGatewayAssociations lists associations that the caller has a part in, by one filter at least.
func (s *Service) DescribeDirectConnectGatewayAssociations(ctx context.Context, caller Caller, in *api.DescribeDirectConnectGatewayAssociationsRequest) (out *api.DescribeDirectConnectGatewayAssociationsResult, err error) {
	f, err := readJoinFilter("associationId", in.AssociationID, in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	if f.far, err = namedFar("associatedGatewayId", in.AssociatedGatewayID, in.VirtualGatewayID); err != nil {
		return nil, err
	}
	if f == (joinFilter{}) {
		return nil, directconnect.Clientf("Specify at least one of associationId, associatedGatewayId, directConnectGatewayId and virtualGatewayId.")
	}
	p, err := s.pager("DescribeDirectConnectGatewayAssociations", Caller{Account: caller.Account}, f.scope(), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		found, err := findAssociations(tx, caller, f, p.after, p.limit())
		if err != nil {
			return err
		}
		found, next, err := page(p, found, func(a directconnect.Association) store.Cursor {
			return store.Cursor{Created: a.Created, ID: a.ID}
		})
		if err != nil {
			return err
		}
		out = &api.DescribeDirectConnectGatewayAssociationsResult{DirectConnectGatewayAssociations: []api.DirectConnectGatewayAssociation{}, NextToken: next}
		for _, a := range found {
			out.DirectConnectGatewayAssociations = append(out.DirectConnectGatewayAssociations, *renderAssociation(a))
		}
		return nil
	})
	return out, err
}

// findAssociations answers the named one, if it fits the other filters, or what the filters find.
func findAssociations(tx *store.Tx, caller Caller, f joinFilter, after store.Cursor, limit int) ([]directconnect.Association, error) {
	if f.id == "" {
		return tx.Associations(store.AssociationQuery{
			Party: caller.Account, GatewayID: f.gateway, FarID: f.far, LiveOnly: true, After: after, Limit: limit,
		})
	}
	a, err := visibleAssociation(tx, caller, f.id)
	return named(a, err, f.passes(a.GatewayID, a.FarID))
}

// visibleAssociation loads a live association that the caller has a part in.
func visibleAssociation(tx *store.Tx, caller Caller, id string) (directconnect.Association, error) {
	a, err := tx.Association(id)
	if errors.Is(err, store.ErrNotFound) {
		return a, directconnect.NoAssociation(id)
	}
	if err == nil && (!a.Live() || (a.GatewayOwner != caller.Account && a.Far.Account != caller.Account)) {
		err = directconnect.NoAssociation(id)
	}
	return a, err
}

// UpdateDirectConnectGatewayAssociation adds and removes allowed prefixes; only the gateway's owner may.
func (s *Service) UpdateDirectConnectGatewayAssociation(ctx context.Context, caller Caller, in *api.UpdateDirectConnectGatewayAssociationRequest) (out *api.UpdateDirectConnectGatewayAssociationResult, err error) {
	id, err := requiredUUID("associationId", in.AssociationID)
	if err != nil {
		return nil, err
	}
	add, remove, err := readPrefixChange(in.AddAllowedPrefixesToDirectConnectGateway, in.RemoveAllowedPrefixesToDirectConnectGateway)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		a, err := visibleAssociation(tx, caller, id)
		if err != nil {
			return err
		}
		if a.GatewayOwner != caller.Account {
			return directconnect.NoAssociation(id)
		}
		a, err = s.changeAllowed(tx, a, add, remove)
		out = &api.UpdateDirectConnectGatewayAssociationResult{DirectConnectGatewayAssociation: renderAssociation(a)}
		return err
	})
	return out, err
}

// changeAllowed saves other prefixes and makes the routes of the gateway's interfaces follow.
func (s *Service) changeAllowed(tx *store.Tx, a directconnect.Association, add, remove []string) (directconnect.Association, error) {
	onGateway, err := tx.Associations(store.AssociationQuery{GatewayID: a.GatewayID, LiveOnly: true})
	if err != nil {
		return a, err
	}
	before := a.Allowed
	if a, err = a.Update(add, remove, onGateway, s.Now()); err != nil || slices.Equal(a.Allowed, before) {
		return a, err
	}
	if err := tx.PutAssociation(&a); err != nil {
		return a, err
	}
	return a, s.wakeGateway(tx, a.GatewayID)
}

// DeleteDirectConnectGatewayAssociation begins the end of an association: named, or by its two gateways. Either side may.
func (s *Service) DeleteDirectConnectGatewayAssociation(ctx context.Context, caller Caller, in *api.DeleteDirectConnectGatewayAssociationRequest) (out *api.DeleteDirectConnectGatewayAssociationResult, err error) {
	f, err := readJoinFilter("associationId", in.AssociationID, in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	if f.far, err = namedFar("virtualGatewayId", nil, in.VirtualGatewayID); err != nil {
		return nil, err
	}
	if f.id == "" && (f.gateway == "" || f.far == "") {
		return nil, directconnect.Clientf("Specify associationId, or both directConnectGatewayId and virtualGatewayId.")
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		found, err := findAssociations(tx, caller, f, store.Cursor{}, 1)
		if err != nil {
			return err
		}
		switch {
		case len(found) == 0 && f.id == "":
			return directconnect.NoAssociationOf(f.gateway, f.far)
		case len(found) == 0:
			return directconnect.NoAssociation(f.id)
		}
		a, err := found[0].Delete(s.Now())
		if err != nil {
			return err
		}
		if err := tx.PutAssociation(&a); err != nil {
			return err
		}
		out = &api.DeleteDirectConnectGatewayAssociationResult{DirectConnectGatewayAssociation: renderAssociation(a)}
		return s.wakeGateway(tx, a.GatewayID)
	})
	return out, err
}

func renderAssociation(a directconnect.Association) *api.DirectConnectGatewayAssociation {
	out := &api.DirectConnectGatewayAssociation{
		AssociationID: &a.ID, AssociationState: text(a.State), DirectConnectGatewayID: &a.GatewayID,
		DirectConnectGatewayOwnerAccount: &a.GatewayOwner, AssociatedGateway: renderFar(a.FarID, a.Far),
		AllowedPrefixesToDirectConnectGateway: renderPrefixes(a.Allowed), StateChangeError: nonEmpty(a.Error),
	}
	if a.Far.Kind == directconnect.VirtualPrivateGateway { // the members of old
		out.VirtualGatewayID, out.VirtualGatewayOwnerAccount, out.VirtualGatewayRegion = &a.FarID, &a.Far.Account, &a.Far.Region
	}
	return out
}

func renderFar(id string, f directconnect.Far) *api.AssociatedGateway {
	return &api.AssociatedGateway{ID: &id, Type: text(f.Kind), OwnerAccount: &f.Account, Region: &f.Region}
}
