package audit

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"cak":"00ff","ckn":"aa"}`:                              `{"cak":"[PROTECTED]","ckn":"aa"}`,
		`{"a":[{"authKey":"k","asn":65000}],"b":1}`:              `{"a":[{"authKey":"[PROTECTED]","asn":-1}],"b":1}`,
		`{"customerAddress":"192.0.2.1/30","amazonAddress":"x"}`: `{"customerAddress":"[PROTECTED]","amazonAddress":"[PROTECTED]"}`,
		`{"customerRouterConfig":"<a>\"}","z":true}`:             `{"customerRouterConfig":"[PROTECTED]","z":true}`,
		`{"authKey":{"deep":["x",{"authKey":1}]},"z":null}`:      `{"authKey":"[PROTECTED]","z":null}`,
		`{"asnLong":4200000000,"authKey":null}`:                  `{"asnLong":-1,"authKey":null}`,
		`{"text":"\"cak\":\"not a member\""}`:                    `{"text":"\"cak\":\"not a member\""}`,
		"{ \"cak\" :\t\"x\" , \"l\" : [ 1 , 2 ] }":               `{"cak":"[PROTECTED]","l":[1,2]}`,
		`{}`:                      `{}`,
		`[]`:                      `[]`,
		`{"n":-1.5e+3,"t":false}`: `{"n":-1.5e+3,"t":false}`,
	} {
		got, _, ok := Mask([]byte(in))
		if !ok || string(got) != want {
			t.Errorf("%s: %s (%t), want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{``, `{`, `{"a"`, `{"a":`, `{"a":}`, `{"a":"x`, `{"cak":"x`, `{a:1}`, `[1`, `{"a":1}}`, `{"a":secret}`, `{"cak":}`, `{"c\u0061k":"x"}`,
		strings.Repeat("[", 100) + strings.Repeat("]", 100), "{\"a\":\"\n\"}"} {
		if got, _, ok := Mask([]byte(in)); ok || got != nil {
			t.Errorf("%.40q was taken for JSON: %s", in, got)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	_, got, _ := Mask([]byte(`{"connectionId":"dxcon-ffabc123","x":{"lagId":"dxlag-ffabc123","ownerAccount":"222222222222"},` +
		`"connectionIds":["dxcon-ffabc123","dxcon-ffabc124"],"virtualInterfaceId":"no ID at all","ownerAccount":"333333333333",` +
		`"resourceArn":"arn:aws:directconnect::111111111111:dx-gateway/aaaa-bbbb","location":"EqDC2","lagId":""}`))
	want := Names{Owner: "222222222222", Resources: []Named{
		{Connection, "dxcon-ffabc123"}, {LAG, "dxlag-ffabc123"}, {Connection, "dxcon-ffabc124"}, {Gateway, "aaaa-bbbb"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for n, want := range map[Named]string{
		{Connection, "dxcon-ffabc123"}: "arn:aws-cn:directconnect:cn-north-1:1:dxcon/dxcon-ffabc123",
		{Connection, "dxlag-ffabc123"}: "arn:aws-cn:directconnect:cn-north-1:1:dxlag/dxlag-ffabc123",
		{Gateway, "a-b"}:               "arn:aws-cn:directconnect::1:dx-gateway/a-b",
		{Other, "vgw-1"}:               "",
	} {
		if r, _ := n.Resource("aws-cn", "cn-north-1", "1"); r.ARN != want {
			t.Errorf("%v: %q, want %q", n, r.ARN, want)
		}
	}
	for text, want := range map[string]string{"dxcon-ffabc123": "dxcon-ffabc123", "arn:aws:directconnect:r:1:dxcon/dxcon-ffabc123": "dxcon-ffabc123"} {
		if got := ID(text); got != want {
			t.Errorf("ID(%q) is %q", text, got)
		}
	}
}

// Whatever is taken for JSON comes out as JSON, and without the values of masked members.
func FuzzMask(f *testing.F) {
	for _, seed := range []string{`{"cak":"q"}`, `{"a":[{"authKey":"\"q"}]}`, `[1,"x",null]`, `{"asn":1,"b":{}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out, _, ok := Mask([]byte(in))
		if !ok || !json.Valid([]byte(in)) {
			return
		}
		if !json.Valid(out) {
			t.Fatalf("%q became %q", in, out)
		}
		var v any
		d := json.NewDecoder(strings.NewReader(string(out)))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		hidden(t, v)
	})
}

func hidden(t *testing.T, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if instead, masked := masked[key]; masked && value != nil {
				text, err := json.Marshal(value)
				if err != nil || string(text) != instead {
					t.Fatalf("%s is %s", key, text)
				}
				continue
			}
			hidden(t, value)
		}
	case []any:
		for _, value := range v {
			hidden(t, value)
		}
	}
}
