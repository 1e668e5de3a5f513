package conformance

import (
	"net/http"
	"strings"
	"testing"
)

// TestOtherPathsAreNotFound: another path or method is 404, with the type that an unknown operation has at 400.
func TestOtherPathsAreNotFound(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for _, method := range []string{http.MethodGet, http.MethodPut} {
		r := a.request(t, "DescribeLocations", "{}")
		r.Method = method
		a.do(t, r).is(t, http.StatusNotFound, "UnknownOperationException", "")
	}
	r := a.request(t, "DescribeLocations", "{}")
	r.URL.Path = "/locations"
	a.do(t, r).is(t, http.StatusNotFound, "UnknownOperationException", "")
}

// TestLargeBodiesAreRefused: beyond 1 MiB with 413, as other services of AWS do.
func TestLargeBodiesAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	const limit = 1 << 20
	fits := `{"x":"` + strings.Repeat("x", limit-8) + `"}`
	if x := a.send("DescribeLocations", fits); len(fits) != limit || x.status != http.StatusOK {
		t.Errorf("%d bytes: HTTP %d", len(fits), x.status)
	}
	a.send("DescribeLocations", fits+" ").is(t, http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", "The request body is too large.")
}

// TestErrorEnvelopeToday: no x-amzn-errortype, a message with tag exceptions too, and a connection that stays open.
func TestErrorEnvelopeToday(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	x := a.send("TagResource", `{"resourceArn":"`+arn("dxcon-fg31dyv6")+`","tags":[{"key":"k"},{"key":"k"}]}`)
	x.is(t, http.StatusBadRequest, duplicate, "A tag key was specified more than once: k")
	for _, name := range []string{"X-Amzn-Errortype", "Connection"} {
		if v, sent := x.header[name]; sent {
			t.Errorf("%s: %s", name, v)
		}
	}
}
