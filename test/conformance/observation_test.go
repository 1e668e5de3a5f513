package conformance

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	"github.com/aws/smithy-go/middleware"
)

// An observation is a value that an answer can have in one place: of an enumeration of the SDK ("ConnectionState") or, where
// the SDK has a plain string, of a member ("MacSecKey.State").
type observation struct{ of, value string }

// observations are what was seen in answers.
type observations struct {
	mu   sync.Mutex
	seen map[observation]bool
}

// observed is what all callers of this package got to see through the SDK.
var observed observations

func (o *observations) add(at observation) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.seen == nil {
		o.seen = map[observation]bool{}
	}
	o.seen[at] = true
}

// of lists what was seen of an enumeration or member.
func (o *observations) of(name string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var values []string
	for at := range o.seen {
		if at.of == name {
			values = append(values, at.value)
		}
	}
	slices.Sort(values)
	return values
}

// watch is a middleware of the SDK's client that notes what every answer holds.
func (o *observations) watch(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("observations",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleInitialize(ctx, in)
			if err == nil {
				o.note(reflect.ValueOf(out.Result))
			}
			return out, metadata, err
		}), middleware.Before)
}

// note goes through an answer.
func (o *observations) note(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			o.note(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			o.note(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				o.note(v.Field(i))
				if text, ok := v.Field(i).Interface().(*string); ok && text != nil {
					o.add(observation{place(v.Type(), f), *text})
				}
			}
		}
	case reflect.String:
		if enumerated(v.Type()) != nil {
			o.add(observation{v.Type().Name(), v.String()})
		}
	}
}

// place names a member that is a plain string: by its name, with its structure's where that alone says nothing.
func place(in reflect.Type, f reflect.StructField) string {
	if f.Name == "State" || f.Name == "Status" {
		return in.Name() + "." + f.Name
	}
	return f.Name
}

// enumerated lists the values of an enumeration of the SDK, or nil of another type.
func enumerated(t reflect.Type) []string {
	if t.PkgPath() != reflect.TypeFor[types.Tag]().PkgPath() {
		return nil
	}
	values, ok := t.MethodByName("Values")
	if !ok {
		return nil
	}
	var names []string
	all := values.Func.Call([]reflect.Value{reflect.New(t).Elem()})[0]
	for i := range all.Len() {
		names = append(names, all.Index(i).String())
	}
	return names
}

// answerable goes through the types of all answers of the SDK's client and lists the enumerations in them with their
// values, and the plain strings in them that say where something stands.
func answerable() (enumerations map[string][]string, members []string) {
	enumerations = map[string][]string{}
	known := map[reflect.Type]bool{}
	var through func(reflect.Type)
	through = func(t reflect.Type) {
		if known[t] {
			return
		}
		known[t] = true
		if values := enumerated(t); values != nil {
			enumerations[t.Name()] = values
			return
		}
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice:
			through(t.Elem())
		case reflect.Struct:
			for f := range t.Fields() {
				if !f.IsExported() {
					continue
				}
				through(f.Type)
				if name := place(t, f); f.Type == reflect.TypeFor[*string]() && stands(f.Name) && !slices.Contains(members, name) {
					members = append(members, name)
				}
			}
		}
	}
	for m := range reflect.TypeFor[*dc.Client]().Methods() {
		if m.Type.NumOut() == 2 && m.Type.Out(0).Kind() == reflect.Pointer && strings.HasSuffix(m.Type.Out(0).Elem().Name(), "Output") {
			through(m.Type.Out(0))
		}
	}
	slices.Sort(members)
	return enumerations, members
}

func stands(member string) bool {
	return strings.HasSuffix(member, "State") || strings.HasSuffix(member, "Status")
}
