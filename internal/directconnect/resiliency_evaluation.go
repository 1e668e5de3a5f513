package directconnect

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
)

// DestinationKind sorts what is to be reached.
type DestinationKind string

const (
	// ToProvider is the far end of the connections themselves.
	ToProvider DestinationKind = "connections"
	// ToGateway is a gateway that interfaces over the connections lead to.
	ToGateway DestinationKind = "gateway"
	// ToPrefix is a prefix that crosses such interfaces.
	ToPrefix DestinationKind = "prefix"
)

// Destination is something that the connections of a group are to reach.
type Destination struct {
	Kind    DestinationKind `json:"what"`
	Gateway string          `json:"gateway,omitempty"`
	Side    RouteDirection  `json:"side,omitempty"` // accepted: a prefix of the customer's. advertised: one behind the gateway
	Prefix  netip.Prefix    `json:"prefix,omitzero"`
}

func (d Destination) String() string {
	switch d.Kind {
	case ToProvider:
		return "all connections"
	case ToGateway:
		return "gateway " + d.Gateway
	}
	return "prefix " + FormatPrefix(d.Prefix) + " " + string(d.Side) + " by gateway " + d.Gateway
}

// Standing says how well a destination is reached.
type Standing struct {
	Destination
	Reached ResiliencyModel `json:"reached"`
	Over    []string        `json:"over"` // interfaces that are up, or of the connections themselves the links; empty: it is cut off
}

// FailurePoint is a single element whose failure alone cuts destinations off. The prefixes of a gateway that is cut off
// altogether are not listed one by one.
type FailurePoint struct {
	Element
	Loses []Destination `json:"loses"`
}

// Evaluation is how a layout stands against what is intended.
type Evaluation struct {
	Intended ResiliencyModel `json:"intended"`
	// Reached is that of the weakest destination: connections, gateways and prefixes.
	Reached ResiliencyModel `json:"reached"`
	// Planned is what connections and gateways would reach if all that is ordered were up.
	Planned ResiliencyModel `json:"planned"`
	Met     bool            `json:"met"`
	// Standings are the connections', each gateway's, and those of the prefixes that fall short of what is intended.
	Standings []Standing     `json:"standings"`
	Prefixes  int            `json:"prefixes"` // how many were looked at
	Points    []FailurePoint `json:"points"`   // locations first, then routers, links and interfaces
}

// Evaluate holds the layout against the intended model. A prefix counts as reached over every interface of its gateway
// that is up and has it, or a less specific one that covers it: that is where traffic goes when the better route is gone.
func (l Layout) Evaluate() Evaluation {
	e := Evaluation{Intended: l.Intended, Reached: MaximumResiliency, Planned: MaximumResiliency}
	for _, t := range l.targets() {
		e.Reached = weaker(e.Reached, t.reached)
		if t.Kind != ToPrefix || !t.reached.Meets(l.Intended) {
			e.Standings = append(e.Standings, Standing{t.Destination, t.reached, t.over})
		}
		if t.Kind == ToPrefix {
			e.Prefixes++
		}
	}
	for _, t := range l.mended().targets() {
		if t.Kind != ToPrefix {
			e.Planned = weaker(e.Planned, t.reached)
		}
	}
	e.Met = e.Reached.Meets(l.Intended)
	e.Points = l.points()
	return e
}

// WhatIf is a layout after one element has failed.
type WhatIf struct {
	Without Element       `json:"without"`
	Lost    []Destination `json:"lost"` // reached before, and no more
	After   Evaluation    `json:"after"`
}

// Imagine tells what the failure of an element would do.
func (l Layout) Imagine(e Element) WhatIf {
	w := WhatIf{Without: e, Lost: []Destination{}, After: l.Without(e).Evaluate()}
	for _, p := range l.points() {
		if p.Element == e {
			w.Lost = p.Loses
		}
	}
	return w
}

// points finds every single point of failure.
func (l Layout) points() []FailurePoint {
	loses, whole := map[Element][]Destination{}, map[Element]map[string]bool{}
	for _, t := range l.targets() { // a gateway comes before its prefixes
		for _, e := range t.common {
			if t.Kind != ToPrefix {
				if whole[e] == nil {
					whole[e] = map[string]bool{}
				}
				whole[e][t.Gateway] = true
			} else if whole[e][t.Gateway] {
				continue
			}
			loses[e] = append(loses[e], t.Destination)
		}
	}
	points := make([]FailurePoint, 0, len(loses))
	for _, e := range slices.SortedFunc(maps.Keys(loses), compareElements) {
		points = append(points, FailurePoint{e, loses[e]})
	}
	return points
}

func compareElements(a, b Element) int {
	return cmp.Or(cmp.Compare(slices.Index(elementKinds, a.Kind), slices.Index(elementKinds, b.Kind)), cmp.Compare(a.Name, b.Name))
}

// target is a destination and the paths to it that are up.
type target struct {
	Destination
	paths
}

// paths are what several ways have together and in common.
type paths struct {
	reached ResiliencyModel
	over    []string
	common  []Element // on every one of the ways
}

// way is one path: a link, and an interface over it.
type way struct {
	link LayoutLink
	over *LayoutInterface // nil: the link itself
}

func (w way) elements() []Element {
	if w.over == nil {
		return w.link.elements()
	}
	return append(w.link.elements(), w.over.element())
}

// together is what the ways amount to.
func together(ways []way) paths {
	p := paths{over: []string{}}
	routers := map[string]map[string]bool{}
	for i, w := range ways {
		if routers[w.link.Location] == nil {
			routers[w.link.Location] = map[string]bool{}
		}
		routers[w.link.Location][w.link.Router] = true
		name, elements := w.link.ID, w.elements()
		if w.over != nil {
			name = w.over.ID
		}
		p.over = append(p.over, name)
		if i == 0 {
			p.common = elements
		}
		p.common = slices.DeleteFunc(p.common, func(e Element) bool { return !slices.Contains(elements, e) })
	}
	p.reached = modelOf(routers)
	slices.Sort(p.over)
	return p
}

// targets are all destinations: the connections, each gateway followed by its prefixes, in order.
func (l Layout) targets() []target {
	links := map[string]LayoutLink{}
	var up []way
	for _, k := range l.Links {
		links[k.ID] = k
		if k.Up {
			up = append(up, way{link: k})
		}
	}
	all := []target{{Destination{Kind: ToProvider}, together(up)}}
	gateways := map[string][]*LayoutInterface{}
	for i, v := range l.Interfaces {
		if v.Gateway != "" {
			gateways[v.Gateway] = append(gateways[v.Gateway], &l.Interfaces[i])
		}
	}
	for _, gateway := range slices.Sorted(maps.Keys(gateways)) {
		var ways []way
		for _, v := range gateways[gateway] {
			if k := links[v.LinkID]; v.Up && k.Up {
				ways = append(ways, way{k, v})
			}
		}
		all = append(all, target{Destination{Kind: ToGateway, Gateway: gateway}, together(ways)})
		for _, side := range []RouteDirection{RouteAccepted, RouteAdvertised} {
			all = appendPrefixes(all, gateway, side, gateways[gateway], ways)
		}
	}
	return all
}

func (v *LayoutInterface) prefixes(side RouteDirection) []netip.Prefix {
	if side == RouteAccepted {
		return v.Accepted
	}
	return v.Advertised
}

// appendPrefixes adds the prefixes of one side of a gateway. Those that take the same ways are worked out once.
func appendPrefixes(all []target, gateway string, side RouteDirection, attached []*LayoutInterface, ways []way) []target {
	var prefixes []netip.Prefix
	own := map[netip.Prefix]bool{} // the customer's: with SiteLink they are told back to it, and lie on its side all the same
	for _, v := range attached {
		prefixes = append(prefixes, v.prefixes(side)...)
		if side == RouteAdvertised {
			for _, p := range v.Accepted {
				own[p] = true
			}
		}
	}
	prefixes = slices.DeleteFunc(prefixes, func(p netip.Prefix) bool { return own[p] })
	slices.SortFunc(prefixes, ComparePrefixes)
	covers := make([]prefixCover, len(ways))
	for i, w := range ways {
		covers[i] = coverOf(w.over.prefixes(side))
	}
	known := map[string]paths{}
	for _, p := range slices.Compact(prefixes) {
		key := make([]byte, len(ways))
		var taken []way
		for i, c := range covers {
			if c.covers(p) {
				key[i], taken = 1, append(taken, ways[i])
			}
		}
		found, ok := known[string(key)]
		if !ok {
			found = together(taken)
			known[string(key)] = found
		}
		all = append(all, target{Destination{ToPrefix, gateway, side, p}, found})
	}
	return all
}
