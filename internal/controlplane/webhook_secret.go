package controlplane

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"onramp/internal/store"
)

// WebhookContext is what the signing secret of a webhook is sealed for.
func WebhookContext(id string) string { return "webhook/" + id }

// webhookURLContext is what the URL of a webhook is sealed for.
func webhookURLContext(id string) string { return "webhook-url/" + id }

// sealWebhook seals a webhook's URL: many receivers have nothing but a secret in it to tell who may post there.
func (s *Service) sealWebhook(w *Webhook) (err error) {
	if w.Address, err = s.Seal.Seal([]byte(w.URL), webhookURLContext(w.ID)); err == nil {
		w.Shown, w.URL = shownURL(w.URL), ""
	}
	return err
}

// SealWebhooks seals the URLs that an earlier program kept in clear.
func (s *Service) SealWebhooks(ctx context.Context) error {
	var all []Webhook
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.Webhooks("")
		return err
	})
	for _, w := range all {
		if err != nil || w.URL == "" {
			continue
		}
		if err = s.sealWebhook(&w); err == nil {
			err = s.Store.Update(ctx, func(tx *store.Tx) error { return tx.PutWebhook(&w) })
		}
		if errors.Is(err, store.ErrConflict) { // another server has done it, or an operator has changed it: next time
			err = nil
		}
	}
	return err
}

// shownPath is how much of a path is shown.
const shownPath = 8

// shownURL is a URL as operators see it again: the host, and of the rest what is too short to be a secret.
func shownURL(of string) string {
	u, err := url.Parse(of)
	if err != nil {
		return "..."
	}
	path := u.EscapedPath()
	if len(path) > shownPath {
		path = path[:shownPath-2] + "..."
	}
	if u.RawQuery != "" {
		path += "?..."
	}
	return u.Scheme + "://" + u.Host + path
}

// errNoSecret is a webhook whose secret another keyset has sealed.
var errNoSecret = errors.New("controlplane: the signing secret of the webhook cannot be opened")

// errNoURL is one whose URL another keyset has sealed.
var errNoURL = errors.New("controlplane: the URL of the webhook cannot be opened")

// WebhookSecret answers what deliveries to a webhook are signed with.
func (s *Service) WebhookSecret(w Webhook) (string, error) {
	secret, err := s.Seal.Open(w.Secret, WebhookContext(w.ID))
	if err != nil {
		return "", fmt.Errorf("%w: %s", errNoSecret, w.ID)
	}
	return string(secret), nil
}

// WebhookURL answers where deliveries to a webhook go.
func (s *Service) WebhookURL(w Webhook) (string, error) {
	if w.Address == "" {
		return w.URL, nil
	}
	address, err := s.Seal.Open(w.Address, webhookURLContext(w.ID))
	if err != nil {
		return "", fmt.Errorf("%w: %s", errNoURL, w.ID)
	}
	return string(address), nil
}
