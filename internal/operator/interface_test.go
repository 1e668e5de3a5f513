package operator_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
)

const customer = "111122223333"

// waiting is a pace at which nobody verifies an interface but the operator.
var waiting = directconnect.Pace{Name: "waiting", Approve: directconnect.Never, Plug: directconnect.Never}

// lit is a customer's connection whose link is up.
func lit(t *testing.T, srv *onramptest.Server) string {
	t.Helper()
	id := order(t, srv, "us-east-1", "EqDC2")
	for _, move := range []string{"approve", "plug"} {
		_, _ = srv.Operator().MoveConnection(t.Context(), id, move, "") // at some paces it has happened by itself
		srv.Settle()
	}
	return id
}

// attach puts a private interface to a virtual private gateway on a connection.
func attach(t *testing.T, srv *onramptest.Server, connection, vgw string) string {
	t.Helper()
	name, asn, n := "private", int32(65000), int32(100)
	v, err := srv.Daemon().Service().CreatePrivateVirtualInterface(t.Context(), controlplane.Caller{Account: customer, Region: "us-east-1"},
		&api.CreatePrivateVirtualInterfaceRequest{ConnectionID: &connection, NewPrivateVirtualInterface: &api.NewPrivateVirtualInterface{
			VirtualInterfaceName: &name, Vlan: &n, ASN: &asn, VirtualGatewayID: &vgw,
		}})
	if err != nil {
		t.Fatal(err)
	}
	srv.Settle()
	return *v.VirtualInterfaceID
}

// public puts a public interface on a connection; it is to be verified.
func public(t *testing.T, srv *onramptest.Server, connection string) string {
	t.Helper()
	name, asn, n, key := "public", int32(65000), int32(200), "not-for-operators"
	amazon, peer, cidr := "198.51.100.1/30", "198.51.100.2/30", "203.0.113.0/24"
	v, err := srv.Daemon().Service().CreatePublicVirtualInterface(t.Context(), controlplane.Caller{Account: customer, Region: "us-east-1"},
		&api.CreatePublicVirtualInterfaceRequest{ConnectionID: &connection, NewPublicVirtualInterface: &api.NewPublicVirtualInterface{
			VirtualInterfaceName: &name, Vlan: &n, ASN: &asn, AuthKey: &key, AmazonAddress: &amazon, CustomerAddress: &peer,
			RouteFilterPrefixes: []api.RouteFilterPrefix{{Cidr: &cidr}},
		}})
	if err != nil {
		t.Fatal(err)
	}
	srv.Settle()
	return *v.VirtualInterfaceID
}

func TestInterfaces(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(waiting))
	steps(t, srv, []step{{"none yet", "GET", "/v1/interfaces", "", 200, `{"interfaces":[]}`}})
	connection := lit(t, srv)
	one := attach(t, srv, connection, "vgw-0a1b2c3d")
	srv.Advance(time.Second)
	two := public(t, srv, connection)
	const unknown = "/v1/interfaces/dxvif-ffffffff"
	path := "/v1/interfaces/" + two
	steps(t, srv, []step{
		{"listed", "GET", "/v1/interfaces", "", 200, `{"interfaces":[{"id":"` + one + `","type":"private","account":"` + customer + `","connection":"` + connection},
		{"one page", "GET", "/v1/interfaces?limit=1", "", 200, `"after":"` + one + `"}`},
		{"the next", "GET", "/v1/interfaces?limit=1&after=" + one, "", 200, `{"interfaces":[{"id":"` + two},
		{"by state", "GET", "/v1/interfaces?state=verifying", "", 200, `{"interfaces":[{"id":"` + two},
		{"by another account", "GET", "/v1/interfaces?account=444455556666", "", 200, `{"interfaces":[]}`},
		{"by another location", "GET", "/v1/interfaces?location=EqSe2", "", 200, `{"interfaces":[]}`},
		{"by connection", "GET", "/v1/interfaces?connection=" + connection, "", 200, one},
		{"by router", "GET", "/v1/interfaces?router=nowhere", "", 200, `{"interfaces":[]}`},
		{"by no state", "GET", "/v1/interfaces?state=asleep", "", 400, `\"asleep\" is not a state of a virtual interface.`},
		{"by color", "GET", "/v1/interfaces?color=red", "", 400, "nothing to choose virtual interfaces by"},
		{"too many", "GET", "/v1/interfaces?limit=1001", "", 400, `\"1001\" is not a value for limit.`},
		{"after nothing", "GET", "/v1/interfaces?after=dxvif-ffffffff", "", 404, "to go on after"},
		{"shown", "GET", path, "", 200, `"state":"verifying"`},
		{"with what is to be verified", "GET", path, "", 200, `"routeFilter":["203.0.113.0/24"],"peers":[{"id":"dxpeer-`},
		{"unknown shown", "GET", unknown, "", 404, "There is no virtual interface dxvif-ffffffff."},
		{"malformed shown", "GET", "/v1/interfaces/x", "", 400, `\"x\" is not a virtual interface ID.`},
		{"unknown verified", "POST", unknown + "/verify", "", 404, "There is no virtual interface"},
		{"malformed verified", "POST", "/v1/interfaces/x/verify", "", 400, "is not a virtual interface ID"},
		{"private verified", "POST", "/v1/interfaces/" + one + "/verify", "", 409, "Virtual interface " + one + " is in state "},
		{"with a body", "POST", path + "/verify", `{"really":true}`, 400, "unknown field"},
		{"verified", "POST", path + "/verify", "{}", 200, `"state":"pending"`},
		{"verified twice", "POST", path + "/verify", "", 409, "there is nothing to verify."},
	})
	srv.Advance(time.Minute)
	v, err := srv.Operator().Interface(t.Context(), two)
	if err != nil || v.Verified.IsZero() || len(v.Peers) != 1 || (v.State != "available" && v.State != "down") {
		t.Errorf("a verified interface is %+v, %v", v, err)
	}
	if _, text := do(t, srv, step{method: "GET", path: path}, nil); strings.Contains(text, "not-for-operators") || strings.Contains(text, "key") {
		t.Errorf("the key is shown: %s", text)
	}
	deleted(t, srv, one)
	for query, want := range map[string][]string{"": {two}, "all=true": {one, two}, "state=deleted": {one}} {
		values, _ := url.ParseQuery(query)
		page, err := srv.Operator().Interfaces(t.Context(), values)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, v := range page.Interfaces {
			ids = append(ids, v.ID)
		}
		if !slices.Equal(ids, want) {
			t.Errorf("%q lists %v, want %v", query, ids, want)
		}
	}
}

// deleted deletes an interface and lets it go.
func deleted(t *testing.T, srv *onramptest.Server, id string) {
	t.Helper()
	_, err := srv.Daemon().Service().DeleteVirtualInterface(t.Context(), controlplane.Caller{Account: customer, Region: "us-east-1"},
		&api.DeleteVirtualInterfaceRequest{VirtualInterfaceID: &id})
	if err != nil {
		t.Fatal(err)
	}
	srv.Advance(time.Minute)
}
