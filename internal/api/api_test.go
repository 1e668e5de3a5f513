package api_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onramp/internal/api"
)

func TestOperationsAreSorted(t *testing.T) {
	t.Parallel()
	sorted := slices.IsSortedFunc(api.Operations, func(a, b api.Operation) int { return strings.Compare(a.Name, b.Name) })
	if !sorted {
		t.Error("api.Operations is not sorted by name")
	}
	if len(api.Operations) < 73 {
		t.Errorf("%d operations, want at least the 73 of November 2026", len(api.Operations))
	}
}

// The SDK feeds the generator and the tests; the server must not carry it.
func TestImportsOnlyTheStandardLibrary(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range file.Imports {
			path := strings.Trim(imported.Path.Value, `"`)
			if strings.Contains(path, ".") || strings.HasPrefix(path, "onramp/") {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}
