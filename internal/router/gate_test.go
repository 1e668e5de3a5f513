package router

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
	"onramp/internal/fabric/sim"
)

// fresh is a router that is enrolled and was never configured.
func (b *lab) fresh(name string) *station {
	r := &station{lab: b, name: name, path: folderPath(b.t), driver: &machine{Fabric: sim.New(b.world), planned: true, steps: []string{"add vlan 100", "add vrf gateway"}}}
	r.enroll()
	return r
}

// running is an agent as onramp router run has it.
type running struct {
	*station
	stop  context.CancelFunc
	ended chan error
}

func (s *station) run() *running {
	t := s.lab.t
	t.Helper()
	await(t, "the agent before is gone", func() bool { return !s.lab.servers[0].Connected(s.name) })
	ctx, stop := context.WithCancel(t.Context())
	r := &running{s, stop, make(chan error, 1)}
	go func() { r.ended <- Run(ctx, s.path, Config{Open: s.open, Log: s.lab.log.logger()}) }()
	await(t, "the agent connects", func() bool { return s.lab.servers[0].Connected(s.name) })
	return r
}

func (r *running) end() {
	r.lab.t.Helper()
	r.stop()
	if err := <-r.ended; err != nil {
		r.lab.t.Fatal(err)
	}
}

func (s *station) plan() Plan {
	s.lab.t.Helper()
	p, err := ShowPlan(s.lab.t.Context(), s.path, s.open, nil)
	if err != nil {
		s.lab.t.Fatal(err)
	}
	return p
}

// awaitWaiting waits until the control plane knows whether a router waits for its operator.
func (b *lab) awaitWaiting(router string, waiting bool) {
	b.t.Helper()
	await(b.t, "the control plane knows whether it waits", func() bool {
		a, err := b.ledger.Agent(b.t.Context(), router)
		return err == nil && a.Waiting == waiting
	})
}

// Nothing is done on a box before its operator has seen what; then it is done at once, and never asked again.
func TestFirstPlanIsAccepted(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.fresh("r1")
	if p := r.plan(); p.Sequence != 0 || len(p.Steps) > 0 || p.Accepted || p.Running || p.Router != "r1" {
		t.Errorf("before there is an intent: %+v", p)
	}
	agent := r.run()
	for range 2 {
		if err := server.Apply(t.Context(), "r1", plain("et-0")); !errors.Is(err, remote.ErrWaiting) {
			t.Errorf("error %v", err)
		}
	}
	await(t, "the agent answers, and shows its plan", func() bool {
		p, err := ShowPlan(t.Context(), r.path, r.open, nil)
		return err == nil && p.Running && slices.Equal(p.Steps, r.driver.steps) && p.Sequence == 1 && !p.Accepted
	})
	b.awaitWaiting("r1", true)
	agent.end()
	if p := r.plan(); p.Running || p.Accepted || !slices.Equal(p.Steps, r.driver.steps) {
		t.Errorf("without the agent: %+v", p)
	}
	if n := r.driver.applies(); n != 0 {
		t.Fatalf("%d applies that nobody has accepted", n)
	}
	agent = r.run()
	await(t, "the operator accepts", func() bool { return AcceptPlan(t.Context(), r.path) == nil })
	if !r.follows(plain("et-0")) {
		t.Error("what was accepted is not done")
	}
	server.apply(t, "r1", plain("et-1"))
	b.awaitWaiting("r1", false)
	agent.end()
	half := filepath.Join(r.path, ".onramp-1234") // of an agent that was killed
	if err := os.WriteFile(half, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Remove(t.Context(), r.path, r.open, nil); err != nil {
		t.Fatal(err)
	}
	if !r.driver.removed {
		t.Error("the driver was not asked to remove what it made")
	}
	if _, err := os.Stat(r.path); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

// Accepted without a running agent, or by a flag; and a plan without steps need not be accepted.
func TestAcceptedBeforehand(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	for name, accept := range map[string]func(r *station) Config{
		"offline": func(r *station) Config {
			if err := AcceptPlan(t.Context(), r.path); err != nil {
				t.Error(err)
			}
			return Config{}
		},
		"flag":     func(*station) Config { return Config{Accepted: true} },
		"no steps": func(r *station) Config { r.driver.steps = nil; return Config{} },
	} {
		r := b.fresh(name)
		r.start(accept(r))
		b.servers[0].apply(t, name, plain("et-0"))
		if !r.follows(plain("et-0")) {
			t.Errorf("%s: not applied", name)
		}
		if name == "no steps" {
			r.driver.set(func(m *machine) { m.steps = []string{"add port"} })
			if err := b.servers[0].Apply(t.Context(), name, plain("et-1")); !errors.Is(err, remote.ErrWaiting) {
				t.Errorf("the first plan with steps: %v", err)
			}
		}
	}
	// A driver that does not plan: what an observation tells is the plan.
	r := b.fresh("simple")
	r.driver.planned = false
	r.start(Config{})
	if err := b.servers[0].Apply(t.Context(), "simple", plain("et-0")); !errors.Is(err, remote.ErrWaiting) {
		t.Errorf("error %v", err)
	}
	if p, err := r.agent.Plan(t.Context()); err != nil || !slices.Equal(p.Steps, []string{"configure et-0"}) {
		t.Errorf("plan %+v; error %v", p, err)
	}
}

// What somebody changes on the router is put right, and reported.
func TestDriftIsPutRight(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.router("r1")
	server.apply(t, "r1", plain("et-0"))
	if err := r.driver.Fabric.Apply(t.Context(), "r1", plain("et-9")); err != nil { // behind our back
		t.Fatal(err)
	}
	r.driver.changed()
	await(t, "it is put right", func() bool { return r.follows(plain("et-0")) })
	await(t, "it is reported", func() bool {
		a, err := b.ledger.Agent(t.Context(), "r1")
		return err == nil && a.Repairs == 1 && slices.Equal(a.Repaired, []string{"et-0", "et-9"}) && len(a.Drift) == 0
	})
	// What cannot be put right is tried at each beat, not without end.
	r.driver.set(func(m *machine) { m.refuse = errors.New("device is gone") })
	if err := r.driver.Fabric.Apply(t.Context(), "r1", fabric.Intent{}); err != nil {
		t.Fatal(err)
	}
	before := r.driver.applies()
	r.driver.changed()
	await(t, "it is tried", func() bool { return r.driver.applies() > before })
	await(t, "it is said", func() bool { return strings.Contains(b.log.String(), "device is gone") })
	r.driver.set(func(m *machine) { m.refuse = nil })
	server.apply(t, "r1", plain("et-0"))
}

// A part that cannot be done, for a device that is missing, holds up neither the plan, nor the rest, nor what is reported.
func TestPartIsMissing(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.fresh("r1")
	missing := fmt.Errorf("%w: port et-7: there is no device eth7", fabric.ErrIncomplete)
	r.driver.set(func(m *machine) { m.missing = missing })
	r.start(Config{})
	if err := server.Apply(t.Context(), "r1", plain("et-0")); !errors.Is(err, remote.ErrWaiting) {
		t.Errorf("error %v", err)
	}
	if p, err := r.agent.Plan(t.Context()); err != nil || p.Problem != missing.Error() || len(p.Steps) != 2 {
		t.Errorf("plan %+v; error %v", p, err)
	}
	r.driver.set(func(m *machine) { m.steps = nil; m.refuse = missing })
	if err := r.agent.Accept(t.Context()); !errors.Is(err, fabric.ErrIncomplete) || !strings.Contains(err.Error(), "eth7") {
		t.Errorf("error %v", err)
	}
	if err := server.Apply(t.Context(), "r1", plain("et-0")); !errors.Is(err, fabric.ErrIncomplete) || !strings.Contains(err.Error(), "eth7") {
		t.Errorf("error %v", err)
	}
	await(t, "the drift is reported", func() bool {
		a, err := b.ledger.Agent(t.Context(), "r1")
		return err == nil && slices.Equal(a.Drift, []string{"et-0"})
	})
	before := server.counted(server.noticed, "r1")
	if err := r.driver.Fabric.Apply(t.Context(), "r1", plain("et-1")); err != nil {
		t.Fatal(err)
	}
	r.driver.changed()
	await(t, "a change is reported all the same", func() bool { return server.counted(server.noticed, "r1") > before })
	if n := strings.Count(b.log.String(), "does not take all that it is told"); n != 1 {
		t.Errorf("the trouble is logged %d times", n)
	}
	strayed := server.counted(server.strayed, "r1")
	server.wire.cut(true)
	await(t, "the server notices", func() bool { return !server.Connected("r1") })
	noticed := server.counted(server.noticed, "r1")
	server.wire.cut(false)
	await(t, "the agent comes back", func() bool { return server.Connected("r1") && server.counted(server.noticed, "r1") > noticed })
	if n := server.counted(server.strayed, "r1"); n != strayed {
		t.Errorf("a router that has heard what it cannot have has strayed %d times", n-strayed)
	}
}

// A router that is as it should be but for what it cannot have waits for nobody.
func TestNothingToAccept(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.fresh("r1")
	missing := fmt.Errorf("%w: port et-7: there is no device eth7", fabric.ErrIncomplete)
	r.driver.set(func(m *machine) { m.missing, m.steps = missing, nil })
	r.start(Config{})
	if err := server.Apply(t.Context(), "r1", plain("et-0")); err != nil || r.driver.applies() == 0 || r.agent.current().Waiting {
		t.Errorf("error %v; applied %d times", err, r.driver.applies())
	}
	broken := errors.New("no netlink")
	r.driver.set(func(m *machine) { m.missing = broken })
	applied := r.driver.applies()
	if err := server.Apply(t.Context(), "r1", plain("et-1")); err == nil || !strings.Contains(err.Error(), broken.Error()) || r.driver.applies() != applied {
		t.Errorf("without a plan: error %v; applied %d times more", err, r.driver.applies()-applied)
	}
}

// A driver that plans sees drift that no observation shows.
func TestPlannedDrift(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	r := b.fresh("r1")
	r.driver.steps = nil
	r.start(Config{Accepted: true, Beat: 50 * time.Millisecond})
	b.servers[0].apply(t, "r1", plain("et-0"))
	r.driver.set(func(m *machine) { m.steps = []string{"replace route 10.0.0.0/8"} })
	r.driver.changed()
	told := r.driver.applies()
	await(t, "it is told again, in vain, at every beat", func() bool {
		a, err := b.ledger.Agent(t.Context(), "r1")
		return err == nil && slices.Equal(a.Drift, r.driver.steps) && a.Repairs == 0 && r.driver.applies() > told+1
	})
	r.driver.set(func(m *machine) { m.steps = nil })
	await(t, "all is well again", func() bool { a, err := b.ledger.Agent(t.Context(), "r1"); return err == nil && len(a.Drift) == 0 })
}
