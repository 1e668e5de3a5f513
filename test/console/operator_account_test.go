package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"onramp/internal/controlplane"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

func TestOperatorKeepsAccounts(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	op := consoletest.Operator(t, s)
	if p := op.Post("/console/operator/accounts", url.Values{"id": {"12"}, "partner": {"nonPartner"}}); p.Status != http.StatusBadRequest {
		t.Errorf("account 12: status %d", p.Status)
	}
	if p := op.Post("/console/operator/accounts", url.Values{"id": {acme}, "name": {"Acme"}, "partner": {"v2"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", p.Status, p.Text())
	}
	account := "/console/operator/accounts/" + acme
	if p := op.Post(account+"/users", url.Values{"user": {"carol"}, "policy": {"AWSDirectConnectReadOnlyAccess"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("a user: status %d: %s", p.Status, p.Text())
	}
	if p := op.Post(account+"/users/carol/password", url.Values{"password": {"short"}}); p.Status != http.StatusBadRequest || strings.Contains(p.Body, `value="short"`) {
		t.Errorf("a short password: status %d", p.Status)
	}
	if p := op.Post(account+"/users/carol/password", url.Values{"password": {password}}); p.Status != http.StatusSeeOther {
		t.Fatalf("a password: status %d: %s", p.Status, p.Text())
	}
	carol := consoletest.User(t, s, acme, "carol", password, "")
	if p := carol.Get("/console/connections"); p.Status != 200 {
		t.Errorf("a reader reads: status %d: %s", p.Status, p.Text())
	}
	if p := carol.Post("/console/connections", url.Values{"name": {"x"}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}}); p.Status != http.StatusForbidden ||
		!strings.Contains(p.Text(), "is not authorized to perform: directconnect:CreateConnection") {
		t.Errorf("a reader orders: status %d: %s", p.Status, p.Text())
	}
	p := op.Post(account+"/keys", url.Values{"user": {"carol"}})
	secret := between(p.Body, `id="key-secret">`, "<")
	if p.Status != 200 || len(secret) < 20 {
		t.Fatalf("a key: status %d: %s", p.Status, p.Text())
	}
	if strings.Contains(op.Get(account).Body, secret) || strings.Contains(s.Log(), secret) {
		t.Error("the secret is to be seen again")
	}
	policiesAreRecorded(t, s, op, account)
	keyIsDisabled(t, s, op, account, between(p.Body, `id="key-id">`, "<"), secret)
	if p := op.Post(account+"/users/carol/remove", nil); p.Status != http.StatusSeeOther {
		t.Fatalf("removing the user: status %d: %s", p.Status, p.Text())
	}
	if p := carol.Get("/console/connections"); p.Status != http.StatusSeeOther {
		t.Errorf("her session: status %d", p.Status)
	}
}

// policiesAreRecorded attaches a policy to carol and detaches it, and finds all that she was given in the trail.
func policiesAreRecorded(t *testing.T, s *onramptest.Server, op *consoletest.Visitor, account string) {
	t.Helper()
	for _, move := range []string{"attach", "detach"} {
		if p := op.Post(account+"/users/carol/"+move, url.Values{"policy": {"arn:aws:iam::aws:policy/AWSDirectConnectFullAccess"}}); p.Status != http.StatusSeeOther {
			t.Errorf("%s: status %d: %s", move, p.Status, p.Text())
		}
	}
	given, err := s.Operator().Audit(t.Context(), url.Values{"resource": {"carol"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`/users","name":"carol","policy":"AWSDirectConnectReadOnlyAccess"}`, `/users/carol/attach","policy":"arn:aws:iam::aws:policy/AWSDirectConnectFullAccess"}`,
		`/users/carol/detach","policy":"arn:aws:iam::aws:policy/AWSDirectConnectFullAccess"}`,
	} {
		if !slices.ContainsFunc(given.Records, func(r json.RawMessage) bool { return strings.Contains(string(r), want) }) {
			t.Errorf("no record of carol has %s", want)
		}
	}
}

// keyIsDisabled disables and enables a key of carol's.
func keyIsDisabled(t *testing.T, s *onramptest.Server, op *consoletest.Visitor, account, id, secret string) {
	t.Helper()
	if id == "" || !strings.Contains(op.Get(account+"/users/carol").Body, id) {
		t.Fatalf("the user's page has no key %q", id)
	}
	if p := op.Post(account+"/users/carol/key-disable", url.Values{"key": {id}}); p.Status != http.StatusSeeOther {
		t.Fatalf("disabling a key: status %d: %s", p.Status, p.Text())
	}
	if _, err := s.Daemon().Service().Credential(t.Context(), id, ""); !errors.Is(err, controlplane.ErrNoAccessKey) {
		t.Errorf("a disabled key: %v", err)
	}
	for _, page := range []string{account, account + "/users/carol"} {
		if text := op.Get(page).Text(); !strings.Contains(text, "disabled") {
			t.Errorf("%s shows no disabled key: %s", page, text)
		}
	}
	other, _, err := s.Daemon().Service().AddAccessKey(t.Context(), acme, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if p := op.Post(account+"/users/carol/key-disable", url.Values{"key": {other.ID}}); p.Status != http.StatusNotFound {
		t.Errorf("a key that is not hers: status %d", p.Status)
	}
	if p := op.Post(account+"/users/carol/key-enable", url.Values{"key": {"AKIANONE"}}); p.Status != http.StatusNotFound {
		t.Errorf("a key that is not there: status %d", p.Status)
	}
	if p := op.Post(account+"/users/carol/key-enable", url.Values{"key": {id}}); p.Status != http.StatusSeeOther {
		t.Fatalf("enabling a key: status %d: %s", p.Status, p.Text())
	}
	if c, err := s.Daemon().Service().Credential(t.Context(), id, ""); err != nil || c.Secret != secret {
		t.Errorf("the key again: %v", err)
	}
}

// An operator does in an account what the account can, and the trail tells who it was.
func TestOperatorLooksAfterAnAccount(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "root", true)
	v := consoletest.User(t, s, acme, "root", password, "")
	if p := v.Post("/console/operator/act", url.Values{"account": {"999999999999"}}); p.Status != http.StatusNotFound {
		t.Errorf("an account that is not there: status %d", p.Status)
	}
	if p := v.Post("/console/operator/act", url.Values{"account": {globex}}); p.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", p.Status, p.Text())
	}
	id := order(t, s, v, "for them")
	if p := v.Get("/console/operator/audit?resource=" + id); !strings.Contains(p.Text(), "assumed-role/"+controlplane.OperatorRole+"/root@"+acme) {
		t.Errorf("the trail: %s", p.Text())
	}
	found, err := s.Operator().Audit(t.Context(), url.Values{"resource": {id}, "operation": {"CreateConnection"}})
	if err != nil || len(found.Records) != 1 || !strings.Contains(string(found.Records[0]), `"sourceIdentity":"root@`+acme+`"`) {
		t.Errorf("the record of the order: %s, %v", found.Records, err)
	}
	if p := v.Get("/console/operator/connections/" + id); !strings.Contains(p.Text(), globex) {
		t.Errorf("whose it is: %s", p.Text())
	}
	off := false
	if _, err := s.Daemon().Service().SetPrincipal(t.Context(), acme, controlplane.User, "root", controlplane.PrincipalChange{Operator: &off}); err != nil {
		t.Fatal(err)
	}
	if p := v.Get("/console/connections"); p.Status == 200 {
		t.Error("somebody who is no operator any more looks after an account still")
	}
}

// An operator who is a user of an account begins with all networks: in the account they need not see anything.
func TestOperatorsBeginWithAllNetworks(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "olga", true)
	v := consoletest.Stranger(t, s)
	if p := v.LogIn(acme, "olga", password, ""); p.To != "/console/network" {
		t.Errorf("the login leads to %s: %s", p.To, p.Text())
	}
	if p := v.Get("/console/login"); p.To != "/console/network" {
		t.Errorf("who is logged in is led to %s", p.To)
	}
	v.Send("/console/operator/accounts", "/console/operator/act", url.Values{"account": {globex}})
	if p := v.Get("/console/login"); p.To != "/console/" {
		t.Errorf("who looks after an account is led to %s", p.To)
	}
}
