package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// Each of the operator's pages with something on it, in light, dark and on a phone.
func TestOperatorPagesInABrowser(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	id := up(t, s, consoletest.Enter(t, s, acme), "Ashburn primary")
	op := consoletest.Operator(t, s)
	post := func(path string, form url.Values) (to string) {
		t.Helper()
		p := op.Post(path, form)
		if p.Status != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %s", path, p.Status, p.Text())
		}
		to, _, _ = strings.Cut(p.To, "?")
		return to
	}
	post("/console/operator/cross-connects/"+id, url.Values{"reference": {"XC-4711"}, "who": {"Jo of the facility"}, "requested": {"2026-03-01"}, "notes": {"second strand is spare"}})
	work := post("/console/operator/maintenance", url.Values{
		"kind": {"connection"}, "names": {id}, "from": {s.Now().Add(24 * time.Hour).Format("2006-01-02T15:04")},
		"to": {s.Now().Add(26 * time.Hour).Format("2006-01-02T15:04")}, "impact": {"outage"}, "reason": {"New optics"},
	})
	post("/console/operator/faults", url.Values{"resource": {id}, "kind": {"cut"}})
	s.Settle()

	b := consoletest.Open(t, s)
	b.EnterOperator(s.Operator().Token)
	for name, path := range map[string]string{
		"operator-connections": "/console/operator/connections", "operator-interfaces": "/console/operator/interfaces", "operator-routers": "/console/operator/routers",
		"operator-cross-connects": "/console/operator/cross-connects", "operator-cross-connect": "/console/operator/cross-connects/" + id,
		"operator-maintenance": "/console/operator/maintenance", "operator-maintenance-new": "/console/operator/maintenance/new", "operator-work": work,
		"operator-faults": "/console/operator/faults", "operator-clock": "/console/operator/clock", "operator-down": "/console/operator/connections/" + id,
		"problem": "/console/operator/connections/dxcon-ffffffff",
	} {
		b.Go(path)
		b.Look(name)
	}
	b.Go("/console/operator/routers")
	b.PressAt("main table a")
	b.Look("operator-router")
}
