package wholefile

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// alone fails if a folder has more than one file, or others may read it.
func alone(t *testing.T, path string) {
	t.Helper()
	names, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(names) != 1 {
		t.Errorf("the folder has %v (%v)", names, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Error(err)
	} else if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, content := range []string{"one", "", "another"} {
		if err := Replace(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != content {
			t.Errorf("%q, want %q", got, content)
		}
		alone(t, path)
	}
	taken := filepath.Join(t.TempDir(), "folder")
	if err := os.MkdirAll(filepath.Join(taken, "in it"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Replace(taken, []byte("x")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(taken), ".onramp-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	var all sync.WaitGroup
	for _, content := range strings.Split("a b c d e f g h", " ") {
		all.Go(func() {
			if err := Create(path, []byte(content)); err != nil {
				t.Error(err)
			}
			if first, err := os.ReadFile(path); err != nil || len(first) != 1 {
				t.Errorf("%q (%v)", first, err)
			}
		})
	}
	all.Wait()
	first := read(t, path)
	if err := Create(path, []byte("late")); err != nil || read(t, path) != first {
		t.Errorf("%v, and there is %q instead of %q", err, read(t, path), first)
	}
	alone(t, path)
}

func TestSweep(t *testing.T) {
	folder := t.TempDir()
	folder = filepath.Join(folder, "[a]*") // no pattern
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"own", ".onramp-token-123"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Sweep(folder); err != nil {
		t.Fatal(err)
	}
	alone(t, filepath.Join(folder, "own"))
}
