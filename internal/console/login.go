package console

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// loginRoutes are how somebody comes in and goes out.
func (s *Console) loginRoutes() []route {
	return []route{
		{pattern: "GET /console/login", who: anybody, handle: s.loginPage},
		{pattern: "POST /console/login/open", who: anybody, handle: s.enterOpen},
		{pattern: "POST /console/login/user", who: anybody, handle: s.enterUser},
		{pattern: "POST /console/login/operator", who: anybody, handle: s.enterOperator},
		{pattern: "GET /console/login/once", who: anybody, handle: s.oncePage},
		{pattern: "POST /console/login/once", who: anybody, handle: s.enterOnce},
		{pattern: "POST /console/logout", who: somebody, handle: s.logout},
		{pattern: "POST /console/operator/act", who: operator, handle: s.act},
	}
}

// loginFirst sends somebody to the login page who has to be logged in, and back: after a form, to the page that it was on. There,
// and where an open page reads itself again, somebody was logged in before, and is told that this has ended.
func (s *Console) loginFirst(v *visit) answer {
	next, ended := v.URL.RequestURI(), v.Header.Get("HX-Request") != ""
	if v.Method != http.MethodGet {
		next, ended = s.sentFrom(v), true
	}
	q := url.Values{"next": {next}}
	if ended {
		q.Set("ended", "true")
	}
	return redirect("/console/login?" + q.Encode())
}

// sentFrom is the page that a form was sent from, as the browser says it (Referrer-Policy: same-origin); otherwise the one that
// the form is on.
func (s *Console) sentFrom(v *visit) string {
	if from, err := url.Parse(v.Referer()); err == nil && from.Host == v.Host && s.answers(http.MethodGet, from.Path) {
		return local(from.RequestURI(), "/console/")
	}
	return (&url.URL{Path: s.formPage(v.URL.Path)}).String()
}

// loginView is what the login page offers.
type loginView struct {
	Open bool // open mode
	Next string
	OIDC string // name of the OpenID provider; empty: there is none
	Way  string // of which a problem is: open, operator, user
	// Ended says that somebody was logged in, and sent a form too late.
	Ended bool
}

func (s *Console) loginPage(v *visit) (answer, error) {
	if v.Who.In() {
		return redirect(local(v.FormValue("next"), s.home(v.Who))), nil
	}
	return s.showLogin(v, "", nil)
}

func (s *Console) showLogin(v *visit, way string, problem error) (answer, error) {
	open, err := s.isOpen(v)
	if err != nil {
		return nil, err
	}
	view := loginView{Open: open, Next: local(v.FormValue("next"), ""), Way: way, Ended: v.URL.Query().Get("ended") == "true"}
	if s.oidc != nil {
		view.OIDC = s.oidc.label()
	}
	return page{template: "login.html", title: "Log in", problem: problem, data: view}, nil
}

// isOpen reports whether anybody may enter as any account.
func (s *Console) isOpen(v *visit) (bool, error) {
	if !s.Open {
		return false, nil
	}
	return s.Service.OpenMode(v.Context())
}

func (s *Console) enterOpen(v *visit) (answer, error) {
	open, err := s.isOpen(v)
	if err != nil {
		return nil, err
	}
	if !open {
		refused := forbidden("Accounts are configured here: log in as a user of one.")
		s.refusedFreely(v, controlplane.ConsoleProof{}, refused)
		return nil, refused
	}
	account := strings.TrimSpace(v.PostFormValue("account"))
	if !directconnect.IsAccountID(account) {
		return s.showLogin(v, "open", badRequest("An account has 12 digits, such as 000000000000."))
	}
	return s.begin(v, controlplane.ConsoleSession{Account: account, Open: true})
}

// enterOperator lets whoever has the operator token in.
func (s *Console) enterOperator(v *visit) (answer, error) {
	// Digests have one length, so that the comparison tells nothing of the token's.
	want, have := sha256.Sum256([]byte(s.OperatorToken)), sha256.Sum256([]byte(strings.TrimSpace(v.PostFormValue("token"))))
	if subtle.ConstantTimeCompare(want[:], have[:]) != 1 {
		// Nobody guesses the token: who has it is never kept out by what others try, and only what is wrong counts.
		if wait := s.attempt.begin("operator from "+v.address(), v.address(), s.Now()); wait > 0 {
			s.refusedFreely(v, controlplane.ConsoleProof{}, tooMany(wait))
			return s.showLogin(v, "operator", tooMany(wait))
		}
		refused := forbidden("This is not the operator token. It is in the file operator-token of the data folder.")
		refusedLogin(v, controlplane.ConsoleProof{}, refused)
		return s.showLogin(v, "operator", refused)
	}
	return s.begin(v, controlplane.ConsoleSession{Operator: true})
}

// enterUser lets a user of an account in, by password and second factor. Whatever is wrong, the words are the same.
func (s *Console) enterUser(v *visit) (answer, error) {
	proof := controlplane.ConsoleProof{
		Account: strings.TrimSpace(v.PostFormValue("account")), User: strings.TrimSpace(v.PostFormValue("user")),
		Password: v.PostFormValue("password"), Code: strings.ReplaceAll(v.PostFormValue("code"), " ", ""),
	}
	name := strings.ToLower(proof.User) + "@" + proof.Account
	if wait := s.attempt.begin(name, v.address(), s.Now()); wait > 0 {
		s.refusedFreely(v, proof, tooMany(wait))
		return s.showLogin(v, "user", tooMany(wait))
	}
	var found *controlplane.Identity
	err := loginMove(v, proof, func(ctx context.Context) (*controlplane.Identity, error) {
		var err error
		found, err = s.Service.CheckConsoleLogin(ctx, proof, s.Now())
		return found, err
	})
	if errors.Is(err, controlplane.ErrConsoleLogin) {
		return s.showLogin(v, "user", err)
	}
	if err != nil {
		return nil, err
	}
	s.attempt.succeeded(name, v.address())
	return s.begin(v, controlplane.ConsoleSession{Account: found.Account, User: found.Name, Operator: found.Operator})
}

// begin logs somebody in and goes on to where they wanted to. A user's login was recorded when it was checked; others are now.
func (s *Console) begin(v *visit, of controlplane.ConsoleSession) (answer, error) {
	if v.session != "" { // never two at once in one browser
		if err := s.Service.EndConsoleSession(v.Context(), v.session); err != nil {
			return nil, err
		}
	}
	ctx := v.Context()
	if of.User == "" {
		ctx = v.entering(of.Account)
	}
	id, err := s.Service.BeginConsoleSession(ctx, of, s.OperatorToken, s.Now())
	if err != nil {
		s.Service.Moved(ctx, err)
		return nil, err
	}
	v.setCookie(sessionCookie, id, controlplane.ConsoleLongest)
	s.Log.Info("console login", "account", of.Account, "user", of.User, "operator", of.Operator, "open", of.Open, "address", v.address())
	return redirect(local(v.FormValue("next"), s.home(who{Account: of.Account, Operator: of.Operator}))), nil
}

func (s *Console) logout(v *visit) (answer, error) {
	end := func(ctx context.Context) error { return s.Service.EndConsoleSession(ctx, v.session) }
	var err error
	if v.Who.Operator {
		err = move(v, "", end)
	} else {
		err = ownMove(v, v.Who.User, end)
	}
	if err != nil {
		return nil, err
	}
	v.setCookie(sessionCookie, "", -1)
	return redirect("/console/login"), nil
}

// act has an operator look after an account, or after none.
func (s *Console) act(v *visit) (answer, error) {
	account := strings.TrimSpace(v.PostFormValue("account"))
	err := move(v, account, func(ctx context.Context) error { return s.Service.ActConsoleSession(ctx, v.session, account) })
	if err != nil {
		return nil, err
	}
	if account == "" {
		return redirect("/console/operator/accounts"), nil
	}
	return redirect("/console/"), nil
}
