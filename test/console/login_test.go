// Package console shows the console from outside: over HTTP, and in a real Chromium.
package console

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"onramp/internal/controlplane"
	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
	"onramp/test/console/consoletest"
)

const (
	acme     = "111111111111"
	globex   = "222222222222"
	password = "correct horse battery staple"
)

// watch is a real clock that a test turns.
type watch struct {
	mu  sync.Mutex
	now time.Time
}

func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) turn(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// withUser is a server with an account and a user in it, whose password is set, and the clock of its sessions.
func withUser(t *testing.T, name string, op bool, policies ...string) (*onramptest.Server, *watch) {
	t.Helper()
	clock := &watch{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	s := onramptest.Start(t, onramptest.Account(acme, directconnect.NonPartner), onramptest.Account(globex, directconnect.NonPartner),
		onramptest.Configure(func(c *daemon.Config) { c.ConsoleTime = clock.Now }))
	addUser(t, s, acme, name, op, policies...)
	return s, clock
}

func addUser(t *testing.T, s *onramptest.Server, account, name string, op bool, policies ...string) {
	t.Helper()
	service := s.Daemon().Service()
	_, err := service.AddPrincipal(t.Context(), account, controlplane.User, name, controlplane.PrincipalChange{Operator: &op}, policies)
	if err == nil {
		err = service.SetConsolePassword(t.Context(), account, name, password, "", onramptest.Begin)
	}
	if err != nil {
		t.Fatal(err)
	}
}

const wrong = "Account, user, password or code is wrong."

func TestLoginByPassword(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "Bob", false)
	for what, try := range map[string][4]string{
		"wrong password":       {acme, "bob", "correct horse battery stapl", ""},
		"no password":          {acme, "bob", "", ""},
		"unknown user":         {acme, "carol", password, ""},
		"another account":      {globex, "bob", password, ""},
		"no account at all":    {"333333333333", "bob", password, ""},
		"a very long password": {acme, "bob", strings.Repeat("x", 100_000), ""},
	} {
		v := consoletest.Stranger(t, s)
		if p := v.LogIn(try[0], try[1], try[2], try[3]); p.Status != http.StatusBadRequest || !strings.Contains(p.Alert(), wrong) {
			t.Errorf("%s: status %d: %q", what, p.Status, p.Alert())
		} else if strings.Contains(p.Body, "stapl") {
			t.Errorf("%s: the password is on the page", what)
		}
		if p := v.Get("/console/account"); p.Status != http.StatusSeeOther || !strings.HasPrefix(p.To, "/console/login") {
			t.Errorf("%s: status %d to %q", what, p.Status, p.To)
		}
	}
	v := consoletest.User(t, s, acme, "BOB", password, "")
	if p := v.Get("/console/account"); p.Status != 200 || !strings.Contains(p.Text(), "user Bob of account "+acme) {
		t.Errorf("status %d: %s", p.Status, p.Text())
	}
	if log := s.Log(); strings.Contains(log, "correct horse") || strings.Contains(log, "argon2id") {
		t.Error("the password or its hash is in the log")
	}
	if p := v.Post("/console/logout", nil); p.To != "/console/login" {
		t.Errorf("logout: status %d to %q", p.Status, p.To)
	}
	if p := v.Get("/console/account"); p.Status != http.StatusSeeOther {
		t.Errorf("after the logout: status %d", p.Status)
	}
}

// The cookie is for the server only, and what is stored is not the cookie.
func TestSessionCookie(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "bob", false)
	v := consoletest.Stranger(t, s)
	p := v.LogIn(acme, "bob", password, "")
	set := strings.Join(p.Header.Values("Set-Cookie"), "\n")
	for _, want := range []string{"onramp_session=", "HttpOnly", "SameSite=Lax", "Path=/console/"} {
		if !strings.Contains(set, want) {
			t.Errorf("no %s in %s", want, set)
		}
	}
	for _, c := range v.Cookies() {
		if c.Name == "onramp_session" && len(c.Value) != 43 {
			t.Errorf("the cookie has %d characters, not those of 256 bits", len(c.Value))
		}
	}
	if strings.Contains(set, "Secure") {
		t.Error("Secure without TLS: the browser would not send it")
	}
	tls := onramptest.Start(t, onramptest.Configure(func(c *daemon.Config) { c.ConsoleURL = "https://onramp.example.net" }))
	p = consoletest.Stranger(t, tls).Send("/console/login", "/console/login/open", url.Values{"account": {acme}})
	if set := strings.Join(p.Header.Values("Set-Cookie"), "\n"); !strings.Contains(set, "onramp_session=") || !strings.Contains(set, "Secure") {
		t.Errorf("behind TLS: %s", set)
	}
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	s, clock := withUser(t, "bob", false)
	in := func(v *consoletest.Visitor) bool { return v.Get("/console/account").Status == 200 }
	idle := consoletest.User(t, s, acme, "bob", password, "")
	busy := consoletest.User(t, s, acme, "bob", password, "")
	for range 3 {
		clock.turn(10 * time.Minute)
		if !in(busy) {
			t.Fatal("a session that is used has ended")
		}
	}
	if in(idle) {
		t.Error("a session holds that was not used for half an hour")
	}
	for range 70 {
		clock.turn(10 * time.Minute)
		in(busy)
	}
	if in(busy) {
		t.Error("a session holds after 12 hours")
	}
}

// A page that is open and follows what changes is nobody who uses the session.
func TestSessionsOfOpenPagesExpire(t *testing.T) {
	t.Parallel()
	s, clock := withUser(t, "bob", false, "arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess")
	v := consoletest.User(t, s, acme, "bob", password, "")
	stream := eventsOf(v)
	again, err := http.NewRequestWithContext(t.Context(), "GET", v.Base()+"/console/account", nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("HX-Request", "true")
	for range 2 {
		clock.turn(10 * time.Minute)
		hear(t, v, stream)
		if p := v.Do(again.Clone(t.Context())); p.Status != http.StatusOK {
			t.Fatalf("reading itself again: status %d", p.Status)
		}
	}
	clock.turn(10 * time.Minute)
	if p := v.Get("/console/account"); p.Status != http.StatusSeeOther {
		t.Errorf("after half an hour that nobody was there: status %d", p.Status)
	}
	if p := v.Get(stream); p.Status != http.StatusSeeOther {
		t.Errorf("the stream then: status %d", p.Status)
	}
}

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	t.Parallel()
	s, clock := withUser(t, "bob", false)
	here, there := consoletest.User(t, s, acme, "bob", password, ""), consoletest.User(t, s, acme, "bob", password, "")
	change := func(current, next, again string) consoletest.Page {
		return here.Post("/console/account/password", url.Values{"current": {current}, "password": {next}, "again": {again}})
	}
	for what, p := range map[string]consoletest.Page{
		"wrong":     change("nonsense", "a new password", "a new password"),
		"not twice": change(password, "a new password", "another password"),
		"short":     change(password, "short", "short"),
		"empty":     change(password, "", ""),
	} {
		if p.Alert() == "" || p.Status < 400 {
			t.Errorf("%s: status %d: %q", what, p.Status, p.Alert())
		}
	}
	clock.turn(5 * time.Minute) // attempts were many
	if p := change(password, "a new password", "a new password"); p.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %q", p.Status, p.Alert())
	}
	if p := here.Get("/console/account"); p.Status != 200 {
		t.Errorf("this session: status %d", p.Status)
	}
	if p := there.Get("/console/account"); p.Status != http.StatusSeeOther {
		t.Errorf("the other session: status %d", p.Status)
	}
	if p := consoletest.Stranger(t, s).LogIn(acme, "bob", password, ""); p.Status != http.StatusBadRequest {
		t.Errorf("the old password: status %d", p.Status)
	}
	consoletest.User(t, s, acme, "bob", "a new password", "")
	if err := s.Daemon().Service().RemovePrincipal(t.Context(), acme, controlplane.User, "bob"); err != nil {
		t.Fatal(err)
	}
	if p := here.Get("/console/account"); p.Status != http.StatusSeeOther {
		t.Errorf("of a user who is no longer there: status %d", p.Status)
	}
}

func TestSecondFactor(t *testing.T) {
	t.Parallel()
	s, clock := withUser(t, "bob", false)
	v, there := consoletest.User(t, s, acme, "bob", password, ""), consoletest.User(t, s, acme, "bob", password, "")
	if p := v.Post("/console/account/totp/begin", url.Values{"current": {"nonsense nonsense"}}); p.Status != http.StatusForbidden {
		t.Errorf("without the password: status %d", p.Status)
	}
	p := v.Post("/console/account/totp/begin", url.Values{"current": {password}})
	sealed, secret := between(p.Body, `name="sealed" value="`, `"`), between(p.Body, `<code class="mono">`, "<")
	if p.Status != 200 || sealed == "" || len(secret) < 20 || !strings.Contains(p.Body, "data:image/png;base64,") {
		t.Fatalf("status %d: %s", p.Status, p.Text())
	}
	code := func() string {
		t.Helper()
		c, err := totp.GenerateCode(secret, clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if p := v.Post("/console/account/totp", url.Values{"sealed": {sealed}, "code": {"000000"}}); p.Status != http.StatusBadRequest || code() == "000000" {
		t.Errorf("a wrong code: status %d", p.Status)
	}
	if p := v.Post("/console/account/totp", url.Values{"sealed": {"nonsense"}, "code": {code()}}); p.Status != http.StatusBadRequest {
		t.Errorf("a secret that was not made here: status %d", p.Status)
	}
	if p := v.Post("/console/account/totp", url.Values{"sealed": {sealed}, "code": {code()}}); p.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %q", p.Status, p.Alert())
	}
	if p := there.Get("/console/account"); p.Status != http.StatusSeeOther {
		t.Errorf("another session when the factor is set: status %d", p.Status)
	}
	login := func(code string) int { return consoletest.Stranger(t, s).LogIn(acme, "bob", password, code).Status }
	if got := login(""); got != http.StatusBadRequest {
		t.Errorf("without a code: status %d", got)
	}
	if got := login(code()); got != http.StatusBadRequest {
		t.Errorf("with a code that was used: status %d", got)
	}
	clock.turn(time.Minute)
	now := code()
	if got := login(now); got != http.StatusSeeOther {
		t.Errorf("with a code: status %d", got)
	}
	if got := login(now); got != http.StatusBadRequest {
		t.Errorf("with a code a second time: status %d", got)
	}
	if log := s.Log(); strings.Contains(log, secret) {
		t.Error("the secret is in the log")
	}
	clock.turn(2 * time.Minute)
	if p := v.Post("/console/account/totp/remove", url.Values{"current": {password}}); p.Status != http.StatusSeeOther {
		t.Errorf("removing it: status %d: %q", p.Status, p.Alert())
	}
	if got := login(""); got != http.StatusSeeOther {
		t.Errorf("afterwards without a code: status %d", got)
	}
}

// The operator sets a second factor up for a user over the API, and takes it away from one who has lost it.
func TestSecondFactorByTheOperator(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Account(acme, directconnect.NonPartner))
	addUser(t, s, acme, "bob", false)
	client := s.Operator()
	made, err := client.MakeTOTP(t.Context(), acme, "bob")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(made.URL)
	if err != nil || u.Scheme != "otpauth" {
		t.Fatalf("%q: %v", made.URL, err)
	}
	code, err := totp.GenerateCode(u.Query().Get("secret"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	access, err := client.ConfirmTOTP(t.Context(), acme, "bob", operator.ConsoleCode{Sealed: made.Sealed, Code: code})
	if err != nil || !access.SecondFactor || access.URL != "" || access.Sealed != "" {
		t.Fatalf("%+v: %v", access, err)
	}
	if p := consoletest.Stranger(t, s).LogIn(acme, "bob", password, ""); p.Status != http.StatusBadRequest {
		t.Errorf("without a code: status %d", p.Status)
	}
	if access, err := client.RemoveTOTP(t.Context(), acme, "bob"); err != nil || access.SecondFactor || !access.Password {
		t.Errorf("%+v: %v", access, err)
	}
	consoletest.User(t, s, acme, "bob", password, "")
	if access, err := client.SetConsolePassword(t.Context(), acme, "bob", ""); err != nil || access.Password {
		t.Errorf("%+v: %v", access, err)
	}
	if p := consoletest.Stranger(t, s).LogIn(acme, "bob", password, ""); p.Status != http.StatusBadRequest {
		t.Errorf("without a password: status %d", p.Status)
	}
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return html.UnescapeString(found)
}

func TestGuessingIsSlow(t *testing.T) {
	t.Parallel()
	s, clock := withUser(t, "bob", false)
	v := consoletest.Stranger(t, s)
	statuses := map[int]int{}
	for range 8 {
		statuses[v.LogIn(acme, "bob", "nonsense nonsense", "").Status]++
	}
	if statuses[http.StatusBadRequest] != 5 || statuses[http.StatusTooManyRequests] != 3 {
		t.Errorf("statuses %v", statuses)
	}
	if p := v.LogIn(acme, "bob", password, ""); p.Status != http.StatusTooManyRequests || !strings.Contains(p.Alert(), "Try again in") {
		t.Errorf("the right password meanwhile: status %d: %q", p.Status, p.Alert())
	}
	clock.turn(20 * time.Second)
	if p := v.LogIn(acme, "bob", password, ""); p.Status != http.StatusSeeOther {
		t.Errorf("later: status %d: %q", p.Status, p.Alert())
	}
}

func TestOpenModeEndsWithTheFirstAccount(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Enter(t, s, acme)
	if p := v.Get("/console/account"); p.Status != 200 {
		t.Fatalf("status %d", p.Status)
	}
	if p := consoletest.Stranger(t, s).Send("/console/login", "/console/login/open", url.Values{"account": {"12"}}); p.Status != http.StatusBadRequest {
		t.Errorf("account 12: status %d", p.Status)
	}
	if _, err := s.Daemon().Service().AddAccount(t.Context(), acme, controlplane.AccountChange{}); err != nil {
		t.Fatal(err)
	}
	if p := v.Get("/console/account"); p.Status != http.StatusSeeOther {
		t.Errorf("when an account is configured: status %d", p.Status)
	}
	p := consoletest.Stranger(t, s).Send("/console/login", "/console/login/open", url.Values{"account": {acme}})
	if p.Status != http.StatusForbidden {
		t.Errorf("entering without a password: status %d", p.Status)
	}
}

func TestOperatorToken(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "bob", false)
	v := consoletest.Stranger(t, s)
	if p := v.Send("/console/login", "/console/login/operator", url.Values{"token": {"nonsense"}}); p.Status != http.StatusForbidden {
		t.Errorf("a wrong token: status %d", p.Status)
	}
	consoletest.Operator(t, s)
	link := strings.TrimPrefix(s.Daemon().ConsoleLink(), s.OperatorURL)
	_, code, _ := strings.Cut(link, "code=")
	if p := v.Get(link); p.Status != 200 || !strings.Contains(p.Body, code) {
		t.Errorf("the link: status %d", p.Status)
	}
	use := func(v *consoletest.Visitor, code string) int {
		return v.Send("/console/login", "/console/login/once", url.Values{"code": {code}}).Status
	}
	if got := use(v, "nonsense"); got != http.StatusForbidden {
		t.Errorf("another code: status %d", got)
	}
	if got := use(v, code); got != http.StatusSeeOther {
		t.Errorf("the code: status %d", got)
	}
	if got := use(consoletest.Stranger(t, s), code); got != http.StatusForbidden {
		t.Errorf("the code a second time: status %d", got)
	}
}

// Who came in with a token is out when there is another.
func TestOperatorSessionsEndWithTheToken(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	v := consoletest.Operator(t, s)
	cookies := v.Cookies()
	s.Stop()
	for token, want := range map[string]int{"": http.StatusOK, "another token of the operator's": http.StatusSeeOther} {
		again := onramptest.Start(t, onramptest.Data(s.Data), onramptest.Configure(func(c *daemon.Config) { c.OperatorToken = token }))
		r, err := http.NewRequestWithContext(t.Context(), "GET", again.OperatorURL+"/console/operator/accounts", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cookies {
			r.AddCookie(c)
		}
		if p := consoletest.Stranger(t, again).Do(r); p.Status != want {
			t.Errorf("with the token %q: status %d, not %d", token, p.Status, want)
		}
		again.Stop()
	}
}

func TestOnceLinkLapses(t *testing.T) {
	t.Parallel()
	s, clock := withUser(t, "bob", false)
	_, code, _ := strings.Cut(s.Daemon().ConsoleLink(), "code=")
	clock.turn(10 * time.Minute)
	p := consoletest.Stranger(t, s).Send("/console/login", "/console/login/once", url.Values{"code": {code}})
	if p.Status != http.StatusForbidden {
		t.Errorf("after ten minutes: status %d", p.Status)
	}
}
