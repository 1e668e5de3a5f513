package controlplane

import (
	"context"
	"time"

	"onramp/internal/audit"
	"onramp/internal/store"
)

// What events are asked for by, and what is answered.
type (
	EventQuery = store.EventQuery
	KeptEvent  = store.KeptEvent
)

// Events answers what has happened, at most q.Limit.
func (s *Service) Events(ctx context.Context, q EventQuery) (found []KeptEvent, err error) {
	q.Resource = audit.ID(q.Resource)
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		found, err = tx.Events(q)
		return err
	})
	return found, err
}

// LastEvent is the position of the newest event, 0 without any.
func (s *Service) LastEvent(ctx context.Context) (position int64, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		position, err = tx.LastEvent()
		return err
	})
	return position, err
}

// pruneEvents is how many events a transaction removes.
const pruneEvents = 500

// PruneEvents removes events that are older than they are kept, 0 for ever, but for those that a webhook still waits for.
func (s *Service) PruneEvents(ctx context.Context, keep time.Duration) error {
	for keep > 0 {
		n := 0
		err := s.Store.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.PurgeEvents(s.Now().Add(-keep), pruneEvents)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
	return nil
}
