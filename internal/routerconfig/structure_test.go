package routerconfig

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The systems without a program to check with: at least the shape of their texts, for generated interfaces.

func TestShapes(t *testing.T) {
	t.Parallel()
	shapes := map[string]func(*rapid.T, string){
		"ios.tmpl": indented(1), "nxos.tmpl": indented(2), "junos.tmpl": junosShape,
		"panos.tmpl": setShape(panosLine), "vyos.tmpl": setShape(vyosLine), "frr.tmpl": indented(1), "bird.tmpl": nil,
	}
	rapid.Check(t, func(t *rapid.T) {
		i := anyInterface(tameKey, true).Draw(t, "interface")
		for _, r := range Routers {
			text := mustRender(t, r, i)
			shape, ok := shapes[systems[r.XsltTemplateName].template]
			if !ok {
				t.Fatalf("%s: no shape", r.RouterTypeIdentifier)
			}
			if shape != nil {
				shape(t, text)
			}
			namesHold(t, text)
		}
	})
}

// indented is the shape of a configuration whose blocks are indented by n blanks, one more level at a time, and that has
// no comment inside a line.
func indented(n int) func(*rapid.T, string) {
	return func(t *rapid.T, text string) {
		before := 0
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			words := strings.TrimLeft(line, " ")
			depth := len(line) - len(words)
			if words == "" || depth%n != 0 || depth > before+n && words[0] != '!' {
				t.Fatalf("line %q after depth %d", line, before)
			}
			if words[0] != '!' {
				before = depth
			}
		}
	}
}

var (
	panosLine = regexp.MustCompile(`^set (deviceconfig setting|network interface|network virtual-router|network profiles|import network|zone) [^"]+("[^"]+")?$`)
	vyosLine  = regexp.MustCompile(`^set (interfaces ethernet|policy prefix-list6?|protocols (bgp|bfd|static)) [^']+('[^']+')?$`)
)

func setShape(shape *regexp.Regexp) func(*rapid.T, string) {
	return func(t *rapid.T, text string) {
		seen := map[string]bool{}
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			if !shape.MatchString(line) || strings.Contains(line, "  ") {
				t.Fatalf("line %q", line)
			}
			if seen[line] {
				t.Fatalf("line twice: %q", line)
			}
			seen[line] = true
		}
	}
}

var (
	junosComment   = regexp.MustCompile(`(?s)/\*.*?\*/`)
	junosString    = regexp.MustCompile(`"(\\.|[^"\\])*"`)
	junosStatement = regexp.MustCompile(`^[a-z][a-zA-Z0-9./:_ -]*$`)
)

// junosShape reads statements and blocks: each statement ends in a semicolon, no block is empty, all are closed.
func junosShape(t *rapid.T, text string) {
	text = junosString.ReplaceAllString(junosComment.ReplaceAllString(text, ""), "string")
	var open []int // statements in each open block
	open = append(open, 0)
	statement := ""
	for _, c := range text {
		switch c {
		case '{', ';':
			if s := strings.TrimSpace(statement); !junosStatement.MatchString(strings.ReplaceAll(s, "\n", "|")) {
				if !strings.HasPrefix(s, "xe-0/0/0") && !strings.HasPrefix(s, "DX") {
					t.Fatalf("statement %q", s)
				}
			}
			open[len(open)-1]++
			if statement = ""; c == '{' {
				open = append(open, 0)
			}
		case '}':
			if strings.TrimSpace(statement) != "" || len(open) == 1 || open[len(open)-1] == 0 {
				t.Fatalf("block closed after %q with %v", statement, open)
			}
			open = open[:len(open)-1]
		default:
			statement += string(c)
		}
	}
	if len(open) != 1 || strings.TrimSpace(statement) != "" {
		t.Fatalf("%d blocks left open, %q left over", len(open)-1, statement)
	}
}

var filterName = regexp.MustCompile(`DXVIF-[A-Z0-9]+-IPV[46]-(IN|OUT)`)

// namesHold: each prefix filter is defined and used, outside of comments.
func namesHold(t *rapid.T, text string) {
	defined, used := map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(junosComment.ReplaceAllString(text, "")) {
		words := strings.TrimSpace(line)
		if name := filterName.FindString(words); name != "" && !strings.ContainsAny(words[:1], "!#") {
			if strings.Contains(words, "deny") || strings.Contains(words, "action") || strings.HasPrefix(words, "policy-statement") {
				defined[name] = true
			}
			if strings.HasPrefix(words, "neighbor") || strings.HasPrefix(words, "prefix-list") || strings.HasPrefix(words, "import") ||
				strings.HasPrefix(words, "export") || strings.Contains(words, "port "+name) {
				used[name] = true
			}
		}
	}
	for name := range used {
		if !defined[name] {
			t.Fatalf("%s is used and not defined in\n%s", name, text)
		}
	}
	if len(used) != len(defined) {
		t.Fatalf("filters defined %v, used %v, in\n%s", defined, used, text)
	}
}
