package operator_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

// told is what a record tells of an operator's request.
type told struct {
	Name     string          `json:"eventName"`
	Asked    json.RawMessage `json:"requestParameters"`
	Answered json.RawMessage `json:"responseElements"`
	Error    string          `json:"errorCode"`
	Account  string          `json:"recipientAccountId"`
	Onramp   struct {
		Resources string `json:"resources"`
	} `json:"onramp"`
}

func (r told) String() string {
	return strings.Join([]string{r.Name, r.Account, r.Onramp.Resources, string(r.Asked), string(r.Answered), r.Error}, " | ")
}

func recordsOf(t *testing.T, srv *onramptest.Server, choice ...string) (all []told, text string) {
	t.Helper()
	query := url.Values{"limit": {"1000"}}
	for pair := range slices.Chunk(choice, 2) {
		query.Set(pair[0], pair[1])
	}
	page, err := srv.Operator().Audit(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range page.Records {
		var r told
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		all, text = append(all, r), text+string(line)
	}
	return all, text
}

// accountTrust is a trust policy within a JSON text.
const accountTrust = `{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"sts:AssumeRole\"}}`

// movesOf are the records of the moves of TestMovesTellWhatWasDone about its account, with a webhook.
func movesOf(hook string) []string {
	return []string{
		`POST /v1/accounts | 123456789012 | 123456789012 | {"path":"/v1/accounts","id":"123456789012","name":"Acme"} | {"id":"123456789012"} | `,
		`POST /v1/accounts/{id}/users | 123456789012 | 123456789012 bob_1@example.com | {"path":"/v1/accounts/123456789012/users","name":"bob_1@example.com","attach":["AWSDirectConnectReadOnlyAccess"]} | {"id":"bob_1@example.com"} | `,
		`POST /v1/accounts/{id}/access-keys | 123456789012 | 123456789012 AKIABOB | {"path":"/v1/accounts/123456789012/access-keys","id":"AKIABOB","user":"bob_1@example.com"} | {"id":"AKIABOB"} | `,
		`POST /v1/accounts/{id}/policies | 123456789012 | 123456789012 all | {"path":"/v1/accounts/123456789012/policies","name":"all","policyDocument":"` + everything + `"} | {"id":"all"} | `,
		`POST /v1/accounts/{id}/users/{name}/attach | 123456789012 | 123456789012 bob_1@example.com | {"path":"/v1/accounts/123456789012/users/bob_1@example.com/attach","policy":"all"} | null | `,
		`PUT /v1/accounts/{id}/policies/{policy} | 123456789012 | 123456789012 all | {"path":"/v1/accounts/123456789012/policies/all","policyDocument":"` + everything + `"} | null | `,
		`PUT /v1/accounts/{id}/users/{name}/policies/{policy} | 123456789012 | 123456789012 bob_1@example.com own | {"path":"/v1/accounts/123456789012/users/bob_1@example.com/policies/own","policyDocument":"` + everything + `"} | null | `,
		`PUT /v1/accounts/{id}/users/{name}/policies/{policy} | 123456789012 | 123456789012 bob_1@example.com own | {"path":"/v1/accounts/123456789012/users/bob_1@example.com/policies/own","policyDocument":"{}"} | null | Refused`,
		`POST /v1/accounts/{id}/roles | 123456789012 | 123456789012 ops | {"path":"/v1/accounts/123456789012/roles","name":"ops","assumeRolePolicyDocument":"` + accountTrust + `"} | {"id":"ops"} | `,
		`PATCH /v1/accounts/{id}/roles/{name} | 123456789012 | 123456789012 ops | {"path":"/v1/accounts/123456789012/roles/ops","assumeRolePolicyDocument":"` + accountTrust + `"} | null | `,
		`PUT /v1/accounts/{id}/users/{name}/console/password | 123456789012 | 123456789012 bob_1@example.com | {"path":"/v1/accounts/123456789012/users/bob_1@example.com/console/password"} | null | `,
		`POST /v1/gateways | 123456789012 | vgw-0a1b2c3d | {"path":"/v1/gateways","id":"vgw-0a1b2c3d","account":"123456789012","region":"us-east-1"} | {"id":"vgw-0a1b2c3d"} | `,
		`POST /v1/accounts/{id}/maintenance-feed | 123456789012 | 123456789012 | {"path":"/v1/accounts/123456789012/maintenance-feed"} | null | `,
		`POST /v1/webhooks | 123456789012 | ` + hook + ` | {"path":"/v1/webhooks","account":"123456789012","url":"https://example.com/T0/hi...?..."} | {"id":"` + hook + `"} | `,
		`PATCH /v1/gateways/{id} | 123456789012 | vgw-0a1b2c3d | {"path":"/v1/gateways/vgw-0a1b2c3d"} | null | `,
		`DELETE /v1/gateways/{id} | 123456789012 | vgw-0a1b2c3d | {"path":"/v1/gateways/vgw-0a1b2c3d"} | null | `,
		`POST /v1/webhooks/{id}/pause | 123456789012 | ` + hook + ` | {"path":"/v1/webhooks/` + hook + `/pause"} | null | `,
		`POST /v1/webhooks/{id}/redeliver | 123456789012 | ` + hook + ` | {"path":"/v1/webhooks/` + hook + `/redeliver","event":"none"} | null | Refused`,
		`DELETE /v1/webhooks/{id} | 123456789012 | ` + hook + ` | {"path":"/v1/webhooks/` + hook + `"} | null | `,
	}
}

// TestMovesTellWhatWasDone: the record of a change has what was made, whose it is and what was asked for, and nothing secret.
func TestMovesTellWhatWasDone(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	const account = "/v1/accounts/123456789012"
	const given, password = "A-SECRET-KEY-0123456789", "correct horse battery staple"
	steps(t, srv, []step{
		{"account", "POST", "/v1/accounts", `{"id":"123456789012","name":"Acme"}`, 201, ""},
		{"user", "POST", account + "/users", `{"name":"bob_1@example.com","attach":["AWSDirectConnectReadOnlyAccess"]}`, 201, ""},
		{"key", "POST", account + "/access-keys", `{"user":"bob_1@example.com","id":"AKIABOB","secret":"` + given + `"}`, 201, ""},
		{"policy", "POST", account + "/policies", `{"name":"all","document":"` + everything + `"}`, 201, ""},
		{"attached", "POST", account + "/users/bob_1@example.com/attach", `{"policy":"all"}`, 200, ""},
		{"policy set", "PUT", account + "/policies/all", `{"document":"` + everything + `"}`, 200, ""},
		{"own policy", "PUT", account + "/users/bob_1@example.com/policies/own", `{"document":"` + everything + `"}`, 200, ""},
		{"no policy", "PUT", account + "/users/bob_1@example.com/policies/own", `{"document":"{}"}`, 400, ""},
		{"role", "POST", account + "/roles", `{"name":"ops","trust":"` + accountTrust + `"}`, 201, ""},
		{"role set", "PATCH", account + "/roles/ops", `{"trust":"` + accountTrust + `"}`, 200, ""},
		{"password", "PUT", account + "/users/bob_1@example.com/console/password", `{"password":"` + password + `"}`, 200, ""},
		{"twice", "POST", "/v1/accounts", `{"id":"123456789012"}`, 409, ""},
		{"gateway", "POST", "/v1/gateways", `{"id":"vgw-0a1b2c3d","account":"123456789012","region":"us-east-1"}`, 201, ""},
		{"feed", "POST", account + "/maintenance-feed", ``, 201, ""},
	})
	hook, err := srv.Operator().AddWebhook(t.Context(), operator.WebhookOrder{URL: "https://example.com/T0/hidden?token=hidden", Account: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	steps(t, srv, []step{
		{"gateway changed", "PATCH", "/v1/gateways/vgw-0a1b2c3d", `{"asn":64600}`, 200, ""},
		{"gateway removed", "DELETE", "/v1/gateways/vgw-0a1b2c3d", ``, 204, ""},
		{"webhook paused", "POST", "/v1/webhooks/" + hook.ID + "/pause", ``, 200, ""},
		{"nothing to deliver", "POST", "/v1/webhooks/" + hook.ID + "/redeliver", `{"event":"none"}`, 404, ""},
		{"webhook removed", "DELETE", "/v1/webhooks/" + hook.ID, ``, 204, ""},
		{"webhook removed twice", "DELETE", "/v1/webhooks/" + hook.ID, ``, 404, "There is no webhook"},
	})
	made, err := srv.Operator().AddAccount(t.Context(), operator.AccountChange{})
	if err != nil {
		t.Fatal(err)
	}
	all, text := recordsOf(t, srv, "account", "123456789012")
	want := movesOf(hook.ID)
	for i, r := range all {
		if i >= len(want) || r.String() != want[i] {
			t.Errorf("record %d:\n%s\nwant\n%s", i, r, append(want, "")[min(i, len(want))])
		}
	}
	if len(all) != len(want) {
		t.Errorf("%d records of the account, want %d", len(all), len(want))
	}
	for _, secret := range []string{given, password, "hidden", "whsec_"} {
		if strings.Contains(text, secret) {
			t.Errorf("the trail has %q", secret)
		}
	}
	for _, id := range []string{"bob_1@example.com", "AKIABOB", hook.ID, made.ID} {
		if found, _ := recordsOf(t, srv, "resource", id); len(found) == 0 {
			t.Errorf("nothing is found about %s", id)
		}
	}
}

// TestMovesTellOfTheClient: what the client says of itself and of who runs it is told as such; who asked stays the operator.
func TestMovesTellOfTheClient(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	client := srv.Operator()
	client.Agent = "onramp/1.2 (linux; ann@desk)"
	if _, err := client.AddAccount(t.Context(), operator.AccountChange{ID: "123456789012"}); err != nil {
		t.Fatal(err)
	}
	if _, text := recordsOf(t, srv, "account", "123456789012"); !strings.Contains(text, `"userAgent":"onramp/1.2 (linux; ann@desk)"`) || !strings.Contains(text, `"userIdentity":{"type":"Operator"}`) {
		t.Errorf("recorded: %s", text)
	}
}
