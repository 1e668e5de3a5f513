// Package reconcile makes happen what was ordered: it takes the rows that are due, tells their routers what to be, looks
// at what they are, lets each noun advance, and saves it with the time to look again. There is one code path, for first
// tries, repetitions, restarts and crashes alike: a row and a router are brought from whatever they are to what they
// should be.
//
// The order in a pass is: plan and apply, observe, advance, save. A port must be switched on before its link can be seen
// and gone from the router before it can be released, and both follow from the row as it is saved: so a pass makes the
// router follow the rows, then the rows follow the router, and every step of a life takes one pass. A crash between any
// two of these leaves rows that are due again when their lease ends, and nothing that the next pass does not repeat.
//
// It decides no transition (directconnect does), holds no desired state of its own (the store does) and speaks to no
// router but through a fabric.Driver.
package reconcile

import (
	"log/slog"
	"runtime"
	"sync"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

// Config is what a Reconciler works with.
type Config struct {
	Store  *store.Store
	Driver fabric.Driver
	Pace   func() directconnect.Pace
	Now    func() time.Time
	// Open unseals a stored key; its context is "macsec/" and the secret's ARN, or "bgp/" and the virtual interface's ID.
	Open func(sealed, context string) ([]byte, error)
	// NewCode makes the verification code of a LOA-CFA.
	NewCode func() string
	Log     *slog.Logger // nil: nobody hears
	Server  string       // this process's name in the log

	// Keep is how long ended connections and LAGs stay listed. 0: a day. Negative: for ever.
	Keep time.Duration
	// Changed is called after a pass that changed something; nil: nobody is told.
	Changed func()
	// Simulated says that the routers are simulated that the inventory does not call real: nobody plugs cables there but the
	// reconciler, at the pace's time. On a real router a step of the pace that plugs does not happen, and links are looked at
	// every Look, should a change of theirs not have been announced by Noticed.
	Simulated bool
	// Look is how long a link of a real router goes unobserved. 0: ten seconds.
	Look time.Duration
	// Poll is the longest that Run sleeps: how late it finds work that another server has left. 0: a second on PostgreSQL,
	// which servers may share, and a minute on SQLite.
	Poll time.Duration
	// NoAudit keeps changes of state out of the audit trail.
	NoAudit bool
}

// What a pass may cost, and how long others wait for it.
const (
	batch      = 256              // connections, and LAGs, claimed at a time
	chunk      = 64               // rows that need no router, saved in one transaction
	parallel   = 4                // routers visited at a time
	lease      = 30 * time.Second // for which claimed rows are no other server's business
	patience   = 10 * time.Second // for one call of the driver
	purgeBatch = 500              // ended rows removed at a time
	purgeEvery = time.Minute
)

// Reconciler is the loop of one server. Several servers share a database: each row is claimed by one of them at a time,
// and saved only if nobody has changed it since it was read.
type Reconciler struct {
	store     *store.Store
	driver    fabric.Driver
	pace      func() directconnect.Pace
	clock     func() time.Time
	open      func(sealed, context string) ([]byte, error)
	newCode   func() string
	log       *slog.Logger
	changed   func()
	keep      time.Duration
	look      time.Duration
	poll      time.Duration
	simulated bool
	noAudit   bool

	woken chan struct{}

	noticed noticed

	pass      sync.Mutex // one at a time
	nextPurge time.Time  // guarded by pass

	routers memory
	rows    shelf
	loads   chan struct{} // holds as many as may load a router at a time
}

// New is a Reconciler that has not looked at anything yet.
func New(c Config) *Reconciler {
	r := &Reconciler{
		store: c.Store, driver: c.Driver, pace: c.Pace, clock: c.Now, open: c.Open, newCode: c.NewCode,
		log: c.Log, changed: c.Changed, keep: c.Keep, look: c.Look, poll: c.Poll, simulated: c.Simulated, noAudit: c.NoAudit,
		woken: make(chan struct{}, 1),
	}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	r.log = r.log.With("server", c.Server)
	if r.changed == nil {
		r.changed = func() {}
	}
	if r.keep == 0 {
		r.keep = 24 * time.Hour
	}
	if r.look == 0 {
		r.look = 10 * time.Second
	}
	if r.poll == 0 {
		r.poll = time.Minute
		if r.store.Engine() == "postgres" {
			r.poll = time.Second
		}
	}
	// With SQLite loading is work of this process, and leaves half of the processors to whoever calls.
	loads := parallel
	if r.store.Engine() == "sqlite" {
		loads = max(1, min(parallel, runtime.GOMAXPROCS(0)/2))
	}
	r.loads = make(chan struct{}, loads)
	return r
}

// now is the time as the store keeps it.
func (r *Reconciler) now() time.Time { return r.clock().UTC().Truncate(time.Microsecond) }

// steps is the pace that a router can keep.
func (r *Reconciler) steps(real bool) directconnect.Pace {
	pace := r.pace()
	if real {
		pace.Plug = directconnect.Never
	}
	return pace
}

// Report is what a pass did.
type Report struct {
	Due      int // rows claimed
	Moved    int // rows that changed state; connections too that were plugged in, and LAGs a key of which changed state
	Applied  int // intents applied
	Failed   int // routers that did not do as told or did not answer
	Released int // ports freed
	Routes   int // routes of interfaces that came, went or changed
	Purged   int // ended rows removed
}

func (a *Report) add(b Report) {
	a.Due += b.Due
	a.Moved += b.Moved
	a.Applied += b.Applied
	a.Failed += b.Failed
	a.Released += b.Released
	a.Routes += b.Routes
	a.Purged += b.Purged
}
