package operator_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
	"onramp/test/postgres"
)

const partner = "444455556666"

// moves are the records of what the operator did, about what they are found by: the method and route, whose they are, what
// they are found by, and whether they were refused.
func moves(t *testing.T, srv *onramptest.Server, choice ...string) (all []string) {
	t.Helper()
	found, text := recordsOf(t, srv, choice...)
	for _, r := range found {
		if strings.Contains(r.Name, " /v1/") {
			all = append(all, strings.TrimSuffix(strings.Join([]string{r.Name, r.Account, r.Onramp.Resources, r.Error}, " | "), " | "))
		}
	}
	for _, who := range []string{`"type":"Operator"`, `"eventSource":"operator.onramp"`} {
		if strings.Count(text, who) < len(all) {
			t.Errorf("what the operator did is somebody else's: %s", text)
		}
	}
	return all
}

// hostedOn is a hosted connection of the customer's on an interconnect of the partner's.
func hostedOn(t *testing.T, srv *onramptest.Server) (interconnect, hosted string) {
	t.Helper()
	service, caller := srv.Daemon().Service(), controlplane.Caller{Account: partner, Region: "us-east-1"}
	trunk, err := service.CreateInterconnect(t.Context(), caller, &api.CreateInterconnectRequest{
		InterconnectName: new("trunk"), Bandwidth: new("10Gbps"), Location: new("EqDC2"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, move := range []string{"approve", "plug"} {
		if _, err := srv.Operator().MoveConnection(t.Context(), *trunk.InterconnectID, move, ""); err != nil {
			t.Fatal(err)
		}
		srv.Settle()
	}
	sold, err := service.AllocateHostedConnection(t.Context(), caller, &api.AllocateHostedConnectionRequest{
		ConnectionID: trunk.InterconnectID, ConnectionName: new("hosted"), Bandwidth: new("500Mbps"), Vlan: new(int32(300)), OwnerAccount: new(customer),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *trunk.InterconnectID, *sold.ConnectionID
}

// TestMovesAreFoundByOwner: what the operator did to a resource is found by the account that owns it, what was refused, too;
// and by the partner who sells it.
func TestMovesAreFoundByOwner(t *testing.T) {
	t.Parallel()
	postgres.EachEngine(t, func(t *testing.T, database string) {
		srv := onramptest.Start(t, onramptest.Pace(directconnect.Manual), onramptest.Database(database))
		id := lit(t, srv)
		vif := public(t, srv, id)
		interconnect, hosted := hostedOn(t, srv)
		steps(t, srv, []step{
			{"twice", "POST", "/v1/connections/" + id + "/approve", "", 409, ""},
			{"verified", "POST", "/v1/orders/" + vif + "/approve", "", 200, ""},
			{"nothing is shut", "POST", "/v1/interfaces/" + vif + "/reenable", "", 409, ""},
			{"scripted", "PUT", "/v1/interfaces/" + vif + "/customer", `{}`, 200, ""},
			{"silent", "POST", "/v1/faults/" + vif, `{"kind":"silent"}`, 200, ""},
			{"cut", "POST", "/v1/faults/" + interconnect, `{"kind":"cut"}`, 200, ""},
			{"all well", "DELETE", "/v1/faults", "", 200, ""},
			{"cabled", "PATCH", "/v1/cross-connects/" + id, `{"reference":"XC-1"}`, 200, ""},
			{"no cable of its own", "PATCH", "/v1/cross-connects/" + hosted, `{"reference":"XC-2"}`, 409, ""},
			{"no port of its own", "POST", "/v1/orders/" + hosted + "/assign", `{"port":"x"}`, 404, ""},
			{"not the operator's", "POST", "/v1/connections/" + hosted + "/refuse", `{"reason":"no"}`, 409, ""},
			{"nobody's", "POST", "/v1/connections/dxcon-ffffffff/approve", "", 404, ""},
		})
		const refused = " | Refused"
		move := func(route string, of ...string) string { return route + " | " + strings.Join(of, " | ") }
		want := map[string][]string{
			customer: {
				move("POST /v1/connections/{id}/approve", customer, id),
				move("POST /v1/connections/{id}/plug", customer, id),
				move("POST /v1/connections/{id}/approve", customer, id) + refused,
				move("POST /v1/orders/{id}/approve", customer, vif),
				move("POST /v1/interfaces/{id}/reenable", customer, vif) + refused,
				move("PUT /v1/interfaces/{id}/customer", customer, vif),
				move("POST /v1/faults/{id}", customer, vif),
				move("DELETE /v1/faults", "", interconnect+" "+vif+" "+partner+" "+customer),
				move("PATCH /v1/cross-connects/{id}", customer, id),
				move("PATCH /v1/cross-connects/{id}", customer, hosted+" "+partner) + refused,
				move("POST /v1/orders/{id}/assign", customer, hosted+" "+partner) + refused,
				move("POST /v1/connections/{id}/refuse", customer, hosted+" "+partner) + refused,
			},
			partner: {
				move("POST /v1/connections/{id}/approve", partner, interconnect),
				move("POST /v1/connections/{id}/plug", partner, interconnect),
				move("POST /v1/faults/{id}", partner, interconnect),
				move("DELETE /v1/faults", "", interconnect+" "+vif+" "+partner+" "+customer),
				move("PATCH /v1/cross-connects/{id}", customer, hosted+" "+partner) + refused,
				move("POST /v1/orders/{id}/assign", customer, hosted+" "+partner) + refused,
				move("POST /v1/connections/{id}/refuse", customer, hosted+" "+partner) + refused,
			},
			"999999999999": nil,
		}
		for account, all := range want {
			if diff := cmp.Diff(all, moves(t, srv, "account", account)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", account, diff)
			}
			slices.Reverse(all)
			if diff := cmp.Diff(all, moves(t, srv, "account", account, "newest", "true")); diff != "" {
				t.Errorf("%s, the newest first (-want +got):\n%s", account, diff)
			}
		}
		if got := moves(t, srv, "account", partner, "resource", hosted); len(got) != 3 {
			t.Errorf("the partner about the hosted connection: %q", got)
		}
		ownRecordsPaged(t, srv, customer)
		if report, err := srv.Operator().VerifyAudit(t.Context()); err != nil || len(report.Findings) > 0 {
			t.Errorf("verified: %+v, %v", report, err)
		}
	})
}

// ownRecordsPaged fails the test unless small pages hold what a large one does.
func ownRecordsPaged(t *testing.T, srv *onramptest.Server, account string) {
	t.Helper()
	whole, err := srv.Operator().Audit(t.Context(), url.Values{"account": {account}, "limit": {"1000"}})
	if err != nil {
		t.Fatal(err)
	}
	var paged []string
	query := url.Values{"account": {account}, "limit": {"3"}}
	for {
		page, err := srv.Operator().Audit(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			paged = append(paged, string(r))
		}
		if page.After == "" {
			break
		}
		query.Set("after", page.After)
	}
	var want []string
	for _, r := range whole.Records {
		want = append(want, string(r))
	}
	if diff := cmp.Diff(want, paged); diff != "" {
		t.Errorf("page by page (-want +got):\n%s", diff)
	}
}

// TestWorkIsFoundByOwner: planned work on one account's connection or port is in its trail; on a router it is nobody's. A port
// is found by its name.
func TestWorkIsFoundByOwner(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	id := lit(t, srv)
	c, err := srv.Operator().Connection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var planned []string
	for _, target := range []directconnect.WorkTarget{
		on(directconnect.WorkOnConnection, id), on(directconnect.WorkOnPort, c.Port), on(directconnect.WorkOnRouter, c.Router),
	} {
		from := len(planned)*10 + 1
		m, err := srv.Operator().PlanMaintenance(t.Context(), planWork(srv, from, from+1, func(m *operator.MaintenanceChange) { m.Force = new("it must be") }, target), false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := srv.Operator().MoveMaintenance(t.Context(), m.ID, "cancel", ""); err != nil {
			t.Fatal(err)
		}
		planned = append(planned, m.ID)
	}
	var want []string
	for _, m := range planned[:2] {
		want = append(want, "POST /v1/maintenances | "+customer+" | "+m+" "+id, "POST /v1/maintenances/{id}/cancel | "+customer+" | "+m+" "+id)
	}
	all := moves(t, srv, "account", customer)
	if diff := cmp.Diff(want, all[2:]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := moves(t, srv, "resource", planned[2]); len(got) != 2 || got[1] != "POST /v1/maintenances/{id}/cancel |  | "+planned[2] {
		t.Errorf("work on a router: %q", got)
	}
	if _, err := srv.Operator().BlockPort(t.Context(), c.Port, "dirty"); err != nil {
		t.Fatal(err)
	}
	if got := moves(t, srv, "resource", c.Port); len(got) != 1 {
		t.Errorf("about port %s: %q", c.Port, got)
	}
}
