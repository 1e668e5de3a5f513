package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/smithy-go"
)

// A model is the service as the generator sees it: what can be called, and the
// structures that travel.
type model struct {
	operations []operation       // sorted by name
	shapes     map[string]*shape // by shape name
	exceptions []string          // names of the modelled errors, sorted
}

type operation struct {
	name, input, output string
}

type shape struct {
	name     string
	invented bool // not in the model: an operation has no input or no output there
	members  []*member
}

type member struct {
	wire, goName, goType string
	required             bool
}

// readModel walks the SDK. Its client's methods are the operations; an empty
// input or output, asked to serialize itself, names its schema.
func readModel() (*model, error) {
	m := &model{shapes: map[string]*shape{}}
	for method := range reflect.TypeFor[*directconnect.Client]().Methods() {
		if !isOperation(method) {
			continue
		}
		op, err := m.readOperation(method)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", method.Name, err)
		}
		m.operations = append(m.operations, op)
	}
	slices.SortFunc(m.operations, func(a, b operation) int { return strings.Compare(a.name, b.name) })
	for _, entry := range directconnect.TypeRegistry.Entries {
		m.exceptions = append(m.exceptions, entry.Schema.ID().Name)
	}
	slices.Sort(m.exceptions)
	return m, nil
}

// isOperation tells CreateConnection(ctx, *CreateConnectionInput, ...) from
// Options and the like.
func isOperation(method reflect.Method) bool {
	t := method.Type
	return t.NumIn() == 4 && t.IsVariadic() &&
		t.In(2).Kind() == reflect.Pointer && t.In(2).Elem().Name() == method.Name+"Input"
}

func (m *model) readOperation(method reflect.Method) (operation, error) {
	in, out := method.Type.In(2), method.Type.Out(0)
	op := operation{name: method.Name}
	var err error
	if op.input, err = m.readTop(schemaOf(in), method.Name+"Request"); err != nil {
		return op, err
	}
	if op.output, err = m.readTop(schemaOf(out), method.Name+"Response"); err != nil {
		return op, err
	}
	return op, m.markRequired(method, schemaOf(in))
}

// readTop adds the shape of an input or output and answers its name. An
// operation that models none gets an empty structure called fallback, so that
// every operation has both.
func (m *model) readTop(schema *smithy.Schema, fallback string) (string, error) {
	if schema != nil {
		return targetName(schema), m.readShape(targetName(schema), schema)
	}
	if _, taken := m.shapes[fallback]; taken {
		return "", fmt.Errorf("shape %s is modelled, but not for this operation", fallback)
	}
	m.shapes[fallback] = &shape{name: fallback, invented: true}
	return fallback, nil
}

// readShape adds a structure and all that it reaches, its members in the order
// of their names: the schema keeps no other.
func (m *model) readShape(name string, schema *smithy.Schema) error {
	if _, seen := m.shapes[name]; seen {
		return nil
	}
	s := &shape{name: name}
	m.shapes[name] = s
	members := schema.Members()
	for _, wire := range slices.Sorted(maps.Keys(members)) {
		goType, err := m.memberType(members[wire])
		if err != nil {
			return fmt.Errorf("%s.%s: %w", name, wire, err)
		}
		s.members = append(s.members, &member{wire: wire, goName: goName(wire), goType: goType})
	}
	return nil
}

// memberType is the Go type of a structure's member: a list as it is, anything
// else so that it can be absent.
func (m *model) memberType(schema *smithy.Schema) (string, error) {
	switch schema.Type() {
	case smithy.ShapeTypeList:
		element, err := m.valueType(schema.ListMember())
		return "[]" + element, err
	case smithy.ShapeTypeBlob:
		return m.valueType(schema)
	default:
		value, err := m.valueType(schema)
		return "*" + value, err
	}
}

// valueType is the Go type of a value that is present.
func (m *model) valueType(schema *smithy.Schema) (string, error) {
	switch schema.Type() {
	case smithy.ShapeTypeString, smithy.ShapeTypeEnum:
		return "string", nil
	case smithy.ShapeTypeInteger:
		return "int32", nil
	case smithy.ShapeTypeLong:
		return "int64", nil
	case smithy.ShapeTypeDouble:
		return "float64", nil
	case smithy.ShapeTypeBoolean:
		return "bool", nil
	case smithy.ShapeTypeTimestamp:
		return "time.Time", nil
	case smithy.ShapeTypeBlob:
		return "[]byte", nil
	case smithy.ShapeTypeStructure:
		name := targetName(schema)
		return name, m.readShape(name, schema)
	default:
		return "", fmt.Errorf("shape type %d has no Go type yet: add it here and to awsjson", schema.Type())
	}
}
