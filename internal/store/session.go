package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"time"
)

// session is one connection with the statements prepared on it. One goroutine uses it at a time.
type session struct {
	conn    *sql.Conn
	dialect *dialect
	stmts   map[string]*sql.Stmt
	chain   chain // of the audit trail that it writes to
}

// maxStmts bounds the prepared statements of a session. The texts are few, but queries have many combinations of filters.
const maxStmts = 256

func (s *session) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := s.stmts[query]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, s.dialect.text(query))
	if err != nil {
		return nil, err
	}
	if len(s.stmts) >= maxStmts {
		for _, old := range s.stmts {
			_ = old.Close() // the statement only; it cannot fail in a way that matters
		}
		clear(s.stmts)
	}
	s.stmts[query] = st
	return st, nil
}

func (s *session) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if !s.dialect.prepare {
		return s.conn.QueryContext(ctx, s.dialect.text(query), args...)
	}
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

func (s *session) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	if !s.dialect.prepare {
		return s.conn.ExecContext(ctx, s.dialect.text(query), args...)
	}
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

// run executes a statement of transaction control.
func (s *session) run(ctx context.Context, statement string) error {
	_, err := s.exec(ctx, statement, nil)
	return err
}

func (s *session) runAll(ctx context.Context, statements []string) error {
	for _, statement := range statements {
		if err := s.run(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// deadline is by when the database must have answered. A context that ends would cost a goroutine for each statement.
func (s *session) deadline(at time.Time) error {
	if s.dialect.deadline == nil {
		return nil
	}
	return s.dialect.deadline(s.conn, at)
}

// discard closes the connection instead of handing it back to database/sql. Its statements go first: SQLite keeps a
// connection, and its locks, until they have.
func (s *session) discard() {
	for _, st := range s.stmts {
		_ = st.Close()
	}
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = s.conn.Close()
}

func (s *session) close() error {
	for _, st := range s.stmts {
		_ = st.Close()
	}
	if err := s.conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}

// pool keeps open sessions, the latest used first, so that few connections serve when few are needed.
type pool struct {
	db      *sql.DB
	dialect *dialect
	slots   chan struct{}

	mu     sync.Mutex
	idle   []*session
	closed bool
}

func newPool(db *sql.DB, d *dialect, size int) *pool {
	return &pool{db: db, dialect: d, slots: make(chan struct{}, size)}
}

// get waits for a session.
func (p *pool) get(ctx context.Context) (*session, error) {
	select {
	case p.slots <- struct{}{}:
	default:
		select {
		case p.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		<-p.slots
		return nil, ErrClosed
	}
	if n := len(p.idle); n > 0 {
		s := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return s, nil
	}
	p.mu.Unlock()
	conn, err := p.db.Conn(ctx)
	if err != nil {
		<-p.slots
		return nil, err
	}
	return &session{conn: conn, dialect: p.dialect, stmts: map[string]*sql.Stmt{}}, nil
}

// put takes a session back; good says that it can serve again.
func (p *pool) put(s *session, good bool) {
	p.mu.Lock()
	keep := good && !p.closed
	if keep {
		p.idle = append(p.idle, s)
	}
	p.mu.Unlock()
	if !keep {
		s.discard()
	}
	<-p.slots
}

// drop closes every idle session: when one connection is lost, the others mostly are.
func (p *pool) drop() {
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, s := range idle {
		s.discard()
	}
}

func (p *pool) close() error {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	var errs []error
	for _, s := range idle {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}
