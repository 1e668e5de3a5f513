package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// CreateDirectConnectGatewayAssociationProposal asks the owner of a Direct Connect gateway to associate a gateway of the
// caller's, or to change the prefixes of the association that there is.
func (s *Service) CreateDirectConnectGatewayAssociationProposal(ctx context.Context, caller Caller, in *api.CreateDirectConnectGatewayAssociationProposalRequest) (out *api.CreateDirectConnectGatewayAssociationProposalResult, err error) {
	gateway, err := requiredUUID("directConnectGatewayId", in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	owner, err := requiredText("directConnectGatewayOwnerAccount", in.DirectConnectGatewayOwnerAccount)
	if err != nil {
		return nil, err
	}
	farID, err := requiredText("gatewayId", in.GatewayID)
	if err != nil {
		return nil, err
	}
	add, remove, err := readPrefixChange(in.AddAllowedPrefixesToDirectConnectGateway, in.RemoveAllowedPrefixesToDirectConnectGateway)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		g, err := tx.Gateway(gateway)
		if errors.Is(err, store.ErrNotFound) || (err == nil && g.Partition != caller.Partition()) {
			return directconnect.NoGateway(gateway)
		}
		if err != nil {
			return err
		}
		f, err := s.ownFarGateway(tx, caller, farID)
		if err != nil {
			return err
		}
		existing, err := existingAssociation(tx, gateway, farID)
		if err != nil {
			return err
		}
		have := f.CIDRs
		if existing != nil {
			have = existing.Allowed
		} else if len(add) > 0 || f.Kind == directconnect.TransitGateway {
			have = nil
		}
		p, err := directconnect.NewProposal(newUUID(), g, owner, f, have, add, remove, s.Now())
		if err != nil {
			return err
		}
		if err := tx.PutProposal(&p); err != nil {
			return err
		}
		out = &api.CreateDirectConnectGatewayAssociationProposalResult{DirectConnectGatewayAssociationProposal: renderProposal(p, existing)}
		return nil
	})
	return out, err
}

// existingAssociation answers the live association of two gateways, or nil.
func existingAssociation(tx *store.Tx, gateway, far string) (*directconnect.Association, error) {
	found, err := tx.Associations(store.AssociationQuery{GatewayID: gateway, FarID: far, LiveOnly: true, Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// DescribeDirectConnectGatewayAssociationProposals lists proposals that the caller made or may accept: open ones, and for
// three days those that are not any more.
func (s *Service) DescribeDirectConnectGatewayAssociationProposals(ctx context.Context, caller Caller, in *api.DescribeDirectConnectGatewayAssociationProposalsRequest) (out *api.DescribeDirectConnectGatewayAssociationProposalsResult, err error) {
	f, err := readJoinFilter("proposalId", in.ProposalID, in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	if f.far, err = optionalText("associatedGatewayId", in.AssociatedGatewayID); err != nil {
		return nil, err
	}
	p, err := s.pager("DescribeDirectConnectGatewayAssociationProposals", Caller{Account: caller.Account}, f.scope(), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		found, err := s.findProposals(tx, caller, f, p)
		if err != nil {
			return err
		}
		found, next, err := page(p, found, func(p directconnect.Proposal) store.Cursor {
			return store.Cursor{Created: p.Created, ID: p.ID}
		})
		if err != nil {
			return err
		}
		out = &api.DescribeDirectConnectGatewayAssociationProposalsResult{
			DirectConnectGatewayAssociationProposals: []api.DirectConnectGatewayAssociationProposal{}, NextToken: next}
		for _, p := range found {
			if p = p.Lapse(s.Now()); !p.Shown(s.Now()) {
				continue
			}
			existing, err := existingAssociation(tx, p.GatewayID, p.FarID)
			if err != nil {
				return err
			}
			out.DirectConnectGatewayAssociationProposals = append(out.DirectConnectGatewayAssociationProposals, *renderProposal(p, existing))
		}
		return nil
	})
	return out, err
}

func (s *Service) findProposals(tx *store.Tx, caller Caller, f joinFilter, p pager) ([]directconnect.Proposal, error) {
	if f.id == "" {
		return tx.Proposals(store.ProposalQuery{
			Party: caller.Account, GatewayID: f.gateway, FarID: f.far, After: p.after, Limit: p.limit(),
		})
	}
	found, err := s.visibleProposal(tx, caller, f.id)
	return named(found, err, f.passes(found.GatewayID, found.FarID))
}

// visibleProposal loads a proposal that the caller made or may accept, while it is shown.
func (s *Service) visibleProposal(tx *store.Tx, caller Caller, id string) (directconnect.Proposal, error) {
	p, err := tx.Proposal(id)
	if errors.Is(err, store.ErrNotFound) {
		return p, directconnect.NoProposal(id)
	}
	if err == nil && ((p.GatewayOwner != caller.Account && p.Proposer != caller.Account) || !p.Shown(s.Now())) {
		err = directconnect.NoProposal(id)
	}
	return p.Lapse(s.Now()), err
}

// AcceptDirectConnectGatewayAssociationProposal is the gateway owner's consent: the association begins, with the prefixes
// asked for or those put in their place.
func (s *Service) AcceptDirectConnectGatewayAssociationProposal(ctx context.Context, caller Caller, in *api.AcceptDirectConnectGatewayAssociationProposalRequest) (out *api.AcceptDirectConnectGatewayAssociationProposalResult, err error) {
	gateway, err := requiredUUID("directConnectGatewayId", in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	id, err := requiredUUID("proposalId", in.ProposalID)
	if err != nil {
		return nil, err
	}
	proposer, err := requiredText("associatedGatewayOwnerAccount", in.AssociatedGatewayOwnerAccount)
	if err != nil {
		return nil, err
	}
	override, err := prefixesOf(in.OverrideAllowedPrefixesToDirectConnectGateway)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		p, err := s.visibleProposal(tx, caller, id)
		if err != nil {
			return err
		}
		if p.GatewayOwner != caller.Account || p.GatewayID != gateway || p.Proposer != proposer {
			return directconnect.NoProposal(id)
		}
		if p, err = p.Accept(override, s.Now()); err != nil {
			return err
		}
		if err := tx.PutProposal(&p); err != nil {
			return err
		}
		a, err := s.fulfil(tx, p)
		out = &api.AcceptDirectConnectGatewayAssociationProposalResult{DirectConnectGatewayAssociation: renderAssociation(a)}
		return err
	})
	return out, err
}

// fulfil makes the association that an accepted proposal asks for, or changes the one that there is.
func (s *Service) fulfil(tx *store.Tx, p directconnect.Proposal) (directconnect.Association, error) {
	var none directconnect.Association
	f, err := s.farGateway(tx, Caller{Account: p.Proposer, Region: p.Far.Region}, p.FarID)
	var rule *directconnect.Error
	if errors.As(err, &rule) || (err == nil && f.Account != p.Proposer) {
		return none, directconnect.NoProposedGateway(p.ID)
	}
	if err != nil {
		return none, err
	}
	existing, err := existingAssociation(tx, p.GatewayID, p.FarID)
	if err != nil {
		return none, err
	}
	if existing != nil {
		return s.changeAllowed(tx, *existing, p.Requested, directconnect.Without(existing.Allowed, p.Requested))
	}
	g, err := tx.Gateway(p.GatewayID)
	if errors.Is(err, store.ErrNotFound) {
		return none, directconnect.NoGateway(p.GatewayID)
	}
	if err != nil {
		return none, err
	}
	return s.associate(tx, g, f, p.Requested)
}

// DeleteDirectConnectGatewayAssociationProposal withdraws a proposal; only who made it may.
func (s *Service) DeleteDirectConnectGatewayAssociationProposal(ctx context.Context, caller Caller, in *api.DeleteDirectConnectGatewayAssociationProposalRequest) (out *api.DeleteDirectConnectGatewayAssociationProposalResult, err error) {
	id, err := requiredUUID("proposalId", in.ProposalID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		p, err := s.visibleProposal(tx, caller, id)
		if err != nil {
			return err
		}
		if p.Proposer != caller.Account {
			return directconnect.NoProposal(id)
		}
		if p, err = p.Delete(s.Now()); err != nil {
			return err
		}
		if err := tx.PutProposal(&p); err != nil {
			return err
		}
		existing, err := existingAssociation(tx, p.GatewayID, p.FarID)
		out = &api.DeleteDirectConnectGatewayAssociationProposalResult{DirectConnectGatewayAssociationProposal: renderProposal(p, existing)}
		return err
	})
	return out, err
}

// renderProposal shows the prefixes in force beside those asked for, where there is an association already.
func renderProposal(p directconnect.Proposal, existing *directconnect.Association) *api.DirectConnectGatewayAssociationProposal {
	out := &api.DirectConnectGatewayAssociationProposal{
		ProposalID: &p.ID, ProposalState: text(p.State), DirectConnectGatewayID: &p.GatewayID,
		DirectConnectGatewayOwnerAccount: &p.GatewayOwner, AssociatedGateway: renderFar(p.FarID, p.Far),
		RequestedAllowedPrefixesToDirectConnectGateway: renderPrefixes(p.Requested),
	}
	if existing != nil {
		out.ExistingAllowedPrefixesToDirectConnectGateway = renderPrefixes(existing.Allowed)
	}
	return out
}
