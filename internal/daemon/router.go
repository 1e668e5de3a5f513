package daemon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/fabric/remote"
	"onramp/internal/operator"
	"onramp/internal/store"
)

// enrolments is what the operator does with routers that have an agent.
type enrolments struct {
	store  *store.Store
	server *remote.Server
	now    func() time.Time // the real clock's
}

var _ operator.Routers = enrolments{}

func (e enrolments) Routers(ctx context.Context) ([]operator.Router, error) {
	agents, err := e.server.Ledger.Agents(ctx)
	if err != nil {
		return nil, err
	}
	var known []directconnect.Router
	err = e.store.View(ctx, func(tx *store.Tx) (err error) {
		known, err = tx.Routers("")
		return err
	})
	if err != nil {
		return nil, err
	}
	all := map[string]operator.Router{}
	for _, r := range known {
		if r.Fabric == directconnect.Linux {
			all[r.Name] = operator.Router{}
		}
	}
	for _, a := range agents {
		all[a.Router] = e.show(a)
	}
	for _, r := range known {
		if shown, ok := all[r.Name]; ok {
			shown.Name, shown.Location, shown.Region = r.Name, r.Location, r.Region
			all[r.Name] = shown
		}
	}
	list := make([]operator.Router, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, all[name])
	}
	return list, nil
}

func (e enrolments) show(a remote.Agent) operator.Router {
	r := operator.Router{
		Name: a.Router, Revoked: a.Revoked, LastSeen: a.Seen, Drift: a.Drift, Repairs: a.Repairs, Repaired: a.Repaired,
	}
	if a.Enrolment != "" {
		r.Enrolled, r.Expires, r.Waiting = a.Enrolled, a.Expires, a.Waiting
	}
	if a.TokenHash != "" && e.now().Before(a.TokenExpires) {
		r.TokenExpires = a.TokenExpires
	}
	if a.IsConnected(e.now()) {
		r.ConnectedSince = a.Connected
	}
	return r
}

func (e enrolments) NewToken(ctx context.Context, router string, life time.Duration) (operator.RouterToken, error) {
	if len(e.server.Addresses) == 0 {
		return operator.RouterToken{}, &controlplane.Refusal{Reason: controlplane.Conflict, Message: "This server does not know at which addresses routers reach it; it must be started with them."}
	}
	var row directconnect.Router
	err := e.store.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.Router(router)
		return err
	})
	if err == nil && row.Fabric != directconnect.Linux {
		return operator.RouterToken{}, &controlplane.Refusal{Reason: controlplane.Conflict, Message: fmt.Sprintf(
			"Router %s is simulated: give it the fabric linux in the inventory first.", router)}
	}
	var issued remote.Issued
	if err == nil {
		issued, err = e.server.NewToken(ctx, router, life)
	}
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, remote.ErrNoRouter) {
		return operator.RouterToken{}, &controlplane.Refusal{Reason: controlplane.Missing, Message: fmt.Sprintf(
			"There is no router %s in the inventory.", router)}
	}
	if err != nil {
		return operator.RouterToken{}, err
	}
	return operator.RouterToken{Router: router, Token: issued.Token.Text(), Expires: issued.Expires, Addresses: issued.Token.Addresses()}, nil
}

func (e enrolments) Revoke(ctx context.Context, router string) error {
	err := e.server.Revoke(ctx, router)
	if errors.Is(err, remote.ErrNoAgent) || errors.Is(err, remote.ErrNoRouter) {
		return &controlplane.Refusal{Reason: controlplane.Missing, Message: fmt.Sprintf("Router %s is not enrolled, and no token of it is out.", router)}
	}
	return err
}

// enrolments is what the operator's API is given; nil where no agent can connect.
func (d *Daemon) enrolments() operator.Routers {
	if d.fabric.remote == nil {
		return nil
	}
	return enrolments{d.core.store, d.fabric.remote, time.Now}
}
