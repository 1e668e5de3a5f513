package loa

// demarcation is the heart of the letter: a sketch of who connects what, and the table of where.
func (p *page) demarcation(y float64) float64 {
	y = p.section(left, y, textWidth, "Demarcation point")
	y = p.sketch(y)
	return p.table(y + p.gap(3))
}

// sketch draws the cross connect as a picture: the requester's side, the fibre to be ordered, the panel, the router.
// Names are cut to fit here; the page shows each in full elsewhere.
func (p *page) sketch(y float64) float64 {
	const (
		boxH                = 17.0
		aX, aW              = left, 46.0
		panelX, panelW      = 100.0, 48.0
		routerX, routerW    = 160.0, right - 160.0
		inset               = 3.0
		upperFibre, spacing = 7.6, 1.8
	)
	h := p.gap(boxH)
	a := p.assignment
	if !p.dry {
		middle := y + h*upperFibre/boxH
		for i := range 2 {
			fibre := middle + float64(i)*spacing*p.scale
			p.rule(aX+aW, fibre, panelX, fibre, 0.45, deep)
			p.rule(panelX+panelW, fibre, routerX, fibre, 0.3, muted)
		}
	}
	p.box(aX, y, aW, h, 1.4, paper, &line)
	p.box(panelX, y, panelW, h, 1.4, tint, &deep)
	p.box(routerX, y, routerW, h, 1.4, paper, &line)

	p.sketchBox(aX+inset, y, aW-2*inset, "A side", p.letter.Requester, "requester's equipment")
	p.sketchBox(panelX+inset, y, panelW-2*inset, "Z side: demarcation point", "Panel "+a.Panel+", port "+a.Port, "strands "+a.Strands)
	p.sketchBox(routerX+inset, y, routerW-2*inset, "Router", a.Device, "in place")

	caption := style{7.4, false, deep}
	for _, c := range []struct {
		text string
		y    float64
	}{{"cross connect", 3.2}, {"ordered by the requester", 11.4}} {
		w := p.width(c.text, caption)
		p.print((aX+aW+panelX)/2-w/2, y+h*c.y/boxH, c.text, caption)
	}
	return y + h
}

// sketchBox writes the three lines of one box.
func (p *page) sketchBox(x, y, w float64, name, text, note string) {
	y += p.gap(2)
	p.fitLine(x, y, w, name, label)
	y += p.height(label) + p.gap(0.6)
	strong := style{9, true, ink}
	p.fitLine(x, y, w, text, strong)
	y += p.height(strong) + p.gap(0.4)
	p.fitLine(x, y, w, note, style{7.4, false, ink})
}

// table sets the position on the left, in the order in which a technician walks it, and the interface on the right.
func (p *page) table(y float64) float64 {
	const (
		half   = textWidth / 2
		labelW = 25.0
		inset  = 2.0
		valueW = half - labelW - 2*inset
	)
	a := p.assignment
	rows := [][4]string{
		{"Building", a.Building, "Speed", a.Speed},
		{"Room", a.Room, "Media", a.Media},
		{"Cage", a.Cage, "Connector", a.Connector},
		{"Rack", a.Rack, "Optic", a.Optic},
		{"Panel", a.Panel, "Router", a.Device},
		{"Port", a.Port, "Connection", a.ConnectionID},
		{"Strands", a.Strands, "Location code", a.LocationCode},
	}
	top := y
	strong := style{value.pt, true, ink}
	p.rule(left, y, right, y, 0.3, line)
	for i, row := range rows {
		sizes := [2]style{
			p.shrink(row[1], valueW, 2, 0.8, strong),
			p.shrink(row[3], valueW, 2, 0.8, value),
		}
		lines := max(
			float64(len(p.wrap(row[1], valueW, sizes[0])))*p.height(sizes[0]),
			float64(len(p.wrap(row[3], valueW, sizes[1])))*p.height(sizes[1]))
		h := lines + p.gap(2)
		if i%2 == 0 {
			p.box(left, y, textWidth, h, 0, tint, nil)
		}
		for side, st := range sizes {
			x := left + float64(side)*half + inset
			p.print(x, y+p.gap(1.3), row[side*2], style{8, false, muted})
			p.paragraph(x+labelW, y+p.gap(1), valueW, row[side*2+1], st)
		}
		y += h
	}
	p.rule(left, y, right, y, 0.3, line)
	p.rule(left+half-1, top, left+half-1, y, 0.3, line)
	return y
}
