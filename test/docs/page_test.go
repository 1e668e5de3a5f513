package docs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onramp/test/docs/page"
)

// TestPages holds every page that has something to paste to a test that runs it, and every link between pages to a page.
func TestPages(t *testing.T) {
	t.Parallel()
	machine, err := os.ReadFile("machine/machine_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range page.Machine {
		if !strings.Contains(string(machine), `(t, "`+name+`"`) {
			t.Errorf("package machine does not run %s", name)
		}
	}
	folder := page.Folder(t)
	err = filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".md" {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if len(page.Blocks(t, name)) > 0 && !slices.Contains(page.Here, name) && !slices.Contains(page.Machine, name) {
			t.Errorf("nobody runs the commands of %s", name)
		}
		links(t, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// links wants what a page links to in the repository to be there.
func links(t *testing.T, name string) {
	for part := range strings.SplitSeq(page.Read(t, name), "](") {
		to, _, closed := strings.Cut(part, ")")
		to, _, _ = strings.Cut(to, "#")
		if !closed || to == "" || strings.ContainsAny(to, " \n`\"'") || strings.Contains(to, "://") {
			continue
		}
		if _, err := os.Stat(filepath.Join(page.Folder(t), filepath.Dir(name), to)); err != nil && strings.Contains(to, ".") {
			t.Errorf("%s links to %s, which is not there", name, to)
		}
	}
}
