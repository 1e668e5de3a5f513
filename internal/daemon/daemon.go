// Package daemon builds a server of a Config and runs it: the store, the keyset, the inventory, the clock, the control
// plane behind the customers' listener, the operator's API behind its own, and the reconciler with its fabric. It ends
// them in the order in which nothing is cut off.
//
// It reads no flags, environment or files of settings (that is cmd/onramp), and holds no rule of the service.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"onramp/internal/console"
	"onramp/internal/controlplane"
	"onramp/internal/fabric/sim"
	"onramp/internal/operator"
	"onramp/internal/reconcile"
)

// Daemon is a running server.
type Daemon struct {
	config   Config
	core     *core
	fabric   *routers
	metrics  *operator.Metrics
	readings readings
	verify   *verifier
	open     bool // nobody had configured an account at the start
	token    string
	reconc   *reconcile.Reconciler
	api      *listener
	operator *listener
	console  *console.Console
	agents   *listener // of real routers; nil: none can connect
	behind   string    // what is wrong with the end of the audit trail, as it was told last

	draining atomic.Bool
	failed   chan error // what a listener died of; holds one
	work     errgroup.Group
	stopWork context.CancelFunc

	trail     errgroup.Group // ends after the work, whose records it writes
	stopTrail context.CancelFunc

	closing sync.Once
	closed  error
}

// Start opens everything and answers when requests are served. ctx bounds the start only.
func Start(ctx context.Context, c Config) (*Daemon, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	core, err := openCore(ctx, c)
	if err != nil {
		return nil, err
	}
	d := &Daemon{config: c, core: core, failed: make(chan error, 1)}
	if err := d.start(ctx); err != nil {
		return nil, errors.Join(err, d.Close(ctx))
	}
	return d, nil
}

func (d *Daemon) start(ctx context.Context) (err error) {
	if d.open, err = d.core.service.OpenMode(ctx); err != nil {
		return err
	}
	if d.token, err = operatorToken(d.config); err != nil {
		return err
	}
	d.fabric = &routers{store: d.core.store, simulated: sim.New(d.world())}
	d.metrics = operator.NewMetrics(d.config.Version, d.core.store.Engine(), d.core.service.Queues)
	d.reconc = reconcile.New(reconcile.Config{
		Store: d.core.store, Driver: d.driver(), Pace: d.config.pace, Now: d.core.clock.Now,
		Open: d.core.seal.Open, NewCode: controlplane.NewLOACode, Log: d.config.Log, Server: serverName(),
		Keep: d.config.Keep, Changed: d.metrics.Pass, Simulated: true, Look: lookEvery,
		NoAudit: d.config.Audit == controlplane.AuditOff,
	})
	d.core.service.Wake = d.reconc.Wake
	d.core.service.Doctor = doctor{d}
	d.core.service.Trail = controlplane.NewTrail(d.core.store, d.config.Log)
	d.remember(ctx)

	tls, err := d.config.tls()
	if err != nil {
		return err
	}
	if d.api, err = listen("--listen", d.config.Listen, tls); err != nil {
		return err
	}
	if d.operator, err = listen("--operator-listen", d.config.OperatorListen, nil); err != nil {
		return err
	}
	if d.config.RouterListen != "" {
		if d.agents, err = listen("--router-listen", d.config.RouterListen, nil); err != nil {
			return err
		}
		d.agents.streams = true
	}
	loopback := d.api.loopback()
	if d.open && !loopback && !d.config.OpenToNetwork {
		return fmt.Errorf("no account is configured, so anybody could use this server: it will not listen on %s, beyond this machine; "+
			"add an account first (onramp account add --offline), or allow it with --open-to-network", d.config.Listen)
	}
	if !d.operator.loopback() {
		d.config.Log.Warn("the operator API is reachable beyond this machine, and its token is sent in the clear", "address", d.operator.Addr().String())
	}
	d.verify = newVerifier(d.core.service, signingName, loopback || d.config.OpenToNetwork)
	if err := d.openReal(ctx); err != nil {
		return err
	}
	d.serve()
	return nil
}

// serve begins all that goes on until Close.
func (d *Daemon) serve() {
	ctx, stop := context.WithCancel(context.Background())
	d.stopWork = stop
	trail, stopTrail := context.WithCancel(context.Background())
	d.stopTrail = stopTrail
	d.trail.Go(func() error { return d.core.service.Trail.Run(trail) })
	d.work.Go(func() error { return d.keepAudit(ctx) })
	d.work.Go(func() error { return d.reconc.Run(ctx) })
	d.work.Go(func() error { return d.dispatcher().Run(ctx) })
	d.work.Go(func() error { return d.keepEvents(ctx) })
	d.work.Go(func() error { return d.core.followClock(ctx, d.config.Log, d.reconc.Wake) })
	d.api.serve(d.config.TrustedProxies.fromClients(d.metrics.InFlight(d.recorded(d.customers()))), d.config.Log, d.fail)
	if d.agents != nil {
		d.agents.serve(d.fabric.remote, d.config.Log, d.fail)
	}
	d.operator.serve(d.config.TrustedProxies.fromClients(d.withConsole(operator.New(operator.Config{
		Routers: d.enrolments(),
		Service: d.core.service, Clock: d.core.clock, Token: d.token, Hosts: d.config.OperatorHosts,
		Settle: d.reconc.Settle, Ready: d.ready, Metrics: d.metrics.Handler(d.metered()), Log: d.config.Log,
		About: operator.About{
			Version: d.config.Version, Endpoint: d.Endpoint(), Engine: d.core.store.Engine(), Pace: d.config.Pace.Name,
		},
	}))), d.config.Log, d.fail)
}

// fail remembers the first failure of a listener; nil is its ordinary end.
func (d *Daemon) fail(err error) {
	if err == nil {
		return
	}
	select {
	case d.failed <- err:
	default:
	}
}

// Run waits until ctx ends or a listener fails, and closes the server, for which it takes DrainFor at most.
func (d *Daemon) Run(ctx context.Context) error {
	var failure error
	select {
	case <-ctx.Done():
		d.config.Log.Info("draining")
	case failure = <-d.failed:
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.config.drainFor())
	defer cancel()
	return errors.Join(failure, d.Close(end))
}

// Close drains: it takes no more connections, answers the requests that are there, lets the reconciler finish its pass and
// closes the store. When ctx ends first, what is still going on is cut off. Later calls answer what the first did.
func (d *Daemon) Close(ctx context.Context) error {
	d.closing.Do(func() { d.closed = d.close(ctx) })
	return d.closed
}

func (d *Daemon) close(ctx context.Context) error {
	d.draining.Store(true)
	var errs []error
	if d.fabric != nil && d.fabric.remote != nil {
		errs = append(errs, d.fabric.remote.Close()) // its listener would wait for the agents' streams
	}
	if d.console != nil {
		d.console.Close() // the operator's listener would wait for the pages that follow changes
	}
	for _, l := range []*listener{d.api, d.operator, d.agents} { // the operator sees /readyz fail meanwhile
		if l != nil {
			errs = append(errs, l.close(ctx))
		}
	}
	if d.stopWork != nil {
		d.stopWork()
		errs = append(errs, d.work.Wait())
	}
	d.endAudit(ctx)
	if d.fabric != nil {
		errs = append(errs, d.fabric.Close())
	}
	return errors.Join(append(errs, d.core.close())...)
}

// ready tells load balancers whether to send requests here.
func (d *Daemon) ready(ctx context.Context) error {
	if d.draining.Load() {
		return errors.New("draining")
	}
	if err := d.core.store.Ping(ctx); err != nil {
		d.config.Log.Warn("the database does not answer", "error", err)
		return errors.New("the database does not answer") // the details may hold its address
	}
	return nil
}

// Endpoint is the customers' API as a URL.
func (d *Daemon) Endpoint() string {
	if d.config.TLSCert != "" {
		return "https://" + d.api.address()
	}
	return "http://" + d.api.address()
}

// OperatorEndpoint is the operator's API as a URL.
func (d *Daemon) OperatorEndpoint() string { return "http://" + d.operator.address() }

// OperatorToken is what the operator's API asks for.
func (d *Daemon) OperatorToken() string { return d.token }

// Open reports whether no account was configured at the start.
func (d *Daemon) Open() bool { return d.open }

// Service is the control plane.
func (d *Daemon) Service() *controlplane.Service { return d.core.service }

// Clock is the time that orders live by.
func (d *Daemon) Clock() *controlplane.Clock { return d.core.clock }

// Fabric is the simulated fabric.
func (d *Daemon) Fabric() *sim.Fabric { return d.fabric.simulated }

// RouterEndpoint is where the agents of real routers connect, host:port; empty: nowhere.
func (d *Daemon) RouterEndpoint() string {
	if d.agents == nil {
		return ""
	}
	return d.agents.address()
}

// Settle waits until what is due at the present time has been done.
func (d *Daemon) Settle(ctx context.Context) error { return d.reconc.Settle(ctx) }

// listener is a socket and the HTTP server on it.
type listener struct {
	net.Listener
	server  *http.Server
	done    chan struct{}
	streams bool // requests go on for as long as they like: who sends them has shown a certificate
}
