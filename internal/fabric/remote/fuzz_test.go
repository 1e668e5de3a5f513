package remote

import (
	"errors"
	"testing"

	"google.golang.org/protobuf/proto"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire"
)

// Whatever is on the disk or comes over the wire in place of an order, it is refused or it is a valid intent.
func FuzzOrder(f *testing.F) {
	private, public, err := NewSealingKey()
	if err != nil {
		f.Fatal(err)
	}
	for _, in := range []fabric.Intent{routed(), {}} {
		o, err := Seal("r1", 1, in, public)
		if err != nil {
			f.Fatal(err)
		}
		text, err := o.MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var o Order
		if o.UnmarshalBinary(text) != nil {
			return
		}
		in, err := o.Open("r1", private)
		if err == nil {
			err = in.Check()
		} else if errors.Is(err, fabric.ErrInvalid) {
			return
		}
		if err != nil {
			t.Error(err)
		}
	})
}

// Whatever an agent sends in place of an observation, it is refused or can be sent on.
func FuzzObserved(f *testing.F) {
	text, err := proto.Marshal(encodeObserved(fabric.Observed{Interfaces: map[string]fabric.InterfaceStatus{"x": {Neighbors: map[string]fabric.NeighborStatus{
		"y": {Accepted: []fabric.RouteSeen{{Prefix: routed().Interfaces[0].Neighbors[0].Local, Communities: []string{"1:2"}}}},
	}}}}, nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		m := &wire.Observed{}
		if proto.Unmarshal(text, m) != nil {
			return
		}
		if o, err := decodeObserved(m, map[session]table{}); err == nil && len(Digest(o)) == 0 {
			t.Error("it has no digest")
		}
	})
}

func FuzzToken(f *testing.F) {
	f.Add(newToken("r1", [32]byte{}, []string{"192.0.2.1:7226"}).Text())
	f.Fuzz(func(t *testing.T, text string) {
		token, err := ParseToken(text)
		if err != nil {
			if !errors.Is(err, ErrToken) {
				t.Error(err)
			}
			return
		}
		if again, err := ParseToken(token.Text()); err != nil || again.Router() != token.Router() {
			t.Errorf("%v became %v: %v", token, again, err)
		}
	})
}
