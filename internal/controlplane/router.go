package controlplane

import (
	"context"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// PortCount is how many ports there are, and how many of them can be ordered. Held and Blocked may both count a port.
type PortCount struct {
	Ports, Held, Blocked, Free int
}

func (n *PortCount) add(p directconnect.Port) {
	n.Ports++
	if p.ConnectionID != "" {
		n.Held++
	}
	if p.Blocked != nil {
		n.Blocked++
	}
	if p.ConnectionID == "" && p.Blocked == nil {
		n.Free++
	}
}

// RouterReport is a router of the inventory, and its ports by bandwidth.
type RouterReport struct {
	Router directconnect.Router
	Ports  map[directconnect.Bandwidth]PortCount
}

// AllRouters lists the routers of the inventory, at a location unless it is empty, by name.
func (s *Service) AllRouters(ctx context.Context, location string) (reports []RouterReport, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		routers, err := tx.Routers(location)
		if err != nil {
			return err
		}
		counts, err := countPorts(tx, location, func(p directconnect.Port) string { return p.Router })
		reports = make([]RouterReport, len(routers))
		for i, r := range routers {
			reports[i] = RouterReport{r, counts[r.Name]}
		}
		return err
	})
	return reports, err
}

// countPorts counts the ports at a location, or all, by what key answers and bandwidth.
func countPorts(tx *store.Tx, location string, key func(directconnect.Port) string) (map[string]map[directconnect.Bandwidth]PortCount, error) {
	ports, err := tx.Ports(store.PortQuery{Location: location})
	counts := map[string]map[directconnect.Bandwidth]PortCount{}
	for _, p := range ports {
		of := counts[key(p)]
		if of == nil {
			of = map[directconnect.Bandwidth]PortCount{}
			counts[key(p)] = of
		}
		n := of[p.Bandwidth]
		n.add(p)
		of[p.Bandwidth] = n
	}
	return counts, err
}

// DrainRouter keeps new orders from a router; what is on it stays.
func (s *Service) DrainRouter(ctx context.Context, name, reason string) (directconnect.Router, error) {
	hold, err := directconnect.NewHold(reason, s.Now())
	if err != nil {
		return directconnect.Router{}, invalid(err)
	}
	return s.holdRouter(ctx, name, hold, "drained")
}

// UndrainRouter lets orders be placed on it again.
func (s *Service) UndrainRouter(ctx context.Context, name string) (directconnect.Router, error) {
	return s.holdRouter(ctx, name, nil, "taking orders")
}

func (s *Service) holdRouter(ctx context.Context, name string, hold *directconnect.Hold, already string) (r directconnect.Router, err error) {
	err = s.update(ctx, func(tx *store.Tx) (err error) {
		if r, err = tx.Router(name); err != nil {
			return missing(err, "There is no router %q in the inventory.", name)
		}
		if (r.Drained == nil) == (hold == nil) {
			return refuse(Conflict, "Router %s is %s already.", name, already)
		}
		r.Drained = hold
		return tx.PutRouter(&r)
	})
	return r, err
}
