package daemon

import (
	"context"
	"crypto/rand"
	"net/http"

	"onramp/internal/operator"
)

// Offline is the operator's API on a data folder without a server: no listener, no customers, and nobody who does what
// is due until a server starts.
type Offline struct {
	core           *core
	token, version string
}

// OpenOffline opens the store of a Config.
func OpenOffline(ctx context.Context, c Config) (*Offline, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	core, err := openCore(ctx, c)
	if err != nil {
		return nil, err
	}
	return &Offline{core: core, token: rand.Text(), version: c.Version}, nil
}

// Client calls the operator's API within this process.
func (o *Offline) Client() *operator.Client {
	handler := operator.New(operator.Config{Service: o.core.service, Clock: o.core.clock, Token: o.token, About: operator.About{Version: o.version}})
	return &operator.Client{
		Base: "http://localhost", Token: o.token, HTTP: &http.Client{Transport: operator.InProcess{Handler: handler}},
	}
}

// Close lets go of the store.
func (o *Offline) Close() error { return o.core.close() }
