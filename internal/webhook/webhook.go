// Package webhook delivers events to receivers: signed HTTP requests as Standard Webhooks describes them, tried again until
// they arrive or are given up, in the order of each resource, by however many servers there are on one database.
//
// It decides nothing about who is told what: the store does that in the transaction that an event is part of, and package
// controlplane says which webhooks there are. It trusts no receiver: where one may be is checked when it is called, its
// answer is hardly read, and a slow one holds up nobody else.
package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"onramp/internal/event"
	"onramp/internal/store"
)

// Config is what a Dispatcher works with.
type Config struct {
	Store *store.Store
	// Now is the installation's time, by which deliveries are repeated and given up.
	Now func() time.Time
	// Secret opens what deliveries to a webhook are signed with.
	Secret func(store.Webhook) (string, error)
	// URL opens where they go.
	URL func(store.Webhook) (string, error)
	// AllowPrivate lets receivers be at any address; otherwise only at those of the public Internet.
	AllowPrivate bool
	// Timeout bounds one attempt. 0: ten seconds.
	Timeout time.Duration
	// GiveUp is how long an event is tried, from when it happened; see deadline. 0: three days.
	GiveUp time.Duration
	// Attempted hears of each attempt; nil: nobody does.
	Attempted func(ok bool, took time.Duration)
	Version   string       // of this program, as receivers see it
	Log       *slog.Logger // nil: nobody hears
}

// How much is done at a time, and how often one looks for what others have left.
const (
	perWebhook = 8
	lookEvery  = time.Second
	// slack is how long after an attempt must have ended its claim still stands, so that its result can be kept.
	slack = 10 * time.Second
)

// Dispatcher is the loop of one server.
type Dispatcher struct {
	Config
	client *http.Client
	done   store.Bell // something has ended, so that more may begin

	mu     sync.Mutex
	active map[string]int // attempts going on, by webhook
	work   sync.WaitGroup
}

// New is a Dispatcher that delivers nothing until Run.
func New(c Config) *Dispatcher {
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.GiveUp == 0 {
		c.GiveUp = 72 * time.Hour
	}
	if c.Attempted == nil {
		c.Attempted = func(bool, time.Duration) {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Dispatcher{Config: c, client: newClient(c), done: make(store.Bell, 1), active: map[string]int{}}
}

// Run delivers what is due until ctx ends, and answers nil when the attempts that were going on have been broken off: they
// are due as before.
func (d *Dispatcher) Run(ctx context.Context) error {
	defer d.client.CloseIdleConnections()
	defer d.work.Wait()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		if err := d.pass(ctx); err != nil && ctx.Err() == nil {
			d.Log.Warn("looking for events to deliver failed, and will be tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-d.Store.Deliveries():
		case <-d.done:
		}
	}
}

// pass begins as many attempts as there may be now.
func (d *Dispatcher) pass(ctx context.Context) error {
	var hooks []store.Webhook
	err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		hooks, err = tx.WebhooksToServe(d.Now(), time.Now())
		return err
	})
	if err != nil {
		return err
	}
	for _, w := range hooks {
		free := perWebhook - d.going(w.ID)
		if free <= 0 {
			continue
		}
		var claimed []store.Delivery
		err := d.Store.Update(ctx, func(tx *store.Tx) (err error) {
			real := time.Now()
			claimed, err = tx.ClaimDeliveries(w.ID, d.Now(), real, real.Add(d.Timeout+slack), free)
			return err
		})
		if err != nil {
			return err
		}
		for _, c := range claimed {
			d.begin(w.ID, 1)
			d.work.Go(func() {
				defer d.done.Ring()
				defer d.begin(w.ID, -1)
				d.deliver(ctx, w, c)
			})
		}
	}
	return nil
}

func (d *Dispatcher) going(webhook string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.active[webhook]
}

func (d *Dispatcher) begin(webhook string, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.active[webhook] += n; d.active[webhook] == 0 {
		delete(d.active, webhook)
	}
}

// deliver makes one attempt and keeps what came of it.
func (d *Dispatcher) deliver(ctx context.Context, w store.Webhook, c store.Delivery) {
	begun := time.Now()
	status, problem := d.attempt(ctx, w, c)
	next := c
	if ctx.Err() == nil || problem == "" {
		next = d.judged(w, c, status, problem)
		d.Attempted(problem == "", time.Since(begun))
	}
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), slack)
	defer cancel()
	err := d.Store.Update(keep, func(tx *store.Tx) error { return tx.PutDelivery(next, d.Now()) })
	if err != nil {
		d.Log.Warn("what came of a delivery could not be kept: it will be made again", "webhook", w.ID, "event", c.Event.ID, "error", err)
		return
	}
	switch next.State {
	case store.DeliveryDead:
		d.Log.Warn("an event was given up", "webhook", w.ID, "event", c.Event.ID, "attempts", next.Attempts, "problem", problem)
	case store.DeliveryWaiting:
		d.Log.Debug("an event was not taken", "webhook", w.ID, "event", c.Event.ID, "attempts", next.Attempts, "problem", problem, "next", next.Due)
	}
}

// judged is a delivery after an attempt. The last attempt is made when its time is over, so that the whole of it counts; what
// has waited behind others for longer than that has one.
func (d *Dispatcher) judged(w store.Webhook, c store.Delivery, status int, problem string) store.Delivery {
	now, deadline := d.Now(), d.deadline(w, c)
	c.Attempts++
	c.Last, c.Status, c.Problem = now, status, problem
	switch {
	case problem == "":
		c.State, c.Due = store.DeliveryDelivered, time.Time{}
	case !now.Before(deadline):
		c.State, c.Due = store.DeliveryDead, time.Time{}
	default:
		c.Due = now.Add(event.Backoff(c.Attempts))
		if c.Due.After(deadline) {
			c.Due = deadline
		}
	}
	return c
}

// deadline is when a delivery is given up. It counts from when the event happened and not from the first attempt, which in
// the order of a resource comes only after the one before is given up: a receiver that is gone would then be owed ever more.
// What somebody asks for again begins anew, and what a pause held back does when the webhook goes on.
func (d *Dispatcher) deadline(w store.Webhook, c store.Delivery) time.Time {
	from := c.Event.Time
	for _, anew := range []time.Time{c.Asked, w.Resumed} {
		if anew.After(from) {
			from = anew
		}
	}
	return from.Add(d.GiveUp)
}
