package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// toldReceiver keeps what webhooks tell it.
type toldReceiver struct {
	mu     sync.Mutex
	bodies []string
	came   chan struct{}
}

type receiverKey struct{}

func (r *toldReceiver) ServeHTTP(_ http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body) // what is cut short is not what a script wants
	r.mu.Lock()
	r.bodies = append(r.bodies, string(body))
	r.mu.Unlock()
	r.came <- struct{}{}
}

// receiverCommand is
//
//	receiver start       listens for deliveries, at the address in RECEIVER
//	receiver has N TEXT  waits until N have come; the last one must have TEXT in it
func receiverCommand(ts *testscript.TestScript, neg bool, args []string) {
	slot := ts.Value(receiverKey{}).(*toldReceiver)
	switch {
	case !neg && len(args) == 1 && args[0] == "start":
		slot.came = make(chan struct{}, 1024)
		s := httptest.NewServer(slot)
		ts.Defer(s.Close)
		ts.Setenv("RECEIVER", s.URL+"/told")
	case !neg && len(args) == 3 && args[0] == "has":
		var n int
		if _, err := fmt.Sscan(args[1], &n); err != nil {
			ts.Fatalf("receiver has %s: %v", args[1], err)
		}
		slot.has(ts, n, args[2])
	default:
		ts.Fatalf("usage: receiver start, or receiver has N TEXT")
	}
}

func (r *toldReceiver) has(ts *testscript.TestScript, n int, text string) {
	timer := time.NewTimer(time.Minute)
	defer timer.Stop()
	for {
		r.mu.Lock()
		bodies := r.bodies
		r.mu.Unlock()
		if len(bodies) >= n {
			if last := bodies[len(bodies)-1]; len(bodies) != n || !strings.Contains(last, text) {
				ts.Fatalf("%d deliveries have come, want %d; the last is %s", len(bodies), n, last)
			}
			return
		}
		select {
		case <-r.came:
		case <-timer.C:
			ts.Fatalf("only %d deliveries have come in a minute, want %d", len(bodies), n)
		}
	}
}
