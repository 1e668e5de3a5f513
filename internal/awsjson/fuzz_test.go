package awsjson

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever the bytes, Decode answers a structure or a SerializationException.
// What it accepts is valid JSON, and written out again reads as the same.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "{}", `{"text":"a\u00fc\ud83d\ude00\n","int":-1,"long":9007199254740993,"double":1.5e-7,"flag":true}`,
		`{"time":1491568964.123,"blob":"JVBERg==","texts":["a",""],"longs":[1],"blobs":["/w=="],"grid":[[1],[]]}`,
		`{"pairs":[{"key":"k","value":null},{}],"pair":{},"within":{"within":{"text":"t"}},"x":[{"y":[0.5]}]}`,
		`{"text":1}`, `{"int":1e1}`, `{"a":[[[[[[]]]]]]}`, "{\"text\":\"\xff\"}", `{"text":"\ud800"}`, `{"int":1,"int":2}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var first, second everything
		if err := Decode(body, &first); err != nil {
			if wire, ok := errors.AsType[*Error](err); !ok || wire.Type != "SerializationException" || wire.Status != 400 {
				t.Fatalf("not the client's error: %v", err)
			}
			return
		}
		if len(body) > 0 && !json.Valid(body) {
			t.Fatal("accepted what is not JSON")
		}
		written, err := Append(nil, &first)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(written) {
			t.Fatalf("wrote what is not JSON: %s", written)
		}
		if err := Decode(written, &second); err != nil {
			t.Fatalf("can not read %s: %v", written, err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("reads differently the second time (-first +second):\n%s", diff)
		}
	})
}
