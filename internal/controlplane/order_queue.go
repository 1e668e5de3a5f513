package controlplane

import (
	"context"
	"time"

	"onramp/internal/directconnect"
)

// WaitingOrder is what waits for the operator to approve or refuse it: a connection, or a public interface.
type WaitingOrder struct {
	Connection directconnect.Connection       // requested
	Interface  directconnect.VirtualInterface // to be verified, if Connection has no ID
}

// ID is the connection's or the interface's.
func (o WaitingOrder) ID() string {
	if o.Connection.ID != "" {
		return o.Connection.ID
	}
	return o.Interface.ID
}

// Since is when it was ordered.
func (o WaitingOrder) Since() time.Time {
	if o.Connection.ID != "" {
		return o.Connection.Created
	}
	return o.Interface.Since
}

// OrderFilter chooses from what waits. What is empty does not restrict.
type OrderFilter struct {
	Account, Region, Location string

	After string // the ID of the last one of the page before
	Limit int    // at most; required
}

// WaitingOrders lists what waits: ports first, by location, then public interfaces.
func (s *Service) WaitingOrders(ctx context.Context, f OrderFilter) (waiting []WaitingOrder, err error) {
	if f.After == "" || directconnect.IsConnectionID(f.After) {
		ports, err := s.AllConnections(ctx, ConnectionFilter{
			Account: f.Account, Region: f.Region, Location: f.Location, State: directconnect.ConnectionRequested, After: f.After, Limit: f.Limit,
		})
		if err != nil {
			return nil, err
		}
		for _, c := range ports {
			waiting = append(waiting, WaitingOrder{Connection: c})
		}
		f.After = ""
	}
	for len(waiting) < f.Limit {
		const page = 1000
		interfaces, err := s.AllInterfaces(ctx, InterfaceFilter{Account: f.Account, Region: f.Region, Location: f.Location, After: f.After, Limit: page})
		if err != nil {
			return nil, err
		}
		for _, v := range interfaces {
			if v.AwaitsVerification() && len(waiting) < f.Limit {
				waiting = append(waiting, WaitingOrder{Interface: v})
			}
		}
		if len(interfaces) < page {
			break
		}
		f.After = interfaces[len(interfaces)-1].ID
	}
	return waiting, nil
}
