package operator

import (
	"fmt"
	"net/http"
)

// health says that the process answers. It asks nobody else: a database that is away is no reason to restart.
func (a *api) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "ok")
}

// readiness says whether customers' requests can be served now.
func (a *api) readiness(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if a.Ready != nil {
		if err := a.Ready(r.Context()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintln(w, "not ready:", err)
			return
		}
	}
	fmt.Fprintln(w, "ready")
}

// page tells a person who came by with a browser what this is.
func (a *api) page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, `Onramp %s: the operator's side.

The customers' API is at %s
(database: %s, pace: %s).

  /v1/       operator API, with the token of the file operator-token in the data folder:
             accounts, access-keys, inventory, connections, clock, loa
  /healthz   the process answers
  /readyz    customers' requests are served
  /metrics   for Prometheus

On the command line: onramp --help
`, a.About.Version, a.About.Endpoint, a.About.Engine, a.About.Pace)
}
