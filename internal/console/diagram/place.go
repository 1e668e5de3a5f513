package diagram

import (
	"cmp"
	"slices"
)

// place is where carriers end: a router, or all routers of a location or Region.
type place struct {
	kind               Kind
	name               string
	region, location   string // of a router both, of a location the Region
	carriers, unwell   int
	routers, locations map[string]bool
	shape, frame       int
	shapes             []int // of its carriers
}

// framed are places that stand together, from first up to end, with the shapes of their customers' ends.
type framed struct {
	first, end int
	customers  []int
}

// parent is what a place is framed as a part of.
func (p place) parent() string {
	switch p.kind {
	case Router:
		return p.location
	case Location:
		return p.region
	}
	return ""
}

func placeKey(level Kind, c Carrier) place {
	switch level {
	case Router:
		return place{kind: level, name: c.Router, region: c.Region, location: c.Location}
	case Location:
		return place{kind: level, name: c.Location, region: c.Region}
	case Region:
		return place{kind: level, name: c.Region}
	}
	return place{kind: World}
}

// maxGroups is how many groups a column of carriers may consist of before places are taken together: some room is left to
// show single ones.
const maxGroups = 26

// choosePlaces takes the smallest places that can all be shown.
func (a *arranger) choosePlaces() {
	for _, level := range []Kind{Router, Location, Region, World} {
		type name struct {
			region, location, name string
		}
		at := map[name]int{}
		groups := map[name]map[string]bool{}
		a.places, a.placeOf = nil, make([]int, len(a.carriers))
		for i, c := range a.carriers {
			p := placeKey(level, c)
			k := name{p.region, p.location, p.name}
			j, there := at[k]
			if !there {
				p.routers, p.locations = map[string]bool{}, map[string]bool{}
				j = len(a.places)
				at[k], a.places, groups[k] = j, append(a.places, p), map[string]bool{}
			}
			groups[k][word(c.State, c.health())] = true
			a.placeOf[i] = j
			a.places[j].count(c)
		}
		n := 0
		for _, words := range groups {
			n += len(words)
		}
		if len(a.places) <= maxPlaces && n <= maxGroups {
			break
		}
	}
	a.sortPlaces()
	for i := range a.places {
		a.places[i].shape = a.add(a.placeShape(a.places[i]))
		if i == 0 || a.places[i].parent() == "" || a.places[i].parent() != a.places[i-1].parent() {
			a.frames = append(a.frames, framed{first: i})
		}
		a.frames[len(a.frames)-1].end = i + 1
		a.places[i].frame = len(a.frames) - 1
	}
}

func (p *place) count(c Carrier) {
	p.carriers += max(1, c.connections())
	if h := c.health(); h != Up && h != Untold {
		p.unwell++
	}
	p.routers[c.Router], p.locations[c.Location] = true, true
}

func (a *arranger) sortPlaces() {
	order := make([]int, len(a.places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		p, q := a.places[i], a.places[j]
		return cmp.Or(cmp.Compare(p.region, q.region), cmp.Compare(p.location, q.location), cmp.Compare(p.name, q.name))
	})
	sorted, moved := make([]place, len(order)), make([]int, len(order))
	for to, from := range order {
		sorted[to], moved[from] = a.places[from], to
	}
	a.places = sorted
	for i, from := range a.placeOf {
		a.placeOf[i] = moved[from]
	}
}

func (a *arranger) site(code string) Site {
	for _, s := range a.n.Sites {
		if s.Code == code {
			return s
		}
	}
	return Site{Code: code, Name: code}
}

// title names a location as people do, and as the API does.
func (s Site) title() string {
	if s.Name == "" || s.Name == s.Code {
		return s.Code
	}
	return s.Name + " (" + s.Code + ")"
}

func (a *arranger) placeShape(p place) Shape {
	s := Shape{Kind: p.kind, Health: Untold, Title: p.name, Detail: count(p.carriers, "connection"), column: placeColumn, key: p.name}
	switch p.kind {
	case Router:
		if p.name == "" {
			s.Title = "No router yet"
		}
	case Location:
		s.Detail = count(len(p.routers), "router") + ", " + s.Detail
	case Region:
		s.Detail = count(len(p.locations), "location") + ", " + s.Detail
	case World:
		s.Title, s.key = "All Regions", ""
		s.Detail = count(len(p.locations), "location") + ", " + s.Detail
	}
	if p.unwell > 0 {
		s.Detail = Thousands(p.carriers) + " in all, " + Thousands(p.unwell) + " not up"
	}
	s.Tip = string(p.kind) + " " + s.Title + ": " + s.Detail
	if site := a.site(p.name); p.kind == Location && site.Name != "" && site.Name != p.name { // the name may be cut, the code is not
		s.Tip = string(p.kind) + " " + site.title() + ": " + s.Detail
		s.Title, s.Detail = site.Name, p.name+", "+s.Detail
	}
	if n, why := a.alone([]string{p.name}); n > 0 && p.name != "" {
		s.Alone = why
	}
	if s.Href = a.o.Href(p.kind, p.name); s.Href == "" {
		s.Href = a.o.Open(a.s.within(p))
	}
	return s
}
