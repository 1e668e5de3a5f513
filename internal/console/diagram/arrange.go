package diagram

import "slices"

// The columns, from left to right.
const (
	customerColumn = iota
	placeColumn
	carrierColumn
	riderColumn
	gatewayColumn
	farColumn
	columns
)

// How many shapes a column has at most: what one can take in at a glance. MaxShapes is their sum.
const (
	maxCustomers = 12
	maxPlaces    = 24
	maxCarriers  = 30 // a member of a LAG counts as one
	maxRiders    = 28
	maxGateways  = 10
	maxFars      = 10
	MaxShapes    = maxCustomers + maxPlaces + maxCarriers + maxRiders + maxGateways + maxFars
)

// Options are what a picture is told by whoever shows it.
type Options struct {
	// Href is where a shape of one thing leads, by its kind and identifier; with an empty identifier to the list of that kind.
	// Of a place it may be empty: then the place leads to the picture of itself.
	Href func(k Kind, id string) string
	// Open is where the picture of a part is.
	Open func(s Scope) string
	// Self is what the account's own end is called.
	Self string
}

// Shape is a box of the picture and what it stands for.
type Shape struct {
	Kind   Kind
	IDs    []string // what it stands for; of the customer's end and of places none. Of a LAG without chips, members too
	Group  bool     // it stands for several, or for what is elsewhere
	State  string   // in the picture's words; empty: none
	Health Health
	Title  string
	Detail string
	Tip    string // what a pointer that rests on it, or a screen reader, is told
	Alone  string // of what it is a single point of failure
	Href   string
	Chips  []Chip // the members of a LAG

	X, Y, W, H float64 // where it stands, in units of the picture

	column int
	key    string // what Describe finds it by; empty of groups
}

// Chip is a member of a LAG, drawn inside it.
type Chip struct {
	IDs    []string
	Health Health
	Tip    string
	Href   string
	X, Y   float64
}

// Edge joins two shapes.
type Edge struct {
	From, To int // in Picture.Shapes
	Health   Health
	Count    int // of what runs over it
}

// Frame is drawn around places that belong together, with their carriers.
type Frame struct {
	Title, Tip, Href, Alone string
	X, Y, W, H              float64
}

// Picture is a network arranged in a plane. Describe may give its shapes other texts; SVG draws it.
type Picture struct {
	Shapes []Shape
	Edges  []Edge
	Frames []Frame
	Scope  Scope
	// Connections is how many the picture shows or counts, Outside how many its scope leaves out.
	Connections, Outside int
	Width, Height        float64

	layout func() // gives every shape its place, by what is written in it
}

// Arrange decides what is shown by itself and what is grouped and counted, and where it stands. What is not well is grouped
// with its like only, and shown by itself before what is well.
func Arrange(n Network, s Scope, o Options) *Picture {
	a := arranger{
		n: n, s: s, o: o, p: &Picture{Scope: s},
		carrierOf: map[string]int{}, shapeOf: map[string]int{}, riderOf: map[string]int{}, riders: map[int][]int{}, edges: map[[2]int]int{},
	}
	for _, c := range n.Carriers {
		if s.has(c) {
			a.carrierOf[c.ID] = len(a.carriers)
			a.carriers = append(a.carriers, c)
			a.p.Connections += c.connections()
		} else {
			a.p.Outside += c.connections()
		}
	}
	a.choosePlaces()
	a.placeCarriers()
	a.placeRiders()
	a.placeGateways()
	a.placeFars()
	a.placeCustomers()
	a.p.layout = a.layout
	a.layout()
	return a.p
}

// arranger is a picture in the making.
type arranger struct {
	n Network
	s Scope
	o Options
	p *Picture

	carriers  []Carrier      // those in scope
	carrierOf map[string]int // by ID
	places    []place
	frames    []framed
	placeOf   []int          // by carrier
	shapeOf   map[string]int // the shape that stands for a carrier, gateway or far side
	riderOf   map[string]int // the shape that stands for a rider that leads somewhere
	riders    map[int][]int  // the shapes of riders that belong to one shape of a carrier only
	edges     map[[2]int]int
}

// bucket is what is grouped together if it must be: alike in where it belongs and how it is.
type bucket struct {
	owner  int // place, or shape of a carrier; -1: none
	kind   Kind
	word   string
	health Health
	items  []int
	weight int // shapes that the items take, each shown by itself
}

// gather puts items into buckets, in the order of their first ones.
func gather(n int, of func(i int) (b bucket, weight int)) []bucket {
	type key struct {
		owner int
		kind  Kind
		word  string
	}
	at := map[key]int{}
	var all []bucket
	for i := range n {
		b, weight := of(i)
		k := key{b.owner, b.kind, b.word}
		j, there := at[k]
		if !there {
			j = len(all)
			at[k], all = j, append(all, b)
		}
		all[j].items = append(all[j].items, i)
		all[j].weight += weight
	}
	return all
}

// open decides which buckets are shown one by one: the most urgent first, then the smallest, as long as there is room.
func open(all []bucket, room int) []bool {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if d := all[i].health.rank() - all[j].health.rank(); d != 0 {
			return d
		}
		return all[i].weight - all[j].weight
	})
	opened := make([]bool, len(all))
	room -= len(all)
	for _, i := range order {
		if more := all[i].weight - 1; more <= room {
			opened[i], room = true, room-more
		}
	}
	return opened
}

func (a *arranger) add(s Shape) int {
	a.p.Shapes = append(a.p.Shapes, s)
	return len(a.p.Shapes) - 1
}

// join draws an edge, or thickens the one that is there.
func (a *arranger) join(from, to int, h Health, n int) {
	i, there := a.edges[[2]int{from, to}]
	if !there {
		a.edges[[2]int{from, to}] = len(a.p.Edges)
		a.p.Edges = append(a.p.Edges, Edge{from, to, h, n})
		return
	}
	e := &a.p.Edges[i]
	e.Health, e.Count = together(e.Health, h), e.Count+n
}

// alone counts which of some identifiers are single points of failure.
func (a *arranger) alone(ids []string) (n int, why string) {
	for _, id := range ids {
		if w := a.n.Alone[id]; w != "" {
			n, why = n+1, w
		}
	}
	return n, why
}
