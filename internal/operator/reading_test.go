package operator_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

// TestReadings: light and sessions are read at the router for the answer; what a simulated router does not count is absent,
// and a router that does not answer is said not to have been read.
func TestReadings(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Manual))
	c := srv.Operator()
	id := lit(t, srv)
	vif := attach(t, srv, id, "vgw-0a1b2c3d")
	shown, err := c.ReadConnection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	port := "/v1/ports/" + url.PathEscape(shown.Port)
	if r := shown.Reading; r == nil || r.NotRead != "" || !r.Carrier || len(r.ReceivedDBm) == 0 || r.ReceivedDBm[0] > 0 || r.Traffic != nil || r.MACsecNotValid != nil || r.At.IsZero() {
		t.Errorf("a connection that is up: %+v", r)
	}
	if _, err := c.MakeFault(t.Context(), id, operator.FaultOrder{Kind: "fade", LightDBm: -12.5}); err != nil {
		t.Fatal(err)
	}
	const faded = `"carrier":true,"speedMbps":1000,"receivedDbm":[-12.5],"transmittedDbm":[`
	steps(t, srv, []step{
		{"without a reading", "GET", "/v1/connections/" + id, "", 200, `"crossConnected":"`},
		{"faded light", "GET", "/v1/connections/" + id + "?read=true", "", 200, faded},
		{"at the port", "GET", port + "?read=true", "", 200, faded},
		{"of the router", "GET", "/v1/routers/" + shown.Router + "?read=true", "", 200, `"ports":[{"port":"` + shown.Port + `","connection":"` + id + `","at":"`},
		{"its session", "GET", "/v1/interfaces/" + vif + "?read=true", "", 200, `"up":true,"prefixesAccepted":1}]`},
		{"no router", "GET", "/v1/routers/nowhere?read=true", "", 404, "There is no router"},
		{"perhaps", "GET", "/v1/connections/" + id + "?read=perhaps", "", 400, `is not a value for read.`},
		{"another parameter", "GET", port + "?light=true", "", 400, `is no parameter of this.`},
	})
	for _, path := range []string{"/v1/connections/" + id, port, "/v1/routers/" + shown.Router, "/v1/interfaces/" + vif} {
		if _, text := do(t, srv, step{method: "GET", path: path}, nil); strings.Contains(text, `"reading"`) {
			t.Errorf("%s was read unasked: %s", path, text)
		}
	}
	before, err := c.ReadInterface(t.Context(), vif)
	if err != nil || len(before.Peers) != 1 || before.Peers[0].Status != "up" || before.Peers[0].Since.IsZero() || before.AcceptedPrefixes != 1 {
		t.Errorf("the session: %+v, %v", before.Peers, err)
	}
	if _, err := c.MakeFault(t.Context(), vif, operator.FaultOrder{Kind: "silent"}); err != nil {
		t.Fatal(err)
	}
	srv.Advance(5 * time.Minute)
	steps(t, srv, []step{{"a silent far side", "GET", "/v1/interfaces/" + vif + "?read=true", "", 200, `"up":false,"reason":"`}})

	srv.Fabric().Unreachable(shown.Router, true)
	const notRead = `"notRead":"it does not answer"`
	steps(t, srv, []step{
		{"connection", "GET", "/v1/connections/" + id + "?read=true", "", 200, notRead},
		{"port", "GET", port + "?read=true", "", 200, notRead},
		{"router", "GET", "/v1/routers/" + shown.Router + "?read=true", "", 200, notRead},
		{"interface", "GET", "/v1/interfaces/" + vif + "?read=true", "", 200, notRead},
	})
	srv.Fabric().Unreachable(shown.Router, false)

	waiting := order(t, srv, "us-east-1", "EqDC2")
	steps(t, srv, []step{{"not approved yet", "GET", "/v1/connections/" + waiting + "?read=true", "", 200, `"notRead":"the router does not have it in use"`}})
	_, hosted := hostedOn(t, srv)
	if found, err := c.ReadConnection(t.Context(), hosted); err != nil || found.Reading != nil {
		t.Errorf("a hosted connection has no port to read: %+v, %v", found.Reading, err)
	}
}
