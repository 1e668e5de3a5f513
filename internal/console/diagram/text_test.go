package diagram

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func parseQuery(q string) (url.Values, error) { return url.ParseQuery(q) }

// No text is wider than the room it has, by the widths that boxes are made for, and what fits stays as it is.
func TestTextFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		room := rapid.Float64Range(40, 300).Draw(t, "room")
		got := fit(s, titleSize, room)
		if w := width(got, titleSize); w > room {
			t.Fatalf("%q is %.1f wide in %.1f", got, w, room)
		}
		if width(s, titleSize) <= room && got != s {
			t.Fatalf("%q fits, and became %q", s, got)
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Fatalf("%q is cut inside a letter: %q", s, got)
		}
	})
}

func TestLongNamesAreCut(t *testing.T) {
	for _, name := range []string{strings.Repeat("W", 255), strings.Repeat("接", 255), strings.Repeat("i", 255), strings.Repeat("Щ", 255)} {
		c := port(0, "available")
		p := Arrange(Network{Carriers: []Carrier{c}}, Scope{}, sampleOptions())
		p.Describe(map[string]Text{c.ID: {Title: name}})
		svg := string(p.SVG())
		if !strings.Contains(svg, "<title>"+name+", connection "+c.ID) {
			t.Error("the title does not tell the whole name")
		}
		if n := strings.Count(svg, ">"+name); n != 1 {
			t.Errorf("the whole name is there %d times", n)
		}
	}
}

func TestNamesAreText(t *testing.T) {
	c := port(0, "available")
	p := Arrange(Network{Carriers: []Carrier{c}}, Scope{}, sampleOptions())
	p.Describe(map[string]Text{c.ID: {Title: `<script>"&'`, Detail: "</svg>", Tip: "<b>"}})
	svg := p.SVG()
	wellFormed(t, svg)
	if strings.Contains(string(svg), "<script") || strings.Contains(string(svg), "<b>") {
		t.Errorf("a name is markup: %s", svg)
	}
}

// What is known of an interface or a carrier is written in full, on two lines where one is too narrow; so is a location's code.
func TestDetailsAreNotCut(t *testing.T) {
	for name, n := range samples {
		for _, s := range draw(n, Scope{}).Shapes {
			if written := strings.Join(s.details(), " "); written != s.Detail {
				t.Errorf("%s: of %q %q is written", name, s.Detail, written)
			}
		}
	}
	c := port(0, "available")
	p := Arrange(Network{Carriers: []Carrier{c}, Riders: []Rider{rides(1, c, "available", "")}}, Scope{}, sampleOptions())
	id := "dxvif-fh000001"
	p.Describe(map[string]Text{id: {Title: "to the core", Detail: "BGP 10/12, VLAN 4094"}})
	for _, s := range p.Shapes {
		if s.key == id && (len(s.details()) != 2 || s.H != boxHeight+lineRoom) {
			t.Errorf("%q is %v high", s.details(), s.H)
		}
	}
}

func TestLines(t *testing.T) {
	for text, want := range map[string][]string{
		"down": {"down"}, "available, BGP 1/1, VLAN 101": {"available, BGP 1/1,", "VLAN 101"},
		"available, " + strings.Repeat("x", 60): {"available,", strings.Repeat("x", 21) + dots}, strings.Repeat("x", 60): {strings.Repeat("x", 21) + dots},
	} {
		if diff := cmp.Diff(want, lines(text, detailSize, 156)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}
