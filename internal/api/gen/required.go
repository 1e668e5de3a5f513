package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/smithy-go"
)

// The schemas do not carry the required trait, but the SDK's client refuses an
// input without a required string, list or structure and says which; a required
// number it writes even when nobody set it. So it is asked: with an empty input,
// then with one whose structures and lists are filled in one level deeper each
// time, until nothing new can be filled in.

// markRequired notes the required members of an operation's input.
func (m *model) markRequired(method reflect.Method, schema *smithy.Schema) error {
	for depth := 0; ; depth++ {
		input := reflect.New(method.Type.In(2).Elem())
		deepest := fill(input.Elem(), depth)
		for _, path := range missing(method, input) {
			if err := m.markPath(schema, path); err != nil {
				return err
			}
		}
		for _, u := range record(input).unset {
			if found := m.member(u.holder, u.wire); found != nil { // not an element of a list
				found.required = true
			}
		}
		if deepest < depth {
			return nil
		}
	}
}

// fill sets the structures and lists of v, down to the given depth, and answers
// how deep it came.
func fill(v reflect.Value, depth int) (reached int) {
	if depth == 0 {
		return 0
	}
	for _, f := range v.Fields() {
		switch {
		case !f.CanSet():
			continue
		case f.Kind() == reflect.Pointer && f.Type().Elem().Kind() == reflect.Struct:
			f.Set(reflect.New(f.Type().Elem()))
			f = f.Elem()
		case f.Kind() == reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
			f = f.Index(0)
		default:
			continue
		}
		deeper := 1
		if f.Kind() == reflect.Struct {
			deeper += fill(f, depth-1)
		}
		reached = max(reached, deeper)
	}
	return reached
}

// missing calls the operation and answers the members that the client misses,
// each as a path of SDK field names: Tags[0].Key.
func missing(method reflect.Method, input reflect.Value) (paths []string) {
	out := method.Func.Call([]reflect.Value{reflect.ValueOf(offline), reflect.ValueOf(context.Background()), input})
	err, _ := out[1].Interface().(error)
	var invalid smithy.InvalidParamsError
	if !errors.As(err, &invalid) {
		return nil
	}
	for _, each := range invalid.Errs() {
		var param smithy.InvalidParamError
		if errors.As(each, &param) {
			_, path, _ := strings.Cut(param.Field(), ".")
			paths = append(paths, path)
		}
	}
	return paths
}

// markPath finds the member that a path of SDK field names ends at.
func (m *model) markPath(schema *smithy.Schema, path string) error {
	holder, fields := targetName(schema), strings.Split(path, ".")
	for i, field := range fields {
		field, _, _ = strings.Cut(field, "[")
		found := m.member(holder, field)
		if found == nil {
			return fmt.Errorf("the client requires %s, but %s has no such member", path, holder)
		}
		if i == len(fields)-1 {
			found.required = true
			return nil
		}
		holder = strings.TrimLeft(found.goType, "[]*")
	}
	return nil
}

// member finds a member by its wire name or by the SDK's field name, which
// differ in the case of a letter; nil when there is none.
func (m *model) member(holder, name string) *member {
	if s := m.shapes[holder]; s != nil {
		for _, each := range s.members {
			if strings.EqualFold(each.wire, name) {
				return each
			}
		}
	}
	return nil
}

// offline is a client that validates its input and reaches nothing.
var offline = directconnect.New(directconnect.Options{
	Region:           "us-east-1",
	RetryMaxAttempts: 1,
	HTTPClient:       unreachable{},
})

type unreachable struct{}

func (unreachable) Do(*http.Request) (*http.Response, error) {
	return nil, errors.New("the generator calls nobody")
}
