package router

import (
	"context"
	"slices"
	"strings"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
)

// look watches the router: soon after the driver says that something has changed, and at each beat in case it did not.
func (a *Agent) look() {
	beat := time.NewTicker(a.Beat)
	defer beat.Stop()
	var w watch
	a.touch()
	for {
		select {
		case <-a.watch.Done():
			return
		case <-beat.C:
			w.tried = nil // what could not be put right is tried again
		case <-a.touched:
			if !a.settle() {
				return
			}
		}
		// What looks at a router that is just being told something sees something in between.
		if err := a.do(a.watch, func(ctx context.Context) error { w.round(ctx, a); return nil }); err != nil {
			return
		}
	}
}

// settle lets a moment pass in which more may change; false when the agent ends.
func (a *Agent) settle() bool {
	moment := time.NewTimer(settling)
	defer moment.Stop()
	select {
	case <-a.watch.Done():
		return false
	case <-moment.C:
	}
	select { // what came meanwhile is seen now
	case <-a.touched:
	default:
	}
	return true
}

// watch is what a look remembers of the ones before.
type watch struct {
	tried []string // what was found changed and was told again, and would be in vain at once
	said  string   // the last trouble that was logged
	found string   // the last drift that was logged
}

// say logs a trouble once, not at every beat.
func (w *watch) say(a *Agent, err error) {
	if text := err.Error(); text != w.said {
		a.Log.Warn("the router cannot be read, or does not take all that it is told", "error", err)
		w.said = text
	}
}

// round observes, puts right what is not as it should be, and reports. What cannot be put right does not keep it from
// reporting the rest.
func (w *watch) round(ctx context.Context, a *Agent) {
	seen, drift, err := a.drift(ctx)
	if err != nil {
		w.say(a, err)
		return
	}
	if len(drift) > 0 && !slices.Equal(drift, w.tried) {
		w.tried = drift
		if at := strings.Join(drift, ", "); at != w.found {
			w.found = at
			a.Log.Warn("the router differs from its intent and is told again", "at", at)
		}
		if err := a.carryOut(ctx, a.intent); err != nil {
			w.say(a, err)
		}
		found := drift
		if seen, drift, err = a.drift(ctx); err != nil {
			w.say(a, err)
			return
		}
		if !slices.Equal(found, drift) {
			r := a.current()
			r.Repairs, r.Repaired = r.Repairs+1, found
			a.tell(r)
		}
	}
	if len(drift) == 0 {
		w.tried, w.found, w.said = nil, "", ""
	}
	r := a.current()
	r.Digest, r.Drift = remote.Digest(seen), drift
	a.tell(r)
}

// drift observes, and names what is not as the present intent says. Before there is one, or before it was accepted, nothing
// is.
func (a *Agent) drift(ctx context.Context) (fabric.Observed, []string, error) {
	a.mu.Lock()
	in, told := a.intent, a.kept && a.accepted
	a.mu.Unlock()
	o, err := a.driver.Observe(ctx, a.router)
	if err != nil || !told {
		return o, nil, hide(in, err)
	}
	if names := o.Drift(in); len(names) > 0 {
		return o, names, nil
	}
	// A driver that plans sees more than an observation tells: an address, a route, a queue that somebody took away. What it
	// cannot plan for, because a device is missing, is no drift.
	planner, ok := a.driver.(Planner)
	if !ok {
		return o, nil, nil
	}
	steps, _ := planner.Plan(ctx, in)
	return o, steps, nil
}

// plan is what applying an intent would do, a line a step.
func plan(ctx context.Context, d fabric.Driver, router string, in fabric.Intent) ([]string, error) {
	if planner, ok := d.(Planner); ok {
		return planner.Plan(ctx, in)
	}
	o, err := d.Observe(ctx, router)
	if err != nil {
		return nil, err
	}
	var steps []string
	for _, name := range o.Drift(in) {
		steps = append(steps, "configure "+name)
	}
	return steps, nil
}
