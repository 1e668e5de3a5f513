package operator_test

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

// announce has the customer's router announce prefixes.
func announce(t *testing.T, srv *onramptest.Server, id string, routes ...directconnect.CustomerRoute) {
	t.Helper()
	if _, err := srv.Operator().SetCustomer(t.Context(), id, directconnect.CustomerScript{Announce: routes}); err != nil {
		t.Fatal(err)
	}
	srv.Advance(time.Second)
}

// TestRoutes: routes of both directions, page by page, with what was announced of them.
func TestRoutes(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	c := srv.Operator()
	far := operator.GatewayChange{ID: "vgw-0a1b2c3d", Account: customer, Region: "us-east-1", CIDRs: []string{"10.99.0.0/16"}}
	if _, err := c.AddGateway(t.Context(), far); err != nil {
		t.Fatal(err)
	}
	id := attach(t, srv, lit(t, srv), far.ID)
	announce(t, srv, id,
		directconnect.CustomerRoute{CIDR: netip.MustParsePrefix("10.2.0.0/16")},
		directconnect.CustomerRoute{CIDR: netip.MustParsePrefix("10.1.0.0/16"), Path: []int64{65010}, Communities: []string{"7224:7300"}})
	var got []operator.Route
	query := url.Values{"limit": {"1"}}
	for {
		page, err := c.Routes(t.Context(), id, query)
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, page.Routes...); page.After == "" || len(page.Routes) != 1 {
			break
		}
		query.Set("after", page.After)
	}
	want := []operator.Route{
		{Direction: "accepted", CIDR: netip.MustParsePrefix("10.1.0.0/16"), ASPath: "65000 65010", Communities: []string{"7224:7300"}},
		{Direction: "accepted", CIDR: netip.MustParsePrefix("10.2.0.0/16"), ASPath: "65000", Communities: []string{}},
		{Direction: "advertised", CIDR: netip.MustParsePrefix("10.99.0.0/16"), ASPath: "64512", Communities: []string{}},
	}
	aside := cmpopts.IgnoreFields(operator.Route{}, "Router", "Installed", "LocalPreference")
	if diff := cmp.Diff(want, got, aside, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got) > 1 && (got[0].LocalPreference <= got[1].LocalPreference || got[0].Installed.IsZero() || got[0].Router == "") {
		t.Errorf("7224:7300 is preferred no more than nothing: %+v", got)
	}
	path := "/v1/interfaces/" + id + "/routes"
	steps(t, srv, []step{
		{"advertised", "GET", path + "?direction=advertised", "", 200, `{"routes":[{"direction":"advertised","cidr":"10.99.0.0/16"`},
		{"sideways", "GET", path + "?direction=sideways", "", 400, `\"sideways\" is not a direction of routes`},
		{"after nothing", "GET", path + "?after=here", "", 400, `\"here\" is not a value for after.`},
		{"too many", "GET", path + "?limit=1001", "", 400, `\"1001\" is not a value for limit.`},
		{"by color", "GET", path + "?color=red", "", 400, "nothing to choose routes by"},
		{"of an unknown one", "GET", "/v1/interfaces/dxvif-ffffffff/routes", "", 404, "There is no virtual interface"},
		{"of a malformed one", "GET", "/v1/interfaces/x/routes", "", 400, "is not a virtual interface ID"},
	})
}

// TestReenable: a session beyond its prefix limit stays shut, though fewer are announced, until it is tried again.
func TestReenable(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	id := attach(t, srv, lit(t, srv), "vgw-0a1b2c3d")
	var many []directconnect.CustomerRoute
	for i := range 101 {
		many = append(many, directconnect.CustomerRoute{CIDR: netip.MustParsePrefix(fmt.Sprintf("10.0.%d.0/24", i))})
	}
	announce(t, srv, id, many...)
	announce(t, srv, id, many[:100]...)
	v, err := srv.Operator().Interface(t.Context(), id)
	if err != nil || v.State != "down" || v.Peers[0].Reason != "closed with Cease 6/1: 101 prefixes announced, 100 allowed" {
		t.Fatalf("beyond the limit: %+v, %v", v, err)
	}
	path := "/v1/interfaces/" + id + "/reenable"
	steps(t, srv, []step{
		{"an unknown peer", "POST", path, `{"peer":"dxpeer-ffffffff"}`, 404, "There is no BGP peer"},
		{"unknown member", "POST", path, `{"all":true}`, 400, "unknown field"},
		{"an unknown one", "POST", "/v1/interfaces/dxvif-ffffffff/reenable", "", 404, "There is no virtual interface"},
		{"tried", "POST", path, `{"peer":"` + v.Peers[0].ID + `"}`, 200, `"id":"` + id},
	})
	srv.Advance(time.Second)
	page, err := srv.Operator().Routes(t.Context(), id, url.Values{"direction": {"accepted"}})
	if err != nil || len(page.Routes) != 100 {
		t.Errorf("tried again: %d routes, %v", len(page.Routes), err)
	}
	if !slices.ContainsFunc(page.Routes, func(r operator.Route) bool { return r.CIDR == many[99].CIDR }) {
		t.Errorf("%s is missing", many[99].CIDR)
	}
}
