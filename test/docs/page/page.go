// Package page reads the pages in docs/ and runs what they say is to be pasted: their fenced blocks that are marked sh, as
// a reader would paste them into a shell, one after the other. Other blocks show files, pictures and what is printed, and
// are run by nobody.
package page

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Here are the pages that want nothing of the machine but programs: each is run on it by package docs.
var Here = []string{"start.md", "handbook.md", "audit.md", "backup.md", "events.md", "maintenance.md"}

// Machine are the pages that change the machine: each is run by package machine on one of its own.
var Machine = []string{"lab-one-link.md", "lab-lag-macsec.md", "lab-failover.md", "console.md", "routers.md", "install.md"}

// follows are pages that go on where another ends, before that one cleans up in its last block.
var follows = map[string]string{"audit.md": "start.md", "backup.md": "start.md", "events.md": "start.md", "maintenance.md": "start.md"}

// Folder is where the pages are.
func Folder(t testing.TB) string {
	t.Helper()
	top, err := os.Getwd()
	for ; err == nil && top != "/"; top = filepath.Dir(top) {
		if _, missing := os.Stat(filepath.Join(top, "go.mod")); missing == nil {
			return filepath.Join(top, "docs")
		}
	}
	t.Fatalf("no go.mod above this folder: %v", err)
	return ""
}

// Read is the text of a page, by its name in the folder of the pages.
func Read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(Folder(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Blocks are what is to be pasted of a page.
func Blocks(t testing.TB, name string) (found []string) {
	t.Helper()
	var block *strings.Builder
	for line := range strings.Lines(Read(t, name)) {
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
		t.Fatalf("%s: a block does not end", name)
	}
	return found
}

// script is all that is to be pasted for a page.
func script(t testing.TB, name string) (string, error) {
	blocks := Blocks(t, name)
	if len(blocks) == 0 {
		return "", fmt.Errorf("%s has nothing to paste", name)
	}
	before, ok := follows[name]
	if !ok {
		return strings.Join(blocks, ""), nil
	}
	if !strings.Contains(Read(t, name), "]("+before+")") {
		return "", fmt.Errorf("%s goes on where %s ends, and does not link to it", name, before)
	}
	first := Blocks(t, before)
	return strings.Join(first[:len(first)-1], "") + strings.Join(blocks, ""), nil
}
