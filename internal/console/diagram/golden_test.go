package diagram

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	pages  = flag.String("pages", "", "write each sample as a page into this folder, to look at")
)

// golden holds got equal to testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs; -update writes it anew (-want +got):\n%s", file, diff)
	}
}

// look writes an SVG as a page with the console's style sheets.
func look(t *testing.T, name string, svg []byte) {
	t.Helper()
	if *pages == "" {
		return
	}
	var page bytes.Buffer
	page.WriteString("<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><style>")
	for _, css := range []string{"../asset/console.css"} {
		content, err := os.ReadFile(css)
		if err != nil {
			t.Fatal(err)
		}
		page.Write(content)
	}
	page.WriteString("body{display:block;padding:1rem}</style><div class=dg-scroll>")
	page.Write(svg)
	page.WriteString("</div>")
	if err := os.WriteFile(filepath.Join(*pages, name+".html"), page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func draw(n Network, s Scope) *Picture {
	p := Arrange(n, s, sampleOptions())
	p.Describe(texts)
	return p
}

func TestPictures(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		t.Run(name, func(t *testing.T) {
			svg := draw(samples[name], Scope{}).SVG()
			wellFormed(t, svg)
			look(t, name, svg)
			golden(t, name+".svg", svg)
		})
	}
	for name, s := range map[string]Scope{
		"opened_down":      {Location: "EqDC2", Router: routers[0], State: "down"},
		"opened_available": {Location: "EqDC2", Router: routers[0], State: "available", Page: 3},
		"opened_location":  {Location: "CSNY9"},
	} {
		t.Run(name, func(t *testing.T) {
			svg := draw(samples["ten_thousand"], s).SVG()
			wellFormed(t, svg)
			look(t, name, svg)
			golden(t, name+".svg", svg)
		})
	}
}

// wellFormed reads the document as XML and looks at what a browser would do something with.
func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	ids := map[string]bool{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if name := start.Name.Local; name == "script" || name == "style" || name == "foreignObject" {
			t.Errorf("there is an element %s", name)
		}
		for _, a := range start.Attr {
			if name := a.Name.Local; name == "style" || strings.HasPrefix(name, "on") {
				t.Errorf("%s has an attribute %s=%q", start.Name.Local, name, a.Value)
			}
			if a.Name.Local == "id" && ids[a.Value] {
				t.Errorf("the ID %s is there twice", a.Value)
			}
			if a.Name.Local == "id" {
				ids[a.Value] = true
			}
		}
	}
}
