package operator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/swaggest/openapi-go/openapi31"

	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

// document is an OpenAPI description as far as the tests read it.
type document struct {
	OpenAPI    string                          `json:"openapi"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	ID         string `json:"operationId"`
	Summary    string `json:"summary"`
	Parameters []struct {
		Name, In string
		Required bool
		Schema   schema
	} `json:"parameters"`
	Responses map[string]struct {
		Ref     string `json:"$ref"`
		Content map[string]struct {
			Schema schema `json:"schema"`
		} `json:"content"`
	} `json:"responses"`
}

func described(t *testing.T) (document, []byte) {
	t.Helper()
	text, err := operator.Description("test")
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d, text
}

// TestDescription holds the description against the OpenAPI specification as far as it binds a document like this one:
// https://spec.openapis.org/oas/v3.1.0, sections 4.8.
func TestDescription(t *testing.T) {
	t.Parallel()
	d, text := described(t)
	var spec openapi31.Spec
	if err := json.Unmarshal(text, &spec); err != nil {
		t.Errorf("a reader of OpenAPI 3.1 does not take it: %v", err)
	}
	ids := map[string]bool{}
	variable := regexp.MustCompile(`\{(\w+)\}`)
	for path, item := range d.Paths {
		for method, o := range item {
			name := strings.ToUpper(method) + " " + path
			if !slices.Contains([]string{"get", "post", "put", "patch", "delete"}, method) {
				t.Errorf("%s: not a method", name)
			}
			if ids[o.ID] || o.ID == "" {
				t.Errorf("%s: its operationId %q is not its own", name, o.ID)
			}
			ids[o.ID] = true
			if !strings.HasSuffix(o.Summary, ".") || strings.ToUpper(o.Summary[:1]) != o.Summary[:1] {
				t.Errorf("%s: its summary %q is no sentence", name, o.Summary)
			}
			var inPath, seen []string
			for _, p := range o.Parameters {
				if slices.Contains(seen, p.In+p.Name) {
					t.Errorf("%s: parameter %s is there twice", name, p.Name)
				}
				seen = append(seen, p.In+p.Name)
				if p.In == "path" {
					inPath = append(inPath, p.Name)
					if !p.Required {
						t.Errorf("%s: path parameter %s is not required", name, p.Name)
					}
				}
			}
			var variables []string
			for _, v := range variable.FindAllStringSubmatch(path, -1) {
				variables = append(variables, v[1])
			}
			if !slices.Equal(inPath, variables) {
				t.Errorf("%s: describes path parameters %v", name, inPath)
			}
			if len(o.Responses) != 2 || o.Responses["default"].Ref != "#/components/responses/failed" {
				t.Errorf("%s: its responses are not one success and the failure", name)
			}
		}
	}
	for _, ref := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllSubmatch(text, -1) {
		if _, ok := d.Components.Schemas[string(ref[1])]; !ok {
			t.Errorf("the schema %s is referred to and not there", ref[1])
		}
	}
}

// TestEveryRouteIsDescribed asks the server for what is described, and finds it.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	status, text := do(t, srv, step{method: "GET", path: "/v1/openapi.json"}, nil)
	var d document
	if err := json.Unmarshal([]byte(text), &d); status != http.StatusOK || err != nil {
		t.Fatalf("the description: %d, %v", status, err)
	}
	want, _ := described(t)
	if len(d.Paths) == 0 || len(d.Paths) != len(want.Paths) {
		t.Errorf("%d paths are described by the server, %d by the package", len(d.Paths), len(want.Paths))
	}
	for path, item := range d.Paths {
		for method := range item {
			// A body that no route takes, so that nothing is done.
			s := step{method: strings.ToUpper(method), path: regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, "x"), body: "{"}
			if _, text := do(t, srv, s, nil); strings.Contains(text, "is not part of the operator API") {
				t.Errorf("%s %s is described and not there", s.method, path)
			}
		}
	}
}

// TestAnswersAsDescribed asks every GET of a server with something of everything, and holds what it answers against the
// description.
func TestAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	values := furnish(t, srv)
	d, _ := described(t)
	for path, item := range d.Paths {
		o, ok := item["get"]
		if !ok {
			continue
		}
		where, ok := fill(path, values)
		if !ok {
			t.Errorf("GET %s: the test does not know what to ask for", path)
			continue
		}
		status, text := do(t, srv, step{method: "GET", path: where}, nil)
		if status != http.StatusOK {
			t.Errorf("GET %s answered %d %.200s", where, status, text)
			continue
		}
		for media, content := range o.Responses["200"].Content {
			if media != "application/json" {
				continue
			}
			var answer any
			if err := json.Unmarshal([]byte(text), &answer); err != nil {
				t.Errorf("GET %s: %v", where, err)
			}
			for _, problem := range content.Schema.check("answer", answer, d.Components.Schemas) {
				t.Errorf("GET %s: %s", where, problem)
			}
		}
	}
}

// fill answers what to ask for, if it is known.
func fill(path string, values map[string]string) (string, bool) {
	if where, ok := values[path]; ok {
		return where, true
	}
	return path, !strings.Contains(path, "{")
}

// schema is a JSON schema as far as the description uses it.
type schema struct {
	Ref                  string            `json:"$ref"`
	Type                 any               `json:"type"`
	Format               string            `json:"format"`
	Properties           map[string]schema `json:"properties"`
	AdditionalProperties *schema           `json:"additionalProperties"`
	Required             []string          `json:"required"`
	Items                *schema           `json:"items"`
	OneOf                []schema          `json:"oneOf"`
}

// check answers what is wrong with a value. Members that are not described are: the description is meant to be whole.
func (s schema) check(at string, v any, all map[string]schema) (problems []string) {
	if s.Ref != "" {
		return all[strings.TrimPrefix(s.Ref, "#/components/schemas/")].check(at, v, all)
	}
	if len(s.OneOf) > 0 {
		for _, one := range s.OneOf {
			if problems = one.check(at, v, all); len(problems) == 0 {
				return nil
			}
		}
		return problems
	}
	if s.Type == nil {
		return nil
	}
	kind := kindOf(v)
	if kinds := strings.Fields(strings.Trim(fmt.Sprint(s.Type), "[]")); !slices.Contains(kinds, kind) && (kind != "integer" || !slices.Contains(kinds, "number")) {
		return []string{fmt.Sprintf("%s is %s, want %v", at, kind, s.Type)}
	}
	switch v := v.(type) {
	case string:
		if _, err := time.Parse(time.RFC3339Nano, v); s.Format == "date-time" && err != nil {
			problems = append(problems, fmt.Sprintf("%s is no time: %s", at, v))
		}
	case []any:
		for i, one := range v {
			problems = append(problems, s.Items.check(fmt.Sprintf("%s[%d]", at, i), one, all)...)
		}
	case map[string]any:
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				problems = append(problems, fmt.Sprintf("%s lacks %s", at, name))
			}
		}
		for name, one := range v {
			member, ok := s.Properties[name]
			switch {
			case ok:
				problems = append(problems, member.check(at+"."+name, one, all)...)
			case s.AdditionalProperties != nil:
				problems = append(problems, s.AdditionalProperties.check(at+"."+name, one, all)...)
			default:
				problems = append(problems, fmt.Sprintf("%s.%s is not described", at, name))
			}
		}
	}
	return problems
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	}
	return "object"
}
