package console

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"onramp/internal/controlplane"
)

// OIDC is an OpenID provider whose people are let in (OpenID Connect Core 1.0, authorization code flow with PKCE).
type OIDC struct {
	Issuer, ClientID string
	Secret           string // empty: the client is a public one
	// AccountClaim and UserClaim are the claims of the ID token that say who it is: the account of 12 digits, and the name of a
	// user in it.
	AccountClaim, UserClaim string
	Name                    string // of the provider, on the login page; empty: its host
}

// oidcLast is how long somebody may take at the provider.
const oidcLast = 10 * time.Minute

// oidcCookie holds, sealed, what the answer of the provider must fit.
const oidcCookie = "onramp_oidc"

// provider is what is known of an OIDC. It is asked at the first login, so that a server starts without it.
type provider struct {
	OIDC
	mu    sync.Mutex
	known *oidc.Provider
}

// journey is what a login that is under way must come back with.
type journey struct {
	State, Nonce, Verifier, Next string
	Begun                        time.Time
}

func (s *Console) oidcRoutes() []route {
	if s.oidc == nil {
		return nil
	}
	return []route{
		{pattern: "GET /console/login/oidc", who: anybody, handle: s.beginOIDC},
		{pattern: "GET /console/login/oidc/callback", who: anybody, handle: s.endOIDC},
	}
}

// label is what the login page calls the provider.
func (p *provider) label() string {
	if p.Name != "" {
		return p.Name
	}
	u, err := url.Parse(p.Issuer)
	if err != nil || u.Host == "" {
		return "OpenID"
	}
	return u.Hostname()
}

// get answers the provider's description, once it could be read.
func (p *provider) get(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	// The provider keeps the context's client for its keys; a request that ends must not end that.
	known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), &http.Client{Timeout: 10 * time.Second}), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("OpenID provider: %w", err)
	}
	p.known = known
	return known, nil
}

// config is the client's, for the address that browsers reach the console by.
func (s *Console) oidcConfig(v *visit, known *oidc.Provider) *oauth2.Config {
	base := s.URL
	if base == "" {
		base = "http://" + v.Host
	}
	return &oauth2.Config{
		ClientID: s.oidc.ClientID, ClientSecret: s.oidc.Secret, Endpoint: known.Endpoint(),
		RedirectURL: base + "/console/login/oidc/callback", Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

func (s *Console) beginOIDC(v *visit) (answer, error) {
	known, err := s.oidc.get(v.Context())
	if err != nil {
		s.Log.WarnContext(v.Context(), "the OpenID provider does not answer", "error", err)
		return s.showLogin(v, "", &problem{http.StatusBadGateway, "The OpenID provider does not answer. Try again later."})
	}
	j := journey{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: local(v.FormValue("next"), ""), Begun: s.Now()}
	plain, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	sealed, err := s.Service.Seal.Seal(plain, oidcCookie)
	if err != nil {
		return nil, err
	}
	v.setCookie(oidcCookie, base64.RawURLEncoding.EncodeToString([]byte(sealed)), oidcLast)
	http.Redirect(v.w, v.Request, s.oidcConfig(v, known).AuthCodeURL(j.State, oidc.Nonce(j.Nonce), oauth2.S256ChallengeOption(j.Verifier)), http.StatusSeeOther)
	return nil, nil
}

// errOIDC is what is said of everything that is wrong with a provider's answer; the log says what it was.
var errOIDC = forbidden("The login at the OpenID provider did not succeed. Begin again.")

func (s *Console) endOIDC(v *visit) (answer, error) {
	found, next, err := s.oidcUser(v)
	v.setCookie(oidcCookie, "", -1)
	if err != nil {
		s.Log.WarnContext(v.Context(), "a login at the OpenID provider failed", "address", v.address(), "error", err)
		said := errOIDC
		if !errors.As(err, &said) { // otherwise it was recorded when it was known whom the provider means
			s.refusedFreely(v, controlplane.ConsoleProof{}, errOIDC)
		}
		return s.showLogin(v, "", said)
	}
	v.Form.Set("next", next)
	return s.begin(v, controlplane.ConsoleSession{Account: found.Account, User: found.Name, Operator: found.Operator})
}

// oidcUser is the user that the provider's answer is about.
func (s *Console) oidcUser(v *visit) (found *controlplane.Identity, next string, err error) {
	j, err := s.openJourney(v)
	if err != nil {
		return nil, "", err
	}
	_ = v.ParseForm() // what cannot be read is not there
	if problem := v.Form.Get("error"); problem != "" {
		return nil, "", fmt.Errorf("the provider says %q", problem)
	}
	if j.State != v.Form.Get("state") {
		return nil, "", errors.New("the state is another")
	}
	known, err := s.oidc.get(v.Context())
	if err != nil {
		return nil, "", err
	}
	ctx := oidc.ClientContext(v.Context(), &http.Client{Timeout: 10 * time.Second})
	token, err := s.oidcConfig(v, known).Exchange(ctx, v.Form.Get("code"), oauth2.VerifierOption(j.Verifier))
	if err != nil {
		return nil, "", errors.New("the provider does not take the code") // the error may hold what it answered
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := known.Verifier(&oidc.Config{ClientID: s.oidc.ClientID, Now: s.Now}).Verify(ctx, raw)
	if err != nil {
		return nil, "", err
	}
	if id.Nonce != j.Nonce {
		return nil, "", errors.New("the nonce is another")
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return nil, "", err
	}
	account, name := claim(claims, s.oidc.AccountClaim), claim(claims, s.oidc.UserClaim)
	err = loginMove(v, controlplane.ConsoleProof{Account: account, User: name}, func(ctx context.Context) (*controlplane.Identity, error) {
		found, err = s.Service.ConsoleUser(ctx, account, name)
		return found, err
	})
	if errors.Is(err, controlplane.ErrConsoleLogin) {
		return nil, "", forbidden("The OpenID provider knows you, but you are no user of an account here. Ask the operator.")
	}
	return found, j.Next, err
}

func (s *Console) openJourney(v *visit) (j journey, err error) {
	c, err := v.Cookie(oidcCookie)
	if err != nil {
		return j, errors.New("there is no login under way")
	}
	sealed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return j, errors.New("the cookie cannot be read")
	}
	plain, err := s.Service.Seal.Open(string(sealed), oidcCookie)
	if err != nil {
		return j, errors.New("the cookie is not sealed here")
	}
	if err := json.Unmarshal(plain, &j); err != nil {
		return j, errors.New("the cookie holds no login")
	}
	if s.Now().Sub(j.Begun) >= oidcLast {
		return j, errors.New("the login took too long")
	}
	return j, nil
}

// claim is one of an ID token as text.
func claim(claims map[string]any, name string) string {
	text, _ := claims[name].(string)
	return strings.TrimSpace(text)
}
