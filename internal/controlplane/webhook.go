package controlplane

import (
	"context"
	"net/netip"
	"net/url"
	"strings"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
	"onramp/internal/event"
	"onramp/internal/store"
)

// What a webhook is and has.
type (
	Webhook      = store.Webhook
	WebhookQueue = store.WebhookQueue
	Delivery     = store.Delivery
)

// WebhookOrder is what an operator asks for.
type WebhookOrder struct {
	URL      string
	Account  string // whose events; empty: those of all accounts, and the operator's own
	Patterns []string
}

// mostWebhooks bounds what every change of state is held against.
const mostWebhooks = 200

// maxWebhookURL bounds a URL.
const maxWebhookURL = 2048

// AddWebhook has a receiver told of what happens from now on, and answers the secret that deliveries are signed with: this
// once.
func (s *Service) AddWebhook(ctx context.Context, o WebhookOrder) (w Webhook, secret string, err error) {
	if err := s.checkWebhook(o); err != nil {
		return w, "", err
	}
	AskedOfMove(ctx, "url", audit.Text(shownURL(o.URL)))
	secret = event.NewSecret()
	err = s.update(ctx, func(tx *store.Tx) error {
		if o.Account != "" {
			if err := checkAccount(tx, o.Account); err != nil {
				return err
			}
		}
		all, err := tx.Webhooks("")
		if err != nil {
			return err
		}
		if len(all) >= mostWebhooks {
			return refuse(Conflict, "There are %d webhooks already, and no more than that.", mostWebhooks)
		}
		w = Webhook{ID: newID("dxhook-"), Account: o.Account, Patterns: o.Patterns, Created: s.Now(), URL: o.URL}
		if err := s.sealWebhook(&w); err != nil {
			return err
		}
		if w.Secret, err = s.Seal.Seal([]byte(secret), WebhookContext(w.ID)); err != nil {
			return err
		}
		madeByMove(ctx, o.Account, w.ID)
		return tx.PutWebhook(&w)
	})
	return w, secret, err
}

func (s *Service) checkWebhook(o WebhookOrder) error {
	if o.Account != "" && !directconnect.IsAccountID(o.Account) {
		return refuse(Invalid, "%q is not an account ID: it has twelve digits.", o.Account)
	}
	for _, p := range o.Patterns {
		if !event.ValidPattern(p) {
			return refuse(Invalid, "%q chooses no event; kinds are %s, and * stands for any text.", p, kindNames())
		}
	}
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "" || len(o.URL) > maxWebhookURL:
		return refuse(Invalid, "The URL is none of a receiver, such as https://example.com/events.")
	case u.User != nil:
		return refuse(Invalid, "The URL must hold no user name or password: deliveries are signed instead.")
	case u.Fragment != "":
		return refuse(Invalid, "The URL must have no fragment: no receiver sees it.")
	case u.Scheme == "http" && !s.PrivateWebhooks:
		return refuse(Invalid, "The URL must begin with https://; a server that runs with --allow-private-webhooks takes http:// as well.")
	case u.Scheme != "https" && u.Scheme != "http":
		return refuse(Invalid, "The URL must begin with https://.")
	}
	if a, err := netip.ParseAddr(strings.Trim(u.Hostname(), "[]")); err == nil && !s.PrivateWebhooks && !event.PublicAddress(a) {
		return refuse(Invalid, "The address %s is none of the public Internet; a server that runs with --allow-private-webhooks takes it.", a)
	}
	return nil
}

func kindNames() string {
	var names []string
	for _, m := range event.Kinds {
		if m.Kind != event.Test {
			names = append(names, string(m.Kind))
		}
	}
	return strings.Join(names, ", ")
}

// WebhookState is a webhook with what is waiting for it.
type WebhookState struct {
	Webhook
	WebhookQueue
}

// Webhooks answers the webhooks of an account, or all.
func (s *Service) Webhooks(ctx context.Context, account string) (all []WebhookState, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		found, err := tx.Webhooks(account)
		if err != nil {
			return err
		}
		queues, err := tx.WebhookQueues()
		if err != nil {
			return err
		}
		byID := map[string]WebhookQueue{}
		for _, q := range queues {
			byID[q.Webhook] = q
		}
		all = nil
		for _, w := range found {
			all = append(all, WebhookState{w, byID[w.ID]})
		}
		return nil
	})
	return all, err
}

// Webhook answers a webhook with its latest deliveries.
func (s *Service) Webhook(ctx context.Context, id string, deliveries int) (w WebhookState, last []Delivery, err error) {
	all, err := s.Webhooks(ctx, "")
	if err != nil {
		return w, nil, err
	}
	for _, found := range all {
		if found.ID == id {
			w = found
		}
	}
	if w.ID == "" {
		return w, nil, noWebhook(store.ErrNotFound, id)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		last, err = tx.Deliveries(store.DeliveryQuery{Webhook: id, Limit: deliveries})
		return err
	})
	return w, last, err
}

func noWebhook(err error, id string) error { return missing(err, "There is no webhook %q.", id) }

// PauseWebhook has a webhook told nothing for a while, or goes on: what happened meanwhile was kept for it.
func (s *Service) PauseWebhook(ctx context.Context, id string, paused bool) (w Webhook, err error) {
	err = s.update(ctx, func(tx *store.Tx) (err error) {
		if w, err = tx.Webhook(id); err != nil {
			return noWebhook(err, id)
		}
		aboutAccount(ctx, w.Account)
		w.Pause(paused, s.Now())
		return tx.PutWebhook(&w)
	})
	if err == nil {
		s.Store.Deliveries().Ring()
	}
	return w, err
}

// RemoveWebhook forgets a webhook and what it was still to be told.
func (s *Service) RemoveWebhook(ctx context.Context, id string) error {
	return s.update(ctx, func(tx *store.Tx) error {
		w, err := tx.Webhook(id)
		if err != nil {
			return noWebhook(err, id)
		}
		aboutAccount(ctx, w.Account)
		return tx.RemoveWebhook(id)
	})
}

// TestWebhook has a webhook told a test event, whose ID it answers.
func (s *Service) TestWebhook(ctx context.Context, id string) (eventID string, err error) {
	err = s.update(ctx, func(tx *store.Tx) error {
		w, err := tx.Webhook(id)
		if err != nil {
			return noWebhook(err, id)
		}
		aboutAccount(ctx, w.Account)
		eventID = event.NewID()
		return tx.TellWebhook(id, event.Event{
			ID: eventID, Kind: event.Test, Time: s.Now(), Account: w.Account, Resource: id, Detail: event.Detail("webhookId", id),
		})
	})
	return eventID, err
}

// Redeliver has a webhook told again: one event by its ID or, without one, all that were given up. It answers how many.
func (s *Service) Redeliver(ctx context.Context, id, eventID string) (n int, err error) {
	err = s.update(ctx, func(tx *store.Tx) error {
		w, err := tx.Webhook(id)
		if err != nil {
			return noWebhook(err, id)
		}
		aboutAccount(ctx, w.Account)
		n, err = tx.Redeliver(id, eventID, s.Now())
		if err == nil && n == 0 && eventID != "" {
			return refuse(Missing, "Webhook %s was not told of an event %q, or is still being told.", id, eventID)
		}
		return err
	})
	if err == nil {
		s.Store.Deliveries().Ring()
	}
	return n, err
}
