package controlplane

import (
	"maps"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// workSurvey gathers in one transaction what planned work may touch.
type workSurvey struct {
	tx          *store.Tx
	connections map[string]directconnect.Connection
	lags        map[string]directconnect.LAG
	interfaces  map[string]directconnect.VirtualInterface
}

func newWorkSurvey(tx *store.Tx) *workSurvey {
	return &workSurvey{
		tx: tx, connections: map[string]directconnect.Connection{}, lags: map[string]directconnect.LAG{},
		interfaces: map[string]directconnect.VirtualInterface{},
	}
}

// target adds what work on a target hits and answers the connections that it takes down, and what of the operator's own is
// worked on.
func (y *workSurvey) target(w directconnect.WorkTarget) (hit []string, own []directconnect.WorkHit, err error) {
	switch w.Kind {
	case directconnect.WorkOnLocation:
		return y.location(w.Name)
	case directconnect.WorkOnRouter:
		router, err := y.tx.Router(w.Name)
		if err != nil {
			return nil, nil, missing(err, "There is no router %s.", w.Name)
		}
		hit, err = y.all(store.ConnectionQuery{Router: w.Name, LiveOnly: true})
		return hit, []directconnect.WorkHit{{Region: router.Region, Kind: string(w.Kind), ID: w.Name}}, err
	case directconnect.WorkOnPort:
		port, err := y.tx.Port(w.Name)
		if err != nil {
			return nil, nil, missing(err, "There is no port %s: a port is named ROUTER/PORT.", w.Name)
		}
		if port.ConnectionID != "" {
			hit, err = y.connection(port.ConnectionID)
		}
		return hit, []directconnect.WorkHit{{Kind: string(w.Kind), ID: w.Name}}, err
	}
	hit, err = y.connection(w.Name)
	return hit, nil, err
}

// location hits all that is there; its routers are worked on.
func (y *workSurvey) location(code string) (hit []string, own []directconnect.WorkHit, err error) {
	l, err := y.tx.Location(code)
	if err != nil {
		return nil, nil, missing(err, "There is no location %s.", code)
	}
	own = []directconnect.WorkHit{{Region: l.Region, Kind: string(directconnect.WorkOnLocation), ID: code}}
	routers, err := y.tx.Routers(code)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range routers {
		own = append(own, directconnect.WorkHit{Region: r.Region, Kind: string(directconnect.WorkOnRouter), ID: r.Name})
	}
	hit, err = y.all(store.ConnectionQuery{Location: code, LiveOnly: true})
	return hit, own, err
}

// all adds connections, which are complete: the hosted ones over them are among them.
func (y *workSurvey) all(q store.ConnectionQuery) (ids []string, err error) {
	found, err := y.tx.Connections(q)
	for _, c := range found {
		y.connections[c.ID] = c
		ids = append(ids, c.ID)
	}
	return ids, err
}

// connection adds one, and what is hosted over it.
func (y *workSurvey) connection(id string) ([]string, error) {
	c, err := y.tx.Connection(id)
	if err == nil && !c.Live() {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, missing(err, "There is no connection %s that work could be planned on.", id)
	}
	y.connections[c.ID] = c
	if c.Kind != directconnect.Interconnect {
		return []string{id}, nil
	}
	_, err = y.all(store.ConnectionQuery{ParentID: id, LiveOnly: true})
	return []string{id}, err
}

// chunkOfParents is how many connections one statement asks for their interfaces.
const chunkOfParents = 500

// finish adds what hangs on the connections: their LAGs with all members, the hosted connections over these, interfaces, the
// other interfaces of the same gateways, and resiliency groups.
func (y *workSurvey) finish(present bool) (directconnect.WorkScene, error) {
	scene := directconnect.WorkScene{Present: present}
	if err := y.gatherLAGs(); err != nil {
		return scene, err
	}
	parents := slices.Concat(slices.Sorted(maps.Keys(y.connections)), slices.Sorted(maps.Keys(y.lags)))
	for chunk := range slices.Chunk(parents, chunkOfParents) {
		found, err := y.tx.InterfacesOn(chunk)
		if err != nil {
			return scene, err
		}
		y.add(found)
	}
	if err := y.gatherSiblings(); err != nil {
		return scene, err
	}
	var err error
	if scene.Groups, err = y.groups(); err != nil {
		return scene, err
	}
	scene.Connections, scene.LAGs, scene.Interfaces = sorted(y.connections), sorted(y.lags), sorted(y.interfaces)
	return scene, nil
}

func sorted[T any](all map[string]T) []T {
	out := make([]T, 0, len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[id])
	}
	return out
}

func (y *workSurvey) add(found []directconnect.VirtualInterface) {
	for _, v := range found {
		y.interfaces[v.ID] = v
	}
}

func (y *workSurvey) gatherLAGs() error {
	for _, c := range sorted(y.connections) {
		id := c.LagID
		if c.Kind == directconnect.Hosted && directconnect.IsLAGID(c.ParentID) {
			id = c.ParentID
		}
		if _, known := y.lags[id]; known || id == "" {
			continue
		}
		g, members, err := lagWithMembers(y.tx, id)
		if err != nil {
			return err
		}
		y.lags[id] = g
		for _, m := range members {
			y.connections[m.ID] = m
		}
		if g.AllowsHosted {
			if _, err := y.all(store.ConnectionQuery{ParentID: id, LiveOnly: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

// gatherSiblings adds the interfaces that lead where those that are known lead.
func (y *workSurvey) gatherSiblings() error {
	gateways, accounts := map[string]bool{}, map[string]bool{}
	for _, v := range y.interfaces {
		if v.GatewayID != "" {
			gateways[v.GatewayID] = true
		} else {
			accounts[v.Account] = true // of its own gateways and the public network there is no index
		}
	}
	for id := range gateways {
		found, err := y.tx.Interfaces(store.InterfaceQuery{GatewayID: id, LiveOnly: true})
		if err != nil {
			return err
		}
		y.add(found)
	}
	for id := range accounts {
		found, err := y.tx.Interfaces(store.InterfaceQuery{Account: id, LiveOnly: true})
		if err != nil {
			return err
		}
		y.add(slices.DeleteFunc(found, func(v directconnect.VirtualInterface) bool { return v.GatewayID != "" }))
	}
	return nil
}

// groups are the resiliency groups that have one of the connections.
func (y *workSurvey) groups() ([]directconnect.GroupLayout, error) {
	accounts := map[string]bool{}
	for _, c := range y.connections {
		accounts[c.Account] = true
	}
	var found []directconnect.GroupLayout
	for _, account := range slices.Sorted(maps.Keys(accounts)) {
		groups, err := y.tx.ResiliencyGroups(store.ResiliencyGroupQuery{Account: account, LiveOnly: true})
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			members, err := y.tx.Members(store.MemberQuery{GroupID: g.ID})
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(members, func(m directconnect.ResiliencyMember) bool { _, hit := y.connections[m.ConnectionID]; return hit }) {
				continue
			}
			l, err := layoutOf(y.tx, g, members, false)
			if err != nil {
				return nil, err
			}
			found = append(found, directconnect.GroupLayout{Group: g, Layout: l})
		}
	}
	return found, nil
}
