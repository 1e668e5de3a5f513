package directconnect

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func workPlan() WorkPlan {
	return WorkPlan{
		Targets: []WorkTarget{{WorkOnRouter, "EqDC2-1aaaaaaaaaaa"}}, From: noon.Add(time.Hour), To: noon.Add(5 * time.Hour), Impact: Outage,
		Reason: "new line card",
	}
}

func plannedMaintenance(t *testing.T) Maintenance {
	t.Helper()
	m, err := NewMaintenance("mnt-ffabc123", workPlan(), noon)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMaintenancePlan: what makes no sense is refused in a sentence, and nothing is planned.
func TestMaintenancePlan(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(p *WorkPlan){
		"Work is planned on 1 to 100 locations, routers, ports or connections.": func(p *WorkPlan) { p.Targets = nil },
		"is nothing to plan work on":                     func(p *WorkPlan) { p.Targets = []WorkTarget{{"building", "x"}} },
		"The router EqDC2-1aaaaaaaaaaa is named twice.":  func(p *WorkPlan) { p.Targets = append(p.Targets, p.Targets[0]) },
		`Impact "none" is not valid.`:                    func(p *WorkPlan) { p.Impact = "none" },
		"a time at which it begins":                      func(p *WorkPlan) { p.From = time.Time{} },
		"Work must end after it begins.":                 func(p *WorkPlan) { p.To = p.From },
		"longer than 30 days":                            func(p *WorkPlan) { p.To = p.From.Add(31 * 24 * time.Hour) },
		"a time that is over":                            func(p *WorkPlan) { p.From, p.To = noon.Add(-2*time.Hour), noon },
		"The reason must be 1 to 255 characters long.":   func(p *WorkPlan) { p.Reason = "" },
		"The reason contains invalid characters.":        func(p *WorkPlan) { p.Reason = "a\nb" },
		"The reason to force it must be 0 to 255":        func(p *WorkPlan) { p.Force = strings.Repeat("x", 256) },
		"shut only for work with the impact degraded or": func(p *WorkPlan) { p.Drain, p.Impact = true, ReducedRedundancy },
	} {
		p := workPlan()
		change(&p)
		_, err := NewMaintenance("mnt-ffabc123", p, noon)
		if rule, ok := errors.AsType[*Error](err); !ok || !strings.Contains(rule.Message, want) {
			t.Errorf("%v, and not %q", err, want)
		}
		m := plannedMaintenance(t)
		if kept, err := m.Replan(p, noon.Add(time.Minute)); err == nil || !cmp.Equal(m, kept) {
			t.Errorf("%s: a change to it gives %v and %+v", want, err, kept)
		}
	}
}

// TestMaintenanceLife: each move is a new edition of the notice, at its time.
func TestMaintenanceLife(t *testing.T) {
	t.Parallel()
	m := plannedMaintenance(t)
	p := m.Plan()
	p.To, p.Reason = p.To.Add(time.Hour), "two line cards"
	changed, err := m.Replan(p, noon.Add(time.Minute))
	if err != nil || changed.Sequence != 1 || !changed.Changed.Equal(noon.Add(time.Minute)) || changed.Reason != "two line cards" {
		t.Fatalf("changed: %v, %+v", err, changed)
	}
	begun, err := changed.Start(noon.Add(2 * time.Minute))
	if err != nil || begun.Sequence != 2 || !begun.Begun.Equal(noon.Add(2*time.Minute)) || !begun.Open() {
		t.Fatalf("begun: %v, %+v", err, begun)
	}
	if from, to := begun.Span(noon.Add(time.Hour)); !from.Equal(begun.Begun) || !to.Equal(p.To) {
		t.Errorf("what has begun early spans %v to %v", from, to)
	}
	if _, to := begun.Span(noon.Add(100 * time.Hour)); !to.Equal(noon.Add(100 * time.Hour)) {
		t.Errorf("what takes longer spans until %v", to)
	}
	other := begun.Plan()
	other.Targets = []WorkTarget{{WorkOnLocation, "EqDC2"}}
	if _, err := begun.Replan(other, noon.Add(time.Hour)); err == nil {
		t.Error("work in progress is moved elsewhere")
	}
	late := begun.Plan()
	late.To = late.To.Add(time.Hour)
	if longer, err := begun.Replan(late, noon.Add(time.Hour)); err != nil || longer.Status != MaintenanceInProgress || longer.Sequence != 3 {
		t.Errorf("work in progress that takes longer: %v, %+v", err, longer)
	}
	ended, err := begun.End(noon.Add(time.Hour))
	if err != nil || ended.Open() || ended.Status != MaintenanceCompleted || ended.Sequence != 3 {
		t.Errorf("ended: %v, %+v", err, ended)
	}
	if _, err := ended.Cancel(noon); err == nil {
		t.Error("what is over can be cancelled")
	}
}

// workScene is a customer with a pair of everything:
//
//	dxcon-a1 and dxcon-a2, on two routers, are a resiliency group; each has an interface to gateway g
//	dxlag-l of dxcon-m1, dxcon-m2 and dxcon-m3, at least two up, has an interface to vgw-1
//	dxcon-i is an interconnect with dxcon-h hosted over it, which has another interface to vgw-1
func workScene() WorkScene {
	connection := func(id string, kind ConnectionKind) Connection {
		return Connection{ID: id, Kind: kind, Account: "111122223333", Region: "us-east-1", State: ConnectionAvailable}
	}
	member := func(id string) Connection {
		c := connection(id, Dedicated)
		c.LagID = "dxlag-l"
		return c
	}
	hosted := connection("dxcon-h", Hosted)
	hosted.ParentID = "dxcon-i"
	partner := connection("dxcon-i", Interconnect)
	partner.Account = "444455556666"
	over := func(id, parent, gateway string) VirtualInterface {
		v := VirtualInterface{ID: id, Account: "111122223333", ConnectionOwner: "111122223333", ParentID: parent, Type: Private, State: InterfaceAvailable}
		if gateway == "g" {
			v.GatewayID = gateway
		} else {
			v.VirtualGatewayID = gateway
		}
		return v
	}
	return WorkScene{
		Connections: []Connection{
			connection("dxcon-a1", Dedicated), connection("dxcon-a2", Dedicated), member("dxcon-m1"), member("dxcon-m2"), member("dxcon-m3"),
			partner, hosted,
		},
		LAGs: []LAG{{ID: "dxlag-l", Account: "111122223333", MinimumLinks: 2}},
		Interfaces: []VirtualInterface{
			over("dxvif-a1", "dxcon-a1", "g"), over("dxvif-a2", "dxcon-a2", "g"), over("dxvif-l", "dxlag-l", "vgw-1"), over("dxvif-h", "dxcon-h", "vgw-1"),
		},
		Groups: []GroupLayout{{
			ResiliencyGroup{ID: "dxrg-1", Account: "111122223333"},
			Layout{Links: []LayoutLink{{ID: "dxcon-a1", Up: true}, {ID: "dxcon-a2", Up: true}}},
		}},
	}
}

// TestWorkHits: what goes down takes with it what is over it, and a LAG that has enough members left only loses redundancy.
func TestWorkHits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hit    []string
		impact Impact
		want   string
	}{
		"a connection":          {[]string{"dxcon-a1"}, Outage, "dxcon-a1 outage, dxvif-a1 outage"},
		"a LAG's member":        {[]string{"dxcon-m1"}, Outage, "dxcon-m1 outage, dxvif-l reduced-redundancy, dxlag-l reduced-redundancy"},
		"too many of them":      {[]string{"dxcon-m1", "dxcon-m2"}, Outage, "dxcon-m1 outage, dxcon-m2 outage, dxvif-l outage, dxlag-l outage"},
		"a partner":             {[]string{"dxcon-i"}, Degraded, "dxcon-h degraded, dxvif-h degraded, dxcon-i degraded"},
		"nothing":               {nil, Outage, ""},
		"without impact":        {[]string{"dxcon-a1"}, NoImpact, "dxcon-a1 no-impact, dxvif-a1 no-impact"},
		"a member, no impact":   {[]string{"dxcon-m1"}, NoImpact, "dxcon-m1 no-impact, dxvif-l no-impact, dxlag-l no-impact"},
		"something unheard of":  {[]string{"dxcon-zz"}, Outage, ""},
		"what is hosted itself": {[]string{"dxcon-h"}, Outage, "dxcon-h outage, dxvif-h outage"},
	} {
		var got []string
		for _, h := range workScene().Hits(c.impact, c.hit) {
			got = append(got, h.ID+" "+string(h.Impact))
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s, and not %s", name, text, c.want)
		}
	}
}

// TestWorkConflicts: both halves of a pair, by one work or by two, and nothing else.
func TestWorkConflicts(t *testing.T) {
	t.Parallel()
	fine := func(id string, hit ...string) Work { return Work{ID: id, Hit: hit, Fine: true} }
	for name, c := range map[string]struct {
		change func(s *WorkScene)
		own    Work
		others []Work
		want   []string
	}{
		"one half": {nil, fine("w", "dxcon-a1"), nil, nil},
		"both halves": {nil, fine("w", "dxcon-a1", "dxcon-a2"), nil, []string{
			"gateway g of account 111122223333 loses dxvif-a1, dxvif-a2",
			"resiliency group dxrg-1 of account 111122223333 loses dxcon-a1, dxcon-a2",
		}},
		"one half each": {nil, fine("w", "dxcon-a1"), []Work{fine("x", "dxcon-a2"), fine("y", "dxcon-m1")}, []string{
			"gateway g of account 111122223333 loses dxvif-a1, dxvif-a2 together with x",
			"resiliency group dxrg-1 of account 111122223333 loses dxcon-a1, dxcon-a2 together with x",
		}},
		"what others do already is theirs": {nil, fine("w", "dxcon-a1"), []Work{fine("x", "dxcon-a1", "dxcon-a2")}, nil},
		"a LAG keeps its minimum":          {nil, fine("w", "dxcon-m1"), nil, nil},
		"a LAG falls below it":             {nil, fine("w", "dxcon-m1", "dxcon-m2"), nil, []string{"LAG dxlag-l of account 111122223333 loses dxcon-m1, dxcon-m2"}},
		"a LAG by two works":               {nil, fine("w", "dxcon-m1"), []Work{fine("x", "dxcon-m2")}, []string{"LAG dxlag-l of account 111122223333 loses dxcon-m1, dxcon-m2 together with x"}},
		"a LAG's router":                   {nil, Work{ID: "w", Hit: []string{"dxcon-m1", "dxcon-m2", "dxcon-m3"}}, nil, nil},
		"LAG and partner to one gateway": {nil, Work{ID: "w", Hit: []string{"dxcon-m1", "dxcon-m2", "dxcon-m3", "dxcon-i"}}, nil, []string{
			"gateway vgw-1 of account 111122223333 loses dxvif-h, dxvif-l",
		}},
		"two interfaces of one link are no pair": {func(s *WorkScene) { s.Interfaces[1].ParentID = "dxcon-a1" }, fine("w", "dxcon-a1"), nil, nil},
		"a group of one is no pair":              {func(s *WorkScene) { s.Groups[0].Layout.Links = s.Groups[0].Layout.Links[:1]; s.Interfaces = nil }, fine("w", "dxcon-a1"), nil, nil},
		"the other half is down already": {func(s *WorkScene) {
			s.Present, s.Groups[0].Layout.Links[1].Up, s.Interfaces[1].State = true, false, InterfaceDown
		}, fine("w", "dxcon-a1"), nil, []string{
			"gateway g of account 111122223333 loses dxvif-a1",
			"resiliency group dxrg-1 of account 111122223333 loses dxcon-a1",
		}},
		"what is planned counts as up by then": {func(s *WorkScene) { s.Groups[0].Layout.Links[1].Up, s.Interfaces[1].State = false, InterfaceDown }, fine("w", "dxcon-a1"), nil, nil},
		"what is down has nothing to lose": {func(s *WorkScene) {
			s.Present, s.Groups[0].Layout.Links[0].Up, s.Interfaces[0].State = true, false, InterfaceDown
		}, fine("w", "dxcon-a1"), nil, nil},
		"a member that is down already": {func(s *WorkScene) { s.Present, s.Connections[2].State = true, ConnectionDown }, fine("w", "dxcon-m2"), nil, []string{
			"LAG dxlag-l of account 111122223333 loses dxcon-m2",
		}},
	} {
		s := workScene()
		if c.change != nil {
			c.change(&s)
		}
		var got []string
		for _, found := range s.Conflicts(c.own, c.others) {
			got = append(got, found.String())
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestDrainFor: sessions are shut for one work at a time, and only that lets them come back.
func TestDrainFor(t *testing.T) {
	t.Parallel()
	v := VirtualInterface{ID: "dxvif-1", State: InterfaceAvailable}
	shut, changed := v.DrainFor("mnt-1", true, noon)
	if !changed || shut.Drained != "mnt-1" || !shut.Due.Equal(noon) {
		t.Errorf("shut: %v, %+v", changed, shut)
	}
	for _, c := range []struct {
		id string
		on bool
	}{{"mnt-2", true}, {"mnt-2", false}, {"mnt-1", true}} {
		if again, changed := shut.DrainFor(c.id, c.on, noon); changed || again.Drained != "mnt-1" {
			t.Errorf("%v: %v, %+v", c, changed, again)
		}
	}
	if back, changed := shut.DrainFor("mnt-1", false, noon); !changed || back.Drained != "" {
		t.Errorf("back: %v, %+v", changed, back)
	}
	v.State = InterfaceDeleting
	if _, changed := v.DrainFor("mnt-1", true, noon); changed {
		t.Error("what is being deleted is shut")
	}
}

// TestDrainEndsWithAMove: what moves away from what is worked on is no longer shut.
func TestDrainEndsWithAMove(t *testing.T) {
	t.Parallel()
	v := VirtualInterface{ID: "dxvif-ffabc123", State: InterfaceDown, Type: Private, VLAN: 7, Router: router, ParentID: connectionID,
		Region: "us-east-1", Drained: "mnt-1", Peers: []BGPPeer{{ID: "kept", State: PeerAvailable}}}
	to := InterfaceParent{ID: otherID, Region: "us-east-1", Router: otherRouter, Ready: true, Bandwidth: Gbps10, Capacity: 10000}
	moved, err := v.MoveTo(to, nil, DocumentedQuotas, func() string { return "fresh" }, noon)
	if err != nil || moved.Drained != "" {
		t.Errorf("moved: %v, %q", err, moved.Drained)
	}
	if carried := v.CarriedTo(otherRouter, "EqDC2", noon); carried.Drained != "" {
		t.Errorf("with its hosted connection: %q", carried.Drained)
	}
}
