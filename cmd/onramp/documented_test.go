package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const repository = "../../"

// unrun are the blocks that no test runs, by their page and how they begin, and why. It is to stay short: what a reader is to
// type belongs in a block that is run.
var unrun = map[string]string{
	"README.md: go run ./cmd/onramp serve":             "is go build, as test/clients does it, and onramp serve, which it runs",
	"docs/events.md: {":                                "an event, as it is printed",
	"docs/install.md: docker build ":                   "asks for a container engine, which the tests' machine has not",
	"docs/install.md: helm install ":                   "asks for a cluster",
	"docs/lab-one-link.md: apt install ":               "is what scripts/install-test-deps installs; tests have no network",
	"docs/metrics.md: scrape_configs:":                 "a part of Prometheus's settings",
	"docs/performance.md: make bench ":                 "measures, for minutes; nothing is right or wrong",
	"docs/performance.md: go run ./test/bench ":        "measures",
	"docs/performance.md: scripts/bench-console ":      "measures",
	"docs/performance.md: make bench-fabric ":          "measures",
	"docs/performance.md: go test ./test/conformance ": "measures",
}

// ranBy are the tests that run indented blocks, by page or folder, and the heading that these are under; and what shows in the
// test's source that it does.
var ranBy = []struct{ page, heading, test, shows string }{
	{"README.md", "A first order", "test/clients/readme_test.go", `blocks(text, "A first order")`},
	{"README.md", "Play the provider", "test/clients/readme_test.go", `blocks(text, "Play the provider")`},
	{"README.md", "Who may do what", "test/clients/readme_test.go", `blocks(text, "Who may do what")`},
	{"docs/runbooks/", "How to check", "test/doctor/runbook_test.go", `b.commands(t, "How to check")`},
	{"docs/runbooks/", "How to fix it", "test/doctor/runbook_test.go", `b.commands(t, "How to fix it")`},
}

// block is a text of a page that is set apart: by an indent, or by a fence.
type block struct {
	page, heading, fence, text string
}

// blocksOf reads a page.
func blocksOf(page, text string) (found []block) {
	heading, fence, fenced, before := "", "", false, ""
	open := false // the last block is still going on
	for line := range strings.Lines(text) {
		mark, isFence := strings.CutPrefix(line, "```")
		code, indented := strings.CutPrefix(line, "    ")
		switch {
		case isFence && !fenced:
			fenced, fence = true, strings.TrimSpace(mark)
			found = append(found, block{page, heading, fence, ""})
		case isFence:
			fenced, open = false, false
		case fenced:
			found[len(found)-1].text += line
		case indented && (open || strings.TrimSpace(before) == ""):
			if !open {
				found = append(found, block{page, heading, "", ""})
			}
			open = true
			found[len(found)-1].text += code
		case strings.TrimSpace(line) != "":
			open = false
			if name, ok := strings.CutPrefix(line, "## "); ok {
				heading = strings.TrimSpace(name)
			}
		}
		before = line
	}
	return found
}

// ran tells whether a test runs a block, or it is a picture.
func (b block) ran() bool {
	if b.fence == "mermaid" {
		return true
	}
	if b.fence != "" {
		return b.fence == "sh" && b.page != "README.md" // test/docs holds every page with such blocks to a test
	}
	for _, r := range ranBy {
		if strings.HasPrefix(b.page, r.page) && b.heading == r.heading {
			for line := range strings.Lines(b.text) {
				if strings.HasSuffix(r.page, "/") && !strings.HasPrefix(line, "onramp ") {
					return false // of a runbook the program's commands are run, and no others
				}
			}
			return true
		}
	}
	return false
}

// TestDocumentedCommands: everything in the README and in docs/ that is set apart is run by a test, or is on the list of what
// is not; and the commands that a sentence speaks of are there, with their flags.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	listed, mentions := map[string]bool{}, 0
	for _, page := range documents(t) {
		text, err := os.ReadFile(repository + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocksOf(page, string(text)) {
			if begins := b.listed(); begins != "" {
				listed[begins] = true
			} else if !b.ran() {
				first, _, _ := strings.Cut(b.text, "\n")
				t.Errorf("%s: nobody runs the block that begins with %q, under %q", page, first, b.heading)
			}
		}
		for _, m := range regexp.MustCompile("`(onramp [a-z][^`\n]*)`").FindAllStringSubmatch(string(text), -1) {
			if mentions++; !exists(m[1]) {
				t.Errorf("%s: there is no %q", page, m[1])
			}
		}
	}
	if len(listed) != len(unrun) || mentions < 100 {
		t.Errorf("%d of the %d blocks that nobody runs were found, and %d commands in sentences", len(listed), len(unrun), mentions)
	}
	for _, r := range ranBy {
		if source, err := os.ReadFile(repository + r.test); err != nil || !strings.Contains(string(source), r.shows) {
			t.Errorf("%s does not have %s: %v", r.test, r.shows, err)
		}
	}
}

// listed is the entry of unrun that a block is under.
func (b block) listed() string {
	for begins := range unrun {
		if strings.HasPrefix(b.page+": "+b.text, begins) {
			return begins
		}
	}
	return ""
}

func documents(t *testing.T) []string {
	t.Helper()
	pages := []string{"README.md"}
	err := filepath.WalkDir(repository+"docs", func(path string, _ os.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			pages = append(pages, strings.TrimPrefix(filepath.ToSlash(path), repository))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// exists tells whether there is such a command with those flags, of which a sentence need not give the values.
func exists(line string) bool {
	words := strings.Fields(quotedWord.ReplaceAllString(line, "x"))[1:]
	cmd, rest, err := newRoot().Find(words)
	if err != nil || len(words) == len(rest) {
		return false
	}
	cmd.InitDefaultHelpFlag()
	for _, word := range rest {
		name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if strings.HasPrefix(word, "--") && cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil {
			return false
		}
	}
	return len(rest) == 0 || !cmd.HasAvailableSubCommands()
}
