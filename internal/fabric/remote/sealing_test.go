package remote

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric"
)

func sealed(t *testing.T) (o Order, private, public []byte) {
	t.Helper()
	private, public, err := NewSealingKey()
	if err != nil {
		t.Fatal(err)
	}
	if o, err = Seal("r1", 7, routed(), public); err != nil {
		t.Fatal(err)
	}
	return o, private, public
}

func TestOrderOpens(t *testing.T) {
	t.Parallel()
	o, private, public := sealed(t)
	text, err := o.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []fabric.Secret{cak, bgpKey} {
		if strings.Contains(string(text), key.Reveal()) {
			t.Error("a key is in the clear")
		}
	}
	var again Order
	if err := again.UnmarshalBinary(text); err != nil {
		t.Fatal(err)
	}
	got, err := again.Open("r1", private)
	if diff := cmp.Diff(routed(), got, byValue...); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if again.Sequence() != 7 || again.Fingerprint() != routed().Fingerprint() {
		t.Errorf("order %d", again.Sequence())
	}
	if derived, err := PublicSealingKey(private); err != nil || string(derived) != string(public) {
		t.Errorf("the public key is another one; error %v", err)
	}
	if _, err := PublicSealingKey([]byte("short")); err == nil {
		t.Error("a key that is none")
	}
	empty, err := Seal("r1", 1, fabric.Intent{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if in, err := empty.Open("r1", private); err != nil || !in.Empty() {
		t.Errorf("an intent without keys: %v", err)
	}
}

// An order is good for one agent, one router, one place in the sequence and one intent.
func TestOrderIsBound(t *testing.T) {
	t.Parallel()
	_, other, _ := sealed(t)
	for what, spoil := range map[string]func(o *Order, router *string, private *[]byte){
		"another agent":    func(_ *Order, _ *string, private *[]byte) { *private = other },
		"a damaged key":    func(_ *Order, _ *string, private *[]byte) { *private = other[:9] },
		"another router":   func(_ *Order, router *string, _ *[]byte) { *router = "r2" },
		"renamed":          func(o *Order, router *string, _ *[]byte) { o.m.Router, *router = "r2", "r2" },
		"replayed":         func(o *Order, _ *string, _ *[]byte) { o.m.Sequence++ },
		"another intent":   func(o *Order, _ *string, _ *[]byte) { o.m.Intent = append(o.m.Intent, 0x12, 0) },
		"changed":          func(o *Order, _ *string, _ *[]byte) { o.m.Sealed[40] ^= 1 },
		"another secret":   func(o *Order, _ *string, _ *[]byte) { o.m.Sealed[0] ^= 1 },
		"cut":              func(o *Order, _ *string, _ *[]byte) { o.m.Sealed = o.m.Sealed[:31] },
		"without keys":     func(o *Order, _ *string, _ *[]byte) { o.m.Sealed = nil },
		"no fingerprint":   func(o *Order, _ *string, _ *[]byte) { o.m.Fingerprint = nil },
		"from the future":  func(o *Order, _ *string, _ *[]byte) { o.m.Fingerprint[3] ^= 1 },
		"nothing at all":   func(o *Order, _ *string, _ *[]byte) { *o = Order{} },
		"intent not proto": func(o *Order, _ *string, _ *[]byte) { o.m.Intent, o.m.Sealed = []byte{0xff}, nil },
	} {
		o, private, _ := sealed(t)
		router := "r1"
		spoil(&o, &router, &private)
		_, err := o.Open(router, private)
		if !errors.Is(err, fabric.ErrInvalid) {
			t.Errorf("%s: error %v", what, err)
		}
		if text := fmt.Sprint(err); strings.Contains(text, cak.Reveal()) || strings.Contains(text, bgpKey.Reveal()) {
			t.Errorf("%s: the error shows a key", what)
		}
	}
}

// A valid order of an invalid intent is refused, too.
func TestOrderIsChecked(t *testing.T) {
	t.Parallel()
	private, public, err := NewSealingKey()
	if err != nil {
		t.Fatal(err)
	}
	in := routed()
	in.Interfaces[0].VLAN = 0
	o, err := Seal("r1", 1, in, public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Open("r1", private); !errors.Is(err, fabric.ErrInvalid) || !strings.Contains(err.Error(), "VLAN") {
		t.Errorf("error %v", err)
	}
	in = routed()
	in.Interfaces[0].Neighbors[0].Key = "\xff\xfe" // what the wire cannot carry
	if _, err := Seal("r1", 1, in, public); !errors.Is(err, fabric.ErrInvalid) || strings.Contains(err.Error(), "\xff") {
		t.Errorf("error %v", err)
	}
	in.Interfaces[0].Name = "\xff"
	if _, err := Seal("r1", 1, in, public); !errors.Is(err, fabric.ErrInvalid) {
		t.Errorf("error %v", err)
	}
	if _, err := Seal("r1", 1, routed(), []byte("short")); err == nil {
		t.Error("sealed to a key that is none")
	}
}
