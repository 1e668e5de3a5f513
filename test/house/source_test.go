package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing"
)

// A source is one Go file of the repository.
type source struct {
	path      string // slash separated, from the top of the repository
	lines     int
	generated bool // its name ends in _gen.go or _gen_test.go, or it opens with the standard generated mark
	test      bool // _test.go
	syntax    *ast.File
}

// read parses every Go file of a tree. It leaves out what is not source of
// the project: hidden folders, testdata, build output.
func read(t *testing.T, tree fs.FS) []source {
	t.Helper()
	var sources []source
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") ||
				base == "testdata" || base == "vendor" || name == "bin" || name == "dist") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(base, ".go"), "_test")
		sources = append(sources, source{
			path:      name,
			lines:     bytes.Count(text, []byte("\n")),
			generated: strings.HasSuffix(stem, "_gen") || ast.IsGenerated(syntax),
			test:      strings.HasSuffix(base, "_test.go"),
			syntax:    syntax,
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// folder is the package's folder; "." for the top of the repository.
func (s source) folder() string { return path.Dir(s.path) }

// imports returns the import paths of the file.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.syntax.Imports {
		if imported, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, imported)
		}
	}
	return paths
}

// uses reports whether the file mentions name of the imported package, as
// time.Sleep is mentioned by uses("time", "Sleep").
func (s source) uses(imported, name string) bool {
	local := ""
	for _, spec := range s.syntax.Imports {
		if spec.Path.Value == strconv.Quote(imported) {
			local = path.Base(imported)
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	if local == "" {
		return false
	}
	found := false
	ast.Inspect(s.syntax, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok && selector.Sel.Name == name {
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == local {
				found = true
			}
		}
		return !found
	})
	return found
}
