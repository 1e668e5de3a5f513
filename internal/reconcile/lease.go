package reconcile

import (
	"context"
	"errors"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// handBack ends the lease of a row that this visit can do nothing for.
func (s *saving) handBack(id string) error {
	c, err := s.tx.Connection(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.wakeLeased(c)
}

// wakeLeased makes a row due that somebody else has saved since it was planned. Unless the due time is still our lease,
// that somebody has said when to look, and it stays.
func (s *saving) wakeLeased(c directconnect.Connection) error {
	if !c.Live() || !c.Due.Equal(s.until) {
		return nil
	}
	c.Due = s.now
	return s.tx.PutConnection(&c)
}

// giveBack ends the leases of a visit that failed. Should this fail too, the leases end by themselves.
func (r *Reconciler) giveBack(ctx context.Context, v *visit) {
	// The visit may have failed because its context ended.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_, err := r.saved(ctx, v.until, func(s *saving) error {
		s.now = s.now.Add(firstRetry)
		for id := range v.connections {
			if err := s.handBack(id); err != nil {
				return err
			}
		}
		for id := range v.lags {
			if err := s.handBackLAG(id); err != nil {
				return err
			}
		}
		for id := range v.interfaces {
			if err := s.handBackInterface(id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.log.Warn("leases could not be given back", "router", v.router, "error", err)
	}
}

func (s *saving) handBackLAG(id string) error {
	g, err := s.tx.LAG(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil || !g.Live() || !g.Due.Equal(s.until) {
		return err
	}
	g.Due = s.now
	return s.tx.PutLAG(&g)
}

// giveBackDesk is giveBack for rows of the desk.
func (r *Reconciler) giveBackDesk(ctx context.Context, rows []directconnect.Connection, until time.Time) {
	v := &visit{until: until, connections: map[string]directconnect.Connection{}}
	for _, c := range rows {
		v.connections[c.ID] = c
	}
	r.giveBack(ctx, v)
}
