package conformance

import (
	"net/http"
	"strings"
	"testing"
)

// TestStrictJSON: what the front end of AWS is known or thought to let pass, and we refuse because it could not be kept or
// given back as it came.
func TestStrictJSON(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for body, text := range map[string]string{
		`{"maxResults":5.0}`:              "NUMBER_VALUE with a fraction or an exponent can not be converted to an Integer, at maxResults",
		`{"maxResults":5e0}`:              "NUMBER_VALUE with a fraction or an exponent can not be converted to an Integer, at maxResults",
		`{"connectionId":"\ud800"}`:       "~an escape sequence is not valid",
		`{"connectionId":"\ud800\ud800"}`: "~an escape sequence is not valid",
		`{"x":` + strings.Repeat(`{"x":`, 63) + `1` + strings.Repeat("}", 64): "nothing",
		`{"x":` + strings.Repeat(`{"x":`, 64) + `1` + strings.Repeat("}", 65): "~values are nested too deeply",
	} {
		x := a.send("DescribeConnections", body)
		if text == "nothing" {
			if x.status != http.StatusOK {
				t.Errorf("64 levels: HTTP %d %s", x.status, x.body)
			}
			continue
		}
		x.is(t, http.StatusBadRequest, serialization, text)
	}
	r := a.request(t, "DescribeConnections", "{}")
	r.Header.Set("Content-Encoding", "gzip")
	a.do(t, r).is(t, http.StatusBadRequest, serialization, "~Content-Encoding of the request body is not supported")
}
