package controlplane

import (
	"context"
	"time"

	"onramp/internal/store"
)

// mostStops bounds how often Turn stops on its way: a router that never answers is asked again every second, and nobody
// wants to wait for a year of that.
const mostStops = 2000

// Turn advances the clock the way time passes: it stops at each moment at which something is due and lets it be done, so
// that what follows from it is due when it would be. settle does what is due at the present time.
func (c *Clock) Turn(ctx context.Context, by time.Duration, settle func(context.Context) error) error {
	if by < time.Microsecond {
		return c.Advance(ctx, by) // which refuses it
	}
	left := by
	for range mostStops {
		if err := settle(ctx); err != nil {
			return err
		}
		next, err := c.nextDue(ctx)
		if err != nil {
			return err
		}
		step := next.Sub(c.Now())
		if next.IsZero() || step < time.Microsecond || step >= left {
			break
		}
		if err := c.Advance(ctx, step); err != nil {
			return err
		}
		left -= step
	}
	if err := c.Advance(ctx, left); err != nil {
		return err
	}
	return settle(ctx)
}

func (c *Clock) nextDue(ctx context.Context) (due time.Time, err error) {
	err = c.store.View(ctx, func(tx *store.Tx) error {
		due, err = tx.NextDue()
		return err
	})
	return due, err
}
