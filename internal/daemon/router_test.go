package daemon

import (
	"errors"
	"slices"
	"testing"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/fabric/remote"
	"onramp/internal/operator"
	"onramp/internal/store"
)

func TestEnrolments(t *testing.T) {
	t.Parallel()
	l := openLedger(t)
	err := l.store.Update(t.Context(), func(tx *store.Tx) error {
		r, err := tx.Router("r1")
		if err != nil {
			return err
		}
		r.Fabric = directconnect.Linux
		return tx.PutRouter(&r)
	})
	if err != nil {
		t.Fatal(err)
	}
	server, err := remote.NewServer(t.Context(), remote.Config{Ledger: l, Addresses: []string{"192.0.2.1:7226"}, Name: "here"})
	if err != nil {
		t.Fatal(err)
	}
	e := enrolments{l.store, server, time.Now}
	one := func() operator.Router {
		t.Helper()
		all, err := e.Routers(t.Context())
		if err != nil || len(all) != 1 || all[0].Name != "r1" || all[0].Location != "HERE" || all[0].Region != "us-east-1" {
			t.Fatalf("routers %+v; error %v", all, err)
		}
		return all[0]
	}
	if r := one(); !r.Enrolled.IsZero() || !r.TokenExpires.IsZero() {
		t.Errorf("a router that should have an agent: %+v", r)
	}
	token, err := e.NewToken(t.Context(), "r1", time.Minute)
	if err != nil || token.Router != "r1" || !slices.Equal(token.Addresses, []string{"192.0.2.1:7226"}) {
		t.Fatalf("token for %s at %v; error %v", token.Router, token.Addresses, err)
	}
	if parsed, err := remote.ParseToken(token.Token); err != nil || parsed.Router() != "r1" {
		t.Errorf("the token is none: %v", err)
	}
	if r := one(); !r.TokenExpires.Equal(token.Expires) {
		t.Errorf("a token is out: %+v", r)
	}
	noon := time.Now().UTC().Truncate(time.Microsecond)
	err = l.ChangeAgent(t.Context(), "r1", func(a *remote.Agent) error {
		*a = remote.Agent{Router: "r1", Enrolment: "x", Enrolled: noon, Connected: noon, Seen: noon, Waiting: true, Drift: []string{"et-0"}, Repairs: 3, Repaired: []string{"et-1"}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := one(); !r.ConnectedSince.Equal(noon) || !r.Waiting || r.Repairs != 3 || len(r.Drift) != 1 || !r.TokenExpires.IsZero() {
		t.Errorf("a connected one: %+v", r)
	}
	e.now = func() time.Time { return noon.Add(time.Minute) } // its server died
	if r := one(); !r.ConnectedSince.IsZero() || !r.LastSeen.Equal(noon) {
		t.Errorf("one that was not heard of for a minute: %+v", r)
	}
	if err := e.Revoke(t.Context(), "r1"); err != nil {
		t.Fatal(err)
	}
	if r := one(); r.Revoked.IsZero() || !r.Enrolled.IsZero() || r.Waiting {
		t.Errorf("a revoked one: %+v", r)
	}
	_, simulated := e.NewToken(t.Context(), "r2", 0)
	_, unknown := e.NewToken(t.Context(), "nowhere", 0)
	for what, c := range map[string]struct {
		err  error
		want controlplane.Reason
	}{
		"simulated": {simulated, controlplane.Conflict}, "unknown": {unknown, controlplane.Missing},
		"revoked twice": {e.Revoke(t.Context(), "r1"), controlplane.Missing}, "never enrolled": {e.Revoke(t.Context(), "r2"), controlplane.Missing},
	} {
		if refused, ok := errors.AsType[*controlplane.Refusal](c.err); !ok || refused.Reason != c.want {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
