package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Update runs f in a serializable transaction, atomically and durably: when it answers nil, what f wrote survives kill -9
// and the loss of power. When f answers an error or panics, nothing of it is left.
//
// f may run more than once and runs on another goroutine, one at a time with other functions on SQLite: it must be quick
// and have no effect outside itself but through what it assigns (anew on each run). A context that ends before f has
// begun gives its error and nothing happens; after that it stops f at its next statement.
func (s *Store) Update(ctx context.Context, f func(tx *Tx) error) error {
	return s.writer.do(ctx, f)
}

// An update is a call of Update on its way through the writer.
type update struct {
	ctx      context.Context
	f        func(tx *Tx) error
	deadline time.Time // no attempt begins after it
	state    atomic.Int32
	done     chan error // the result, once
}

const (
	updateWaiting int32 = iota
	updateTaken         // by the writer, which will answer
	updateLeft          // by its caller, who has gone
)

// updateCap is how long an Update is tried when its context sets no end.
const updateCap = 30 * time.Second

func newUpdate(ctx context.Context, f func(tx *Tx) error) *update {
	u := &update{ctx: ctx, f: f, deadline: time.Now().Add(updateCap), done: make(chan error, 1)}
	if d, ok := ctx.Deadline(); ok && d.Before(u.deadline) {
		u.deadline = d
	}
	return u
}

// wait answers the result.
func (u *update) wait() error {
	var err error
	select {
	case err = <-u.done:
	case <-u.ctx.Done():
		if u.state.CompareAndSwap(updateWaiting, updateLeft) {
			return u.ctx.Err()
		}
		err = <-u.done // f has begun: what becomes of it is known soon
	}
	var p *panicError
	if errors.As(err, &p) {
		panic(p)
	}
	return err
}

// take claims the update for the writer; it is false when the caller has gone.
func (u *update) take() bool {
	if err := u.ctx.Err(); err != nil && u.state.CompareAndSwap(updateWaiting, updateTaken) {
		u.done <- err
		return false
	}
	return u.state.CompareAndSwap(updateWaiting, updateTaken)
}

// expired reports that the update must not be tried again.
func (u *update) expired() bool { return u.ctx.Err() != nil || !time.Now().Before(u.deadline) }

// panicError carries a panic of f from the writer's goroutine to the caller's, where it goes on.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string {
	return fmt.Sprintf("store: panic in a transaction: %v\n%s", p.value, p.stack)
}

// Unwrap answers the value of the panic if it was an error.
func (p *panicError) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// conflictRuns is how often f runs when it answers ErrConflict: it reads again.
const conflictRuns = 3

// call runs f once and turns a panic into an error.
func (u *update) call(tx *Tx) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{value: v, stack: debug.Stack()}
		}
	}()
	if err := u.f(tx); err != nil {
		return err
	}
	if tx.failed != nil {
		return tx.failed // f must not pass over it
	}
	return tx.finish()
}
