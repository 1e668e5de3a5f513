package router

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
)

// apply tells a router something, or fails the test.
func (c *control) apply(t testing.TB, router string, in fabric.Intent) {
	t.Helper()
	if err := c.Apply(t.Context(), router, in); err != nil {
		t.Fatal(err)
	}
}

// follows reports whether a simulated router is as an intent says.
func (s *station) follows(in fabric.Intent) bool {
	o, err := s.driver.Observe(s.lab.t.Context(), s.name)
	return err == nil && len(o.Drift(in)) == 0 && len(o.Ports) == len(in.Ports)
}

// The control plane goes away and comes back: the router stays as it is, and says so; nothing is applied again.
func TestControlPlaneAway(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.router("r1")
	await(t, "a router that was never told anything has strayed", func() bool { return server.counted(server.strayed, "r1") == 1 })
	in := keyed()
	server.apply(t, "r1", in)
	applied := r.driver.applies()
	for range 3 {
		server.wire.cut(true)
		await(t, "the server notices", func() bool { return !server.Connected("r1") })
		if _, err := server.Observe(t.Context(), "r1"); !errors.Is(err, fabric.ErrUnreachable) {
			t.Errorf("Observe: %v", err)
		}
		if err := server.Apply(t.Context(), "r1", in); !errors.Is(err, fabric.ErrUnreachable) {
			t.Errorf("Apply: %v", err)
		}
		if !r.follows(in) {
			t.Error("the router has changed while its control plane was away")
		}
		noticed := server.counted(server.noticed, "r1")
		server.wire.cut(false)
		await(t, "the agent comes back", func() bool { return server.Connected("r1") && server.counted(server.noticed, "r1") > noticed })
	}
	if n := r.driver.applies(); n != applied {
		t.Errorf("%d applies while nothing was to be done", n-applied)
	}
	if n := server.counted(server.strayed, "r1"); n != 1 {
		t.Errorf("an agent that has what it was told has strayed %d times", n-1)
	}
	server.apply(t, "r1", in)
	if report := r.agent.current(); report.Sequence != 1 || r.driver.applies() != applied+1 {
		t.Errorf("the same intent again is order %d, applied %d times", report.Sequence, r.driver.applies())
	}
	server.apply(t, "r1", plain("et-1"))
	if report := r.agent.current(); report.Sequence != 2 || !r.follows(plain("et-1")) {
		t.Errorf("another intent is order %d", report.Sequence)
	}
}

// What changes on the router reaches the reconciler within milliseconds, not at the next beat.
func TestChangesAreNoticed(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.router("r1")
	server.apply(t, "r1", plain("et-0"))
	await(t, "the apply itself is noticed", func() bool { return server.counted(server.noticed, "r1") >= 2 })
	for i := range 5 {
		before := server.counted(server.noticed, "r1")
		began := time.Now()
		b.world.plug("r1", "et-0", i%2 == 0)
		r.driver.changed()
		await(t, "the cable is noticed", func() bool { return server.counted(server.noticed, "r1") > before })
		t.Logf("noticed after %v", time.Since(began))
		o, err := server.Observe(t.Context(), "r1")
		if err != nil || o.Ports["et-0"].Carrier != (i%2 == 0) {
			t.Errorf("carrier %t; error %v", o.Ports["et-0"].Carrier, err)
		}
	}
}

// An agent that goes in the middle of a call: the call ends at once, and what the driver was told is finished.
func TestGoneInTheMiddle(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.router("r1")
	hold := make(chan struct{})
	r.driver.set(func(m *machine) { m.hold = hold })
	failed := make(chan error, 2)
	for range 2 { // the second waits for the first
		go func() { failed <- server.Apply(t.Context(), "r1", plain("et-0")) }()
	}
	await(t, "the driver is told", func() bool { return r.driver.applies() == 1 })
	server.wire.cut(true)
	for range 2 {
		if err := <-failed; !errors.Is(err, fabric.ErrUnreachable) {
			t.Errorf("error %v", err)
		}
	}
	await(t, "the server notices", func() bool { return !server.Connected("r1") })
	server.wire.cut(false)
	await(t, "the agent comes back while its driver works", func() bool { return server.Connected("r1") })
	close(hold)
	await(t, "the driver finishes", func() bool { return r.follows(plain("et-0")) })
	server.apply(t, "r1", plain("et-0"))
}

// A caller that gives up does not wait, and does not hold up the next.
func TestCallerGivesUp(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.router("r1")
	hold := make(chan struct{})
	r.driver.set(func(m *machine) { m.hold = hold })
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { failed <- server.Apply(ctx, "r1", plain("et-0")) }()
	await(t, "the driver is told", func() bool { return r.driver.applies() == 1 })
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := server.Observe(t.Context(), "r1"); err != nil {
		t.Errorf("Observe while the driver is being told: %v", err)
	}
	r.driver.set(func(m *machine) { m.hold = nil })
	close(hold)
	server.apply(t, "r1", plain("et-1"))
	if !r.follows(plain("et-1")) {
		t.Error("the later intent is not the one that counts")
	}
}

// What a driver refuses changes nothing, on the disk either; what it fails at is kept and tried again.
func TestDriverRefuses(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.router("r1")
	refused := errors.Join(fabric.ErrInvalid, errors.New("no such device for "+cak.Reveal()))
	r.driver.set(func(m *machine) { m.refuse = refused })
	err := server.Apply(t.Context(), "r1", keyed())
	if !errors.Is(err, fabric.ErrInvalid) || strings.Contains(err.Error(), cak.Reveal()) || !strings.Contains(err.Error(), "no such device") {
		t.Errorf("error %v", err)
	}
	if o, err := r.folder.order(); o != nil || err != nil {
		t.Errorf("a refused order is kept; error %v", err)
	}
	r.driver.set(func(m *machine) { m.refuse = nil })
	server.apply(t, "r1", plain("et-0"))
	r.driver.set(func(m *machine) { m.refuse = refused })
	if err := server.Apply(t.Context(), "r1", keyed()); !errors.Is(err, fabric.ErrInvalid) {
		t.Errorf("error %v", err)
	}
	if o, err := r.folder.order(); err != nil || o == nil || o.Fingerprint() != plain("et-0").Fingerprint() {
		t.Errorf("the order before is not kept; error %v", err)
	}
	r.driver.set(func(m *machine) { m.refuse = errors.New("netlink: busy") })
	if err := server.Apply(t.Context(), "r1", plain("et-1")); err == nil || !strings.Contains(err.Error(), "busy") || errors.Is(err, fabric.ErrUnreachable) {
		t.Errorf("error %v", err)
	}
	if o, err := r.folder.order(); err != nil || o == nil || o.Fingerprint() != plain("et-1").Fingerprint() {
		t.Errorf("an order that was begun is not kept; error %v", err)
	}
	r.driver.set(func(m *machine) { m.refuse = nil })
	r.agent.touch()
	await(t, "it is tried again", func() bool { return r.follows(plain("et-1")) })
	if strings.Contains(b.log.String(), cak.Reveal()) {
		t.Error("the log shows a key")
	}
}

// A stream outlives what a listener grants a request.
func TestStreamOutlivesLimits(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	b.router("r1")
	long := time.NewTimer(2 * listenerLimit)
	<-long.C
	if _, err := b.servers[0].Observe(t.Context(), "r1"); err != nil {
		t.Error(err)
	}
	if n := strings.Count(b.log.String(), "a router's agent has connected"); n != 1 {
		t.Errorf("the agent has connected %d times", n)
	}
}
