package event_test

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/event"
)

// TestSignKnown holds the signature against the vector that the authors of Standard Webhooks publish with their libraries.
func TestSignKnown(t *testing.T) {
	t.Parallel()
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	got, err := event.Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("Sign: %s, %v", got, err)
	}
}

func TestSignRefusesOtherSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"", "whsec_", "whsec_!", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"} {
		if _, err := event.Sign(secret, "id", time.Unix(0, 0), nil); err == nil {
			t.Errorf("%q was taken", secret)
		} else if secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("the error has the secret: %v", err)
		}
	}
	a, b := event.NewSecret(), event.NewSecret()
	if a == b {
		t.Error("two secrets are the same")
	}
	if _, err := event.Sign(a, "id", time.Unix(0, 0), nil); err != nil {
		t.Errorf("a new secret is refused: %v", err)
	}
}

func TestEnvelope(t *testing.T) {
	t.Parallel()
	e := event.Event{
		ID: event.NewID(), Kind: event.Connection, Time: time.Date(2026, 3, 2, 9, 0, 0, 999, time.FixedZone("", 3600)),
		Account: "123456789012", Region: "us-east-1", ARNs: []string{"arn:aws:directconnect:us-east-1:123456789012:dxcon/dxcon-ffffffff"},
		Detail: event.Detail("connectionId", "dxcon-ffffffff", "previousState", "", "state", "requested", "vlan", 0),
	}
	text, err := e.JSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"version":"0","id":"` + e.ID + `","detail-type":"Direct Connect Connection State Change","source":"onramp.directconnect",` +
		`"account":"123456789012","time":"2026-03-02T08:00:00Z","region":"us-east-1",` +
		`"resources":["arn:aws:directconnect:us-east-1:123456789012:dxcon/dxcon-ffffffff"],` +
		`"detail":{"connectionId":"dxcon-ffffffff","state":"requested"}}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	e.ARNs, e.Detail = nil, json.RawMessage(`{"broken`)
	if _, err := e.JSON(); err == nil {
		t.Error("a detail that is no JSON was written")
	}
	if uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`); !uuid.MatchString(e.ID) {
		t.Errorf("%s is no UUID of version 4", e.ID)
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind     event.Kind
		patterns string
		want     bool
	}{
		{event.Connection, "", true}, {event.Test, "", false}, {event.Test, "*", false},
		{event.Connection, "connection.state", true}, {event.Connection, "*.state", true}, {event.BGPStatus, "*.state", false},
		{event.BGPStatus, "lag.* bgp-peer.*", true}, {event.Connection, "connection", false}, {event.Connection, "*", true},
	} {
		if got := c.kind.Chosen(strings.Fields(c.patterns)); got != c.want {
			t.Errorf("%s by %q: %v, want %v", c.kind, c.patterns, got, c.want)
		}
	}
	for pattern, want := range map[string]bool{"connection.*": true, "*": true, "conection.*": false, "": false, "[c]onnection.state": false, "?": false} {
		if got := event.ValidPattern(pattern); got != want {
			t.Errorf("ValidPattern(%q): %v", pattern, got)
		}
	}
}

func TestPublicAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.8.9.10": false, "::1": false, "::ffff:127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "fe80::1%eth0": false, "fd00:ec2::254": false, "100.64.0.1": false,
		"0.0.0.0": false, "0.1.2.3": false, "::": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false, "ff02::1": false,
		"198.18.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "::127.0.0.1": false, "2001::1": false, "192.0.0.192": false,
		"3fff::1": false, "3fff:fff:ffff::1": false, "3fff:1000::1": true, "5f00::1": false, "5f01::1": true,
	} {
		if got := event.PublicAddress(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for attempts, want := range map[int]time.Duration{1: 5 * time.Second, 2: 15 * time.Second, 4: 135 * time.Second, 9: 6 * time.Hour, 100: 6 * time.Hour} {
		for range 50 {
			if got := event.Backoff(attempts); got < want-want/5 || got > want+want/5 {
				t.Errorf("after %d attempts: %s, want %s and a fifth more or less", attempts, got, want)
			}
		}
	}
}

// TestKinds: each kind has a name of its own and says when it is told.
func TestKinds(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range event.Kinds {
		if seen[string(m.Kind)] || seen[m.DetailType] || m.When == "" || len(m.Detail) == 0 {
			t.Errorf("%+v", m)
		}
		seen[string(m.Kind)], seen[m.DetailType] = true, true
	}
}
