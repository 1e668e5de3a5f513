package main

import (
	"reflect"

	"github.com/aws/smithy-go"
)

// A recorder stands where the SDK expects a writer of JSON and notes what it is
// given: the schema of the outermost structure, and the numbers and booleans
// that are written though nobody set them. The SDK does so for required ones
// alone, which its own types could not tell from absent.
//
// Methods that an input without strings, blobs and times never calls are left
// to the nil embedded interface: should the SDK call one, the generator stops.
type recorder struct {
	smithy.ShapeSerializer
	schema *smithy.Schema
	within []string // names of the structures being written, outermost first
	unset  []unset
}

// unset is a member that was written with its zero value.
type unset struct{ holder, wire string }

// record lets a structure of the SDK, given by pointer, write itself.
func record(v reflect.Value) *recorder {
	r := &recorder{}
	v.Interface().(smithy.Serializable).Serialize(r)
	return r
}

// schemaOf is the schema that the SDK structure *t is written with; nil when
// the model has no shape for it.
func schemaOf(t reflect.Type) *smithy.Schema {
	return record(reflect.New(t.Elem())).schema
}

func (r *recorder) WriteStruct(schema *smithy.Schema) {
	name := ""
	if schema != nil {
		name = targetName(schema)
	}
	if len(r.within) == 0 {
		r.schema = schema
	}
	r.within = append(r.within, name)
}

func (r *recorder) CloseStruct() { r.within = r.within[:len(r.within)-1] }

func (r *recorder) WriteList(*smithy.Schema)           {}
func (r *recorder) CloseList()                         {}
func (r *recorder) WriteString(*smithy.Schema, string) {}

func (r *recorder) WriteInt32(s *smithy.Schema, _ int32)     { r.note(s) }
func (r *recorder) WriteInt64(s *smithy.Schema, _ int64)     { r.note(s) }
func (r *recorder) WriteFloat64(s *smithy.Schema, _ float64) { r.note(s) }
func (r *recorder) WriteBool(s *smithy.Schema, _ bool)       { r.note(s) }

func (r *recorder) note(s *smithy.Schema) {
	r.unset = append(r.unset, unset{holder: r.within[len(r.within)-1], wire: s.MemberName()})
}

// targetName is the name of a structure's shape, whether the schema is the
// shape itself or a member that refers to it.
func targetName(schema *smithy.Schema) string {
	if name := schema.TargetID().Name; name != "" {
		return name
	}
	return schema.ID().Name
}
