package operator_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

// planWork plans an outage of targets from one hour after the server's time to another.
func planWork(srv *onramptest.Server, from, to int, change func(*operator.MaintenanceChange), targets ...directconnect.WorkTarget) operator.MaintenanceChange {
	begin, end, reason := srv.Now().Add(time.Duration(from)*time.Hour), srv.Now().Add(time.Duration(to)*time.Hour), "new line card"
	in := operator.MaintenanceChange{Targets: targets, From: &begin, To: &end, Reason: &reason}
	if change != nil {
		change(&in)
	}
	return in
}

func on(kind directconnect.WorkKind, name string) directconnect.WorkTarget {
	return directconnect.WorkTarget{Kind: kind, Name: name}
}

// refusedWith holds that work is refused with a conflict that says so.
func refusedWith(t *testing.T, err error, want ...string) {
	t.Helper()
	p, ok := errors.AsType[*operator.Problem](err)
	if !ok || p.Status != 409 {
		t.Errorf("%v, and no conflict", err)
		return
	}
	for _, w := range want {
		if !strings.Contains(p.Message, w) {
			t.Errorf("%q does not say %q", p.Message, w)
		}
	}
}

// TestMaintenanceOfLAG: a member's port may be worked on, two of two at least two may not, nor may the other one at the same
// time; the router that all of it is on may.
func TestMaintenanceOfLAG(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	bandwidth, location, name, number, minimum := "10Gbps", "EqDC2", "bundle", int32(3), int32(2)
	service, caller := srv.Daemon().Service(), controlplane.Caller{Account: "111122223333", Region: "us-east-1"}
	lag, err := service.CreateLag(t.Context(), caller, &api.CreateLagRequest{
		ConnectionsBandwidth: &bandwidth, Location: &location, LagName: &name, NumberOfConnections: &number,
	})
	if err == nil {
		_, err = service.UpdateLag(t.Context(), caller, &api.UpdateLagRequest{LagID: lag.LagID, MinimumLinks: &minimum})
	}
	if err != nil {
		t.Fatal(err)
	}
	srv.Settle()
	var ports []directconnect.WorkTarget
	router := ""
	for _, m := range lag.Connections {
		c, err := srv.Operator().Connection(t.Context(), *m.ConnectionID)
		if err != nil {
			t.Fatal(err)
		}
		ports, router = append(ports, on(directconnect.WorkOnPort, c.Port)), c.Router
	}
	c := srv.Operator()
	first, err := c.PlanMaintenance(t.Context(), planWork(srv, 1, 5, nil, ports[0]), false)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(first.Hits, directconnect.WorkHit{Account: "111122223333", Region: "us-east-1", Kind: "lag", ID: *lag.LagID, Impact: directconnect.ReducedRedundancy}) {
		t.Errorf("the LAG is not said to lose redundancy: %+v", first.Hits)
	}
	_, err = c.PlanMaintenance(t.Context(), planWork(srv, 10, 12, nil, ports[1], ports[2]), false)
	refusedWith(t, err, "LAG "+*lag.LagID+" of account 111122223333 loses dxcon-")
	_, err = c.PlanMaintenance(t.Context(), planWork(srv, 4, 8, nil, ports[1]), false)
	refusedWith(t, err, "LAG "+*lag.LagID, "together with "+first.ID)
	if _, err = c.PlanMaintenance(t.Context(), planWork(srv, 5, 8, nil, ports[1]), false); err != nil {
		t.Errorf("when the first is over: %v", err)
	}
	whole, err := c.PlanMaintenance(t.Context(), planWork(srv, 20, 24, nil, on(directconnect.WorkOnRouter, router)), false)
	if err != nil || !slices.ContainsFunc(whole.Hits, func(h directconnect.WorkHit) bool { return h.ID == *lag.LagID && h.Impact == directconnect.Outage }) {
		t.Errorf("work on the LAG's router: %v, %+v", err, whole.Hits)
	}
}

// TestMaintenanceIsTold: each account that is hit is told what of its own is, at every change, in events and in its calendar;
// nobody is told of another.
func TestMaintenanceIsTold(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	const partner, customer = "444455556666", "111122223333"
	service := srv.Daemon().Service()
	trunk, err := service.CreateInterconnect(t.Context(), controlplane.Caller{Account: partner, Region: "us-east-1"}, &api.CreateInterconnectRequest{
		InterconnectName: new("trunk"), Bandwidth: new("10Gbps"), Location: new("EqDC2"),
	})
	if err != nil {
		t.Fatal(err)
	}
	srv.Settle()
	hosted, err := service.AllocateHostedConnection(t.Context(), controlplane.Caller{Account: partner, Region: "us-east-1"}, &api.AllocateHostedConnectionRequest{
		ConnectionID: trunk.InterconnectID, ConnectionName: new("hosted"), Bandwidth: new("500Mbps"), Vlan: new(int32(300)), OwnerAccount: new(customer),
	})
	if err != nil {
		t.Fatal(err)
	}
	c := srv.Operator()
	m, err := c.PlanMaintenance(t.Context(), planWork(srv, 1, 5, nil, on(directconnect.WorkOnConnection, *trunk.InterconnectID)), false)
	if err != nil {
		t.Fatal(err)
	}
	later := srv.Now().Add(9 * time.Hour)
	if _, err := c.ChangeMaintenance(t.Context(), m.ID, operator.MaintenanceChange{To: &later}); err != nil {
		t.Fatal(err)
	}
	for _, move := range []string{"start", "end"} {
		if _, err := c.MoveMaintenance(t.Context(), m.ID, move, ""); err != nil {
			t.Fatal(err)
		}
	}
	for account, of := range map[string]struct{ own, other string }{
		partner: {*trunk.InterconnectID, *hosted.ConnectionID}, customer: {*hosted.ConnectionID, *trunk.InterconnectID},
	} {
		page, err := c.Events(t.Context(), url.Values{"account": {account}, "resource": {m.ID}})
		if err != nil || len(page.Events) != 4 {
			t.Fatalf("%s: %v, %d events, and not 4", account, err, len(page.Events))
		}
		var states []string
		for _, e := range page.Events {
			text := string(e)
			for _, state := range []string{"planned", "in-progress", "completed"} {
				if strings.Contains(text, `"state":"`+state+`"`) {
					states = append(states, state)
				}
			}
			if !strings.Contains(text, of.own) || strings.Contains(text, of.other) {
				t.Errorf("%s is told %s", account, text)
			}
		}
		slices.Sort(states)
		if got := strings.Join(states, " "); got != "completed in-progress planned planned" {
			t.Errorf("%s is told of %s", account, got)
		}
		calendar, err := c.MaintenanceCalendar(t.Context(), account)
		if text := string(calendar); err != nil || strings.Count(text, "BEGIN:VEVENT") != 1 || !strings.Contains(text, of.own) ||
			strings.Contains(text, of.other) || !strings.Contains(text, "SEQUENCE:3") || !strings.Contains(text, "X-MAINTNOTE-STATUS:COMPLETED") {
			t.Errorf("%s: %v, the calendar reads\n%s", account, err, text)
		}
	}
	notice, err := c.MaintenanceNotice(t.Context(), m.ID, "")
	if err != nil || strings.Count(string(notice), "BEGIN:VEVENT") != 2 {
		t.Errorf("%v, the notice reads\n%s", err, notice)
	}
	trail, err := c.Audit(t.Context(), url.Values{"resource": {m.ID}})
	if err != nil || len(trail.Records) < 4 {
		t.Errorf("%v, %d records of it in the audit trail", err, len(trail.Records))
	}
}

// TestPlacementDuringMaintenance: an order while a router is worked on goes to another one, and afterwards to it again.

func TestPlacementDuringMaintenance(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	one := order(t, srv, "us-east-1", "EqDC2")
	srv.Settle()
	c := srv.Operator()
	first, err := c.Connection(t.Context(), one)
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.PlanMaintenance(t.Context(), planWork(srv, 1, 5, nil, on(directconnect.WorkOnRouter, first.Router)), false)
	if err == nil {
		_, err = c.MoveMaintenance(t.Context(), m.ID, "start", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	routers := map[string]int{}
	for range 4 {
		ordered, err := c.Connection(t.Context(), order(t, srv, "us-east-1", "EqDC2"))
		if err != nil {
			t.Fatal(err)
		}
		routers[ordered.Router]++
	}
	if routers[first.Router] != 0 {
		t.Errorf("of four orders %v went to the router that is worked on", routers)
	}
	if _, err := c.MoveMaintenance(t.Context(), m.ID, "end", ""); err != nil {
		t.Fatal(err)
	}
	ordered, err := c.Connection(t.Context(), order(t, srv, "us-east-1", "EqDC2"))
	if err != nil || ordered.Router != first.Router {
		t.Errorf("%v: after the work the next order went to %s, and not where the fewest are", err, ordered.Router)
	}
}

// TestMaintenanceRequests: what makes no sense is refused and plans nothing.
func TestMaintenanceRequests(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	const all, times = "/v1/maintenances", `"from":"2026-03-05T22:00:00Z","to":"2026-03-06T02:00:00Z","reason":"x"`
	const location = `"targets":[{"kind":"location","name":"EqDC2"}]`
	steps(t, srv, []step{
		{"nothing to work on", "POST", all, `{` + times + `}`, 400, "1 to 100 locations"},
		{"no such kind", "POST", all, `{` + times + `,"targets":[{"kind":"planet","name":"x"}]}`, 400, "is nothing to plan work on"},
		{"no such location", "POST", all, `{` + times + `,"targets":[{"kind":"location","name":"x"}]}`, 404, "There is no location x."},
		{"no such port", "POST", all, `{` + times + `,"targets":[{"kind":"port","name":"x"}]}`, 404, "a port is named ROUTER/PORT"},
		{"no such connection", "POST", all, `{` + times + `,"targets":[{"kind":"connection","name":"x"}]}`, 404, "There is no connection x"},
		{"no times", "POST", all, `{"reason":"x",` + location + `}`, 400, "needs a time at which it begins"},
		{"the past", "POST", all, `{"reason":"x","from":"2020-01-01T00:00:00Z","to":"2020-01-02T00:00:00Z",` + location + `}`, 400, "a time that is over"},
		{"no reason", "POST", all, `{"from":"2026-03-05T22:00:00Z","to":"2026-03-06T02:00:00Z",` + location + `}`, 400, "The reason must be"},
		{"no such impact", "POST", all, `{` + times + `,"impact":"huge",` + location + `}`, 400, "is not valid. Valid values are no-impact"},
		{"unknown member", "POST", all, `{"who":"me"}`, 400, "unknown field"},
		{"other query", "POST", all + "?force=1", `{}`, 400, "is nothing that can be asked of a plan"},
		{"dry how", "POST", all + "?dry-run=maybe", `{}`, 400, "is not a value for dry-run"},
		{"dry", "POST", all + "?dry-run=true", `{` + times + `,` + location + `}`, 200, `"status":"planned"`},
		{"nothing is planned", "GET", all, "", 200, `{"maintenances":[]}`},
		{"planned", "POST", all, `{` + times + `,` + location + `}`, 201, `"hits":[{"region":"us-east-1","kind":"location","id":"EqDC2","impact":"outage"}`},
		{"listed", "GET", all + "?status=planned&resource=EqDC2", "", 200, `"reason":"x"`},
		{"no such status", "GET", all + "?status=soon", "", 400, "is not a status of a maintenance"},
		{"no such choice", "GET", all + "?color=red", "", 400, "is nothing to choose maintenances by"},
		{"unknown", "GET", all + "/mnt-ffabc999", "", 404, "There is no maintenance mnt-ffabc999."},
		{"no ID", "GET", all + "/x", "", 400, "is not the ID of a maintenance"},
		{"change of an unknown one", "PATCH", all + "/mnt-ffabc999", `{}`, 404, "There is no maintenance"},
		{"start of an unknown one", "POST", all + "/mnt-ffabc999/start", `{}`, 404, "There is no maintenance"},
		{"notice of an unknown one", "GET", all + "/mnt-ffabc999/notice.ics", "", 404, "There is no maintenance"},
		{"calendar of somebody", "GET", "/v1/accounts/999988887777/maintenance.ics", "", 200, "BEGIN:VCALENDAR"},
	})
}

// TestMaintenanceFeed: who knows the address reads the account's calendar and no other, until there is another address or none.
func TestMaintenanceFeed(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	id := order(t, srv, "us-east-1", "EqDC2")
	c := srv.Operator()
	if _, err := c.PlanMaintenance(t.Context(), planWork(srv, 1, 5, nil, on(directconnect.WorkOnConnection, id)), false); err != nil {
		t.Fatal(err)
	}
	first, err := c.OpenMaintenanceFeed(t.Context(), "111122223333")
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "GET", srv.OperatorURL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		w, err := http.DefaultClient.Do(r) // without a token
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
	if status, text := get(first.Path); status != 200 || !strings.Contains(text, id) {
		t.Errorf("the feed answers %d %s", status, text)
	}
	for _, path := range []string{
		strings.Replace(first.Path, "111122223333", "444455556666", 1), "/calendar/111122223333/.ics", "/calendar/111122223333/x.ics",
		strings.TrimSuffix(first.Path, ".ics"),
	} {
		if status, text := get(path); status != 404 || strings.Contains(text, id) {
			t.Errorf("%s answers %d %s", path, status, text)
		}
	}
	second, err := c.OpenMaintenanceFeed(t.Context(), "111122223333")
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := get(first.Path); status != 404 {
		t.Errorf("the earlier address answers %d", status)
	}
	if status, _ := get(second.Path); status != 200 {
		t.Errorf("the new address answers %d", status)
	}
	if err := c.CloseMaintenanceFeed(t.Context(), "111122223333"); err != nil {
		t.Fatal(err)
	}
	if status, _ := get(second.Path); status != 404 {
		t.Errorf("the ended address answers %d", status)
	}
	if err := c.CloseMaintenanceFeed(t.Context(), "111122223333"); err == nil {
		t.Error("what has ended can be ended")
	}
	if _, err := c.OpenMaintenanceFeed(t.Context(), "12"); err == nil {
		t.Error("12 is taken for an account")
	}
	if log := srv.Log(); strings.Contains(log, strings.TrimPrefix(second.Path, "/calendar/111122223333/")) {
		t.Error("the address is in the log")
	}
}
