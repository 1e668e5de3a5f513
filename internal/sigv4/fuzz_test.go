package sigv4_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"onramp/internal/sigv4"
)

// genuine are the signatures that the seeds carry; whoever does not know the
// secret has no others.
var genuine = []string{
	"5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
	"ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
	"b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
}

// judge fails for an error that a client must not see, and for a request that
// passes without one of the genuine signatures.
func judge(t *testing.T, r *http.Request, body []byte) (passed bool) {
	t.Helper()
	id, err := exampleVerifier("service").Verify(r, body)
	if err != nil {
		var e *sigv4.Error
		if !errors.As(err, &e) || e.Code == "" || e.Message == "" {
			t.Fatalf("not a refusal: %v", err)
		}
		if strings.Contains(e.Message, exampleSecret) || id != (sigv4.Identity{}) {
			t.Fatalf("a refusal that tells too much: %v, %+v", err, id)
		}
		for _, signature := range genuine {
			if strings.Contains(e.Message, signature) {
				t.Fatalf("a refusal that repeats the signature: %v", err)
			}
		}
		return false
	}
	said := strings.Join(r.Header["Authorization"], ",") + r.URL.RawQuery
	for _, signature := range genuine {
		if strings.Contains(said, signature) {
			return true
		}
	}
	t.Fatalf("passed without a genuine signature: %q", said)
	return false
}

// FuzzAuthorization: whatever stands in the header, and only the genuine
// signature of this very request passes.
func FuzzAuthorization(f *testing.F) {
	for _, header := range []string{
		goodHeader, "", "AWS4-HMAC-SHA256", "Bearer x", "AWS4-HMAC-SHA256 Credential=,SignedHeaders=,Signature=",
		strings.Replace(goodHeader, "host;", "host;my-header;", 1), strings.Replace(goodHeader, "/aws4_request", "", 1),
		strings.Replace(goodHeader, genuine[0], genuine[1], 1), strings.ReplaceAll(goodHeader, ", ", ","),
	} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := vanilla(t, "")
		r.Header["Authorization"] = []string{header}
		if judge(t, r, nil) && !strings.Contains(header, genuine[0]) {
			t.Fatalf("passed with the signature of another request: %q", header)
		}
	})
}

// FuzzVerify: whole requests as they come off a connection. What passes has the
// genuine body, path and query of a seed.
func FuzzVerify(f *testing.F) {
	request := func(line, signed, signature, body string, headers ...string) {
		lines := append([]string{line + " HTTP/1.1", "Host: example.amazonaws.com", "X-Amz-Date: 20150830T123600Z",
			"Authorization: AWS4-HMAC-SHA256 Credential=" + goodCredential + ", SignedHeaders=" + signed + ", Signature=" + signature}, headers...)
		f.Add([]byte(strings.Join(lines, "\r\n")+"\r\n\r\n"), []byte(body))
	}
	request("GET /", "host;x-amz-date", genuine[0], "")
	request("GET /a/../%2e//", "host;x-amz-date", genuine[0], "")
	request("POST /", "content-type;host;x-amz-date", genuine[1], "Param1=value1", "Content-Type: application/x-www-form-urlencoded")
	request("GET /?Param2=value2&Param1=value1", "host;x-amz-date", genuine[2], "", "X-Amz-Security-Token: x", "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD")
	f.Add([]byte("GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="+goodCredential+
		"&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="+genuine[0]+" HTTP/1.1\r\nHost: example.amazonaws.com\r\n\r\n"), []byte(""))
	f.Fuzz(func(t *testing.T, head, body []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(head)))
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		if !judge(t, r, body) {
			return
		}
		if text := string(body); text != "" && text != "Param1=value1" {
			t.Fatalf("passed with the body %q", text)
		}
		if r.Host != "example.amazonaws.com" || r.Method != "GET" && r.Method != "POST" {
			t.Fatalf("passed as %s to %q", r.Method, r.Host)
		}
		if q := r.URL.Query(); len(q) != 0 && (len(q) != 2 || q.Get("Param1") != "value1" || q.Get("Param2") != "value2") {
			t.Fatalf("passed with the query %q", r.URL.RawQuery)
		}
	})
}
