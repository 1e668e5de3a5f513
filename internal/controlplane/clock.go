package controlplane

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"onramp/internal/store"
)

// Clock is the time that orders and links live by: the real one, and in a simulated world as far ahead of it as operators
// have turned it. How far is kept in the store, so that it survives a restart and every server on the database agrees.
// Signatures are never checked by it.
type Clock struct {
	store     *store.Store
	real      func() time.Time
	simulated bool
	offset    atomic.Int64 // microseconds
}

// clockSetting is the name of the setting that holds the offset in microseconds.
const clockSetting = "clock-offset-microseconds"

// maxOffset keeps turned times within what clients can read.
const maxOffset = 100 * 365 * 24 * time.Hour

// NewClock reads the offset. Only a simulated clock has one. real is nil for the system's clock.
func NewClock(ctx context.Context, s *store.Store, simulated bool, real func() time.Time) (*Clock, error) {
	if real == nil {
		real = time.Now
	}
	c := &Clock{store: s, real: real, simulated: simulated}
	_, err := c.Sync(ctx)
	return c, err
}

// Now is the time, in UTC and whole microseconds as the store keeps it.
func (c *Clock) Now() time.Time { return c.real().Add(c.Offset()).UTC().Truncate(time.Microsecond) }

// Offset is how far the clock is ahead of the real one.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) * time.Microsecond }

// Simulated reports whether the clock can be turned.
func (c *Clock) Simulated() bool { return c.simulated }

// Advance turns the clock forward. It cannot be turned back: what has happened stays.
func (c *Clock) Advance(ctx context.Context, d time.Duration) error {
	switch {
	case !c.simulated:
		return refuse(Conflict, "The clock can be turned only where the routers are simulated.")
	case d < time.Microsecond:
		return refuse(Invalid, "The clock can only be turned forward.")
	case d > maxOffset:
		return refuse(Invalid, "The clock can be turned by 100 years at most.")
	}
	var offset time.Duration
	err := c.store.Update(ctx, func(tx *store.Tx) error {
		kept, err := readOffset(tx)
		if err != nil {
			return err
		}
		if offset = kept + d.Truncate(time.Microsecond); offset > maxOffset {
			return refuse(Invalid, "The clock can be turned by 100 years at most.")
		}
		return tx.PutSetting(clockSetting, strconv.FormatInt(offset.Microseconds(), 10))
	})
	if err == nil {
		c.raise(offset)
	}
	return err
}

// Sync takes over what other servers have turned, and reports whether that moved the clock. Servers call it every second.
func (c *Clock) Sync(ctx context.Context) (moved bool, err error) {
	if !c.simulated {
		return false, nil
	}
	var offset time.Duration
	err = c.store.View(ctx, func(tx *store.Tx) (err error) {
		offset, err = readOffset(tx)
		return err
	})
	if err != nil {
		return false, err
	}
	return c.raise(offset), nil
}

// raise never lowers: an older reading may arrive after a newer one.
func (c *Clock) raise(offset time.Duration) bool {
	for {
		have := c.offset.Load()
		if offset.Microseconds() <= have {
			return false
		}
		if c.offset.CompareAndSwap(have, offset.Microseconds()) {
			return true
		}
	}
}

func readOffset(tx *store.Tx) (time.Duration, error) {
	text, err := tx.Setting(clockSetting)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	us, err := strconv.ParseInt(text, 10, 64)
	if err != nil || us < 0 || us > maxOffset.Microseconds() {
		return 0, errors.New("controlplane: the stored clock offset is damaged")
	}
	return time.Duration(us) * time.Microsecond, nil
}
