// Package doctor makes something go wrong, each time something else, in a whole server with simulated routers, and holds what
// onramp doctor says of it to golden files. There is no code to import here.
package doctor

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden causes every trouble that can be caused here. A file's name is the reason that is to be found first, after an
// optional part before a dot that tells several apart.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, c.pace, c.options)
			d, err := w.Operator().Diagnose(t.Context(), c.cause(w))
			if err != nil {
				t.Fatal(err)
			}
			reason := name[strings.Index(name, ".")+1:]
			switch {
			case reason == "well" && !d.Well, reason != "well" && (d.Well || string(d.Cause.Reason) != reason):
				t.Errorf("the reason is not %s:\n%s", reason, text(d))
			}
			golden(t, name, text(d))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; -update writes it anew (-want +got):\n%s", file, diff)
	}
}

// TestFiles: there is no golden file that nobody checks.
func TestFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %d files", err, len(files))
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".golden"); cases[name].cause == nil {
			t.Errorf("%s belongs to no case", file)
		}
	}
}

// text is a diagnosis with what differs from one run to the next named by number.
func text(d directconnect.Diagnosis) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for _, c := range d.Checks {
		at := ""
		if !c.At.IsZero() {
			at = c.At.Sub(onramptest.Begin).Truncate(time.Minute).String()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", c.Outcome, numbered(c.On), c.Name, numbered(c.Seen), at, c.Reason)
	}
	_ = w.Flush()
	if d.Cause != nil {
		fmt.Fprintf(&b, "\n%s on %s\n%s\n%s\n%s\n", d.Cause.Reason, d.Cause.On, d.Cause.Means, d.Cause.Do, d.Cause.Runbook)
	}
	lines := strings.Split(numbered(b.String()), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// random are the parts of a text that are another in each run.
var random = []struct {
	pattern *regexp.Regexp
	as      string
}{
	{regexp.MustCompile(`EqDC2-[0-9a-z]{12,13}/[a-z0-9/:-]+`), "PORT"},
	{regexp.MustCompile(`EqDC2-[0-9a-z]{12,13}`), "ROUTER"},
	{regexp.MustCompile(`no light on \S+[0-9]`), "no light on PORT"},
	{regexp.MustCompile(`(dxcon|dxlag|dxvif|dxpeer|mnt)-[0-9a-z]{8}`), "$1"},
	{regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`), "GATEWAY"},
	{regexp.MustCompile(`-[2-4]\.[0-9]( to -[2-4]\.[0-9])? dBm`), "-3 dBm"},
}

func numbered(s string) string {
	for _, r := range random {
		s = r.pattern.ReplaceAllString(s, r.as)
	}
	return s
}
