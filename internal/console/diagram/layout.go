package diagram

import (
	"cmp"
	"slices"
)

// Sizes, in units of the picture: at its full size a unit is a CSS pixel.
const (
	margin    = 16.0
	headRoom  = 30.0 // for the headings of the columns
	boxHeight = 50.0
	lineRoom  = 15.0 // that a second line of details adds
	chipSize  = 20.0
	chipGap   = 6.0
	chipRoom  = 28.0 // that chips add to a box
	stack     = 6.0  // that a group adds, as it looks like several boxes
	rowGap    = 12.0
	columnGap = 28.0
	framePad  = 10.0
	frameHead = 28.0
	frameGap  = 18.0
)

var columnWidths = [columns]float64{150, 200, 200, 200, 164, 166}

// columnLeft is where a column begins.
func columnLeft(column int) float64 {
	x := margin
	for i := range column {
		x += columnWidths[i] + columnGap
	}
	return x
}

// layout gives every shape its place: places below each other, beside each its carriers, beside each carrier what runs over
// it; gateways and far sides as near as possible to what leads to them.
func (a *arranger) layout() {
	used := carrierColumn
	a.p.Frames = nil
	for i := range a.p.Shapes {
		s := &a.p.Shapes[i]
		s.X, s.Y, s.W = columnLeft(s.column), 0, columnWidths[s.column]
		s.H = s.height()
		used = max(used, s.column)
	}
	a.p.Width = columnLeft(used) + columnWidths[used] + margin
	y := margin + headRoom
	for _, f := range a.frames {
		y = a.frame(f, y) + frameGap
	}
	bottom := max(y-frameGap, margin+headRoom+boxHeight)
	for column := customerColumn; column <= farColumn; column++ {
		bottom = max(bottom, a.flow(column, bottom))
	}
	a.p.Height = bottom + margin
	for i := range a.p.Shapes {
		a.p.Shapes[i].placeChips()
	}
}

// box is the height of a shape without its chips and what a group adds.
func (s *Shape) box() float64 {
	if len(s.details()) > 1 {
		return boxHeight + lineRoom
	}
	return boxHeight
}

// details are what is written below the title: the details on one line, or on two if that is too narrow.
func (s *Shape) details() []string {
	return lines(s.Detail, detailSize, s.textRoom())
}

// textRoom is how wide a text in the shape may be.
func (s *Shape) textRoom() float64 { return s.cardWidth() - textLeft - textRight }

func (s *Shape) height() float64 {
	h := s.box()
	if len(s.Chips) > 0 {
		h += chipRoom
	}
	if s.Group && s.column != customerColumn {
		h += stack
	}
	return h
}

func (s *Shape) placeChips() {
	for i := range s.Chips {
		s.Chips[i].X = s.X + textLeft + float64(i)*(chipSize+chipGap)
		s.Chips[i].Y = s.Y + s.box() - 2
	}
}

// frame places the places that belong together below y, with a frame around them if they are parts of something, and answers
// where they end.
func (a *arranger) frame(of framed, y float64) float64 {
	top, parent := y, a.places[of.first].parent()
	if parent != "" {
		y += frameHead
	}
	begin := y
	for k := of.first; k < of.end; k++ {
		y = a.beside(a.places[k], y) + rowGap
	}
	own := a.tall(of.customers)
	y = max(y-rowGap, begin+own)
	a.stackUp(of.customers, begin+min((y-begin-own)/2, maxSink))
	if parent == "" {
		return y
	}
	y += framePad
	f := a.frameOf(a.places[of.first])
	f.X, f.Y = columnLeft(placeColumn)-framePad, top
	f.W, f.H = columnLeft(carrierColumn)+columnWidths[carrierColumn]+framePad-f.X, y-top
	a.p.Frames = append(a.p.Frames, f)
	return y
}

// frameOf is what is around a place: its location, or its Region.
func (a *arranger) frameOf(p place) (f Frame) {
	s := a.s
	s.Page = 0
	if p.kind == Location {
		s.Region = p.region
		return Frame{Title: p.region, Tip: "Region " + p.region, Href: a.o.Open(s)}
	}
	site := a.site(p.location)
	s.Region, s.Location, s.Router = "", p.location, ""
	f = Frame{Title: site.title(), Href: cmp.Or(a.o.Href(Location, p.location), a.o.Open(s)), Alone: a.n.Alone[p.location]}
	f.Tip = "location " + f.Title + ", Region " + cmp.Or(p.region, site.Region)
	return f
}

// maxSink is how far below the top of what it belongs to a shape stands at most: in the middle of a long list nobody finds it.
const maxSink = 160.0

// beside places a place with its carriers beside it, from y on, and answers where that ends.
func (a *arranger) beside(p place, y float64) float64 {
	s := &a.p.Shapes[p.shape]
	end := y
	for _, at := range p.shapes {
		end = a.carrier(at, end) + rowGap
	}
	taken := end - rowGap - y
	end = y + max(taken, s.H)
	s.Y = y + min((end-y-s.H)/2, maxSink)
	if taken < s.H {
		a.shift(p.shapes, (s.H-taken)/2)
	}
	return end
}

// carrier places a carrier and what runs over it alone, and answers where that ends.
func (a *arranger) carrier(at int, y float64) float64 {
	s := &a.p.Shapes[at]
	beside := a.tall(a.riders[at])
	span := max(s.H, beside)
	s.Y = y + (span-s.H)/2
	a.stackUp(a.riders[at], y+(span-beside)/2)
	return y + span
}

// tall is how high some shapes are, one below the other.
func (a *arranger) tall(shapes []int) float64 {
	h := -rowGap
	for _, at := range shapes {
		h += a.p.Shapes[at].H + rowGap
	}
	return max(h, 0)
}

func (a *arranger) stackUp(shapes []int, y float64) {
	for _, at := range shapes {
		a.p.Shapes[at].Y = y
		y += a.p.Shapes[at].H + rowGap
	}
}

// shift moves carriers and what is beside them down.
func (a *arranger) shift(shapes []int, by float64) {
	for _, at := range shapes {
		a.p.Shapes[at].Y += by
		for _, beside := range a.riders[at] {
			a.p.Shapes[beside].Y += by
		}
	}
}

// flow places the shapes of a column that have no place yet beside what they are joined with, in that order and without
// overlap, above bottom if there is room, and answers where the last one ends.
func (a *arranger) flow(column int, bottom float64) float64 {
	type floating struct {
		shape int
		want  float64
	}
	var all []floating
	for i, s := range a.p.Shapes {
		if s.column == column && s.Y == 0 {
			all = append(all, floating{i, a.near(i, column) - s.H/2})
		}
	}
	if len(all) == 0 {
		return bottom
	}
	slices.SortStableFunc(all, func(f, g floating) int { return cmp.Compare(f.want, g.want) })
	top := margin + headRoom
	down := func() (y float64) {
		y = top
		for _, f := range all {
			s := &a.p.Shapes[f.shape]
			s.Y = max(y, f.want, s.Y)
			y = s.Y + s.H + rowGap
		}
		return y - rowGap
	}
	end := down()
	for i := len(all) - 1; i >= 0 && end > bottom; i-- { // what stands too low moves up as far as it must
		s := &a.p.Shapes[all[i].shape]
		limit := bottom
		if i < len(all)-1 {
			limit = a.p.Shapes[all[i+1].shape].Y - rowGap
		}
		s.Y = min(s.Y, limit-s.H)
	}
	for i := range all {
		all[i].want = top
	}
	return down()
}

// near is the mean height of what a shape is joined with: on its left, but for the customer's end.
func (a *arranger) near(shape, column int) float64 {
	sum, n := 0.0, 0.0
	for _, e := range a.p.Edges {
		at, other := e.To, e.From
		if column == customerColumn {
			at, other = e.From, e.To
		}
		if o := a.p.Shapes[other]; at == shape && o.Y > 0 {
			sum, n = sum+o.Y+o.H/2, n+1
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
