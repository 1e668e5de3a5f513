package webhook_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onramp/internal/event"
	"onramp/internal/store"
	"onramp/internal/webhook"
)

// bed is a store with a dispatcher whose clock the test turns.
type bed struct {
	t     testing.TB
	store *store.Store
	now   atomic.Int64 // microseconds
	log   lockedBuffer
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func newBed(t testing.TB, change func(*webhook.Config)) *bed {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite://" + t.TempDir() + "/onramp.db"})
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{t: t, store: s}
	b.now.Store(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixMicro())
	c := webhook.Config{
		Store: s, Now: b.time, Secret: func(store.Webhook) (string, error) { return secret, nil }, AllowPrivate: true,
		URL:     func(w store.Webhook) (string, error) { return w.URL, nil },
		Timeout: 5 * time.Second, Version: "test", Log: slog.New(slog.NewTextHandler(&b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&c)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- webhook.New(c).Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *bed) time() time.Time { return time.UnixMicro(b.now.Load()).UTC() }

func (b *bed) update(f func(tx *store.Tx) error) {
	b.t.Helper()
	if err := b.store.Update(b.t.Context(), f); err != nil {
		b.t.Fatal(err)
	}
}

// tell adds a webhook at a URL and tells it of n events of one resource.
func (b *bed) tell(url string, n int) {
	b.t.Helper()
	b.update(func(tx *store.Tx) error {
		if err := tx.PutWebhook(&store.Webhook{ID: "h", Created: b.time(), URL: url}); err != nil {
			return err
		}
		for i := range n {
			e := event.Event{Kind: event.Gateway, Time: b.time(), Resource: "r", Detail: event.Detail("n", i+1)}
			if err := tx.Tell(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// until waits until the deliveries, the first event first, are as they should be.
func (b *bed) until(what string, done func([]store.Delivery) bool) []store.Delivery {
	b.t.Helper()
	limit := time.NewTimer(30 * time.Second)
	defer limit.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var all []store.Delivery
		err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
			all, err = tx.Deliveries(store.DeliveryQuery{Webhook: "h"})
			return err
		})
		if err != nil {
			b.t.Fatal(err)
		}
		if done(all) {
			return all
		}
		select {
		case <-tick.C:
		case <-limit.C:
			b.t.Fatalf("%s: not within 30 s: %+v\n%s", what, all, b.log.String())
		}
	}
}

func tried(n int) func([]store.Delivery) bool {
	return func(all []store.Delivery) bool { return all[len(all)-1].Attempts >= n }
}

// TestPrivateAddress: whatever a name resolves to is looked at when the connection is made.
func TestPrivateAddress(t *testing.T) {
	t.Parallel()
	asked := atomic.Int64{}
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		b := newBed(t, func(c *webhook.Config) { c.AllowPrivate = false })
		b.tell("http://"+host+":"+port+"/?token=hidden", 1)
		all := b.until(host, tried(1))
		if got := all[0].Problem; got != "the receiver's address is not of the public Internet" || all[0].State != store.DeliveryWaiting {
			t.Errorf("%s: %s, %s", host, all[0].State, got)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("the receiver was asked %d times", asked.Load())
	}
}

// TestAnswers: what counts as taken, and that nothing else is followed, or read for long.
func TestAnswers(t *testing.T) {
	t.Parallel()
	elsewhere := atomic.Int64{}
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, c := range []struct {
		name, problem string
		answer        http.HandlerFunc
	}{
		{"204", "", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }},
		{"a redirect", "it answered 307: it sent elsewhere, and redirects are not followed", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}},
		{"a fault", "it answered 500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }},
		{"no answer", "it did not answer in time", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{"no end", "", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
					return
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // so that the sender's going shows
				c.answer(w, r)
			}))
			defer s.Close()
			b := newBed(t, func(c *webhook.Config) { c.Timeout = 500 * time.Millisecond })
			b.tell(s.URL+"/?token=hidden", 1)
			all := b.until(c.name, tried(1))
			if all[0].Problem != c.problem || (all[0].State == store.DeliveryDelivered) != (c.problem == "") {
				t.Errorf("%s, %q; want %q", all[0].State, all[0].Problem, c.problem)
			}
			if strings.Contains(b.log.String()+all[0].Problem, "hidden") {
				t.Errorf("the log has the URL: %s", b.log.String())
			}
		})
	}
	if elsewhere.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

// TestPaused: a paused webhook is told nothing, and what has happened once it goes on.
func TestPaused(t *testing.T) {
	t.Parallel()
	came := make(chan string, 10)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { came <- r.Header.Get(event.HeaderID) }))
	defer s.Close()
	b := newBed(t, nil)
	pause := func(paused bool) {
		b.update(func(tx *store.Tx) error {
			w, err := tx.Webhook("h")
			if err != nil {
				return err
			}
			w.Paused = paused
			return tx.PutWebhook(&w)
		})
		b.store.Deliveries().Ring()
	}
	b.tell(s.URL, 1)
	<-came
	pause(true)
	b.update(func(tx *store.Tx) error {
		return tx.Tell(event.Event{Kind: event.Gateway, Time: b.time(), Resource: "r", Detail: event.Detail("n", 9)})
	})
	serve := []store.Webhook(nil)
	if err := b.store.View(t.Context(), func(tx *store.Tx) (err error) {
		serve, err = tx.WebhooksToServe(b.time(), time.Now())
		return err
	}); err != nil || len(serve) > 0 {
		t.Errorf("a paused webhook is to be served: %v, %v", serve, err)
	}
	pause(false)
	all := b.until("going on", func(all []store.Delivery) bool { return all[0].State == store.DeliveryDelivered })
	if id := <-came; id != all[0].Event.ID {
		t.Errorf("%s came, want %s", id, all[0].Event.ID)
	}
}
