package reconcile

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
)

// visit is one router and the claimed rows that concern it, by ID.
type visit struct {
	router      string
	connections map[string]directconnect.Connection
	lags        map[string]directconnect.LAG
	interfaces  map[string]directconnect.VirtualInterface
	until       time.Time // the lease's end
	noticed     bool      // something has changed on the router: look at all that is there
}

func newVisit(router string, until time.Time) *visit {
	return &visit{
		router: router, until: until, connections: map[string]directconnect.Connection{},
		lags: map[string]directconnect.LAG{}, interfaces: map[string]directconnect.VirtualInterface{},
	}
}

// scene is a router as it should be and as it is.
type scene struct {
	snapshot
	intent   fabric.Intent    // the snapshot's plan; none of a router that rests
	observed *fabric.Observed // nil: it could not be read, or did not take its configuration
	retry    time.Time        // when to come again; zero: no need to
	applied  int
	left     map[string]time.Time // routers that claimed rows have left: when to tell them again; zero: they know
	tables   map[string]tables    // by interface ID; none of a router that could not be read
}

// visit brings the router to its rows, then the rows to the router.
func (r *Reconciler) visit(ctx context.Context, v *visit) (Report, error) {
	var rep Report
	s, err := r.reach(ctx, v.router)
	if err == nil {
		err = r.tellLeft(ctx, v, &s)
	}
	if err == nil {
		s.tabulate()
		rep, err = r.save(ctx, v, s)
	}
	if err != nil {
		r.giveBack(ctx, v)
		return Report{Applied: s.applied}, err
	}
	rep.Applied = s.applied
	if s.observed == nil {
		rep.Failed = 1
	}
	return rep, nil
}

// reach applies the router's plan if need be and observes it. The error is the store's; the router's own trouble is in
// the scene.
func (r *Reconciler) reach(ctx context.Context, router string) (scene, error) {
	if rest := r.routers.resting(router, r.now()); !rest.IsZero() {
		rows, err := r.load(ctx, router)
		return scene{snapshot: rows, retry: rest}, err
	}
	s, trouble, err := r.tell(ctx, router)
	if err != nil {
		return s, err
	}
	if trouble == nil {
		trouble = r.observe(ctx, router, &s)
	}
	if trouble == nil {
		r.routers.recovered(router)
		return s, nil
	}
	s.observed = nil
	s.retry = r.routers.failed(router, r.now())
	r.log.Warn("a router does not do as told", "router", router, "error", trouble, "retry", s.retry)
	return s, nil
}

// tellLeft brings those routers to their rows that the visit's connections and interfaces have moved away from: nobody else
// may be due there, and the old port must not stay switched on.
func (r *Reconciler) tellLeft(ctx context.Context, v *visit, s *scene) error {
	s.left = map[string]time.Time{}
	var left []string
	for _, c := range v.connections {
		left = append(left, c.Left...)
	}
	for _, f := range v.interfaces {
		left = append(left, f.Left...)
	}
	for _, router := range left {
		if _, told := s.left[router]; told {
			continue
		}
		other, err := r.reach(ctx, router)
		if err != nil {
			return err
		}
		s.left[router] = other.retry
		s.applied += other.applied
	}
	return nil
}

// replans bounds how often a plan is made again because the rows have moved on while it was applied.
const replans = 8

// tell applies the plan unless the router was told the same last. After applying it plans again: whoever applies last,
// among several servers, has then compared what it applied with the rows, and an older plan that was late is put right.
func (r *Reconciler) tell(ctx context.Context, router string) (s scene, trouble, err error) {
	for range replans {
		if s.snapshot, err = r.load(ctx, router); err != nil {
			return s, nil, err
		}
		s.intent = s.plan(router)
		mark := s.intent.Fingerprint()
		if r.routers.knows(router, mark) && !r.routers.owed(router, r.now()) {
			return s, nil, nil
		}
		if trouble = r.apply(ctx, router, &s, mark); trouble != nil {
			return s, trouble, nil
		}
	}
	r.routers.forget(router) // the last plan was not compared
	return s, nil, nil
}

// apply tells the router the scene's intent.
func (r *Reconciler) apply(ctx context.Context, router string, s *scene, mark fabric.Fingerprint) error {
	// Until it has answered nobody knows what the router has.
	r.routers.forget(router)
	err := r.call(ctx, func(ctx context.Context) error { return r.driver.Apply(ctx, router, s.intent) })
	says := ""
	if errors.Is(err, fabric.ErrIncomplete) { // it shows as drift, and the rest must not wait for it
		says, err = err.Error(), nil
	}
	if err != nil {
		return err
	}
	if r.routers.lacks(router, says, r.now()) {
		r.log.Warn("a router cannot have all of its plan", "router", router, "error", says)
	}
	r.routers.remember(router, mark)
	s.applied++
	return nil
}

// observe looks at the router, and tells it once more if somebody has changed it behind our back.
func (r *Reconciler) observe(ctx context.Context, router string, s *scene) error {
	for again := false; ; again = true {
		var o fabric.Observed
		err := r.call(ctx, func(ctx context.Context) (err error) {
			o, err = r.driver.Observe(ctx, router)
			return err
		})
		if err != nil {
			return err
		}
		drift := o.Drift(s.intent)
		if len(drift) == 0 || again || r.routers.expected(router, drift) {
			s.retry = r.routers.again(router, drift, r.now())
			s.observed = &o
			return nil
		}
		r.log.Info("a router differs from its plan", "router", router, "at", strings.Join(drift, " "))
		if err := r.apply(ctx, router, s, s.intent.Fingerprint()); err != nil {
			return err
		}
	}
}

// call runs a driver's call within a bounded time, and takes a panic of the driver as its failure.
func (r *Reconciler) call(ctx context.Context, f func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the driver panicked: %v\n%s", v, debug.Stack())
		}
	}()
	return f(ctx)
}
