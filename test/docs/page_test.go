package docs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const folder = "../../docs"

// blocks are the fenced blocks of a page that are marked sh, which is the mark of what is to be pasted. Others show files,
// pictures and what is printed.
func blocks(t testing.TB, page string) (found []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, page))
	if err != nil {
		t.Fatal(err)
	}
	var block *strings.Builder
	for line := range strings.Lines(string(text)) {
		switch {
		case block == nil && line == "```sh\n":
			block = new(strings.Builder)
		case block != nil && line == "```\n":
			found = append(found, block.String())
			block = nil
		case block != nil:
			block.WriteString(line)
		}
	}
	if block != nil {
		t.Fatalf("%s: a block does not end", page)
	}
	return found
}

// TestPages holds every page that has something to paste to a test that runs it, and every link between pages to a page.
func TestPages(t *testing.T) {
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".md" {
			return err
		}
		page, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if len(blocks(t, page)) > 0 && !slices.Contains(pages, page) {
			t.Errorf("nobody runs the commands of %s", page)
		}
		links(t, page)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// links wants what a page links to in the repository to be there.
func links(t *testing.T, page string) {
	text, err := os.ReadFile(filepath.Join(folder, page))
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(text), "](") {
		to, _, closed := strings.Cut(part, ")")
		to, _, _ = strings.Cut(to, "#")
		if !closed || to == "" || strings.ContainsAny(to, " \n`\"'") || strings.Contains(to, "://") {
			continue
		}
		if _, err := os.Stat(filepath.Join(folder, filepath.Dir(page), to)); err != nil && strings.Contains(to, ".") {
			t.Errorf("%s links to %s, which is not there", page, to)
		}
	}
}
