package daemon

import (
	"context"
	"net/http"
	"strings"

	"onramp/internal/console"
	"onramp/internal/operator"
)

// withConsole puts the console under /console/ of the operator's listener, and sends browsers there that come to its root.
func (d *Daemon) withConsole(others http.Handler) http.Handler {
	d.console = console.New(console.Config{
		Service: d.core.service, Clock: d.core.clock, OperatorToken: d.token,
		Open:      d.operator.loopback() || d.config.OpenToNetwork,
		KnowsHost: func(host string) bool { return operator.KnowsHost(d.config.OperatorHosts, host) }, URL: d.config.ConsoleURL,
		Settle: d.reconc.Settle, Routers: d.consoleRouters(), Light: d.readings.light, Observe: d.observe, OIDC: d.config.OIDC, Now: d.config.ConsoleTime, Log: d.config.Log,
		About: console.About{
			Version: d.config.Version, Endpoint: d.Endpoint(), Engine: d.core.store.Engine(), Pace: d.config.Pace.Name,
		},
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/console" || strings.HasPrefix(r.URL.Path, "/console/"):
			d.console.ServeHTTP(w, r)
		case r.URL.Path == "/" && r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html"):
			http.Redirect(w, r, "/console/", http.StatusSeeOther)
		default:
			others.ServeHTTP(w, r)
		}
	})
}

// consoleRouters is what the console shows of real routers; nil where no agent can connect.
func (d *Daemon) consoleRouters() func(ctx context.Context) ([]console.Router, error) {
	enrolled := d.enrolments()
	if enrolled == nil {
		return nil
	}
	return func(ctx context.Context) ([]console.Router, error) {
		all, err := enrolled.Routers(ctx)
		if err != nil {
			return nil, err
		}
		shown := make([]console.Router, len(all))
		for i, r := range all {
			shown[i] = console.Router{
				Name: r.Name, Location: r.Location, Region: r.Region, ConnectedSince: r.ConnectedSince, LastSeen: r.LastSeen,
				Enrolled: r.Enrolled, Revoked: r.Revoked, Waiting: r.Waiting, Drift: r.Drift, Repairs: int(r.Repairs),
			}
		}
		return shown, nil
	}
}

// ConsoleLink is the address of the console that lets whoever opens it on this machine in as operator, once and within ten
// minutes.
func (d *Daemon) ConsoleLink() string { return d.OperatorEndpoint() + d.console.OnceLink() }
