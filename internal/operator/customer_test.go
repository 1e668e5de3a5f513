package operator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

func TestCustomers(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	id := attach(t, srv, lit(t, srv), "vgw-0a1b2c3d")
	one, path := "/v1/interfaces/"+id, "/v1/interfaces/"+id+"/customer"
	srv.Advance(time.Minute)
	steps(t, srv, []step{
		{"up", "GET", one, "", 200, `"status":"up"`},
		{"told nothing", "GET", path, "", 200, "null\n"},
		{"of an unknown one", "GET", "/v1/interfaces/dxvif-ffffffff/customer", "", 404, "There is no virtual interface dxvif-ffffffff."},
		{"of a malformed one", "PUT", "/v1/interfaces/x/customer", "{}", 400, `\"x\" is not a virtual interface ID.`},
		{"an unknown one reset", "DELETE", "/v1/interfaces/dxvif-ffffffff/customer", "", 404, "There is no virtual interface"},
		{"unknown member", "PUT", path, `{"color":"red"}`, 400, "unknown field"},
		{"null", "PUT", path, `null`, 400, "DELETE takes one away"},
		{"empty", "PUT", path, "", 400, "DELETE takes one away"},
		{"bad prefix", "PUT", path, `{"announce":[{"cidr":"10.0.0.0"}]}`, 400, "not the JSON expected"},
		{"host bits", "PUT", path, `{"announce":[{"cidr":"10.0.0.1/8"}]}`, 400, "CIDR 10.0.0.1/8 is not valid."},
		{"unknown peer", "PUT", path, `{"peers":["dxpeer-ffffffff"]}`, 404, `There is no BGP peer \"dxpeer-ffffffff\"`},
		{"nothing was told by these", "GET", path, "", 200, "null\n"},
		{"nothing is kept shut", "POST", one + "/reenable", "", 409, "no such session that is kept shut"},
		{"a wrong key", "PUT", path, `{"wrongKey":true}`, 200, `{"wrongKey":true,"announce":null}`},
		{"as told", "GET", path, "", 200, `{"wrongKey":true,"announce":null}`},
	})
	srv.Advance(time.Second)
	steps(t, srv, []step{
		{"down", "GET", one, "", 200, "signs with another TCP MD5 key"},
		{"reset", "DELETE", path, "", 204, ""},
		{"reset twice", "DELETE", path, "", 204, ""},
	})
	srv.Advance(time.Second)
	steps(t, srv, []step{
		{"up again", "GET", one, "", 200, `"status":"up"`},
		{"a flap", "PUT", path, `{"flap":{"seconds":5}}`, 200, `{"flap":{"from":"` + srv.Now().Format(time.RFC3339) + `","seconds":5}`},
	})
	deleted(t, srv, id)
	steps(t, srv, []step{{"of an ended one", "PUT", path, "{}", 409, "no router is at its far end."}})
}

// TestCustomersAreTheirOwn: where routers are not simulated, nobody is told anything.
func TestCustomersAreTheirOwn(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	id := attach(t, srv, lit(t, srv), "vgw-0a1b2c3d")
	service := srv.Daemon().Service()
	clock, err := controlplane.NewClock(t.Context(), service.Store, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	real := operator.New(operator.Config{Service: service, Clock: clock, Token: "x"})
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		r := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1/v1/interfaces/"+id+"/customer", strings.NewReader("{}"))
		r.Header.Set("Authorization", "Bearer x")
		w := httptest.NewRecorder()
		real.ServeHTTP(w, r)
		if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "only where the routers are simulated") {
			t.Errorf("%s answered %d %s", method, w.Code, w.Body)
		}
	}
	if script, err := service.Customer(t.Context(), id); script != nil || err != nil {
		t.Errorf("told %+v, %v", script, err)
	}
}
