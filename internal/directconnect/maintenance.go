package directconnect

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// MaintenancePrefix begins the identifier of planned work.
const MaintenancePrefix = "mnt-"

// IsMaintenanceID reports whether id has the shape of planned work's.
func IsMaintenanceID(id string) bool { return isShortID(id, MaintenancePrefix) }

// Impact is what planned work does to what it hits, in the words of the network operators' maintenance notification
// standard (X-MAINTNOTE-IMPACT), in lower case.
type Impact string

const (
	NoImpact          Impact = "no-impact"
	ReducedRedundancy Impact = "reduced-redundancy" // it goes on working, with less to fall back on
	Degraded          Impact = "degraded"           // it may be slow or interrupted
	Outage            Impact = "outage"             // it is down
)

// Impacts lists them, the least first.
var Impacts = []Impact{NoImpact, ReducedRedundancy, Degraded, Outage}

// WorkKind sorts what is worked on.
type WorkKind string

const (
	WorkOnLocation   WorkKind = "location"
	WorkOnRouter     WorkKind = "router"
	WorkOnPort       WorkKind = "port"
	WorkOnConnection WorkKind = "connection" // dedicated, an interconnect or hosted
)

// WorkKinds lists them, the largest first.
var WorkKinds = []WorkKind{WorkOnLocation, WorkOnRouter, WorkOnPort, WorkOnConnection}

// WorkTarget is one thing that is worked on: a location by its code, a router or port by its name, a connection by its ID.
type WorkTarget struct {
	Kind WorkKind `json:"kind"`
	Name string   `json:"name"`
}

func (w WorkTarget) String() string { return string(w.Kind) + " " + w.Name }

// Maintenance is work that an operator plans and does. Fields marked json:"-" are columns of their own in the store.
type Maintenance struct {
	ID      string            `json:"-"` // mnt-...
	Status  MaintenanceStatus `json:"-"`
	From    time.Time         `json:"-"`
	To      time.Time         `json:"-"`
	Created time.Time         `json:"-"`
	Ended   time.Time         `json:"-"` // when it was completed or cancelled
	Version int64             `json:"-"`

	Targets []WorkTarget `json:"targets"`
	Impact  Impact       `json:"impact"`
	Reason  string       `json:"reason"`          // what is done, for customers to read
	Drain   bool         `json:"drain,omitempty"` // BGP sessions are shut while it is in progress

	Sequence int64     `json:"sequence"`         // of the notice: 0 at first, one more with each change (RFC 5545, section 3.8.7.4)
	Changed  time.Time `json:"changed"`          // when it was planned or changed last
	Begun    time.Time `json:"begun,omitzero"`   // when it was started
	Forced   string    `json:"forced,omitempty"` // why it is planned although it takes redundant pairs down; for operators
}

// Bounds of planned work.
const (
	maxWorkTargets = 100
	maxWork        = 30 * 24 * time.Hour
	maxWorkReason  = 255
	minWorkReason  = 1
)

// MaintenanceHistory is how long work that has ended is kept.
const MaintenanceHistory = 365 * 24 * time.Hour

// WorkPlan is what an operator asks for.
type WorkPlan struct {
	Targets  []WorkTarget
	From, To time.Time
	Impact   Impact
	Reason   string
	Drain    bool
	Force    string // why it is to be although it takes redundant pairs down; empty: then it is not to be
}

// NewMaintenance is work as planned. Whether what it hits permits it is asked elsewhere: see WorkScene.
func NewMaintenance(id string, p WorkPlan, now time.Time) (Maintenance, error) {
	if err := p.check(now); err != nil {
		return Maintenance{}, err
	}
	m := Maintenance{ID: id, Status: MaintenancePlanned, Created: now}
	m.take(p, now)
	return m, nil
}

func (m *Maintenance) take(p WorkPlan, now time.Time) {
	m.Targets, m.From, m.To, m.Impact = slices.Clone(p.Targets), p.From.UTC(), p.To.UTC(), p.Impact
	m.Reason, m.Drain, m.Forced, m.Changed = p.Reason, p.Drain, p.Force, now
}

// Plan is what was asked for last.
func (m Maintenance) Plan() WorkPlan {
	return WorkPlan{Targets: m.Targets, From: m.From, To: m.To, Impact: m.Impact, Reason: m.Reason, Drain: m.Drain, Force: m.Forced}
}

func (p WorkPlan) check(now time.Time) error {
	if n := len(p.Targets); n < 1 || n > maxWorkTargets {
		return Clientf("Work is planned on 1 to %d locations, routers, ports or connections.", maxWorkTargets)
	}
	for i, t := range p.Targets {
		if t.Name == "" || !slices.Contains(WorkKinds, t.Kind) {
			return Clientf("%q is nothing to plan work on: name a location, router, port or connection.", t)
		}
		if slices.Contains(p.Targets[:i], t) {
			return Clientf("The %s is named twice.", t)
		}
	}
	switch {
	case !slices.Contains(Impacts, p.Impact):
		return Clientf("Impact %q is not valid. Valid values are no-impact, reduced-redundancy, degraded and outage.", p.Impact)
	case p.From.IsZero() || p.To.IsZero():
		return Clientf("Work needs a time at which it begins and one at which it ends.")
	case !p.From.Before(p.To):
		return Clientf("Work must end after it begins.")
	case p.To.Sub(p.From) > maxWork:
		return Clientf("Work must not take longer than 30 days.")
	case !p.To.After(now):
		return Clientf("Work cannot be planned for a time that is over.")
	}
	if p.Drain && p.Impact != Degraded && p.Impact != Outage {
		return Clientf("Sessions are shut only for work with the impact degraded or outage.")
	}
	if err := checkWorkText("reason", p.Reason, minWorkReason); err != nil {
		return err
	}
	return checkWorkText("reason to force it", p.Force, 0)
}

// checkWorkText refuses text that has no place in a calendar's line.
func checkWorkText(what, text string, least int) error {
	if n := utf8.RuneCountInString(text); n < least || n > maxWorkReason {
		return Clientf("The %s must be %d to %d characters long.", what, least, maxWorkReason)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return Clientf("The %s contains invalid characters.", what)
	}
	return nil
}

// Replan changes what is planned. Of work that is in progress the targets, the beginning and whether sessions are shut stay
// what they are.
func (m Maintenance) Replan(p WorkPlan, now time.Time) (Maintenance, error) {
	next, err := m.move(MaintenanceChange, now)
	if err != nil {
		return m, err
	}
	if err := p.check(now); err != nil {
		return m, err
	}
	if m.Status == MaintenanceInProgress && (!slices.Equal(p.Targets, m.Targets) || !p.From.Equal(m.From) || p.Drain != m.Drain) {
		return m, Clientf("Maintenance %s is in progress: only its end, its impact and its reason can be changed.", m.ID)
	}
	next.take(p, now)
	return next, nil
}

// Start begins the work, whatever time was planned.
func (m Maintenance) Start(now time.Time) (Maintenance, error) { return m.move(MaintenanceStart, now) }

// End completes it.
func (m Maintenance) End(now time.Time) (Maintenance, error) { return m.move(MaintenanceEnd, now) }

// Cancel gives it up before it has begun.
func (m Maintenance) Cancel(now time.Time) (Maintenance, error) {
	return m.move(MaintenanceCancel, now)
}

// Open reports whether the work is still to come or in progress.
func (m Maintenance) Open() bool { return m.Ended.IsZero() }

// Span is when the work is, as far as it is known: what has begun early or goes on for longer than planned is, too. now is
// the present.
func (m Maintenance) Span(now time.Time) (from, to time.Time) {
	from, to = m.From, m.To
	if m.Status == MaintenanceInProgress {
		if m.Begun.Before(from) {
			from = m.Begun
		}
		if to.Before(now) {
			to = now
		}
	}
	return from, to
}

// Fine reports whether all targets are smaller than a router.
func (m Maintenance) Fine() bool {
	return !slices.ContainsFunc(m.Targets, func(t WorkTarget) bool { return t.Kind == WorkOnLocation || t.Kind == WorkOnRouter })
}

// DrainFor shuts the interface's sessions while the work is in progress, as a failover test does, or lets them come back. It
// answers whether that changes anything: one that has left, or is shut for other work, stays as it is.
func (v VirtualInterface) DrainFor(maintenance string, inProgress bool, now time.Time) (VirtualInterface, bool) {
	switch {
	case !v.Working():
		return v, false
	case inProgress && v.Drained == "":
		v.Drained = maintenance
	case !inProgress && v.Drained == maintenance:
		v.Drained = ""
	default:
		return v, false
	}
	v.Due = now
	return v, true
}
