package daemon_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"onramp/internal/daemon"
	"onramp/internal/store"
)

// The audit trail has the client that a trusted proxy names, of the customers' API and of the operator's; where nobody is
// trusted it has the proxy.
func TestTrailBehindProxy(t *testing.T) {
	t.Parallel()
	for trusted, want := range map[string]string{"127.0.0.0/8": "203.0.113.9", "": "127.0.0.1"} {
		c := config(t)
		c.Audit = daemon.AuditWrites
		if trusted != "" {
			var err error
			if c.TrustedProxies, err = daemon.ParseProxies([]string{trusted}); err != nil {
				t.Fatal(err)
			}
		}
		d := start(t, c)
		const order = `{"location":"EqDC2","bandwidth":"1Gbps","connectionName":"x"}`
		customer := signed(t, d.Endpoint(), "CreateConnection", order, strings.NewReader(order), "111122223333", "us-east-1")
		ops, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.OperatorEndpoint()+"/v1/connections/dxcon-none/approve", nil)
		if err != nil {
			t.Fatal(err)
		}
		ops.Header.Set("Authorization", "Bearer "+d.OperatorToken())
		for _, r := range []*http.Request{customer, ops} {
			r.Header.Set("X-Forwarded-For", "192.0.2.1, 203.0.113.9")
			w, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			w.Body.Close()
		}
		wantTrail(t, d, want, "CreateConnection", "POST /v1/connections/{id}/approve")
	}
}

// wantTrail wants records of some events, and all of them from an address.
func wantTrail(t *testing.T, d *daemon.Daemon, address string, events ...string) {
	t.Helper()
	links, err := d.Service().AuditRecords(t.Context(), store.AuditQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, l := range links {
		var r struct{ EventName, SourceIPAddress string }
		if err := json.Unmarshal([]byte(l.Body), &r); err != nil {
			t.Fatal(err)
		}
		found[r.EventName] = r.SourceIPAddress
	}
	for _, event := range events {
		if found[event] != address {
			t.Errorf("%s is recorded from %q, want %s (%v)", event, found[event], address, found)
		}
	}
}
