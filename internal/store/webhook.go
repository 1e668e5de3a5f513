package store

import (
	"database/sql"
	"strings"
	"time"
)

// Webhook is a receiver of events.
type Webhook struct {
	ID       string    `json:"-"`
	Account  string    `json:"-"` // whose events; empty: all accounts', and the operator's own
	Patterns []string  `json:"-"` // of the kinds of event; none: all
	Paused   bool      `json:"-"` // what happens meanwhile is kept for it
	Created  time.Time `json:"-"`
	Version  int64     `json:"-"`
	URL      string    `json:"url,omitempty"`    // in clear, of a row that an earlier program wrote
	Address  string    `json:"sealedUrl"`        // the URL, sealed: whoever knows it may be able to post there
	Shown    string    `json:"shown"`            // the URL without what may be secret in it
	Secret   string    `json:"secret"`           // that deliveries are signed with, sealed
	Resumed  time.Time `json:"resumed,omitzero"` // when it last went on after a pause; zero: never
}

// Pause pauses a webhook, or has it go on.
func (w *Webhook) Pause(paused bool, now time.Time) {
	if w.Paused && !paused {
		w.Resumed = now
	}
	w.Paused = paused
}

const webhookColumns = "id, account, patterns, paused, created, version, body"

func scanWebhook(r *sql.Rows) (w Webhook, err error) {
	var patterns, body string
	var paused, created int64
	if err := r.Scan(&w.ID, &w.Account, &patterns, &paused, &created, &w.Version, &body); err != nil {
		return w, err
	}
	w.Patterns, w.Paused, w.Created = strings.Fields(patterns), paused != 0, fromMicros(created)
	return w, decodeBody(body, &w)
}

// Webhook answers a webhook by its ID.
func (tx *Tx) Webhook(id string) (Webhook, error) {
	return row(tx, "SELECT "+webhookColumns+" FROM webhook WHERE id = ?", id, scanWebhook)
}

// Webhooks answers all webhooks, those of one account if it is not empty, the oldest first.
func (tx *Tx) Webhooks(account string) ([]Webhook, error) {
	f := &filter{}
	f.equal("account", account)
	return rows(tx, "SELECT "+webhookColumns+" FROM webhook"+f.String()+" ORDER BY created, id", f.args, scanWebhook)
}

// WebhooksToServe answers the webhooks that are not paused and have a delivery due that nobody is at. now is the
// installation's time, real the real one.
func (tx *Tx) WebhooksToServe(now, real time.Time) ([]Webhook, error) {
	return rows(tx, "SELECT "+webhookColumns+" FROM webhook WHERE paused = 0 AND EXISTS (SELECT 1 FROM delivery WHERE "+
		"delivery.webhook = webhook.id AND delivery.due <= ? AND delivery.lease <= ?) ORDER BY id", []any{micros(now), micros(real)}, scanWebhook)
}

// PutWebhook inserts w when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict). It
// moves w.Version on.
func (tx *Tx) PutWebhook(w *Webhook) error {
	body, err := encodeBody(w)
	if err != nil {
		return err
	}
	columns := []any{w.Account, strings.Join(w.Patterns, " "), bit(w.Paused), micros(w.Created), body, w.ID}
	if w.Version == 0 {
		_, err := tx.exec("INSERT INTO webhook (account, patterns, paused, created, version, body, id) VALUES (?, ?, ?, ?, 1, ?, ?)", columns...)
		if err == nil {
			w.Version = 1
		}
		return err
	}
	return tx.swap(&w.Version, "UPDATE webhook SET account = ?, patterns = ?, paused = ?, created = ?, version = version + 1, body = ? "+
		"WHERE id = ? AND version = ?", append(columns, w.Version)...)
}

// RemoveWebhook removes a webhook and all that it was told or is still to be told.
func (tx *Tx) RemoveWebhook(id string) error {
	if _, err := tx.exec("DELETE FROM delivery WHERE webhook = ?", id); err != nil {
		return err
	}
	return tx.remove("DELETE FROM webhook WHERE id = ?", id)
}

// WebhookQueue is what is waiting for a webhook, and what was given up.
type WebhookQueue struct {
	Webhook       string
	Waiting, Dead int
	Oldest        time.Time // of the events waiting; zero without any
}

// WebhookQueues answers the queues of all webhooks.
func (tx *Tx) WebhookQueues() ([]WebhookQueue, error) {
	return rows(tx, "SELECT id, (SELECT count(*) FROM delivery AS q WHERE q.webhook = webhook.id AND q.due IS NOT NULL), "+
		"(SELECT count(*) FROM delivery AS q WHERE q.webhook = webhook.id AND q.state = 'dead'), "+
		"COALESCE((SELECT e.time FROM event AS e WHERE e.position = (SELECT min(d.position) FROM delivery AS d WHERE d.webhook = webhook.id "+
		"AND d.due IS NOT NULL)), 0) FROM webhook ORDER BY id", nil, func(r *sql.Rows) (q WebhookQueue, err error) {
		var oldest int64
		err = r.Scan(&q.Webhook, &q.Waiting, &q.Dead, &oldest)
		q.Oldest = fromMicros(oldest)
		return q, err
	})
}
