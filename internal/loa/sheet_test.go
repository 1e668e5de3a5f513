package loa

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"pgregory.net/rapid"
)

func testSheet(t *testing.T) *sheet {
	t.Helper()
	face, err := loadTypeface()
	if err != nil {
		t.Fatal(err)
	}
	return &sheet{face: face, scale: 1, dry: true}
}

// longWords is a letter whose fields are 255 characters of ordinary words.
func longWords() Letter {
	l := longLetter("x")
	text := strings.Repeat("Meet-me room 2 (north), ", 11)[:longest]
	l.Requester, l.Pages[0].Facility, l.Pages[0].ConnectionName, l.Pages[0].Rack = text, text, text, text
	return l
}

func TestWrapKeepsTextAndWidth(t *testing.T) {
	t.Parallel()
	s := testSheet(t)
	rapid.Check(t, func(t *rapid.T) {
		text := s.face.printable(rapid.String().Draw(t, "text"))
		w := rapid.Float64Range(4, 100).Draw(t, "width")
		st := style{pt: rapid.Float64Range(3, 20).Draw(t, "size"), bold: rapid.Bool().Draw(t, "bold")}
		lines := s.wrap(text, w, st)
		if got, want := strings.Join(lines, ""), strings.ReplaceAll(text, " ", ""); strings.ReplaceAll(got, " ", "") != want {
			t.Fatalf("wrapping %q gave %q", text, lines)
		}
		for _, line := range lines {
			if s.width(line, st) > w+1e-6 && utf8.RuneCountInString(line) > 1 {
				t.Fatalf("line %q is %.2f mm wide, more than %.2f", line, s.width(line, st), w)
			}
		}
	})
}

func TestWrapBreaksPathsAtSeparators(t *testing.T) {
	t.Parallel()
	s := testSheet(t)
	for _, line := range s.wrap("FRA08/MMR2/ODF-A/Chassis3/Subrack2/Cassette11", 30, value)[:2] {
		if !strings.HasSuffix(line, "/") && !strings.HasSuffix(line, "-") {
			t.Errorf("a path is broken inside a name: %q", line)
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	s := testSheet(t)
	for in, want := range map[string]string{
		" a\n\tb\u00A0c ":            "a b c",
		"Sa\u0303o":                  "São",
		"a\u200B\u202E\u00ADb\x00c":  "ab c",
		"\xFF\xFEx":                  "\uFFFDx",
		"東é\U0001F680":               "\uFFFDé\uFFFD",
		strings.Repeat("é", longest): strings.Repeat("é", longest),
		strings.Repeat("é", 300):     strings.Repeat("é", longest) + "…",
	} {
		if got := s.face.printable(in); got != want {
			t.Errorf("printable(%q) is %q, want %q", in, got, want)
		}
	}
}

// TestWidthsAgreeWithTheLibrary guards the layout, which measures by itself, against another reading of the font.
func TestWidthsAgreeWithTheLibrary(t *testing.T) {
	t.Parallel()
	s := testSheet(t)
	pdf := fpdf.New("P", "mm", "A4", "")
	s.face.embed(pdf)
	for weight, widths := range map[string]*advances{"": &s.face.regular, "B": &s.face.bold} {
		pdf.SetFont(family, weight, 100)
		drawn := 0
		for r := rune(0); r <= 0xFFFF; r++ {
			em := widths.of(r)
			if em == 0 {
				continue
			}
			drawn++
			got, want := pdf.GetStringWidth(string(r)), em*100*mmPerPoint
			if math.Abs(got-want) > 0.05 {
				t.Errorf("%q %q is %.3f mm wide, the library says %.3f", r, weight, want, got)
			}
		}
		if drawn < 600 {
			t.Errorf("weight %q draws only %d characters", weight, drawn)
		}
	}
}
