package need

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// wellKnown are folders, as glob patterns, in which Debian and other systems
// keep programs that are not in everyone's PATH. Of several matches the last
// in lexical order comes first, so that the newest PostgreSQL wins.
var wellKnown = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/lib/frr",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/sbin",
	"/sbin",
	"/usr/bin",
}

// Program returns the absolute path of the first of names that is found, in
// PATH or in a folder well known for it. If there is none the test ends as by
// Missing.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	path, ok := Find(names...)
	if !ok {
		Missing(t, fmt.Sprintf("no program %s on this machine; scripts/install-test-deps installs what the tests use",
			strings.Join(names, " or ")))
	}
	return path
}

// Find returns the absolute path of the first of names that is found, and
// whether one was.
func Find(names ...string) (string, bool) {
	for _, name := range names {
		for _, path := range candidates(name) {
			return path, true
		}
	}
	return "", false
}

// candidates lists every executable file called name: those in PATH, in
// order, and then those in the well known folders.
func candidates(name string) []string {
	folders := filepath.SplitList(os.Getenv("PATH"))
	for _, pattern := range wellKnown {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue // a malformed pattern matches nothing
		}
		for i := len(found) - 1; i >= 0; i-- {
			folders = append(folders, found[i])
		}
	}
	var paths []string
	for _, folder := range folders {
		path, err := filepath.Abs(filepath.Join(folder, name))
		if err != nil {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			paths = append(paths, path)
		}
	}
	return paths
}

// AWSCLI returns the first AWS CLI that starts: the one first in PATH, or, if
// that one is broken, a later one or Debian's.
func AWSCLI(t testing.TB) string {
	t.Helper()
	path, ok := firstThatRuns(t, []string{"aws"}, "--version")
	if !ok {
		Missing(t, "no working AWS CLI (Debian package awscli)")
	}
	return path
}

// Python returns the first Python 3 interpreter that can import all of
// modules.
func Python(t testing.TB, modules ...string) string {
	t.Helper()
	program := "pass"
	if len(modules) > 0 {
		program = "import " + strings.Join(modules, ", ")
	}
	path, ok := firstThatRuns(t, []string{"python3", "python"}, "-c", program)
	if !ok {
		Missing(t, fmt.Sprintf("no Python 3 that can import %s (Debian: python3-NAME)", strings.Join(modules, ", ")))
	}
	return path
}

// firstThatRuns returns the first candidate of names that, run with args,
// exits with status 0.
func firstThatRuns(t testing.TB, names []string, args ...string) (string, bool) {
	t.Helper()
	for _, name := range names {
		for _, path := range candidates(name) {
			if err := exec.CommandContext(t.Context(), path, args...).Run(); err == nil {
				return path, true
			}
		}
	}
	return "", false
}
