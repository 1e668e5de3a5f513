package controlplane

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// ResiliencyReport is how the present layout of a group stands against what is intended.
type ResiliencyReport struct {
	Group      directconnect.ResiliencyGroup
	Members    []directconnect.ResiliencyMember
	Layout     directconnect.Layout
	Evaluation directconnect.Evaluation
	WhatIf     *directconnect.WhatIf // nil: not asked
}

// Resiliency reports on any account's group, and on what the failure of an element would do to it if one is named.
func (s *Service) Resiliency(ctx context.Context, id string, without *directconnect.Element) (r ResiliencyReport, err error) {
	if err := directconnect.CheckResiliencyGroupID(id); err != nil {
		return r, refuse(Invalid, "%q is not the ID of a resiliency group.", id)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		r = ResiliencyReport{}
		if r.Group, err = tx.ResiliencyGroup(id); err != nil {
			return missing(err, "There is no resiliency group %s.", id)
		}
		if r.Members, err = tx.Members(store.MemberQuery{GroupID: id}); err != nil {
			return err
		}
		r.Layout, err = layout(tx, r.Group, r.Members)
		return err
	})
	if err != nil {
		return r, err
	}
	r.Evaluation = r.Layout.Evaluate()
	if without != nil {
		if !r.Layout.Has(*without) {
			return r, refuse(Missing, "Resiliency group %s has nothing on %s.", id, *without)
		}
		w := r.Layout.Imagine(*without)
		r.WhatIf = &w
	}
	return r, nil
}

// layout loads what the group's associated connections are, and what runs over them.
func layout(tx *store.Tx, g directconnect.ResiliencyGroup, members []directconnect.ResiliencyMember) (directconnect.Layout, error) {
	return layoutOf(tx, g, members, true)
}

// layoutOf is layout with the prefixes on the interfaces, or without.
func layoutOf(tx *store.Tx, g directconnect.ResiliencyGroup, members []directconnect.ResiliencyMember, routes bool) (directconnect.Layout, error) {
	d := surveyor{tx: tx, noPrefixes: !routes, links: map[string]directconnect.LayoutLink{}, seen: map[string]bool{}}
	for _, m := range members {
		if m.State != directconnect.MemberAssociated {
			continue
		}
		c, err := tx.Connection(m.ConnectionID)
		if errors.Is(err, store.ErrNotFound) || (err == nil && !c.Working()) {
			continue
		}
		if err == nil {
			err = d.connection(c)
		}
		if err != nil {
			return directconnect.Layout{}, err
		}
	}
	l := directconnect.Layout{Intended: g.Model, Interfaces: d.interfaces}
	for _, k := range d.links {
		l.Links = append(l.Links, k)
	}
	slices.SortFunc(l.Links, func(a, b directconnect.LayoutLink) int { return cmp.Compare(a.ID, b.ID) })
	return l, nil
}

// surveyor gathers a layout.
type surveyor struct {
	tx         *store.Tx
	links      map[string]directconnect.LayoutLink
	seen       map[string]bool // what carries interfaces, and has been asked for them
	interfaces []directconnect.LayoutInterface
	noPrefixes bool // the prefixes on them do not matter
}

// connection adds what a connection stands for: itself, its LAG, or what a hosted one runs over.
func (d *surveyor) connection(c directconnect.Connection) error {
	link := directconnect.LayoutLink{ID: c.ID, Location: c.Location, Router: c.Router, State: string(c.State), Up: c.State == directconnect.ConnectionAvailable}
	carrier := c.ID
	switch {
	case c.LagID != "":
		g, members, err := lagWithMembers(d.tx, c.LagID)
		if err != nil {
			return err
		}
		state := g.State(members)
		link.ID, link.Router, link.State, link.Up = g.ID, g.Router, string(state), state == directconnect.LAGAvailable
		carrier = g.ID
	case c.Kind == directconnect.Hosted:
		link.ID = c.ParentID
	}
	if known, there := d.links[link.ID]; there && known.Up { // several hosted connections over one port
		link = known
	}
	d.links[link.ID] = link
	return d.carried(carrier, link.ID)
}

// carried adds the interfaces on a connection or LAG.
func (d *surveyor) carried(parent, link string) error {
	if d.seen[parent] {
		return nil
	}
	d.seen[parent] = true
	found, err := d.tx.Interfaces(store.InterfaceQuery{ParentID: parent, LiveOnly: true})
	if err != nil {
		return err
	}
	for _, v := range found {
		shown := directconnect.LayoutInterface{
			ID: v.ID, LinkID: link, Gateway: v.LeadsTo(), State: string(v.State), Up: v.State == directconnect.InterfaceAvailable,
		}
		if shown.Accepted, err = d.prefixes(v.ID, directconnect.RouteAccepted); err != nil {
			return err
		}
		if shown.Advertised, err = d.prefixes(v.ID, directconnect.RouteAdvertised); err != nil {
			return err
		}
		d.interfaces = append(d.interfaces, shown)
	}
	return nil
}

func (d *surveyor) prefixes(id string, side directconnect.RouteDirection) ([]netip.Prefix, error) {
	if d.noPrefixes {
		return nil, nil
	}
	routes, err := d.tx.Routes(store.RouteQuery{InterfaceID: id, Direction: side})
	prefixes := make([]netip.Prefix, 0, len(routes))
	for _, r := range routes {
		prefixes = append(prefixes, r.CIDR)
	}
	return prefixes, err
}
