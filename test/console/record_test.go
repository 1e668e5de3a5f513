package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"onramp/internal/controlplane"
	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// told are the records of a route, oldest first: who it was, of which kind and name, and whether it was refused.
func told(t *testing.T, s *onramptest.Server, route string) (all []string) {
	t.Helper()
	found, err := s.Daemon().Service().AuditRecords(t.Context(), controlplane.AuditQuery{Name: route, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range found {
		var r struct {
			UserIdentity struct{ Type, UserName string }
			ErrorCode    string
		}
		if err := json.Unmarshal([]byte(one.Body), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.TrimSpace(strings.Join([]string{r.UserIdentity.Type, r.UserIdentity.UserName, r.ErrorCode}, " ")))
	}
	return all
}

func audited(c *daemon.Config) { c.Audit = daemon.AuditWrites }

// Who came in with the operator token, or by a link, who tried to, and whom they look after.
func TestOperatorLoginsAreRecorded(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Account(acme, directconnect.NonPartner), onramptest.Configure(audited))
	token := func(v *consoletest.Visitor, token string) int {
		return v.Send("/console/login", "/console/login/operator", url.Values{"token": {token}}).Status
	}
	v := consoletest.Stranger(t, s)
	for range 3 {
		token(v, "nonsense nonsense")
	}
	if got := token(v, s.Operator().Token); got != http.StatusSeeOther {
		t.Fatalf("the token: status %d", got)
	}
	v.Post("/console/operator/act", url.Values{"account": {acme}})
	v.Post("/console/logout", nil)
	_, code, _ := strings.Cut(s.Daemon().ConsoleLink(), "code=")
	for _, code := range []string{"nonsense", code, code} {
		consoletest.Stranger(t, s).Send("/console/login", "/console/login/once", url.Values{"code": {code}})
	}
	const refused = "Unknown  Refused"
	for route, want := range map[string][]string{
		"POST /console/login/operator": {refused, refused, refused, "Operator"},
		"POST /console/operator/act":   {"Operator"},
		"POST /console/logout":         {"Operator"},
		"POST /console/login/once":     {refused, "Operator", refused},
	} {
		if got := told(t, s, route); !slices.Equal(got, want) {
			t.Errorf("%s: the records are %q, not %q", route, got, want)
		}
	}
	about, err := s.Daemon().Service().AuditRecords(t.Context(), controlplane.AuditQuery{Resource: acme, Name: "POST /console/operator/act", Limit: 9})
	if err != nil || len(about) != 1 {
		t.Errorf("%d records of looking after %s (%v)", len(about), acme, err)
	}
	if records(t, s, "nonsense") || records(t, s, code) || records(t, s, s.Operator().Token) {
		t.Error("a record holds what somebody tried")
	}
}

// records reports whether a record holds a text.
func records(t *testing.T, s *onramptest.Server, text string) bool {
	t.Helper()
	found, err := s.Daemon().Service().AuditRecords(t.Context(), controlplane.AuditQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range found {
		if strings.Contains(one.Body, text) {
			return true
		}
	}
	return false
}

func TestUserLoginsAreRecorded(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Account(acme, directconnect.NonPartner), onramptest.Configure(audited))
	addUser(t, s, acme, "bob", false)
	v := consoletest.User(t, s, acme, "bob", password, "")
	v.Post("/console/account/password", url.Values{"current": {"nonsense"}, "password": {"a new password"}, "again": {"a new password"}})
	v.Post("/console/logout", nil)
	for range 7 { // the last two are too many
		consoletest.Stranger(t, s).LogIn(acme, "carol", "nonsense", "")
	}
	nobody := "Unknown carol@" + acme + " Refused"
	for route, want := range map[string][]string{
		"POST /console/account/password": {"IAMUser bob Refused"},
		"POST /console/logout":           {"IAMUser bob"},
		"POST /console/login/user":       {"IAMUser bob", nobody, nobody, nobody, nobody, nobody, nobody, nobody},
	} {
		if got := told(t, s, route); !slices.Equal(got, want) {
			t.Errorf("%s: the records are %q, not %q", route, got, want)
		}
	}
}

// In open mode nobody proves anything; the trail tells which account was entered all the same.
func TestOpenLoginsAreRecorded(t *testing.T) {
	t.Parallel()
	clock := &watch{now: onramptest.Begin}
	s := onramptest.Start(t, onramptest.Configure(audited), onramptest.Configure(func(c *daemon.Config) { c.ConsoleTime = clock.Now }))
	consoletest.Enter(t, s, acme)
	found, err := s.Daemon().Service().AuditRecords(t.Context(), controlplane.AuditQuery{Account: acme, Name: "POST /console/login/open", Limit: 9})
	if err != nil || len(found) != 1 {
		t.Errorf("%d records (%v)", len(found), err)
	}
	if _, err := s.Daemon().Service().AddAccount(t.Context(), acme, controlplane.AccountChange{}); err != nil {
		t.Fatal(err)
	}
	v := consoletest.Stranger(t, s)
	for range 25 { // of which the trail holds as many as one address may have refused at once
		v.Send("/console/login", "/console/login/open", url.Values{"account": {acme}})
	}
	if got := told(t, s, "POST /console/login/open"); len(got) != 21 || got[20] != "Unknown  Refused" {
		t.Errorf("%d records: %q", len(got), got)
	}
}

// What an operator does in the console is found by the account that it was done to, and is the operator's.
func TestOperatorMovesAreFoundByOwner(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual), onramptest.Configure(audited))
	customer, op := consoletest.Enter(t, s, acme), consoletest.Operator(t, s)
	id := order(t, s, customer, "first")
	one := "/console/operator/connections/" + id
	for _, move := range []struct {
		to   string
		form url.Values
	}{
		{one + "/approve", nil}, {one + "/approve", nil}, {one + "/plug", nil}, {"/console/operator/faults", url.Values{"resource": {id}, "kind": {"cut"}}},
		{"/console/operator/faults/heal-all", nil},
		{"/console/operator/maintenance", url.Values{"kind": {"connection"}, "names": {id}, "from": {"2026-03-09T22:00"}, "to": {"2026-03-10T02:00"}, "impact": {"outage"}, "reason": {"cleaning"}}},
	} {
		op.Post(move.to, move.form)
		s.Settle()
	}
	found, err := s.Daemon().Service().AuditRecords(t.Context(), controlplane.AuditQuery{Account: acme, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range found {
		var r struct {
			EventName, RecipientAccountID, ErrorCode string
			UserIdentity                             struct{ Type string }
			Resources                                []struct{ ARN string }
		}
		if err := json.Unmarshal([]byte(one.Body), &r); err != nil {
			t.Fatal(err)
		}
		if r.UserIdentity.Type == "Operator" && strings.Contains(r.EventName, "/operator/") {
			got = append(got, strings.TrimSpace(r.EventName+" "+r.ErrorCode))
			if r.RecipientAccountID != acme || !strings.Contains(one.Resources, id) {
				t.Errorf("%s is of %q and found by %q", r.EventName, r.RecipientAccountID, one.Resources)
			}
		}
	}
	const connection, fault = "POST /console/operator/connections/{id}/", "POST /console/operator/faults"
	want := []string{connection + "approve", connection + "approve Refused", connection + "plug", fault, fault + "/heal-all", "POST /console/operator/maintenance"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, and not %q", got, want)
	}
	if p := op.Get("/console/operator/audit?account=" + acme).Text(); !strings.Contains(p, connection+"plug") || !strings.Contains(p, "Operator") {
		t.Errorf("the page of the trail: %s", p)
	}
	if p := op.Get(one).Text(); !strings.Contains(p, connection+"plug") {
		t.Errorf("the operator's page of the connection: %s", p)
	}
	if p := customer.Get("/console/connections/" + id).Text(); strings.Contains(p, "/operator/") || !strings.Contains(p, "CreateConnection") {
		t.Errorf("the customer's page of it: %s", p)
	}
}
