package reconcile

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// TestCustomerTrouble: what the customer's router does wrong takes the interface down with a reason, and its routes away;
// put right, all is back.
func TestCustomerTrouble(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.openGateway()
	circuit := b.circuit(router)
	id := b.attach(circuit, nil)
	b.associate("a", "vgw-12345678", []string{"10.0.0.0/16"})
	b.settle()
	heard := b.routes(id, accepted)
	right := func() {
		t.Helper()
		b.vifIs(id, directconnect.InterfaceAvailable)
		b.carries(id, accepted, heard...)
		b.carries(id, advertised, "10.0.0.0/16")
	}
	wrong := func(reason string) {
		t.Helper()
		v := b.vifIs(id, directconnect.InterfaceDown)
		if !strings.Contains(v.Reason, reason) || v.Peers[0].Up || v.Peers[0].Status() != "down" {
			t.Errorf("down because of %q, want %q; peer %+v", v.Reason, reason, v.Peers[0])
		}
		b.carries(id, accepted)
		b.carries(id, advertised)
	}
	right()
	for reason, s := range map[string]directconnect.CustomerScript{
		"does not answer": {Silent: true}, "TCP MD5 key": {WrongKey: true}, "is AS 65009": {ASN: 65009},
	} {
		b.script(id, &s)
		wrong(reason)
		b.script(id, nil)
		right()
	}
	b.do(circuit, directconnect.Connection.CutCable)
	b.settle()
	wrong("no light")
	b.do(circuit, directconnect.Connection.RestoreCable)
	b.settle()
	right()
	b.sim.Unreachable(router, true)
	b.script(id, nil)
	b.vifIs(id, directconnect.InterfaceUnknown)
	b.carries(id, accepted, heard...) // nobody knows better
	b.sim.Unreachable(router, false)
	b.wait(lastRetry)
	right()
}

// TestFlap: a customer that drops its session is seen each time, by the clock alone.
func TestFlap(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.openGateway()
	id := b.attach(b.circuit(router), nil)
	b.settle()
	b.script(id, &directconnect.CustomerScript{Flap: &directconnect.Flap{From: b.now().Add(time.Minute), Seconds: 30, Times: 2}})
	var states []directconnect.InterfaceState
	for {
		v := b.vif(id)
		states = append(states, v.State)
		if v.Due.IsZero() {
			break
		}
		b.wait(v.Due.Sub(b.now()))
	}
	up, down := directconnect.InterfaceAvailable, directconnect.InterfaceDown
	if want := []directconnect.InterfaceState{up, down, up, down, up}; !slices.Equal(states, want) {
		t.Errorf("states %v, want %v", states, want)
	}
}

func many(n int) *directconnect.CustomerScript {
	s := announce()
	for i := range n {
		s.Announce = append(s.Announce, directconnect.CustomerRoute{CIDR: netip.MustParsePrefix(fmt.Sprintf("10.%d.%d.0/24", i/256, i%256))})
	}
	return s
}

// TestPrefixLimit: a customer that announces too much is closed and stays closed though it has thought better of it, until
// the hold time ends or an operator tries the session; too much again closes it again.
func TestPrefixLimit(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.openGateway()
	id := b.attach(b.circuit(router), nil)
	b.settle()
	held := func() {
		t.Helper()
		v := b.vifIs(id, directconnect.InterfaceDown)
		if !strings.Contains(v.Reason, "Cease 6/1: 101 prefixes announced, 100 allowed") || v.Peers[0].Held.IsZero() {
			t.Errorf("down because of %q, held since %v", v.Reason, v.Peers[0].Held)
		}
		b.carries(id, accepted)
	}
	b.script(id, many(100))
	b.vifIs(id, directconnect.InterfaceAvailable)
	if n := len(b.routes(id, accepted)); n != 100 {
		t.Errorf("%d routes are accepted", n)
	}
	b.script(id, many(101))
	held()
	b.script(id, many(99))
	held()
	b.wait(directconnect.PrefixHold - time.Second)
	held()
	b.wait(time.Second)
	b.vifIs(id, directconnect.InterfaceAvailable)
	if n := len(b.routes(id, accepted)); n != 99 {
		t.Errorf("%d routes are accepted", n)
	}
	b.script(id, many(101))
	b.wait(directconnect.PrefixHold)
	held()
	b.script(id, many(1))
	b.doVIF(id, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
		return v.Reenable("", now)
	})
	b.settle()
	b.vifIs(id, directconnect.InterfaceAvailable)
	b.script(id, many(101))
	held()
	other, _ := b.server(nil) // a restart forgets nothing
	b.script(id, many(1))
	if err := other.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	held()
}

func (b *bed) startTest(id string, peers []string, minutes int32) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		v, err := tx.Interface(id)
		if err != nil {
			return err
		}
		v, test, err := v.StartTest("test-"+id, peers, &minutes, b.now())
		if err != nil {
			return err
		}
		if err := tx.PutFailoverTest(&test); err != nil {
			return err
		}
		return tx.PutInterface(&v)
	})
}

func (b *bed) testOf(id string) (test directconnect.FailoverTest) {
	b.t.Helper()
	err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
		test, err = tx.FailoverTest("test-" + id)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return test
}

// TestFailoverTest: the named session goes down and no other, stays down across a restart, and comes back when the time is
// over, which ends the test.
func TestFailoverTest(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.openGateway()
	id := b.attach(b.circuit(router), nil)
	b.doVIF(id, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
		return v.AddPeer("dxpeer-six", directconnect.PeerOrder{Family: directconnect.IPv6, ASN: 65001, Key: seal("another", "bgp/"+id)}, nil, now)
	})
	b.settle()
	first := b.vifIs(id, directconnect.InterfaceAvailable).Peers[0].ID
	b.startTest(id, []string{first}, 5)
	begun := b.now()
	tested := func() {
		t.Helper()
		v := b.vifIs(id, directconnect.InterfaceTesting)
		if v.Peers[0].Up || v.Peers[0].Reason != testReason || !v.Peers[1].Up {
			t.Errorf("under test the peers are %+v", v.Peers)
		}
		if got := b.routes(id, accepted); len(got) != 1 || !strings.Contains(got[0], ":") {
			t.Errorf("under test are accepted %v", got)
		}
	}
	b.settle()
	tested()
	b.clock.turn(2 * time.Minute)
	b.Reconciler, b.sim = b.server(nil) // a restart: the routers have lost everything
	b.doVIF(id, func(v directconnect.VirtualInterface, now time.Time) (directconnect.VirtualInterface, error) {
		v.Due = now
		return v, nil
	})
	b.settle()
	tested()
	if due := b.vif(id).Due; !due.Equal(begun.Add(5 * time.Minute)) {
		t.Errorf("due %v", due)
	}
	b.wait(3 * time.Minute)
	v := b.vifIs(id, directconnect.InterfaceAvailable)
	if v.TestID != "" || !v.Peers[0].Up {
		t.Errorf("after the test: %q, peers %+v", v.TestID, v.Peers)
	}
	if test := b.testOf(id); test.Status != directconnect.TestCompleted || !test.Ended.Equal(begun.Add(5*time.Minute)) {
		t.Errorf("the test is %+v", test)
	}
}

// TestFailoverTestStopped: stopped by its caller, or left without its interface, a test ends too.
func TestFailoverTestStopped(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	b.openGateway()
	circuit := b.circuit(router)
	stopped, gone := b.attach(circuit, nil), b.attach(circuit, nil)
	b.settle()
	for _, id := range []string{stopped, gone} {
		b.startTest(id, nil, 60)
	}
	b.settle()
	b.vifIs(stopped, directconnect.InterfaceTesting)
	b.update(func(tx *store.Tx) error {
		v, err := tx.Interface(stopped)
		if err != nil {
			return err
		}
		test, err := tx.FailoverTest(v.TestID)
		if err != nil {
			return err
		}
		if v, test, err = v.EndTest(test, directconnect.TestStop, b.now()); err != nil {
			return err
		}
		if err := tx.PutFailoverTest(&test); err != nil {
			return err
		}
		return tx.PutInterface(&v)
	})
	b.doVIF(gone, removeVIF)
	b.settle()
	b.vifIs(stopped, directconnect.InterfaceAvailable)
	b.vifIs(gone, directconnect.InterfaceDeleted)
	if a, c := b.testOf(stopped), b.testOf(gone); a.Status != directconnect.TestCancelled || c.Status != directconnect.TestFailed || c.Ended.IsZero() {
		t.Errorf("the tests ended as %s and %s (%v)", a.Status, c.Status, c.Ended)
	}
}
