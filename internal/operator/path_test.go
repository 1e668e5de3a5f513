package operator_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

// joined makes a Direct Connect gateway with an association and an interface on a connection, and answers both IDs.
func joined(t *testing.T, srv *onramptest.Server, connection, far string) (gateway, vif string) {
	t.Helper()
	s, caller := srv.Daemon().Service(), controlplane.Caller{Account: customer, Region: "us-east-1"}
	name, asn, n := "joined", int32(65001), int32(300)
	g, err := s.CreateDirectConnectGateway(t.Context(), caller, &api.CreateDirectConnectGatewayRequest{DirectConnectGatewayName: &name})
	if err != nil {
		t.Fatal(err)
	}
	gateway = *g.DirectConnectGateway.DirectConnectGatewayID
	srv.Advance(time.Minute)
	if _, err := s.CreateDirectConnectGatewayAssociation(t.Context(), caller, &api.CreateDirectConnectGatewayAssociationRequest{
		DirectConnectGatewayID: &gateway, GatewayID: &far,
	}); err != nil {
		t.Fatal(err)
	}
	v, err := s.CreatePrivateVirtualInterface(t.Context(), caller,
		&api.CreatePrivateVirtualInterfaceRequest{ConnectionID: &connection, NewPrivateVirtualInterface: &api.NewPrivateVirtualInterface{
			VirtualInterfaceName: &name, Vlan: &n, ASN: &asn, DirectConnectGatewayID: &gateway,
		}})
	if err != nil {
		t.Fatal(err)
	}
	return gateway, *v.VirtualInterfaceID
}

// TestPaths: out of a Direct Connect gateway over its interfaces; out of a virtual private gateway over its own and, while
// they are associated, those of its Direct Connect gateway.
func TestPaths(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	c := srv.Operator()
	const vgw = "vgw-0a1b2c3d"
	if _, err := c.AddGateway(t.Context(), operator.GatewayChange{ID: vgw, Account: customer, Region: "us-east-1", CIDRs: []string{"10.99.0.0/16"}}); err != nil {
		t.Fatal(err)
	}
	connection := lit(t, srv)
	direct := attach(t, srv, connection, vgw)
	gateway, through := joined(t, srv, connection, vgw)
	to := netip.MustParsePrefix("10.1.0.0/16")
	announce(t, srv, direct, directconnect.CustomerRoute{CIDR: to, Communities: []string{directconnect.CommunityLow}})
	srv.Advance(time.Hour)
	announce(t, srv, through, directconnect.CustomerRoute{CIDR: to})

	first := operator.Path{
		Rank: 1, Reason: "highest local preference", Interface: through, Account: customer, Region: "us-east-1",
		Route: operator.Route{Direction: "accepted", CIDR: to, ASPath: "65001", Communities: []string{}, LocalPreference: directconnect.PreferMedium},
	}
	second := operator.Path{
		Rank: 2, Reason: "lower local preference", Interface: direct, Account: customer, Region: "us-east-1",
		Route: operator.Route{Direction: "accepted", CIDR: to, ASPath: "65000", Communities: []string{directconnect.CommunityLow}, LocalPreference: directconnect.PreferLow},
	}
	only := first
	only.Reason = "no other way"
	aside := cmpopts.IgnoreFields(operator.Route{}, "Router", "Installed")
	look := func(from string, want ...operator.Path) {
		t.Helper()
		got, err := c.GatewayPaths(t.Context(), from, "10.1.255.255")
		if diff := cmp.Diff(want, got, aside, cmpopts.EquateComparable(netip.Prefix{})); diff != "" || err != nil {
			t.Errorf("from %s: %v (-want +got):\n%s", from, err, diff)
		}
		for _, p := range got {
			if p.Router == "" || p.Installed.IsZero() {
				t.Errorf("from %s: %+v", from, p)
			}
		}
	}
	look(gateway, only)
	look(vgw, first, second)
	if _, err := srv.Daemon().Service().DeleteDirectConnectGatewayAssociation(t.Context(), controlplane.Caller{Account: customer, Region: "us-east-1"},
		&api.DeleteDirectConnectGatewayAssociationRequest{DirectConnectGatewayID: &gateway, VirtualGatewayID: ptr(vgw)}); err != nil {
		t.Fatal(err)
	}
	second.Rank, second.Reason = 1, "no other way"
	look(vgw, second)

	steps(t, srv, []step{
		{"the gateway", "GET", "/v1/direct-connect-gateways/" + gateway, "", 200, `"interfaces":[{"id":"` + through},
		{"gateways", "GET", "/v1/accounts/" + customer + "/direct-connect-gateways", "", 200, `[{"id":"` + gateway + `","account":"` + customer + `","name":"joined"`},
		{"gateways after it", "GET", "/v1/accounts/" + customer + "/direct-connect-gateways?after=" + gateway, "", 200, "[]"},
		{"no such gateway", "GET", "/v1/direct-connect-gateways/x", "", 404, "There is no Direct Connect gateway"},
		{"no way", "GET", "/v1/paths?gateway=" + vgw + "&to=10.2.0.0/16", "", 200, "[]"},
		{"too wide", "GET", "/v1/paths?gateway=" + vgw + "&to=10.0.0.0/8", "", 200, "[]"},
		{"of an unknown gateway", "GET", "/v1/paths?gateway=tgw-0a1b2c3d4e5f60718&to=10.1.0.1", "", 404, "There is no gateway"},
		{"to nowhere", "GET", "/v1/paths?gateway=" + vgw + "&to=x", "", 400, "neither an address nor a prefix"},
		{"from nowhere", "GET", "/v1/paths?to=10.1.0.1", "", 400, "either gateway= or region="},
		{"from both", "GET", "/v1/paths?gateway=" + vgw + "&region=us-east-1&to=10.1.0.1", "", 400, "either gateway= or region="},
		{"by color", "GET", "/v1/paths?color=red", "", 400, "nothing to look for paths by"},
		{"of a malformed Region", "GET", "/v1/paths?region=x&to=10.1.0.1", "", 400, "is not the name of a Region"},
	})
}

func ptr[T any](v T) *T { return &v }

// TestPublicPaths: the scope of a route is shown, and keeps it from other Regions.
func TestPublicPaths(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	c := srv.Operator()
	connection := lit(t, srv)
	id := public(t, srv, connection)
	attach(t, srv, connection, "vgw-0a1b2c3d") // has no part in it
	srv.Advance(time.Hour)
	to := netip.MustParsePrefix("203.0.113.0/24")
	announce(t, srv, id, directconnect.CustomerRoute{CIDR: to, Communities: []string{directconnect.CommunityToContinent}})
	for region, rank := range map[string]int{"us-east-1": 1, "ca-central-1": 1, "eu-west-1": 0, "cn-north-1": 0} {
		got, err := c.PublicPaths(t.Context(), region, "203.0.113.0/25")
		if err != nil || len(got) != 1 || got[0].Interface != id || got[0].Rank != rank || got[0].Scope != "continent" {
			t.Errorf("in %s: %+v, %v", region, got, err)
		}
	}
	page, err := c.Routes(t.Context(), id, nil)
	if err != nil || len(page.Routes) < 2 {
		t.Fatalf("%+v, %v", page, err)
	}
	for _, r := range page.Routes {
		if want := map[string]string{"accepted": "continent"}[r.Direction]; r.Scope != want || r.LocalPreference != 0 {
			t.Errorf("%+v, want scope %q", r, want)
		}
	}
}
