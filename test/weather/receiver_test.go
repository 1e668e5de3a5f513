package weather

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onramp/internal/operator"
)

// receiver is told of events by webhooks. It checks each delivery as the specification of Standard Webhooks tells receivers
// to, by code of its own.
type receiver struct {
	t   testing.TB
	url string

	mu     sync.Mutex
	down   bool           // answers 503
	hold   chan struct{}  // closed: go on; nil: nobody waits
	held   chan struct{}  // is told when somebody does
	secret string         // as the operator was given it
	taken  map[string]int // deliveries by event ID
	first  []string       // event IDs in the order in which they came first
	bodies map[string]string
	tried  int // requests, those that were turned away too
}

func receive(t testing.TB) *receiver {
	t.Helper()
	r := &receiver{t: t, taken: map[string]int{}, bodies: map[string]string{}, held: make(chan struct{}, 64)}
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	t.Cleanup(r.release)
	r.url = s.URL + "/events"
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return // the sender was killed
	}
	r.mu.Lock()
	hold := r.hold
	r.mu.Unlock()
	if hold != nil {
		r.held <- struct{}{}
		select {
		case <-hold:
		case <-q.Context().Done(): // the sender was killed
			return
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried++
	if r.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if problem := r.check(q, body); problem != "" {
		r.t.Errorf("a delivery is not what it should be: %s", problem)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	id := q.Header.Get("webhook-id")
	if r.taken[id]++; r.taken[id] == 1 {
		r.first = append(r.first, id)
	} else if r.bodies[id] != string(body) {
		r.t.Errorf("event %s came again with another body", id)
	}
	r.bodies[id] = string(body)
}

// check is what a receiver does (Standard Webhooks 1.0.0, "Verifying webhook authenticity").
func (r *receiver) check(q *http.Request, body []byte) string {
	id, stamp := q.Header.Get("webhook-id"), q.Header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if age := time.Since(time.Unix(seconds, 0)).Abs(); err != nil || age > 5*time.Minute {
		return "its time is " + stamp
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.secret, "whsec_"))
	if err != nil || len(key) < 24 {
		return "the secret is none"
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if !slices.Contains(strings.Fields(q.Header.Get("webhook-signature")), want) {
		return "its signature is " + q.Header.Get("webhook-signature")
	}
	var envelope struct {
		ID     string         `json:"id"`
		Source string         `json:"source"`
		Type   string         `json:"detail-type"`
		Detail map[string]any `json:"detail"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil || envelope.ID != id || envelope.Source != "onramp.directconnect" ||
		envelope.Type == "" || len(envelope.Detail) == 0 || q.Header.Get("Content-Type") != "application/json" {
		return "it is no event: " + string(body)
	}
	return ""
}

func (r *receiver) set(down bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = down
}

// stall has requests wait until release.
func (r *receiver) stall() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hold = make(chan struct{})
}

func (r *receiver) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hold != nil {
		close(r.hold)
		r.hold = nil
	}
}

func (r *receiver) counts() (tried, events int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tried, len(r.first)
}

// hook adds a webhook for everything.
func (r *receiver) hook(c *operator.Client) string {
	r.t.Helper()
	w, err := c.AddWebhook(r.t.Context(), operator.WebhookOrder{URL: r.url})
	if err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secret = w.Secret
	return w.ID
}

// kept is an event as the operator's API lists it.
type kept struct{ id, resource, text string }

func listEvents(ctx context.Context, c *operator.Client) (all []kept, err error) {
	query := url.Values{"limit": {"1000"}}
	for {
		page, err := c.Events(ctx, query)
		if err != nil {
			return nil, err
		}
		for _, text := range page.Events {
			var e struct {
				ID        string   `json:"id"`
				Resources []string `json:"resources"`
			}
			if err := json.Unmarshal(text, &e); err != nil {
				return nil, err
			}
			all = append(all, kept{e.ID, strings.Join(e.Resources, " "), string(text)})
		}
		if page.After == "" {
			return all, nil
		}
		query.Set("after", page.After)
	}
}

// all waits until each event that there is has arrived, and wants them in the order of each resource and as they are listed.
func (r *receiver) all(c *operator.Client, atLeast int) {
	r.t.Helper()
	var want []kept
	err := poll(r.t.Context(), time.Minute, "delivering all events", func() (done bool, err error) {
		if want, err = listEvents(r.t.Context(), c); err != nil {
			return false, err
		}
		_, got := r.counts()
		return got >= len(want) && got >= atLeast, nil
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.t.Fatalf("%v: %d of %d events have arrived, at least %d were expected", err, len(r.first), len(want), atLeast)
	}
	place := map[string]int{}
	for i, id := range r.first {
		place[id] = i
	}
	before := map[string]int{}
	for _, e := range want {
		at, ok := place[e.id]
		switch {
		case !ok:
			r.t.Errorf("never arrived: %s", e.text)
			continue
		case r.bodies[e.id] != e.text:
			r.t.Errorf("arrived as %s, listed as %s", r.bodies[e.id], e.text)
		case before[e.resource] > at:
			r.t.Errorf("arrived before what had happened earlier to the same resource: %s", e.text)
		}
		before[e.resource] = at
	}
	if len(place) != len(want) {
		r.t.Errorf("%d events have arrived, %d have happened", len(place), len(want))
	}
}
