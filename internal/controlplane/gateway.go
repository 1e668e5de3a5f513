package controlplane

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// newUUID makes the identifier of a gateway, an association, a proposal or a test.
func newUUID() string { return uuid.NewString() }

// CreateDirectConnectGateway makes a gateway. It is global: every Region of the partition sees it.
func (s *Service) CreateDirectConnectGateway(ctx context.Context, caller Caller, in *api.CreateDirectConnectGatewayRequest) (out *api.CreateDirectConnectGatewayResult, err error) {
	name, err := requiredText("directConnectGatewayName", in.DirectConnectGatewayName)
	if err != nil {
		return nil, err
	}
	tags, err := tagsOf(in.Tags)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		account, err := s.account(tx, caller.Account)
		if err != nil {
			return err
		}
		have, err := tx.CountGateways(store.GatewayQuery{Account: caller.Account, Partition: caller.Partition(), LiveOnly: true})
		if err != nil {
			return err
		}
		g, err := directconnect.NewGateway(newUUID(), caller.Account, caller.Partition(), name, in.AmazonSideASN, tags, have, account.Quotas.Gateways, s.Now())
		if err != nil {
			return err
		}
		if err := tx.PutGateway(&g); err != nil {
			return err
		}
		out = &api.CreateDirectConnectGatewayResult{DirectConnectGateway: renderGateway(g, nil)}
		return nil
	})
	return out, err
}

// DescribeDirectConnectGateways lists the account's gateways; deleted ones are never among them. An unknown ID gives an
// empty list.
func (s *Service) DescribeDirectConnectGateways(ctx context.Context, caller Caller, in *api.DescribeDirectConnectGatewaysRequest) (out *api.DescribeDirectConnectGatewaysResult, err error) {
	id, err := optionalUUID("directConnectGatewayId", in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	p, err := s.pager("DescribeDirectConnectGateways", Caller{Account: caller.Account}, id, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		found, err := s.findGateways(tx, caller, id, p)
		if err != nil {
			return err
		}
		found, next, err := page(p, found, func(g directconnect.Gateway) store.Cursor {
			return store.Cursor{Created: g.Created, ID: g.ID}
		})
		if err != nil {
			return err
		}
		out = &api.DescribeDirectConnectGatewaysResult{DirectConnectGateways: []api.DirectConnectGateway{}, NextToken: next}
		for _, g := range found {
			attached, err := tx.Interfaces(store.InterfaceQuery{GatewayID: g.ID, LiveOnly: true})
			if err != nil {
				return err
			}
			out.DirectConnectGateways = append(out.DirectConnectGateways, *renderGateway(g, attached))
		}
		return nil
	})
	return out, err
}

func (s *Service) findGateways(tx *store.Tx, caller Caller, id string, p pager) ([]directconnect.Gateway, error) {
	if id == "" {
		return tx.Gateways(store.GatewayQuery{Account: caller.Account, Partition: caller.Partition(), LiveOnly: true, After: p.after, Limit: p.limit()})
	}
	g, err := s.ownGateway(tx, caller, id)
	return named(g, err, true)
}

// UpdateDirectConnectGateway renames a gateway.
func (s *Service) UpdateDirectConnectGateway(ctx context.Context, caller Caller, in *api.UpdateDirectConnectGatewayRequest) (out *api.UpdateDirectConnectGatewayResponse, err error) {
	id, err := requiredUUID("directConnectGatewayId", in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	name, err := requiredText("newDirectConnectGatewayName", in.NewDirectConnectGatewayName)
	if err != nil {
		return nil, err
	}
	shown, err := s.changeGateway(ctx, caller, id, func(_ *store.Tx, g directconnect.Gateway) (directconnect.Gateway, error) {
		return g.Rename(name)
	})
	return &api.UpdateDirectConnectGatewayResponse{DirectConnectGateway: shown}, err
}

// DeleteDirectConnectGateway begins the end of a gateway that nothing hangs on.
func (s *Service) DeleteDirectConnectGateway(ctx context.Context, caller Caller, in *api.DeleteDirectConnectGatewayRequest) (*api.DeleteDirectConnectGatewayResult, error) {
	id, err := requiredUUID("directConnectGatewayId", in.DirectConnectGatewayID)
	if err != nil {
		return nil, err
	}
	shown, err := s.changeGateway(ctx, caller, id, func(tx *store.Tx, g directconnect.Gateway) (directconnect.Gateway, error) {
		interfaces, err := tx.CountInterfaces(store.InterfaceQuery{GatewayID: g.ID, LiveOnly: true})
		if err != nil {
			return g, err
		}
		associations, err := tx.Associations(store.AssociationQuery{GatewayID: g.ID, LiveOnly: true, Limit: 1})
		if err != nil {
			return g, err
		}
		return g.Delete(interfaces, len(associations), s.Now())
	})
	return &api.DeleteDirectConnectGatewayResult{DirectConnectGateway: shown}, err
}

func (s *Service) changeGateway(ctx context.Context, caller Caller, id string, change func(*store.Tx, directconnect.Gateway) (directconnect.Gateway, error)) (out *api.DirectConnectGateway, err error) {
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		g, err := s.ownGateway(tx, caller, id)
		if err != nil {
			return err
		}
		if g, err = change(tx, g); err != nil {
			return err
		}
		if err := tx.PutGateway(&g); err != nil {
			return err
		}
		attached, err := tx.Interfaces(store.InterfaceQuery{GatewayID: id, LiveOnly: true})
		out = renderGateway(g, attached)
		return err
	})
	return out, err
}

// ownGateway loads a live gateway of the caller's, from any Region of its partition.
func (s *Service) ownGateway(tx *store.Tx, caller Caller, id string) (directconnect.Gateway, error) {
	g, err := tx.Gateway(id)
	if errors.Is(err, store.ErrNotFound) {
		return g, directconnect.NoGateway(id)
	}
	if err == nil && (g.Account != caller.Account || g.Partition != caller.Partition() || !g.Live()) {
		err = directconnect.NoGateway(id)
	}
	return g, err
}

func renderGateway(g directconnect.Gateway, attached []directconnect.VirtualInterface) *api.DirectConnectGateway {
	pools := directconnect.TotalPools(attached)
	return &api.DirectConnectGateway{
		DirectConnectGatewayID: &g.ID, DirectConnectGatewayName: &g.Name, AmazonSideASN: &g.AmazonASN, OwnerAccount: &g.Account,
		DirectConnectGatewayState: text(g.State), StateChangeError: nonEmpty(g.Error), Tags: renderTags(g.Tags),
		TotalPrefixPoolAllocations: &pools,
	}
}

// requiredUUID reads an identifier of a gateway, an association or a proposal.
func requiredUUID(member string, v *string) (string, error) {
	id, err := requiredText(member, v)
	if err != nil {
		return "", err
	}
	return id, directconnect.CheckUUID(member, id)
}

func optionalUUID(member string, v *string) (string, error) {
	if v == nil {
		return "", nil
	}
	return requiredUUID(member, v)
}
