package directconnect

import (
	"fmt"
	"strings"
	"time"
)

// LAGFacts is what is known of a LAG.
type LAGFacts struct {
	LAG     LAG
	Members []LinkFacts // live
	Router  *Router
	Agent   *AgentFacts
	Sight   *Sight
	Work    []Maintenance
	Now     time.Time
}

// Diagnose tells why a LAG works or does not.
func (f LAGFacts) Diagnose() Diagnosis {
	g := f.LAG
	return Diagnosis{ID: g.ID, Kind: "lag", Account: g.Account, State: string(f.state()), At: f.Now, Checks: f.checks()}.conclude()
}

func (f LAGFacts) state() LAGState {
	members := make([]Connection, len(f.Members))
	for i, m := range f.Members {
		members[i] = m.Connection
	}
	return f.LAG.State(members)
}

func (f LAGFacts) checks() []Check {
	g, state := f.LAG, f.state()
	l := &checklist{on: g.ID}
	if !g.Live() {
		l.bad("order", "deleted", g.Deleted, ReasonEnded)
		return l.checks
	}
	l.ok("order", fmt.Sprintf("%d members of %s", len(f.Members), g.Bandwidth), g.Created)
	l.work(f.Work, state == LAGAvailable)
	checkRouter(l, g.Router, f.Router, f.Agent, f.Sight)
	up := f.members(l)
	const enough = "minimum links"
	seen := fmt.Sprintf("%d up, minimum %d", up, max(1, g.MinimumLinks))
	switch {
	case up >= max(1, g.MinimumLinks):
		l.ok(enough, seen, time.Time{})
	default:
		l.bad(enough, seen, time.Time{}, ReasonLAGBelowMinimum)
	}
	encrypted := true
	for _, m := range f.Members {
		encrypted = encrypted && (m.Connection.State != ConnectionAvailable || m.Connection.EncryptionUp)
	}
	checkMACsec(l, g.MACsec, g.EncryptionMode, g.KeysToInstall(), "", encrypted && up > 0)
	l.state(state == LAGAvailable, string(state), time.Time{})
	return l.checks
}

// members tells of all members at once, each bad one with its own reason, and answers how many are up.
func (f LAGFacts) members(l *checklist) (up int) {
	var ill []string
	for _, m := range f.Members {
		d := m.Diagnose()
		if m.Connection.State == ConnectionAvailable {
			up++
		}
		if !d.Well {
			ill = append(ill, m.Connection.ID+" ("+string(d.Cause.Reason)+")")
		}
	}
	const name = "members"
	switch {
	case len(f.Members) == 0:
		l.bad(name, "there are none", time.Time{}, ReasonLAGBelowMinimum)
	case len(ill) == 0:
		l.ok(name, "all are well", time.Time{})
	case up < max(1, f.LAG.MinimumLinks):
		l.bad(name, strings.Join(ill, ", "), time.Time{}, ReasonLAGBelowMinimum)
	default:
		l.bad(name, strings.Join(ill, ", "), time.Time{}, ReasonLAGMemberDown)
	}
	return up
}
