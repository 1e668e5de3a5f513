package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// claimGateways claims what is global and on no router.
func (c *claimed) claimGateways(tx *store.Tx, now time.Time) (err error) {
	if c.gateways, err = tx.ClaimDueGateways(now, c.until, batch); err != nil {
		return err
	}
	if c.associations, err = tx.ClaimDueAssociations(now, c.until, batch); err != nil {
		return err
	}
	c.proposals, err = tx.ClaimDueProposals(now, c.until, batch)
	return err
}

// settleGateways lets gateways, associations and proposals advance, each read again in the transaction that saves it. What
// fails is due again when the lease ends.
func (r *Reconciler) settleGateways(ctx context.Context, c claimed) (Report, error) {
	if len(c.gateways)+len(c.associations)+len(c.proposals) == 0 {
		return Report{}, nil
	}
	rep, err := r.saved(ctx, c.until, func(s *saving) error {
		for _, row := range c.gateways {
			if err := s.gateway(row.ID); err != nil {
				return err
			}
		}
		for _, row := range c.associations {
			if err := s.association(row.ID); err != nil {
				return err
			}
		}
		for _, row := range c.proposals {
			if err := s.proposal(row); err != nil {
				return err
			}
		}
		return s.wakeGateways()
	})
	if err != nil {
		err = fmt.Errorf("saving gateways and their associations: %w", err)
	}
	return rep, err
}

func (s *saving) gateway(id string) error {
	g, err := s.tx.Gateway(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !g.Live() {
		return nil
	}
	if err != nil {
		return err
	}
	next := g.Advance(s.pace, s.now)
	s.told(id, string(g.State), string(next.State))
	return s.tx.PutGateway(&next)
}

// association lets an association advance. It is due whenever it has been changed, and when a change is done: either may
// change what the gateway's interfaces announce, and nothing else is told of it.
func (s *saving) association(id string) error {
	a, err := s.tx.Association(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !a.Live() {
		return nil
	}
	if err != nil {
		return err
	}
	next := a.Advance(s.pace, s.now)
	s.told(id, string(a.State), string(next.State))
	s.wakeGateway(a.GatewayID)
	return s.tx.PutAssociation(&next)
}

// proposal lets a proposal lapse, and removes one that is no longer shown.
func (s *saving) proposal(claimed directconnect.Proposal) error {
	id := claimed.ID
	p, err := s.tx.Proposal(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if p.Version == claimed.Version {
		p.Due = claimed.Due // and not the lease
	}
	next := p.Advance(s.now)
	if !next.Shown(s.now) {
		s.rep.Purged++
		return s.tx.DeleteProposal(id)
	}
	s.told(id, string(p.State), string(next.State))
	return s.tx.PutProposal(&next)
}

func (s *saving) told(id, from, to string) {
	if from != to {
		s.rep.Moved++
		s.moves = append(s.moves, move{id: id, from: from, to: to})
	}
}
