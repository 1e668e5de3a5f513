package controlplane

import (
	"encoding/json"
	"strings"
	"testing"

	"onramp/internal/store"
)

func TestShownURL(t *testing.T) {
	t.Parallel()
	for of, want := range map[string]string{
		"https://example.com/dx":                               "https://example.com/dx",
		"https://example.com":                                  "https://example.com",
		"https://hooks.example.com:8443/services/T0/B0/hidden": "https://hooks.example.com:8443/servi...",
		"https://example.com/?token=hidden":                    "https://example.com/?...",
		"https://me:hidden@example.com/":                       "https://example.com/",
		"https://example.com/%68idden-for-ever":                "https://example.com/%68id...",
	} {
		if got := shownURL(of); got != want {
			t.Errorf("%s is shown as %s, want %s", of, got, want)
		}
	}
}

// TestWebhookURLIsSealed: neither a new webhook nor one of an earlier program keeps its URL in clear.
func TestWebhookURLIsSealed(t *testing.T) {
	t.Parallel()
	onTamperedEngines(t, func(x *tamperer) {
		const url = "https://hooks.example.com/services/T0/B0/hidden"
		added, _, err := x.AddWebhook(x.t.Context(), WebhookOrder{URL: url})
		if err != nil {
			x.t.Fatal(err)
		}
		if text, err := json.Marshal(added); err != nil || strings.Contains(string(text), "hidden") {
			x.t.Errorf("a new one is kept as %s, %v", text, err)
		}
		old := Webhook{ID: "dxhook-old", Created: x.Now(), URL: url}
		if err := x.Store.Update(x.t.Context(), func(tx *store.Tx) error { old.Version = 0; return tx.PutWebhook(&old) }); err != nil {
			x.t.Fatal(err)
		}
		if got, err := x.WebhookURL(old); err != nil || got != url {
			x.t.Errorf("before it is sealed: %q, %v", got, err)
		}
		for range 2 { // the second time there is nothing left to do
			if err := x.SealWebhooks(x.t.Context()); err != nil {
				x.t.Fatal(err)
			}
		}
		all, err := x.Webhooks(x.t.Context(), "")
		if err != nil || len(all) != 2 {
			x.t.Fatalf("%d webhooks, %v", len(all), err)
		}
		for _, w := range all {
			if text, err := json.Marshal(w.Webhook); err != nil || strings.Contains(string(text), "hidden") {
				x.t.Errorf("%s is kept as %s, %v", w.ID, text, err)
			}
			if got, err := x.WebhookURL(w.Webhook); err != nil || got != url {
				x.t.Errorf("%s: deliveries go to %q, %v", w.ID, got, err)
			}
			if w.Shown != "https://hooks.example.com/servi..." {
				x.t.Errorf("%s is shown as %s", w.ID, w.Shown)
			}
		}
		added.ID = "dxhook-other"
		if _, err := x.WebhookURL(added); err == nil {
			x.t.Error("a URL opens for another webhook")
		}
	})
}
