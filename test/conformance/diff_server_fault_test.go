package conformance

import (
	"context"
	"net/http"
	"testing"

	"onramp/internal/store"
)

// TestServerFault: a fault of ours is one sentence with the request ID, at 400 as documented; details are in the log.
func TestServerFault(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderSecure(t, ashburn, "10Gbps", "x")
	w.settle()
	if err := w.store.Update(context.Background(), func(tx *store.Tx) error { // a row that cannot be: a member of no LAG
		c, err := tx.Connection(id)
		if err != nil {
			return err
		}
		c.LagID = "dxlag-ffjhj9lx"
		return tx.PutConnection(&c)
	}); err != nil {
		t.Fatal(err)
	}
	x := a.send("DescribeConnections", `{}`)
	x.is(t, http.StatusBadRequest, server,
		"The request could not be completed because of a server fault. Request ID: "+x.header.Get("X-Amzn-Requestid"))
}
