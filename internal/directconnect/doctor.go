package directconnect

import (
	"slices"
	"strings"
	"time"
)

// Outcome is what a check has found.
type Outcome string

const (
	CheckOK            Outcome = "ok"
	CheckBad           Outcome = "bad"
	CheckUnknown       Outcome = "unknown"        // nobody could look, or it is too early to tell
	CheckNotApplicable Outcome = "not-applicable" // what was asked about has no such thing
)

// Check is one question about a resource, and what was seen.
type Check struct {
	On      string    `json:"on"` // the resource that it is about
	Name    string    `json:"check"`
	Outcome Outcome   `json:"outcome"`
	Seen    string    `json:"seen"`
	At      time.Time `json:"at,omitzero"`      // since when it is so, or when it was seen
	Reason  Reason    `json:"reason,omitempty"` // of what is bad
}

// Diagnosis is all that is known of why a resource works or does not: one list of checks, from the bottom up.
type Diagnosis struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind"` // dedicated, interconnect, hosted, lag, interface, gateway
	Account string    `json:"account"`
	State   string    `json:"state"`
	At      time.Time `json:"at"`
	Well    bool      `json:"well"`
	Checks  []Check   `json:"checks"`
	Cause   *Cause    `json:"cause,omitempty"` // of the first check that is bad
}

// Cause is what the first bad check means, and what to do about it.
type Cause struct {
	Reason  Reason `json:"reason"`
	On      string `json:"on"`
	Means   string `json:"means"`
	Do      string `json:"do"`
	Runbook string `json:"runbook"`
}

// conclude finds the cause.
func (d Diagnosis) conclude() Diagnosis {
	i := slices.IndexFunc(d.Checks, func(c Check) bool { return c.Outcome == CheckBad })
	if d.Well = i < 0; d.Well {
		return d
	}
	bad := d.Checks[i]
	about := Reasons[bad.Reason]
	d.Cause = &Cause{
		Reason: bad.Reason, On: bad.On, Means: about.Means, Do: strings.ReplaceAll(about.Do, "ID", bad.On), Runbook: bad.Reason.Runbook(),
	}
	return d
}

// Sight is a router as it was seen just now.
type Sight struct {
	At      time.Time
	Trouble string               // why it could not be looked at; empty: it was
	Ports   map[string]PortSight // by the port's name
}

// PortSight is one port as seen; powers in dBm, one figure per lane, none where the optic does not measure.
type PortSight struct {
	Enabled, Carrier, Encrypted, Bundled bool
	SpeedMbps                            int64
	RxPowerDBm                           []float64
}

// AgentFacts is what is known of the agent of a real router.
type AgentFacts struct {
	Enrolled  bool
	Waiting   bool      // for somebody at the router to accept its first plan
	Connected bool      // as far as this server knows
	Seen      time.Time // when it was heard of last; zero: never
	Drift     []string  // what is not as it should be although it was told again
}

// checklist collects the checks of one resource.
type checklist struct {
	on     string
	checks []Check
}

func (l *checklist) ok(name, seen string, at time.Time) {
	l.checks = append(l.checks, Check{On: l.on, Name: name, Outcome: CheckOK, Seen: seen, At: at})
}

func (l *checklist) bad(name, seen string, at time.Time, why Reason) {
	l.checks = append(l.checks, Check{On: l.on, Name: name, Outcome: CheckBad, Seen: seen, At: at, Reason: why})
}

func (l *checklist) unknown(name, seen string) {
	l.checks = append(l.checks, Check{On: l.on, Name: name, Outcome: CheckUnknown, Seen: seen})
}

func (l *checklist) none(name, why string) {
	l.checks = append(l.checks, Check{On: l.on, Name: name, Outcome: CheckNotApplicable, Seen: why})
}

// state is the last check: the state that the resource is in. What is wrong with it is what was found first; if nothing was, the
// state has not followed.
func (l *checklist) state(working bool, seen string, at time.Time) {
	const name = "state"
	if working {
		l.ok(name, seen, at)
		return
	}
	why := ReasonNotReconciled
	if i := slices.IndexFunc(l.checks, func(c Check) bool { return c.Outcome == CheckBad }); i >= 0 {
		why = l.checks[i].Reason
	}
	l.bad(name, seen, at, why)
}

// work tells of maintenance that is in progress: it is the reason if what it hits does not work.
func (l *checklist) work(all []Maintenance, working bool) {
	const name = "planned work"
	if len(all) == 0 {
		l.ok(name, "none in progress", time.Time{})
		return
	}
	m := all[0]
	seen := m.ID + " in progress until " + clock(m.To) + ": " + m.Reason
	if working || m.Impact == NoImpact {
		l.ok(name, seen, m.Begun)
		return
	}
	l.bad(name, seen, m.Begun, ReasonMaintenance)
}

// clock is a time as a check shows it.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
