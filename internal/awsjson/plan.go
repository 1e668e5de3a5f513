package awsjson

import (
	"fmt"
	"reflect"
	"sync"
	"time"
)

// A kind is what a value is on the wire.
type kind uint8

const (
	kindString    kind = iota + 1
	kindInteger        // int32
	kindLong           // int64
	kindDouble         // float64
	kindBoolean        // bool
	kindTimestamp      // time.Time: seconds since 1970, milliseconds as a fraction
	kindBlob           // []byte: base64
	kindList
	kindStructure
)

// names are the kinds as error messages call them.
var names = [...]string{
	kindString: "a String", kindInteger: "an Integer", kindLong: "a Long", kindDouble: "a Double",
	kindBoolean: "a Boolean", kindTimestamp: "a Timestamp", kindBlob: "a Blob",
	kindList: "a List", kindStructure: "a Structure",
}

var kinds = map[reflect.Type]kind{
	reflect.TypeFor[string]():    kindString,
	reflect.TypeFor[int32]():     kindInteger,
	reflect.TypeFor[int64]():     kindLong,
	reflect.TypeFor[float64]():   kindDouble,
	reflect.TypeFor[bool]():      kindBoolean,
	reflect.TypeFor[time.Time](): kindTimestamp,
	reflect.TypeFor[[]byte]():    kindBlob,
}

// A value says how to read and write one Go type.
type value struct {
	kind      kind
	typ       reflect.Type // without the pointer that a member may be behind
	element   *value       // of a list
	structure *structure   // of a structure
}

// A structure says the same of a Go struct. Structures are worked out once for
// each type and kept.
type structure struct {
	fields []field // in the order of the Go struct, which is that of the wire
	byName map[string]*field
}

type field struct {
	value
	name  string // on the wire
	key   string // ,"name": ready to be written
	index int    // in the Go struct
	boxed bool   // behind a pointer: all but lists and blobs are, so that they can be absent
}

var structures sync.Map // reflect.Type -> *structure

// structureOf answers the plan of a struct type; an error is a mistake in the
// program, not in a request.
func structureOf(t reflect.Type) (*structure, error) {
	if known, ok := structures.Load(t); ok {
		return known.(*structure), nil
	}
	p := planner{}
	found, err := p.structure(t)
	if err != nil {
		return nil, fmt.Errorf("awsjson: %w", err)
	}
	for each, plan := range p {
		structures.Store(each, plan)
	}
	return found, nil
}

// A planner holds what is being worked out, so that a type may contain itself.
type planner map[reflect.Type]*structure

func (p planner) structure(t reflect.Type) (*structure, error) {
	if begun, ok := p[t]; ok {
		return begun, nil
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is not a structure", t)
	}
	s := &structure{fields: make([]field, 0, t.NumField()), byName: make(map[string]*field, t.NumField())}
	p[t] = s
	for f := range t.Fields() {
		planned, err := p.field(f)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		s.fields = append(s.fields, planned)
		s.byName[planned.name] = &s.fields[len(s.fields)-1]
	}
	return s, nil
}

func (p planner) field(f reflect.StructField) (field, error) {
	name := f.Tag.Get("json")
	if name == "" || !f.IsExported() {
		return field{}, fmt.Errorf("a member is an exported field with its wire name as json tag")
	}
	t, boxed := f.Type, f.Type.Kind() == reflect.Pointer
	if boxed {
		t = t.Elem()
	}
	v, err := p.value(t)
	if err == nil && boxed == (v.kind == kindList || v.kind == kindBlob) {
		err = fmt.Errorf("%s can not tell absent from empty: lists and blobs stand as they are, all else behind a pointer", f.Type)
	}
	key := "," + string(appendString(nil, name)) + ":"
	return field{value: v, name: name, key: key, index: f.Index[0], boxed: boxed}, err
}

func (p planner) value(t reflect.Type) (value, error) {
	if k, ok := kinds[t]; ok {
		return value{kind: k, typ: t}, nil
	}
	switch t.Kind() {
	case reflect.Struct:
		s, err := p.structure(t)
		return value{kind: kindStructure, typ: t, structure: s}, err
	case reflect.Slice:
		element, err := p.value(t.Elem())
		return value{kind: kindList, typ: t, element: &element}, err
	default:
		return value{}, fmt.Errorf("%s has no form on the wire", t)
	}
}
