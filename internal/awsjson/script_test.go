package awsjson

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// example is a service with an operation for every way an exchange can go.
func example() *Server {
	operations := map[string]func(context.Context, *everything) (any, error){
		"Echo":       func(_ context.Context, in *everything) (any, error) { return in, nil },
		"Nothing":    func(context.Context, *everything) (any, error) { return nil, nil },
		"Unwritable": func(context.Context, *everything) (any, error) { return &everything{Double: new(math.NaN())}, nil },
		"Break":      func(context.Context, *everything) (any, error) { return nil, errors.New("disk on fire") },
		"Panic":      func(context.Context, *everything) (any, error) { panic("disk on fire") },
		"Who": func(ctx context.Context, _ *everything) (any, error) {
			return &everything{Text: new(RequestID(ctx))}, nil
		},
		"Refuse": func(context.Context, *everything) (any, error) {
			return nil, fmt.Errorf("store: %w", &Error{Type: "DirectConnectClientException", Message: "Could not find Lag with ID dxlag-ffrhowd9"})
		},
	}
	return &Server{
		Target: "Example",
		Lookup: func(name string) (Operation, bool) {
			call, ok := operations[name]
			return Operation{
				Name: name,
				New:  func() any { return new(everything) },
				Call: func(ctx context.Context, in any) (any, error) { return call(ctx, in.(*everything)) },
			}, ok
		},
		Authenticate: func(r *http.Request, _ []byte) (context.Context, error) {
			if r.Header.Get("Authorization") == "wrong" {
				return nil, &Error{Type: "UnrecognizedClientException", Message: "The security token included in the request is invalid."}
			}
			return r.Context(), nil
		},
	}
}

// TestScripts plays the exchanges of testdata over a real connection and
// compares the answers byte for byte, but for the two that time and chance make.
func TestScripts(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(example())
	t.Cleanup(server.Close)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		exchanges := strings.Split(string(text), "\n=== ")[1:]
		for _, exchange := range exchanges {
			name, rest, _ := strings.Cut(exchange, "\n")
			request, want, found := strings.Cut(rest, "\n---\n")
			if !found {
				t.Fatalf("%s: %q has no answer", file, name)
			}
			t.Run(filepath.Base(file)+"/"+name, func(t *testing.T) {
				got := exchangeRaw(t, server.Listener.Addr().String(), request)
				if diff := cmp.Diff(strings.TrimRight(want, "\n"), got); diff != "" {
					t.Errorf("answer (-want +got):\n%s", diff)
				}
			})
		}
	}
}

var (
	someID   = regexp.MustCompile(`x-amzn-RequestId: [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n`)
	someDate = regexp.MustCompile(`Date: [^\n]+ GMT\n`)
)

// exchangeRaw sends a request as a script spells it, with Host and
// Content-Length put in, and answers what came back.
func exchangeRaw(t *testing.T, address, request string) string {
	t.Helper()
	head, body, _ := strings.Cut(request+"\n", "\n\n")
	body = strings.TrimSuffix(body, "\n")
	head = fmt.Sprintf("%s\nHost: %s\nContent-Length: %d\n\n", head, address, len(body))

	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, strings.ReplaceAll(head, "\n", "\r\n")+body); err != nil {
		t.Fatal(err)
	}
	var raw bytes.Buffer
	response, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, &raw)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	answer := strings.ReplaceAll(raw.String(), "\r\n", "\n")
	answer = someID.ReplaceAllString(answer, "x-amzn-RequestId: {uuid}\n")
	return someDate.ReplaceAllString(answer, "Date: {date}\n")
}
