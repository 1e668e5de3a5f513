package daemon

import (
	"context"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/sim"
	"onramp/internal/operator"
	"onramp/internal/reconcile"
)

// world is what the simulated routers find at the ends of their links.
func (d *Daemon) world() sim.World {
	options := []reconcile.WorldOption{reconcile.WithClock(d.core.clock.Now)}
	if d.config.NoCustomers {
		options = append(options, reconcile.WithoutCustomers())
	}
	return reconcile.StoreWorld(d.core.store, options...)
}

// meteredDriver counts and times the calls to routers.
type meteredDriver struct {
	fabric.Driver
	metrics *operator.Metrics
	seen    *readings
}

// driver is the fabric, of which is kept what is seen.
func (d *Daemon) driver() meteredDriver { return meteredDriver{d.fabric, d.metrics, &d.readings} }

func (d meteredDriver) Apply(ctx context.Context, router string, in fabric.Intent) error {
	begun := time.Now()
	err := d.Driver.Apply(ctx, router, in)
	d.metrics.RouterCall("apply", err, time.Since(begun))
	return err
}

func (d meteredDriver) Observe(ctx context.Context, router string) (fabric.Observed, error) {
	begun := time.Now()
	seen, err := d.Driver.Observe(ctx, router)
	d.metrics.RouterCall("observe", err, time.Since(begun))
	d.seen.saw(router, seen, err, time.Now())
	return seen, err
}
