package main

import (
	"context"
	"fmt"
	"time"

	"onramp/internal/controlplane"
	dc "onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
	"onramp/internal/reconcile"
	"onramp/internal/store"
)

// reconcilerPass: a pass costs with what is due. It times passes over one connection whose cable was cut or mended, in
// this process, by turns on two stores.
func reconcilerPass(ctx context.Context, b *bench) error {
	var sites [2]*site
	for i, s := range []stock{few(), b.many()} {
		data := fmt.Sprintf("%s/pass-%d", b.folder, s.connections)
		if err := b.provide(ctx, s, data); err != nil {
			return err
		}
		var err error
		if sites[i], err = openSite(ctx, "sqlite://"+data+"/"+databaseFile); err != nil {
			return err
		}
		defer sites[i].store.Close()
	}
	const passes = 50
	var times [2][]time.Duration
	var ratios []float64
	for range b.rounds {
		var total [2]time.Duration
		for range passes {
			for i, s := range sites {
				took, err := s.pass(ctx)
				if err != nil {
					return err
				}
				total[i] += took
			}
		}
		for i := range sites {
			times[i] = append(times[i], total[i]/passes)
		}
		ratios = append(ratios, total[0].Seconds()/total[1].Seconds())
	}
	b.add(row{
		what: fmt.Sprintf("reconciler pass, one due of %d stored", b.most), value: median(times[1]).Round(time.Microsecond).String(),
		beside: fmt.Sprintf("%d stored: %v", fewStored, median(times[0]).Round(time.Microsecond)), ratio: median(ratios), target: 0.85,
	})
	return nil
}

// site is a store and its reconciler.
type site struct {
	store *store.Store
	r     *reconcile.Reconciler
	cut   bool
}

func openSite(ctx context.Context, url string) (*site, error) {
	st, err := store.Open(ctx, store.Options{URL: url})
	if err != nil {
		return nil, err
	}
	return &site{store: st, r: reconcile.New(reconcile.Config{
		Store: st, Driver: sim.New(reconcile.StoreWorld(st)), Pace: func() dc.Pace { return dc.Manual }, Now: time.Now,
		NewCode: controlplane.NewLOACode, Simulated: true, Server: "bench",
	})}, nil
}

// pass cuts or mends a cable and times the pass that follows it.
func (s *site) pass(ctx context.Context) (time.Duration, error) {
	id := connectionID(0)
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Connection(id)
		if err != nil {
			return err
		}
		if s.cut {
			c, err = c.RestoreCable(time.Now())
		} else {
			c, err = c.CutCable(time.Now())
		}
		if err != nil {
			return err
		}
		return tx.PutConnection(&c)
	})
	if err != nil {
		return 0, err
	}
	s.cut = !s.cut
	begun := time.Now()
	rep, err := s.r.Pass(ctx)
	took := time.Since(begun)
	if err == nil && (rep.Due != 1 || rep.Moved != 1) {
		err = fmt.Errorf("a pass did %+v, want one connection due and moved", rep)
	}
	return took, err
}
