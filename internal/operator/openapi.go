package operator

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"strings"

	"github.com/swaggest/jsonschema-go"
)

// openAPI is the version of the description's form (https://spec.openapis.org/oas/v3.1.0).
const openAPI = "3.1.0"

// object is a JSON object of the description.
type object = map[string]any

// showDescription answers the OpenAPI description of the whole API.
func (a *api) showDescription(context.Context, *http.Request) (any, error) {
	return describe(a.routes(), a.About.Version)
}

// Description is the OpenAPI description of the API, as JSON.
func Description(version string) ([]byte, error) {
	d, err := describe((&api{}).routes(), version)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(d, "", "  ")
}

func describe(routes []route, version string) (object, error) {
	d := describer{schemas: object{}, named: map[string]reflect.Type{}}
	paths := object{}
	for _, r := range routes {
		method, where, _ := strings.Cut(r.pattern, " ")
		operation, err := d.operation(method, where, r)
		if err != nil {
			return nil, fmt.Errorf("describing %s: %w", r.pattern, err)
		}
		item, ok := paths[where].(object)
		if !ok {
			item = object{}
			paths[where] = item
		}
		item[strings.ToLower(method)] = operation
	}
	if version == "" {
		version = "unknown" // the member may not be left out
	}
	failed, err := d.schema(envelope{})
	if err != nil {
		return nil, err
	}
	return object{
		"openapi": openAPI,
		"info": object{
			"title": "Onramp operator API", "version": version,
			"description": "For those who run an installation. Every error is a JSON object with one member, error: a sentence.",
		},
		"security": []any{object{"operatorToken": []any{}}},
		"paths":    paths,
		"components": object{
			"schemas":         d.schemas,
			"securitySchemes": object{"operatorToken": object{"type": "http", "scheme": "bearer"}},
			"responses": object{"failed": object{
				"description": "It was refused, or did not work; nothing was changed.", "content": object{"application/json": object{"schema": failed}},
			}},
		},
	}, nil
}

// describer collects the schemas that the description of routes refers to.
type describer struct {
	reflector jsonschema.Reflector
	schemas   object
	named     map[string]reflect.Type
}

// nullable is in place of what may also be null.
type nullable struct{ value any }

// name is what a type's schema is called: by the type alone, or where two have one name, with its package before it.
func (d *describer) name(t reflect.Type, _ string) string {
	name := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
	if first, ok := d.named[name]; ok && first != t {
		of := path.Base(t.PkgPath())
		return strings.ToUpper(of[:1]) + of[1:] + name
	}
	d.named[name] = t
	return name
}

// wildcard is a variable of a path.
var wildcard = regexp.MustCompile(`\{(\w+)\}`)

func (d *describer) operation(method, where string, r route) (object, error) {
	words := strings.FieldsFunc(where, func(r rune) bool { return strings.ContainsRune("/{}-.", r) })
	o := object{
		"summary": r.summary, "tags": []any{words[1]}, "operationId": strings.ToLower(method) + "-" + strings.Join(words[1:], "-"),
	}
	parameters := []any{}
	for _, name := range wildcard.FindAllStringSubmatch(where, -1) {
		parameters = append(parameters, object{"name": name[1], "in": "path", "required": true, "schema": object{"type": "string"}})
	}
	for _, q := range r.query {
		if q.kind == nil {
			q.kind = ""
		}
		schema, err := d.schema(q.kind)
		if err != nil {
			return nil, err
		}
		parameters = append(parameters, object{"name": q.name, "in": "query", "description": q.about, "required": q.required, "schema": schema})
	}
	if len(parameters) > 0 {
		o["parameters"] = parameters
	}
	if r.in != nil {
		content, err := d.content(r.in)
		if err != nil {
			return nil, err
		}
		o["requestBody"] = object{"content": content}
	}
	answer, status := object{"description": "It was done."}, "204"
	if out := r.out; out != nil {
		if made, ok := out.(created); ok {
			out, status = made.value, "201"
		} else {
			status = "200"
		}
		content, err := d.content(out)
		if err != nil {
			return nil, err
		}
		answer["content"] = content
	}
	o["responses"] = object{status: answer, "default": object{"$ref": "#/components/responses/failed"}}
	return o, nil
}

// content describes a body.
func (d *describer) content(v any) (object, error) {
	if media, ok := v.(mediaType); ok {
		return object{string(media): object{}}, nil
	}
	null := false
	if or, ok := v.(nullable); ok {
		v, null = or.value, true
	}
	schema, err := d.schema(v)
	if null {
		schema = object{"oneOf": []any{schema, object{"type": "null"}}}
	}
	return object{"application/json": object{"schema": schema}}, err
}

// schema describes a type as encoding/json writes it: what is never left out is required.
func (d *describer) schema(v any) (object, error) {
	s, err := d.reflector.Reflect(v,
		jsonschema.RootRef, jsonschema.DefinitionsPrefix("#/components/schemas/"), jsonschema.InterceptDefName(d.name),
		jsonschema.InterceptProp(func(p jsonschema.InterceptPropParams) error {
			if tag := p.Field.Tag.Get("json"); p.Processed && !strings.Contains(tag, ",omitempty") && !strings.Contains(tag, ",omitzero") {
				p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
			}
			return nil
		}),
		jsonschema.CollectDefinitions(func(name string, s jsonschema.Schema) {
			if plain, err := plainSchema(s); err == nil {
				d.schemas[name] = plain
			}
		}),
	)
	if err != nil {
		return nil, err
	}
	return plainSchema(s)
}

func plainSchema(s jsonschema.Schema) (plain object, err error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return plain, json.Unmarshal(text, &plain)
}
