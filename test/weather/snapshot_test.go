package weather

import (
	"cmp"
	"context"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// snapshot is all that was ever ordered and is still stored, at one moment.
type snapshot struct {
	connections map[string]directconnect.Connection
	lags        map[string]directconnect.LAG
	ports       map[string]directconnect.Port
	accounts    map[string]directconnect.Account
	traffic
	nextDue int64 // microseconds; 0: nothing is due, ever
}

// look reads a snapshot.
func look(ctx context.Context, s *store.Store) (snapshot, error) {
	var snap snapshot
	err := s.View(ctx, func(tx *store.Tx) error {
		snap = snapshot{
			connections: map[string]directconnect.Connection{}, lags: map[string]directconnect.LAG{},
			ports: map[string]directconnect.Port{}, accounts: map[string]directconnect.Account{}, traffic: noTraffic(),
		}
		locations, err := tx.Locations("")
		if err != nil {
			return err
		}
		for _, l := range locations {
			if err := snap.location(tx, l.Code); err != nil {
				return err
			}
		}
		for _, account := range accounts {
			if err := snap.owned(tx, account); err != nil {
				return err
			}
		}
		configured, err := tx.Accounts("", 1000)
		for _, a := range configured {
			snap.accounts[a.ID] = a
		}
		if err != nil {
			return err
		}
		due, err := tx.NextDue()
		if !due.IsZero() {
			snap.nextDue = due.UnixMicro()
		}
		return err
	})
	return snap, err
}

func (snap *snapshot) location(tx *store.Tx, code string) error {
	cs, err := tx.Connections(store.ConnectionQuery{Location: code})
	if err != nil {
		return err
	}
	for _, c := range cs {
		snap.connections[c.ID] = c
	}
	gs, err := tx.LAGs(store.LAGQuery{Location: code})
	if err != nil {
		return err
	}
	for _, g := range gs {
		snap.lags[g.ID] = g
	}
	ports, err := tx.Ports(store.PortQuery{Location: code})
	for _, p := range ports {
		snap.ports[p.ID] = p
	}
	if err != nil {
		return err
	}
	return snap.carried(tx, code)
}

// members are a LAG's, as everything but the database knows them: live and not on their way out.
func (snap *snapshot) members(lag string) []directconnect.Connection {
	var members []directconnect.Connection
	for _, c := range snap.connections {
		if c.LagID == lag && c.Working() {
			members = append(members, c)
		}
	}
	slices.SortFunc(members, func(a, b directconnect.Connection) int { return cmp.Compare(a.ID, b.ID) })
	return members
}

// hosted are the live hosted connections of a parent.
func (snap *snapshot) hosted(parent string) []directconnect.Connection {
	var found []directconnect.Connection
	for _, c := range snap.connections {
		if c.ParentID == parent && c.Live() {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b directconnect.Connection) int { return cmp.Compare(a.ID, b.ID) })
	return found
}

// capacity is what a parent carries, in Mbps; none when it has gone.
func (snap *snapshot) capacity(parent string) int64 {
	if c, ok := snap.connections[parent]; ok && c.Live() {
		return c.Bandwidth.Mbps()
	}
	if g, ok := snap.lags[parent]; ok && g.Live() {
		return g.Bandwidth.Mbps() * int64(len(snap.members(parent)))
	}
	return 0
}

// sold is what the hosted connections of a parent add up to, in Mbps.
func (snap *snapshot) sold(parent string) int64 {
	var sum int64
	for _, c := range snap.hosted(parent) {
		sum += c.Bandwidth.Mbps()
	}
	return sum
}
