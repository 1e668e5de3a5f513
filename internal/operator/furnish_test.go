package operator_test

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
)

// furnish puts something of everything on a server, and answers what to ask for where a path has variables, or where a
// query is needed.
func furnish(t *testing.T, srv *onramptest.Server) map[string]string {
	t.Helper()
	const account, vgw = "/v1/accounts/" + customer, "vgw-0a1b2c3d"
	put(t, srv, step{method: "POST", path: "/v1/gateways", body: `{"id":"` + vgw + `","account":"` + customer + `","region":"us-east-1","cidrs":["10.99.0.0/16"]}`})
	connection := lit(t, srv)
	vif := attach(t, srv, connection, vgw)
	announce(t, srv, vif, directconnect.CustomerRoute{CIDR: netip.MustParsePrefix("10.1.0.0/16")})
	group := gathered(t, srv, connection)
	gateway, _ := joined(t, srv, connection, vgw)
	order(t, srv, "us-east-1", "EqDC2")
	srv.Advance(time.Hour)
	c, err := srv.Operator().Connection(t.Context(), connection)
	if err != nil {
		t.Fatal(err)
	}
	lag := aggregated(t, srv, connection)
	// Configured at the end: from then on only configured accounts may ask.
	for _, made := range []step{
		{method: "PATCH", path: "/v1/cross-connects/" + connection, body: `{"reference":"XC-1","requested":"2026-03-01","who":"remote hands"}`},
		{method: "PUT", path: "/v1/cross-connects/" + connection + "/attachments/notice.txt", body: "It is up."},
		{method: "POST", path: "/v1/ports/" + url.PathEscape(c.Port) + "/block", body: `{"reason":"dirty"}`},
		{method: "POST", path: "/v1/routers/" + c.Router + "/drain", body: `{"reason":"old"}`},
		{method: "POST", path: "/v1/faults/" + connection, body: `{"kind":"fade","lightDbm":-12.5}`},
		{method: "POST", path: "/v1/faults/" + vif, body: `{"kind":"flap","seconds":30,"times":2}`},
		{method: "POST", path: "/v1/accounts", body: `{"id":"` + customer + `","name":"Acme"}`},
		{method: "POST", path: account + "/access-keys"},
		{method: "POST", path: account + "/policies", body: `{"name":"look","document":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"directconnect:Describe*\",\"Resource\":\"*\"}]}"}`},
		{method: "POST", path: account + "/users", body: `{"name":"alice","attach":["look"]}`},
		{method: "POST", path: account + "/roles", body: `{"name":"auditor","trust":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"` + customer + `\"},\"Action\":\"sts:AssumeRole\"}]}"}`},
	} {
		put(t, srv, made)
	}
	begin := srv.Now().Add(10 * 24 * time.Hour)
	work := put(t, srv, step{method: "POST", path: "/v1/maintenances", body: `{"targets":[{"kind":"router","name":"` + c.Router + `"}],"impact":"degraded","reason":"new optics","force":"a test",` +
		`"from":"` + begin.Format(time.RFC3339) + `","to":"` + begin.Add(time.Hour).Format(time.RFC3339) + `"}`})
	hook := put(t, srv, step{method: "POST", path: "/v1/webhooks", body: `{"url":"https://hook.invalid/"}`})
	return whereToAsk(map[string]string{
		"connection": connection, "vif": vif, "group": group, "lag": lag, "code": c.LOACode, "router": c.Router, "port": url.PathEscape(c.Port),
		"work": work, "hook": hook, "vgw": vgw, "gateway": gateway, "account": customer,
	})
}

// whereToAsk puts identifiers in the place of {their names}.
func whereToAsk(ids map[string]string) map[string]string {
	pairs := []string{}
	for name, id := range ids {
		pairs = append(pairs, "{"+name+"}", id)
	}
	in, asked := strings.NewReplacer(pairs...), map[string]string{}
	for pattern, where := range askedFor {
		asked[pattern] = in.Replace(where)
	}
	return asked
}

// askedFor is where to ask for what a pattern stands for.
var askedFor = map[string]string{
	"/v1/accounts/{id}":                          "/v1/accounts/{account}",
	"/v1/accounts/{id}/access-keys":              "/v1/accounts/{account}/access-keys",
	"/v1/accounts/{id}/policies":                 "/v1/accounts/{account}/policies",
	"/v1/accounts/{id}/policies/{policy}":        "/v1/accounts/{account}/policies/look",
	"/v1/accounts/{id}/users":                    "/v1/accounts/{account}/users",
	"/v1/accounts/{id}/users/{name}":             "/v1/accounts/{account}/users/alice",
	"/v1/accounts/{id}/roles":                    "/v1/accounts/{account}/roles",
	"/v1/accounts/{id}/roles/{name}":             "/v1/accounts/{account}/roles/auditor",
	"/v1/connections/{id}":                       "/v1/connections/{connection}",
	"/v1/cross-connects/{id}":                    "/v1/cross-connects/{connection}",
	"/v1/lags/{id}":                              "/v1/lags/{lag}",
	"/v1/locations/{code}":                       "/v1/locations/EqDC2",
	"/v1/routers/{name}":                         "/v1/routers/{router}",
	"/v1/ports/{id}":                             "/v1/ports/{port}",
	"/v1/ports/{id}/history":                     "/v1/ports/{port}/history",
	"/v1/cross-connects/{id}/attachments/{name}": "/v1/cross-connects/{connection}/attachments/notice.txt",
	"/v1/interfaces/{id}":                        "/v1/interfaces/{vif}",
	"/v1/interfaces/{id}/customer":               "/v1/interfaces/{vif}/customer",
	"/v1/interfaces/{id}/routes":                 "/v1/interfaces/{vif}/routes",
	"/v1/gateways/{id}":                          "/v1/gateways/{vgw}",
	"/v1/accounts/{id}/direct-connect-gateways":  "/v1/accounts/{account}/direct-connect-gateways",
	"/v1/direct-connect-gateways/{id}":           "/v1/direct-connect-gateways/{gateway}",
	"/v1/resiliency/{group}":                     "/v1/resiliency/{group}?without=lag:{lag}",
	"/v1/loa/{code}":                             "/v1/loa/{code}",
	"/v1/maintenances/{id}":                      "/v1/maintenances/{work}",
	"/v1/doctor/{id}":                            "/v1/doctor/{connection}",
	"/v1/maintenances/{id}/notice.ics":           "/v1/maintenances/{work}/notice.ics",
	"/v1/accounts/{id}/maintenance.ics":          "/v1/accounts/{account}/maintenance.ics",
	"/v1/accounts/{id}/users/{name}/console":     "/v1/accounts/{account}/users/alice/console",
	"/v1/webhooks/{id}":                          "/v1/webhooks/{hook}",
	"/v1/paths":                                  "/v1/paths?gateway={vgw}&to=10.1.0.1",
}

// put makes something, and answers its ID if it has one.
func put(t *testing.T, srv *onramptest.Server, made step) string {
	t.Helper()
	status, text := do(t, srv, made, nil)
	var answer any
	if err := json.Unmarshal([]byte(text), &answer); status >= 300 || err != nil {
		t.Fatalf("%s %s: %d %s", made.method, made.path, status, text)
	}
	members, _ := answer.(map[string]any)
	id, _ := members["id"].(string)
	return id
}

// aggregated makes a LAG of a connection.
func aggregated(t *testing.T, srv *onramptest.Server, connection string) string {
	t.Helper()
	location, bandwidth, name, n := "EqDC2", "1Gbps", "bundle", int32(1)
	g, err := srv.Daemon().Service().CreateLag(t.Context(), controlplane.Caller{Account: customer, Region: "us-east-1"}, &api.CreateLagRequest{
		Location: &location, ConnectionsBandwidth: &bandwidth, LagName: &name, NumberOfConnections: &n, ConnectionID: &connection,
	})
	if err != nil {
		t.Fatal(err)
	}
	return *g.LagID
}

// gathered makes a resiliency group of a connection.
func gathered(t *testing.T, srv *onramptest.Server, connection string) string {
	t.Helper()
	service, caller := srv.Daemon().Service(), controlplane.Caller{Account: customer, Region: "us-east-1"}
	name, model := "pair", "basic-resiliency"
	made, err := service.CreateResiliencyGroup(t.Context(), caller, &api.CreateResiliencyGroupRequest{ResiliencyGroupName: &name, IntendedResiliencyModel: &model})
	if err != nil {
		t.Fatal(err)
	}
	id := made.ResiliencyGroup.ResiliencyGroupID
	if _, err := service.AssociateConnectionsToResiliencyGroup(t.Context(), caller, &api.AssociateConnectionsToResiliencyGroupRequest{
		ResiliencyGroupID: id, ConnectionIdentifiers: []string{connection},
	}); err != nil {
		t.Fatal(err)
	}
	return *id
}
