package controlplane

import (
	"cmp"
	"context"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// RouterPanel is a router as one stands before it: its ports in their places, and who holds them.
type RouterPanel struct {
	Router   directconnect.Router
	Location directconnect.Location
	Ports    []PanelPort // in the order of their positions
}

// PanelPort is a port and the connection that holds it.
type PanelPort struct {
	directconnect.Port
	Connection *directconnect.Connection // nil: it is free
}

// PortState is how a port is, to whoever stands before it.
type PortState string

const (
	PortFree     PortState = "free"
	PortReserved PortState = "reserved" // ordered, and no cable is plugged in
	PortDark     PortState = "dark"     // plugged in, and there was no light yet
	PortLit      PortState = "lit"
	PortDown     PortState = "down"    // there was light
	PortUnknown  PortState = "unknown" // the router does not answer
	PortLeaving  PortState = "leaving" // its connection is being deleted
)

// State is how the port is.
func (p PanelPort) State() PortState {
	if p.Connection == nil {
		return PortFree
	}
	switch p.Connection.State {
	case directconnect.ConnectionAvailable:
		return PortLit
	case directconnect.ConnectionDown:
		return PortDown
	case directconnect.ConnectionUnknown:
		return PortUnknown
	case directconnect.ConnectionDeleting:
		return PortLeaving
	}
	if p.Connection.CrossConnected.IsZero() {
		return PortReserved
	}
	return PortDark
}

// RouterPanel answers a router's panel, for the operator.
func (s *Service) RouterPanel(ctx context.Context, name string) (r RouterPanel, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		r = RouterPanel{}
		var err error
		if r.Router, err = tx.Router(name); err != nil {
			return missing(err, "There is no router %q.", name)
		}
		if r.Location, err = tx.Location(r.Router.Location); err != nil {
			return err
		}
		ports, err := tx.Ports(store.PortQuery{Router: name})
		if err != nil {
			return err
		}
		held, err := tx.Connections(store.ConnectionQuery{Router: name, LiveOnly: true})
		if err != nil {
			return err
		}
		byPort := make(map[string]*directconnect.Connection, len(held))
		for i := range held {
			if held[i].PortID != "" {
				byPort[held[i].PortID] = &held[i]
			}
		}
		for _, p := range ports {
			r.Ports = append(r.Ports, PanelPort{p, byPort[p.ID]})
		}
		slices.SortFunc(r.Ports, func(a, b PanelPort) int { return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID)) })
		return nil
	})
	return r, err
}
