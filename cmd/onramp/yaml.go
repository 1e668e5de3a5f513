package main

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// jsonToYAML writes JSON as YAML, with the names and the order of the JSON. The library writes for readers of YAML 1.2; many
// are of YAML 1.1, and take more than that for dates and numbers: 2026-13-40 then fails, and 12:30 is 750.
func jsonToYAML(text []byte) ([]byte, error) {
	var v any
	if err := yaml.UnmarshalWithOptions(text, &v, yaml.UseOrderedMap()); err != nil {
		return nil, err
	}
	node, err := yaml.ValueToNode(v)
	if err != nil {
		return nil, err
	}
	ast.Walk(quoter{}, node)
	return []byte(node.String() + "\n"), nil
}

// quoter has the texts quoted, of keys and values alike, that the library would write plain and not all readers read as texts.
type quoter struct{}

func (q quoter) Visit(n ast.Node) ast.Visitor {
	if text, ok := n.(*ast.StringNode); ok && ambiguous(text.Value) {
		text.Token.Type = token.DoubleQuoteType
	}
	return q
}

// likeNumber is every text that YAML 1.1 has as a number, to whatever base, a time of day or a date (its types int, float and
// timestamp), and some that it has not.
var likeNumber = regexp.MustCompile(`^[-+.]?[0-9][-+0-9a-fA-FoOxXtTzZ_:. \t]*$`)

// notNumber are the numbers without digits.
var notNumber = regexp.MustCompile(`^[-+]?\.(?i:inf|nan)$`)

// ambiguous reports whether a reader of YAML 1.1 may take a plain text for something else. The library knows the words of
// YAML 1.1 (yes, off, null) itself.
func ambiguous(text string) bool {
	switch {
	case text == "=" || text == "<<": // the types value and merge
		return true
	case strings.HasPrefix(text, "?") || strings.HasPrefix(text, "---") || strings.HasPrefix(text, "..."):
		return true
	}
	return likeNumber.MatchString(text) || notNumber.MatchString(text) || strings.ContainsFunc(text, unicode.IsControl)
}
