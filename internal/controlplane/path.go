package controlplane

import (
	"context"
	"net/netip"

	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/store"
)

// Way is one of the ways that traffic towards a customer has, and the interface that it leads over.
type Way struct {
	directconnect.Path
	Interface directconnect.VirtualInterface
}

// GatewayPaths tells which interfaces traffic takes from a gateway towards an address or prefix of the customer's, the best
// first: out of a Direct Connect gateway, or out of a virtual private gateway or transit gateway, directly and through the
// Direct Connect gateways that it is associated with.
func (s *Service) GatewayPaths(ctx context.Context, gateway, to string) (ways []Way, err error) {
	destination, err := directconnect.ParseDestination(to)
	if err != nil {
		return nil, invalid(err)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		on, err := behindGateway(tx, gateway)
		if err != nil {
			return err
		}
		routes, err := routesTo(tx, on, destination)
		ways = waysOver(byID(on), directconnect.Paths(destination, routes))
		return err
	})
	return ways, err
}

// PublicPaths tells which public interfaces traffic takes from the provider's network in a Region towards an address or
// prefix that customers announce. Those whose communities keep it from that Region come last.
func (s *Service) PublicPaths(ctx context.Context, region, to string) (ways []Way, err error) {
	destination, err := directconnect.ParseDestination(to)
	if err != nil {
		return nil, invalid(err)
	}
	if !inventory.IsRegion(region) {
		return nil, refuse(Invalid, "%q is not the name of a Region.", region)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		on, err := interfacesWhere(tx, isPublic)
		if err != nil {
			return err
		}
		routes, err := routesTo(tx, on, destination)
		public := byID(on)
		ways = waysOver(public, directconnect.PublicPaths(destination, region, routes, func(id string) string { return public[id].Region }))
		return err
	})
	return ways, err
}

// behindGateway are the live interfaces that traffic from a gateway may leave over.
func behindGateway(tx *store.Tx, gateway string) ([]directconnect.VirtualInterface, error) {
	if _, far := directconnect.FarKindOf(gateway); !far {
		if _, err := tx.Gateway(gateway); err != nil {
			return nil, missing(err, "There is no gateway %q.", gateway)
		}
		return tx.Interfaces(store.InterfaceQuery{GatewayID: gateway, LiveOnly: true})
	}
	joined, err := tx.Associations(store.AssociationQuery{FarID: gateway, LiveOnly: true})
	if err != nil {
		return nil, err
	}
	on, err := interfacesWhere(tx, func(v directconnect.VirtualInterface) bool { return v.VirtualGatewayID == gateway })
	if err == nil && len(joined)+len(on) == 0 { // otherwise it is there, if only because somebody in open mode named it
		_, err = registered(tx, gateway)
	}
	for _, a := range joined {
		if err != nil || !a.Carries() {
			continue
		}
		var attached []directconnect.VirtualInterface
		attached, err = tx.Interfaces(store.InterfaceQuery{GatewayID: a.GatewayID, LiveOnly: true})
		on = append(on, attached...)
	}
	return on, err
}

// interfacesWhere are the live interfaces of every account that a condition holds for, router by router.
func interfacesWhere(tx *store.Tx, holds func(directconnect.VirtualInterface) bool) (found []directconnect.VirtualInterface, err error) {
	routers, err := routersOf(tx, InterfaceFilter{})
	if err != nil {
		return nil, err
	}
	for _, r := range routers {
		on, err := tx.Interfaces(store.InterfaceQuery{Router: r.Name, LiveOnly: true})
		if err != nil {
			return nil, err
		}
		for _, v := range on {
			if holds(v) {
				found = append(found, v)
			}
		}
	}
	return found, nil
}

// routesTo are the routes accepted on interfaces that lead to a destination.
func routesTo(tx *store.Tx, on []directconnect.VirtualInterface, to netip.Prefix) (routes []directconnect.Route, err error) {
	covering := directconnect.Covering(to)
	for _, v := range on {
		accepted, err := tx.Routes(store.RouteQuery{InterfaceID: v.ID, Direction: directconnect.RouteAccepted, CIDRs: covering})
		if err != nil {
			return nil, err
		}
		routes = append(routes, accepted...)
	}
	return routes, nil
}

func byID(on []directconnect.VirtualInterface) map[string]directconnect.VirtualInterface {
	found := make(map[string]directconnect.VirtualInterface, len(on))
	for _, v := range on {
		found[v.ID] = v
	}
	return found
}

func waysOver(on map[string]directconnect.VirtualInterface, paths []directconnect.Path) []Way {
	ways := make([]Way, len(paths))
	for i, p := range paths {
		ways[i] = Way{Path: p, Interface: on[p.InterfaceID]}
	}
	return ways
}
