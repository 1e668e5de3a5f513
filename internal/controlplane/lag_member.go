package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// AssociateConnectionWithLag makes a port a member. Its reservation moves to the LAG's router as long as nobody has read
// the demarcation; an interconnect brings its hosted connections along.
func (s *Service) AssociateConnectionWithLag(ctx context.Context, caller Caller, in *api.AssociateConnectionWithLagRequest) (out *api.Connection, err error) {
	id, err := requiredConnectionID(in.ConnectionID)
	if err != nil {
		return nil, err
	}
	lag, err := requiredLAGID(in.LagID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		c, err := s.ownPort(tx, caller, id)
		if err != nil {
			return err
		}
		g, err := ownLAG(tx, caller, lag, s)
		if err != nil {
			return err
		}
		members, err := lagMembers(tx, lag)
		if err != nil {
			return err
		}
		if err := g.Admit(c, members); err != nil {
			return err
		}
		if err := s.join(tx, c, g); err != nil {
			return err
		}
		if c, err = tx.Connection(id); err != nil {
			return err
		}
		out, err = render(tx).connection(c, caller)
		return err
	})
	return out, err
}

// join makes an admitted port a member of the LAG: out of its old LAG if that can spare it, its reservation on the LAG's
// router, its hosted connections on the LAG.
func (s *Service) join(tx *store.Tx, c directconnect.Connection, g directconnect.LAG) error {
	if c.LagID != "" {
		old, members, err := lagWithMembers(tx, c.LagID)
		if err != nil {
			return err
		}
		if err := old.Spare(members); err != nil {
			return err
		}
		if err := s.wakeLAG(tx, old); err != nil {
			return err
		}
	}
	if err := s.wakeLAG(tx, g); err != nil {
		return err
	}
	from := c.Router
	if from != g.Router {
		moved, err := s.movePort(tx, c, g)
		if err != nil {
			return err
		}
		c = moved
	}
	standalone := c.LagID == ""
	c = c.Join(g, s.Now())
	if err := tx.PutConnection(&c); err != nil {
		return err
	}
	if from != g.Router { // a pending port was configured on its old router, which must let go of it
		if _, err := tx.WakeConnections(from, s.Now()); err != nil {
			return err
		}
	}
	if !standalone {
		return nil // what runs over its old LAG stays there
	}
	if c.Kind == directconnect.Interconnect {
		return s.rehostAll(tx, c.ID, g)
	}
	return s.moveInterfaces(tx, c, g)
}

// moveInterfaces takes the interfaces of a connection along to the LAG that it has joined.
func (s *Service) moveInterfaces(tx *store.Tx, c directconnect.Connection, g directconnect.LAG) error {
	moving, err := tx.Interfaces(store.InterfaceQuery{ParentID: c.ID, LiveOnly: true})
	if err != nil || len(moving) == 0 {
		return err
	}
	members, err := lagMembers(tx, g.ID)
	if err != nil {
		return err
	}
	there, err := tx.Interfaces(store.InterfaceQuery{ParentID: g.ID, LiveOnly: true})
	if err != nil {
		return err
	}
	account, err := s.account(tx, g.Account)
	if err != nil {
		return err
	}
	p := g.InterfaceParent(members)
	for _, v := range moving {
		if v, err = v.Along(p, there, account.Quotas, s.Now()); err != nil {
			return err
		}
		if err := putInterface(tx, &v); err != nil {
			return err
		}
		there = append(there, v)
	}
	return nil
}

// movePort swaps the reservation for a free port of the LAG's router.
func (s *Service) movePort(tx *store.Tx, c directconnect.Connection, g directconnect.LAG) (directconnect.Connection, error) {
	router, err := tx.Router(g.Router)
	if err != nil {
		return c, err
	}
	port, err := tx.FreePort(g.Location, g.Router, c.Bandwidth, c.MACsec, random())
	if errors.Is(err, store.ErrNotFound) || err == nil && router.Drained != nil {
		return c, directconnect.NoFreePortForLAG(g.ID, c.Bandwidth)
	}
	if err != nil {
		return c, err
	}
	return c.WithPort(port), s.exchangePort(tx, c, port, "", "It joined Lag "+g.ID+".")
}

// rehostAll moves what runs over an interconnect to the LAG that the interconnect has joined.
func (s *Service) rehostAll(tx *store.Tx, interconnect string, g directconnect.LAG) error {
	hosted, err := tx.Connections(store.ConnectionQuery{ParentID: interconnect, LiveOnly: true})
	if err != nil || len(hosted) == 0 {
		return err
	}
	p, siblings, err := lagParent(tx, g)
	if err != nil {
		return err
	}
	for _, h := range hosted {
		if h, err = s.rehost(tx, h, p, siblings); err != nil {
			return err
		}
		siblings = append(siblings, h)
	}
	return nil
}

// DisassociateConnectionFromLag makes a member a port of its own again; a declared partner's becomes an interconnect. What
// runs over the LAG stays there.
func (s *Service) DisassociateConnectionFromLag(ctx context.Context, caller Caller, in *api.DisassociateConnectionFromLagRequest) (out *api.Connection, err error) {
	id, err := requiredConnectionID(in.ConnectionID)
	if err != nil {
		return nil, err
	}
	lag, err := requiredLAGID(in.LagID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		c, err := s.leave(tx, caller, id, lag)
		if err != nil {
			return err
		}
		out, err = render(tx).connection(c, caller)
		return err
	})
	return out, err
}

// leave takes the member out. The texts for what is missing differ from those of the other operations: clients look for
// these (Terraform's aws_dx_connection_association takes them for "already gone").
func (s *Service) leave(tx *store.Tx, caller Caller, id, lag string) (directconnect.Connection, error) {
	c, err := s.ownPort(tx, caller, id)
	var rule *directconnect.Error
	if errors.As(err, &rule) || (err == nil && !c.Live()) {
		return c, directconnect.Clientf("Connection does not exist: %s", id)
	}
	if err != nil {
		return c, err
	}
	if !c.Working() { // it is no member any more; clients that wait for its end try again on these words
		return c, directconnect.Clientf("Connection %s is in a transitioning state.", id)
	}
	g, err := ownLAG(tx, caller, lag, s)
	if errors.As(err, &rule) || (err == nil && !g.Live()) {
		return c, directconnect.Clientf("Lag does not exist: %s", lag)
	}
	if err != nil {
		return c, err
	}
	if c.LagID != g.ID {
		return c, directconnect.Clientf("Connection %s is not associated with Lag %s.", id, lag)
	}
	members, err := lagMembers(tx, lag)
	if err != nil {
		return c, err
	}
	if err := g.Spare(members); err != nil {
		return c, err
	}
	owner, err := s.account(tx, c.Account)
	if err != nil {
		return c, err
	}
	if err := s.wakeLAG(tx, g); err != nil {
		return c, err
	}
	c = c.Leave(owner, s.Now())
	return c, tx.PutConnection(&c)
}
