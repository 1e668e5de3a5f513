package directconnect

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// litLink is a link of which all is well, on a real router, in a LAG, with MACsec.
func litLink() LinkFacts {
	key := MACsecKey{CKN: strings.Repeat("0123abcd", 8), State: KeyAssociated}
	return LinkFacts{
		Connection: Connection{
			ID: connectionID, Kind: Dedicated, Account: customer, State: ConnectionAvailable, PortID: portOne.ID, Router: router, LagID: lagID,
			MACsec: true, Since: noon, Approved: noon, CrossConnected: noon, FirstLight: noon, EncryptionUp: true,
		},
		Port:   &Port{ID: portOne.ID, Name: "et-0/0/1"},
		Router: &Router{Name: router, Fabric: Linux},
		Agent:  &AgentFacts{Enrolled: true, Connected: true, Seen: noon},
		Sight: &Sight{At: noon, Ports: map[string]PortSight{
			"et-0/0/1": {Enabled: true, Carrier: true, Encrypted: true, Bundled: true, SpeedMbps: 10_000, RxPowerDBm: []float64{-3.1}},
		}},
		LAG: &LAG{ID: lagID, EncryptionMode: MustEncrypt, MACsecKeys: []MACsecKey{key}},
		Now: noon.Add(time.Hour),
	}
}

// seen changes what the router shows of the port.
func (f LinkFacts) seen(change func(p *PortSight)) LinkFacts {
	p := f.Sight.Ports["et-0/0/1"]
	change(&p)
	f.Sight = &Sight{At: noon, Ports: map[string]PortSight{"et-0/0/1": p}}
	return f
}

// TestLinkReasons: each trouble of a link, alone, is the first that is found. Those that simulated routers can have are caused
// in test/doctor besides.
func TestLinkReasons(t *testing.T) {
	t.Parallel()
	for want, change := range map[Reason]func(f *LinkFacts){
		"":                      func(*LinkFacts) {},
		ReasonOrderNotApproved:  func(f *LinkFacts) { f.Connection.State = ConnectionRequested },
		ReasonRouterGone:        func(f *LinkFacts) { f.Router = nil },
		ReasonAgentNotEnrolled:  func(f *LinkFacts) { f.Agent = &AgentFacts{} },
		ReasonPlanNotAccepted:   func(f *LinkFacts) { f.Agent.Waiting = true },
		ReasonAgentNotConnected: func(f *LinkFacts) { f.Agent.Connected = false },
		ReasonRouterDrift:       func(f *LinkFacts) { f.Agent.Drift = []string{"et-0/0/1"} },
		ReasonRouterUnreachable: func(f *LinkFacts) { f.Sight = &Sight{At: noon, Trouble: "it does not answer"} },
		ReasonNotConfigured:     func(f *LinkFacts) { *f = f.seen(func(p *PortSight) { p.Enabled = false }) },
		ReasonNoLight: func(f *LinkFacts) {
			*f = f.seen(func(p *PortSight) { p.RxPowerDBm, p.Carrier = []float64{-40}, false })
		},
		ReasonLightOutOfRange:    func(f *LinkFacts) { *f = f.seen(func(p *PortSight) { p.RxPowerDBm = []float64{1.2} }) },
		ReasonNoCarrier:          func(f *LinkFacts) { *f = f.seen(func(p *PortSight) { p.Carrier = false }) },
		ReasonNotBundled:         func(f *LinkFacts) { *f = f.seen(func(p *PortSight) { p.Bundled = false }) },
		ReasonMACsecNotEncrypted: func(f *LinkFacts) { *f = f.seen(func(p *PortSight) { p.Encrypted = false }) },
		ReasonMACsecNoKey:        func(f *LinkFacts) { f.LAG = &LAG{ID: lagID, EncryptionMode: MustEncrypt} },
		ReasonNotReconciled:      func(f *LinkFacts) { f.Connection.State, f.Connection.Reason = ConnectionDown, "no light" },
		ReasonMaintenance: func(f *LinkFacts) {
			f.Connection.State, f.Work = ConnectionDown, []Maintenance{{ID: "mnt-ffabc123", Impact: Outage, Begun: noon, To: noon}}
		},
	} {
		f := litLink()
		change(&f)
		checkDiagnosis(t, f.Diagnose(), want)
	}
	f := litLink()
	f.Sight = nil
	checkDiagnosis(t, f.Diagnose(), "") // nobody can look: what is stored counts
	f = litLink()
	f.Connection.MACsec, f.LAG.EncryptionMode = true, ShouldEncrypt
	f.LAG.MACsecKeys = nil
	checkDiagnosis(t, f.Diagnose(), "") // passes in the clear, as was asked for
	f = litLink()
	f.Connection.CrossConnected, f.Agent.Waiting = time.Time{}, true
	checkDiagnosis(t, f.Diagnose(), ReasonPlanNotAccepted) // and no missing cable: nobody has looked for its light yet
}

// TestInterfaceReasons: likewise for interfaces.
func TestInterfaceReasons(t *testing.T) {
	t.Parallel()
	well := func() InterfaceFacts {
		return InterfaceFacts{
			Interface: VirtualInterface{
				ID: "dxvif-ffabc123", Account: customer, Type: Private, State: InterfaceAvailable, GatewayID: "g", Router: router,
				Peers: []BGPPeer{{ID: "dxpeer-1", Family: IPv4, ASN: 65000, State: PeerAvailable, Up: true, Readable: true}},
			},
			Gateway:      &Gateway{ID: "g", State: GatewayAvailable},
			Associations: []Association{{State: Associated, FarID: "vgw-1", Allowed: []string{"10.0.0.0/16"}}},
			Accepted:     map[Family]int{IPv4: 3}, Advertised: 2, Now: noon,
		}
	}
	session := func(report string) func(f *InterfaceFacts) {
		return func(f *InterfaceFacts) {
			f.Interface.State, f.Interface.Peers[0].Up, f.Interface.Peers[0].Reason = InterfaceDown, false, report
		}
	}
	for want, change := range map[Reason]func(f *InterfaceFacts){
		"":                         func(*InterfaceFacts) {},
		ReasonEnded:                func(f *InterfaceFacts) { f.Interface.State = InterfaceDeleting },
		ReasonInterfaceNotAccepted: func(f *InterfaceFacts) { f.Interface.State = InterfaceConfirming },
		ReasonInterfaceNotVerified: func(f *InterfaceFacts) { f.Interface.Type, f.Interface.State = Public, InterfaceVerifying },
		ReasonInterfacePending:     func(f *InterfaceFacts) { f.Interface.State = InterfacePending },
		ReasonFailoverTest: func(f *InterfaceFacts) {
			f.Interface.State, f.Test = InterfaceTesting, &FailoverTest{Started: noon, Minutes: 5}
		},
		ReasonPrefixLimit:          func(f *InterfaceFacts) { session("Cease 6/1")(f); f.Interface.Peers[0].Held = noon },
		ReasonBGPHoldTimer:         session("hold timer expired"),
		ReasonBGPNotification:      session("notification received: open message error, unsupported capability"),
		ReasonBGPRefused:           session("169.254.10.2 refuses BGP connections"),
		ReasonBGPDown:              session("something new"),
		ReasonRouterUnreachable:    func(f *InterfaceFacts) { f.Interface.Peers[0].Readable = false },
		ReasonGatewayNotAssociated: func(f *InterfaceFacts) { f.Associations = nil },
		ReasonNoPrefixes:           func(f *InterfaceFacts) { f.Accepted = nil },
		ReasonNothingAdvertised:    func(f *InterfaceFacts) { f.Advertised = 0 },
		ReasonNotReconciled:        func(f *InterfaceFacts) { f.Interface.State = InterfaceDown },
	} {
		f := well()
		change(&f)
		checkDiagnosis(t, f.Diagnose(), want)
	}
}

func checkDiagnosis(t *testing.T, d Diagnosis, want Reason) {
	t.Helper()
	switch {
	case want == "":
		if !d.Well || d.Cause != nil {
			t.Errorf("what is well is not: %+v", d.Cause)
		}
	case d.Well || d.Cause.Reason != want:
		t.Errorf("%s is not found, but %+v", want, d.Cause)
	}
	for _, c := range d.Checks {
		if (c.Outcome == CheckBad) != (c.Reason != "") || c.Name == "" || c.Seen == "" || c.On == "" {
			t.Errorf("%s: a check is incomplete: %+v", want, c)
		}
		if _, known := Reasons[c.Reason]; c.Reason != "" && !known {
			t.Errorf("%s: nobody knows what %s means", want, c.Reason)
		}
	}
}

// TestSessionReason: what routers report, simulated and real, is sorted by its cause.
func TestSessionReason(t *testing.T) {
	t.Parallel()
	for report, want := range map[string]Reason{
		"failover test":            ReasonFailoverTest,
		"maintenance mnt-ffabc123": ReasonMaintenance,
		"closed with Cease 6/1: 101 prefixes announced, 100 allowed":                                ReasonPrefixLimit,
		"notification sent: cease, maximum number of prefixes reached (101 announced, 100 allowed)": ReasonPrefixLimit,
		"169.254.10.2 signs with another TCP MD5 key":                                               ReasonBGPWrongKey,
		"169.254.10.2 is AS 65099, and AS 65000 is expected (OPEN error 2/2)":                       ReasonBGPWrongASN,
		"notification sent: open message error, bad peer as":                                        ReasonBGPWrongASN,
		"169.254.10.2 has closed the session":                                                       ReasonBGPClosed,
		`notification received: cease, administrative shutdown ("back at noon")`:                    ReasonBGPClosed,
		"hold timer expired": ReasonBGPHoldTimer,
		"connection lost":    ReasonBGPHoldTimer,
		"notification sent: update message error, malformed attribute list":  ReasonBGPNotification,
		"the neighbour has not accepted our OPEN":                            ReasonBGPNotification,
		"169.254.10.2 refuses BGP connections":                               ReasonBGPRefused,
		"169.254.10.2 does not answer":                                       ReasonNeighborSilent,
		"no answer from 169.254.10.2":                                        ReasonNeighborSilent,
		"no route to neighbour 169.254.10.2: it does not answer on the link": ReasonNeighborSilent,
		"no light on et-0/0/1":                                               ReasonNoLight,
		"interface is down: no carrier":                                      ReasonNoLight,
		"et-0/0/1 is not encrypted, and must be":                             ReasonMACsecNotEncrypted,
		"not configured":                                                     ReasonNotConfigured,
		"dxlag-ffjhj9lx is down":                                             ReasonNoCarrier,
		"":                                                                   ReasonBGPDown,
	} {
		if got := SessionReason(report); got != want {
			t.Errorf("%q is %s, and not %s", report, got, want)
		}
	}
}

// TestLAGFacts: a LAG is as well as its members, and each that is not is named with its own reason.
func TestLAGFacts(t *testing.T) {
	t.Parallel()
	one, two := litLink(), litLink()
	two.Connection.ID = otherID
	f := LAGFacts{
		LAG: LAG{ID: lagID, Router: router, MinimumLinks: 1, MACsec: true, EncryptionMode: MustEncrypt, MACsecKeys: one.LAG.MACsecKeys}, Members: []LinkFacts{one, two},
		Router: one.Router, Agent: one.Agent, Sight: one.Sight, Now: noon,
	}
	checkDiagnosis(t, f.Diagnose(), "")
	dark := two.seen(func(p *PortSight) { p.RxPowerDBm, p.Carrier = []float64{-40}, false })
	dark.Connection.State = ConnectionDown
	f.Members = []LinkFacts{one, dark}
	d := f.Diagnose()
	checkDiagnosis(t, d, ReasonLAGMemberDown)
	if !slices.ContainsFunc(d.Checks, func(c Check) bool { return c.Name == "members" && c.Seen == otherID+" (no-light)" }) {
		t.Errorf("the member is not named with its reason: %+v", d.Checks)
	}
	f.LAG.MinimumLinks = 2
	checkDiagnosis(t, f.Diagnose(), ReasonLAGBelowMinimum)
	f.Members = nil
	checkDiagnosis(t, f.Diagnose(), ReasonLAGBelowMinimum)
	f.LAG.Deleted = noon
	checkDiagnosis(t, f.Diagnose(), ReasonEnded)
}
