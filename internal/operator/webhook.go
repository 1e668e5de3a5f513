package operator

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"onramp/internal/controlplane"
)

// Webhook is a receiver of events. Secret is there once, in the answer that makes it.
type Webhook struct {
	ID         string     `json:"id"`
	URL        string     `json:"url"`               // without what may be secret in it
	Account    string     `json:"account,omitempty"` // whose events; absent: all accounts', and the operator's own
	Events     []string   `json:"events"`            // patterns; none: all
	Paused     bool       `json:"paused,omitempty"`
	Created    time.Time  `json:"created,omitzero"`
	Waiting    int        `json:"waiting"`         // events still to be delivered
	Dead       int        `json:"dead"`            // events that were given up
	Oldest     time.Time  `json:"oldest,omitzero"` // of those waiting
	Deliveries []Delivery `json:"deliveries,omitempty"`
	Secret     string     `json:"secret,omitempty"` // that deliveries are signed with
}

// Delivery is what has become of an event on its way to a webhook.
type Delivery struct {
	Event    string    `json:"event"` // its ID
	Kind     string    `json:"kind"`
	Resource string    `json:"resource"`
	Happened time.Time `json:"happened,omitzero"`
	State    string    `json:"state"` // waiting, delivered or dead
	Attempts int       `json:"attempts"`
	Last     time.Time `json:"last,omitzero"` // attempt
	Next     time.Time `json:"next,omitzero"` // attempt
	Status   int       `json:"status,omitempty"`
	Problem  string    `json:"problem,omitempty"`
}

// WebhookOrder is what a webhook is to be.
type WebhookOrder struct {
	URL     string   `json:"url"`
	Account string   `json:"account,omitempty" audit:"yes"` // absent: all accounts
	Events  []string `json:"events,omitempty" audit:"yes"`  // patterns such as connection.* ; none: all
}

// TestedWebhook is the event that a test delivers.
type TestedWebhook struct {
	Event string `json:"event"`
}

// Redelivery is what is to be delivered again.
type Redelivery struct {
	Event string `json:"event,omitempty" audit:"yes"` // ID; absent: all that were given up
}

// Redelivered is how many events are delivered again.
type Redelivered struct {
	Events int `json:"events"`
}

// shownDeliveries is how many deliveries are shown of a webhook, unless ?limit= says otherwise.
const shownDeliveries = 20

func (a *api) webhookRoutes() []route {
	return []route{
		{
			pattern: "GET /v1/webhooks", summary: "List webhooks and what is waiting for each.", out: []Webhook{}, handle: a.listWebhooks,
			query: choose("account", "Those of this account."),
		},
		{pattern: "POST /v1/webhooks", summary: "Add a webhook; the answer has the signing secret, this once.", in: WebhookOrder{}, out: created{Webhook{}}, handle: a.addWebhook},
		{
			pattern: "GET /v1/webhooks/{id}", summary: "Show a webhook and its latest deliveries.", out: Webhook{}, handle: a.showWebhook,
			query: []parameter{{name: "limit", about: "How many deliveries at most, 1 to 1000.", kind: 0}},
		},
		{pattern: "DELETE /v1/webhooks/{id}", summary: "Remove a webhook.", handle: a.removeWebhook},
		{pattern: "POST /v1/webhooks/{id}/pause", summary: "Deliver nothing for a while; what happens is kept.", out: Webhook{}, handle: a.pauseWebhook(true)},
		{pattern: "POST /v1/webhooks/{id}/resume", summary: "Go on delivering.", out: Webhook{}, handle: a.pauseWebhook(false)},
		{pattern: "POST /v1/webhooks/{id}/test", summary: "Deliver a test event.", out: TestedWebhook{}, handle: a.testWebhook},
		{pattern: "POST /v1/webhooks/{id}/redeliver", summary: "Deliver an event again, or all that were given up.", in: Redelivery{}, out: Redelivered{}, handle: a.redeliver},
	}
}

func webhookOf(w controlplane.Webhook) Webhook {
	return Webhook{ID: w.ID, URL: w.Shown, Account: w.Account, Events: append([]string{}, w.Patterns...), Paused: w.Paused, Created: w.Created}
}

func webhookStateOf(w controlplane.WebhookState) Webhook {
	out := webhookOf(w.Webhook)
	out.Waiting, out.Dead, out.Oldest = w.Waiting, w.Dead, w.Oldest
	return out
}

func (a *api) listWebhooks(ctx context.Context, r *http.Request) (any, error) {
	found, err := a.Service.Webhooks(ctx, r.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	list := make([]Webhook, len(found))
	for i, w := range found {
		list[i] = webhookStateOf(w)
	}
	return list, nil
}

func (a *api) addWebhook(ctx context.Context, r *http.Request) (any, error) {
	var in WebhookOrder
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	w, secret, err := a.Service.AddWebhook(ctx, controlplane.WebhookOrder{URL: in.URL, Account: in.Account, Patterns: in.Events})
	if err != nil {
		return nil, err
	}
	out := webhookOf(w)
	out.Secret = secret
	return created{out}, nil
}

func (a *api) showWebhook(ctx context.Context, r *http.Request) (any, error) {
	most := shownDeliveries
	if text := r.URL.Query().Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxList {
			return nil, noValue("limit", text)
		}
		most = n
	}
	w, last, err := a.Service.Webhook(ctx, r.PathValue("id"), most)
	if err != nil {
		return nil, err
	}
	out := webhookStateOf(w)
	for _, d := range last {
		out.Deliveries = append(out.Deliveries, Delivery{
			Event: d.Event.ID, Kind: string(d.Event.Kind), Resource: d.Event.Resource, Happened: d.Event.Time, State: string(d.State),
			Attempts: d.Attempts, Last: d.Last, Next: d.Due, Status: d.Status, Problem: d.Problem,
		})
	}
	return out, nil
}

func (a *api) removeWebhook(ctx context.Context, r *http.Request) (any, error) {
	return nil, a.Service.RemoveWebhook(ctx, r.PathValue("id"))
}

func (a *api) pauseWebhook(paused bool) handler {
	return func(ctx context.Context, r *http.Request) (any, error) {
		w, err := a.Service.PauseWebhook(ctx, r.PathValue("id"), paused)
		if err != nil {
			return nil, err
		}
		return webhookOf(w), nil
	}
}

func (a *api) testWebhook(ctx context.Context, r *http.Request) (any, error) {
	id, err := a.Service.TestWebhook(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return TestedWebhook{Event: id}, nil
}

func (a *api) redeliver(ctx context.Context, r *http.Request) (any, error) {
	var in Redelivery
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	n, err := a.Service.Redeliver(ctx, r.PathValue("id"), in.Event)
	if err != nil {
		return nil, err
	}
	return Redelivered{n}, nil
}

// Webhooks lists the webhooks of an account, or all.
func (c *Client) Webhooks(ctx context.Context, account string) ([]Webhook, error) {
	query := url.Values{}
	if account != "" {
		query.Set("account", account)
	}
	return ask[[]Webhook](ctx, c, "GET", "/v1/webhooks", query, nil)
}

// AddWebhook adds a webhook.
func (c *Client) AddWebhook(ctx context.Context, in WebhookOrder) (Webhook, error) {
	return ask[Webhook](ctx, c, "POST", "/v1/webhooks", nil, in)
}

// Webhook answers a webhook with its latest deliveries.
func (c *Client) Webhook(ctx context.Context, id string, deliveries int) (Webhook, error) {
	query := url.Values{}
	if deliveries > 0 {
		query.Set("limit", strconv.Itoa(deliveries))
	}
	return ask[Webhook](ctx, c, "GET", "/v1/webhooks/"+url.PathEscape(id), query, nil)
}

// RemoveWebhook removes a webhook.
func (c *Client) RemoveWebhook(ctx context.Context, id string) error {
	return c.call(ctx, "DELETE", "/v1/webhooks/"+url.PathEscape(id), nil, nil, nil)
}

// PauseWebhook pauses a webhook, or goes on.
func (c *Client) PauseWebhook(ctx context.Context, id string, paused bool) (Webhook, error) {
	move := "/resume"
	if paused {
		move = "/pause"
	}
	return ask[Webhook](ctx, c, "POST", "/v1/webhooks/"+url.PathEscape(id)+move, nil, nil)
}

// TestWebhook delivers a test event.
func (c *Client) TestWebhook(ctx context.Context, id string) (TestedWebhook, error) {
	return ask[TestedWebhook](ctx, c, "POST", "/v1/webhooks/"+url.PathEscape(id)+"/test", nil, nil)
}

// Redeliver delivers an event again; an empty ID: all that were given up.
func (c *Client) Redeliver(ctx context.Context, id, event string) (Redelivered, error) {
	return ask[Redelivered](ctx, c, "POST", "/v1/webhooks/"+url.PathEscape(id)+"/redeliver", nil, Redelivery{event})
}
