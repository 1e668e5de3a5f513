// Package lab builds networks inside a guest (package guest): hosts that are network namespaces, cables between them that
// can be pulled, routing daemons and key agreements as customers run them, and what measures traffic: pings that say how
// long nobody answered, captures on the wire, rates. Everything ends with the test that made it.
//
// Its hosts are for programs; the test process stays in the guest's own namespace. It knows nothing of Onramp.
package lab

import (
	"context"
	"testing"
	"time"
)

// patience is how long Eventually waits for what should have happened long before.
const patience = 2 * time.Minute

// Who waits looks often at first, the more seldom the longer it has waited, and never for more than half of the time, but at
// least once a second: a guest has one processor for what is awaited, too.
const often, seldom, longest = 50 * time.Millisecond, 250 * time.Millisecond, time.Second

// Eventually waits until check answers "", which otherwise says what is missing. After two minutes the test ends with that.
func Eventually(t testing.TB, check func() string) {
	t.Helper()
	Within(t, patience, check)
}

// Within is Eventually with a limit of its own.
func Within(t testing.TB, limit time.Duration, check func() string) {
	t.Helper()
	if missing := Wait(t.Context(), limit, check); missing != "" {
		t.Fatalf("after %v still: %s", limit, missing)
	}
}

// Wait waits until check answers "", and answers what it said last.
func Wait(ctx context.Context, limit time.Duration, check func() string) string {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for first := time.Now(); ; {
		begun := time.Now()
		missing := check()
		if missing == "" {
			return ""
		}
		select {
		case <-ctx.Done():
			return missing
		case <-deadline.C:
			return check() // it may have come while nobody looked
		case <-time.After(max(often, min(time.Since(first)/20, seldom), min(time.Since(begun), longest))):
		}
	}
}
