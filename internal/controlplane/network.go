package controlplane

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onramp/internal/api"
	"onramp/internal/awsjson"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Network is what an account has in all Regions, as far as whoever asks may see it, or what all accounts have: how things
// stand and what runs over what, without all else that is known of them (NetworkDetails).
type Network struct {
	Locations    []directconnect.Location // those of the carriers
	Carriers     []NetworkCarrier
	Riders       []NetworkRider
	Gateways     []directconnect.Gateway
	Associations []directconnect.Association
	// Points are single points of failure of resiliency groups, by the location's code, the router's name, or the ID of the
	// connection, LAG or interface: of what they are one. Those of single prefixes are not among them.
	Points map[string]string
	// Withheld are the operations that whoever asks may not call: what they would answer is left out.
	Withheld []string
}

// NetworkCarrier is a connection, or a LAG with its members.
type NetworkCarrier struct {
	ID       string
	Kind     directconnect.ConnectionKind // empty: a LAG, or what is not the account's
	LAG      bool
	Foreign  bool   // another account's connection or LAG, or one that is withheld: only what an interface on it tells is known
	State    string // empty of what is foreign
	Region   string
	Location string
	Router   string // empty: not told yet, as by the API
	Account  string // its owner
	Partner  string // hosted: the account that allocated it
	Members  []NetworkMember
}

// NetworkMember is a connection of a LAG.
type NetworkMember struct {
	ID    string
	State directconnect.ConnectionState
}

// NetworkRider runs over a carrier: an interface, or a hosted connection that the account has allocated to another one.
type NetworkRider struct {
	ID      string
	Sold    bool // a hosted connection
	State   string
	Carrier string
	Account string // its owner
	LeadsTo string // as VirtualInterface.LeadsTo, if that is the account's
	Type    directconnect.InterfaceType
}

// Network answers what the caller's account has. Permission is asked as for the operations that would answer the same: what
// those would deny is withheld, and said to be.
func (s *Service) Network(ctx context.Context, caller Caller) (n Network, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		d := draughtsman{s: s, tx: tx, caller: caller, asked: map[question]bool{}}
		n = Network{}
		if err := d.draw(&n); err != nil {
			return err
		}
		if err := d.points(&n); err != nil {
			return err
		}
		return d.unasked(&n)
	})
	return n, err
}

// AllNetworks answers what all accounts have, for the operator: interfaces and hosted connections once, each on what carries
// it.
func (s *Service) AllNetworks(ctx context.Context) (n Network, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		d := draughtsman{s: s, tx: tx, all: true}
		n = Network{}
		return d.draw(&n)
	})
	return n, err
}

// NetworkReads are the operations that Network stands for: whoever shows it to a customer has them recorded as read.
var NetworkReads = []string{
	"DescribeConnections", "DescribeDirectConnectGatewayAssociations", "DescribeDirectConnectGateways", "DescribeHostedConnections",
	"DescribeInterconnects", "DescribeLags", "DescribeVirtualInterfaces",
}

// draughtsman gathers a network.
type draughtsman struct {
	s      *Service
	tx     *store.Tx
	caller Caller
	all    bool // of every account, for the operator
	asked  map[question]bool
	denied []string
}

// question is what permission is asked for; of names a resource, and is empty of what is about all.
type question struct{ region, operation, of string }

func (d *draughtsman) draw(n *Network) error {
	for _, step := range []func(*Network) error{d.carriers, d.sold, d.interfaces, d.gateways, d.locations} {
		if err := step(n); err != nil {
			return err
		}
	}
	return nil
}

// account is whose rows are read; empty: everybody's.
func (d *draughtsman) account() string {
	if d.all {
		return ""
	}
	return d.caller.Account
}

// may reports whether the caller may call an operation in a Region, and remembers what it may not.
func (d *draughtsman) may(region, operation, of string, in any) (bool, error) {
	if d.all || d.caller.Identity.root() {
		return true, nil
	}
	key := question{region, operation, of}
	if allowed, known := d.asked[key]; known {
		return allowed, nil
	}
	at := d.caller
	if region != "" {
		at.Region = region
	}
	p, err := d.s.permissionsOf(d.tx, at.Identity)
	if err != nil {
		return false, err
	}
	err = d.s.permit(d.tx, at, p, requirementOf[operation](in), actionPrefix+operation, at.conditions(time.Now()))
	if wire, ok := errors.AsType[*awsjson.Error](err); ok && wire.Type == "AccessDeniedException" {
		d.denied, err = withName(d.denied, operation), nil
		d.asked[key] = false
		return false, nil
	}
	d.asked[key] = err == nil
	return err == nil, err
}

// carriers are the account's connections and LAGs, LAGs with their members.
func (d *draughtsman) carriers(n *Network) error {
	standings, err := d.tx.ConnectionStandings(d.account())
	if err != nil {
		return err
	}
	members, err := d.lags(n, standings)
	if err != nil {
		return err
	}
	n.Carriers = slices.Grow(n.Carriers, len(standings))
	for _, c := range standings {
		if c.LagID != "" && members[c.LagID] {
			continue
		}
		operation, in := "DescribeConnections", any(describeConnections)
		if c.Kind == directconnect.Interconnect {
			operation, in = "DescribeInterconnects", describeInterconnects
		}
		shown, err := d.may(c.Region, operation, "", in)
		if err != nil {
			return err
		}
		if !shown {
			continue
		}
		n.Carriers = append(n.Carriers, NetworkCarrier{
			ID: c.ID, Kind: c.Kind, State: string(c.State), Region: c.Region, Location: c.Location, Router: d.told(c),
			Account: c.Account, Partner: c.Partner,
		})
	}
	return nil
}

// What asks for all there is, for the question whether it may be asked.
var (
	describeConnections   = &api.DescribeConnectionsRequest{}
	describeInterconnects = &api.DescribeInterconnectsRequest{}
	describeInterfaces    = &api.DescribeVirtualInterfacesRequest{}
)

// told is a connection's router as far as its owner knows it: orders that have not been approved do not tell.
func (d *draughtsman) told(c store.ConnectionStanding) string {
	if !d.all && !(directconnect.Connection{State: c.State}).OnItsFeet() {
		return ""
	}
	return c.Router
}

// lags adds the LAGs, and answers which there are. Their states are derived from the states of their members: one that was
// ever lit is in no state that a connection has before.
func (d *draughtsman) lags(n *Network, standings []store.ConnectionStanding) (map[string]bool, error) {
	var all []directconnect.LAG
	var err error
	if d.all {
		all, err = d.tx.AllLAGs()
	} else {
		all, err = d.tx.LAGs(store.LAGQuery{Account: d.caller.Account, LiveOnly: true})
	}
	if err != nil {
		return nil, err
	}
	members := map[string][]store.ConnectionStanding{}
	for _, c := range standings {
		if c.LagID != "" {
			members[c.LagID] = append(members[c.LagID], c)
		}
	}
	there := map[string]bool{}
	for _, g := range all {
		shown, err := d.may(g.Region, "DescribeLags", "", &api.DescribeLagsRequest{})
		if err != nil {
			return nil, err
		}
		if !shown {
			continue
		}
		there[g.ID] = true
		c := NetworkCarrier{ID: g.ID, LAG: true, Region: g.Region, Location: g.Location, Router: g.Router, Account: g.Account}
		states := make([]directconnect.Connection, 0, len(members[g.ID]))
		for _, m := range members[g.ID] {
			c.Members = append(c.Members, NetworkMember{m.ID, m.State})
			one := directconnect.Connection{State: m.State}
			if slices.Contains([]directconnect.ConnectionState{directconnect.ConnectionAvailable, directconnect.ConnectionDown, directconnect.ConnectionUnknown}, m.State) {
				one.FirstLight = g.Created
			}
			states = append(states, one)
		}
		c.State = string(g.State(states))
		n.Carriers = append(n.Carriers, c)
	}
	return there, nil
}

// sold adds the hosted connections that the account has allocated to others.
func (d *draughtsman) sold(n *Network) error {
	if d.all {
		return nil
	}
	all, err := d.tx.SoldStandings(d.caller.Account)
	if err != nil {
		return err
	}
	for _, c := range all {
		shown, err := d.may(c.Region, "DescribeHostedConnections", c.ParentID, &api.DescribeHostedConnectionsRequest{ConnectionID: &c.ParentID})
		if err != nil {
			return err
		}
		if shown {
			n.Riders = append(n.Riders, NetworkRider{ID: c.ID, Sold: true, State: string(c.State), Carrier: c.ParentID, Account: c.Account})
		}
	}
	return nil
}

// interfaces adds the account's interfaces and those on its connections, and what carries the former if it is another's.
func (d *draughtsman) interfaces(n *Network) error {
	all, err := d.tx.InterfaceStandings(d.account())
	if err != nil {
		return err
	}
	there := make(map[string]bool, len(n.Carriers))
	for _, c := range n.Carriers {
		there[c.ID] = true
	}
	n.Riders = slices.Grow(n.Riders, len(all))
	for _, v := range all {
		shown, err := d.may(v.Region, "DescribeVirtualInterfaces", "", describeInterfaces)
		if err != nil {
			return err
		}
		if !shown {
			continue
		}
		if !there[v.ParentID] {
			there[v.ParentID] = true
			n.Carriers = append(n.Carriers, NetworkCarrier{
				ID: v.ParentID, LAG: directconnect.IsLAGID(v.ParentID), Foreign: true, Region: v.Region, Location: v.Location, Router: v.Router,
				Account: v.ConnectionOwner,
			})
		}
		r := NetworkRider{ID: v.ID, State: string(v.State), Carrier: v.ParentID, Account: v.Account, LeadsTo: v.LeadsTo, Type: v.Type}
		if !d.all && v.Account != d.caller.Account {
			r.LeadsTo = ""
		}
		n.Riders = append(n.Riders, r)
	}
	return nil
}

// gateways adds the gateways and what they are associated with.
func (d *draughtsman) gateways(n *Network) error {
	shown, err := d.may("", "DescribeDirectConnectGateways", "", &api.DescribeDirectConnectGatewaysRequest{})
	if err != nil {
		return err
	}
	if !shown { // nor what they are associated with
		d.denied = withName(d.denied, "DescribeDirectConnectGatewayAssociations")
		return nil
	}
	if d.all {
		n.Gateways, err = d.tx.AllGateways()
	} else {
		n.Gateways, err = d.tx.Gateways(store.GatewayQuery{Account: d.caller.Account, LiveOnly: true})
	}
	if err != nil {
		return err
	}
	if shown, err = d.may("", "DescribeDirectConnectGatewayAssociations", "", &api.DescribeDirectConnectGatewayAssociationsRequest{}); err != nil || !shown {
		return err
	}
	if d.all {
		n.Associations, err = d.tx.AllAssociations()
	} else {
		n.Associations, err = d.tx.Associations(store.AssociationQuery{Party: d.caller.Account, LiveOnly: true})
	}
	return err
}

func (d *draughtsman) locations(n *Network) error {
	used := map[string]bool{}
	for _, c := range n.Carriers {
		used[c.Location] = true
	}
	all, err := d.tx.Locations("")
	for _, l := range all {
		if used[l.Code] {
			n.Locations = append(n.Locations, l)
		}
	}
	return err
}

// maxSurveyed bounds the members of a group that a picture evaluates: it is drawn whenever something changes.
const maxSurveyed = 100

// points finds the single points of failure of the account's resiliency groups.
func (d *draughtsman) points(n *Network) error {
	groups, err := d.tx.ResiliencyGroups(store.ResiliencyGroupQuery{Account: d.caller.Account, LiveOnly: true})
	if err != nil {
		return err
	}
	n.Points = map[string]string{}
	for _, g := range groups {
		shown, err := d.may(g.Region, "GetResiliencyGroup", g.ID, &api.GetResiliencyGroupRequest{ResiliencyGroupID: &g.ID})
		if err != nil {
			return err
		}
		members, err := d.tx.Members(store.MemberQuery{GroupID: g.ID, Limit: maxSurveyed + 1})
		if err != nil {
			return err
		}
		if !shown || len(members) > maxSurveyed {
			continue
		}
		l, err := layoutOf(d.tx, g, members, false)
		if err != nil {
			return err
		}
		for _, p := range l.Evaluate().Points {
			n.Points[p.Name] = strings.TrimPrefix(n.Points[p.Name]+"; "+g.Name+" loses "+losses(p.Loses), "; ")
		}
	}
	return nil
}

// losses names some of what is lost.
func losses(all []directconnect.Destination) string {
	const some = 3
	var names []string
	for _, l := range all[:min(some, len(all))] {
		names = append(names, l.String())
	}
	if len(all) > some {
		names = append(names, fmt.Sprintf("%d more", len(all)-some))
	}
	return strings.Join(names, ", ")
}
