package daemon

import (
	"context"
	"errors"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

// doctor looks at routers for diagnoses.
type doctor struct{ *Daemon }

var _ controlplane.Doctor = doctor{}

// How long a diagnosis waits for the rows to follow, and for the router.
const (
	followTime = 3 * time.Second
	lookTime   = 5 * time.Second
)

// Look has the reconciler visit the router, so that its rows say what is, and observes it.
func (d doctor) Look(ctx context.Context, router string) directconnect.Sight {
	d.follow(ctx, router)
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	seen, err := d.fabric.Observe(ctx, router)
	sight := directconnect.Sight{At: d.core.clock.Now(), Ports: make(map[string]directconnect.PortSight, len(seen.Ports))}
	sight.Trouble = d.trouble(ctx, router, err)
	for name, p := range seen.Ports {
		sight.Ports[name] = directconnect.PortSight{
			Enabled: p.Enabled, Carrier: p.Carrier, Encrypted: p.Encrypted, Bundled: p.Bundled, SpeedMbps: p.SpeedMbps, RxPowerDBm: p.RxPowerDBm,
		}
	}
	return sight
}

// trouble says why a router could not be looked at; empty: it could.
func (d doctor) trouble(ctx context.Context, router string, err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, fabric.ErrUnreachable), ctx.Err() != nil:
		return "it does not answer"
	}
	d.config.Log.Warn("a router could not be looked at", "router", router, "error", err)
	return "looking at it failed; the log says more"
}

func (d doctor) follow(ctx context.Context, router string) {
	ctx, cancel := context.WithTimeout(ctx, followTime)
	defer cancel()
	d.reconc.Noticed(router)
	if err := d.reconc.Settle(ctx); err != nil && ctx.Err() == nil {
		d.config.Log.Warn("a router could not be followed for a diagnosis", "router", router, "error", err)
	}
}

// Agent tells of a router's agent. The router that this machine is itself has one inside this server.
func (d doctor) Agent(router string, row *store.Agent) directconnect.AgentFacts {
	if d.fabric.local != nil && router == d.fabric.localName {
		return directconnect.AgentFacts{Enrolled: true, Connected: true, Seen: d.core.clock.Now()}
	}
	if row == nil {
		return directconnect.AgentFacts{}
	}
	a := agentOf(*row)
	return directconnect.AgentFacts{
		Enrolled: a.Enrolment != "", Waiting: a.Waiting, Connected: a.IsConnected(time.Now()), Seen: a.Seen, Drift: a.Drift,
	}
}
