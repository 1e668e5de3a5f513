package console

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// issuer is a small OpenID provider: discovery, keys, a token endpoint that checks PKCE and the client's secret. Its authorization
// endpoint is the test itself.
type issuer struct {
	*httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any    // of the next ID token, over the usual ones
	codes  map[string]string // challenge by code
}

const (
	clientID     = "onramp-console"
	clientSecret = "a secret of the client's"
)

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key, claims: map[string]any{}, codes: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(t, w, map[string]any{
			"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(t, w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "one", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) { i.token(t, w, r) })
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) answer(t *testing.T, w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		t.Error(err)
	}
}

func (i *issuer) token(t *testing.T, w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	challenge, known := i.codes[r.FormValue("code")]
	delete(i.codes, r.FormValue("code"))
	if unescaped, err := url.QueryUnescape(secret); err != nil || id != clientID || unescaped != clientSecret || !known || challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
		w.WriteHeader(http.StatusBadRequest)
		i.answer(t, w, map[string]string{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{"iss": i.URL, "aud": clientID, "sub": "1", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
	for name, v := range i.claims {
		claims[name] = v
	}
	plain, err := json.Marshal(claims)
	if err != nil {
		t.Error(err)
		return
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: i.key, KeyID: "one"}}, nil)
	if err != nil {
		t.Error(err)
		return
	}
	signed, err := signer.Sign(plain)
	if err != nil {
		t.Error(err)
		return
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Error(err)
		return
	}
	i.answer(t, w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": text})
}

// authorize is what the provider does with somebody who has logged in there: it answers where the browser is sent back to.
func (i *issuer) authorize(t *testing.T, to string) (back string, asked url.Values) {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, i.URL+"/authorize?") {
		t.Fatalf("the browser is sent to %q", to)
	}
	asked = u.Query()
	if asked.Get("response_type") != "code" || asked.Get("client_id") != clientID || asked.Get("code_challenge_method") != "S256" || asked.Get("nonce") == "" ||
		len(asked.Get("state")) < 20 || !strings.Contains(asked.Get("scope"), "openid") {
		t.Errorf("it is asked %v", asked)
	}
	code := rand.Text()
	i.codes[code] = asked.Get("code_challenge")
	i.claims["nonce"] = asked.Get("nonce")
	callback, err := url.Parse(asked.Get("redirect_uri"))
	if err != nil {
		t.Fatal(err)
	}
	return callback.Path + "?" + url.Values{"code": {code}, "state": {asked.Get("state")}}.Encode(), asked
}

// begin has a visitor go from the login page to the provider, and answers where the browser is sent back to.
func (i *issuer) begin(t *testing.T, v *consoletest.Visitor) (back string) {
	t.Helper()
	if p := v.Get("/console/login"); !strings.Contains(p.Text(), "Go on to The Company") {
		t.Fatalf("the login page: %s", p.Text())
	}
	back, _ = i.authorize(t, v.Get("/console/login/oidc?next=/console/lags").To)
	return back
}

func TestOpenID(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	s := onramptest.Start(t, onramptest.Account(acme, directconnect.NonPartner), onramptest.Configure(func(c *daemon.Config) {
		c.Audit = daemon.AuditWrites
		c.OIDC = &daemon.OIDC{Issuer: i.URL, ClientID: clientID, Secret: clientSecret, AccountClaim: "account", UserClaim: "preferred_username", Name: "The Company"}
	}))
	addUser(t, s, acme, "bob", false)
	for what, c := range map[string]struct {
		claims map[string]any
		change func(back string) string
		want   string // the page that it leads to; empty: it is refused
	}{
		"a user":           {map[string]any{"account": acme, "preferred_username": "Bob"}, nil, "/console/lags"},
		"an unknown user":  {map[string]any{"account": acme, "preferred_username": "mallory"}, nil, ""},
		"another account":  {map[string]any{"account": globex, "preferred_username": "bob"}, nil, ""},
		"no claims":        {map[string]any{"account": 1}, nil, ""},
		"another audience": {map[string]any{"account": acme, "preferred_username": "bob", "aud": "another"}, nil, ""},
		"another issuer":   {map[string]any{"account": acme, "preferred_username": "bob", "iss": "https://evil.example"}, nil, ""},
		"an old token":     {map[string]any{"account": acme, "preferred_username": "bob", "exp": 1}, nil, ""},
		"another state":    {map[string]any{"account": acme, "preferred_username": "bob"}, func(b string) string { return strings.Replace(b, "state=", "state=X", 1) }, ""},
		"another code":     {map[string]any{"account": acme, "preferred_username": "bob"}, func(b string) string { return strings.Replace(b, "code=", "code=X", 1) }, ""},
		"an error":         {map[string]any{}, func(b string) string { return b + "&error=access_denied" }, ""},
	} {
		v := consoletest.Stranger(t, s)
		i.claims = map[string]any{}
		back := i.begin(t, v)
		for name, value := range c.claims {
			i.claims[name] = value
		}
		if c.change != nil {
			back = c.change(back)
		}
		p := v.Get(back)
		if p.To != c.want || c.want == "" && p.Status != http.StatusForbidden {
			t.Errorf("%s: status %d to %q: %s", what, p.Status, p.To, p.Alert())
		}
		if in := v.Get("/console/account").Status == 200; in != (c.want != "") {
			t.Errorf("%s: logged in %v", what, in)
		}
	}
	i.mustBeAsked(t, s)
	records := map[string]int{}
	for _, one := range told(t, s, "GET /console/login/oidc/callback") {
		records[one]++
	}
	if records["IAMUser bob"] != 1 || records["Unknown mallory@"+acme+" Refused"] != 1 || records["Unknown bob@"+globex+" Refused"] != 1 || records["Unknown  Refused"] != 9 {
		t.Errorf("the records are %v", records)
	}
	if log := s.Log(); strings.Contains(log, clientSecret) || strings.Contains(log, "id_token") {
		t.Error("a secret is in the log")
	}
}

// mustBeAsked wants answers refused that were not asked for: for another nonce, and from another browser.
func (i *issuer) mustBeAsked(t *testing.T, s *onramptest.Server) {
	t.Helper()
	v := consoletest.Stranger(t, s)
	back := i.begin(t, v)
	i.claims["nonce"], i.claims["account"], i.claims["preferred_username"] = "another", acme, "bob"
	if p := v.Get(back); p.Status != http.StatusForbidden {
		t.Errorf("another nonce: status %d", p.Status)
	}
	if p := consoletest.Stranger(t, s).Get(back); p.Status != http.StatusForbidden {
		t.Errorf("in another browser: status %d", p.Status)
	}
}
