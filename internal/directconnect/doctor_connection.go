package directconnect

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// LinkFacts is what is known of a connection that holds, or held, a port: a dedicated one or an interconnect.
type LinkFacts struct {
	Connection Connection
	Port       *Port   // that it holds; nil: none
	Router     *Router // nil: it is not in the inventory
	Agent      *AgentFacts
	Sight      *Sight // nil: there is nobody here who can look
	LAG        *LAG   // that it is a member of
	Work       []Maintenance
	Now        time.Time
}

// optic is what a receiver takes of light, in dBm, from a line rate on.
type optic struct {
	from        int64 // Mbps
	least, most float64
}

// optics are what a receiver of a line rate takes, in dBm, each lane: average receive power of 1000BASE-LX (IEEE 802.3, table
// 38-8), 10GBASE-LR (52-13), 100GBASE-LR4 (88-8) and 400GBASE-LR8 (122-10).
var optics = []optic{{400_000, -9.1, 5.3}, {40_000, -10.6, 4.5}, {10_000, -14.4, 0.5}, {0, -19, -3 + margin}}

// margin is what 1000BASE-LX's bound of -3 dBm is stretched by: a short cross connect between two optics is at it, give or take
// what they measure wrongly.
const margin = 3.5

// darkBelow is what a receiver reads where there is no light.
const darkBelow = -35

// Diagnose tells why a dedicated connection or interconnect works or does not.
func (f LinkFacts) Diagnose() Diagnosis {
	c := f.Connection
	return Diagnosis{ID: c.ID, Kind: string(c.Kind), Account: c.Account, State: string(c.State), At: f.Now, Checks: f.checks()}.conclude()
}

func (f LinkFacts) checks() []Check {
	c := f.Connection
	l := &checklist{on: c.ID}
	if !f.order(l) {
		return l.checks
	}
	f.letter(l)
	l.work(f.Work, c.State == ConnectionAvailable)
	const cable = "cross connect"
	switch {
	case !c.CrossConnected.IsZero():
		l.ok(cable, "in place", c.CrossConnected)
	case f.blind():
		l.unknown(cable, "nobody could look for light")
	default:
		l.bad(cable, "no cable is in place", time.Time{}, ReasonCableMissing)
	}
	checkRouter(l, c.Router, f.Router, f.Agent, f.Sight)
	f.port(l)
	f.macsec(l)
	l.state(c.State == ConnectionAvailable, withReason(string(c.State), c.Reason), c.Since)
	return l.checks
}

// blind tells whether the router is a machine, whose light says that a cable is in place, without an agent that could see it.
func (f LinkFacts) blind() bool {
	a := f.Agent
	return f.Router != nil && f.Router.Fabric != Simulated && (a == nil || !a.Enrolled || a.Waiting || !a.Connected)
}

func withReason(state, reason string) string {
	if reason == "" {
		return state
	}
	return state + ": " + reason
}

// order tells whether there is an order to speak of, and false if all else is beside the point.
func (f LinkFacts) order(l *checklist) bool {
	c := f.Connection
	const order = "order"
	switch {
	case c.State == ConnectionRequested:
		l.bad(order, "waits for approval", c.Since, ReasonOrderNotApproved)
		return false
	case !c.Working() && strings.Contains(c.Reason, "lapsed"):
		l.bad(order, withReason(string(c.State), c.Reason), c.Since, ReasonLOALapsed)
		return false
	case !c.Live() && c.Approved.IsZero() && c.Reason != "":
		l.bad(order, "refused: "+c.Reason, c.Since, ReasonOrderRefused)
		return false
	case !c.Working():
		l.bad(order, string(c.State), c.Since, ReasonEnded)
		return false
	}
	l.ok(order, "approved", c.Approved)
	if f.Port != nil {
		l.ok("port", f.Port.ID+", reserved", time.Time{})
	} else {
		l.unknown("port", "none is reserved")
	}
	return true
}

func (f LinkFacts) letter(l *checklist) {
	c := f.Connection
	const name = "letter of authorization"
	switch expires := c.LOAExpires(); {
	case !c.CrossConnected.IsZero():
		l.ok(name, "used: the cable is in place", c.Approved)
	case expires.IsZero():
		l.unknown(name, "not issued")
	case !f.Now.Before(expires):
		l.bad(name, "expired at "+clock(expires)+"; the order lapses at "+clock(expires.Add(LOAGrace)), expires, ReasonLOAExpired)
	default:
		l.ok(name, "good until "+clock(expires), c.Approved)
	}
}

// checkRouter tells whether the router is there, and its agent if it needs one.
func checkRouter(l *checklist, name string, r *Router, a *AgentFacts, s *Sight) {
	const router, agent = "router", "router's agent"
	switch {
	case r == nil:
		l.bad(router, name+" is not in the inventory", time.Time{}, ReasonRouterGone)
		return
	case r.Fabric == Simulated:
		l.ok(router, name+", simulated", time.Time{})
		l.none(agent, "a simulated router has none")
	default:
		l.ok(router, name, time.Time{})
		checkAgent(l, agent, a)
	}
	const management = "router answers"
	switch {
	case s == nil:
		l.unknown(management, "this server cannot look at routers")
	case s.Trouble != "":
		l.bad(management, s.Trouble, s.At, ReasonRouterUnreachable)
	default:
		l.ok(management, "looked at", s.At)
	}
}

func checkAgent(l *checklist, name string, a *AgentFacts) {
	switch {
	case a == nil || !a.Enrolled:
		l.bad(name, "not enrolled", time.Time{}, ReasonAgentNotEnrolled)
	case a.Waiting:
		l.bad(name, "waits for its first plan to be accepted", a.Seen, ReasonPlanNotAccepted)
	case !a.Connected:
		l.bad(name, "not connected", a.Seen, ReasonAgentNotConnected)
	case len(a.Drift) > 0:
		l.bad(name, "not as it was told: "+strings.Join(a.Drift, " "), a.Seen, ReasonRouterDrift)
	default:
		l.ok(name, "connected, does as told", a.Seen)
	}
}

// port tells what the router shows of the port: configuration, light, carrier, and in a LAG whether frames pass.
func (f LinkFacts) port(l *checklist) {
	const configured, light, carrier, bundle = "port configured", "light", "link", "bundled (LACP)"
	s := f.Sight
	if s == nil || s.Trouble != "" || f.Port == nil {
		for _, name := range []string{configured, light, carrier} {
			l.unknown(name, "nobody could look")
		}
		return
	}
	p := s.Ports[f.Port.Name]
	if !p.Enabled {
		l.bad(configured, "not on the router", s.At, ReasonNotConfigured)
		return
	}
	l.ok(configured, "switched on", s.At)
	f.light(l, light, p)
	if p.Carrier {
		l.ok(carrier, "up", s.At)
	} else if f.Connection.CrossConnected.IsZero() {
		l.none(carrier, "no cable is in place")
	} else {
		l.bad(carrier, "down", s.At, ReasonNoCarrier)
	}
	switch {
	case f.LAG == nil:
		l.none(bundle, "no member of a LAG")
	case p.Bundled:
		l.ok(bundle, "frames pass in "+f.LAG.ID, s.At)
	case p.Carrier:
		l.bad(bundle, "the far side does not bundle it", s.At, ReasonNotBundled)
	default:
		l.none(bundle, "the link is down")
	}
}

func (f LinkFacts) light(l *checklist, name string, p PortSight) {
	at := f.Sight.At
	if f.Connection.CrossConnected.IsZero() {
		l.none(name, "no cable is in place")
		return
	}
	if len(p.RxPowerDBm) == 0 {
		if p.Carrier {
			l.none(name, "the optic does not measure it")
		} else {
			l.bad(name, "no link, and the optic does not measure light", at, ReasonNoLight)
		}
		return
	}
	least, most := slices.Min(p.RxPowerDBm), slices.Max(p.RxPowerDBm)
	o := optics[slices.IndexFunc(optics, func(o optic) bool { return max(0, p.SpeedMbps) >= o.from })]
	seen := fmt.Sprintf("%.1f dBm", least)
	if most > least {
		seen = fmt.Sprintf("%.1f to %.1f dBm", least, most)
	}
	switch {
	case most < darkBelow:
		l.bad(name, seen+": dark", at, ReasonNoLight)
	case least < o.least || most > o.most:
		l.bad(name, fmt.Sprintf("%s; the optic takes %.1f to %.1f", seen, o.least, o.most), at, ReasonLightOutOfRange)
	default:
		l.ok(name, seen, at)
	}
}

// macsec tells of encryption: the connection's own, or its LAG's.
func (f LinkFacts) macsec(l *checklist) {
	c := f.Connection
	mode, keys, whose := c.EncryptionMode, c.KeysToInstall(), ""
	if f.LAG != nil {
		mode, keys, whose = f.LAG.EncryptionMode, f.LAG.KeysToInstall(), " of "+f.LAG.ID
	}
	encrypted := c.EncryptionUp
	if f.Sight != nil && f.Sight.Trouble == "" && f.Port != nil {
		encrypted = f.Sight.Ports[f.Port.Name].Encrypted
	}
	checkMACsec(l, c.MACsec, mode, keys, whose, encrypted)
}

func checkMACsec(l *checklist, ordered bool, mode EncryptionMode, keys []MACsecKey, whose string, encrypted bool) {
	const name = "MACsec"
	var names []string
	for _, k := range keys {
		names = append(names, "…"+k.CKN[max(0, len(k.CKN)-8):])
	}
	seen := fmt.Sprintf("%s%s, key %s", mode, whose, strings.Join(names, ", "))
	switch {
	case !ordered:
		l.none(name, "ordered without")
	case mode == NoEncrypt:
		l.none(name, string(mode)+whose)
	case len(keys) == 0 && mode == MustEncrypt:
		l.bad(name, string(mode)+whose+", no key", time.Time{}, ReasonMACsecNoKey)
	case len(keys) == 0:
		l.ok(name, string(mode)+whose+", no key: frames pass in the clear", time.Time{})
	case !encrypted:
		l.bad(name, seen+": no association", time.Time{}, ReasonMACsecNotEncrypted)
	default:
		l.ok(name, seen+": encrypted", time.Time{})
	}
}

// HostedFacts is what is known of a hosted connection.
type HostedFacts struct {
	Connection Connection
	Parent     []Check // of the interconnect or LAG that it runs over
	Work       []Maintenance
	Now        time.Time
}

// Diagnose tells why a hosted connection works or does not: what is beneath it first.
func (f HostedFacts) Diagnose() Diagnosis {
	c := f.Connection
	l := &checklist{on: c.ID, checks: slices.Clone(f.Parent)}
	const accepted = "accepted"
	switch {
	case c.State == ConnectionOrdering:
		l = &checklist{on: c.ID}
		l.bad(accepted, "waits for account "+c.Account, c.Since, ReasonHostedNotAccepted)
	case !c.Working():
		l = &checklist{on: c.ID}
		l.bad(accepted, string(c.State), c.Since, ReasonEnded)
	default:
		l.ok(accepted, "by account "+c.Account, time.Time{})
		l.ok("VLAN", fmt.Sprintf("%d on %s", c.VLAN, c.ParentID), time.Time{})
		l.work(f.Work, c.State == ConnectionAvailable)
		l.state(c.State == ConnectionAvailable, withReason(string(c.State), c.Reason), c.Since)
	}
	return Diagnosis{ID: c.ID, Kind: string(c.Kind), Account: c.Account, State: string(c.State), At: f.Now, Checks: l.checks}.conclude()
}
