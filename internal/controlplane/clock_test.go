package controlplane

import (
	"errors"
	"testing"
	"time"

	"onramp/internal/store"
)

func TestClockOfSeveralServers(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	begin := time.Date(2026, 3, 2, 9, 0, 0, 1234, time.FixedZone("CET", 3600))
	newClock := func(simulated bool) *Clock {
		t.Helper()
		c, err := NewClock(t.Context(), s.Store, simulated, func() time.Time { return begin })
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	one, other := newClock(true), newClock(true)
	if got, want := one.Now(), time.Date(2026, 3, 2, 8, 0, 0, 1000, time.UTC); got != want {
		t.Errorf("it is %v, want UTC in whole microseconds, %v", got, want)
	}
	if err := one.Advance(t.Context(), 72*time.Hour); err != nil {
		t.Fatal(err)
	}
	if other.Offset() != 0 {
		t.Fatal("the other server follows without looking: the test proves nothing")
	}
	if moved, err := other.Sync(t.Context()); err != nil || !moved || other.Now() != one.Now() {
		t.Errorf("the other server moved: %v (%v), to %v", moved, err, other.Now())
	}
	if moved, err := other.Sync(t.Context()); err != nil || moved {
		t.Errorf("it moved again: %v (%v)", moved, err)
	}
	// Turned on two servers at once, both turns count.
	late := newClock(true)
	for _, c := range []*Clock{one, late} {
		if err := c.Advance(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := newClock(true).Offset(), 74*time.Hour; got != want {
		t.Errorf("after a restart the clock is %v ahead, want %v", got, want)
	}
	if real := newClock(false); real.Offset() != 0 {
		t.Error("a clock of the real world was turned")
	} else if err := real.Advance(t.Context(), time.Hour); reasonOf(t, err) != Conflict {
		t.Errorf("turning the real world: %v", err)
	}
}

func TestADamagedOffsetIsRefused(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	for _, text := range []string{"", "-1", "1h", "99999999999999999999"} {
		if err := s.Store.Update(t.Context(), func(tx *store.Tx) error { return tx.PutSetting(clockSetting, text) }); err != nil {
			t.Fatal(err)
		}
		if _, err := NewClock(t.Context(), s.Store, true, nil); err == nil {
			t.Errorf("an offset of %q is taken", text)
		}
	}
}

// reasonOf is the reason of a Refusal.
func reasonOf(t *testing.T, err error) Reason {
	t.Helper()
	refused, ok := errors.AsType[*Refusal](err)
	if !ok {
		t.Fatalf("%v is no refusal", err)
	}
	return refused.Reason
}
