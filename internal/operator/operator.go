// Package operator is the operator's API: JSON over HTTP under /v1/ for those who run the installation (accounts, access
// keys, inventory, orders, cables, virtual interfaces, gateways of the far side, the simulated clock), with health, readiness
// and metrics beside it. It has a listener of its own, never the customers' port, and a client that the command line uses.
//
// It decides nothing: every move is a method of package controlplane. It is not the customers' API and knows no
// signatures; whoever holds the operator's token may do everything.
package operator

import (
	"context"
	"log/slog"
	"net/http"

	"onramp/internal/controlplane"
)

// Config is what the operator's API works with.
type Config struct {
	Service *controlplane.Service
	Clock   *controlplane.Clock
	// Token is what a request under /v1/ must bear. It must not be empty.
	Token string
	// Hosts are the names, beside localhost and any IP address, that requests may be addressed to.
	Hosts []string
	// Settle waits until what is due at the present time has been done; nil: nobody here does it.
	Settle func(ctx context.Context) error
	// Ready tells why requests cannot be served now; nil: always ready.
	Ready func(ctx context.Context) error
	// Metrics answers /metrics; nil: there are none.
	Metrics http.Handler
	// Routers are those that have an agent; nil: none can connect.
	Routers Routers
	// About goes on the page at /.
	About About
	Log   *slog.Logger // nil: nobody hears
}

// About says what runs here.
type About struct {
	Version  string
	Endpoint string // of the customers' API, a URL
	Engine   string // of the database
	Pace     string
}

// api answers requests.
type api struct{ Config }

// New makes the handler of the operator's listener.
func New(c Config) http.Handler {
	if c.Token == "" {
		panic("operator: a token is required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	a := &api{c}
	v1 := http.NewServeMux()
	for _, r := range append(a.routes(),
		route{pattern: "GET /v1/openapi.json", handle: a.showDescription},
		route{pattern: "/v1/", handle: noSuchResource},
	) {
		v1.Handle(r.pattern, a.json(a.recorded(r.handle)))
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/", a.addressed(a.authorized(v1)))
	mux.Handle(feedPattern, a.addressed(a.json(a.maintenanceFeed)))
	mux.HandleFunc("GET /healthz", a.health)
	mux.HandleFunc("GET /readyz", a.readiness)
	if c.Metrics != nil {
		mux.Handle("GET /metrics", a.addressed(c.Metrics))
	}
	mux.Handle("GET /{$}", a.addressed(http.HandlerFunc(a.page)))
	mux.Handle("/", a.json(noSuchResource))
	return mux
}

func noSuchResource(_ context.Context, r *http.Request) (any, error) {
	return nil, problem(http.StatusNotFound, "%s %s is not part of the operator API.", r.Method, r.URL.Path)
}
