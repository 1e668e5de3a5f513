package remotetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric/remote"
)

// RunLedger holds a ledger to its contract. open answers one without agents and without an authority, where r1 and r2 are
// routers of the inventory and nowhere is none.
func RunLedger(t *testing.T, open func(t *testing.T) remote.Ledger) {
	t.Run("the authority is made once", func(t *testing.T) { testAuthority(t, open(t)) })
	t.Run("agents are kept", func(t *testing.T) { testAgents(t, open(t)) })
	t.Run("changes do not get lost", func(t *testing.T) { testChanges(t, open(t)) })
}

func testAuthority(t *testing.T, l remote.Ledger) {
	failure := errors.New("no entropy")
	if _, err := l.Authority(t.Context(), func() ([]byte, error) { return nil, failure }); !errors.Is(err, failure) {
		t.Errorf("making it failed, and the error is %v", err)
	}
	got := make([]string, 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			text, err := l.Authority(t.Context(), func() ([]byte, error) { return []byte{'0' + byte(i)}, nil })
			if err != nil {
				t.Error(err)
			}
			got[i] = string(text)
		})
	}
	wg.Wait()
	for _, text := range got {
		if text != got[0] || text == "" {
			t.Fatalf("eight servers were given %q", got)
		}
	}
}

func testAgents(t *testing.T, l remote.Ledger) {
	if _, err := l.Agent(t.Context(), "r1"); !errors.Is(err, remote.ErrNoAgent) {
		t.Errorf("an agent that is not there: %v", err)
	}
	err := l.ChangeAgent(t.Context(), "nowhere", func(*remote.Agent) error { return nil })
	if !errors.Is(err, remote.ErrNoRouter) {
		t.Errorf("a router that is not there: %v", err)
	}
	noon := time.Date(2026, 11, 23, 12, 0, 0, 123000, time.UTC)
	full := remote.Agent{
		Router: "r2", TokenHash: "hash", TokenExpires: noon, Enrolment: "ABC", SealingKey: []byte{0, 255, 1}, Enrolled: noon.Add(1 * time.Hour),
		Expires: noon.Add(2 * time.Hour), Revoked: noon.Add(3 * time.Hour), Server: "host/1", Connected: noon.Add(4 * time.Hour),
		Seen: noon.Add(5 * time.Hour), Waiting: true, Drift: []string{"et-0"}, Repairs: 7, Repaired: []string{"et-1", "x"},
	}
	for _, want := range []remote.Agent{full, {Router: "r1"}, {Router: "r2"}, full} {
		if err := l.ChangeAgent(t.Context(), want.Router, func(a *remote.Agent) error { *a = want; return nil }); err != nil {
			t.Fatal(err)
		}
		got, err := l.Agent(t.Context(), want.Router)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("error %v, (-want +got):\n%s", err, diff)
		}
	}
	failure := errors.New("failure")
	err = l.ChangeAgent(t.Context(), "r2", func(a *remote.Agent) error { a.Server = "another"; return failure })
	if !errors.Is(err, failure) {
		t.Errorf("a change that failed: %v", err)
	}
	all, err := l.Agents(t.Context())
	if diff := cmp.Diff([]remote.Agent{{Router: "r1"}, full}, all); diff != "" || err != nil {
		t.Errorf("error %v, (-want +got):\n%s", err, diff)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.ChangeAgent(ended, "r1", func(*remote.Agent) error { return nil }); err == nil {
		t.Error("a change after its context has ended")
	}
}

func testChanges(t *testing.T, l remote.Ledger) {
	const writers, times = 4, 10
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range times {
				if err := l.ChangeAgent(t.Context(), "r1", func(a *remote.Agent) error { a.Repairs++; return nil }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if a, err := l.Agent(t.Context(), "r1"); err != nil || a.Repairs != writers*times {
		t.Errorf("%d changes of %d; error %v", a.Repairs, writers*times, err)
	}
}
