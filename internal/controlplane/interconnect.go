package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// CreateInterconnect orders a port that hosted connections run over. Only partners may.
func (s *Service) CreateInterconnect(ctx context.Context, caller Caller, in *api.CreateInterconnectRequest) (*api.Interconnect, error) {
	o, err := portOrder(directconnect.Interconnect, caller, "interconnectName", in.InterconnectName, in.Bandwidth, nil, in.ProviderName, in.RequestMACSec, in.Tags)
	if err != nil {
		return nil, err
	}
	if err := s.partner(ctx, caller); err != nil {
		return nil, err
	}
	return createPort(s, ctx, caller, o, in.Location, in.LagID, (*renderer).interconnect)
}

// partner refuses a caller that is no partner.
func (s *Service) partner(ctx context.Context, caller Caller) error {
	return s.Store.View(ctx, func(tx *store.Tx) error {
		a, err := s.account(tx, caller.Account)
		if err != nil {
			return err
		}
		return a.MayHost()
	})
}

// DescribeInterconnects lists the caller's interconnects in the Region, or the one named.
func (s *Service) DescribeInterconnects(ctx context.Context, caller Caller, in *api.DescribeInterconnectsRequest) (out *api.Interconnects, err error) {
	if in.InterconnectID != nil {
		if err := directconnect.CheckInterconnectID(*in.InterconnectID); err != nil {
			return nil, err
		}
	}
	p, err := s.pager("DescribeInterconnects", caller, "", in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		var cs []directconnect.Connection
		if in.InterconnectID != nil {
			c, err := s.ownInterconnect(tx, caller, *in.InterconnectID)
			if err != nil {
				return err
			}
			cs = append(cs, c)
		} else if cs, err = tx.Connections(store.ConnectionQuery{
			Account: caller.Account, Region: caller.Region, Kinds: []directconnect.ConnectionKind{directconnect.Interconnect},
			EndedAfter: s.Now().Add(-s.Keep), After: p.after, Limit: p.limit(),
		}); err != nil {
			return err
		}
		cs, next, err := page(p, cs, connectionCursor)
		if err != nil {
			return err
		}
		out = &api.Interconnects{Interconnects: make([]api.Interconnect, 0, len(cs)), NextToken: next}
		r := render(tx)
		for _, c := range cs {
			shown, err := r.interconnect(c, caller)
			if err != nil {
				return err
			}
			out.Interconnects = append(out.Interconnects, *shown)
		}
		return nil
	})
	return out, err
}

// DeleteInterconnect deletes an interconnect that no hosted connection runs over.
func (s *Service) DeleteInterconnect(ctx context.Context, caller Caller, in *api.DeleteInterconnectRequest) (out *api.DeleteInterconnectResponse, err error) {
	id, err := requiredInterconnectID(in.InterconnectID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		c, err := s.ownInterconnect(tx, caller, id)
		if err != nil {
			return err
		}
		hosted, err := tx.CountConnections(store.ConnectionQuery{ParentID: id, LiveOnly: true})
		if err != nil {
			return err
		}
		if err := c.CheckDeleteInterconnect(hosted); err != nil {
			return err
		}
		if c, err = s.end(tx, caller, c); err != nil {
			return err
		}
		out = &api.DeleteInterconnectResponse{InterconnectState: text(c.State)}
		return nil
	})
	return out, err
}

func (s *Service) ownInterconnect(tx *store.Tx, caller Caller, id string) (directconnect.Connection, error) {
	c, err := s.ownPort(tx, caller, id)
	var rule *directconnect.Error
	if errors.As(err, &rule) || (err == nil && c.Kind != directconnect.Interconnect) {
		return c, directconnect.NoInterconnect(id)
	}
	return c, err
}
