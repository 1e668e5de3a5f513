package conformance

import (
	"sync"
	"testing"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
	"onramp/internal/onramptest"
	"onramp/internal/store"
)

// world is a server with a small inventory and a clock that only the test turns. Nobody approves an order or plugs a cable
// but the test, and what is deleted takes a minute to go.
type world struct {
	t       testing.TB
	server  *onramptest.Server
	service *controlplane.Service
	store   *store.Store
	fabric  *sim.Fabric
	url     string
	secrets sync.Map // of configured access keys, by ID
}

// keep is how long what has ended stays listed.
const keep = 24 * time.Hour

// byHand is the pace of every world.
var byHand = directconnect.Pace{
	Name: "by hand", Approve: directconnect.Never, Plug: directconnect.Never, Provision: time.Hour, Release: time.Minute,
}

// open starts a world in open mode, with the documented quotas or those given.
func open(t testing.TB, quotas ...directconnect.Quotas) *world {
	t.Helper()
	q := directconnect.DocumentedQuotas
	if len(quotas) > 0 {
		q = quotas[0]
	}
	return start(t, byHand, q)
}

// openAt starts a world at another pace.
func openAt(t testing.TB, pace directconnect.Pace) *world {
	t.Helper()
	return start(t, pace, directconnect.DocumentedQuotas)
}

func start(t testing.TB, pace directconnect.Pace, q directconnect.Quotas, further ...onramptest.Option) *world {
	t.Helper()
	srv := onramptest.Start(t, append([]onramptest.Option{
		onramptest.Pace(pace), onramptest.Quotas(q), onramptest.Inventory(plant()), onramptest.Keep(keep),
	}, further...)...)
	service := srv.Daemon().Service()
	w := &world{t: t, server: srv, service: service, store: service.Store, fabric: srv.Fabric(), url: srv.URL}
	t.Cleanup(w.holdTrail)
	return w
}

func (w *world) now() time.Time { return w.server.Now() }

// turn turns the clock and lets happen what is due.
func (w *world) turn(d time.Duration) { w.t.Helper(); w.server.Advance(d) }

// settle lets happen what is due now.
func (w *world) settle() { w.t.Helper(); w.server.Settle() }
