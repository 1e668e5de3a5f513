package awsjson

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestAppend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   any
		want string
	}{
		"nothing":             {nil, `{}`},
		"nil pointer":         {(*everything)(nil), `{}`},
		"all absent":          {&everything{}, `{}`},
		"a value":             {pair{Key: new("k")}, `{"key":"k"}`},
		"zeros are present":   {&everything{Text: new(""), Int: new(int32(0)), Flag: new(false)}, `{"text":"","int":0,"flag":false}`},
		"empty is not absent": {&everything{Blob: []byte{}, Texts: []string{}, Pairs: []pair{}}, `{"blob":"","texts":[],"pairs":[]}`},
		"empty structures":    {&everything{Pairs: []pair{{}, {}}, Pair: &pair{}}, `{"pairs":[{},{}],"pair":{}}`},
		"order of the struct": {&everything{Long: new(int64(-1 << 63)), Text: new("a"), Int: new(int32(-7))}, `{"text":"a","int":-7,"long":-9223372036854775808}`},
		"lists of lists":      {&everything{Grid: [][]int32{{1, 2}, {}}, Blobs: [][]byte{{0xff}, {}}}, `{"blobs":["/w==",""],"grid":[[1,2],[]]}`},
		"blob":                {&everything{Blob: []byte("%PDF")}, `{"blob":"JVBERg=="}`},
		"doubles":             {&everything{Double: new(0.1)}, `{"double":0.1}`},
		"no HTML":             {&everything{Text: new("<a&b>")}, `{"text":"<a&b>"}`},
		"escapes":             {&everything{Text: new("\"\\\n\r\t\x00\x1f\x7f/")}, `{"text":"\"\\\n\r\t\u0000\u001f` + "\x7f/\"}"},
		"beyond ASCII":        {&everything{Text: new("Zürich \u2028 😀")}, "{\"text\":\"Zürich \u2028 😀\"}"},
		"not UTF-8":           {&everything{Text: new("a\xffb\xc3")}, `{"text":"a` + "\ufffdb\ufffd" + `"}`},
		"within":              {&everything{Within: &everything{Flag: new(true)}}, `{"within":{"flag":true}}`},
	} {
		got, err := Append([]byte("before "), c.in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if string(got) != "before "+c.want {
			t.Errorf("%s:\n got %s\nwant before %s", name, got, c.want)
		}
	}
}

func TestAppendTimestamp(t *testing.T) {
	t.Parallel()
	for want, at := range map[string]time.Time{
		"1491568964.0":   time.Unix(1491568964, 0),
		"1491568964.1":   time.UnixMilli(1491568964100),
		"1491568964.12":  time.UnixMilli(1491568964120),
		"1491568964.123": time.UnixMilli(1491568964123),
		"1491568964.003": time.Unix(1491568964, 3_999_999),
		"1491568964.03":  time.UnixMilli(1491568964030),
		"0.0":            time.Unix(0, 0),
		"-0.5":           time.UnixMilli(-500),
		"-1.001":         time.UnixMilli(-1001),
		"-62135596800.0": {},
		"1700000000.0":   time.Unix(1700000000, 0).In(time.FixedZone("", 3600)),
	} {
		if got := string(appendTimestamp(nil, at)); got != want {
			t.Errorf("%v is written %s, want %s", at, got, want)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	for want, in := range map[string]any{
		"double: a number that is not finite": &everything{Double: new(math.NaN())},
		"within: double: a number":            &everything{Within: &everything{Double: new(math.Inf(-1))}},
		"string is not a structure":           "text",
		"uint8 has no form on the wire": struct {
			A *uint8 `json:"a"`
		}{},
		"string can not tell absent": struct {
			A string `json:"a"`
		}{},
		"*[]string can not tell absent": struct {
			A *[]string `json:"a"`
		}{},
		"wire name as json tag": struct{ A *string }{},
	} {
		if _, err := Append(nil, in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Append(%#v) answers %v, want an error with %q", in, err, want)
		}
	}
}
