package daemon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
	"onramp/internal/fabric/sim"
	"onramp/internal/router"
	"onramp/internal/store"
)

// routers is the fabric of an installation. The inventory says which routers are simulated, inside this process, and which
// are real: those are driven through their agents, or, if it is this machine itself, directly.
type routers struct {
	store     *store.Store
	simulated *sim.Fabric
	remote    *remote.Server // nil: no agent can connect
	local     fabric.Driver  // nil: this machine is no router
	localName string
}

var _ fabric.Driver = (*routers)(nil)

func (r *routers) Apply(ctx context.Context, name string, in fabric.Intent) error {
	d, err := r.driver(ctx, name)
	if err != nil {
		return err
	}
	return d.Apply(ctx, name, in)
}

func (r *routers) Observe(ctx context.Context, name string) (fabric.Observed, error) {
	d, err := r.driver(ctx, name)
	if err != nil {
		return fabric.Observed{}, err
	}
	return d.Observe(ctx, name)
}

// Close lets go of the routers. They stay as they are.
func (r *routers) Close() error {
	errs := []error{r.simulated.Close()}
	if r.remote != nil {
		errs = append(errs, r.remote.Close())
	}
	if r.local != nil {
		errs = append(errs, r.local.Close())
	}
	return errors.Join(errs...)
}

// driver is the router's. One that has left the inventory is taken for a simulated one: nobody can order there any more, and
// its agent is not told anything.
func (r *routers) driver(ctx context.Context, name string) (fabric.Driver, error) {
	if r.local != nil && name == r.localName {
		return r.local, nil
	}
	var row directconnect.Router
	err := r.store.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.Router(name)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return r.simulated, nil
	case err != nil:
		return nil, fmt.Errorf("router %s: %w", name, err)
	case row.Fabric == directconnect.Simulated:
		return r.simulated, nil
	case r.remote == nil:
		return nil, fmt.Errorf("router %s: %w: this server does not listen for agents (--router-listen)", name, fabric.ErrUnreachable)
	}
	return r.remote, nil
}

// openReal lets agents connect, at the listener unless it is nil, and becomes the router that this machine is.
func (d *Daemon) openReal(ctx context.Context) (err error) {
	if d.agents != nil {
		addresses := d.config.RouterAddresses
		if len(addresses) == 0 {
			addresses = []string{d.agents.address()}
		}
		d.fabric.remote, err = remote.NewServer(ctx, remote.Config{
			Ledger: ledger{d.core.store, d.core.seal}, Addresses: addresses, Name: serverName(),
			Noticed: d.reconc.Noticed, Strayed: d.reconc.Strayed, Log: d.config.Log,
		})
		if err != nil {
			return err
		}
		d.agents.Listener = tls.NewListener(d.agents.Listener, d.fabric.remote.TLS())
	}
	if d.config.LocalRouter == "" {
		return nil
	}
	d.fabric.localName = d.config.LocalRouter
	if d.fabric.local, err = d.openLocal(ctx); err != nil {
		return fmt.Errorf("--local-router %s: %w", d.config.LocalRouter, err)
	}
	return nil
}

// openLocal starts the agent of the router that this machine is, without the wire.
func (d *Daemon) openLocal(ctx context.Context) (fabric.Driver, error) {
	var row directconnect.Router
	err := d.core.store.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.Router(d.config.LocalRouter)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, errors.New("there is no such router in the inventory")
	case err != nil:
		return nil, err
	case row.Fabric != directconnect.Linux:
		return nil, errors.New("the inventory calls it simulated: give it the fabric linux there")
	}
	folder, err := router.LocalFolder(filepath.Join(d.config.Data, "router"), d.config.LocalRouter)
	if err != nil {
		return nil, err
	}
	agent, err := router.Start(ctx, router.Config{
		Folder: folder, Open: d.config.openRouter(), Ports: d.config.LocalPorts, Accepted: true,
		Noticed: func() { d.reconc.Noticed(d.config.LocalRouter) }, Log: d.config.Log.With("router", d.config.LocalRouter),
	})
	if err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	return localRouter{agent.Driver(), folder}, nil
}

// localRouter lets go of the folder when the agent has ended.
type localRouter struct {
	fabric.Driver
	folder *router.Folder
}

func (l localRouter) Close() error { return errors.Join(l.Driver.Close(), l.folder.Close()) }

// lookEvery is how long a real router goes unobserved that tells of no change: its agent does so, and looks more often.
const lookEvery = time.Minute
