package console

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

func TestForgedForms(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	v, other := consoletest.Enter(t, s, acme), consoletest.Enter(t, s, acme)
	form := url.Values{"name": {"x"}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}}
	theirs := between(other.Get("/console/account").Body, `name="csrf" value="`, `"`)
	for what, token := range map[string]string{"none": "", "nonsense": "nonsense", "of another session": theirs} {
		form.Set("csrf", token)
		if p := v.Raw("/console/connections", form); p.Status != http.StatusForbidden || !strings.Contains(p.Alert(), "Load the page again") {
			t.Errorf("%s: status %d: %q", what, p.Status, p.Alert())
		}
	}
	if p := consoletest.Stranger(t, s).Raw("/console/login/open", url.Values{"account": {acme}}); p.Status != http.StatusForbidden {
		t.Errorf("the login without one: status %d", p.Status)
	}
	if p := v.Get("/console/connections"); strings.Contains(p.Body, "dxcon-") {
		t.Error("something was ordered")
	}
}

func TestOtherOriginsAndHosts(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Configure(func(c *daemon.Config) { c.OperatorHosts = []string{"onramp.example.net"} }))
	v := consoletest.Enter(t, s, acme)
	token := between(v.Get("/console/account").Body, `name="csrf" value="`, `"`)
	send := func(change func(r *http.Request)) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "POST", v.Base()+"/console/theme", strings.NewReader(url.Values{"csrf": {token}, "theme": {"dark"}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range v.Cookies() {
			r.AddCookie(c)
		}
		change(r)
		return consoletest.Stranger(t, s).Do(r).Status
	}
	for what, c := range map[string]struct {
		change func(r *http.Request)
		want   int
	}{
		"another host":         {func(r *http.Request) { r.Host = "evil.example" }, http.StatusForbidden},
		"another origin":       {func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, http.StatusForbidden},
		"another site":         {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, http.StatusForbidden},
		"the console's own":    {func(r *http.Request) { r.Header.Set("Origin", v.Base()) }, http.StatusSeeOther},
		"a known host":         {func(r *http.Request) { r.Host = "onramp.example.net" }, http.StatusSeeOther},
		"no browser that says": {func(*http.Request) {}, http.StatusSeeOther},
	} {
		if got := send(c.change); got != c.want {
			t.Errorf("%s: status %d, not %d", what, got, c.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	for _, path := range []string{"/console/", "/console/login", "/console/nowhere", "/console/asset/console.css", "/console/connections"} {
		h := v.Get(path).Header
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy %q does not have %s", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if p := v.Get("/console/nowhere"); p.Status != http.StatusNotFound {
		t.Errorf("a page that is not there: status %d", p.Status)
	}
	for _, path := range []string{"/console/asset/README.md", "/console/asset/../template/login.html", "/console/asset/"} {
		if p := v.Get(path); p.Status == 200 {
			t.Errorf("%s is served", path)
		}
	}
}

// Nobody is sent to another site after the login.
func TestNextIsLocal(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	for next, want := range map[string]string{
		"/console/lags?x=1": "/console/lags?x=1", "https://evil.example/": "/console/", "//evil.example": "/console/", "/console/\\evil": "/console/",
		"/console/login?next=x": "/console/", "/v1/accounts": "/console/", "": "/console/",
	} {
		p := consoletest.Stranger(t, s).Send("/console/login", "/console/login/open", url.Values{"account": {acme}, "next": {next}})
		if p.To != want {
			t.Errorf("next %q leads to %q, not %q", next, p.To, want)
		}
	}
}

func TestBrowsersAreSentToTheConsole(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Stranger(t, s)
	r, err := http.NewRequestWithContext(t.Context(), "GET", v.Base()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if p := v.Do(r.Clone(t.Context())); p.Status != 200 || !strings.Contains(p.Body, "operator") {
		t.Errorf("a program: status %d", p.Status)
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	if p := v.Do(r); p.To != "/console/" {
		t.Errorf("a browser: status %d to %q", p.Status, p.To)
	}
}

// The stream tells of what changes in the account, and of nothing else; it ends when the server does.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v, other := consoletest.Enter(t, s, acme), consoletest.Enter(t, s, globex)
	events := listen(t, v)
	order(t, s, other, "of another account")
	order(t, s, v, "mine")
	if e := <-events; e != "change" {
		t.Fatalf("the stream says %q", e)
	}
	s.Stop()
	for e := range events {
		if e != "change" { // the connection goes on to available
			t.Errorf("then the stream says %q", e)
		}
	}
	if p := s.Log(); strings.Contains(p, "requests were cut off") {
		t.Error("the server had to cut the stream off")
	}
}

// listen answers the names of the events that a page of the visitor's hears.
func listen(t *testing.T, v *consoletest.Visitor) <-chan string {
	t.Helper()
	return hear(t, v, eventsOf(v))
}

// eventsOf is the address of the stream that a page of the visitor's follows.
func eventsOf(v *consoletest.Visitor) string {
	return between(v.Get("/console/connections").Body, `data-events="`, `"`)
}

// hear answers the names of the events of a stream.
func hear(t *testing.T, v *consoletest.Visitor, stream string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", v.Base()+stream, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Cookies() {
		r.AddCookie(c)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("status %d, %s", answer.StatusCode, kind)
	}
	events, begun := make(chan string, 100), make(chan struct{})
	go func() {
		defer close(events)
		lines := bufio.NewScanner(answer.Body)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "retry:") {
				close(begun)
			}
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				events <- name
			}
		}
	}()
	<-begun
	return events
}

// Behind a proxy that speaks TLS, the origin that browsers tell is not how this server is addressed.
func TestOriginBehindAProxy(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Configure(func(c *daemon.Config) { c.ConsoleURL = "https://onramp.example.net" }))
	for origin, want := range map[string]int{"https://onramp.example.net": http.StatusSeeOther, "https://evil.example": http.StatusForbidden} {
		v := consoletest.Stranger(t, s)
		p := v.Get("/console/login")
		form := url.Values{"csrf": {between(p.Body, `name="csrf" value="`, `"`)}, "account": {acme}}
		r, err := http.NewRequestWithContext(t.Context(), "POST", v.Base()+"/console/login/open", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		cookie, _, _ := strings.Cut(p.Header.Get("Set-Cookie"), ";") // Secure: a jar would not send it without TLS
		r.Header.Set("Cookie", cookie)
		if got := v.Do(r).Status; got != want {
			t.Errorf("from %s: status %d, not %d", origin, got, want)
		}
	}
}
