package weather

import (
	"encoding/json"
	"fmt"

	"onramp/internal/directconnect"
	"onramp/internal/event"
	"onramp/internal/store"
)

// untoldChanges are the connections, LAGs and interfaces that are in another state than the one that was told last: a change
// of state and its event are one transaction, whoever makes it and whatever happened since.
func untoldChanges(tx *store.Tx) (untold []string, err error) {
	told, err := toldStates(tx)
	if err != nil {
		return nil, err
	}
	hold := func(id, state string) {
		if told[id] != state {
			untold = append(untold, fmt.Sprintf("%s is %s, and was told to be %q", id, state, told[id]))
		}
	}
	locations, err := tx.Locations("")
	if err != nil {
		return nil, err
	}
	for _, l := range locations {
		connections, err := tx.Connections(store.ConnectionQuery{Location: l.Code})
		if err != nil {
			return nil, err
		}
		members := map[string][]directconnect.Connection{}
		for _, c := range connections {
			hold(c.ID, string(c.State))
			if c.LagID != "" && c.Live() {
				members[c.LagID] = append(members[c.LagID], c)
			}
		}
		lags, err := tx.LAGs(store.LAGQuery{Location: l.Code})
		if err != nil {
			return nil, err
		}
		for _, g := range lags {
			hold(g.ID, string(g.State(members[g.ID])))
		}
	}
	err = tx.EachInterface(func(v *store.MeteredInterface) {
		hold(v.ID, string(v.State))
		for _, p := range v.Peers {
			hold(p.ID, string(p.State))
		}
	})
	return untold, err
}

// toldStates are the states that events have told last, by the identifier of connection, LAG, interface or peer.
func toldStates(tx *store.Tx) (map[string]string, error) {
	all, err := tx.Events(store.EventQuery{})
	if err != nil {
		return nil, err
	}
	told := map[string]string{}
	for _, e := range all {
		var body struct {
			Detail struct {
				From string `json:"previousState"`
				To   string `json:"state"`
				Peer string `json:"bgpPeerId"`
			} `json:"detail"`
		}
		if err := json.Unmarshal([]byte(e.Body), &body); err != nil {
			return nil, err
		}
		id := e.Resource
		switch e.Kind {
		case event.Connection, event.LAG, event.Interface:
		case event.BGPPeer:
			id = body.Detail.Peer
		default:
			continue
		}
		if told[id] != body.Detail.From {
			return nil, fmt.Errorf("%s was told to be %q and then to have been %q: %s", id, told[id], body.Detail.From, e.Body)
		}
		told[id] = body.Detail.To
	}
	return told, nil
}

// toldOfAll: of all that there is the latest state was told.
func (m *machine) toldOfAll() {
	m.rt.Helper()
	var untold []string
	err := m.store.View(m.ctx, func(tx *store.Tx) (err error) {
		untold, err = untoldChanges(tx)
		return err
	})
	if err != nil || len(untold) > 0 {
		m.fatalf("events do not tell what has happened: %v, %v", untold, err)
	}
}
