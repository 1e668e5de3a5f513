package loa

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// pdftotext runs poppler's extractor over a letter and answers what it prints.
func pdftotext(t *testing.T, l Letter, flags ...string) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: pdftotext (Debian: poppler-utils) is not installed; the text of the letter was not read back")
	}
	file := filepath.Join(t.TempDir(), "loa.pdf")
	if err := os.WriteFile(file, mustRender(t, l), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), tool, append(flags, file, "-")...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// pageTexts answers the text of each page with single spaces.
func pageTexts(t *testing.T, l Letter) []string {
	t.Helper()
	var pages []string
	for i := range l.Pages {
		n := strconv.Itoa(i + 1)
		pages = append(pages, strings.Join(strings.Fields(pdftotext(t, l, "-layout", "-f", n, "-l", n)), " "))
	}
	return pages
}

// fill gives each text field of a struct a value of its own and answers the values.
func fill(target any, suffix string) []string {
	var values []string
	v := reflect.ValueOf(target).Elem()
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.String {
			v.Field(i).SetString(v.Type().Field(i).Name + suffix)
			values = append(values, v.Field(i).String())
		}
	}
	return values
}

func TestEveryFieldIsOnItsPage(t *testing.T) {
	t.Parallel()
	l := sampleLetter(2)
	shared := append(fill(&l, "~letter"), "23 November 2026", "21 February 2027", "(90 days)")
	own := [][]string{fill(&l.Pages[0], "~a"), fill(&l.Pages[1], "~b")}
	l.Pages[0].Address = []string{"Street~a", "Town~a"}
	l.Pages[1].Address = []string{"Street~b", "Town~b"}
	for i, text := range pageTexts(t, l) {
		n := strconv.Itoa(i + 1)
		want := append([]string{"Page " + n + " of 2", "member " + n + " of 2"}, shared...)
		want = append(append(want, own[i]...), l.Pages[i].Address...)
		for _, v := range append(want, "onramp loa verify "+l.Pages[i].VerificationCode) {
			if !strings.Contains(text, v) {
				t.Errorf("page %s does not show %q", n, v)
			}
		}
		for _, v := range own[1-i] {
			if strings.Contains(text, v) {
				t.Errorf("page %s shows %q of the other page", n, v)
			}
		}
		a := l.Pages[i]
		for name, v := range map[string]string{
			"Building": a.Building, "Room": a.Room, "Cage": a.Cage, "Rack": a.Rack, "Panel": a.Panel, "Port": a.Port,
			"Strands": a.Strands, "Connector": a.Connector, "Media": a.Media, "Speed": a.Speed, "Optic": a.Optic,
		} {
			if !strings.Contains(text, name+" "+v) {
				t.Errorf("page %s: the table does not show %s as %q", n, name, v)
			}
		}
	}
}

func TestEmptyFieldsAreDashes(t *testing.T) {
	t.Parallel()
	l := Letter{Issued: sampleLetter(1).Issued, Expires: sampleLetter(1).Expires, Pages: make([]Assignment, 1)}
	l.Pages[0].Room = " \t\u200B\n "
	text := pageTexts(t, l)[0]
	for _, name := range []string{"Building", "Room", "Cage", "Rack", "Panel", "Port", "Strands", "Connector", "Media",
		"Speed", "Optic", "Router", "Account", "Network provider", "Location code"} {
		if !strings.Contains(text, name+" "+emDash) {
			t.Errorf("an empty %s is not shown as a dash", name)
		}
	}
}

func TestAlphabets(t *testing.T) {
	t.Parallel()
	l := sampleLetter(1)
	l.Requester = "Łódź Δίκτυα Сеть"
	l.Pages[0].Facility = "Sa\u0303o Paulo {nb} (\\) <b>"
	if text := pageTexts(t, l)[0]; !strings.Contains(text, l.Requester) || !strings.Contains(text, "São Paulo {nb} (\\) <b>") ||
		strings.Contains(text, "stands for a character") {
		t.Errorf("a name in Latin, Greek or Cyrillic is not shown as it is: %s", text)
	}
	l.Requester = "東京 Freight \U0001F680"
	l.Pages[0].Cage = "C\u202E7\xFF" // an override of direction, and a byte that is not UTF-8
	text := pageTexts(t, l)[0]
	for _, want := range []string{"\uFFFD\uFFFD Freight \uFFFD", "Cage C7\uFFFD", "\uFFFD stands for a character"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
}

// word is one box of pdftotext -bbox, in points.
type word struct {
	XMin float64 `xml:"xMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMin float64 `xml:"yMin,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

// TestNothingOverflows reads back where each word stands, for letters with 255 wide characters in every field.
func TestNothingOverflows(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]Letter{
		"ordinary": sampleLetter(2), "wide": longLetter("W"), "words": longWords(), "replaced": longLetter("東"),
	} {
		out := pdftotext(t, l, "-bbox")
		boxes := regexp.MustCompile(`<word [^>]*>[^<]*</word>`).FindAllString(out, -1)
		if len(boxes) < 100 {
			t.Fatalf("%s: only %d words found", name, len(boxes))
		}
		for _, box := range boxes {
			var w word
			if err := xml.Unmarshal([]byte(box), &w); err != nil {
				t.Fatal(err)
			}
			const slack, bottom = 0.3, 290.0
			if w.XMin*mmPerPoint < left-slack || w.XMax*mmPerPoint > right+slack || w.YMin < 0 || w.YMax*mmPerPoint > bottom {
				t.Errorf("%s: %q lies outside the margins: %+v", name, w.Text, w)
			}
		}
	}
}
