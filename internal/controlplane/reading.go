package controlplane

import (
	"context"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// ReadRouter reads a router's light, counters and sessions now, for the operator. What goes wrong on the way there is in the
// Reading.
func (s *Service) ReadRouter(ctx context.Context, name string) (r directconnect.Reading, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		_, err := tx.Router(name)
		return missing(err, "There is no router %q.", name)
	})
	switch {
	case err != nil:
		return r, err
	case s.Doctor == nil:
		return directconnect.Reading{At: s.Now(), Trouble: "this server cannot look at routers"}, nil
	}
	r = s.Doctor.Read(ctx, name)
	return r, ctx.Err()
}

// InUseOn answers the ports of a router that connections hold, by ID, and the interfaces that it should have, the oldest first.
func (s *Service) InUseOn(ctx context.Context, router string) (ports []directconnect.Port, interfaces []directconnect.VirtualInterface, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if ports, err = tx.Ports(store.PortQuery{Router: router, HeldOnly: true}); err != nil {
			return err
		}
		all, err := tx.Interfaces(store.InterfaceQuery{Router: router, LiveOnly: true})
		interfaces = nil
		for _, v := range all {
			if v.OnRouter() {
				interfaces = append(interfaces, v)
			}
		}
		return err
	})
	return ports, interfaces, err
}
