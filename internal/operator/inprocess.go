package operator

import (
	"io"
	"maps"
	"net/http"
	"sync"
)

// InProcess is an http.RoundTripper that has a handler of this process answer, without a network: the command line's
// offline mode.
type InProcess struct{ Handler http.Handler }

// RoundTrip answers a request when its handler begins to. The rest is written while the answer's body is read.
func (t InProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	body, in := io.Pipe()
	w := &streamed{header: http.Header{}, body: in, began: make(chan struct{})}
	go func() {
		defer r.Body.Close()
		defer w.end()
		t.Handler.ServeHTTP(w, r)
	}()
	<-w.began
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: -1, Request: r,
	}, nil
}

// streamed is an answer on its way.
type streamed struct {
	header, sent http.Header
	status       int
	body         *io.PipeWriter
	once         sync.Once
	began        chan struct{}
}

func (w *streamed) Header() http.Header { return w.header }

func (w *streamed) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, maps.Clone(w.header)
		close(w.began)
	})
}

func (w *streamed) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// end ends the answer; one that its handler gave up is cut off, as a server does.
func (w *streamed) end() {
	var cut error
	if v := recover(); v == http.ErrAbortHandler {
		cut = io.ErrUnexpectedEOF
	} else if v != nil {
		panic(v)
	}
	w.WriteHeader(http.StatusOK)
	_ = w.body.CloseWithError(cut) // never fails
}
