package operator

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/event"
)

// EventPage is a page of what has happened, each event in the envelope of Amazon EventBridge.
type EventPage struct {
	Events []json.RawMessage `json:"events"`
	After  string            `json:"after,omitempty"` // where the next page begins; with wait, always
	Last   string            `json:"last,omitempty"`  // where this one ends; absent of an empty one
}

func (a *api) eventRoutes() []route {
	return []route{{
		pattern: "GET /v1/events", out: EventPage{}, handle: a.listEvents,
		summary: "List what has happened, the oldest first. With wait, an empty page is answered only when nothing happens for as long.",
		query: append(listParameters(choose(
			"account", "Those of this account.", "resource", "Those of this resource, by identifier or ARN, and of planned work that hits it.",
			"kind", "Those of this kind, such as connection.state.", "since", "Not before this time, or this long ago.",
			"wait", "How long to wait for one that comes after, such as 20s; 20 seconds at most.")...),
			parameter{name: "newest", about: "The newest first.", kind: false}),
	}}
}

// The longest that a list waits, how often it looks meanwhile, and how long what it finds may have company: two
// transactions that touch nothing in common may be committed in another order than that of their positions.
const (
	longestWait  = 20 * time.Second
	waitLook     = 250 * time.Millisecond
	waitTogether = 100 * time.Millisecond
)

func (a *api) listEvents(ctx context.Context, r *http.Request) (any, error) {
	var q controlplane.EventQuery
	var kind, since, after, newest, wait string
	l, err := readListQuery(r.URL.Query(), "events", false, map[string]*string{
		"account": &q.Account, "resource": &q.Resource, "kind": &kind, "since": &since, "after": &after, "newest": &newest, "wait": &wait,
	})
	if err != nil {
		return nil, err
	}
	if q.Kind = event.Kind(kind); kind != "" && !q.Kind.Known() {
		return nil, noValue("kind", kind)
	}
	if q.Since, err = a.moment("since", since); err != nil {
		return nil, err
	}
	if newest != "" {
		if q.Newest, err = strconv.ParseBool(newest); err != nil {
			return nil, noValue("newest", newest)
		}
	}
	if after != "" {
		if q.After, err = strconv.ParseInt(after, 10, 64); err != nil || q.After < 0 {
			return nil, noValue("after", after)
		}
	}
	q.Limit = l.ask()
	found, err := a.findEvents(ctx, q, wait)
	if err != nil {
		return nil, err
	}
	page := EventPage{Events: []json.RawMessage{}}
	page.Events, page.After = cut(l, found, func(e controlplane.KeptEvent) json.RawMessage { return json.RawMessage(e.Body) }, eventPlace)
	if n := len(page.Events); n > 0 {
		page.Last = eventPlace(found[n-1])
	}
	if wait != "" { // whoever follows goes on behind the last one, and when there is none where they were
		page.After = cmp.Or(page.Last, after)
	}
	return page, nil
}

func eventPlace(e controlplane.KeptEvent) string { return strconv.FormatInt(e.Position, 10) }

// findEvents looks once or, if it is to wait, until there is something.
func (a *api) findEvents(ctx context.Context, q controlplane.EventQuery, wait string) ([]controlplane.KeptEvent, error) {
	if wait == "" {
		return a.Service.Events(ctx, q)
	}
	patience, err := time.ParseDuration(wait)
	if err != nil || patience < 0 || patience > longestWait || q.Newest {
		return nil, noValue("wait", wait)
	}
	ctx, cancel := context.WithTimeout(ctx, patience+waitLook)
	defer cancel()
	for end := time.Now().Add(patience); ; {
		found, err := a.Service.Events(ctx, q)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return a.together(ctx, q, found[len(found)-1].Position)
		}
		if !time.Now().Before(end) || a.Ready != nil && a.Ready(ctx) != nil || !rest(ctx, waitLook) {
			return nil, nil
		}
	}
}

// together looks again, a moment later, for what is not behind a position.
func (a *api) together(ctx context.Context, q controlplane.EventQuery, last int64) ([]controlplane.KeptEvent, error) {
	rest(ctx, waitTogether)
	found, err := a.Service.Events(context.WithoutCancel(ctx), q)
	return slices.DeleteFunc(found, func(e controlplane.KeptEvent) bool { return e.Position > last }), err
}

// rest waits; it is false when there is no time left.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Events answers a page of what has happened.
func (c *Client) Events(ctx context.Context, query url.Values) (EventPage, error) {
	return ask[EventPage](ctx, c, "GET", "/v1/events", query, nil)
}
