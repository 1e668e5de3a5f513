// Package consoletest is how tests use the console: as a visitor without a browser, who reads pages and sends forms over HTTP,
// and in a real Chromium, whose console errors and accessibility findings fail the test.
//
// It holds no test and no expectation about any one page.
package consoletest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"onramp/internal/onramptest"
)

// Visitor is somebody at the console, without a browser. It follows no redirects.
type Visitor struct {
	t    testing.TB
	base string
	http *http.Client
	said http.Header
}

// Says has all requests that follow say one more thing in their headers, as a proxy would have them.
func (v *Visitor) Says(header, value string) *Visitor {
	if v.said == nil {
		v.said = http.Header{}
	}
	v.said.Add(header, value)
	return v
}

// At is the same visitor, with the same cookies, at another server.
func (v *Visitor) At(s *onramptest.Server) *Visitor {
	other := *v
	other.base = s.OperatorURL
	return &other
}

// A Page is an answer of the console.
type Page struct {
	Status int
	To     string // where a redirect leads; empty: it is none
	Body   string
	Header http.Header
}

// Stranger is a visitor who is not logged in.
func Stranger(t testing.TB, s *onramptest.Server) *Visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Visitor{t: t, base: s.OperatorURL, http: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Enter is a visitor in an account, of a server in open mode.
func Enter(t testing.TB, s *onramptest.Server, account string) *Visitor {
	t.Helper()
	v := Stranger(t, s)
	v.want(v.Send("/console/login", "/console/login/open", url.Values{"account": {account}}), "entering as "+account)
	return v
}

// Operator is a visitor with the operator token.
func Operator(t testing.TB, s *onramptest.Server) *Visitor {
	t.Helper()
	v := Stranger(t, s)
	v.want(v.Send("/console/login", "/console/login/operator", url.Values{"token": {s.Operator().Token}}), "entering as operator")
	return v
}

// For is an operator who looks after an account: what it does there it does with full access.
func For(t testing.TB, s *onramptest.Server, account string) *Visitor {
	t.Helper()
	v := Operator(t, s)
	v.want(v.Send("/console/login", "/console/operator/act", url.Values{"account": {account}}), "looking after "+account)
	return v
}

// User is a visitor who logs in with a password, and with a code of the second factor unless it is empty.
func User(t testing.TB, s *onramptest.Server, account, user, password, code string) *Visitor {
	t.Helper()
	v := Stranger(t, s)
	v.want(v.LogIn(account, user, password, code), "logging in as "+user)
	return v
}

// LogIn sends the login form, whatever comes of it.
func (v *Visitor) LogIn(account, user, password, code string) Page {
	v.t.Helper()
	return v.Send("/console/login", "/console/login/user",
		url.Values{"account": {account}, "user": {user}, "password": {password}, "code": {code}})
}

func (v *Visitor) want(p Page, what string) {
	v.t.Helper()
	if p.Status != http.StatusSeeOther {
		v.t.Fatalf("%s: status %d: %s", what, p.Status, p.Alert())
	}
}

// Get reads a page. One whose form makes something leads to itself with the form's key in the address, which is followed.
func (v *Visitor) Get(path string) Page {
	v.t.Helper()
	p := v.get(path)
	asked, _, _ := strings.Cut(path, "?")
	if to, query, _ := strings.Cut(p.To, "?"); to == asked && strings.Contains(query, "once=") {
		return v.get(p.To)
	}
	return p
}

func (v *Visitor) get(path string) Page {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), "GET", v.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(r)
}

// Post sends a form with the token of the visitor's session, as any page of it has it.
func (v *Visitor) Post(path string, form url.Values) Page {
	v.t.Helper()
	return v.Send("/console/account", path, form)
}

// Send sends a form with the token that is on a page.
func (v *Visitor) Send(from, path string, form url.Values) Page {
	v.t.Helper()
	filled := url.Values{}
	for key, values := range form {
		filled[key] = values
	}
	filled.Set("csrf", v.token(from))
	return v.Raw(path, filled)
}

var csrf = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// token is that of the forms of a page.
func (v *Visitor) token(page string) string {
	v.t.Helper()
	found := csrf.FindStringSubmatch(v.Get(page).Body)
	if found == nil { // somebody who is logged in is sent on from the login page
		found = csrf.FindStringSubmatch(v.Get("/console/account").Body)
	}
	if found == nil {
		v.t.Fatalf("%s has no form", page)
	}
	return found[1]
}

// Raw sends a form as it is, without the token unless it is in it.
func (v *Visitor) Raw(path string, form url.Values) Page {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), "POST", v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

// Do sends any request, with the visitor's cookies; its address is completed.
func (v *Visitor) Do(r *http.Request) Page {
	v.t.Helper()
	return v.do(r)
}

// Base is the console's listener as a URL.
func (v *Visitor) Base() string { return v.base }

// Cookies are those that the visitor would send.
func (v *Visitor) Cookies() []*http.Cookie {
	at, err := url.Parse(v.base + "/console/")
	if err != nil {
		v.t.Fatal(err)
	}
	return v.http.Jar.Cookies(at)
}

func (v *Visitor) do(r *http.Request) Page {
	v.t.Helper()
	for header, values := range v.said {
		r.Header[header] = values
	}
	answer, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return Page{Status: answer.StatusCode, To: answer.Header.Get("Location"), Body: string(body), Header: answer.Header}
}

var (
	alert = regexp.MustCompile(`(?s)<div id="problem"[^>]*>(.*?)</div>`)
	tags  = regexp.MustCompile(`<[^>]*>`)
	white = regexp.MustCompile(`\s+`)
)

// Alert is what the page says went wrong, as text.
func (p Page) Alert() string {
	found := alert.FindStringSubmatch(p.Body)
	if found == nil {
		return ""
	}
	return plain(found[1])
}

// Text is the page as text, white space made single.
func (p Page) Text() string { return plain(p.Body) }

var entities = strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&#43;", "+", "&amp;", "&")

func plain(html string) string {
	return strings.TrimSpace(entities.Replace(white.ReplaceAllString(tags.ReplaceAllString(html, " "), " ")))
}
