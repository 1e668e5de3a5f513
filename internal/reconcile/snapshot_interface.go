package reconcile

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

// surveyor reads a router's traffic in one transaction. What belongs to a gateway is read once.
type surveyor struct {
	tx     *store.Tx
	router directconnect.Router
	real   bool // the router is; otherwise its customers are simulated, too, and may flap
	traffic
	parents map[string]*directconnect.Connection // by ID: the router's connections
	far     map[string]directconnect.FarGateway  // by ID: those of the interfaces' that are in the registry
	sealed  map[string]sealedKey                 // by peer ID
	around  map[string]directconnect.Surroundings
	joined  map[string][]directconnect.Association // by gateway ID
	heard   map[string][]directconnect.Route       // by gateway ID: accepted on its SiteLink interfaces
	public  []directconnect.PublicRange
	hasList bool // public has been read
}

// sealedKey is a session's key as it is stored, with its interface, whose ID is part of its context.
type sealedKey struct{ key, interfaceID string }

// survey reads what the sessions of the interfaces on a router rest on. What it costs follows their gateways' associations
// and, with SiteLink, the routes of the other interfaces of their gateways.
func survey(tx *store.Tx, rows *store.RouterRows, router directconnect.Router, real bool) (*surveyor, error) {
	y := &surveyor{
		tx: tx, router: router, real: real, parents: make(map[string]*directconnect.Connection, len(rows.Connections)),
		traffic: traffic{
			interfaces: rows.Interfaces,
			hosted:     map[string]directconnect.Connection{}, tests: map[string]directconnect.FailoverTest{},
			flaps: map[string]directconnect.Flap{}, networks: map[string][]netip.Prefix{}, peers: map[string][]netip.Addr{},
		},
		sealed: map[string]sealedKey{}, around: make(map[string]directconnect.Surroundings, len(rows.Interfaces)),
		joined: map[string][]directconnect.Association{}, heard: map[string][]directconnect.Route{},
	}
	if len(y.interfaces) == 0 {
		return y, nil
	}
	for i := range rows.Connections {
		y.parents[rows.Connections[i].ID] = &rows.Connections[i]
	}
	var err error
	if y.far, err = tx.FarGatewaysAmong(farGateways(y.interfaces)); err != nil {
		return nil, err
	}
	for _, v := range y.interfaces {
		if err := y.look(v); err != nil {
			return nil, fmt.Errorf("interface %s: %w", v.ID, err)
		}
	}
	if real {
		return y, y.lookAround()
	}
	return y, y.readFlaps()
}

// farGateways are the virtual private gateways that interfaces lead to, each once.
func farGateways(interfaces []directconnect.VirtualInterface) []string {
	var ids []string
	for i := range interfaces {
		if id := interfaces[i].VirtualGatewayID; id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (y *surveyor) look(v directconnect.VirtualInterface) error {
	if v.TestID != "" {
		test, err := y.tx.FailoverTest(v.TestID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err == nil {
			y.tests[v.ID] = test
		}
	}
	if !v.OnRouter() {
		return nil
	}
	for _, p := range v.SessionsOnRouter() {
		y.sealed[p.ID] = sealedKey{p.Key, v.ID}
	}
	if err := y.lookParent(v.ParentID); err != nil {
		return err
	}
	s, err := y.surroundings(v)
	y.around[v.ID] = s
	return err
}

// lookParent keeps a parent that is a hosted connection: it is on no router itself, though mostly among its parent's rows.
func (y *surveyor) lookParent(id string) error {
	if _, known := y.hosted[id]; known || directconnect.IsLAGID(id) {
		return nil
	}
	if c := y.parents[id]; c != nil {
		if c.Kind == directconnect.Hosted {
			y.hosted[id] = *c
		}
		return nil
	}
	c, err := y.tx.Connection(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil && c.Kind == directconnect.Hosted {
		y.hosted[id] = c
	}
	return err
}

func (y *surveyor) surroundings(v directconnect.VirtualInterface) (s directconnect.Surroundings, err error) {
	switch {
	case v.Type == directconnect.Public:
		s.Public, err = y.publicRanges()
	case v.GatewayID != "":
		if s.Associations, err = y.associations(v.GatewayID); err == nil && v.SiteLink {
			s.SiteLink, err = y.siteLink(v.GatewayID)
		}
	case v.VirtualGatewayID != "":
		far, registered := y.far[v.VirtualGatewayID]
		if !registered {
			far, _ = directconnect.OpenFarGateway(v.VirtualGatewayID, v.Account, v.Region)
		}
		s.Far = far
	}
	return s, err
}

func (y *surveyor) associations(gateway string) (all []directconnect.Association, err error) {
	all, known := y.joined[gateway]
	if !known {
		all, err = y.tx.Associations(store.AssociationQuery{GatewayID: gateway, LiveOnly: true})
		y.joined[gateway] = all
	}
	return all, err
}

// siteLink reads what is accepted on a gateway's SiteLink interfaces, wherever they are.
func (y *surveyor) siteLink(gateway string) ([]directconnect.Route, error) {
	if heard, known := y.heard[gateway]; known {
		return heard, nil
	}
	attached, err := y.tx.Interfaces(store.InterfaceQuery{GatewayID: gateway, LiveOnly: true})
	if err != nil {
		return nil, err
	}
	var heard []directconnect.Route
	for _, v := range attached {
		if !v.SiteLink || v.Accepted == 0 {
			continue
		}
		routes, err := y.tx.Routes(store.RouteQuery{InterfaceID: v.ID, Direction: directconnect.RouteAccepted})
		if err != nil {
			return nil, err
		}
		heard = append(heard, routes...)
	}
	y.heard[gateway] = heard
	return heard, nil
}

// publicRanges are the installation's, or the default ones.
func (y *surveyor) publicRanges() ([]directconnect.PublicRange, error) {
	if y.hasList {
		return y.public, nil
	}
	y.hasList, y.public = true, directconnect.DefaultPublicRanges
	text, err := y.tx.Setting(directconnect.PublicRangesSetting)
	if errors.Is(err, store.ErrNotFound) || text == "" {
		return y.public, nil
	}
	if err == nil {
		y.public, err = directconnect.ParsePublicRanges(text)
	}
	return y.public, err
}

func (y *surveyor) readFlaps() error {
	scripts, err := customerScripts(y.tx)
	for id, s := range scripts {
		if s.Flap != nil {
			y.flaps[id] = *s.Flap
		}
	}
	return err
}

// finish computes and unseals, outside the transaction.
func (y *surveyor) finish(open func(sealed, context string) ([]byte, error), trouble func(peer string, err error)) traffic {
	t := y.traffic
	t.announced = make(map[string][]directconnect.Announcement, len(y.around))
	for _, v := range t.interfaces {
		if s, there := y.around[v.ID]; there {
			t.announced[v.ID] = v.Announcements(s)
		}
	}
	t.keys = make(map[string]fabric.Secret, len(y.sealed))
	for peer, k := range y.sealed {
		key, err := open(k.key, "bgp/"+k.interfaceID)
		if err != nil {
			trouble(peer, err)
			continue
		}
		t.keys[peer] = fabric.Secret(key)
	}
	return t
}
