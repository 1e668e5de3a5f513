package controlplane

import (
	"context"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// PortFilter chooses from all ports. What is empty does not restrict.
type PortFilter struct {
	Location, Router, Connection string
	Bandwidth                    directconnect.Bandwidth

	Free, Held, Blocked bool   // only such ones
	After               string // the ID of the last port of the page before
	Limit               int    // at most; required
}

func (f PortFilter) passes(p directconnect.Port) bool {
	switch {
	case f.Bandwidth != "" && p.Bandwidth != f.Bandwidth, f.Held && p.ConnectionID == "", f.Blocked && p.Blocked == nil,
		f.Free && (p.ConnectionID != "" || p.Blocked != nil):
		return false
	}
	return true
}

// Ports lists ports by their IDs.
func (s *Service) Ports(ctx context.Context, f PortFilter) (found []directconnect.Port, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		found = nil
		const page = 1000
		for after := f.After; ; {
			rows, err := tx.Ports(store.PortQuery{
				Router: f.Router, Location: f.Location, ConnectionID: f.Connection, HeldOnly: f.Held, After: after, Limit: page,
			})
			if err != nil {
				return err
			}
			for _, p := range rows {
				if f.passes(p) && len(found) < f.Limit {
					found = append(found, p)
				}
			}
			if len(rows) < page || len(found) == f.Limit {
				return nil
			}
			after = rows[len(rows)-1].ID
		}
	})
	return found, err
}

// OnePort answers a port, and the connection that holds it, if one does.
func (s *Service) OnePort(ctx context.Context, id string) (p directconnect.Port, holder *directconnect.Connection, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		holder = nil
		if p, err = tx.Port(id); err != nil {
			return missing(err, "There is no port %s.", id)
		}
		if p.ConnectionID == "" {
			return nil
		}
		c, err := tx.Connection(p.ConnectionID)
		holder = &c
		return err
	})
	return p, holder, err
}

// BlockPort keeps new orders from a port; who holds it keeps it.
func (s *Service) BlockPort(ctx context.Context, id, reason string) (directconnect.Port, error) {
	hold, err := directconnect.NewHold(reason, s.Now())
	if err != nil {
		return directconnect.Port{}, invalid(err)
	}
	return s.holdPort(ctx, id, hold, directconnect.PortBlocked, reason)
}

// UnblockPort lets orders have it again.
func (s *Service) UnblockPort(ctx context.Context, id string) (directconnect.Port, error) {
	return s.holdPort(ctx, id, nil, directconnect.PortUnblocked, "")
}

func (s *Service) holdPort(ctx context.Context, id string, hold *directconnect.Hold, what directconnect.PortEventKind, note string) (p directconnect.Port, err error) {
	err = s.update(ctx, func(tx *store.Tx) (err error) {
		if p, err = tx.Port(id); err != nil {
			return missing(err, "There is no port %s.", id)
		}
		if (p.Blocked == nil) == (hold == nil) {
			return refuse(Conflict, "Port %s is %s already.", id, what)
		}
		p.Blocked = hold
		if err := tx.PutPort(&p); err != nil {
			return err
		}
		return tx.PutPortEvent(directconnect.PortEvent{
			PortID: id, Time: s.Now(), ID: eventID(), ConnectionID: p.ConnectionID, What: what, By: operatorOf(ctx), Note: note,
		})
	})
	return p, err
}
