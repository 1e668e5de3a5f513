package awsjson

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want everything
	}{
		"no body":            {"", everything{}},
		"empty":              {" { } \r\n", everything{}},
		"absent and zero":    {`{"int":0,"text":""}`, everything{Int: new(int32(0)), Text: new("")}},
		"null is absent":     {`{"int":null,"texts":null,"pair":null,"blob":null,"time":null}`, everything{}},
		"null after value":   {`{"int":1,"int":null}`, everything{}},
		"the last counts":    {`{"texts":["a","b"],"texts":["c"],"pair":{"key":"k"},"pair":{"value":"v"}}`, everything{Texts: []string{"c"}, Pair: &pair{Value: new("v")}}},
		"case matters":       {`{"Text":"a","TEXT":"b"}`, everything{}},
		"unknown members":    {`{"x":{"text":["\"",{}],"n":-1.5e+3},"y":[[],null,true,false],"text":"t"}`, everything{Text: new("t")}},
		"integers":           {`{"int":-2147483648,"long":9223372036854775807}`, everything{Int: new(int32(-1 << 31)), Long: new(int64(1<<63 - 1))}},
		"double":             {`{"double":-0.5E-1}`, everything{Double: new(-0.05)}},
		"double of integer":  {`{"double":3}`, everything{Double: new(3.0)}},
		"booleans":           {`{"flag":true,"within":{"flag":false}}`, everything{Flag: new(true), Within: &everything{Flag: new(false)}}},
		"timestamp":          {`{"time":1491568964.123}`, everything{Time: new(time.UnixMilli(1491568964123).UTC())}},
		"timestamp, integer": {`{"time":1491568964}`, everything{Time: new(time.Unix(1491568964, 0).UTC())}},
		"timestamp, early":   {`{"time":-0.0015}`, everything{Time: new(time.UnixMilli(-2).UTC())}},
		"blob":               {`{"blob":"JVBERg==","blobs":["","\u002fw=="]}`, everything{Blob: []byte("%PDF"), Blobs: [][]byte{{}, {0xff}}}},
		"empty lists":        {`{"texts":[],"pairs":[ ]}`, everything{Texts: []string{}, Pairs: []pair{}}},
		"lists":              {`{"longs":[1,-2],"grid":[[1],[]],"pairs":[{"key":"k"},{}]}`, everything{Longs: []int64{1, -2}, Grid: [][]int32{{1}, {}}, Pairs: []pair{{Key: new("k")}, {}}}},
		"escapes":            {`{"text":"\"\\\/\b\f\n\r\t\u00fc\uD83D\uDE00\u0000."}`, everything{Text: new("\"\\/\b\f\n\r\tü😀\x00.")}},
		"escaped name":       {`{"t\u0065xt":"a"}`, everything{Text: new("a")}},
		"beyond ASCII":       {`{"text":"Zürich 😀"}`, everything{Text: new("Zürich 😀")}},
	} {
		var got everything
		if err := Decode([]byte(c.body), &got); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Values of a wrong kind are answered in the words of AWS, and the member that
// they stand in.
func TestDecodeMismatch(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"text":7}`:                       "NUMBER_VALUE can not be converted to a String, at text",
		`{"text":true}`:                    "TRUE_VALUE can not be converted to a String, at text",
		`{"text":{}}`:                      "Start of structure or map found where not expected, at text",
		`{"text":["a"]}`:                   "Start of list found where not expected, at text",
		`{"int":"7"}`:                      "STRING_VALUE can not be converted to an Integer, at int",
		`{"int":2147483648}`:               "NUMBER_VALUE is out of the range of an Integer, at int",
		`{"int":1.0}`:                      "NUMBER_VALUE with a fraction or an exponent can not be converted to an Integer, at int",
		`{"long":1e3}`:                     "NUMBER_VALUE with a fraction or an exponent can not be converted to a Long, at long",
		`{"long":-9223372036854775809}`:    "NUMBER_VALUE is out of the range of a Long, at long",
		`{"double":1e999}`:                 "NUMBER_VALUE is out of the range of a Double, at double",
		`{"flag":"true"}`:                  "STRING_VALUE can not be converted to a Boolean, at flag",
		`{"flag":1}`:                       "NUMBER_VALUE can not be converted to a Boolean, at flag",
		`{"time":"2017-04-07T12:42:44Z"}`:  "STRING_VALUE can not be converted to a Timestamp, at time",
		`{"time":1e12}`:                    "NUMBER_VALUE is out of the range of a Timestamp, at time",
		`{"time":-1e300}`:                  "NUMBER_VALUE is out of the range of a Timestamp, at time",
		`{"blob":"*"}`:                     "STRING_VALUE is not base64 and can not be converted to a Blob, at blob",
		`{"texts":"a"}`:                    "STRING_VALUE can not be converted to a List, at texts",
		`{"texts":["a",null]}`:             "VALUE_NULL can not be converted to a String, at texts[1]",
		`{"pair":false}`:                   "FALSE_VALUE can not be converted to a Structure, at pair",
		`{"pair":[]}`:                      "Start of list found where not expected, at pair",
		`{"pairs":[{},{"value":1}]}`:       "NUMBER_VALUE can not be converted to a String, at pairs[1].value",
		`{"within":{"grid":[[],[1,"2"]]}}`: "STRING_VALUE can not be converted to an Integer, at within.grid[1][1]",
	} {
		wantSerialization(t, body, want)
	}
}

func TestDecodeSyntax(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[]`:                      "The request body is not a JSON object.",
		`null`:                    "The request body is not a JSON object.",
		" ":                       "The request body is not a JSON object.",
		"\ufeff{}":                "The request body is not a JSON object.",
		"{\"text\":\"\xff\"}":     "The request body is not valid UTF-8.",
		`{`:                       "a member's name is missing at byte 1",
		`{"text"`:                 "a colon is missing at byte 7",
		`{"text":`:                "a value is missing at byte 8",
		`{"text":"a`:              "unexpected end at byte 10",
		`{"text":"a"`:             "unexpected end at byte 11",
		`{"text":"a" "b"}`:        "a comma is missing at byte 12",
		`{"text":"a",}`:           "a member's name is missing at byte 12",
		`{"texts":["a",]}`:        "a value is missing at byte 14",
		`{text:"a"}`:              "a member's name is missing at byte 1",
		`{"text":'a'}`:            "a value is missing at byte 8",
		`{"text":nil}`:            "a value is missing at byte 8",
		`{"flag":True}`:           "a value is missing at byte 8",
		`{"flag":tru}`:            "a value is missing at byte 8",
		`{"int":tru}`:             "a value is missing at byte 7",
		`{"int":01}`:              "a comma is missing at byte 8",
		`{"int":+1}`:              "a value is missing at byte 7",
		`{"int":-}`:               "a value is missing at byte 8",
		`{"int":-`:                "unexpected end at byte 8",
		`{"x":1.}`:                "a number is not complete at byte 7",
		`{"x":1e+}`:               "a number is not complete at byte 8",
		`{"x":.5}`:                "a value is missing at byte 5",
		`{"x":NaN}`:               "a value is missing at byte 5",
		`{} {}`:                   "something follows the object at byte 3",
		"{}\x00":                  "something follows the object at byte 2",
		"{\"text\":\"a\nb\"}":     "a control character stands in a string at byte 10",
		`{"text":"\x"}`:           "an escape sequence is not valid at byte 9",
		`{"text":"\u12g4"}`:       "an escape sequence is not valid at byte 9",
		`{"text":"\`:              "an escape sequence is not valid at byte 9",
		`{"text":"\ud83d"}`:       "an escape sequence is not valid at byte 9",
		`{"text":"\ude00"}`:       "an escape sequence is not valid at byte 9",
		`{"text":"\ud83d\u0041"}`: "an escape sequence is not valid at byte 9",
		`{"x":"\ud83d\ud83d"}`:    "an escape sequence is not valid at byte 6",
	} {
		wantSerialization(t, body, want)
	}
}

func TestDecodeDepth(t *testing.T) {
	t.Parallel()
	nested := func(depth int, open, close string) string {
		return `{"x":` + strings.Repeat(open, depth-1) + strings.Repeat(close, depth-1) + `}`
	}
	if err := Decode([]byte(nested(maxDepth, "[", "]")), &everything{}); err != nil {
		t.Errorf("%d levels: %v", maxDepth, err)
	}
	wantSerialization(t, nested(maxDepth+1, "[", "]"), "nested too deeply")
	wantSerialization(t, nested(1<<19, "[", "]"), "nested too deeply")
	wantSerialization(t, strings.Repeat(`{"within":`, 1<<16), "nested too deeply")
	wide := `{"x":[` + strings.Repeat(`[{}],`, 1000) + `0]}`
	if err := Decode([]byte(wide), &everything{}); err != nil {
		t.Errorf("wide, not deep: %v", err)
	}
}

// What a client sends never comes back in an error text: it may be a secret.
func TestDecodeQuotesNothing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"int":"hunter2"}`, `{"text":"hunter2`, `{"hunter2":}`, `{"text":hunter2}`, `{"text":{"hunter2":1}}`} {
		if err := Decode([]byte(body), &everything{}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s answers %v", body, err)
		}
	}
}

func TestDecodeIntoWhatIsNoStructure(t *testing.T) {
	t.Parallel()
	for _, v := range []any{nil, everything{}, (*everything)(nil), new(int), new("s"), new(struct {
		C chan int `json:"c"`
	})} {
		err := Decode([]byte(`{}`), v)
		if _, wire := errors.AsType[*Error](err); err == nil || wire {
			t.Errorf("Decode into %T answers %v, want an error that is not the client's", v, err)
		}
	}
}

func wantSerialization(t *testing.T, body, want string) {
	t.Helper()
	err := Decode([]byte(body), &everything{})
	wire, ok := errors.AsType[*Error](err)
	if !ok || wire.Type != "SerializationException" || wire.Status != 400 || !strings.Contains(wire.Message, want) {
		t.Errorf("%.60s\n  answers %v\n  want SerializationException 400 with %q", body, err, want)
	}
}
