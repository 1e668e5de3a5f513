package controlplane

import (
	"context"
	"errors"
	"strings"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Doctor looks at routers, for diagnoses and readings only: no operation of the API waits for one.
type Doctor interface {
	// Look has a router followed up to the present and looks at it. What goes wrong is in the Sight.
	Look(ctx context.Context, router string) directconnect.Sight
	// Read reads what a router measures and counts, as it is now. What goes wrong is in the Reading.
	Read(ctx context.Context, router string) directconnect.Reading
	// Agent tells of the agent of a real router; row is what is kept of it, nil if nothing is.
	Agent(router string, row *store.Agent) directconnect.AgentFacts
}

// Diagnose tells why a connection, LAG, virtual interface or Direct Connect gateway of any account works or does not.
func (s *Service) Diagnose(ctx context.Context, id string) (d directconnect.Diagnosis, err error) {
	sight, err := s.sight(ctx, id)
	if err != nil {
		return d, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		e := examination{s: s, tx: tx, sight: sight, now: s.Now()}
		switch {
		case directconnect.IsConnectionID(id):
			d, err = e.connection(id)
		case directconnect.IsLAGID(id):
			d, err = e.lag(id)
		case directconnect.CheckInterfaceID(id) == nil:
			d, err = e.virtualInterface(id)
		default:
			d, err = e.gateway(id)
		}
		return err
	})
	return d, err
}

// sight looks at the router that the resource is on, before anything is read.
func (s *Service) sight(ctx context.Context, id string) (*directconnect.Sight, error) {
	router := ""
	err := s.Store.View(ctx, func(tx *store.Tx) error {
		switch {
		case directconnect.IsConnectionID(id):
			c, err := tx.Connection(id)
			router = c.Router
			return missing(err, "There is no connection %s.", id)
		case directconnect.IsLAGID(id):
			g, err := tx.LAG(id)
			router = g.Router
			return missing(err, "There is no LAG %s.", id)
		case directconnect.CheckInterfaceID(id) == nil:
			v, err := tx.Interface(id)
			router = v.Router
			return missing(err, "There is no virtual interface %s.", id)
		case directconnect.CheckUUID("gateway", id) != nil:
			return refuse(Invalid, "%q is not the ID of a connection, LAG, virtual interface or Direct Connect gateway.", id)
		}
		return nil
	})
	if err != nil || router == "" || s.Doctor == nil {
		return nil, err
	}
	sight := s.Doctor.Look(ctx, router)
	return &sight, ctx.Err()
}

// examination gathers what is known, in one transaction.
type examination struct {
	s     *Service
	tx    *store.Tx
	sight *directconnect.Sight
	now   time.Time
}

func (e examination) connection(id string) (d directconnect.Diagnosis, err error) {
	c, err := e.tx.Connection(id)
	if err != nil {
		return d, missing(err, "There is no connection %s.", id)
	}
	if c.Kind != directconnect.Hosted {
		f, err := e.link(c)
		return f.Diagnose(), err
	}
	f := directconnect.HostedFacts{Connection: c, Now: e.now}
	if f.Parent, err = e.beneath(c.ParentID); err != nil {
		return d, err
	}
	f.Work, err = e.tx.WorkInProgress(c.ID)
	return f.Diagnose(), err
}

// beneath are the checks of what hosted connections and interfaces run over.
func (e examination) beneath(parent string) ([]directconnect.Check, error) {
	var d directconnect.Diagnosis
	var err error
	if directconnect.IsLAGID(parent) {
		d, err = e.lag(parent)
	} else {
		d, err = e.connection(parent)
	}
	if _, gone := errors.AsType[*Refusal](err); gone {
		return nil, nil
	}
	return d.Checks, err
}

// link is what is known of a port and what is plugged into it.
func (e examination) link(c directconnect.Connection) (f directconnect.LinkFacts, err error) {
	f = directconnect.LinkFacts{Connection: c, Sight: e.sight, Now: e.now}
	if c.PortID != "" {
		port, err := e.tx.Port(c.PortID)
		if err != nil {
			return f, err
		}
		f.Port = &port
	}
	if f.Router, f.Agent, err = e.router(c.Router); err != nil {
		return f, err
	}
	if c.LagID != "" {
		g, err := e.tx.LAG(c.LagID)
		if err != nil {
			return f, err
		}
		f.LAG = &g
	}
	f.Work, err = e.tx.WorkInProgress(c.ID)
	return f, err
}

func (e examination) router(name string) (*directconnect.Router, *directconnect.AgentFacts, error) {
	r, err := e.tx.Router(name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil || r.Fabric == directconnect.Simulated {
		return &r, nil, err
	}
	a, err := e.tx.Agent(name)
	row := &a
	if errors.Is(err, store.ErrNotFound) {
		row, err = nil, nil
	}
	if err != nil || e.s.Doctor == nil {
		return &r, nil, err
	}
	facts := e.s.Doctor.Agent(name, row)
	return &r, &facts, nil
}

func (e examination) lag(id string) (d directconnect.Diagnosis, err error) {
	g, err := e.tx.LAG(id)
	if err != nil {
		return d, missing(err, "There is no LAG %s.", id)
	}
	f := directconnect.LAGFacts{LAG: g, Sight: e.sight, Now: e.now}
	members, err := lagMembers(e.tx, id)
	if err != nil {
		return d, err
	}
	for _, c := range members {
		m, err := e.link(c)
		if err != nil {
			return d, err
		}
		f.Members = append(f.Members, m)
	}
	if f.Router, f.Agent, err = e.router(g.Router); err != nil {
		return d, err
	}
	f.Work, err = e.tx.WorkInProgress(id)
	return f.Diagnose(), err
}

func (e examination) virtualInterface(id string) (d directconnect.Diagnosis, err error) {
	v, err := e.tx.Interface(id)
	if err != nil {
		return d, missing(err, "There is no virtual interface %s.", id)
	}
	f := directconnect.InterfaceFacts{Interface: v, Now: e.now, Accepted: map[directconnect.Family]int{}}
	if f.Parent, err = e.beneath(v.ParentID); err != nil {
		return d, err
	}
	if v.TestID != "" {
		test, err := e.tx.FailoverTest(v.TestID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return d, err
		}
		if err == nil {
			f.Test = &test
		}
	}
	for _, family := range []directconnect.Family{directconnect.IPv4, directconnect.IPv6} {
		n, err := e.tx.CountRoutes(store.RouteQuery{InterfaceID: id, Direction: directconnect.RouteAccepted, Family: family})
		if err != nil {
			return d, err
		}
		f.Accepted[family] = n
	}
	if f.Advertised, err = e.tx.CountRoutes(store.RouteQuery{InterfaceID: id, Direction: directconnect.RouteAdvertised}); err != nil {
		return d, err
	}
	if v.GatewayID != "" {
		g, err := e.tx.Gateway(v.GatewayID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return d, err
		}
		if err == nil {
			f.Gateway = &g
		}
		if f.Associations, err = e.associations(v.GatewayID); err != nil {
			return d, err
		}
	}
	f.Work, err = e.tx.WorkInProgress(id)
	return f.Diagnose(), err
}

func (e examination) associations(gateway string) ([]directconnect.Association, error) {
	return e.tx.Associations(store.AssociationQuery{GatewayID: gateway, LiveOnly: true})
}

func (e examination) gateway(id string) (d directconnect.Diagnosis, err error) {
	g, err := e.tx.Gateway(strings.ToLower(id))
	if err != nil {
		return d, missing(err, "There is no Direct Connect gateway %s.", id)
	}
	f := directconnect.GatewayFacts{Gateway: g, Now: e.now}
	if f.Associations, err = e.associations(g.ID); err != nil {
		return d, err
	}
	f.Interfaces, err = e.tx.Interfaces(store.InterfaceQuery{GatewayID: g.ID, LiveOnly: true})
	return f.Diagnose(), err
}
