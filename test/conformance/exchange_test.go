package conformance

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// calls counts how often each operation answered and refused.
type calls struct {
	mu     sync.Mutex
	counts map[string]*[2]int
}

// called is what all tests of this package called.
var called calls

func (c *calls) add(operation string, answered bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[string]*[2]int{}
	}
	if c.counts[operation] == nil {
		c.counts[operation] = new([2]int)
	}
	if answered {
		c.counts[operation][0]++
	} else {
		c.counts[operation][1]++
	}
}

func (c *calls) of(operation string) (answered, refused int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := c.counts[operation]; n != nil {
		return n[0], n[1]
	}
	return 0, 0
}

// An exchange is one answer as it came over the wire.
type exchange struct {
	operation string
	status    int
	header    http.Header
	body      string
}

// wiretap is the HTTP client that every request of this package goes through: it holds each answer of the service against
// what is recorded of its form, and keeps the last one.
type wiretap struct {
	t    testing.TB
	last exchange
}

// RoundTrip keeps the connection's own semantics: it answers what it was answered.
func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	request := takeBody(r)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	w.last = exchange{operation: operation, status: resp.StatusCode, header: resp.Header, body: string(body)}
	called.add(operation, resp.StatusCode == http.StatusOK)
	watchOf(r.URL.Host).saw(request, w.last)
	w.last.checkForm(w.t)
	return resp, nil
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// checkForm holds an answer against fact sheet 1.2 and 1.4, whatever it says: one compact JSON object without null, an
// error of __type and message, the headers that were recorded and not the one that was not.
func (x exchange) checkForm(t testing.TB) {
	t.Helper()
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf(x.operation+": "+format+"\nHTTP %d %s", append(args, x.status, x.body)...)
	}
	if got := x.header.Get("Content-Type"); got != "application/x-amz-json-1.1" {
		fail("Content-Type is %q", got)
	}
	if got := x.header.Get("X-Amzn-Requestid"); !uuid.MatchString(got) {
		fail("x-amzn-requestid is %q, no UUID", got)
	}
	if _, sent := x.header["X-Amzn-Errortype"]; sent {
		fail("x-amzn-errortype is sent, which no recording shows")
	}
	if got := x.header.Get("Content-Length"); got != strconv.Itoa(len(x.body)) {
		fail("Content-Length is %q for %d bytes", got, len(x.body))
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(x.body)); err != nil || compact.String() != x.body || !strings.HasPrefix(x.body, "{") {
		fail("the body is not a compact JSON object")
		return
	}
	if strings.Contains(x.body, ":null") {
		fail("a member is null, where an absent one is left out")
	}
	if x.status == http.StatusOK {
		return
	}
	var envelope map[string]string
	if err := json.Unmarshal([]byte(x.body), &envelope); err != nil {
		fail("the error is no object of strings")
	}
	for name := range envelope {
		if name != "__type" && name != "message" {
			fail("the error has a member %s", name)
		}
	}
}
