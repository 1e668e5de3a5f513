package conformance

import (
	"net/http"
	"strings"
	"testing"
)

// TestEveryAmzHeaderIsSigned: one that is there and not signed is refused.
func TestEveryAmzHeaderIsSigned(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	r := a.request(t, "DescribeLocations", "{}")
	r.Header.Set("X-Amz-Extra", "1")
	a.do(t, r).is(t, http.StatusBadRequest, "InvalidSignatureException", "'X-Amz-Extra' must be a 'SignedHeader' in the AWS Authorization.")
	r = a.request(t, "DescribeLocations", "{}")
	r.Header.Set("X-Amz-Extra", "1")
	a.sign(t, r, "{}")
	if x := a.do(t, r); x.status != http.StatusOK {
		t.Errorf("HTTP %d %s", x.status, x.body)
	}
}

// TestCredentialsAreEchoedHashed: what may be a secret in the wrong place is not repeated.
func TestCredentialsAreEchoedHashed(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for _, auth := range []string{
		"AWS4-HMAC-SHA256 Credential=SECRET-IN-THE-WRONG-PLACE, SignedHeaders=host;x-amz-date;x-amz-target, Signature=00",
		"AWS4-HMAC-SHA256 SECRET-IN-THE-WRONG-PLACE",
		"AWS4-HMAC-SHA256 Credential=" + alice + "/SECRET-IN-THE-WRONG-PLACE",
	} {
		r := a.request(t, "DescribeLocations", "{}")
		r.Header.Set("Authorization", auth)
		x := a.do(t, r)
		x.is(t, http.StatusBadRequest, "IncompleteSignatureException", "~with SHA-256 and encoded with Base64")
		if strings.Contains(x.body, "SECRET") {
			t.Errorf("echoed: %s", x.body)
		}
	}
}

// TestOrderOfChecks: the operation is looked for first, then the body read, then the signature checked, then the body
// understood; of a signature the form, the date, the scope, the key and the signature itself.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	unsigned := func(operation, body string) *http.Request {
		r := a.request(t, operation, body)
		r.Header.Del("Authorization")
		return r
	}
	a.do(t, unsigned("NoSuchOperation", "{")).is(t, http.StatusBadRequest, "UnknownOperationException", "")
	a.do(t, unsigned("DescribeLocations", "{")).is(t, http.StatusBadRequest, "MissingAuthenticationTokenException", "Missing Authentication Token")
	unknown := w.as(t, "nobody")
	for _, c := range []struct{ service, date, exception, text string }{
		{"directconnect", "20200101T000000Z", "InvalidSignatureException", "~Signature expired: 20200101T000000Z"},
		{"ec2", "", "InvalidSignatureException", "Credential should be scoped to correct service: 'directconnect'."},
		{"directconnect", "", "UnrecognizedClientException", "The security token included in the request is invalid."},
	} {
		r := unknown.request(t, "DescribeLocations", "{}")
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "/directconnect/", "/"+c.service+"/", 1))
		if c.date != "" {
			r.Header.Set("X-Amz-Date", c.date)
		}
		unknown.do(t, r).is(t, http.StatusBadRequest, c.exception, c.text)
	}
}
