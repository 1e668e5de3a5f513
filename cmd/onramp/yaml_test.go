package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// yaml11 are the patterns by which YAML 1.1 has plain texts for something else than texts (yaml.org/type: bool, int, float,
// null, timestamp, merge, value).
var yaml11 = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF`,
	`[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+`,
	`[-+]?(?:[0-9][0-9_]*)?\.[0-9.]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)`,
	`~|null|Null|NULL|`,
	`[0-9]{4}-[0-9]{2}-[0-9]{2}`,
	`[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?`,
	`<<|=`,
}, `|`) + `)$`)

// TestYAMLReaders: no text is written plain that a reader of YAML 1.1 takes for something else, and each is read as it was.
func TestYAMLReaders(t *testing.T) {
	t.Parallel()
	plain := []string{"dxcon-ffabc123", "1Gbps", "10.0.0.0/8", "available", "Acme Ltd", "arn:aws:directconnect:us-east-1:123456789012:dxcon/x", "xe-0/0/7"}
	other := []string{
		"2026-13-40", "2026-03-02", "2026-3-2 9:00:00", "2026-03-02T09:00:00Z", "2026-03-02 09:00:00.5 +1", "12:30", "1:2:3.4", "+12:30:45", "1_000",
		"0x1F", "0b1_0", "0o7", "017", "08", "1e3", "1.5e+3", "-1", "+.5", ".5", "1.", "685230.15", "yes", "Yes", "NO", "on", "Off", "y", "N", "true", "null", "~", "",
		"=", "<<", ".inf", "-.Inf", ".NaN", "123456789012", "000000000000", "2001:db8::1", "10.0.0.1", "? x", "- x", "a: b", "a #b", "---", "... x", "-", ":", "#", "@x", "%x",
		"`x", "'x'", `"x"`, "*x", "&x", "!x", "[x]", "{x}", "|", ">", "line\nanother", " before", "behind ", `back\slash`, "ünïcödé", "tab\tbehind",
	}
	for _, text := range append(plain, other...) {
		values := []any{map[string]any{"name": text}, []any{text}}
		if !strings.Contains(text, "\n") { // which no name has
			values = append(values, map[string]any{text: "x"})
		}
		for _, value := range values {
			in, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			out, err := jsonToYAML(in)
			if err != nil {
				t.Errorf("%s: %v", in, err)
				continue
			}
			var got any
			if err := yaml.Unmarshal(out, &got); err != nil {
				t.Errorf("%s is written as %q, which cannot be read: %v", in, out, err)
				continue
			}
			if back, err := json.Marshal(got); err != nil || string(back) != string(in) {
				t.Errorf("%s is written as %q and read as %s, %v", in, out, back, err)
			}
			written := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(string(out), "name: "), "- "), "\n"))
			if name, _, ok := strings.Cut(written, ": x"); ok {
				written = name
			}
			if yaml11.MatchString(written) {
				t.Errorf("%q is written plain, as %q", text, out)
			}
		}
	}
	for _, text := range plain {
		if out, err := jsonToYAML([]byte(`{"name":"` + text + `"}`)); err != nil || string(out) != "name: "+text+"\n" {
			t.Errorf("%s is written as %q, %v", text, out, err)
		}
	}
}
