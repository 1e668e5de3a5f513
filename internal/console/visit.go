package console

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"onramp/internal/controlplane"
)

// who is somebody who is logged in, or nobody.
type who struct {
	Account  string // that they act in; empty: an operator who acts in none, or nobody
	User     string // their name; empty: the account itself, or the operator token
	Home     string // account that the user belongs to
	Operator bool   // may see the operator's pages
	Open     bool   // of open mode: they have proved nothing
	Acting   bool   // an operator, in an account that they look after

	identity *controlplane.Identity // in whose name operations are called; nil: the account's own
}

// In reports whether somebody is logged in.
func (w who) In() bool { return w.Account != "" || w.Operator }

// Name is what the page calls them.
func (w who) Name() string {
	switch {
	case w.User != "":
		return w.User
	case w.Open:
		return "open mode"
	case w.Operator:
		return "operator"
	}
	return "account"
}

// operatorName is what the audit trail calls an operator.
func (w who) operatorName() string {
	if w.User == "" {
		return ""
	}
	return w.User + "@" + w.Home
}

// A visit is a request and who makes it.
type visit struct {
	*http.Request
	Who    who
	Region string // that the pages are about

	console *Console
	w       http.ResponseWriter
	session string             // of the cookie; empty: none that holds
	seen    string             // mark of the account before the page was made
	key     string             // of the CSRF token: the session, or what the visitor's cookie holds
	once    *controlplane.Once // of the form that was sent; nil: it may be sent as often as somebody likes
}

// The cookies. Those with the session and for forms are not for scripts.
const (
	sessionCookie = "onramp_session"
	visitorCookie = "onramp_visitor" // before anybody is logged in
	regionCookie  = "onramp_region"
	themeCookie   = "onramp_theme"
)

// entered makes a handler of HTTP of a handler of ours: it finds out who comes, and whether they may.
func (s *Console) entered(at route, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Request: r, console: s, w: w}
		a, err := s.enter(v, at, h)
		if err != nil {
			a = problemPage(err)
		}
		s.write(v, a)
	})
}

func (s *Console) enter(v *visit, at route, h handler) (answer, error) {
	if err := s.recognise(v); err != nil {
		return nil, err
	}
	if at.who != anybody && !v.Who.In() {
		return s.loginFirst(v), nil
	}
	if at.who == operator && !v.Who.Operator {
		return nil, forbidden("This page is for operators.")
	}
	if at.who == customer && v.Who.Account == "" {
		return redirect("/console/operator/accounts"), nil
	}
	if v.Method != http.MethodGet && v.Method != http.MethodHead {
		if err := v.checkForm(); err != nil {
			return nil, err
		}
	} else if at.who != anybody && v.Who.In() && at.pattern != "" {
		changes, err := s.Service.Changes(v.Context(), v.subject())
		if err != nil {
			return nil, err
		}
		v.seen = mark(changes)
	}
	return h(v)
}

// everybody reports that the page is about all accounts, so that it follows the changes of all.
func (v *visit) everybody() bool {
	if !v.Who.Operator {
		return false
	}
	for _, begins := range []string{"/console/operator/", "/console/network", "/console/routers/"} {
		if strings.HasPrefix(v.URL.Path, begins) {
			return true
		}
	}
	return v.Who.Account == ""
}

// subject is the account whose changes the page follows; empty: all.
func (v *visit) subject() string {
	if v.everybody() {
		return ""
	}
	return v.Who.Account
}

// recognise finds out who comes, by the cookie.
func (s *Console) recognise(v *visit) error {
	if c, err := v.Cookie(sessionCookie); err == nil && c.Value != "" {
		found, identity, err := s.Service.ConsoleSession(v.Context(), c.Value, s.OperatorToken, !v.byItself(), s.Now())
		switch {
		case errors.Is(err, controlplane.ErrNoConsoleSession), err == nil && found.Open && !s.Open:
		case err != nil:
			return err
		default:
			v.session, v.key = c.Value, c.Value
			v.Who = who{
				Account: found.Account, Home: found.Account, User: found.User, Operator: found.Operator, Open: found.Open, identity: identity,
			}
			if found.Acting != "" {
				v.Who.Account, v.Who.Acting = found.Acting, true
			}
		}
	}
	if v.key == "" {
		v.key = v.visitor()
	}
	all, err := s.regions.get(v.Context(), s.Service, s.Now())
	if err != nil {
		return err
	}
	v.Region = v.chosenRegion(all)
	return nil
}

// byItself reports that an open page makes the request, and nobody need be there: its stream of changes, and its reading itself
// again. It keeps no session from ending.
func (v *visit) byItself() bool {
	return v.Method == http.MethodGet && (v.URL.Path == eventsPath || v.Header.Get("HX-Request") == "true")
}

// visitor is the value of the cookie that forms are tied to before anybody is logged in.
func (v *visit) visitor() string {
	if c, err := v.Cookie(visitorCookie); err == nil && len(c.Value) == 43 {
		return c.Value
	}
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand.Read
	value := base64.RawURLEncoding.EncodeToString(b[:])
	v.setCookie(visitorCookie, value, 0)
	return value
}

// setCookie sets a cookie for the console; maxAge 0: until the browser is closed, negative: none.
func (v *visit) setCookie(name, value string, maxAge time.Duration) {
	c := &http.Cookie{
		Name: name, Value: value, Path: "/console/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: v.secure(),
		MaxAge: int(maxAge / time.Second),
	}
	if maxAge < 0 {
		c.MaxAge = -1
	}
	http.SetCookie(v.w, c)
}

// secure reports whether the browser speaks TLS, here or to a proxy in front.
func (v *visit) secure() bool {
	return v.TLS != nil || strings.HasPrefix(v.console.URL, "https://")
}

// CSRF is the token that every form bears. It says that the form is from a page of this browser's.
func (v *visit) CSRF() string {
	mac := hmac.New(sha256.New, []byte(v.key))
	mac.Write([]byte("form"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// checkForm reads the form of a request that changes something, and refuses one without its token.
func (v *visit) checkForm() error {
	err := v.ParseMultipartForm(1 << 20)
	if errors.Is(err, http.ErrNotMultipart) {
		err = nil
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return &problem{http.StatusRequestEntityTooLarge, "What was sent is too large."}
	}
	if err != nil {
		return badRequest("The form cannot be read.")
	}
	if !hmac.Equal([]byte(v.PostFormValue("csrf")), []byte(v.CSRF())) {
		return forbidden("The form is from an earlier session, or from another page. Load the page again and repeat what you did.")
	}
	return nil
}

// address is where a request comes from.
func (v *visit) address() string {
	if host, _, err := net.SplitHostPort(v.RemoteAddr); err == nil {
		return host
	}
	return v.RemoteAddr
}

// chosenRegion is that of the query, of the cookie, or the first.
func (v *visit) chosenRegion(all []string) string {
	if asked := v.URL.Query().Get("region"); slices.Contains(all, asked) {
		v.setCookie(regionCookie, asked, 365*24*time.Hour)
		return asked
	}
	if c, err := v.Cookie(regionCookie); err == nil && slices.Contains(all, c.Value) {
		return c.Value
	}
	const usual = "us-east-1"
	if slices.Contains(all, usual) || len(all) == 0 {
		return usual
	}
	return all[0]
}

// Query is the page's own address with a member of its query changed, for links to another page of a list or another order.
func (v *visit) Query(pairs ...string) string {
	q := v.URL.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u := url.URL{Path: v.URL.Path, RawQuery: q.Encode()}
	return u.String()
}

// regionsFor is how long the list of Regions holds: the inventory rarely changes.
const regionsFor = 5 * time.Second

// regions remembers which there are.
type regions struct {
	mu    sync.Mutex
	all   []string
	until time.Time
}

func (r *regions) get(ctx context.Context, s *controlplane.Service, now time.Time) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.until) {
		return r.all, nil
	}
	all, err := s.Regions(ctx)
	if err != nil {
		return nil, err
	}
	r.all, r.until = all, now.Add(regionsFor)
	return all, nil
}
