package controlplane

import (
	"context"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// ReenableSession tries a BGP session again, or all of the interface (empty), that is kept shut because more prefixes were
// announced than allowed, before its time is over.
func (s *Service) ReenableSession(ctx context.Context, id, peer string) (v directconnect.VirtualInterface, err error) {
	if err := directconnect.CheckInterfaceID(id); err != nil {
		return v, refuse(Invalid, "%q is not a virtual interface ID.", id)
	}
	err = s.update(ctx, func(tx *store.Tx) error {
		found, err := tx.Interface(id)
		if err != nil {
			return missing(err, "There is no virtual interface %s.", id)
		}
		about(ctx, ofVIF(found))
		if peer != "" {
			if err := ofInterface(found, peer); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(found.Peers, func(p directconnect.BGPPeer) bool {
			return !p.Held.IsZero() && (peer == "" || p.ID == peer)
		}) {
			return refuse(Conflict, "Virtual interface %s has no such session that is kept shut because of its prefix limit.", id)
		}
		if v, err = found.Reenable(peer, s.Now()); err != nil {
			return conflicting(err)
		}
		return tx.PutInterface(&v)
	})
	return v, err
}

// InterfaceRoutes lists the routes that cross any account's interface, of one direction if it is given: by direction, then by
// prefix, behind after if that is not zero; at most limit. It answers the interface as well.
func (s *Service) InterfaceRoutes(ctx context.Context, id string, direction directconnect.RouteDirection, after directconnect.Route, limit int) (v directconnect.VirtualInterface, routes []directconnect.Route, err error) {
	if err := directconnect.CheckInterfaceID(id); err != nil {
		return v, nil, refuse(Invalid, "%q is not a virtual interface ID.", id)
	}
	switch direction {
	case "", directconnect.RouteAccepted, directconnect.RouteAdvertised:
	default:
		return v, nil, refuse(Invalid, "%q is not a direction of routes: that is accepted or advertised.", direction)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if v, err = tx.Interface(id); err != nil {
			return missing(err, "There is no virtual interface %s.", id)
		}
		routes, err = tx.Routes(store.RouteQuery{InterfaceID: id, Direction: direction, After: store.CursorOf(after), Limit: limit})
		return err
	})
	return v, routes, err
}
