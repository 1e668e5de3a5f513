package router

import (
	"context"
	"fmt"

	"onramp/internal/fabric"
)

// pair is a driver of routers that have one each.
type pair map[string]fabric.Driver

func (p pair) of(router string) (fabric.Driver, error) {
	if d := p[router]; d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("router %s: %w", router, fabric.ErrUnreachable)
}

func (p pair) Apply(ctx context.Context, router string, in fabric.Intent) error {
	d, err := p.of(router)
	if err != nil {
		return err
	}
	return d.Apply(ctx, router, in)
}

func (p pair) Observe(ctx context.Context, router string) (fabric.Observed, error) {
	d, err := p.of(router)
	if err != nil {
		return fabric.Observed{}, err
	}
	return d.Observe(ctx, router)
}

func (p pair) Close() error { return nil }
