package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onramp/internal/audit"
)

// Tx is a transaction: what a function given to View or Update reads and writes through. It is of no use after the
// function has returned, nor to another goroutine.
type Tx struct {
	ctx     context.Context // the caller's: its end stops the function between statements
	run     context.Context // of the statements
	session *session
	write   bool
	wrote   bool
	failed  error // of the database; the transaction is over
	single  bool  // there is no transaction, so that one query must do
	queried bool
	entries []audit.Entry // for the trail, when the transaction is committed
	clock   func() time.Time

	untrailed bool           // changes of state stay out of the trail
	changes   []audit.Change // of state, for the trail when the transaction is done

	told    []told               // events, written when the transaction is committed
	seen    map[string]standing  // how nouns stood when they were read or written last, by ID
	members map[string]standing  // of LAGs, as they were before this transaction changed them
	bundles map[string]*standing // whose state may have changed, as they were themselves; nil: as they are
}

// now is the installation's time.
func (tx *Tx) now() time.Time {
	if tx.clock == nil {
		return time.Now()
	}
	return tx.clock()
}

// errReadOnly is the answer to a write inside View.
var errReadOnly = errors.New("store: View does not write")

// ready refuses to go on after the caller has gone or the database has failed.
func (tx *Tx) ready() error {
	if tx.single && tx.queried && tx.failed == nil {
		tx.failed = errSecondQuery
	}
	if tx.failed != nil {
		return tx.failed
	}
	tx.queried = true
	return tx.ctx.Err()
}

// fail ends the transaction with an error of the database, in the words of this package where it has some.
func (tx *Tx) fail(err error) error {
	if constraint, unique, foreign := tx.session.dialect.broken(err); unique {
		err = takenError(constraint)
	} else if foreign {
		err = errors.Join(ErrReferenced, err)
	}
	tx.failed = err
	return err
}

// each calls scan for every row.
func (tx *Tx) each(query string, args []any, scan func(*sql.Rows) error) error {
	if err := tx.ready(); err != nil {
		return err
	}
	rows, err := tx.session.query(tx.run, query, args)
	if err != nil {
		return tx.fail(err)
	}
	for rows.Next() {
		if err := scan(rows); err != nil {
			_ = rows.Close()
			return tx.fail(err)
		}
	}
	if err := rows.Err(); err != nil {
		return tx.fail(err)
	}
	return nil
}

// one scans a single row, or answers ErrNotFound.
func (tx *Tx) one(query string, args []any, dest ...any) error {
	found := false
	err := tx.each(query, args, func(r *sql.Rows) error {
		found = true
		return r.Scan(dest...)
	})
	if err == nil && !found {
		return ErrNotFound
	}
	return err
}

// exec writes, and answers how many rows it touched.
func (tx *Tx) exec(query string, args ...any) (int, error) {
	if err := tx.ready(); err != nil {
		return 0, err
	}
	if !tx.write {
		return 0, errReadOnly
	}
	tx.wrote = true
	res, err := tx.session.exec(tx.run, query, args)
	if err != nil {
		return 0, tx.fail(err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, tx.fail(err)
	}
	return int(n), nil
}

// swap is a compare-and-swap: the statement must touch one row. It moves version on.
func (tx *Tx) swap(version *int64, query string, args ...any) error {
	n, err := tx.exec(query, args...)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrConflict
	}
	*version++
	return nil
}

// remove deletes a row by its key.
func (tx *Tx) remove(query string, key ...any) error {
	n, err := tx.exec(query, key...)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// micros is how times are kept: microseconds since 1970 in UTC, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// microsOrNull keeps a zero time out of an index.
func microsOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// textOrNull keeps an empty text out of an index.
func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
