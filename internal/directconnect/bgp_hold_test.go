package directconnect

import (
	"slices"
	"testing"
	"time"
)

func sessions(s SeenSession, ids ...string) SeenInterface {
	seen := SeenInterface{Readable: true, Configured: true, Sessions: map[string]SeenSession{}}
	for _, id := range ids {
		seen.Sessions[id] = s
	}
	return seen
}

// TestPrefixHold follows a session that announces too much: it is shut, stays so with its reason, is tried after the hold
// time, and again at an operator's word.
func TestPrefixHold(t *testing.T) {
	t.Parallel()
	v := onGateway()
	v.State, v.Peers = InterfacePending, []BGPPeer{{ID: "p", State: PeerPending}}
	up, shut := sessions(SeenSession{Up: true}, "p"), sessions(SeenSession{Reason: "shut down"}, "p")
	over := sessions(SeenSession{OverLimit: true, Reason: "too many"}, "p")
	step := func(seen SeenInterface, now time.Time, state InterfaceState, due time.Time, held bool) {
		t.Helper()
		v, _ = v.Advance(seen, nil, Instant, now)
		if v.State != state || !v.Due.Equal(due) || v.Peers[0].Held.IsZero() == held {
			t.Fatalf("state %s, due %v, held %v; want %s, %v, %t", v.State, v.Due, v.Peers[0].Held, state, due, held)
		}
	}
	end := noon.Add(PrefixHold)
	step(up, noon, InterfaceAvailable, time.Time{}, false)
	step(over, noon, InterfaceDown, noon, true)
	step(shut, noon, InterfaceDown, end, true)
	if v.Peers[0].Reason != "too many" || v.Reason != "too many" {
		t.Errorf("held with reason %q, the interface's is %q", v.Peers[0].Reason, v.Reason)
	}
	step(SeenInterface{}, noon.Add(time.Minute), InterfaceUnknown, end, true)
	step(shut, end.Add(-1), InterfaceDown, end, true)
	step(shut, end, InterfaceDown, end, false)
	step(over, end, InterfaceDown, end, true)
	step(shut, end, InterfaceDown, end.Add(PrefixHold), true)
	if _, err := v.Reenable("q", end); err == nil {
		t.Error("a peer that is not there is tried again")
	}
	was := v
	next, err := v.Reenable("p", end)
	if err != nil || !next.Due.Equal(end) || was.Peers[0].Held.IsZero() {
		t.Fatalf("Reenable: %v, due %v; the original is held since %v", err, next.Due, was.Peers[0].Held)
	}
	v = next
	step(up, end, InterfaceAvailable, time.Time{}, false)
	if v.Reason != "" || v.Peers[0].Reason != "" {
		t.Errorf("up with reason %q", v.Reason)
	}
}

// TestHoldEndsOnSilentRouter: a hold whose time is over while the router does not answer is over, and nothing is due for it.
func TestHoldEndsOnSilentRouter(t *testing.T) {
	t.Parallel()
	v := onGateway()
	v.State, v.Peers = InterfaceDown, []BGPPeer{{ID: "p", State: PeerAvailable, Held: noon}}
	v, _ = v.Advance(SeenInterface{}, nil, Instant, noon.Add(PrefixHold))
	if !v.Due.IsZero() || !v.Peers[0].Held.IsZero() {
		t.Errorf("due %v, held since %v", v.Due, v.Peers[0].Held)
	}
}

// TestPoolEndsHold: a larger share of the pool has the session tried at once.
func TestPoolEndsHold(t *testing.T) {
	t.Parallel()
	v := onGateway()
	v.State, v.PoolIPv4, v.Peers = InterfaceDown, 100, []BGPPeer{{ID: "p", State: PeerAvailable, Held: noon}}
	pool := int32(200)
	next, err := v.Update(InterfaceChange{PoolIPv4: &pool}, InterfaceParent{ID: "c", Bandwidth: Gbps10, Ready: true}, nil, noon)
	if err != nil || !next.Peers[0].Held.IsZero() || v.Peers[0].Held.IsZero() {
		t.Errorf("error %v, held %v", err, next.Peers[0].Held)
	}
}

func TestFlap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		times   int64
		changes []int // seconds after noon at which it changes, down first
	}{{1, []int{10, 20}}, {2, []int{10, 20, 30, 40}}} {
		f := Flap{From: noon.Add(10 * time.Second), Seconds: 10, Times: c.times}
		now, down, got := noon, f.Down(noon), []int(nil)
		for range 10 {
			at := f.Next(now)
			if at.IsZero() {
				break
			}
			if f.Down(at.Add(-1)) != down {
				t.Errorf("%d times: changes before %v", c.times, at)
			}
			if now, down = at, f.Down(at); down == f.Down(at.Add(-1)) {
				t.Errorf("%d times: does not change at %v", c.times, at)
			}
			got = append(got, int(at.Sub(noon)/time.Second))
		}
		if !slices.Equal(got, c.changes) || down || f.Down(now.Add(time.Hour)) {
			t.Errorf("%d times: changes at %v, want %v; down %t", c.times, got, c.changes, down)
		}
	}
	forever := Flap{From: noon, Seconds: 1}
	if at := noon.Add(1001 * time.Second); forever.Down(at) || !forever.Down(at.Add(time.Second)) || !forever.Next(at).Equal(at.Add(time.Second)) {
		t.Error("a flap without end has ended")
	}
}

func TestCustomerScript(t *testing.T) {
	t.Parallel()
	s, err := ParseCustomerScript(`{"silent":true,"announce":[{"cidr":"10.0.0.0/8","path":[65001],"communities":["7224:7100"]}],"flap":{"from":"2026-03-01T12:00:00Z","seconds":5}}`)
	if err != nil || !s.Silent || len(s.Announce) != 1 || s.Flap == nil || !s.Flap.Down(noon) {
		t.Errorf("read as %+v, error %v", s, err)
	}
	if s, err := ParseCustomerScript(`{}`); err != nil || s.Announce != nil {
		t.Errorf("an empty script announces %v, error %v", s.Announce, err)
	}
	if s, err := ParseCustomerScript(`{"announce":[]}`); err != nil || s.Announce == nil {
		t.Errorf("a script that announces nothing is as the default; error %v", err)
	}
	for _, bad := range []string{``, `{"loud":true}`, `{"announce":[{"cidr":"10.0.0.1/8"}]}`, `{"announce":[{}]}`, `{"asn":-1}`,
		`{"announce":[{"cidr":"10.0.0.0/8"},{"cidr":"10.0.0.0/8"}]}`, `{"announce":[{"cidr":"10.0.0.0/8","path":[0]}]}`,
		`{"announce":[{"cidr":"10.0.0.0/8","communities":["x"]}]}`, `{"flap":{"seconds":0}}`, `{"flap":{"seconds":1,"times":-1}}`} {
		if s, err := ParseCustomerScript(bad); err == nil {
			t.Errorf("%s is read as %+v", bad, s)
		}
	}
}
