package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onramp/internal/event"
)

// told is an event on its way into the table; only is the one webhook that it is for, if it is for one.
type told struct {
	id, account, kind, resource, only string
	time                              int64
	body                              string
}

// Tell keeps an event, and has the webhooks told that have chosen it, with all else that the transaction writes or not at
// all. An ID and a time are made up where there are none.
func (tx *Tx) Tell(e event.Event) error { return tx.tell(e, "") }

// TellWebhook is Tell for one webhook, whatever it has chosen.
func (tx *Tx) TellWebhook(webhook string, e event.Event) error { return tx.tell(e, webhook) }

func (tx *Tx) tell(e event.Event, only string) error {
	if err := tx.ready(); err != nil {
		return err
	}
	if !tx.write {
		return errReadOnly
	}
	if !e.Kind.Known() {
		return fmt.Errorf("store: there is no event of kind %q", e.Kind)
	}
	if e.ID == "" {
		e.ID = event.NewID()
	}
	if e.Time.IsZero() {
		e.Time = tx.now()
	}
	body, err := e.JSON()
	if err != nil {
		return fmt.Errorf("store: event of %s: %w", e.Resource, err)
	}
	tx.told = append(tx.told, told{
		id: e.ID, account: e.Account, kind: string(e.Kind), resource: e.Resource, only: only, time: micros(e.Time), body: string(body),
	})
	return nil
}

// eventBlock is how many positions a transaction takes at a time.
const eventBlock = 1024

// eventWidth and deliveryWidth are the numbers of columns that are written.
const (
	eventWidth    = 7
	deliveryWidth = 7
)

// appendEvents writes events, and what is to be delivered of them, at the end of a transaction: of two transactions that
// concern one row the later one takes its positions after the earlier has committed. It answers how many deliveries there are.
func (s *session) appendEvents(ctx context.Context, all []told) (deliveries int, err error) {
	for block := range slices.Chunk(all, eventBlock) {
		position, hooks, err := s.openBlock(ctx)
		if err != nil {
			return deliveries, err
		}
		rows := make([]any, 0, eventWidth*len(block))
		var due []any
		for _, e := range block {
			rows = append(rows, position, e.id, e.time, e.account, e.kind, e.resource, e.body)
			for _, h := range hooks {
				if h.wants(e) {
					due = append(due, h.id, position, e.resource, string(DeliveryWaiting), e.time, 0, "{}")
				}
			}
			position++
		}
		if err := s.insert(ctx, "INSERT INTO event (position, id, time, account, kind, resource, body) VALUES ", eventWidth, rows); err != nil {
			return deliveries, err
		}
		if err := s.insert(ctx, "INSERT INTO delivery (webhook, position, resource, state, due, lease, body) VALUES ", deliveryWidth, due); err != nil {
			return deliveries, err
		}
		deliveries += len(due) / deliveryWidth
	}
	return deliveries, nil
}

// chooser is what a webhook chooses by.
type chooser struct {
	id, account string
	patterns    []string
}

func (c chooser) wants(e told) bool {
	if e.only != "" {
		return e.only == c.id
	}
	return (c.account == "" || c.account == e.account) && event.Kind(e.kind).Chosen(c.patterns)
}

// openBlock answers free positions and, in the same statement, the webhooks.
func (s *session) openBlock(ctx context.Context) (first int64, hooks []chooser, err error) {
	rows, err := s.query(ctx, "SELECT p.n, COALESCE(w.id, ''), COALESCE(w.account, ''), COALESCE(w.patterns, '') FROM (SELECT "+
		s.dialect.eventBlock+" AS n) AS p LEFT JOIN webhook AS w ON 1 = 1", nil)
	if err != nil {
		return 0, nil, err
	}
	for rows.Next() {
		var c chooser
		var patterns string
		if err := rows.Scan(&first, &c.id, &c.account, &patterns); err != nil {
			return 0, nil, errors.Join(err, rows.Close())
		}
		if c.id != "" {
			c.patterns = strings.Fields(patterns)
			hooks = append(hooks, c)
		}
	}
	return first, hooks, rows.Err()
}

// KeptEvent is an event as it is kept.
type KeptEvent struct {
	Position int64 // later ones of one resource have greater ones
	ID       string
	Time     time.Time
	Account  string
	Kind     event.Kind
	Resource string
	Body     string // the envelope: event.Event.JSON
}

const eventColumns = "e.position, e.id, e.time, e.account, e.kind, e.resource, e.body"

func scanEvent(r *sql.Rows) (e KeptEvent, err error) {
	var at int64
	err = r.Scan(&e.Position, &e.ID, &at, &e.Account, (*string)(&e.Kind), &e.Resource, &e.Body)
	e.Time = fromMicros(at)
	return e, err
}

// EventQuery chooses events. What is empty does not restrict.
type EventQuery struct {
	Account  string
	Resource string // whose they are, and those of planned work that hits it
	Kind     event.Kind
	Since    time.Time
	After    int64 // behind this position
	Newest   bool  // the latest first; After then: before this position
	Limit    int   // 0: all
}

// The identifiers of planned work lie between these: by them its events are found in the index of resources.
const firstWork, pastWork = "mnt-", "mnt."

// concerning adds what EventQuery.Resource says. Planned work names what it hits in lists of its events, which are few.
func (f *filter) concerning(resource string) {
	if resource == "" {
		return
	}
	name := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(resource)
	f.add("e.position IN (SELECT position FROM event WHERE resource = ? UNION ALL SELECT position FROM event WHERE resource > ? AND resource < ? "+
		"AND (body LIKE ? ESCAPE '!' OR body LIKE ? ESCAPE '!'))", resource, firstWork, pastWork, `%["`+name+`"%`, `%,"`+name+`"%`)
}

// Events answers what q chooses, ordered by position.
func (tx *Tx) Events(q EventQuery) ([]KeptEvent, error) {
	f := &filter{}
	f.equal("e.account", q.Account)
	f.concerning(q.Resource)
	f.equal("e.kind", string(q.Kind))
	if !q.Since.IsZero() {
		before, err := tx.lastBefore(q.Since)
		if err != nil {
			return nil, err
		}
		f.add("e.time >= ?", micros(q.Since))
		f.add("e.position > ?", before)
	}
	order, than := "", ">"
	if q.Newest {
		order, than = " DESC", "<"
	}
	if q.After != 0 {
		f.add("e.position "+than+" ?", q.After)
	}
	return rows(tx, "SELECT "+eventColumns+" FROM event AS e"+f.String()+" ORDER BY e.position"+order+limit(q.Limit), f.args, scanEvent)
}

// lastBefore is the position of the newest event from before a time, found from the end: to be found, those that came after
// it are read, which whoever asks wants to see. An index of times would have every change of state pay for it.
func (tx *Tx) lastBefore(at time.Time) (position int64, err error) {
	err = tx.one("SELECT position FROM event WHERE time < ? ORDER BY position DESC LIMIT 1", []any{micros(at)}, &position)
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return position, err
}

// LastEvent is the position of the newest event; 0 without any.
func (tx *Tx) LastEvent() (position int64, err error) {
	return position, tx.one("SELECT COALESCE(max(position), 0) FROM event", nil, &position)
}

// PurgeEvents removes the oldest events that are from before a time, at most so many, with what was delivered of them; one
// that a webhook is still waiting for stays, and so does the newest, from which positions go on.
func (tx *Tx) PurgeEvents(before time.Time, most int) (int, error) {
	old, err := rows(tx, "SELECT position FROM (SELECT position, time FROM event ORDER BY position LIMIT ?) AS oldest WHERE time < ? "+
		"AND position < (SELECT max(position) FROM event) "+
		"AND NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.position = oldest.position AND d.due IS NOT NULL)",
		[]any{most, micros(before)}, func(r *sql.Rows) (position int64, err error) {
			err = r.Scan(&position)
			return position, err
		})
	if err != nil {
		return 0, err
	}
	for _, position := range old {
		if _, err := tx.exec("DELETE FROM delivery WHERE position = ?", position); err != nil {
			return 0, err
		}
		if _, err := tx.exec("DELETE FROM event WHERE position = ?", position); err != nil {
			return 0, err
		}
	}
	return len(old), nil
}
