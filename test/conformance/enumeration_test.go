package conformance

import (
	"context"
	"net/netip"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/store"
)

// The values of enumerations that no other test comes across.

// TestEveryBillingMode: each mode that one can ask for, at a location that offers all of them.
func TestEveryBillingMode(t *testing.T) {
	t.Parallel()
	everything := plant()
	everything.Locations[0].BillingModes = nil
	for _, mode := range types.RequestBillingModePayAsYouGo.Values() {
		if mode != types.RequestBillingModePayAsYouGo { // which every location offers
			everything.Locations[0].BillingModes = append(everything.Locations[0].BillingModes, directconnect.BillingMode(mode))
		}
	}
	w := start(t, byHand, directconnect.DocumentedQuotas, onramptest.Inventory(everything))
	a := w.as(t, alice)
	for _, mode := range types.RequestBillingModePayAsYouGo.Values() {
		id := *got(a.CreateConnection(t.Context(), &dc.CreateConnectionInput{
			Location: str(ashburn), Bandwidth: str("1Gbps"), ConnectionName: str("flat"), BillingMode: mode,
		}))(t).ConnectionId
		holds(t, a.connection(t, id)["billingMode"], string(mode))
	}
}

// TestSetInAPath: a route whose path has a set in it, as a router that aggregates sends it. The simulated customers do not, so
// the route is entered where the router's would be.
func TestSetInAPath(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	id := a.private(t, port, 1)
	w.script(id, `{"announce":[]}`)
	w.turn(time.Hour)
	router := w.noun(port).Router
	err := w.store.Update(context.Background(), func(tx *store.Tx) error {
		return tx.ReplaceRoutes(id, directconnect.RouteAccepted, []store.Route{{
			InterfaceID: id, Direction: directconnect.RouteAccepted, CIDR: netip.MustParsePrefix("10.0.0.0/8"), Device: router, Installed: w.now(),
			ASPath: []directconnect.ASPathSegment{{Path: []int64{65000}}, {Path: []int64{65010, 65011}, Set: true}},
		}}, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	route := a.routes(t, id, &types.RouteFilters{Cidrs: []string{"10.0.0.0/8"}}, nil)[0].(map[string]any)
	holds(t, route["asPath"], list{
		members{"path": list{65000}, "pathType": "seq"}, members{"path": list{65010, 65011}, "pathType": "set"},
	})
}
