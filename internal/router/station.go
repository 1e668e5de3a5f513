package router

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
)

// Take carries out an order of the control plane. It is on disk before the driver hears of it: whatever ends the agent
// then, the next one goes on with this order and not with the one before.
func (a *Agent) Take(ctx context.Context, o remote.Order) error {
	return a.do(ctx, func(ctx context.Context) error {
		if have := a.current(); o.Sequence() <= have.Sequence {
			return fmt.Errorf("%w: order %d, this is order %d", remote.ErrStale, have.Sequence, o.Sequence())
		}
		in, err := o.Open(a.router, a.Folder.sealing)
		if err != nil {
			return err
		}
		if err := a.Folder.keep(o); err != nil {
			return hide(in, err)
		}
		a.mu.Lock()
		before, beforeIntent, had := a.order, a.intent, a.kept
		a.mu.Unlock()
		a.set(o, in)
		if err = a.carryOut(ctx, in); errors.Is(err, fabric.ErrInvalid) {
			// The driver has changed nothing, so what it was told before is still what the router is.
			err = errors.Join(err, a.goBack(before, beforeIntent, had))
		}
		return err
	})
}

// goBack makes an earlier order the present one again.
func (a *Agent) goBack(o remote.Order, in fabric.Intent, had bool) error {
	if had {
		a.set(o, in)
		return a.Folder.keep(o)
	}
	a.mu.Lock()
	a.order, a.intent, a.kept = remote.Order{}, fabric.Intent{}, false
	r := a.report
	a.mu.Unlock()
	r.Sequence, r.Fingerprint = 0, fabric.Fingerprint{}
	a.tell(r)
	return a.Folder.forget()
}

// Again carries out the present order once more.
func (a *Agent) Again(ctx context.Context, f fabric.Fingerprint) error {
	return a.do(ctx, func(ctx context.Context) error {
		a.mu.Lock()
		in, has := a.intent, a.kept && a.report.Fingerprint == f
		a.mu.Unlock()
		if !has {
			return fmt.Errorf("%w than is said", remote.ErrStale)
		}
		return a.carryOut(ctx, in)
	})
}

// Observe reads the router.
func (a *Agent) Observe(ctx context.Context) (fabric.Observed, error) {
	o, err := a.driver.Observe(ctx, a.router)
	if err != nil {
		a.mu.Lock()
		in := a.intent
		a.mu.Unlock()
		return fabric.Observed{}, hide(in, err)
	}
	return o, nil
}

// Report answers what is, and a channel that is closed when it is otherwise.
func (a *Agent) Report() (remote.Report, <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.report, a.news
}

func (a *Agent) current() remote.Report {
	r, _ := a.Report()
	return r
}

// carryOut hands an intent to the driver, unless the operator must see first what that would do.
func (a *Agent) carryOut(ctx context.Context, in fabric.Intent) error {
	a.mu.Lock()
	accepted := a.accepted
	a.mu.Unlock()
	if !accepted {
		steps, err := plan(ctx, a.driver, a.router, in)
		if a.wait(len(steps) > 0); len(steps) > 0 {
			return remote.ErrWaiting
		}
		if err != nil && !errors.Is(err, fabric.ErrIncomplete) {
			return hide(in, err)
		}
	}
	err := a.driver.Apply(ctx, a.router, in)
	a.touch()
	return hide(in, err)
}

// wait says whether the operator is waited for.
func (a *Agent) wait(yes bool) {
	r := a.current()
	if yes && !r.Waiting {
		a.Log.Warn("nothing is done before you have seen the first plan: run onramp router plan, then onramp router plan --accept")
	}
	r.Waiting = yes
	a.tell(r)
}

// hidden is an error whose text had a key in it.
type hidden struct {
	error
	text string
}

func (h hidden) Error() string { return h.text }
func (h hidden) Unwrap() error { return nil }
func (h hidden) Is(target error) bool {
	return errors.Is(h.error, target)
}

// hide takes the keys of an intent out of an error's text, should a program that the driver calls have put one there.
func hide(in fabric.Intent, err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, p := range in.Ports {
		if p.MACsec == nil {
			continue
		}
		for _, k := range p.MACsec.Keys {
			text = strings.ReplaceAll(text, k.CAK.Reveal(), k.CAK.String())
		}
	}
	for _, f := range in.Interfaces {
		for _, n := range f.Neighbors {
			text = strings.ReplaceAll(text, n.Key.Reveal(), n.Key.String())
		}
	}
	if text == err.Error() {
		return err
	}
	return hidden{err, text}
}
