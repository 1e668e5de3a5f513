package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// CreateConnection orders a dedicated port. The port is reserved in the transaction that answers: at a location where the
// account has ports already on another router while there is one, with lagId on the LAG's router or not at all.
func (s *Service) CreateConnection(ctx context.Context, caller Caller, in *api.CreateConnectionRequest) (*api.Connection, error) {
	o, err := portOrder(directconnect.Dedicated, caller, "connectionName", in.ConnectionName, in.Bandwidth, in.BillingMode, in.ProviderName, in.RequestMACSec, in.Tags)
	if err != nil {
		return nil, err
	}
	return createPort(s, ctx, caller, o, in.Location, in.LagID, (*renderer).connection)
}

// portOrder parses what CreateConnection and CreateInterconnect have in common.
func portOrder(kind directconnect.ConnectionKind, caller Caller, nameMember string, name, bandwidth, billing, provider *string, macsec *bool, wireTags []api.Tag) (directconnect.Order, error) {
	o := directconnect.Order{Kind: kind, Account: caller.Account, Region: caller.Region, ProviderName: value(provider), MACsec: value(macsec)}
	var err error
	if o.Name, err = requiredText(nameMember, name); err != nil {
		return o, err
	}
	b, err := requiredText("bandwidth", bandwidth)
	if err != nil {
		return o, err
	}
	o.Bandwidth = directconnect.Bandwidth(b)
	if o.BillingMode, err = directconnect.ParseBillingMode(value(billing)); err != nil {
		return o, err
	}
	o.Tags, err = tagsOf(wireTags)
	return o, err
}

// createPort orders one port, in a LAG where the request names one, and renders what was made.
func createPort[Out any](s *Service, ctx context.Context, caller Caller, o directconnect.Order, location, lagID *string,
	show func(*renderer, directconnect.Connection, Caller) (*Out, error)) (out *Out, err error) {
	code, err := requiredText("location", location)
	if err != nil {
		return nil, err
	}
	if lagID != nil {
		if err := directconnect.CheckLAGID(*lagID); err != nil {
			return nil, err
		}
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		p, err := s.placement(tx, o, code)
		if err != nil {
			return err
		}
		var c directconnect.Connection
		if lagID == nil {
			c, err = p.anywhere(o)
		} else {
			c, err = p.inLAG(o, *lagID)
		}
		if err != nil {
			return err
		}
		r := render(tx)
		if c.LagID == "" {
			r.carries(c.ID, nil) // it is new
		}
		out, err = show(r, c, caller)
		return err
	})
	return out, err
}

// DescribeConnections lists the account's connections in the Region in the order they were made, hosted ones that it owns
// included and interconnects not; or the one that is named.
func (s *Service) DescribeConnections(ctx context.Context, caller Caller, in *api.DescribeConnectionsRequest) (*api.Connections, error) {
	p, err := s.pager("DescribeConnections", caller, "", in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	if in.ConnectionID != nil {
		return s.describeConnection(ctx, caller, *in.ConnectionID)
	}
	return s.listConnections(ctx, caller, p, func(*store.Tx) (store.ConnectionQuery, error) {
		return store.ConnectionQuery{
			Account: caller.Account, Region: caller.Region,
			Kinds: []directconnect.ConnectionKind{directconnect.Dedicated, directconnect.Hosted},
		}, nil
	})
}

func (s *Service) describeConnection(ctx context.Context, caller Caller, id string) (out *api.Connections, err error) {
	if err := directconnect.CheckConnectionID(id); err != nil {
		return nil, err
	}
	err = s.Store.Glance(ctx, func(tx *store.Tx) error {
		c, carried, err := tx.ConnectionAndInterfaces(id)
		if c, err = s.owned(caller, id, c, err); err != nil {
			return err
		}
		r := render(tx)
		r.carries(carrier(c), carried)
		shown, err := r.connection(c, caller)
		if err != nil {
			return err
		}
		out = &api.Connections{Connections: []api.Connection{*shown}}
		return nil
	})
	return out, err
}

// listConnections answers one page of what the query finds, ended ones included as long as they stay listed.
func (s *Service) listConnections(ctx context.Context, caller Caller, p pager, query func(*store.Tx) (store.ConnectionQuery, error)) (out *api.Connections, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		q, err := query(tx)
		if err != nil {
			return err
		}
		q.After, q.Limit, q.EndedAfter = p.after, p.limit(), s.Now().Add(-s.Keep)
		cs, err := tx.Connections(q)
		if err != nil {
			return err
		}
		cs, next, err := page(p, cs, connectionCursor)
		if err != nil {
			return err
		}
		shown, err := render(tx).connections(cs, caller)
		out = &api.Connections{Connections: shown, NextToken: next}
		return err
	})
	return out, err
}

// UpdateConnection renames a connection or changes its encryption mode. Neither given changes nothing.
func (s *Service) UpdateConnection(ctx context.Context, caller Caller, in *api.UpdateConnectionRequest) (out *api.Connection, err error) {
	id, err := requiredConnectionID(in.ConnectionID)
	if err != nil {
		return nil, err
	}
	var mode directconnect.EncryptionMode
	if in.EncryptionMode != nil {
		if mode, err = directconnect.ParseEncryptionMode(*in.EncryptionMode); err != nil {
			return nil, err
		}
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		c, err := s.ownConnection(tx, caller, id)
		if err != nil {
			return err
		}
		if in.ConnectionName != nil {
			if c, err = c.Rename(*in.ConnectionName); err != nil {
				return err
			}
		}
		if mode != "" {
			if c, err = c.Encrypt(mode, s.Now()); err != nil {
				return err
			}
		}
		if in.ConnectionName != nil || mode != "" {
			if err := tx.PutConnection(&c); err != nil {
				return err
			}
		}
		out, err = render(tx).connection(c, caller)
		return err
	})
	return out, err
}

// maxBillingUpdates bounds connectionIds (API reference, UpdateConnectionsBillingMode).
const maxBillingUpdates = 200

// UpdateConnectionsBillingMode changes how connections are paid for, all of them or none.
func (s *Service) UpdateConnectionsBillingMode(ctx context.Context, caller Caller, in *api.UpdateConnectionsBillingModeRequest) (out *api.UpdateConnectionsBillingModeResponse, err error) {
	billing, err := requiredText("billingMode", in.BillingMode)
	if err != nil {
		return nil, err
	}
	if billing == "" {
		return nil, directconnect.Clientf("Billing mode %s is not valid.", billing)
	}
	mode, err := directconnect.ParseBillingMode(billing)
	if err != nil {
		return nil, err
	}
	if n := len(in.ConnectionIDs); n < 1 || n > maxBillingUpdates {
		return nil, directconnect.Clientf("connectionIds must name 1 to %d connections.", maxBillingUpdates)
	}
	for _, id := range in.ConnectionIDs {
		if err := directconnect.CheckConnectionID(id); err != nil {
			return nil, err
		}
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		changed := make([]directconnect.Connection, 0, len(in.ConnectionIDs))
		for _, id := range in.ConnectionIDs {
			c, err := s.ownConnection(tx, caller, id)
			if err != nil {
				return err
			}
			l, err := tx.Location(c.Location)
			if err != nil {
				return err
			}
			if c, err = c.Bill(mode, l); err != nil {
				return err
			}
			if err := tx.PutConnection(&c); err != nil {
				return err
			}
			changed = append(changed, c)
		}
		shown, err := render(tx).connections(changed, caller)
		out = &api.UpdateConnectionsBillingModeResponse{BillingMode: text(mode), Connections: shown}
		return err
	})
	return out, err
}

// DeleteConnection deletes the caller's connection, or one that the caller hosts as a partner. One that is still requested
// is deleted in the answer; a hosted one in ordering is rejected by its owner; a second delete changes nothing.
func (s *Service) DeleteConnection(ctx context.Context, caller Caller, in *api.DeleteConnectionRequest) (out *api.Connection, err error) {
	id, err := requiredConnectionID(in.ConnectionID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		c, err := s.hostedOrOwn(tx, caller, id)
		if err != nil {
			return err
		}
		if c, err = s.end(tx, caller, c); err != nil {
			return err
		}
		out, err = render(tx).connection(c, caller)
		return err
	})
	return out, err
}

// end deletes a port or hosted connection that carries no interfaces: it leaves its LAG if that can spare it, and what is
// deleted at once frees its port.
func (s *Service) end(tx *store.Tx, caller Caller, c directconnect.Connection) (directconnect.Connection, error) {
	if c.Working() {
		on, err := tx.CountInterfaces(store.InterfaceQuery{ParentID: c.ID, LiveOnly: true})
		if err != nil {
			return c, err
		}
		if on > 0 {
			return c, directconnect.Clientf("Connection %s has virtual interfaces and cannot be deleted.", c.ID)
		}
	}
	if c.Working() && c.LagID != "" {
		g, members, err := lagWithMembers(tx, c.LagID)
		if err != nil {
			return c, err
		}
		if err := g.Spare(members); err != nil {
			return c, err
		}
		if err := s.wakeLAG(tx, g); err != nil {
			return c, err
		}
	}
	c, err := c.Delete(caller.Account, s.Now())
	if err != nil {
		return c, err
	}
	return c, s.save(tx, &c)
}

// save puts a connection. One that is on its way out leaves its resiliency groups, and one that has ended frees its port.
func (s *Service) save(tx *store.Tx, c *directconnect.Connection) error {
	if !c.Working() {
		if err := s.endMemberships(tx, store.MemberQuery{ConnectionID: c.ID}); err != nil {
			return err
		}
	}
	if !c.Live() && c.PortID != "" {
		if err := tx.ReleasePort(c.PortID, c.ID); err != nil {
			return err
		}
		if err := tx.PutPortEvent(c.Released(eventID(), s.Now())); err != nil {
			return err
		}
		c.PortID = ""
	}
	return tx.PutConnection(c)
}

// ownConnection loads a dedicated or hosted connection that the caller owns in the Region. What belongs to others does not
// exist for the caller, nor does what ended too long ago to be listed.
func (s *Service) ownConnection(tx *store.Tx, caller Caller, id string) (directconnect.Connection, error) {
	c, err := tx.Connection(id)
	return s.owned(caller, id, c, err)
}

// owned is ownConnection for what a query answered.
func (s *Service) owned(caller Caller, id string, c directconnect.Connection, err error) (directconnect.Connection, error) {
	if c, err = s.listed(caller, id, c, err); err != nil {
		return c, err
	}
	if c.Account != caller.Account || c.Kind == directconnect.Interconnect {
		return c, directconnect.NoConnection(id)
	}
	return c, nil
}

// hostedOrOwn loads a connection that the caller owns, or hosts as a partner.
func (s *Service) hostedOrOwn(tx *store.Tx, caller Caller, id string) (directconnect.Connection, error) {
	c, err := s.visible(tx, caller, id)
	if err != nil {
		return c, err
	}
	if c.Kind == directconnect.Interconnect || (c.Account != caller.Account && c.Partner != caller.Account) {
		return c, directconnect.NoConnection(id)
	}
	return c, nil
}

// ownPort loads a dedicated connection or an interconnect of the caller: what has a port.
func (s *Service) ownPort(tx *store.Tx, caller Caller, id string) (directconnect.Connection, error) {
	c, err := s.visible(tx, caller, id)
	if err != nil {
		return c, err
	}
	if c.Account != caller.Account {
		return c, directconnect.NoConnection(id)
	}
	return c, nil
}

func (s *Service) visible(tx *store.Tx, caller Caller, id string) (directconnect.Connection, error) {
	c, err := tx.Connection(id)
	return s.listed(caller, id, c, err)
}

// listed is visible for what a query answered.
func (s *Service) listed(caller Caller, id string, c directconnect.Connection, err error) (directconnect.Connection, error) {
	if errors.Is(err, store.ErrNotFound) {
		return c, directconnect.NoConnection(id)
	}
	if err != nil {
		return c, err
	}
	if c.Region != caller.Region || (!c.Live() && c.Deleted.Before(s.Now().Add(-s.Keep))) {
		return c, directconnect.NoConnection(id)
	}
	return c, nil
}
