package reconcile

import (
	"context"
	"fmt"
	"strings"

	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
	"onramp/internal/store"
)

// StoreWorld is the world of a simulated fabric whose cables are kept with the connections: plugged since CrossConnected,
// broken while Cut. So every server on a database sees the same cables, and a restart does not pull them out.
func StoreWorld(s *store.Store) sim.World { return world{s} }

type world struct{ store *store.Store }

// Cables answers the cables of the router's live connections.
func (w world) Cables(ctx context.Context, router string) (map[string]sim.Cable, error) {
	var cables map[string]sim.Cable
	err := w.store.View(ctx, func(tx *store.Tx) error {
		cables = map[string]sim.Cable{}
		connections, err := tx.Connections(store.ConnectionQuery{Router: router, Kinds: physical, LiveOnly: true})
		for _, c := range connections {
			if name, ok := portName(c); ok && !c.CrossConnected.IsZero() {
				cables[name] = sim.Cable{Plugged: true, Broken: c.Cut}
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("cables of router %s: %w", router, err)
	}
	return cables, nil
}

// portName is the name of the connection's port on its router: see directconnect.PortID.
func portName(c directconnect.Connection) (string, bool) {
	return strings.CutPrefix(c.PortID, directconnect.PortID(c.Router, ""))
}
