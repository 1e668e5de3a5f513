package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// request is a signed request that a test bends before it is sent.
func (c *caller) request(t testing.TB, operation, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.w.url+"/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "OvertureService."+operation)
	c.sign(t, r, body)
	return r
}

func (c *caller) sign(t testing.TB, r *http.Request, body string) {
	t.Helper()
	err := v4.NewSigner().SignHTTP(t.Context(), c.credentials, r, hash(body), "directconnect", c.region, time.Now())
	if err != nil {
		t.Fatal(err)
	}
}

// hash is that of a payload, as signatures have it.
func hash(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// do sends a request as it stands.
func (c *caller) do(t testing.TB, r *http.Request) exchange {
	t.Helper()
	resp, err := (&http.Client{Transport: c.wiretap, Timeout: time.Minute}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return c.last
}

// is checks status, exception and text of an answer; a text that begins with ~ need only be a part.
func (x exchange) is(t testing.TB, status int, exception, text string) {
	t.Helper()
	e := decode(t, x.body)
	said, _ := e["message"].(string)
	part, partly := strings.CutPrefix(text, "~")
	if x.status != status || e["__type"] != exception || said != text && !(partly && strings.Contains(said, part)) {
		t.Errorf("%s: HTTP %d %s\nwant %d %s: %s", x.operation, x.status, x.body, status, exception, text)
	}
}
