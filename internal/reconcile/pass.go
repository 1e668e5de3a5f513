package reconcile

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Pass looks once at what is due now, a bounded number of rows, and returns when all of it is saved. Routers that fail
// are in the Report and tried again later; an error is the store's, and what it concerns is due again.
func (r *Reconciler) Pass(ctx context.Context) (Report, error) {
	r.pass.Lock()
	defer r.pass.Unlock()
	c, err := r.claim(ctx)
	if err != nil {
		return Report{}, err
	}
	visits, desk := c.sort()
	for _, router := range r.noticed.take() {
		if visits[router] == nil {
			visits[router] = newVisit(router, c.until)
		}
		visits[router].noticed = true
		r.routers.recovered(router) // it has something to say: it need not rest
	}
	var (
		mu    sync.Mutex
		total = Report{Due: c.rows()}
		errs  []error
		g     errgroup.Group
	)
	total.add(c.resiliency)
	g.SetLimit(parallel)
	for _, v := range visits {
		g.Go(func() error {
			rep, err := r.visit(ctx, v)
			mu.Lock()
			defer mu.Unlock()
			total.add(rep)
			errs = append(errs, err)
			return nil // one router's trouble does not end the others' visits
		})
	}
	_ = g.Wait()
	rep, err := r.settleDesk(ctx, desk, c.until)
	total.add(rep)
	errs = append(errs, err)
	rep, err = r.settleGateways(ctx, c)
	total.add(rep)
	errs = append(errs, err)
	purged, err := r.purge(ctx)
	total.Purged += purged
	errs = append(errs, err)
	if total.Moved+total.Released+total.Purged > 0 {
		r.changed()
	}
	return total, errors.Join(errs...)
}

// claimed are rows that no other server looks at until the lease ends.
type claimed struct {
	connections  []directconnect.Connection
	lags         []directconnect.LAG
	interfaces   []directconnect.VirtualInterface
	gateways     []directconnect.Gateway
	associations []directconnect.Association
	proposals    []directconnect.Proposal
	resiliency   Report // of the rows that were settled on the spot
	until        time.Time
}

func (c claimed) rows() int {
	return len(c.connections) + len(c.lags) + len(c.interfaces) + len(c.gateways) + len(c.associations) + len(c.proposals)
}

func (r *Reconciler) claim(ctx context.Context) (claimed, error) {
	// Looking first saves the writer a transaction when there is nothing to do, which is most of the time.
	if due, err := r.nextDue(ctx); err != nil || due.IsZero() || due.After(r.now()) {
		return claimed{}, err
	}
	var c claimed
	err := r.store.Update(ctx, func(tx *store.Tx) error {
		now := r.now()
		c = claimed{until: now.Add(lease)}
		var err error
		if c.connections, err = tx.ClaimDueConnections(now, c.until, batch); err != nil {
			return err
		}
		if c.lags, err = tx.ClaimDueLAGs(now, c.until, batch); err != nil {
			return err
		}
		if c.interfaces, err = tx.ClaimDueInterfaces(now, c.until, batch); err != nil {
			return err
		}
		if err = c.claimGateways(tx, now); err != nil {
			return err
		}
		if c.resiliency, err = r.settleResiliency(tx, now, c.until); err != nil {
			return err
		}
		reminded, err := r.remind(tx, now, c.until)
		c.resiliency.add(reminded)
		return err
	})
	if err != nil {
		return claimed{}, fmt.Errorf("claiming due rows: %w", err)
	}
	return c, nil
}

func (r *Reconciler) nextDue(ctx context.Context) (time.Time, error) {
	var due time.Time
	err := r.store.View(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.NextDue()
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("asking what is due: %w", err)
	}
	return due, nil
}

// sort divides the rows into those for which a router must be visited, by router, and those that can be settled at the
// desk: hosted connections follow their parent's row, and of an order that is not approved no router has anything.
func (c claimed) sort() (visits map[string]*visit, desk []directconnect.Connection) {
	visits = map[string]*visit{}
	to := func(router string) *visit {
		v := visits[router]
		if v == nil {
			v = newVisit(router, c.until)
			visits[router] = v
		}
		return v
	}
	for _, row := range c.connections {
		if row.Kind == directconnect.Hosted || row.State == directconnect.ConnectionRequested {
			desk = append(desk, row)
		} else {
			to(row.Router).connections[row.ID] = row
		}
	}
	for _, row := range c.lags {
		to(row.Router).lags[row.ID] = row
	}
	for _, row := range c.interfaces {
		to(row.Router).interfaces[row.ID] = row
	}
	return visits, desk
}

// purge removes what ended longer ago than its kind is kept, some at a time, and not at every pass.
func (r *Reconciler) purge(ctx context.Context) (int, error) {
	now := r.now()
	if now.Before(r.nextPurge) {
		return 0, nil
	}
	purged := 0
	err := r.store.Update(ctx, func(tx *store.Tx) (err error) {
		if r.keep >= 0 {
			if purged, err = tx.PurgeDeleted(now.Add(-r.keep), purgeBatch); err != nil {
				return err
			}
		}
		n, err := tx.PurgeDeletedInterfaces(now.Add(-keepInterfaces), purgeBatch)
		purged += n
		if err == nil {
			n, err = tx.PurgeFailoverTests(now.Add(-directconnect.TestHistory), purgeBatch)
			purged += n
		}
		if err == nil {
			n, err = tx.PurgeClientTokens(now.Add(-directconnect.ClientTokenLife), purgeBatch)
			purged += n
		}
		if err == nil {
			n, err = tx.PurgeMaintenances(now.Add(-directconnect.MaintenanceHistory), purgeBatch)
			purged += n
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("removing ended rows: %w", err)
	}
	if purged < purgeBatch {
		r.nextPurge = now.Add(purgeEvery)
	}
	return purged, nil
}
