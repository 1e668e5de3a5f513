package api_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"onramp/internal/api"
)

// The oracle walks the SDK's schemas on its own and holds the compiled package
// against them. It fails when a new SDK version knows something that we do not.

const whatToDo = `
run "make gen", commit the result, and see to what is new:
  an operation  a row in the operation table (internal/controlplane/operations.go)
  a member      a line where the noun is parsed or rendered (internal/controlplane)
  a new kind    a case in internal/api/gen/model.go and in internal/awsjson/plan.go`

func TestEveryOperationOfTheSDKIsGenerated(t *testing.T) {
	t.Parallel()
	var want []string
	for op := range operationsOfTheSDK() {
		want = append(want, op)
	}
	slices.Sort(want)
	var got []string
	for _, op := range api.Operations {
		got = append(got, op.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations differ (-SDK +generated):\n%s%s", diff, whatToDo)
	}
}

func TestEveryShapeOfTheSDKIsGenerated(t *testing.T) {
	t.Parallel()
	sdk := operationsOfTheSDK()
	walk := &walk{t: t, seen: map[string]bool{}}
	for _, op := range api.Operations {
		method, ok := sdk[op.Name]
		if !ok {
			continue // the operations test says so
		}
		walk.top(op.Input, method.Type.In(2))
		walk.top(op.Output, method.Type.Out(0))
	}
	for name := range generated {
		if !walk.seen[name] {
			t.Errorf("api.%s is generated, but the SDK does not know it%s", name, whatToDo)
		}
	}
}

func TestEveryExceptionOfTheSDKIsGenerated(t *testing.T) {
	t.Parallel()
	var want []string
	for id := range directconnect.TypeRegistry.Entries {
		_, name, _ := strings.Cut(id, "#")
		want = append(want, name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, api.Exceptions); diff != "" {
		t.Errorf("exceptions differ (-SDK +generated):\n%s%s", diff, whatToDo)
	}
}

// operationsOfTheSDK is the client's methods that take an input and a list of
// options and answer an output.
func operationsOfTheSDK() map[string]reflect.Method {
	found := map[string]reflect.Method{}
	client := reflect.TypeFor[*directconnect.Client]()
	for i := range client.NumMethod() {
		method := client.Method(i)
		if method.Type.IsVariadic() && method.Type.NumIn() == 4 {
			found[method.Name] = method
		}
	}
	return found
}

type walk struct {
	t    *testing.T
	seen map[string]bool
}

// top compares the input or output of an operation. sdk is a pointer type.
func (w *walk) top(name string, sdk reflect.Type) {
	var s schemaCatcher
	reflect.New(sdk.Elem()).Interface().(smithy.Serializable).Serialize(&s)
	if s.schema != nil {
		if modelled := s.schema.ID().Name; modelled != name {
			w.t.Errorf("%s uses shape %s, the operation table says %s%s", sdk, modelled, name, whatToDo)
		}
	}
	w.structure(name, s.schema)
}

// structure compares one structure, member by member, and what it reaches. A
// nil schema has no members.
func (w *walk) structure(name string, schema *smithy.Schema) {
	if w.seen[name] {
		return
	}
	w.seen[name] = true
	goType, ok := generated[name]
	if !ok {
		w.t.Errorf("shape %s is not generated%s", name, whatToDo)
		return
	}
	have := map[string]reflect.Type{}
	for field := range goType.Fields() {
		have[field.Tag.Get("json")] = field.Type
	}
	if schema != nil {
		for wire, member := range schema.Members() {
			w.member(name+"."+wire, member, have[wire])
			delete(have, wire)
		}
	}
	for _, wire := range slices.Sorted(maps.Keys(have)) {
		w.t.Errorf("%s.%s is generated, but the SDK does not know it%s", name, wire, whatToDo)
	}
}

func (w *walk) member(at string, schema *smithy.Schema, got reflect.Type) {
	if got == nil {
		w.t.Errorf("member %s is not generated%s", at, whatToDo)
		return
	}
	want := w.goType(at, schema)
	if want != nil && schema.Type() != smithy.ShapeTypeList && schema.Type() != smithy.ShapeTypeBlob {
		want = reflect.PointerTo(want)
	}
	if want != got {
		w.t.Errorf("member %s is generated as %v, the SDK says %v%s", at, got, want, whatToDo)
	}
}

// goType is what a schema's value should be in Go, nil when there is no answer.
func (w *walk) goType(at string, schema *smithy.Schema) reflect.Type {
	switch schema.Type() {
	case smithy.ShapeTypeStructure:
		w.structure(schema.TargetID().Name, schema)
		return generated[schema.TargetID().Name]
	case smithy.ShapeTypeList:
		if element := w.goType(at, schema.ListMember()); element != nil {
			return reflect.SliceOf(element)
		}
		return nil
	}
	if known, ok := scalars[schema.Type()]; ok {
		return known
	}
	w.t.Errorf("member %s is of shape type %d, which nobody knows yet%s", at, schema.Type(), whatToDo)
	return nil
}

var scalars = map[smithy.ShapeType]reflect.Type{
	smithy.ShapeTypeString:    reflect.TypeFor[string](),
	smithy.ShapeTypeEnum:      reflect.TypeFor[string](),
	smithy.ShapeTypeInteger:   reflect.TypeFor[int32](),
	smithy.ShapeTypeLong:      reflect.TypeFor[int64](),
	smithy.ShapeTypeDouble:    reflect.TypeFor[float64](),
	smithy.ShapeTypeBoolean:   reflect.TypeFor[bool](),
	smithy.ShapeTypeTimestamp: reflect.TypeFor[time.Time](),
	smithy.ShapeTypeBlob:      reflect.TypeFor[[]byte](),
}

// schemaCatcher keeps the schema of the structure that is written to it. Empty
// structures write nothing but their required numbers.
type schemaCatcher struct {
	smithy.ShapeSerializer
	schema *smithy.Schema
}

func (s *schemaCatcher) WriteStruct(schema *smithy.Schema) { s.schema = schema }
func (s *schemaCatcher) CloseStruct()                      {}
func (s *schemaCatcher) WriteInt32(*smithy.Schema, int32)  {}
