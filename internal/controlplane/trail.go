package controlplane

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"onramp/internal/audit"
	"onramp/internal/store"
)

// Trail writes records of what has changed nothing, many in one transaction: reads, and what was refused. The records of
// what has changed something do not go this way, but into the transaction that changes it.
//
// A nil Trail writes each at once.
type Trail struct {
	store *store.Store
	log   *slog.Logger
	queue chan pending
	ended chan struct{} // closed: nobody writes any more
}

// pending is a record on its way; written is told how that went, if somebody waits.
type pending struct {
	entry   audit.Entry
	none    bool // there is no record: somebody waits for those before
	written chan error
}

const (
	trailQueue = 16384 // records that may wait; whoever has more waits, too, and none is lost
	trailBatch = 1024  // in one transaction
	trailDelay = 100 * time.Millisecond
	trailFlush = 5 * time.Second // that the last records are given at the end
)

// NewTrail makes a trail. Run must be running for records to be written.
func NewTrail(s *store.Store, log *slog.Logger) *Trail {
	return &Trail{store: s, log: log, queue: make(chan pending, trailQueue), ended: make(chan struct{})}
}

// Flush waits until all records are written that came before.
func (t *Trail) Flush(ctx context.Context) {
	if t != nil {
		t.enqueue(ctx, pending{none: true, written: make(chan error, 1)})
	}
}

// Waiting is how many records are still to be written.
func (t *Trail) Waiting() int {
	if t == nil {
		return 0
	}
	return len(t.queue)
}

// add has a record written soon: within about a tenth of a second, or as long as the database takes; a program that is killed meanwhile
// loses it. With now it waits until the record is written.
func (t *Trail) add(ctx context.Context, e audit.Entry, now bool) {
	p := pending{entry: e}
	if now {
		p.written = make(chan error, 1)
	}
	t.enqueue(ctx, p)
}

func (t *Trail) enqueue(ctx context.Context, p pending) {
	select {
	case t.queue <- p:
	case <-t.ended:
		if !p.none {
			t.log.ErrorContext(ctx, "an audit record came too late to be written", "operation", p.entry.Name)
		}
		return
	}
	if p.written == nil {
		return
	}
	select {
	case <-p.written:
	case <-t.ended:
	case <-ctx.Done():
	}
}

// Run writes until ctx ends, and then what is left.
func (t *Trail) Run(ctx context.Context) error {
	defer close(t.ended)
	for {
		select {
		case first := <-t.queue:
			t.write(ctx, t.gather(ctx, first))
		case <-ctx.Done():
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), trailFlush)
			defer cancel()
			for {
				select {
				case first := <-t.queue:
					t.write(end, t.more([]pending{first}))
				default:
					return nil
				}
			}
		}
	}
}

// gather waits a moment for more records, unless somebody waits for one.
func (t *Trail) gather(ctx context.Context, first pending) []pending {
	batch := t.more([]pending{first})
	timer := time.NewTimer(trailDelay)
	defer timer.Stop()
	for len(batch) < trailBatch && batch[len(batch)-1].written == nil {
		select {
		case next := <-t.queue:
			batch = append(batch, next)
			continue
		case <-timer.C:
		case <-ctx.Done():
		}
		break
	}
	return t.more(batch)
}

// more takes what is there.
func (t *Trail) more(batch []pending) []pending {
	for len(batch) < trailBatch {
		select {
		case next := <-t.queue:
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

// write writes a batch. While the database fails, it is tried again: the trail would have a hole otherwise.
func (t *Trail) write(ctx context.Context, batch []pending) {
	err := t.put(ctx, batch)
	for pause := 100 * time.Millisecond; err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrClosed); pause = min(2*pause, 5*time.Second) {
		t.log.ErrorContext(ctx, "audit records could not be written, and will be again", "records", len(batch), "error", err)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			continue
		}
		err = t.put(ctx, batch)
	}
	if err != nil { // the end has come meanwhile: once more
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), trailFlush)
		defer cancel()
		if err = t.put(end, batch); err != nil {
			t.log.ErrorContext(ctx, "audit records are lost", "records", len(batch), "error", err)
		}
	}
	for _, p := range batch {
		if p.written != nil {
			p.written <- err
		}
	}
}

func (t *Trail) put(ctx context.Context, batch []pending) error {
	return t.store.Update(ctx, func(tx *store.Tx) error {
		for _, p := range batch {
			if p.none {
				continue
			}
			if err := tx.Record(p.entry); err != nil {
				return err
			}
		}
		return nil
	})
}
