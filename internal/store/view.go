package store

import (
	"context"
	"errors"
	"time"
)

// View runs f on one consistent snapshot, read only. f may run more than once if the connection to the database is lost,
// and must have no effect outside itself but through what it assigns.
func (s *Store) View(ctx context.Context, f func(tx *Tx) error) error {
	return s.viewing(ctx, f, false)
}

// Glance is View for an f that usually makes a single query, which is a consistent snapshot by itself: it spares beginning
// and ending a transaction. Should f make another, it runs again in one.
func (s *Store) Glance(ctx context.Context, f func(tx *Tx) error) error {
	err := s.viewing(ctx, f, true)
	if errors.Is(err, errSecondQuery) {
		return s.View(ctx, f)
	}
	return err
}

// errSecondQuery ends a function that has no transaction to make a second query in.
var errSecondQuery = errors.New("store: a second query needs a transaction")

func (s *Store) viewing(ctx context.Context, f func(tx *Tx) error, single bool) error {
	for attempt := 1; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return err // also when that is why the connection was lost
		}
		err := s.view(ctx, f, single)
		if err == nil || !s.dialect.lost(err) || attempt == viewAttempts {
			return err
		}
		s.readers.drop()
	}
}

const viewAttempts = 3

func (s *Store) view(ctx context.Context, f func(tx *Tx) error, single bool) error {
	sess, err := s.readers.get(ctx)
	if err != nil {
		return err
	}
	tx := &Tx{ctx: ctx, run: s.statementContext(ctx), session: sess, single: single}
	if !single {
		if err := sess.run(tx.run, s.dialect.beginView); err != nil {
			s.readers.put(sess, false)
			return err
		}
	}
	returned := false
	defer func() { s.readers.put(sess, s.endView(tx, returned)) }() // also when f panics
	err = f(tx)
	returned = true
	if err == nil || tx.failed == errSecondQuery {
		err = tx.failed
	}
	return err
}

// endView ends the transaction, so that the session does not stay in it, and reports whether the session can serve again.
func (s *Store) endView(tx *Tx, returned bool) bool {
	if tx.single {
		return returned && (tx.failed == nil || tx.failed == errSecondQuery)
	}
	end := "COMMIT"
	if !returned || tx.failed != nil {
		end = "ROLLBACK"
	}
	finish, cancel := s.finishContext(tx.ctx)
	defer cancel()
	return tx.session.run(finish, end) == nil
}

// finishTimeout bounds the end of a transaction whose caller may have gone.
const finishTimeout = 5 * time.Second

// finishContext is the context for the end of a View, whose caller may have gone.
func (s *Store) finishContext(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.dialect.prepare {
		return context.WithoutCancel(ctx), func() {}
	}
	return context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
}

// statementContext is the context for the statements of a View. In SQLite they are short and a context that can end costs
// a goroutine for each; Tx looks at the caller's between them.
func (s *Store) statementContext(ctx context.Context) context.Context {
	if s.dialect.prepare {
		return context.WithoutCancel(ctx)
	}
	return ctx
}
