package daemon

import (
	"context"
	"time"

	"onramp/internal/webhook"
)

// dispatcher delivers events to webhooks.
func (d *Daemon) dispatcher() *webhook.Dispatcher {
	return webhook.New(webhook.Config{
		Store: d.core.store, Now: d.core.clock.Now, Secret: d.core.service.WebhookSecret, URL: d.core.service.WebhookURL, AllowPrivate: d.config.PrivateWebhooks,
		Timeout: d.config.WebhookTimeout, GiveUp: d.config.WebhookGiveUp, Attempted: d.metrics.Delivery, Version: d.config.Version,
		Log: d.config.Log,
	})
}

// pruneEventsEvery is how often events are removed that are no longer kept.
const pruneEventsEvery = time.Minute

// keepEvents removes events that are older than they are kept.
func (d *Daemon) keepEvents(ctx context.Context) error {
	return every(ctx, pruneEventsEvery, func() {
		if err := d.core.service.PruneEvents(ctx, d.config.KeepEvents); err != nil && ctx.Err() == nil {
			d.config.Log.Warn("removing old events failed, and will be tried again", "error", err)
		}
	})
}
