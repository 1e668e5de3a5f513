package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onramp/internal/controlplane"
	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/store"
	"onramp/test/console/consoletest"
)

func token(text string) url.Values { return url.Values{"token": {text}} }

// behindProxy is a server with an account, whose proxy is whoever calls it from this machine.
func behindProxy(t *testing.T) *onramptest.Server {
	t.Helper()
	proxies, err := daemon.ParseProxies([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	clock := &watch{now: onramptest.Begin}
	return onramptest.Start(t, onramptest.Account(acme, directconnect.NonPartner), onramptest.Configure(func(c *daemon.Config) {
		c.TrustedProxies, c.ConsoleTime = proxies, clock.Now
	}))
}

// Who guesses through a proxy keeps out nobody but themselves, and stands in the audit trail.
func TestLoginBehindProxy(t *testing.T) {
	t.Parallel()
	s := behindProxy(t)
	guesser := consoletest.Stranger(t, s).Says("X-Forwarded-For", "192.0.2.1, 203.0.113.9")
	other := consoletest.Stranger(t, s).Says("X-Forwarded-For", "203.0.113.10")
	const login, asOperator = "/console/login", "/console/login/operator"
	for range 5 {
		if p := guesser.Send(login, asOperator, token("nonsense")); p.Status != http.StatusForbidden {
			t.Fatalf("a wrong token: status %d", p.Status)
		}
	}
	if p := guesser.Send(login, asOperator, token("nonsense")); p.Status != http.StatusTooManyRequests {
		t.Errorf("a wrong token too many: status %d", p.Status)
	}
	if p := other.Send(login, asOperator, token("nonsense")); p.Status != http.StatusForbidden {
		t.Errorf("a wrong token from elsewhere: status %d", p.Status)
	}
	if p := guesser.Send(login, asOperator, token(s.Daemon().OperatorToken())); p.Status != http.StatusSeeOther {
		t.Errorf("the right token after too many wrong ones: status %d", p.Status)
	}
	if p := other.Send(login, "/console/login/user", url.Values{"account": {acme}, "user": {"nobody"}, "password": {"x"}}); p.Status == http.StatusSeeOther {
		t.Errorf("nobody is let in")
	}
	links, err := s.Daemon().Service().AuditRecords(t.Context(), store.AuditQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, l := range links {
		found = found || strings.Contains(l.Body, `"POST /console/login/user"`) && strings.Contains(l.Body, `"sourceIPAddress":"203.0.113.10"`)
	}
	if !found {
		t.Error("the failed login of a user is not recorded from its client")
	}
}

// A policy that lets a user act from one network only holds for the client's address, not for the proxy's.
func TestPolicyOfAddressBehindProxy(t *testing.T) {
	t.Parallel()
	s := behindProxy(t)
	addUser(t, s, acme, "bob", false)
	const fromOffice = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"directconnect:*","Resource":"*",` +
		`"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}]}`
	if _, err := s.Daemon().Service().PutInlinePolicy(t.Context(), acme, controlplane.User, "bob", "office", fromOffice); err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]int{"203.0.113.9": http.StatusOK, "198.51.100.1": http.StatusForbidden} {
		v := consoletest.Stranger(t, s).Says("X-Forwarded-For", from)
		if p := v.LogIn(acme, "bob", password, ""); p.Status != http.StatusSeeOther {
			t.Fatalf("logging in from %s: status %d", from, p.Status)
		}
		if p := v.Get("/console/connections"); p.Status != want {
			t.Errorf("connections from %s: status %d, want %d", from, p.Status, want)
		}
	}
}

// The link of the start is for whoever sits at the machine: not for who comes through a proxy on it, whatever the proxy says.
func TestOnceLinkIsNotForProxies(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "bob", false)
	_, code, _ := strings.Cut(s.Daemon().ConsoleLink(), "code=")
	use := func(v *consoletest.Visitor) int {
		return v.Send("/console/login", "/console/login/once", url.Values{"code": {code}}).Status
	}
	for header, value := range map[string]string{
		"X-Forwarded-For": "203.0.113.9", "x-forwarded-proto": "https", "X-Forwarded-Host": "", "X-Real-IP": "127.0.0.1",
		"Forwarded": "for=127.0.0.1", "Via": "1.1 proxy",
	} {
		if got := use(consoletest.Stranger(t, s).Says(header, value)); got != http.StatusForbidden {
			t.Errorf("with %s: %s: status %d", header, value, got)
		}
	}
	if got := use(consoletest.Stranger(t, s)); got != http.StatusSeeOther {
		t.Errorf("on the machine: status %d", got)
	}
}
