package operator_test

import (
	"net/url"
	"strings"
	"testing"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
)

// TestOrders: what waits is a port, a member of a LAG, an interconnect or a public interface, and is gone when it is decided.
func TestOrders(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	connection := lit(t, srv)
	vif := public(t, srv, connection)
	member := order(t, srv, "us-east-1", "EqDC2")
	lag := aggregated(t, srv, member)
	steps(t, srv, []step{
		{"queue", "GET", "/v1/orders", "", 200, `{"orders":[{"id":"` + member + `","kind":"dedicated","account":"` + customer + `"`},
		{"the LAG", "GET", "/v1/orders", "", 200, `"lagId":"` + lag + `","port":"`},
		{"the interface", "GET", "/v1/orders", "", 200, `{"id":"` + vif + `","kind":"interface","account":"` + customer + `","region":"us-east-1","location":"EqDC2","name":"public","prefixes":["203.0.113.0/24"],"asn":65000,`},
		{"first page", "GET", "/v1/orders?limit=1", "", 200, `"after":"` + member + `"}`},
		{"next page", "GET", "/v1/orders?limit=1&after=" + member, "", 200, `{"orders":[{"id":"` + vif},
		{"last page", "GET", "/v1/orders?after=" + vif, "", 200, `{"orders":[]}`},
		{"elsewhere", "GET", "/v1/orders?location=EqSe2", "", 200, `{"orders":[]}`},
		{"by color", "GET", "/v1/orders?color=red", "", 400, "nothing to choose orders by"},
		{"refused interface", "POST", "/v1/orders/" + vif + "/refuse", `{"reason":"x"}`, 409, "cannot be refused: it waits"},
		{"approved interface", "POST", "/v1/orders/" + vif + "/approve", "", 200, `"id":"` + vif},
		{"approved again", "POST", "/v1/orders/" + vif + "/approve", "", 409, "there is nothing to verify"},
		{"approved member", "POST", "/v1/orders/" + member + "/approve", "", 200, `"id":"` + member},
		{"nothing is left", "GET", "/v1/orders", "", 200, `{"orders":[]}`},
		{"its LAG", "GET", "/v1/lags/" + lag, "", 200, `"state":"pending","members":1,"available":0`},
		{"LAGs", "GET", "/v1/lags?state=pending", "", 200, `{"lags":[{"id":"` + lag},
		{"LAGs that are up", "GET", "/v1/lags?state=available", "", 200, `{"lags":[]}`},
		{"LAG of nobody", "GET", "/v1/lags/dxlag-ffffffff", "", 404, "There is no LAG"},
	})
}

// TestAssignedInterfacesFollow: what runs over an order goes along to the other router, and the LAG holds its members.
func TestAssignedInterfacesFollow(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	id := order(t, srv, "us-east-1", "EqDC2")
	client := srv.Operator()
	was, err := client.Connection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.ApproveOrder(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	vif := attach(t, srv, id, "vgw-0a1b2c3d")
	routers, err := client.Routers(t.Context(), "EqDC2")
	if err != nil {
		t.Fatal(err)
	}
	other := ""
	for _, r := range routers {
		if r.Name != was.Router {
			other = r.Name
		}
	}
	moved, err := client.AssignPort(t.Context(), id, other)
	if err != nil || moved.Router != other || moved.Port == was.Port {
		t.Fatalf("moved: %+v, %v", moved, err)
	}
	srv.Settle()
	steps(t, srv, []step{
		{"plugged", "POST", "/v1/connections/" + id + "/plug", "", 200, `"router":"` + other + `"`},
		{"the port is free", "GET", "/v1/ports?router=" + was.Router + "&held=true", "", 200, `{"ports":[]}`},
	})
	srv.Settle()
	v, err := client.Interface(t.Context(), vif)
	if err != nil || v.Router != other || v.State != "available" {
		t.Errorf("the interface: %s on %s (%v), want it available on %s", v.State, v.Router, err, other)
	}
	if o, err := srv.Fabric().Observe(t.Context(), was.Router); err != nil || len(o.Ports) != 0 || len(o.Interfaces) != 0 {
		t.Errorf("the router that was left still has %+v, %v", o, err)
	}

	second := order(t, srv, "us-east-1", "EqDC2")
	c, err := client.Connection(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	lag := aggregated(t, srv, second)
	away := other
	if c.Router == other {
		away = was.Router
	}
	steps(t, srv, []step{
		{"off the LAG", "POST", "/v1/orders/" + second + "/assign", `{"port":"` + away + `"}`, 409, "is in Lag " + lag + ": its port must be on router " + c.Router + "."},
		{"within the LAG", "POST", "/v1/orders/" + second + "/assign", `{"port":"` + c.Router + `"}`, 200, `"lagId":"` + lag + `"`},
		{"drained", "POST", "/v1/routers/" + c.Router + "/drain", `{"reason":"old"}`, 200, `"drained":{"reason":"old","since":"`},
	})
	location, bandwidth, name, n := "EqDC2", "1Gbps", "more", int32(2)
	_, err = srv.Daemon().Service().CreateConnection(t.Context(), controlplane.Caller{Account: customer, Region: "us-east-1"},
		&api.CreateConnectionRequest{Location: &location, Bandwidth: &bandwidth, ConnectionName: &name, LagID: &lag})
	if err == nil || !strings.Contains(err.Error(), "is available on the endpoint of Lag") {
		t.Errorf("a member on a drained router: %v", err)
	}
	g, err := srv.Daemon().Service().CreateLag(t.Context(), controlplane.Caller{Account: customer, Region: "us-east-1"},
		&api.CreateLagRequest{Location: &location, ConnectionsBandwidth: &bandwidth, LagName: &name, NumberOfConnections: &n})
	if err != nil || *g.AwsDevice == c.Router {
		t.Errorf("a LAG beside a drained router: %+v, %v", g, err)
	}
}

// TestFaultsOnRealRouters: nothing is made wrong there by saying so.
func TestFaultsOnRealRouters(t *testing.T) {
	t.Parallel()
	inv := onramptest.Small()
	for l := range inv.Locations {
		for r := range inv.Locations[l].Routers {
			inv.Locations[l].Routers[r].Fabric = directconnect.Linux
		}
	}
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Manual), onramptest.Inventory(inv))
	id := order(t, srv, inv.Locations[0].Region, inv.Locations[0].Code)
	for _, move := range []string{"approve", "plug"} {
		if _, err := srv.Operator().MoveConnection(t.Context(), id, move, ""); err != nil {
			t.Fatal(err)
		}
	}
	const real = "is a real one: faults can only be made on simulated routers."
	steps(t, srv, []step{
		{"cut", "POST", "/v1/faults/" + id, `{"kind":"cut"}`, 409, real},
		{"faded", "POST", "/v1/faults/" + id, `{"kind":"fade","lightDbm":-12}`, 409, real},
		{"cut by its other verb", "POST", "/v1/connections/" + id + "/cut", "", 409, real},
		{"healed", "DELETE", "/v1/faults/" + id, "", 409, real},
		{"none", "GET", "/v1/faults", "", 200, "[]"},
		{"no kind", "POST", "/v1/faults/" + id, `{"kind":"melt"}`, 400, "is not a fault: one of cut, fade"},
		{"a cut with light", "POST", "/v1/faults/" + id, `{"kind":"cut","lightDbm":-3}`, 400, "A light level belongs to a fade"},
		{"a flap without time", "POST", "/v1/faults/" + id, `{"kind":"flap"}`, 400, "every flap has seconds"},
		{"no such kind", "DELETE", "/v1/faults/" + id + "?kind=melt", "", 400, "is not a fault: one of cut, fade"},
	})
}

// TestPorts: a port's ID has a slash, which a path has escaped.
func TestPorts(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	id := order(t, srv, "us-east-1", "EqDC2")
	c, err := srv.Operator().Connection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	port := "/v1/ports/" + url.PathEscape(c.Port)
	steps(t, srv, []step{
		{"shown", "GET", port, "", 200, `"connection":"` + id + `"`},
		{"its holder", "GET", port, "", 200, `"holder":{"id":"` + id},
		{"blocked while held", "POST", port + "/block", `{"reason":"dirty"}`, 200, `"blocked":{"reason":"dirty","since":"`},
		{"who holds it keeps it", "POST", "/v1/orders/" + id + "/approve", "", 200, `"port":"` + c.Port},
		{"too long a reason", "POST", "/v1/routers/" + c.Router + "/drain", `{"reason":"` + strings.Repeat("x", 256) + `"}`, 400, "at most 255 characters"},
		{"history", "GET", port + "/history", "", 200, `"what":"blocked"`},
		{"history of before", "GET", port + "/history?before=2020-01-01T00:00:00Z", "", 200, "[]"},
		{"history of never", "GET", port + "/history?before=noon", "", 400, "before= a time"},
		{"by a bad word", "GET", "/v1/ports?free=perhaps", "", 400, `is not a value for free.`},
		{"unknown", "GET", "/v1/ports/x%2Fy", "", 404, "There is no port x/y."},
		{"unknown router", "GET", "/v1/routers/nowhere", "", 404, "There is no router"},
	})
	large := strings.Repeat("x", directconnect.MaxAttachment+1)
	steps(t, srv, []step{
		{"too large a file", "PUT", "/v1/cross-connects/" + id + "/attachments/a.txt", large, 413, "larger than 5 MB"},
		{"as large as may be", "PUT", "/v1/cross-connects/" + id + "/attachments/a.txt", large[1:], 200, `"size":5242880`},
	})
	status, text := do(t, srv, step{method: "GET", path: "/v1/cross-connects/" + id + "/attachments/a.txt"}, nil)
	if status != 200 || text != large[1:] {
		t.Errorf("fetched %d, %d bytes", status, len(text))
	}
}
