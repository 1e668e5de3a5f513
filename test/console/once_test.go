package console

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
	"onramp/test/postgres"
)

var formKey = regexp.MustCompile(`name="once" value="([A-Z0-9]+)"`)

// keyed is a form with the key that the page has for it.
func keyed(t *testing.T, v *consoletest.Visitor, page string, form url.Values) url.Values {
	t.Helper()
	p := v.Get(page)
	found := formKey.FindStringSubmatch(p.Body)
	if found == nil {
		t.Fatalf("%s has no form with a key: %s", page, p.Text())
	}
	filled := url.Values{"once": {found[1]}, "csrf": {between(p.Body, `name="csrf" value="`, `"`)}}
	for name, values := range form {
		filled[name] = values
	}
	return filled
}

func path(address string) string {
	at, _, _ := strings.Cut(address, "?")
	return at
}

// However often a form is sent, and even if it is sent many times at once, what it asks for is done once, and all are led to it.
func TestFormsSentTwice(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	v := consoletest.Enter(t, s, acme)
	order := url.Values{"name": {"only one"}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}, "billing": {"PayAsYouGo"}}
	summary := "/console/connections/order/summary?" + order.Encode()
	form := keyed(t, v, summary, order)
	var wait sync.WaitGroup
	answers := make([]consoletest.Page, 8)
	for i := range answers {
		wait.Go(func() { answers[i] = v.Raw("/console/connections", form) })
	}
	wait.Wait()
	at := path(answers[0].To)
	for _, p := range append(answers, v.Raw("/console/connections", form), v.Get(summary+"&once="+form.Get("once"))) {
		if p.Status != http.StatusSeeOther || path(p.To) != at || !strings.Contains(at, "/dxcon-") {
			t.Errorf("status %d, to %q instead of %q: %s", p.Status, p.To, at, p.Alert())
		}
	}
	sees(t, v, at+"?done=already", "This form was sent before")
	if n := len(linksOn(v.Get("/console/connections"), "/console/connections/dxcon-")); n != 1 {
		t.Errorf("%d connections were ordered", n)
	}
	if p := v.Raw("/console/connections", keyed(t, v, summary, order)); path(p.To) == at || p.Status != http.StatusSeeOther {
		t.Errorf("another order like it: status %d, to %s", p.Status, p.To)
	}
}

// A refused form can be sent again, with the same key.
func TestRefusedFormsKeepTheirKey(t *testing.T) {
	t.Parallel()
	v := consoletest.Enter(t, onramptest.Start(t), acme)
	form := keyed(t, v, "/console/gateways/new", url.Values{"name": {"core"}, "asn": {"65535"}})
	p := v.Raw("/console/gateways", form)
	if again := formKey.FindStringSubmatch(p.Body); p.Status != http.StatusBadRequest || again == nil || again[1] != form.Get("once") {
		t.Fatalf("status %d, key %q", p.Status, again)
	}
	form.Set("asn", "64600")
	first, second := v.Raw("/console/gateways", form), v.Raw("/console/gateways", form)
	if first.Status != http.StatusSeeOther || path(second.To) != path(first.To) {
		t.Errorf("to %q, then to %q", first.To, second.To)
	}
}

// Every page that makes something makes it once.
func TestEverythingIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Account(acme, directconnect.PartnerV2))
	v, op := consoletest.For(t, s, acme), consoletest.Operator(t, s)
	connection := idOf(orders(t, v, "port", "EqDC2"))
	port, _ := does(t, v, "/console/interconnects/new", "/console/interconnects", url.Values{"name": {"wholesale"}, "location": {"EqDC2"}, "bandwidth": {"1Gbps"}})
	at := gateway(t, v, "core", "64600")
	s.Settle()
	account := "/console/operator/accounts/" + acme
	for _, c := range []struct {
		by       *consoletest.Visitor
		page, to string
		form     url.Values
	}{
		{v, "/console/lags/new", "/console/lags", url.Values{"name": {"lag"}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}, "number": {"1"}}},
		{v, "/console/interconnects/new", "/console/interconnects", url.Values{"name": {"second"}, "location": {"EqDC2"}, "bandwidth": {"1Gbps"}}},
		{v, "/console/hosted/new", "/console/hosted", url.Values{"parent": {idOf(port)}, "owner": {globex}, "name": {"retail"}, "bandwidth": {"50Mbps"}, "vlan": {"7"}}},
		{v, "/console/gateways/new", "/console/gateways", url.Values{"name": {"second"}}},
		{v, "/console/resiliency/new", "/console/resiliency", url.Values{"name": {"site"}, "model": {"high-resiliency"}}},
		{v, "/console/interfaces/new?type=private&connection=" + connection, "/console/interfaces", url.Values{
			"type": {"private"}, "connection": {connection}, "name": {"one"}, "vlan": {"5"}, "asn": {"65001"}, "family": {"ipv4"}, "gateway": {idOf(at)}}},
		{op, account, account + "/users", url.Values{"user": {"bob"}}},
		{op, "/console/operator/maintenance/new", "/console/operator/maintenance", url.Values{"kind": {"connection"}, "names": {connection}, "from": {"2026-06-01T01:00"},
			"to": {"2026-06-01T03:00"}, "impact": {"no-impact"}, "reason": {"dusting"}}},
	} {
		form := keyed(t, c.by, c.page, c.form)
		first, second := c.by.Raw(c.to, form), c.by.Raw(c.to, form)
		if first.Status != http.StatusSeeOther || second.Status != http.StatusSeeOther || path(first.To) != path(second.To) || !strings.Contains(second.To, "done=already") {
			t.Errorf("%s: status %d to %q, then %d to %q: %s %s", c.to, first.Status, first.To, second.Status, second.To, first.Alert(), second.Alert())
		}
	}
	form := keyed(t, op, account, nil)
	form.Set("once", between(between(op.Get(account).Body, `id="key"`, `</form>`), `name="once" value="`, `"`))
	made, again := op.Raw(account+"/keys", form), op.Raw(account+"/keys", form)
	if made.Status != http.StatusOK || path(again.To) != account {
		t.Errorf("an access key: status %d, then %d to %q", made.Status, again.Status, again.To)
	}
}

// The key of a form holds on another server of the same database, and after a restart.
func TestFormsSentToTwoServers(t *testing.T) {
	t.Parallel()
	options := []onramptest.Option{
		onramptest.Database(postgres.Shared(t, postgres.WithoutFsync()).Database(t)), onramptest.Keyset(filepath.Join(t.TempDir(), "keyset.json")),
		onramptest.Pace(directconnect.Manual),
	}
	s := onramptest.Start(t, options...)
	v := consoletest.Enter(t, s, acme)
	beside := v.At(onramptest.Start(t, options...))
	form := keyed(t, v, "/console/gateways/new", url.Values{"name": {"core"}})
	var wait sync.WaitGroup
	answers := make([]consoletest.Page, 8)
	for i := range answers {
		wait.Go(func() { answers[i] = []*consoletest.Visitor{v, beside}[i%2].Raw("/console/gateways", form) })
	}
	wait.Wait()
	s.Stop()
	later := v.At(onramptest.Start(t, options...))
	at := path(answers[0].To)
	for _, p := range append(answers, later.Raw("/console/gateways", form)) {
		if p.Status != http.StatusSeeOther || path(p.To) != at {
			t.Errorf("status %d, to %q instead of %q: %s", p.Status, p.To, at, p.Alert())
		}
	}
	sees(t, later, at+"?done=already", "This form was sent before")
	if n := len(linksOn(later.Get("/console/gateways"), at)); n != 1 {
		t.Errorf("%d gateways were made", n)
	}
}
