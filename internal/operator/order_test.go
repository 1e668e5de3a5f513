package operator_test

import (
	"testing"
	"time"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/daemon"
	"onramp/internal/onramptest"
)

// nameHosts gives the operator's API a name of its own.
func nameHosts(c *daemon.Config) { c.OperatorHosts = []string{"onramp.example"} }

// order orders a port as a customer, a second after the one before, and answers the connection's ID.
func order(t *testing.T, srv *onramptest.Server, region, location string) string {
	t.Helper()
	srv.Advance(time.Second)
	bandwidth, name := "1Gbps", "ordered in "+region
	out, err := srv.Daemon().Service().CreateConnection(t.Context(), controlplane.Caller{Account: "111122223333", Region: region},
		&api.CreateConnectionRequest{Location: &location, Bandwidth: &bandwidth, ConnectionName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return *out.ConnectionID
}
