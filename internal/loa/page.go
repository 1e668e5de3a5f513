package loa

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

const (
	flowTop    = 16.0
	flowBottom = 275.0 // the flowing part ends above this line, the footer lies below
	step       = 0.96  // from one scale that is tried to the next
	steps      = 26    // enough for a page with 255 wide characters in every field
)

// page is one assignment on its sheet, with the texts of the letter made printable.
type page struct {
	*sheet
	letter     Letter
	assignment Assignment
	number     int // from 1
	count      int
	replaced   bool // some text has a character that the typeface lacks
}

// drawPage adds the page of one assignment. It measures first and draws at the largest scale that fits.
func drawPage(pdf *fpdf.Fpdf, face *typeface, l Letter, index int) error {
	p := page{
		sheet:      &sheet{pdf: pdf, face: face, scale: 1, dry: true},
		letter:     printableLetter(face, l),
		assignment: printableAssignment(face, l.Pages[index]),
		number:     index + 1,
		count:      len(l.Pages),
	}
	texts := fmt.Sprint(p.assignment, p.letter.Provider, p.letter.ProviderContact, p.letter.Requester,
		p.letter.RequesterAccount, p.letter.ProviderName)
	p.replaced = strings.ContainsRune(texts, replacement)
	n := 0 // steps down from full size
	if p.flow() > flowBottom {
		n = 1 + sort.Search(steps, func(i int) bool {
			p.scale = math.Pow(step, float64(i+1))
			return p.flow() <= flowBottom
		})
	}
	if n > steps {
		return fmt.Errorf("loa: the values of page %d do not fit on it", p.number)
	}
	p.scale, p.dry = math.Pow(step, float64(n)), false
	pdf.AddPage()
	p.flow()
	p.scale = 1
	p.footer()
	return nil
}

// flow draws everything but the footer, top to bottom, and answers where it ends.
func (p *page) flow() float64 {
	y := p.letterhead(flowTop)
	y = p.title(y + p.gap(7))
	y = p.summary(y + p.gap(4))
	y = p.parties(y + p.gap(5.5))
	y = p.demarcation(y + p.gap(5.5))
	y = p.terms(y + p.gap(6))
	y = p.verification(y + p.gap(4))
	return p.replacementNote(y)
}

// letterhead is the mark, the provider's name and its contact.
func (p *page) letterhead(y float64) float64 {
	const mark = 13.0
	p.mark(left, y, mark)
	nameX := left + mark + 4.5
	name := p.shrink(p.letter.Provider, 92, 2, 0.6, style{17, true, ink})
	nameY := y
	if lines := len(p.wrap(p.letter.Provider, 92, name)); lines == 1 {
		nameY = y + (mark-p.height(name))/2
	}
	nameEnd := p.paragraph(nameX, nameY, 92, p.letter.Provider, name)

	const contactX, contactW = 138.0, right - 138.0
	contactEnd := y
	if p.letter.ProviderContact != "" {
		contactEnd = p.paragraph(contactX, y+p.gap(1), contactW, "Contact for this letter", label)
		contact := p.shrink(p.letter.ProviderContact, contactW, 3, 0.8, style{8.2, false, ink})
		contactEnd = p.paragraph(contactX, contactEnd, contactW, p.letter.ProviderContact, contact)
	}

	end := max(y+mark, nameEnd, contactEnd) + p.gap(3.5)
	p.rule(left, end, right, end, 0.7, deep)
	return end
}

// mark draws the sign of the letterhead: a lane that joins another.
func (p *page) mark(x, y, size float64) {
	if p.dry {
		return
	}
	p.box(x, y, size, size, 2.6, deep, nil)
	at := func(fx, fy float64) (float64, float64) { return x + fx*size, y + fy*size }
	p.pdf.SetLineCapStyle("round")
	p.pdf.SetDrawColor(paper[0], paper[1], paper[2])
	p.pdf.SetLineWidth(size * 0.105)
	x1, y1 := at(0.68, 0.82)
	x2, y2 := at(0.68, 0.18)
	p.pdf.Line(x1, y1, x2, y2)
	ax, ay := at(0.27, 0.82)
	bx, by := at(0.27, 0.52)
	cx, cy := at(0.62, 0.62)
	dx, dy := at(0.68, 0.30)
	p.pdf.CurveBezierCubic(ax, ay, bx, by, cx, cy, dx, dy, "D")
	p.pdf.SetLineCapStyle("butt")
}

func (p *page) title(y float64) float64 {
	y = p.paragraph(left, y, textWidth, "Letter of Authorization", style{19, true, ink})
	return p.paragraph(left, y, textWidth, "and Connecting Facility Assignment (LOA-CFA)", style{12, false, muted})
}

// summary is the tinted band: which connection, from when, until when.
func (p *page) summary(y float64) float64 {
	measured := *p
	measured.sheet = p.sheet.measure()
	end := measured.summaryText(y)
	p.box(left, y, textWidth, end-y, 1.6, tint, nil)
	p.box(left, y, 1.6, end-y, 0.8, deep, nil)
	return p.summaryText(y)
}

func (p *page) summaryText(y float64) float64 {
	const x, idW, issuedX, expiresX, dateW = left + 6, 88.0, 118.0, 156.0, 33.0
	a := p.assignment
	y += p.gap(3)
	date := style{10.5, true, ink}
	ids := p.cell(x, y, idW, "Connection ID", a.ConnectionID, style{15, true, deep})
	ends := max(ids,
		p.cell(issuedX, y, dateW, "Issued", utcDate(p.letter.Issued), date),
		p.cell(expiresX, y, dateW, "Valid until", utcDate(p.letter.Expires), date))
	y = ends + p.gap(1.6)
	name := p.cell(x, y, idW, "Connection name", a.ConnectionName, value)
	member := emDash
	if a.LagID != emDash {
		member = a.LagID
		if p.count > 1 {
			member = fmt.Sprintf("%s, member %d of %d", a.LagID, p.number, p.count)
		}
	}
	return max(name, p.cell(issuedX, y, right-issuedX-4, "Link aggregation group", member, value)) + p.gap(3)
}

// cell is a small label above its value and answers where it ends.
func (p *page) cell(x, y, w float64, name, text string, st style) float64 {
	y = p.paragraph(x, y, w, name, label)
	return p.paragraph(x, y, w, text, p.shrink(text, w, 2, 0.8, st))
}

// parties sets who may order beside where.
func (p *page) parties(y float64) float64 {
	const column = textWidth/2 - 4
	const second = left + textWidth/2 + 4
	strong := style{10.5, true, ink}
	l, a := p.letter, p.assignment

	who := p.section(left, y, column, "Authorized party")
	who = p.paragraph(left, who, column, l.Requester, p.shrink(l.Requester, column, 2, 0.85, strong))
	who = p.pair(left, who+p.gap(0.8), column, "Account", l.RequesterAccount)
	who = p.pair(left, who, column, "Network provider", l.ProviderName)

	where := p.section(second, y, column, "Facility")
	where = p.paragraph(second, where, column, a.Facility, p.shrink(a.Facility, column, 2, 0.85, strong))
	where += p.gap(0.8)
	for _, text := range a.Address {
		where = p.paragraph(second, where, column, text, p.shrink(text, column, 2, 0.85, value))
	}
	where = p.pair(second, where+p.gap(0.8), column, "Location code", a.LocationCode)
	return max(who, where)
}

// section prints a heading with a line under it and answers where its content starts.
func (p *page) section(x, y, w float64, name string) float64 {
	y = p.paragraph(x, y, w, name, style{9.5, true, deep})
	y += p.gap(0.6)
	p.rule(x, y, x+w, y, 0.3, line)
	return y + p.gap(1.6)
}

// pair is a label and its value on one line.
func (p *page) pair(x, y, w float64, name, text string) float64 {
	const labelW = 29.0
	p.print(x, y+p.gap(0.5), name, style{8, false, muted})
	return p.paragraph(x+labelW, y, w-labelW, text, p.shrink(text, w-labelW, 2, 0.8, value))
}

// footer repeats what ties a loose page to its letter.
func (p *page) footer() {
	const y = 282.5
	small := style{7, false, muted}
	p.rule(left, y-2, right, y-2, 0.3, line)
	p.fitLine(left, y, 120, p.letter.Provider+"  ·  LOA-CFA "+p.assignment.ConnectionID+"  ·  issued "+utcDate(p.letter.Issued), small)
	number := fmt.Sprintf("Page %d of %d", p.number, p.count)
	p.print(right-p.width(number, small), y, number, small)
}

// replacementNote explains the replacement character where the page shows one.
func (p *page) replacementNote(y float64) float64 {
	if !p.replaced {
		return y
	}
	const note = "\uFFFD stands for a character that this letter's typeface does not have. The properties of this PDF " +
		"(title, author and subject) hold the names of the parties, the facility and the connection in full."
	return p.paragraph(left, y+p.gap(2), textWidth, note, label)
}

func utcDate(t time.Time) string { return t.UTC().Format("2 January 2006") }
