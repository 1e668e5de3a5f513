package router

import (
	"context"
	"errors"
	"fmt"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
)

// Driver is the agent as a fabric.Driver for its own router, inside the process that drives it. Other routers do not
// answer. Closing it closes the agent.
func (a *Agent) Driver() fabric.Driver { return local{a} }

type local struct{ agent *Agent }

func (l local) check(ctx context.Context, router string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if router != l.agent.router {
		return fmt.Errorf("router %s: %w: this machine is %s", router, fabric.ErrUnreachable, l.agent.router)
	}
	return nil
}

// overtakings bounds how often an order is made anew because somebody else was faster.
const overtakings = 64

func (l local) Apply(ctx context.Context, router string, in fabric.Intent) error {
	if err := in.Check(); err != nil {
		return fmt.Errorf("router %s: %w", router, err)
	}
	if err := l.check(ctx, router); err != nil {
		return err
	}
	var err error
	for range overtakings {
		have := l.agent.current()
		if have.Sequence > 0 && have.Fingerprint == in.Fingerprint() {
			err = l.agent.Again(ctx, have.Fingerprint)
		} else {
			var o remote.Order
			if o, err = remote.Seal(router, have.Sequence+1, in, l.agent.Folder.public); err == nil {
				err = l.agent.Take(ctx, o)
			}
		}
		if !errors.Is(err, remote.ErrStale) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("router %s: %w", router, err)
	}
	return nil
}

func (l local) Observe(ctx context.Context, router string) (fabric.Observed, error) {
	if err := l.check(ctx, router); err != nil {
		return fabric.Observed{}, err
	}
	return l.agent.Observe(ctx)
}

func (l local) Close() error { return l.agent.Close() }
