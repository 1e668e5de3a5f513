package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// After a refusal the address is where the form was sent to: asked for as a page, it leads to the page of the form.
func TestAddressesOfForms(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	v, op := consoletest.Enter(t, s, acme), consoletest.Operator(t, s)
	for sent, want := range map[string]string{
		"/console/interfaces/dxvif-ffffffff/test":      "/console/interfaces/dxvif-ffffffff",
		"/console/interfaces/dxvif-ffffffff/test/stop": "/console/interfaces/dxvif-ffffffff",
		"/console/resiliency/rg-1/add":                 "/console/resiliency/rg-1",
		"/console/login/open":                          "/console/login",
		"/console/logout":                              "/console/",
	} {
		if p := v.Get(sent); p.Status != http.StatusSeeOther || p.To != want {
			t.Errorf("%s: status %d, to %q instead of %s", sent, p.Status, p.To, want)
		}
	}
	if p := op.Get("/console/operator/accounts/" + acme + "/keys"); p.To != "/console/operator/accounts/"+acme {
		t.Errorf("an operator's form: status %d, to %q", p.Status, p.To)
	}
	for _, nowhere := range []string{"/console/nowhere", "/console/interfaces/dxvif-ffffffff/nonsense/stop", "/console/connections/dxcon-ffffffff"} {
		p := v.Get(nowhere)
		if p.Status != http.StatusNotFound || p.Alert() == "" || strings.Contains(p.Text(), "Not done") {
			t.Errorf("%s: status %d: %q", nowhere, p.Status, p.Alert())
		}
	}
}

// A form that is sent after the session's end leads to the login with a word about it, and back to its page.
func TestFormsAfterTheSession(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	v := consoletest.Stranger(t, s)
	p := v.Raw("/console/connections/dxcon-ffffffff/rename", url.Values{"name": {"typed in"}})
	if p.Status != http.StatusSeeOther || !strings.Contains(p.To, "next=%2Fconsole%2Fconnections%2Fdxcon-ffffffff") {
		t.Fatalf("status %d, to %s", p.Status, p.To)
	}
	login := v.Get(p.To)
	says(t, p.To, login, "Your session has ended; nothing was changed.")
	if !strings.Contains(login.Body, `name="next" value="/console/connections/dxcon-ffffffff"`) {
		t.Error("the login does not lead back")
	}
	summary := "/console/connections/order/summary?bandwidth=10Gbps&location=EqDC2&name=first"
	for from, want := range map[string]string{v.Base() + summary: summary, "https://evil.example/console/": "/console/connections", v.Base() + "/console/nowhere": "/console/connections"} {
		said := consoletest.Stranger(t, s).Says("Referer", from)
		to, err := url.Parse(said.Raw("/console/connections", url.Values{"name": {"first"}}).To)
		if err != nil || to.Path != "/console/login" || to.Query().Get("next") != want {
			t.Errorf("sent from %s: to %s, error %v", from, to, err)
		}
	}
	if p := v.Get("/console/connections"); strings.Contains(p.To, "ended") {
		t.Errorf("somebody who was never there is told of an end: %s", p.To)
	}
}

// What is refused is said at the field that it is about, with a summary above the form that leads there.
func TestRefusalsAtTheirField(t *testing.T) {
	t.Parallel()
	v := consoletest.Enter(t, onramptest.Start(t), acme)
	connection := idOf(orders(t, v, "port", "EqDC2"))
	form := url.Values{"type": {"private"}, "connection": {connection}, "name": {"one"}, "vlan": {"4095"}, "asn": {"65001"}, "family": {"ipv4"}}
	p := v.Send("/console/interfaces/new?type=private&connection="+connection, "/console/interfaces", form)
	vlan := between(p.Body, `<input type="number" id="interface-vlan"`, `>`)
	for _, want := range []string{`aria-invalid="true"`, `aria-describedby="interface-vlan-help interface-vlan-wrong"`} {
		if !strings.Contains(vlan, want) {
			t.Errorf("the field has no %s: %s", want, vlan)
		}
	}
	wrong, summary := between(p.Body, `id="interface-vlan-wrong">`, `<`), between(p.Body, `id="interface-error"`, `</p>`)
	if !strings.HasPrefix(wrong, "VLAN 4095 is not valid") || !strings.Contains(summary, wrong) || !strings.Contains(summary, `href="#interface-vlan"`) {
		t.Errorf("at the field: %q, above the form: %q", wrong, summary)
	}
	if strings.Count(p.Body, "aria-invalid") != 1 {
		t.Error("another field is marked, too")
	}
}
