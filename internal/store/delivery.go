package store

import (
	"database/sql"
	"time"

	"onramp/internal/event"
)

// DeliveryState is what has become of a delivery.
type DeliveryState string

// The states.
const (
	DeliveryWaiting   DeliveryState = "waiting"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryDead      DeliveryState = "dead" // given up; it can be delivered again by hand
)

// Delivery is an event on its way to a webhook.
type Delivery struct {
	Webhook  string        `json:"-"`
	Position int64         `json:"-"` // of the event
	Resource string        `json:"-"`
	State    DeliveryState `json:"-"`
	Due      time.Time     `json:"-"` // when it is tried next; zero unless it is waiting
	Event    KeptEvent     `json:"-"`

	Attempts int       `json:"attempts,omitempty"`
	Asked    time.Time `json:"asked,omitzero"` // when it was last asked for again by hand; zero: never
	Last     time.Time `json:"last,omitzero"`  // attempt
	Status   int       `json:"status,omitempty"`
	Problem  string    `json:"problem,omitempty"` // of the last attempt; empty of one that succeeded
}

const deliveryColumns = "d.webhook, d.position, d.resource, d.state, COALESCE(d.due, 0), d.body, " + eventColumns

func scanDelivery(r *sql.Rows) (d Delivery, err error) {
	var due, at int64
	var body string
	if err := r.Scan(&d.Webhook, &d.Position, &d.Resource, (*string)(&d.State), &due, &body, &d.Event.Position, &d.Event.ID, &at,
		&d.Event.Account, (*string)(&d.Event.Kind), &d.Event.Resource, &d.Event.Body); err != nil {
		return d, err
	}
	d.Due, d.Event.Time = fromMicros(due), fromMicros(at)
	return d, decodeBody(body, &d)
}

// waiting is a delivery that is due, and the first one of its resource.
type waiting struct {
	position, due, head int64
}

// ClaimDeliveries answers deliveries of a webhook that are due and that nobody is at, at most so many, and only the first of
// each resource: the next one is due when that is done. Nobody else is answered them until lease. now is the installation's
// time; real and lease are of the real clock.
func (tx *Tx) ClaimDeliveries(webhook string, now, real, lease time.Time, most int) ([]Delivery, error) {
	due, err := rows(tx, "SELECT d.position, d.due, (SELECT min(h.position) FROM delivery AS h WHERE h.webhook = d.webhook "+
		"AND h.resource = d.resource AND h.due IS NOT NULL) FROM delivery AS d WHERE d.webhook = ? AND d.due <= ? AND d.lease <= ? "+
		"ORDER BY d.due, d.position LIMIT ?"+tx.session.dialect.claim, []any{webhook, micros(now), micros(real), 4 * most},
		func(r *sql.Rows) (w waiting, err error) {
			err = r.Scan(&w.position, &w.due, &w.head)
			return w, err
		})
	if err != nil {
		return nil, err
	}
	var all []Delivery
	for _, w := range due {
		if w.position != w.head {
			if err := tx.queueBehind(webhook, w); err != nil {
				return nil, err
			}
			continue
		}
		if len(all) == most {
			continue
		}
		if _, err := tx.exec("UPDATE delivery SET lease = ? WHERE webhook = ? AND position = ?", micros(lease), webhook, w.position); err != nil {
			return nil, err
		}
		d, err := tx.delivery(webhook, w.position)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// queueBehind keeps a delivery from being looked at before the first one of its resource is.
func (tx *Tx) queueBehind(webhook string, w waiting) error {
	var due, lease int64
	if err := tx.one("SELECT due, lease FROM delivery WHERE webhook = ? AND position = ?", []any{webhook, w.head}, &due, &lease); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE delivery SET due = ?, lease = ? WHERE webhook = ? AND position = ?", max(due, w.due), lease, webhook, w.position)
	return err
}

func (tx *Tx) delivery(webhook string, position int64) (Delivery, error) {
	all, err := rows(tx, "SELECT "+deliveryColumns+" FROM delivery AS d JOIN event AS e ON e.position = d.position "+
		"WHERE d.webhook = ? AND d.position = ?", []any{webhook, position}, scanDelivery)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Delivery{}, err
	}
	return all[0], nil
}

// PutDelivery keeps what has become of a claimed delivery. When it is over, the next one of its resource is due at once.
// One that is no longer waiting, since another server was faster or the webhook was removed, stays as it is.
func (tx *Tx) PutDelivery(d Delivery, now time.Time) error {
	body, err := encodeBody(d)
	if err != nil {
		return err
	}
	n, err := tx.exec("UPDATE delivery SET state = ?, due = ?, lease = 0, body = ? WHERE webhook = ? AND position = ? AND due IS NOT NULL",
		string(d.State), microsOrNull(d.Due), body, d.Webhook, d.Position)
	if err != nil || n == 0 || d.State == DeliveryWaiting {
		return err
	}
	_, err = tx.exec("UPDATE delivery SET due = ?, lease = 0 WHERE webhook = ? AND due IS NOT NULL AND position = (SELECT min(h.position) "+
		"FROM delivery AS h WHERE h.webhook = ? AND h.resource = ? AND h.due IS NOT NULL)", micros(now), d.Webhook, d.Webhook, d.Resource)
	return err
}

// Redeliver has a webhook told again what has ended, from now on: the event with an ID or, if that is empty, all that were
// given up. It answers how many.
func (tx *Tx) Redeliver(webhook, eventID string, now time.Time) (int, error) {
	body, err := encodeBody(Delivery{Asked: now})
	if err != nil {
		return 0, err
	}
	if eventID == "" {
		return tx.exec("UPDATE delivery SET state = 'waiting', due = ?, lease = 0, body = ? WHERE webhook = ? AND state = 'dead'",
			micros(now), body, webhook)
	}
	return tx.exec("UPDATE delivery SET state = 'waiting', due = ?, lease = 0, body = ? WHERE webhook = ? AND due IS NULL "+
		"AND position IN (SELECT e.position FROM event AS e JOIN delivery AS d ON d.position = e.position WHERE d.webhook = ? AND e.id = ?)",
		micros(now), body, webhook, webhook, eventID)
}

// DeliveryQuery chooses deliveries of a webhook. What is empty does not restrict.
type DeliveryQuery struct {
	Webhook string // is set
	State   DeliveryState
	Kind    event.Kind
	Limit   int // 0: all
}

// Deliveries answers what q chooses, the latest events first.
func (tx *Tx) Deliveries(q DeliveryQuery) ([]Delivery, error) {
	f := &filter{}
	f.add("d.webhook = ?", q.Webhook)
	f.equal("d.state", string(q.State))
	f.equal("e.kind", string(q.Kind))
	return rows(tx, "SELECT "+deliveryColumns+" FROM delivery AS d JOIN event AS e ON e.position = d.position"+f.String()+
		" ORDER BY d.position DESC"+limit(q.Limit), f.args, scanDelivery)
}
