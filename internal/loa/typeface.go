package loa

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

const (
	family      = "go" // the Go fonts, by Bigelow & Holmes, under the licence of Go itself
	replacement = unicode.ReplacementChar
	emDash      = "\u2014"
	longest     = 255 // characters of one value; the longest name a resource can have
)

// typeface knows the widths of both weights, so that a page is laid out before anything is drawn.
type typeface struct {
	regular, bold advances
}

// advances holds the width in ems of each rune of the Basic Multilingual Plane. The rest of Unicode is left out because
// the PDF library's text encoding ends there. A rune of width 0 cannot be drawn.
type advances [0x10000]float32

func (a *advances) of(r rune) float64 {
	if r < 0 || int(r) >= len(a) {
		return 0
	}
	return float64(a[r])
}

// loadTypeface reads the widths once for the process; it fails only if the fonts linked in are unreadable.
var loadTypeface = sync.OnceValues(func() (*typeface, error) {
	t := new(typeface)
	if err := t.regular.read(goregular.TTF); err != nil {
		return nil, err
	}
	if err := t.bold.read(gobold.TTF); err != nil {
		return nil, err
	}
	return t, nil
})

// read takes the widths from a TrueType font.
func (a *advances) read(ttf []byte) error {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		return fmt.Errorf("loa: reading the font: %w", err)
	}
	var buf sfnt.Buffer
	em := fixed.I(int(f.UnitsPerEm()))
	for r := rune(' '); r <= unicode.ReplacementChar; r++ {
		glyph, err := f.GlyphIndex(&buf, r)
		if err != nil {
			return fmt.Errorf("loa: reading the font: %w", err)
		}
		if glyph == 0 {
			continue
		}
		advance, err := f.GlyphAdvance(&buf, glyph, em, font.HintingNone)
		if err != nil {
			return fmt.Errorf("loa: reading the font: %w", err)
		}
		a[r] = float32(advance) / float32(em)
	}
	return nil
}

// embed adds both weights to the document. The library writes into the font bytes while it cuts out the characters
// that are used, so each document gets a copy of its own.
func (t *typeface) embed(pdf *fpdf.Fpdf) {
	pdf.AddUTF8FontFromBytes(family, "", bytes.Clone(goregular.TTF))
	pdf.AddUTF8FontFromBytes(family, "B", bytes.Clone(gobold.TTF))
}

// weight answers the widths of one weight.
func (t *typeface) weight(bold bool) *advances {
	if bold {
		return &t.bold
	}
	return &t.regular
}

// printable turns any text into one line that the typeface can draw: accents composed, white space single, invisible
// and direction-changing characters dropped (a letter must read the way it is stored), the rest replaced visibly.
func (t *typeface) printable(text string) string {
	var b strings.Builder
	for i, r := range []rune(norm.NFC.String(strings.ToValidUTF8(text, string(replacement)))) {
		if i == longest {
			b.WriteRune('…')
			break
		}
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			b.WriteByte(' ')
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		case t.regular.of(r) > 0 && t.bold.of(r) > 0:
			b.WriteRune(r)
		default:
			b.WriteRune(replacement)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// orDash is printable, with an em dash for nothing.
func (t *typeface) orDash(text string) string {
	if shown := t.printable(text); shown != "" {
		return shown
	}
	return emDash
}

// metadata encodes a document property as PDF wants it: UTF-16, big end first, with a mark (ISO 32000-1, 7.9.2.2).
// The library's own conversion stops at the Basic Multilingual Plane.
func metadata(text string) string {
	out := []byte{0xFE, 0xFF}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit>>8), byte(unit))
	}
	return string(out)
}
