package speaker

import (
	"context"
	"time"
)

// notice gathers changes that come close together into one call.
type notice struct {
	given  chan struct{}
	gather time.Duration // for how long
}

func newNotice(gather time.Duration) notice { return notice{make(chan struct{}, 1), gather} }

// give says that something has changed. It never waits.
func (n notice) give() {
	select {
	case n.given <- struct{}{}:
	default:
	}
}

// run calls f for what is given until ctx ends.
func (n notice) run(ctx context.Context, f func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.given:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(n.gather):
		}
		select { // what was given meanwhile is told by this call
		case <-n.given:
		default:
		}
		if f != nil {
			f()
		}
	}
}
