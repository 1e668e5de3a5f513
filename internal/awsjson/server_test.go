package awsjson

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// request is a well-formed call of an example operation.
func request(operation, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "Example."+operation)
	return r
}

// writes is a ResponseWriter that counts them.
type writes struct {
	*httptest.ResponseRecorder
	count int
}

func (w *writes) Write(p []byte) (int, error) { w.count++; return w.ResponseRecorder.Write(p) }

func TestServerWritesOnce(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"Echo", "Nothing", "Refuse", "Panic", "NoSuch"} {
		w := &writes{ResponseRecorder: httptest.NewRecorder()}
		example().ServeHTTP(w, request(operation, `{"text":"`+strings.Repeat("a", 100_000)+`"}`))
		if w.count != 1 {
			t.Errorf("%s: the body left in %d writes", operation, w.count)
		}
	}
}

func TestServerObserves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operation, body string
		want            Call
		err             string
	}{
		{"Echo", `{"text":"a"}`, Call{Operation: "Echo", Status: 200, RequestBytes: 12, ResponseBytes: 12}, ""},
		{"Refuse", `{}`, Call{Operation: "Refuse", Status: 400, ErrorType: "DirectConnectClientException", RequestBytes: 2, ResponseBytes: 95}, "store: DirectConnectClientException"},
		{"Break", `{}`, Call{Operation: "Break", Status: 500, ErrorType: "InternalFailure", RequestBytes: 2, ResponseBytes: 28}, "disk on fire"},
		{"Panic", `{}`, Call{Operation: "Panic", Status: 500, ErrorType: "InternalFailure", RequestBytes: 2, ResponseBytes: 28}, "panic: disk on fire"},
		{"Unwritable", `{}`, Call{Operation: "Unwritable", Status: 500, ErrorType: "InternalFailure", RequestBytes: 2, ResponseBytes: 28}, "not finite"},
		{"Echo", `{`, Call{Operation: "Echo", Status: 400, ErrorType: "SerializationException", RequestBytes: 1, ResponseBytes: 121}, "not valid JSON"},
		{"DropTable", `{}`, Call{Operation: "", Status: 400, ErrorType: "UnknownOperationException", ResponseBytes: 38}, "UnknownOperationException"},
	} {
		var got Call
		var seen context.Context
		clock := time.Unix(0, 0)
		s := example()
		s.Now = func() time.Time { clock = clock.Add(3 * time.Millisecond); return clock }
		s.Observe = func(ctx context.Context, call Call) { seen, got = ctx, call }
		w := httptest.NewRecorder()
		s.ServeHTTP(w, request(c.operation, c.body))

		//lint:ignore SA1008 the header leaves in the spelling that was recorded
		if id := w.Header()["x-amzn-RequestId"][0]; got.RequestID != id || RequestID(seen) != id || len(id) != 36 {
			t.Errorf("%s: request ID %q on the wire, %q observed, %q in the context", c.operation, id, got.RequestID, RequestID(seen))
		}
		if (got.Err == nil) != (c.err == "") || got.Err != nil && !strings.Contains(got.Err.Error(), c.err) {
			t.Errorf("%s: error %v, want %q", c.operation, got.Err, c.err)
		}
		c.want.RequestID, c.want.Err, c.want.Duration = got.RequestID, got.Err, 3*time.Millisecond
		if diff := cmp.Diff(c.want, got, cmp.Comparer(func(a, b error) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.operation, diff)
		}
	}
}

func TestServerMapsErrors(t *testing.T) {
	t.Parallel()
	mapped := &Error{Type: "DirectConnectServerException", Message: "Sorry.", Status: 400}
	for name, c := range map[string]struct {
		hook func(context.Context, error) *Error
		want string
	}{
		"mapped":         {func(context.Context, error) *Error { return mapped }, `{"__type":"DirectConnectServerException","message":"Sorry."}`},
		"no answer":      {func(context.Context, error) *Error { return nil }, `{"__type":"InternalFailure"}`},
		"the hook fails": {func(context.Context, error) *Error { panic("hook") }, `{"__type":"InternalFailure"}`},
	} {
		s := example()
		s.Error = c.hook
		w := httptest.NewRecorder()
		s.ServeHTTP(w, request("Break", "{}"))
		if w.Body.String() != c.want {
			t.Errorf("%s: %s, want %s", name, w.Body, c.want)
		}
	}
}

// The context that Authenticate answers is the one that Call gets, with the
// request ID still in it, and the body is what the client signed.
func TestServerHandsOnTheCaller(t *testing.T) {
	t.Parallel()
	type account struct{}
	s := example()
	s.Authenticate = func(r *http.Request, body []byte) (context.Context, error) {
		return context.WithValue(r.Context(), account{}, string(body)), nil
	}
	s.Lookup = func(string) (Operation, bool) {
		return Operation{
			New: func() any { return new(everything) },
			Call: func(ctx context.Context, _ any) (any, error) {
				who, _ := ctx.Value(account{}).(string)
				return &everything{Texts: []string{who, RequestID(ctx)}}, nil
			},
		}, true
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, request("Any", `{"long":1}`))
	var got everything
	if err := Decode(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	//lint:ignore SA1008 the header leaves in the spelling that was recorded
	want := []string{`{"long":1}`, w.Header()["x-amzn-RequestId"][0]}
	if diff := cmp.Diff(want, got.Texts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A panic costs one answer; the connection it came over serves on.
func TestServerOutlivesPanics(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(example())
	t.Cleanup(server.Close)
	for i := range 20 {
		operation, want := "Panic", 500
		if i%2 == 1 {
			operation, want = "Echo", 200
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", "Example."+operation)
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want || response.Close {
			t.Fatalf("%s: status %d, connection closed: %t", operation, response.StatusCode, response.Close)
		}
	}
}

func TestServerLimitsTheBody(t *testing.T) {
	t.Parallel()
	body := func(size int) string { return `{"text":"` + strings.Repeat("a", size-11) + `"}` }
	unknownLength := func(r *http.Request) *http.Request { r.ContentLength = -1; return r }
	for name, c := range map[string]struct {
		limit  int64
		r      *http.Request
		status int
	}{
		"at the default limit":   {0, request("Nothing", body(1<<20)), 200},
		"over the default limit": {0, request("Nothing", body(1<<20+1)), 413},
		"at the limit":           {100, request("Nothing", body(100)), 200},
		"over the limit":         {100, request("Nothing", body(101)), 413},
		"chunked, at the limit":  {100, unknownLength(request("Nothing", body(100))), 200},
		"chunked, over":          {100, unknownLength(request("Nothing", body(101))), 413},
		"chunked, far over":      {100, unknownLength(request("Nothing", body(1<<22))), 413},
	} {
		s := example()
		s.MaxBody = c.limit
		w := httptest.NewRecorder()
		s.ServeHTTP(w, c.r)
		closes := w.Header().Get("Connection") == "close"
		if w.Code != c.status || closes != (c.status != 200) {
			t.Errorf("%s: status %d, connection closed: %t; want %d", name, w.Code, closes, c.status)
		}
		if want := `{"__type":"RequestEntityTooLargeException","message":"The request body is too large."}`; c.status == 413 && w.Body.String() != want {
			t.Errorf("%s: %s", name, w.Body)
		}
	}
}

func TestServerReadsNoFurtherThanItMust(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body   io.Reader
		status int
		typ    string
	}{
		"too slow": {io.MultiReader(strings.NewReader(`{"text"`), failing{os.ErrDeadlineExceeded}), 408, "RequestTimeoutException"},
		"gone":     {io.MultiReader(strings.NewReader(`{"text"`), failing{io.ErrUnexpectedEOF}), 400, "SerializationException"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", c.body)
		r.Header.Set("X-Amz-Target", "Example.Echo")
		w := httptest.NewRecorder()
		example().ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("Connection") != "close" || !bytes.Contains(w.Body.Bytes(), []byte(c.typ)) {
			t.Errorf("%s: %d %v %s", name, w.Code, w.Header(), w.Body)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestPanicErrorKeepsTheStack(t *testing.T) {
	t.Parallel()
	var err error
	s := example()
	s.Observe = func(_ context.Context, call Call) { err = call.Err }
	s.ServeHTTP(httptest.NewRecorder(), request("Panic", "{}"))
	caught, ok := errors.AsType[*PanicError](err)
	if !ok || caught.Value != "disk on fire" || !bytes.Contains(caught.Stack, []byte("script_test.go")) {
		t.Errorf("observed %#v", err)
	}
}

func TestRequestIDsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 10_000 {
		id := newRequestID()
		if seen[id] || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) {
			t.Fatalf("%s: twice, or no UUID of version 4", id)
		}
		seen[id] = true
	}
	if id := RequestID(t.Context()); id != "" {
		t.Errorf("a request ID outside of a request: %s", id)
	}
}
