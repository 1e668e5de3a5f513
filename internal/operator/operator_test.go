package operator_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

// step is a request with the operator's token and what must come of it.
type step struct {
	name, method, path, body string
	status                   int
	want                     string // in the answer
}

func do(t *testing.T, srv *onramptest.Server, s step, change func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), s.method, srv.OperatorURL+s.path, strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+srv.Operator().Token)
	if change != nil {
		change(r)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.StatusCode, string(text)
}

func steps(t *testing.T, srv *onramptest.Server, all []step) {
	t.Helper()
	for _, s := range all {
		status, text := do(t, srv, s, nil)
		if status != s.status || !strings.Contains(text, s.want) {
			t.Errorf("%s: %s %s answered %d %s, want %d with %s", s.name, s.method, s.path, status, text, s.status, s.want)
		}
		if status >= 400 && !strings.HasPrefix(text, `{"error":"`) {
			t.Errorf("%s: the error is %q, want JSON", s.name, text)
		}
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	const one = "/v1/accounts/123456789012"
	const keys = one + "/access-keys"
	steps(t, srv, []step{
		{"none yet", "GET", "/v1/accounts", "", 200, "[]"},
		{"unknown", "GET", one, "", 404, `There is no account \"123456789012\".`},
		{"keys of an unknown one", "POST", keys, "", 404, "There is no account"},
		{"bad ID", "POST", "/v1/accounts", `{"id":"12"}`, 400, `is not an account ID`},
		{"bad partner", "POST", "/v1/accounts", `{"id":"123456789012","partner":"v3"}`, 400, "not one of nonPartner, v1, v2"},
		{"empty name", "POST", "/v1/accounts", `{"name":""}`, 400, "A name is"},
		{"negative quota", "POST", "/v1/accounts", `{"quotas":{"macsecKeys":-1}}`, 400, "cannot be negative"},
		{"unknown member", "POST", "/v1/accounts", `{"color":"red"}`, 400, "unknown field"},
		{"no JSON", "POST", "/v1/accounts", `{`, 400, "not the JSON expected"},
		{"two objects", "POST", "/v1/accounts", `{}{}`, 400, "goes on after its JSON"},
		{"nothing was added by these", "GET", "/v1/accounts", "", 200, "[]"},
		{
			"added", "POST", "/v1/accounts", `{"id":"123456789012","name":"Acme","quotas":{"lagsPerRegion":0}}`, 201,
			`{"id":"123456789012","name":"Acme","partner":"nonPartner","quotas":{"connectionsPerLocation":10,"lagsPerRegion":0,"gateways":200,"macsecKeys":3}}`,
		},
		{"added twice", "POST", "/v1/accounts", `{"id":"123456789012"}`, 409, "already"},
		{"changed", "PATCH", one, `{"partner":"v1","quotas":{"macsecKeys":7}}`, 200, `"partner":"v1","quotas":{"connectionsPerLocation":10,"lagsPerRegion":0,"gateways":200,"macsecKeys":7}`},
		{"ID changed", "PATCH", one, `{"id":"210987654321"}`, 400, "cannot be changed"},
		{"an unknown one changed", "PATCH", "/v1/accounts/210987654321", `{}`, 404, "no account"},
		{"shown", "GET", one, "", 200, `"name":"Acme","partner":"v1"`},
		{"listed", "GET", "/v1/accounts", "", 200, `[{"id":"123456789012"`},
		{"listed after it", "GET", "/v1/accounts?after=123456789012", "", 200, "[]"},
		{"no keys yet", "GET", keys, "", 200, "[]"},
		{"half a pair", "POST", keys, `{"id":"AKIAIMPORTED"}`, 400, "both an ID and a secret"},
		{"bad key ID", "POST", keys, `{"id":"AK-1","secret":"0123456789abcdef"}`, 400, "letters, digits and underscores"},
		{"bad secret", "POST", keys, `{"id":"AKIAIMPORTED","secret":"with blanks in it"}`, 400, "without blanks"},
		{"imported", "POST", keys, `{"id":"AKIAIMPORTED","secret":"0123456789abcdef"}`, 201, `"id":"AKIAIMPORTED","account":"123456789012"`},
		{"imported twice", "POST", keys, `{"id":"AKIAIMPORTED","secret":"0123456789abcdef"}`, 409, "already"},
		{"keys", "GET", keys, "", 200, `[{"id":"AKIAIMPORTED"`},
		{"disabled", "POST", keys + "/AKIAIMPORTED/disable", "", 200, `"disabled":true`},
		{"disabled twice", "POST", keys + "/AKIAIMPORTED/disable", "", 200, `"disabled":true`},
		{"shown so", "GET", keys, "", 200, `"disabled":true`},
		{"enabled", "POST", keys + "/AKIAIMPORTED/enable", "", 200, `{"id":"AKIAIMPORTED","account":"123456789012","created":"2026-03-02T09:00:00Z"}`},
		{"another account's disabled", "POST", "/v1/accounts/210987654321/access-keys/AKIAIMPORTED/disable", "", 404, "has no access key"},
		{"an unknown one enabled", "POST", keys + "/AKIANONE/enable", "", 404, "has no access key"},
		{"another account's key", "DELETE", "/v1/accounts/210987654321/access-keys/AKIAIMPORTED", "", 404, "has no access key"},
		{"removed", "DELETE", keys + "/AKIAIMPORTED", "", 204, ""},
		{"removed twice", "DELETE", keys + "/AKIAIMPORTED", "", 404, "has no access key"},
	})
	if _, text := do(t, srv, step{method: "POST", path: keys}, nil); !strings.Contains(text, `"id":"AKIA`) || !strings.Contains(text, `"secret":"`) {
		t.Errorf("a made key: %s", text)
	}
	if _, text := do(t, srv, step{method: "GET", path: keys}, nil); strings.Contains(text, "secret") {
		t.Errorf("listed keys have secrets: %s", text)
	}
	if _, text := do(t, srv, step{method: "POST", path: keys, body: `{"id":"AKIAAGAIN","secret":"do-not-repeat-me"}`}, nil); strings.Contains(text, "do-not-repeat-me") {
		t.Errorf("an imported secret is repeated: %s", text)
	}
	srv.Stop()
	for _, secret := range []string{"0123456789abcdef", "do-not-repeat-me"} {
		if strings.Contains(srv.Log(), secret) {
			t.Errorf("the log has a secret")
		}
	}
}

func TestInventory(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	exported, err := srv.Operator().Inventory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	whole := string(exported)
	small := whole[:strings.Index(whole, "- code: EqDC2")]
	steps(t, srv, []step{
		{"export", "GET", "/v1/inventory", "", 200, "- code: EqDC2\n"},
		{"the same again", "PUT", "/v1/inventory", whole, 200, `{"dryRun":false,"changed":false,`},
		{"not YAML", "PUT", "/v1/inventory", "locations: [", 400, "line 1: "},
		{"not an inventory", "PUT", "/v1/inventory", "locations: [{code: X1}]", 400, "line 1: location X1: region"},
		{"bad dry run", "PUT", "/v1/inventory?dry-run=maybe", whole, 400, "not a value for dry-run"},
		{"dry run", "PUT", "/v1/inventory?dry-run", small, 200, `{"dryRun":true,"changed":true,"summary":"locations: 0 added, 0 changed, 2 removed`},
		{"the dry run changed nothing", "GET", "/v1/inventory", "", 200, "- code: EqDC2\n"},
		{"applied", "PUT", "/v1/inventory", small, 200, `- location EqDC2`},
		{"the rest is gone", "PUT", "/v1/inventory", small, 200, `"changed":false`},
		{"and back", "PUT", "/v1/inventory?dry-run=false", whole, 200, "+ location EqDC2"},
	})
	if again, err := srv.Operator().Inventory(t.Context()); err != nil || string(again) != whole {
		t.Errorf("the export after all that differs (%v)", err)
	}
	status, text := do(t, srv, step{method: "GET", path: "/v1/inventory"}, func(r *http.Request) { r.Header.Set("Accept", "application/json") })
	if status != 200 || !strings.HasPrefix(text, `{"locations":[{"code":"CSVA1"`) {
		t.Errorf("as JSON: %d %.80s", status, text)
	}
	steps(t, srv, []step{{"the JSON applied", "PUT", "/v1/inventory", text, 200, `"changed":false`}})
}

func TestClock(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	steps(t, srv, []step{
		{"at first", "GET", "/v1/clock", "", 200, `{"now":"2026-03-02T09:00:00Z","offset":"0s","simulated":true}`},
		{"turned", "POST", "/v1/clock", `{"advance":"3d12h"}`, 200, `{"now":"2026-03-05T21:00:00Z","offset":"84h0m0s"`},
		{"back", "POST", "/v1/clock", `{"advance":"-1h"}`, 400, "is not a duration"},
		{"not at all", "POST", "/v1/clock", `{"advance":"0s"}`, 400, "only be turned forward"},
		{"nothing said", "POST", "/v1/clock", ``, 400, "is not a duration"},
		{"too far", "POST", "/v1/clock", `{"advance":"60000d"}`, 400, "100 years at most"},
		{"still", "GET", "/v1/clock", "", 200, "2026-03-05T21:00:00Z"},
	})
}

func TestConnections(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	first, second, third := order(t, srv, "us-east-1", "EqDC2"), order(t, srv, "us-east-1", "EqDC2"), order(t, srv, "us-west-2", "EqSe2")
	at := func(id, move string) string { return "/v1/connections/" + id + "/" + move }
	steps(t, srv, []step{
		{"listed", "GET", "/v1/connections?limit=2", "", 200, `"after":"` + second + `"`},
		{"next page", "GET", "/v1/connections?after=" + second, "", 200, `{"connections":[{"id":"` + third},
		{"by Region", "GET", "/v1/connections?region=us-west-2", "", 200, `{"connections":[{"id":"` + third},
		{"by state", "GET", "/v1/connections?state=pending", "", 200, `{"connections":[]}`},
		{"bad state", "GET", "/v1/connections?state=asleep", "", 400, "is not a state"},
		{"bad filter", "GET", "/v1/connections?colour=red", "", 400, "nothing to choose connections by"},
		{"bad limit", "GET", "/v1/connections?limit=0", "", 400, "not a value for limit"},
		{"after nothing", "GET", "/v1/connections?after=dxcon-ffffffff", "", 404, "no connection"},
		{"plugged too early", "POST", at(first, "plug"), "", 409, "no cable can be plugged"},
		{"cut without a cable", "POST", at(first, "cut"), "", 409, "no cable plugged in"},
		{"approved", "POST", at(first, "approve"), "", 200, `"state":"pending"`},
		{"approved twice", "POST", at(first, "approve"), "", 409, "is pending: only an order that is requested can be approved."},
		{"refused too late", "POST", at(first, "refuse"), `{"reason":"no power"}`, 409, "is pending: only an order that is requested can be refused."},
		{"plugged", "POST", at(first, "plug"), "", 200, `"crossConnected":"2026-03-02T09:00:03Z"`},
		{"refused without a reason", "POST", at(second, "refuse"), "", 400, "Say why the order is refused"},
		{"refused for no reason", "POST", at(second, "refuse"), `{"reason":" "}`, 400, "Say why the order is refused"},
		{"refused", "POST", at(second, "refuse"), `{"reason":"no power"}`, 200, `"state":"deleted","reason":"no power"`},
		{"refused ones are not listed", "GET", "/v1/connections?state=requested", "", 200, `{"connections":[{"id":"` + third},
		{"unless asked for", "GET", "/v1/connections?state=deleted", "", 200, `{"connections":[{"id":"` + second},
		{"no such connection", "POST", at("dxcon-ffffffff", "approve"), "", 404, "There is no connection dxcon-ffffffff."},
		{"no connection ID", "POST", at("dxlag-ffffffff", "approve"), "", 400, "is not a connection ID"},
		{"no such move", "POST", at(first, "bless"), "", 404, "is not part of the operator API"},
		{"other method", "DELETE", "/v1/connections/" + first, "", 404, "is not part of the operator API"},
	})
	srv.Settle()
	steps(t, srv, []step{
		{"light", "GET", "/v1/connections/" + first, "", 200, `"state":"available"`},
		{"panel", "GET", "/v1/connections/" + first, "", 200, `"panel":{"building":"Equinix DC2/DC11"`},
		{"cut", "POST", at(first, "cut"), "", 200, `"cableCut":true`},
	})
	srv.Settle()
	steps(t, srv, []step{
		{"dark", "GET", "/v1/connections/" + first, "", 200, `"state":"down"`},
		{"restored", "POST", at(first, "restore"), "", 200, `"id":"` + first},
	})
	srv.Settle()
	steps(t, srv, []step{{"light again", "GET", "/v1/connections/" + first, "", 200, `"state":"available"`}})
	inUse(t, srv, first)
}

// inUse tries to take away what a connection stands on.
func inUse(t *testing.T, srv *onramptest.Server, id string) {
	t.Helper()
	c, err := srv.Operator().Connection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	exported, err := srv.Operator().Inventory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := string(exported)
	from := strings.Index(text, "- code: EqDC2")
	to := from + strings.Index(text[from:], "\n- code: ") + 1
	user := "connection " + id + " of account 111122223333"
	router := strings.Index(text, "  - name: "+c.Router)
	faster := text[:router] + strings.Replace(text[router:], "speed: 1G\n", "speed: 10G\n", 1)
	steps(t, srv, []step{
		{"its location removed", "PUT", "/v1/inventory", text[:from] + text[to:], 409, "location EqDC2 by " + user},
		{"its Region changed", "PUT", "/v1/inventory", strings.Replace(text, text[from:to], strings.Replace(text[from:to], "us-east-1", "us-east-2", 1), 1), 409, user},
		{"its port's speed changed", "PUT", "/v1/inventory", faster, 409, "port " + c.Port + " by " + user},
		{"the same as a dry run", "PUT", "/v1/inventory?dry-run=1", faster, 409, user},
		{"its panel changed", "PUT", "/v1/inventory", strings.ReplaceAll(text, "room: MMR-1", "room: MMR-9"), 200, `"changed":true`},
		{"still there", "GET", "/v1/connections/" + id, "", 200, `"port":"` + c.Port + `"`},
		{"still in use", "PUT", "/v1/inventory", text[:from] + text[to:], 409, user},
	})
}

func TestLOA(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	id, other := order(t, srv, "us-east-1", "EqDC2"), order(t, srv, "us-east-1", "EqDC2")
	if _, err := srv.Operator().MoveConnection(t.Context(), id, "approve", ""); err != nil {
		t.Fatal(err)
	}
	c, err := srv.Operator().Connection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	typed := strings.ToLower(strings.ReplaceAll(c.LOACode, "-", ""))
	valid := `{"valid":true,"connectionId":"` + id + `"`
	steps(t, srv, []step{
		{"as printed", "GET", "/v1/loa/" + c.LOACode, "", 200, valid},
		{"as typed", "GET", "/v1/loa/" + typed, "", 200, valid},
		{"with its connection", "GET", "/v1/loa/" + typed + "?connection=" + id, "", 200, valid},
		{"with another connection", "GET", "/v1/loa/" + typed + "?connection=" + other, "", 404, "No LOA-CFA was issued"},
		{"with no connection", "GET", "/v1/loa/" + typed + "?connection=dxcon-ffffffff", "", 404, "There is no connection"},
		{"of nobody", "GET", "/v1/loa/0000-0000-0000", "", 404, "No LOA-CFA was issued"},
		{"no code", "GET", "/v1/loa/hello", "", 400, "A verification code is 12"},
	})
	srv.Advance(directconnect.LOAAuthority)
	steps(t, srv, []step{{"run out", "GET", "/v1/loa/" + typed, "", 200, `{"valid":false,"reason":"The letter's authority has ended."`}})
	srv.Advance(directconnect.LOAGrace)
	steps(t, srv, []step{{"lapsed", "GET", "/v1/loa/" + typed, "", 200, `"state":"deleted"`}})
}

func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Configure(nameHosts))
	for _, test := range []struct {
		name   string
		path   string
		change func(*http.Request)
		want   int
	}{
		{"the operator", "/v1/clock", nil, 200},
		{"without a token", "/v1/clock", func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"with another token", "/v1/clock", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, 401},
		{"with basic authentication", "/v1/clock", func(r *http.Request) { r.SetBasicAuth("", srv.Operator().Token) }, 401},
		{"even for what is not there", "/v1/nothing", func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"by localhost", "/v1/clock", func(r *http.Request) { r.Host = "localhost:7225" }, 200},
		{"by IPv6 address", "/v1/clock", func(r *http.Request) { r.Host = "[::1]:7225" }, 200},
		{"by a configured name", "/v1/clock", func(r *http.Request) { r.Host = "Onramp.example:7225" }, 200},
		{"by another name", "/v1/clock", func(r *http.Request) { r.Host = "rebound.example" }, 403},
		{"the page by another name", "/", func(r *http.Request) { r.Host = "rebound.example" }, 403},
		{"from a page of ours", "/v1/clock", func(r *http.Request) { r.Header.Set("Origin", srv.OperatorURL) }, 200},
		{"from another's page", "/v1/clock", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		{"from a sandboxed page", "/v1/clock", func(r *http.Request) { r.Header.Set("Origin", "null") }, 403},
		{"metrics by address", "/metrics", func(r *http.Request) { r.Header.Del("Authorization") }, 200},
		{"metrics by another name", "/metrics", func(r *http.Request) { r.Host = "evil.example" }, 403},
		{"health by another name", "/healthz", func(r *http.Request) { r.Host = "probe.example" }, 200},
		{"elsewhere", "/favicon.ico", nil, 404},
	} {
		if status, text := do(t, srv, step{method: "GET", path: test.path}, test.change); status != test.want {
			t.Errorf("%s: %d %s, want %d", test.name, status, text, test.want)
		}
	}
	if status, _ := do(t, srv, step{method: "PUT", path: "/v1/inventory", body: strings.Repeat("#", 33<<20)}, nil); status != 413 {
		t.Errorf("a body of 33 MiB: %d, want 413", status)
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"90s": "1m30s", "72h": "72h0m0s", "3d": "72h0m0s", "1d12h": "36h0m0s", "0s": "0s"} {
		if got, err := operator.ParseDuration(text); err != nil || got.String() != want {
			t.Errorf("%q is %s (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "3", "d", "-1d", "1d-1h", "-5s", "3days", "1h2d", "99999d"} {
		if got, err := operator.ParseDuration(text); err == nil {
			t.Errorf("%q is %s, want an error", text, got)
		}
	}
}
