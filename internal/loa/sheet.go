package loa

import (
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// All lengths are millimetres from the top left corner of an A4 page; type sizes are points.
const (
	pageWidth  = 210.0
	left       = 18.0
	right      = pageWidth - left
	textWidth  = right - left
	mmPerPoint = 25.4 / 72
	leading    = 1.3 // line distance over type size
)

// colour is red, green, blue of 0 to 255. Every pair used together stays readable when printed in grey.
type colour [3]int

var (
	ink   = colour{24, 32, 51}
	muted = colour{92, 102, 122}
	line  = colour{200, 206, 217}
	tint  = colour{241, 244, 249}
	deep  = colour{22, 58, 110}
	paper = colour{255, 255, 255}
)

// style is how a piece of text looks.
type style struct {
	pt   float64
	bold bool
	ink  colour
}

var (
	label = style{7, false, muted}
	value = style{9.2, false, ink}
	prose = style{8.6, false, ink}
)

// sheet is one page. A dry sheet is only measured: the same code runs, nothing is drawn. All type and spacing of the
// flowing part is multiplied by scale, which is below 1 for a page whose values are unusually long.
type sheet struct {
	pdf   *fpdf.Fpdf
	face  *typeface
	scale float64
	dry   bool
}

// measure answers a dry twin of the sheet, for finding the size of what is to be drawn on top of a box.
func (s *sheet) measure() *sheet {
	return &sheet{pdf: s.pdf, face: s.face, scale: s.scale, dry: true}
}

// height is the line distance of a style.
func (s *sheet) height(st style) float64 { return st.pt * s.scale * mmPerPoint * leading }

// gap is a vertical space.
func (s *sheet) gap(mm float64) float64 { return mm * s.scale }

// width is the length of a text in a style.
func (s *sheet) width(text string, st style) float64 {
	widths, em := s.face.weight(st.bold), st.pt*s.scale*mmPerPoint
	var sum float64
	for _, r := range text {
		sum += widths.of(r)
	}
	return sum * em
}

// print draws one line whose top is at y.
func (s *sheet) print(x, y float64, text string, st style) {
	if s.dry || text == "" {
		return
	}
	weight := ""
	if st.bold {
		weight = "B"
	}
	s.pdf.SetFont(family, weight, st.pt*s.scale)
	s.pdf.SetTextColor(st.ink[0], st.ink[1], st.ink[2])
	s.pdf.Text(x, y+s.height(st)*0.76, text)
}

// paragraph draws wrapped lines from y down and answers where the next thing may start.
func (s *sheet) paragraph(x, y, w float64, text string, st style) float64 {
	for _, text := range s.wrap(text, w, st) {
		s.print(x, y, text, st)
		y += s.height(st)
	}
	return y
}

// wrap breaks a text into lines no wider than w, between words where it can and inside a word where it must.
func (s *sheet) wrap(text string, w float64, st style) []string {
	if s.width(text, st) <= w {
		return []string{text}
	}
	var lines, words []string
	space, used := s.width(" ", st), 0.0
	for word := range strings.FieldsSeq(text) {
		advance := s.width(word, st)
		if len(words) > 0 && used+space+advance <= w {
			words = append(words, word)
			used += space + advance
			continue
		}
		if len(words) > 0 {
			lines = append(lines, strings.Join(words, " "))
		}
		pieces := s.breakWord(word, w, st)
		last := len(pieces) - 1
		lines = append(lines, pieces[:last]...)
		words, used = append(words[:0], pieces[last]), s.width(pieces[last], st)
	}
	return append(lines, strings.Join(words, " "))
}

// breakWord cuts a word into pieces no wider than w, after a separator where one is at hand; a piece has at least one
// character. Positions are often written as paths, such as FRA08/ODF-A/3/11.
func (s *sheet) breakWord(word string, w float64, st style) []string {
	var pieces []string
	widths, em := s.face.weight(st.bold), st.pt*s.scale*mmPerPoint
	start, separator, used := 0, 0, 0.0
	for i, r := range word {
		advance := widths.of(r) * em
		for i > start && used+advance > w {
			cut := i
			if separator > start {
				cut = separator
			}
			pieces = append(pieces, word[start:cut])
			start, used = cut, s.width(word[cut:i], st)
		}
		used += advance
		if strings.ContainsRune("/-_:,;.@", r) {
			separator = i + 1
		}
	}
	return append(pieces, word[start:])
}

// shrink answers the style, no smaller than floor times its size, in which a text needs at most the given lines.
func (s *sheet) shrink(text string, w float64, lines int, floor float64, st style) style {
	smallest := st.pt * floor
	for st.pt > smallest && len(s.wrap(text, w, st)) > lines {
		st.pt = max(smallest, st.pt*0.95)
	}
	return st
}

// fitLine draws a text on one line: smaller if it must be, then cut with an ellipsis. Only for text that the page
// also shows in full.
func (s *sheet) fitLine(x, y, w float64, text string, st style) {
	st = s.shrink(text, w, 1, 0.7, st)
	for runes := []rune(text); s.width(text, st) > w && len(runes) > 0; {
		runes = runes[:len(runes)-1]
		text = string(runes) + "…"
	}
	s.print(x, y, text, st)
}

// box fills a rectangle; with an edge colour it is outlined too.
func (s *sheet) box(x, y, w, h, radius float64, fill colour, edge *colour) {
	if s.dry {
		return
	}
	s.pdf.SetFillColor(fill[0], fill[1], fill[2])
	how := "F"
	if edge != nil {
		s.pdf.SetDrawColor(edge[0], edge[1], edge[2])
		s.pdf.SetLineWidth(0.25)
		how = "FD"
	}
	s.pdf.RoundedRect(x, y, w, h, radius, "1234", how)
}

// rule draws a straight line.
func (s *sheet) rule(x1, y1, x2, y2, thickness float64, c colour) {
	if s.dry {
		return
	}
	s.pdf.SetDrawColor(c[0], c[1], c[2])
	s.pdf.SetLineWidth(thickness)
	s.pdf.Line(x1, y1, x2, y2)
}
