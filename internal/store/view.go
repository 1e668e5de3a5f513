package store

import (
	"context"
	"time"
)

// View runs f on one consistent snapshot, read only. f may run more than once if the connection to the database is lost,
// and must have no effect outside itself but through what it assigns.
func (s *Store) View(ctx context.Context, f func(tx *Tx) error) error {
	for attempt := 1; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return err // also when that is why the connection was lost
		}
		err := s.view(ctx, f)
		if err == nil || !s.dialect.lost(err) || attempt == viewAttempts {
			return err
		}
		s.readers.drop()
	}
}

const viewAttempts = 3

func (s *Store) view(ctx context.Context, f func(tx *Tx) error) error {
	sess, err := s.readers.get(ctx)
	if err != nil {
		return err
	}
	run := s.statementContext(ctx)
	tx := &Tx{ctx: ctx, run: run, session: sess}
	if err := sess.run(run, s.dialect.beginView); err != nil {
		s.readers.put(sess, false)
		return err
	}
	returned := false
	defer func() {
		// Also when f panics: the session must neither leak nor stay in its transaction.
		end := "COMMIT"
		if !returned || tx.failed != nil {
			end = "ROLLBACK"
		}
		finish, cancel := s.finishContext(ctx)
		defer cancel()
		s.readers.put(sess, sess.run(finish, end) == nil)
	}()
	err = f(tx)
	returned = true
	if err == nil {
		err = tx.failed
	}
	return err
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
