package conformance

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	fileInText = regexp.MustCompile(`diff_[a-z0-9_]+_test\.go`)
	testInText = regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
	testInCode = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)
	entryTitle = regexp.MustCompile(`(?m)^## (\d+)\. `)
)

// TestDivergencesArePinned holds DIVERGENCES.md and the diff_*_test.go files against each other: every file and every test
// in it is named, and what is named is there. Every entry has a number of its own and names a test.
func TestDivergencesArePinned(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "DIVERGENCES.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("diff_*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var tests []string
	for _, name := range files {
		code, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range testInCode.FindAllSubmatch(code, -1) {
			tests = append(tests, string(m[1]))
		}
	}
	same(t, "file", files, fileInText.FindAllString(string(text), -1))
	var named []string
	for _, m := range testInText.FindAllStringSubmatch(string(text), -1) {
		named = append(named, m[1])
	}
	same(t, "test", tests, named)

	entries := entryTitle.FindAllStringSubmatchIndex(string(text), -1)
	for i, at := range entries {
		end := len(text)
		if i+1 < len(entries) {
			end = entries[i+1][0]
		}
		entry := string(text[at[0]:end])
		title, _, _ := strings.Cut(entry, "\n")
		if want := "## " + strconv.Itoa(i+1) + ". "; !strings.HasPrefix(title, want) {
			t.Errorf("entry %q should begin with %q", title, want)
		}
		if !testInText.MatchString(entry) {
			t.Errorf("entry %q names no test", title)
		}
	}
}

func same(t *testing.T, what string, there, named []string) {
	t.Helper()
	for _, name := range there {
		if !slices.Contains(named, name) {
			t.Errorf("%s %s is not named in DIVERGENCES.md", what, name)
		}
	}
	for _, name := range named {
		if !slices.Contains(there, name) {
			t.Errorf("DIVERGENCES.md names %s %s, which is not there", what, name)
		}
	}
}
