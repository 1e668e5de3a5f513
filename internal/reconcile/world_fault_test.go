package reconcile

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
)

// TestStoreFaults: what is wrong with a cable shows, and one that flaps does so as time goes on, although its row stays.
func TestStoreFaults(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	faded, flapping := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router, false)
	b.settle()
	with := func(f directconnect.Fault) func(directconnect.Connection, time.Time) (directconnect.Connection, error) {
		return func(c directconnect.Connection, now time.Time) (directconnect.Connection, error) {
			return c.WithFault(f, now)
		}
	}
	b.do(faded, with(directconnect.Fault{LightDBm: -30, Silent: true}))
	begins := b.now()
	b.do(flapping, with(directconnect.Fault{Flap: &directconnect.Flap{Seconds: 60, Times: 1}}))
	now := begins
	world := StoreWorld(b.store, WithClock(func() time.Time { return now }))
	for _, k := range []struct {
		after  time.Duration
		broken bool
	}{{0, true}, {59 * time.Second, true}, {60 * time.Second, false}, {time.Hour, false}} {
		now = begins.Add(k.after)
		got, err := world.Cables(t.Context(), router)
		want := map[string]sim.Cable{"et-0": {Plugged: true, Dark: true, LightDBm: -30}, "et-1": {Plugged: true, Broken: k.broken}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("after %v: %v (-want +got):\n%s", k.after, err, diff)
		}
	}
}
