package doctor

import (
	"path/filepath"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/router"
)

// real has the server take its routers for machines with agents, of which there are none.
func real() []onramptest.Option {
	machines := onramptest.Small()
	for i := range machines.Locations {
		for j := range machines.Locations[i].Routers {
			machines.Locations[i].Routers[j].Fabric = directconnect.Linux
		}
	}
	return []onramptest.Option{
		onramptest.Inventory(machines),
		onramptest.Configure(func(c *daemon.Config) { c.RouterListen = "127.0.0.1:0" }),
	}
}

// approved orders a port of such a router.
func (w *ward) approved() string {
	id := w.connection(false)
	w.move(id, "approve")
	return id
}

// enroll lets an agent in for the router of a connection, which then does not connect.
func (w *ward) enroll(id string) {
	w.t.Helper()
	c, err := w.Operator().Connection(w.t.Context(), id)
	w.check(err)
	token, err := w.Operator().NewRouterToken(w.t.Context(), c.Router, "")
	w.check(err)
	_, err = router.Enroll(w.t.Context(), filepath.Join(w.t.TempDir(), "state"), token.Token)
	w.check(err)
}
