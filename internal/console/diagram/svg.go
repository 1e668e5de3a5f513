package diagram

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// Sizes of type and where it stands in a box, in units of the picture.
const (
	titleSize  = 13.5
	detailSize = 12.0
	headSize   = 13.0
	textLeft   = 36.0
	textRight  = 8.0
	badgeSize  = 21.0
	aloneWidth = 40.0 // with its distance from the title
	narrow     = 900.0
)

var headings = [columns]string{"Customer side", "Location, router", "Connection or LAG", "Virtual interface", "Gateway", "Far side"}

// SVG draws the picture. What it looks like is up to a style sheet, by the classes that begin with dg-: it has no style of
// its own, so that a page may forbid them. Every shape is a link with a title.
func (p *Picture) SVG() []byte {
	w := &writer{}
	class := "dg"
	if p.Width < narrow {
		class += " dg-narrow"
	}
	w.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", class, "viewBox", "0 0 "+number(p.Width)+" "+number(p.Height),
		"width", number(p.Width), "height", number(p.Height), "role", "group", "aria-label", p.label())
	w.raw(symbols)
	p.clips(w)
	p.headings(w)
	for _, f := range p.Frames {
		f.draw(w)
	}
	w.open("g", "class", "dg-edges", "aria-hidden", "true")
	for _, e := range p.Edges {
		p.edge(w, e)
	}
	w.close("g")
	shapes := slices.Clone(p.Shapes)
	slices.SortStableFunc(shapes, func(s, t Shape) int { return cmp.Or(s.column-t.column, cmp.Compare(s.Y, t.Y)) })
	for _, s := range shapes {
		s.draw(w)
	}
	w.close("svg")
	return []byte(w.String())
}

func (p *Picture) label() string {
	s := "Diagram of " + count(p.Connections, "connection")
	if p.Outside > 0 {
		s += " of " + Thousands(p.Connections+p.Outside)
	}
	return s
}

// clips keep what a browser's letters make wider than estimated inside the boxes of each column.
func (p *Picture) clips(w *writer) {
	w.open("defs")
	for c := range columns {
		w.open("clipPath", "id", clip(c))
		w.empty("rect", "x", number(columnLeft(c)), "y", "0", "width", number(columnWidths[c]-textRight/2), "height", number(p.Height))
		w.close("clipPath")
	}
	w.close("defs")
}

func clip(column int) string { return "dg-clip-" + strconv.Itoa(column) }

func (p *Picture) headings(w *writer) {
	if len(p.Shapes) == 0 {
		return
	}
	for c := range columns {
		if x := columnLeft(c); x < p.Width {
			w.text("dg-heading", x, margin+10, headings[c])
		}
	}
}

func (f Frame) draw(w *writer) {
	room := f.W - 2*framePad
	if f.Alone != "" {
		room -= aloneWidth
	}
	title := fit(f.Title, headSize, room)
	w.link("dg-frame", f.Href, labelled(f.Tip, f.Alone), title, mark(f.Alone))
	w.empty("rect", "x", number(f.X), "y", number(f.Y), "width", number(f.W), "height", number(f.H), "rx", "12")
	w.text("dg-frame-title", f.X+framePad, f.Y+19, title)
	if f.Alone != "" {
		alone(w, f.X+f.W-framePad, f.Y+7)
	}
	w.close("a")
}

func labelled(tip, alone string) string {
	if alone == "" {
		return tip
	}
	return tip + ". Single point of failure: " + alone
}

// mark is what the mark of a single point of failure says; empty: there is none.
func mark(alone string) string {
	if alone == "" {
		return ""
	}
	return "SPOF"
}

// alone draws the mark of a single point of failure, whose right upper corner is given.
func alone(w *writer, right, top float64) {
	w.open("g", "class", "dg-alone")
	w.empty("rect", "x", number(right-aloneWidth+6), "y", number(top), "width", number(aloneWidth-6), "height", "14", "rx", "7")
	w.text("dg-alone-text", right-aloneWidth+10, top+10.5, "SPOF")
	w.close("g")
}

func (p *Picture) edge(w *writer, e Edge) {
	from, to := p.Shapes[e.From], p.Shapes[e.To]
	x1, y1, x2, y2 := from.X+from.cardWidth(), from.Y+from.box()/2, to.X, to.Y+to.box()/2
	class := "dg-edge dg-" + string(e.Health)
	switch {
	case e.Count >= 1000:
		class += " dg-thick"
	case e.Count >= 10:
		class += " dg-medium"
	}
	bend := (x2 - x1) / 2
	d := "M" + number(x1) + " " + number(y1) + "C" + number(x1+bend) + " " + number(y1) + " " + number(x2-bend) + " " + number(y2) + " " +
		number(x2) + " " + number(y2)
	w.empty("path", "class", class, "d", d)
}

func (s Shape) cardWidth() float64 {
	if s.Group && s.column != customerColumn {
		return s.W - stack
	}
	return s.W
}

func (s Shape) draw(w *writer) {
	width, height := s.cardWidth(), s.H
	if width < s.W {
		height -= stack
	}
	class := "dg-shape dg-" + string(s.Health)
	if s.Group {
		class += " dg-group"
	}
	title, details := fit(s.Title, titleSize, s.textRoom()), s.details()
	w.link(class, s.Href, labelled(s.Tip, s.Alone), title, strings.Join(details, " "), mark(s.Alone))
	if width < s.W {
		for _, off := range []float64{stack, stack / 2} {
			w.empty("rect", "class", "dg-behind", "x", number(s.X+off), "y", number(s.Y+off), "width", number(width), "height", number(height), "rx", "9")
		}
	}
	w.empty("rect", "class", "dg-card", "x", number(s.X), "y", number(s.Y), "width", number(width), "height", number(height), "rx", "9")
	w.empty("use", "href", "#dg-"+s.symbol(), "class", "dg-badge", "x", number(s.X+8), "y", number(s.Y+(s.box()-badgeSize)/2),
		"width", number(badgeSize), "height", number(badgeSize))
	w.open("g", "clip-path", "url(#"+clip(s.column)+")")
	w.text("dg-title", s.X+textLeft, s.Y+22, title)
	for i, line := range details {
		w.text("dg-detail", s.X+textLeft, s.Y+39+float64(i)*lineRoom, line)
	}
	w.close("g")
	if s.Alone != "" {
		alone(w, s.X+width-6, s.Y-7) // on the upper edge, so that it takes no room
	}
	w.close("a")
	for _, c := range s.Chips {
		c.draw(w)
	}
}

func (c Chip) draw(w *writer) {
	w.link("dg-chip dg-"+string(c.Health), c.Href, c.Tip)
	w.empty("rect", "class", "dg-back", "x", number(c.X-2), "y", number(c.Y-2), "width", number(chipSize+4), "height", number(chipSize+4), "rx", "4")
	w.empty("use", "href", "#dg-"+string(c.Health), "class", "dg-badge", "x", number(c.X), "y", number(c.Y),
		"width", number(chipSize), "height", number(chipSize))
	w.close("a")
}

// symbol is the sign of a shape: that of its health, or of its kind if it has none.
func (s Shape) symbol() string {
	if s.Health != Untold {
		return string(s.Health)
	}
	switch s.Kind {
	case Customer, Router, Location:
		return string(s.Kind)
	case Region, World, PublicNetworks:
		return "world"
	}
	return string(Untold)
}

// writer writes XML.
type writer struct{ strings.Builder }

func (w *writer) raw(s string) { w.WriteString(s) }

// attributes are names and values in turn.
func (w *writer) begin(name string, attributes []string) {
	w.raw("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		w.raw(" " + attributes[i] + `="`)
		w.escape(attributes[i+1])
		w.raw(`"`)
	}
}

func (w *writer) open(name string, attributes ...string) {
	w.begin(name, attributes)
	w.raw(">\n")
}

func (w *writer) empty(name string, attributes ...string) {
	w.begin(name, attributes)
	w.raw("/>\n")
}

func (w *writer) close(name string) { w.raw("</" + name + ">\n") }

func (w *writer) element(name, content string, attributes ...string) {
	w.begin(name, attributes)
	w.raw(">")
	w.escape(content)
	w.raw("</" + name + ">\n")
}

// link begins a link with its title. Its name begins with what is to be read on it (WCAG 2.5.3, Label in Name).
func (w *writer) link(class, href, tip string, seen ...string) {
	seen = slices.DeleteFunc(seen, func(s string) bool { return s == "" })
	name := tip
	if len(seen) > 0 {
		name = strings.Join(seen, " ") + ". " + tip
	}
	w.open("a", "href", href, "class", class, "aria-label", name)
	w.element("title", tip)
}

func (w *writer) text(class string, x, y float64, content string) {
	w.element("text", content, "class", class, "x", number(x), "y", number(y))
}

// escape writes text so that it is nothing but text; what XML cannot hold becomes U+FFFD.
func (w *writer) escape(s string) { _ = xml.EscapeText(w, []byte(s)) } // a strings.Builder never fails

// number prints a coordinate, to a tenth.
func number(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}
