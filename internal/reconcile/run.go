package reconcile

import (
	"context"
	"errors"
	"time"
)

// Wake has Run look at what is due without waiting for its time. It carries no information, never blocks, and many calls
// may count as one.
func (r *Reconciler) Wake() {
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

// How long Run holds still when a pass was of no use: because the store failed, or because rows are due that somebody
// else is dealing with. Doubled each time.
const (
	firstPause = 10 * time.Millisecond
	lastPause  = 5 * time.Second
)

// Run passes until ctx ends, then finishes the pass that it is in and answers nil. Between passes it sleeps until
// something is due, somebody calls Wake, or the poll interval is over.
func (r *Reconciler) Run(ctx context.Context) error {
	pause := firstPause
	var pace pacer
	for ctx.Err() == nil {
		begun := time.Now()
		rep, err := r.Pass(context.WithoutCancel(ctx))
		ended := time.Now()
		sleep, woken := time.Duration(0), r.woken
		if err == nil {
			sleep, err = r.untilDue(context.WithoutCancel(ctx))
		}
		hold := pace.passed(begun, ended, max(0, -sleep))
		switch {
		case err != nil:
			r.log.Error("a reconciler pass failed", "error", err, "pause", pause)
			sleep, woken = pause, nil // requests that keep coming do not make a failing store try harder
		case sleep <= 0 && !rep.useful():
			sleep = pause
		default:
			pause = firstPause
			if hold > 0 {
				sleep, woken = hold, nil
			}
			if sleep > 0 {
				r.sleep(ctx, sleep, woken)
			}
			continue
		}
		r.sleep(ctx, sleep, woken)
		pause = min(2*pause, lastPause)
	}
	return nil
}

// useful reports whether another pass at once may find other work than this one did.
func (a Report) useful() bool {
	return a.Moved+a.Applied+a.Released+a.Routes+a.Purged > 0 || a.Due >= batch
}

// untilDue is how long nothing is due, and the poll interval at most.
func (r *Reconciler) untilDue(ctx context.Context) (time.Duration, error) {
	due, err := r.nextDue(ctx)
	if err != nil || due.IsZero() {
		return r.poll, err
	}
	return min(r.poll, due.Sub(r.now())), nil
}

func (r *Reconciler) sleep(ctx context.Context, d time.Duration, woken <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-woken:
	case <-timer.C:
	}
}

// settlePasses bounds Settle by passes that move nothing.
const settlePasses = 1000

// errUnsettled would be a fault of ours: rows that stay due and never move.
var errUnsettled = errors.New("reconcile: rows stay due without moving")

// Settle passes until nothing is due at the present time, for tests and after the clock was turned. What a failing
// router or another server's lease puts off is not waited for.
func (r *Reconciler) Settle(ctx context.Context) error {
	for idle := 0; idle < settlePasses; idle++ {
		rep, err := r.Pass(ctx)
		if err != nil {
			return err
		}
		due, err := r.nextDue(ctx)
		if err != nil {
			return err
		}
		if due.IsZero() || due.After(r.now()) {
			return nil
		}
		if rep.useful() {
			idle = 0
		}
	}
	return errUnsettled
}
