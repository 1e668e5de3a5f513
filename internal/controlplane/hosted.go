package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// AllocateHostedConnection makes a hosted connection for another account over the caller's interconnect or LAG. It waits
// in ordering for that account to confirm.
func (s *Service) AllocateHostedConnection(ctx context.Context, caller Caller, in *api.AllocateHostedConnectionRequest) (*api.Connection, error) {
	parent, err := parentID("connectionId", in.ConnectionID)
	if err != nil {
		return nil, err
	}
	o, err := hostedOrder(in.OwnerAccount, in.Bandwidth, in.ConnectionName, in.Vlan, in.Tags)
	if err != nil {
		return nil, err
	}
	return s.allocate(ctx, caller, parent, o)
}

// notOnInterconnect is the capacity that the deprecated twin does not know (API reference,
// AllocateConnectionOnInterconnect).
const notOnInterconnect = directconnect.Bandwidth("25Gbps")

// AllocateConnectionOnInterconnect is the deprecated twin of AllocateHostedConnection: an interconnect only, no tags.
func (s *Service) AllocateConnectionOnInterconnect(ctx context.Context, caller Caller, in *api.AllocateConnectionOnInterconnectRequest) (*api.Connection, error) {
	parent, err := requiredInterconnectID(in.InterconnectID)
	if err != nil {
		return nil, err
	}
	o, err := hostedOrder(in.OwnerAccount, in.Bandwidth, in.ConnectionName, in.Vlan, nil)
	if err != nil {
		return nil, err
	}
	if o.Bandwidth == notOnInterconnect {
		return nil, directconnect.Clientf("Bandwidth %s is not valid for AllocateConnectionOnInterconnect. Use AllocateHostedConnection.", o.Bandwidth)
	}
	return s.allocate(ctx, caller, parent, o)
}

func hostedOrder(owner, bandwidth, name *string, vlan *int32, tags []api.Tag) (o directconnect.HostedOrder, err error) {
	if o.Owner, err = requiredText("ownerAccount", owner); err != nil {
		return o, err
	}
	b, err := requiredText("bandwidth", bandwidth)
	if err != nil {
		return o, err
	}
	o.Bandwidth = directconnect.Bandwidth(b)
	if o.Name, err = requiredText("connectionName", name); err != nil {
		return o, err
	}
	if o.VLAN, err = requiredNumber("vlan", vlan); err != nil {
		return o, err
	}
	o.Tags, err = tagsOf(tags)
	return o, err
}

func (s *Service) allocate(ctx context.Context, caller Caller, parent string, o directconnect.HostedOrder) (out *api.Connection, err error) {
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		partner, err := s.account(tx, caller.Account)
		if err != nil {
			return err
		}
		if err := partner.MayHost(); err != nil {
			return err
		}
		p, siblings, err := s.ownParent(tx, caller, parent)
		if err != nil {
			return err
		}
		c, err := directconnect.NewHosted(newID(directconnect.ConnectionPrefix), o, p, partner, siblings, s.Now())
		if err != nil {
			return err
		}
		if err := putHosted(tx, &c); err != nil {
			return err
		}
		out, err = render(tx).connection(c, caller)
		return err
	})
	return out, err
}

// putHosted saves a hosted connection; the database has the last word on its VLAN.
func putHosted(tx *store.Tx, c *directconnect.Connection) error {
	err := tx.PutConnection(c)
	var taken *store.TakenError
	if errors.As(err, &taken) && taken.What == "vlan" {
		return directconnect.VLANInUse(c.VLAN, c.ParentID)
	}
	return err
}

// ownParent loads an interconnect or LAG of the caller as a parent, with what already runs over it.
func (s *Service) ownParent(tx *store.Tx, caller Caller, id string) (directconnect.Parent, []directconnect.Connection, error) {
	if directconnect.IsLAGID(id) {
		g, err := ownLAG(tx, caller, id, s)
		if err != nil {
			return directconnect.Parent{}, nil, err
		}
		return lagParent(tx, g)
	}
	c, err := s.ownPort(tx, caller, id)
	if err != nil {
		return directconnect.Parent{}, nil, err
	}
	p, err := c.Parent()
	if err != nil {
		return p, nil, err
	}
	siblings, err := tx.Connections(store.ConnectionQuery{ParentID: id, LiveOnly: true})
	return p, siblings, err
}

func lagParent(tx *store.Tx, g directconnect.LAG) (directconnect.Parent, []directconnect.Connection, error) {
	members, err := lagMembers(tx, g.ID)
	if err != nil {
		return directconnect.Parent{}, nil, err
	}
	p, err := g.Parent(members)
	if err != nil {
		return p, nil, err
	}
	siblings, err := tx.Connections(store.ConnectionQuery{ParentID: g.ID, LiveOnly: true})
	return p, siblings, err
}

// ConfirmConnection is the customer's acceptance of a hosted connection.
func (s *Service) ConfirmConnection(ctx context.Context, caller Caller, in *api.ConfirmConnectionRequest) (out *api.ConfirmConnectionResponse, err error) {
	id, err := requiredConnectionID(in.ConnectionID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		c, err := s.ownConnection(tx, caller, id)
		if err != nil {
			return err
		}
		if c, err = c.Confirm(s.Now()); err != nil {
			return err
		}
		out = &api.ConfirmConnectionResponse{ConnectionState: text(c.State)}
		return tx.PutConnection(&c)
	})
	return out, err
}

// AssociateHostedConnection moves a hosted connection to another interconnect or LAG of its partner.
func (s *Service) AssociateHostedConnection(ctx context.Context, caller Caller, in *api.AssociateHostedConnectionRequest) (out *api.Connection, err error) {
	id, err := requiredConnectionID(in.ConnectionID)
	if err != nil {
		return nil, err
	}
	parent, err := parentID("parentConnectionId", in.ParentConnectionID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		c, err := s.visible(tx, caller, id)
		if err != nil {
			return err
		}
		if c.Partner != caller.Account {
			return directconnect.NoConnection(id)
		}
		p, siblings, err := s.ownParent(tx, caller, parent)
		if err != nil {
			return err
		}
		if c, err = s.rehost(tx, c, p, siblings); err != nil {
			return err
		}
		out, err = render(tx).connection(c, caller)
		return err
	})
	return out, err
}

// rehost puts a hosted connection on another parent, and takes the interfaces on it along.
func (s *Service) rehost(tx *store.Tx, c directconnect.Connection, p directconnect.Parent, siblings []directconnect.Connection) (directconnect.Connection, error) {
	c, err := c.Rehost(p, siblings, s.Now())
	if err != nil {
		return c, err
	}
	if err := putHosted(tx, &c); err != nil {
		return c, err
	}
	on, err := tx.Interfaces(store.InterfaceQuery{ParentID: c.ID, LiveOnly: true})
	if err != nil {
		return c, err
	}
	for _, v := range on {
		v = v.CarriedTo(c.Router, c.Location, s.Now())
		if err := putInterface(tx, &v); err != nil {
			return c, err
		}
	}
	return c, nil
}

// DescribeHostedConnections lists what runs over an interconnect or LAG of the caller. A hosted connection's own ID, which
// Terraform sends, answers that connection to its partner and its owner.
func (s *Service) DescribeHostedConnections(ctx context.Context, caller Caller, in *api.DescribeHostedConnectionsRequest) (*api.Connections, error) {
	id, err := parentID("connectionId", in.ConnectionID)
	if err != nil {
		return nil, err
	}
	p, err := s.pager("DescribeHostedConnections", caller, id, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	if directconnect.IsConnectionID(id) {
		if out, err := s.describeHosted(ctx, caller, id); out != nil || err != nil {
			return out, err
		}
	}
	return s.listConnections(ctx, caller, p, func(tx *store.Tx) (store.ConnectionQuery, error) {
		q := store.ConnectionQuery{ParentID: id, Partner: caller.Account}
		return q, s.mayListHosted(tx, caller, id)
	})
}

// describeHosted answers a hosted connection that is named itself, or nil.
func (s *Service) describeHosted(ctx context.Context, caller Caller, id string) (out *api.Connections, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		c, err := s.hostedOrOwn(tx, caller, id)
		var rule *directconnect.Error
		if errors.As(err, &rule) || (err == nil && c.Kind != directconnect.Hosted) {
			return nil
		}
		if err != nil {
			return err
		}
		shown, err := render(tx).connections([]directconnect.Connection{c}, caller)
		out = &api.Connections{Connections: shown}
		return err
	})
	return out, err
}

// mayListHosted refuses a parent that is not the caller's, in the recorded words.
func (s *Service) mayListHosted(tx *store.Tx, caller Caller, id string) error {
	var err error
	if directconnect.IsLAGID(id) {
		_, err = ownLAG(tx, caller, id, s)
	} else {
		var c directconnect.Connection
		if c, err = s.ownPort(tx, caller, id); err == nil && c.Kind == directconnect.Hosted {
			return nil
		}
	}
	var rule *directconnect.Error
	if errors.As(err, &rule) {
		return directconnect.Clientf("%s DescribeHostedConnections failed for connection %s doesn't exist.", caller.Account, id)
	}
	return err
}

// everything is the page of a call that knows no paging; VLANs bound what an interconnect carries.
var everything = pager{size: 1 << 20}

// DescribeConnectionsOnInterconnect is the deprecated twin of DescribeHostedConnections, without paging.
func (s *Service) DescribeConnectionsOnInterconnect(ctx context.Context, caller Caller, in *api.DescribeConnectionsOnInterconnectRequest) (*api.Connections, error) {
	id, err := requiredInterconnectID(in.InterconnectID)
	if err != nil {
		return nil, err
	}
	return s.listConnections(ctx, caller, everything, func(tx *store.Tx) (store.ConnectionQuery, error) {
		_, err := s.ownInterconnect(tx, caller, id)
		return store.ConnectionQuery{ParentID: id, Partner: caller.Account}, err
	})
}
