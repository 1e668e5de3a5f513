package diagram

import (
	"slices"
	"strings"
)

// maxChips bounds the members that a LAG shows one by one; the last chip stands for the rest.
const maxChips = 6

// placeCarriers shows the connections and LAGs of each place, those that are not well first.
func (a *arranger) placeCarriers() {
	buckets := gather(len(a.carriers), func(i int) (bucket, int) {
		c := a.carriers[i]
		h := c.health()
		return bucket{owner: a.placeOf[i], word: word(c.State, h), health: h}, c.weight()
	})
	slices.SortStableFunc(buckets, func(b, c bucket) int {
		if b.owner != c.owner {
			return b.owner - c.owner
		}
		return b.health.rank() - c.health.rank()
	})
	if len(buckets) == 1 && buckets[0].weight > maxCarriers {
		a.placePage(buckets[0])
		return
	}
	opened := open(buckets, maxCarriers)
	for i, b := range buckets {
		switch {
		case opened[i]:
			for _, item := range b.items {
				a.addCarrier(b.owner, a.carrierShape(a.carriers[item], true), item)
			}
		case len(b.items) == 1:
			a.addCarrier(b.owner, a.carrierShape(a.carriers[b.items[0]], false), b.items...)
		default:
			s := a.s.within(a.places[b.owner])
			s.State = b.word
			a.addCarrier(b.owner, a.carrierGroup(b, b.items, "", a.o.Open(s)), b.items...)
		}
	}
}

// placePage shows a part of what nothing more can tell apart, between what is before and what is after.
func (a *arranger) placePage(b bucket) {
	heaviest := 0
	for _, i := range b.items {
		heaviest = max(heaviest, a.carriers[i].weight())
	}
	size := (maxCarriers - 2) / heaviest
	page := min(a.s.Page, (len(b.items)-1)/size)
	from, to := page*size, min((page+1)*size, len(b.items))
	turn := func(part []int, words string, to int) {
		if len(part) > 0 {
			s := a.s
			s.Page = to
			a.addCarrier(b.owner, a.carrierGroup(b, part, words, a.o.Open(s)), part...)
		}
	}
	turn(b.items[:from], "before these", page-1)
	for _, item := range b.items[from:to] {
		a.addCarrier(b.owner, a.carrierShape(a.carriers[item], true), item)
	}
	turn(b.items[to:], "after these", page+1)
}

// addCarrier adds the shape that stands for some carriers of a place.
func (a *arranger) addCarrier(owner int, s Shape, items ...int) {
	at := a.add(s)
	p := &a.places[owner]
	p.shapes = append(p.shapes, at)
	for _, i := range items {
		c := a.carriers[i]
		a.shapeOf[c.ID] = at
		a.join(p.shape, at, c.health(), max(1, c.connections()))
	}
}

func (a *arranger) carrierShape(c Carrier, chips bool) Shape {
	h := c.health()
	s := Shape{
		Kind: c.Kind, IDs: []string{c.ID}, State: word(c.State, h), Health: h, Title: c.ID, Href: a.o.Href(c.Kind, c.ID),
		column: carrierColumn, key: c.ID,
	}
	s.Detail = s.State
	switch {
	case c.Kind == Foreign:
		s.Detail = "of another account"
	case len(c.Members) > 0:
		s.Detail += ", " + count(len(c.Members), "member")
	}
	s.Tip = nameOf(c.Kind) + " " + c.ID + ": " + s.Detail
	_, s.Alone = a.alone(s.IDs)
	for i, m := range c.Members {
		switch {
		case !chips:
			s.IDs = append(s.IDs, m.ID)
		case i >= maxChips:
			last := &s.Chips[maxChips-1]
			last.IDs = append(last.IDs, m.ID)
			last.Health = together(last.Health, HealthOf(m.State))
			last.Tip, last.Href = count(len(last.IDs), "member")+" of "+c.ID, s.Href
		default:
			s.Chips = append(s.Chips, Chip{
				IDs: []string{m.ID}, Health: HealthOf(m.State), Tip: "connection " + m.ID + ": " + m.State, Href: a.o.Href(Connection, m.ID),
			})
		}
	}
	return s
}

func (a *arranger) carrierGroup(b bucket, items []int, words, href string) Shape {
	s := Shape{Kind: Connection, Group: true, State: b.word, Health: b.health, Href: href, column: carrierColumn}
	lags, connections, foreign := 0, 0, 0
	for _, i := range items {
		c := a.carriers[i]
		s.IDs = append(s.IDs, c.ID)
		for _, m := range c.Members {
			s.IDs = append(s.IDs, m.ID)
		}
		connections += c.connections()
		switch c.Kind {
		case LAG:
			lags++
		case Foreign:
			foreign++
		}
	}
	s.Title = Thousands(len(items)) + " " + b.word
	if b.word == "" {
		s.Title = Thousands(len(items)) + " of other accounts"
	}
	s.Detail = groupDetail(connections, lags, foreign)
	if words != "" {
		s.Detail = words
	}
	s.mark(a, s.Title+": "+s.Detail)
	return s
}

func groupDetail(connections, lags, foreign int) string {
	var parts []string
	if connections > 0 || lags == 0 && foreign == 0 {
		parts = append(parts, count(connections, "connection"))
	}
	if lags > 0 {
		parts = append(parts, "in "+count(lags, "LAG"))
	}
	if foreign > 0 && connections > 0 {
		parts = append(parts, Thousands(foreign)+" foreign")
	}
	return strings.Join(parts, " ")
}

// mark tells of the single points of failure in a group, and gives it its tip.
func (s *Shape) mark(a *arranger, tip string) {
	if n, _ := a.alone(s.IDs); n > 0 {
		s.Alone = count(n, "single point") + " of failure"
	}
	s.Tip = tip + ". Open the group"
}

// nameOf is what a kind is called in a sentence.
func nameOf(k Kind) string {
	switch k {
	case LAG:
		return "LAG"
	case Hosted, Sold:
		return "hosted connection"
	case Foreign:
		return "connection"
	case Interface:
		return "virtual interface"
	case Gateway, OthersGateway:
		return "Direct Connect gateway"
	case DirectGateway:
		return string(VirtualGateway)
	case PublicNetworks:
		return "public networks"
	}
	return string(k)
}
