package console

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/test/console/consoletest"
)

// operatorPages are those that begin from the navigation.
var operatorPages = []string{
	"/console/operator/orders", "/console/operator/connections", "/console/operator/interfaces", "/console/operator/routers",
	"/console/operator/cross-connects", "/console/operator/maintenance", "/console/operator/maintenance/new", "/console/operator/faults",
	"/console/operator/audit", "/console/operator/audit/verified", "/console/operator/accounts", "/console/operator/clock",
}

func TestOperatorPagesAreTheOperators(t *testing.T) {
	t.Parallel()
	s, _ := withUser(t, "root", true)
	addUser(t, s, acme, "bob", false, "AWSDirectConnectFullAccess")
	token, root, bob, nobody := consoletest.Operator(t, s), consoletest.User(t, s, acme, "root", password, ""), consoletest.User(t, s, acme, "bob", password, ""), consoletest.Stranger(t, s)
	for _, path := range operatorPages {
		for who, v := range map[string]*consoletest.Visitor{"the token": token, "an operator": root} {
			if p := v.Get(path); p.Status != 200 {
				t.Errorf("%s for %s: status %d: %s", path, who, p.Status, p.Alert())
			}
		}
		if p := bob.Get(path); p.Status != http.StatusForbidden {
			t.Errorf("%s for a customer: status %d", path, p.Status)
		}
		if p := nobody.Get(path); p.Status != http.StatusSeeOther || !strings.HasPrefix(p.To, "/console/login?next=") {
			t.Errorf("%s for nobody: status %d to %q", path, p.Status, p.To)
		}
	}
	for _, path := range []string{"/console/operator/act", "/console/operator/clock", "/console/operator/accounts", "/console/operator/faults/heal-all", "/console/operator/audit/verify"} {
		if p := bob.Post(path, url.Values{"account": {globex}, "days": {"1"}, "id": {"333333333333"}}); p.Status != http.StatusForbidden {
			t.Errorf("POST %s for a customer: status %d", path, p.Status)
		}
	}
	if p := bob.Get("/console/events?of=all"); p.Status != http.StatusForbidden {
		t.Errorf("everybody's events for a customer: status %d", p.Status)
	}
}

// order is a connection that waits for the operator.
func order(t *testing.T, s *onramptest.Server, v *consoletest.Visitor, name string) (id string) {
	t.Helper()
	p := v.Post("/console/connections", url.Values{"name": {name}, "location": {"EqDC2"}, "bandwidth": {"10Gbps"}})
	if p.Status != http.StatusSeeOther {
		t.Fatalf("ordering: status %d: %s", p.Status, p.Text())
	}
	id, _, _ = strings.Cut(strings.TrimPrefix(p.To, "/console/connections/"), "?")
	if !directconnect.IsConnectionID(id) {
		t.Fatalf("ordering leads to %q", p.To)
	}
	return id
}

func TestOperatorApprovesAndPlugs(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	customer, op := consoletest.Enter(t, s, acme), consoletest.Operator(t, s)
	id := order(t, s, customer, `<b>first</b>`)
	s.Settle()
	queue := op.Get("/console/operator/orders")
	if !strings.Contains(queue.Body, id) || strings.Contains(queue.Body, "<b>first") || !strings.Contains(queue.Body, "&lt;b&gt;first") {
		t.Errorf("the queue: %s", queue.Text())
	}
	one := "/console/operator/connections/" + id
	if p := op.Get("/console/operator/doctor/" + id); !strings.Contains(p.Text(), "order-not-approved") || !strings.Contains(p.Text(), "docs/runbooks/") {
		t.Errorf("the doctor does not say that it waits for approval: status %d: %s", p.Status, p.Text())
	}
	if p := customer.Get("/console/operator/doctor/" + id); p.Status == http.StatusOK || strings.Contains(p.Body, "order-not-approved") {
		t.Errorf("a customer sees the doctor's page: status %d", p.Status)
	}
	if p := op.Post(one+"/plug", nil); p.Status != http.StatusConflict || p.Status == 200 || !strings.Contains(p.Text(), "Not done.") {
		t.Errorf("plugging what is not approved: status %d: %s", p.Status, p.Text())
	}
	for _, step := range []struct{ move, state string }{{"approve", "pending"}, {"plug", "available"}} {
		if p := op.Post(one+"/"+step.move, nil); p.Status != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %s", step.move, p.Status, p.Text())
		}
		s.Settle()
		if p := op.Get(one); !strings.Contains(p.Body, ">"+step.state+"</span>") {
			t.Errorf("after %s: %s", step.move, p.Text())
		}
	}
	if p := op.Get("/console/operator/doctor/" + id); !strings.Contains(p.Text(), "All is well") {
		t.Errorf("the doctor of what is available: %s", p.Text())
	}
	if queue := op.Get("/console/operator/orders"); strings.Contains(queue.Body, id) {
		t.Error("it waits still")
	}
	trail := op.Get("/console/operator/audit?resource=" + id).Text()
	for _, want := range []string{"CreateConnection", "POST /console/operator/connections/{id}/approve", "ConnectionStateChange"} {
		if !strings.Contains(trail, want) {
			t.Errorf("the trail has no %s: %s", want, trail)
		}
	}
	readsRecord(t, op, id)
	if p := op.Get("/console/operator/audit/verified"); !strings.Contains(p.Text(), "The audit trail is whole") {
		t.Errorf("verifying: %s", p.Text())
	}
	digest := strings.Repeat("0", 64)
	if p := op.Post("/console/operator/audit/verify", url.Values{"checkpoint": {" 9:" + digest}}); p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/console/operator/audit/verified?checkpoint=9%3A"+digest {
		t.Errorf("verifying with a checkpoint: status %d, %s", p.Status, p.Header.Get("Location"))
	}
	if p := op.Get("/console/operator/audit/verified?checkpoint=9:" + digest); !strings.Contains(p.Text(), "The audit trail is damaged") || !strings.Contains(p.Text(), "checkpoint 9 is missing") {
		t.Errorf("verifying with a checkpoint that is not there: %s", p.Text())
	}
	if p := op.Post("/console/operator/audit/verify", url.Values{"checkpoint": {"9"}}); p.Status != http.StatusBadRequest || !strings.Contains(p.Text(), "is not a checkpoint") {
		t.Errorf("verifying with half a checkpoint: status %d: %s", p.Status, p.Text())
	}
}

func TestOperatorRefuses(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	id := order(t, s, consoletest.Enter(t, s, acme), "second")
	op := consoletest.Operator(t, s)
	for _, none := range []string{"", " "} {
		p := op.Post("/console/operator/connections/"+id+"/refuse", url.Values{"reason": {none}})
		if p.Status != http.StatusBadRequest || !strings.Contains(p.Text(), "Say why the order is refused") {
			t.Errorf("refusing for the reason %q: status %d: %s", none, p.Status, p.Text())
		}
	}
	p := op.Post("/console/operator/connections/"+id+"/refuse", url.Values{"reason": {strings.Repeat("long ", 60)}})
	if p.Status != http.StatusBadRequest || !strings.Contains(p.Text(), "The reason must be at most 255 bytes long.") || !strings.Contains(p.Body, "long long") {
		t.Errorf("a reason that is too long: status %d: %s", p.Status, p.Text())
	}
	if p := op.Post("/console/operator/connections/"+id+"/refuse", url.Values{"reason": {"no room in the rack"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", p.Status, p.Text())
	}
	if p := op.Get("/console/operator/connections/" + id); !strings.Contains(p.Text(), "no room in the rack") {
		t.Errorf("afterwards: %s", p.Text())
	}
}

// up is a connection that is available.
func up(t *testing.T, s *onramptest.Server, v *consoletest.Visitor, name string) string {
	t.Helper()
	id := order(t, s, v, name)
	s.Settle()
	s.Advance(time.Hour)
	return id
}

func TestOperatorMakesFaults(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	id := up(t, s, consoletest.Enter(t, s, acme), "faulty")
	op := consoletest.Operator(t, s)
	for what, form := range map[string]url.Values{
		"no such thing": {"resource": {"dxcon-ffffffff"}, "kind": {"cut"}},
		"no kind":       {"resource": {id}, "kind": {""}},
		"bright light":  {"resource": {id}, "kind": {"fade"}, "dbm": {"30"}},
		"no light":      {"resource": {id}, "kind": {"fade"}, "dbm": {"dark"}},
	} {
		if p := op.Post("/console/operator/faults", form); p.Status < 400 || p.Status >= 500 || !strings.Contains(p.Text(), "Not done.") {
			t.Errorf("%s: status %d", what, p.Status)
		}
	}
	if p := op.Post("/console/operator/faults", url.Values{"resource": {id}, "kind": {"cut"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", p.Status, p.Text())
	}
	s.Settle()
	if p := op.Get("/console/operator/connections/" + id); !strings.Contains(p.Body, ">down</span>") {
		t.Errorf("a cut cable: %s", p.Text())
	}
	if p := op.Post("/console/operator/faults/heal", url.Values{"fault": {id + " cut"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("healing: status %d: %s", p.Status, p.Text())
	}
	s.Settle()
	if p := op.Get("/console/operator/connections/" + id); !strings.Contains(p.Body, ">available</span>") {
		t.Errorf("a mended cable: %s", p.Text())
	}
}

func TestOperatorPlansWork(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	own := consoletest.Enter(t, s, acme)
	id := up(t, s, own, "worked on")
	op := consoletest.Operator(t, s)
	form := url.Values{
		"kind": {"connection"}, "names": {id}, "from": {s.Now().Add(24 * time.Hour).Format("2006-01-02T15:04")}, "to": {s.Now().Add(26 * time.Hour).Format("2006-01-02T15:04")},
		"impact": {"outage"}, "reason": {"new optics"},
	}
	early := url.Values{}
	for k, v := range form {
		early[k] = v
	}
	early.Set("to", form.Get("from"))
	if p := op.Post("/console/operator/maintenance", early); p.Status != http.StatusBadRequest || !strings.Contains(p.Text(), "Work must end after it begins.") {
		t.Errorf("work without a duration: status %d: %s", p.Status, p.Text())
	}
	p := op.Post("/console/operator/maintenance", form)
	if p.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", p.Status, p.Text())
	}
	work, _, _ := strings.Cut(p.To, "?")
	if p := op.Get(work); p.Status != 200 || !strings.Contains(p.Text(), id) || !strings.Contains(p.Text(), "new optics") {
		t.Errorf("status %d: %s", p.Status, p.Text())
	}
	if p := op.Get("/console/operator/maintenance"); !strings.Contains(p.Text(), "new optics") || !strings.Contains(p.Text(), "March 2026") {
		t.Errorf("the calendar: %s", p.Text())
	}
	if p := op.Get(work + "/calendar?account=" + acme); p.Status != 200 || !strings.HasPrefix(p.Body, "BEGIN:VCALENDAR") {
		t.Errorf("status %d: %s", p.Status, p.Body)
	}
	// Its owner reads of it on the page of what is hit and on that of the network, and nobody else does.
	sees(t, own, "/console/connections/"+id, "Planned work", "new optics", form.Get("from")[:10], "planned", "outage")
	sees(t, own, "/console/", "new optics", form.Get("from")[:10], "planned", id)
	stranger := consoletest.Enter(t, s, globex)
	up(t, s, stranger, "not worked on")
	if p := stranger.Get("/console/"); strings.Contains(p.Text(), "new optics") {
		t.Errorf("another account reads of it: %s", p.Text())
	}
	for _, step := range []struct{ move, status string }{{"start", "in-progress"}, {"end", "completed"}} {
		if p := op.Post(work+"/"+step.move, nil); p.Status != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %s", step.move, p.Status, p.Text())
		}
		if p := op.Get(work); !strings.Contains(p.Body, ">"+step.status+"</span>") {
			t.Errorf("after %s: %s", step.move, p.Text())
		}
		for _, at := range []string{"/console/connections/" + id, "/console/"} {
			if p := own.Get(at); strings.Contains(p.Text(), "Planned work") != (step.status == "in-progress") {
				t.Errorf("%s after %s: %s", at, step.move, p.Text())
			}
		}
	}
}

func TestOperatorKeepsCrossConnects(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	id := up(t, s, consoletest.Enter(t, s, acme), "patched")
	op := consoletest.Operator(t, s)
	one := "/console/operator/cross-connects/" + id
	if p := op.Post(one, url.Values{"reference": {"XC-4711"}, "who": {"Jo"}, "requested": {"2026-03-01"}, "connected": {"2026-02-01"}}); p.Status != http.StatusBadRequest {
		t.Errorf("connected before it was requested: status %d: %s", p.Status, p.Text())
	}
	if p := op.Post(one, url.Values{"reference": {"XC-4711"}, "who": {"Jo"}, "requested": {"2026-03-01"}, "connected": {"2026-03-02"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", p.Status, p.Text())
	}
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	token := between(op.Get(one).Body, `name="csrf" value="`, `"`)
	if err := m.WriteField("csrf", token); err != nil {
		t.Fatal(err)
	}
	part, err := m.CreateFormFile("file", "done.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte("patched through\n")); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", op.Base()+one+"/attach", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	if p := op.Do(r); p.Status != http.StatusSeeOther {
		t.Fatalf("attaching: status %d: %s", p.Status, p.Text())
	}
	page := op.Get(one).Text()
	for _, want := range []string{"done.txt", "XC-4711", "What happened"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s on the page: %s", want, page)
		}
	}
	if p := op.Get(one + "/files/done.txt"); p.Body != "patched through\n" || !strings.Contains(p.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file: status %d: %q", p.Status, p.Body)
	}
	if p := op.Get("/console/operator/cross-connects"); !strings.Contains(p.Text(), "XC-4711") {
		t.Errorf("the list: %s", p.Text())
	}
}

func TestOperatorTurnsTheClock(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	op := consoletest.Operator(t, s)
	before := s.Now()
	for _, wrong := range []url.Values{{}, {"days": {"-1"}}, {"days": {"1000"}}, {"hours": {"soon"}}} {
		if p := op.Post("/console/operator/clock", wrong); p.Status != http.StatusBadRequest {
			t.Errorf("%v: status %d", wrong, p.Status)
		}
	}
	if p := op.Post("/console/operator/clock", url.Values{"days": {"2"}, "hours": {"3"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", p.Status, p.Text())
	}
	if got := s.Now().Sub(before); got != 51*time.Hour {
		t.Errorf("the clock went %v", got)
	}
}

// What a router measures and counts is read for the pages of its ports; of one that does not answer that is said.
func TestOperatorReadsRouters(t *testing.T) {
	t.Parallel()
	s := onramptest.Start(t)
	customer, op := consoletest.Enter(t, s, acme), consoletest.Operator(t, s)
	id := order(t, s, customer, "lit")
	s.Settle()
	vif := attaches(t, customer, id, "private", "100", idOf(gateway(t, customer, "gateway", "64600")))
	s.Settle()
	c, port, err := s.Daemon().Service().OneConnection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	op.Post("/console/operator/faults", url.Values{"resource": {id}, "kind": {"fade"}, "dbm": {"-11.5"}})
	s.Settle()
	pages := map[string][]string{
		"/console/operator/connections/" + id:                 {"Light and counters", "Link up", "-11.5 dBm", "Light transmitted", "Traffic not counted"},
		"/console/operator/interfaces/" + idOf(vif):           {"Traffic and sessions", "Sessions as read", "up since 2", "Traffic not counted"},
		"/console/operator/routers/" + c.Router:               {"Ports in use", id, "-11.5 dBm", "not counted"},
		"/console/routers/" + c.Router + "?port=" + port.Name: {"Light received", "-11.5 dBm", "Traffic", "not counted"},
	}
	for path, texts := range pages {
		says(t, path, op.Get(path), texts...)
	}
	s.Fabric().Unreachable(c.Router, true)
	for path := range pages {
		says(t, path, op.Get(path), "not read: it does not answer")
	}
}
