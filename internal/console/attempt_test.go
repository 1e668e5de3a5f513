package console

import (
	"strconv"
	"testing"
	"time"
)

func TestAttempts(t *testing.T) {
	t.Parallel()
	a, now := newAttempts(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i := range freeAttempts {
		if wait := a.begin("bob", "192.0.2.1", now); wait != 0 {
			t.Fatalf("attempt %d waits %v", i, wait)
		}
	}
	if wait := a.begin("bob", "192.0.2.2", now); wait != attemptEvery {
		t.Errorf("one more, from elsewhere, waits %v", wait)
	}
	if wait := a.begin("carol", "192.0.2.1", now); wait != 0 {
		t.Errorf("another user waits %v", wait)
	}
	if wait := a.begin("bob", "192.0.2.1", now.Add(attemptEvery)); wait != 0 {
		t.Errorf("later it waits %v", wait)
	}
	if wait := a.begin("bob", "192.0.2.1", now.Add(attemptEvery)); wait == 0 {
		t.Error("then it does not wait")
	}
	a.succeeded("bob", "192.0.2.1")
	if wait := a.begin("bob", "192.0.2.1", now.Add(attemptEvery)); wait != 0 {
		t.Errorf("after a success it waits %v", wait)
	}
}

func TestAttemptsFromOneAddress(t *testing.T) {
	t.Parallel()
	a, now := newAttempts(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i := range freeFromAddress {
		if wait := a.begin("user "+strconv.Itoa(i), "192.0.2.1", now); wait != 0 {
			t.Fatalf("attempt %d waits %v", i, wait)
		}
	}
	if wait := a.begin("somebody", "192.0.2.1", now); wait == 0 {
		t.Error("one address tries as many users as it likes")
	}
	a.succeeded("user 1", "192.0.2.1")
	if wait := a.begin("somebody", "192.0.2.1", now); wait != 0 {
		t.Errorf("after one that was right it waits %v", wait)
	}
	if wait := a.begin("somebody", "192.0.2.1", now); wait == 0 {
		t.Error("one that was right makes up for all that were wrong")
	}
	for i := range 2 * maxRemembered {
		a.begin("user "+strconv.Itoa(i), strconv.Itoa(i), now)
	}
	if len(a.used) > maxRemembered+2 {
		t.Errorf("%d are remembered", len(a.used))
	}
}
