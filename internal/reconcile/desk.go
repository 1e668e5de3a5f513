package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// settleDesk lets the rows advance that need no router. Each is read again in the transaction that saves it, together
// with its parent: a parent that changes state meanwhile cannot leave what it hosts behind.
func (r *Reconciler) settleDesk(ctx context.Context, rows []directconnect.Connection, until time.Time) (Report, error) {
	var total Report
	var errs []error
	for part := range slices.Chunk(rows, chunk) {
		rep, err := r.saved(ctx, until, func(s *saving) error {
			parents := map[string]directconnect.Seen{}
			for _, row := range part {
				if err := s.atDesk(row, parents); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			r.giveBackDesk(ctx, part, until)
			errs = append(errs, fmt.Errorf("saving orders and hosted connections: %w", err))
		}
		total.add(rep)
	}
	return total, errors.Join(errs...)
}

func (s *saving) atDesk(claimed directconnect.Connection, parents map[string]directconnect.Seen) error {
	c, err := s.tx.Connection(claimed.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.Version != claimed.Version {
		return s.wakeLeased(c) // it may need a router by now
	}
	seen := directconnect.Seen{Readable: true} // no router has anything of an order that is not approved
	if c.Kind == directconnect.Hosted {
		known := false
		if seen, known = parents[c.ParentID]; !known {
			if seen, err = s.parent(c.ParentID); err != nil {
				return err
			}
			parents[c.ParentID] = seen
		}
	}
	return s.put(c, s.advance(c, seen), true)
}

// parent is what a hosted connection sees of the interconnect or LAG that it runs over.
func (s *saving) parent(id string) (directconnect.Seen, error) {
	if directconnect.IsLAGID(id) {
		return s.lagParent(id)
	}
	p, err := s.tx.Connection(id)
	if errors.Is(err, store.ErrNotFound) {
		return directconnect.Seen{Readable: true}, nil
	}
	up := p.State == directconnect.ConnectionAvailable
	return directconnect.Seen{
		Readable:   p.State != directconnect.ConnectionUnknown,
		Configured: up, Carrier: up, Encrypted: up && p.EncryptionUp,
	}, err
}

func (s *saving) lagParent(id string) (directconnect.Seen, error) {
	g, err := s.tx.LAG(id)
	if errors.Is(err, store.ErrNotFound) {
		return directconnect.Seen{Readable: true}, nil
	}
	if err != nil {
		return directconnect.Seen{}, err
	}
	members, err := s.tx.Connections(store.ConnectionQuery{LagID: id, LiveOnly: true})
	if err != nil {
		return directconnect.Seen{}, err
	}
	state := g.State(members)
	up := state == directconnect.LAGAvailable
	// In the clear on one member is in the clear.
	plain := slices.ContainsFunc(members, func(m directconnect.Connection) bool {
		return m.State == directconnect.ConnectionAvailable && !m.EncryptionUp
	})
	return directconnect.Seen{
		Readable: state != directconnect.LAGUnknown, Configured: up, Carrier: up, Encrypted: up && !plain,
	}, nil
}

// wakeHosted makes those hosted connections due that do not follow their parent yet, in the transaction that changed it.
func (s *saving) wakeHosted(parentID string) error {
	seen, err := s.parent(parentID)
	if err != nil {
		return err
	}
	hosted, err := s.tx.Connections(store.ConnectionQuery{ParentID: parentID, LiveOnly: true})
	if err != nil {
		return err
	}
	for _, c := range hosted {
		if c.State == directconnect.ConnectionOrdering || c.State == directconnect.ConnectionDeleting {
			continue
		}
		next := c.Advance(seen, s.pace, "", s.now)
		follows := next.State == c.State && next.EncryptionUp == c.EncryptionUp
		if follows || !c.Due.IsZero() && !c.Due.After(s.now) {
			continue
		}
		c.Due = s.now
		if err := s.tx.PutConnection(&c); err != nil {
			return err
		}
	}
	return nil
}
