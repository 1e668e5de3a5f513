package awsjson

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func BenchmarkAppend(b *testing.B) {
	p := aPort()
	buffer, err := Append(nil, p)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(buffer)))
	b.ReportAllocs()
	for b.Loop() {
		buffer, _ = Append(buffer[:0], p)
	}
}

func BenchmarkDecode(b *testing.B) {
	body, err := Append(nil, aPort())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var p port
		if err := Decode(body, &p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkServer is a described connection from request to answer, without
// net/http around it.
func BenchmarkServer(b *testing.B) {
	type describe struct {
		ConnectionID *string `json:"connectionId"`
	}
	type connections struct {
		Connections []port `json:"connections"`
	}
	out := &connections{Connections: []port{*aPort()}}
	op := Operation{
		Name: "DescribeConnections",
		New:  func() any { return new(describe) },
	}
	op.Call = func(context.Context, any) (any, error) { return out, nil }
	s := &Server{Target: "OvertureService", Lookup: func(string) (Operation, bool) { return op, true }}

	body := strings.NewReader(`{"connectionId":"dxcon-fg31dyv6"}`)
	r := httptest.NewRequest(http.MethodPost, "/", body)
	r.Header.Set("X-Amz-Target", "OvertureService.DescribeConnections")
	w := &discard{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		body.Seek(0, 0)
		s.ServeHTTP(w, r)
	}
	if w.status != http.StatusOK {
		b.Fatalf("status %d", w.status)
	}
}

type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
