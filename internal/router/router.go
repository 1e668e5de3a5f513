// Package router is the agent that runs on a router: it takes the router's intent from the control plane, has a local
// fabric.Driver carry it out, keeps it on disk, puts right what others change, and reports what it observes. Without the
// wire, inside the control plane's own process, the same agent answers as a fabric.Driver for this one router.
//
// It configures nothing itself (the driver does, package fabric/linux), and it decides nothing: what the router should be
// is the control plane's to say. While the control plane is away the router stays as it was told last.
package router

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
)

// Opener opens the driver of the router that the process runs on.
type Opener func(Site) (fabric.Driver, error)

// Site is what a driver is told of the machine.
type Site struct {
	Router  string
	Ports   map[string]string // devices by port name; a port that is not in it is its own device
	State   string            // folder that is there and the driver's own
	Changed func()            // to be called when something that Observe answers has changed; does not block
	Log     *slog.Logger
}

// A Planner is a driver that can tell what Apply would do.
type Planner interface {
	// Plan answers the steps, a line each, in order; none: the router is as the intent says. With an error they are those
	// that could be taken all the same.
	Plan(ctx context.Context, in fabric.Intent) ([]string, error)
}

// A Remover is a driver that can take away all that it ever made, whoever remembers it.
type Remover interface {
	Remove(ctx context.Context) error
}

// Config is what an agent works with.
type Config struct {
	Folder *Folder
	Open   Opener
	// Ports are devices by port name; nil: those that the folder remembers.
	Ports map[string]string
	// Accepted says that no operator need see the first plan.
	Accepted bool
	// Noticed hears that something has changed, for use without the wire. It must not block. Nil: nobody hears.
	Noticed func()
	Log     *slog.Logger     // nil: nobody hears
	Beat    time.Duration    // how often to look and to report when nothing seems to change; 0: 10 s
	Now     func() time.Time // nil: time.Now
}

const (
	defaultBeat = 10 * time.Second
	// settling is how long an observation waits for what changes along with the first change.
	settling = 50 * time.Millisecond
	// finishing is how long Close waits for what the driver is being told.
	finishing = 20 * time.Second
)

// Agent is a running agent. It is a remote.Station.
type Agent struct {
	Config
	router string
	driver fabric.Driver
	keys   *identity // nil: not enrolled

	doing   chan struct{} // holds one while the driver is told something
	touched chan struct{} // holds one when there may be something to see

	mu       sync.Mutex
	order    remote.Order
	intent   fabric.Intent
	kept     bool // there is an order
	accepted bool
	report   remote.Report
	news     chan struct{} // closed when report changes
	at       map[string]context.CancelFunc

	life  context.Context // of the driver's calls
	kill  context.CancelFunc
	watch context.Context // of everything else
	stop  context.CancelFunc
	work  sync.WaitGroup
	tasks sync.WaitGroup // calls of the driver

	closing sync.Once
	closed  error
}

var _ remote.Station = (*Agent)(nil)

// Start opens the driver, applies the intent that the folder keeps, and begins to watch and to call the control plane. ctx
// bounds the start only. Close ends it.
func Start(ctx context.Context, c Config) (*Agent, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Beat == 0 {
		c.Beat = defaultBeat
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Noticed == nil {
		c.Noticed = func() {}
	}
	a := &Agent{
		Config: c, router: c.Folder.about.Router, doing: make(chan struct{}, 1), touched: make(chan struct{}, 1),
		news: make(chan struct{}), at: map[string]context.CancelFunc{},
	}
	if err := c.Folder.setPorts(c.Ports); err != nil {
		return nil, err
	}
	if err := a.load(); err != nil {
		return nil, err
	}
	var err error
	if a.driver, err = c.Folder.open(c.Open, a.touch, c.Log); err != nil {
		return nil, err
	}
	a.life, a.kill = context.WithCancel(context.Background())
	a.watch, a.stop = context.WithCancel(context.Background())
	a.resume(ctx)
	a.work.Go(a.look)
	a.call()
	return a, nil
}

// load reads what the folder keeps.
func (a *Agent) load() (err error) {
	if a.keys, err = a.Folder.identity(); err != nil {
		return err
	}
	if a.accepted = a.Folder.accepted(); a.Accepted && !a.accepted {
		if err := a.Folder.accept(); err != nil {
			return err
		}
		a.accepted = true
	}
	order, err := a.Folder.order()
	if err != nil {
		a.Log.Error("the last intent cannot be read; the control plane will be asked", "error", err)
		return nil
	}
	if order == nil {
		return nil
	}
	in, err := order.Open(a.router, a.Folder.sealing)
	if err != nil {
		a.Log.Error("the last intent cannot be opened; the control plane will be asked", "error", err)
		return nil
	}
	a.set(*order, in)
	return nil
}

// resume applies the intent that was kept, before the control plane is reached. What fails now is tried again at each look.
func (a *Agent) resume(ctx context.Context) {
	if !a.kept {
		return
	}
	if err := a.do(ctx, func(ctx context.Context) error { return a.carryOut(ctx, a.intent) }); err != nil {
		a.Log.Warn("the last intent could not be applied", "error", err)
	} else {
		a.Log.Info("the last intent is applied", "sequence", a.report.Sequence)
	}
}

// set makes an order the present one.
func (a *Agent) set(o remote.Order, in fabric.Intent) {
	a.mu.Lock()
	a.order, a.intent, a.kept = o, in, true
	r := a.report
	a.mu.Unlock()
	r.Sequence, r.Fingerprint = o.Sequence(), o.Fingerprint()
	a.tell(r)
}

// tell makes a report the present one, and wakes those who wait for another.
func (a *Agent) tell(r remote.Report) {
	a.mu.Lock()
	if r.Equal(a.report) {
		a.mu.Unlock()
		return
	}
	a.report = r
	close(a.news)
	a.news = make(chan struct{})
	a.mu.Unlock()
	a.Noticed()
}

// touch has the router looked at soon.
func (a *Agent) touch() {
	select {
	case a.touched <- struct{}{}:
	default:
	}
}

// do has f tell the driver something, one after another. When ctx ends first, f goes on by itself: half an intent is worse
// than one too many.
func (a *Agent) do(ctx context.Context, f func(ctx context.Context) error) error {
	select {
	case a.doing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	case <-a.watch.Done():
		return errEnding
	}
	done := make(chan error, 1)
	a.tasks.Go(func() {
		defer func() { <-a.doing }()
		done <- f(a.life)
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// errEnding is the answer of an agent that ends; whoever asked comes again.
var errEnding = fmt.Errorf("%w: its agent ends", fabric.ErrUnreachable)

// Close ends the agent. The router goes on as it is. Later calls answer what the first did.
func (a *Agent) Close() error {
	a.closing.Do(func() {
		a.stop()
		a.work.Wait()
		late := time.AfterFunc(finishing, a.kill)
		a.doing <- struct{}{} // never given back: nothing begins any more
		a.tasks.Wait()
		late.Stop()
		a.kill()
		a.closed = a.driver.Close()
	})
	return a.closed
}
