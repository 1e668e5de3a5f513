package controlplane

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/api"
)

// TestOperationTable holds the table equal to the generated names, and each built row's input to the generated shape.
func TestOperationTable(t *testing.T) {
	t.Parallel()
	var want, have []string
	for _, o := range api.Operations {
		want = append(want, o.Name)
	}
	for _, o := range operations {
		have = append(have, o.name)
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("the operation table is not the generated one (-generated +table):\n%s", diff)
	}
	for i, o := range operations {
		if !o.built() {
			continue
		}
		if in := reflect.TypeOf(o.input()).Elem().Name(); in != api.Operations[i].Input {
			t.Errorf("%s takes %s, want %s", o.name, in, api.Operations[i].Input)
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	s := new(Service)
	for _, o := range operations {
		if found, ok := s.Lookup(o.name); !ok || found.Name != o.name {
			t.Errorf("Lookup(%q) = %q, %v", o.name, found.Name, ok)
		}
	}
	for _, name := range []string{"", "createConnection", "CreateConnection ", "ZZZ"} {
		if _, ok := s.Lookup(name); ok {
			t.Errorf("Lookup(%q) finds an operation", name)
		}
	}
}

// TestNotBuilt: a row with a name only answers that it is not built, as this service's own fault.
func TestNotBuilt(t *testing.T) {
	t.Parallel()
	o := operation{name: "DescribeWormholes"}.wire(new(Service))
	_, err := o.Call(t.Context(), o.New())
	if wire := WireError(t.Context(), err); wire.Type != "DirectConnectServerException" ||
		wire.Message != "DescribeWormholes is not built in this version of Onramp." {
		t.Errorf("it answered %+v", wire)
	}
}
