// Package store keeps the nouns of package directconnect: in SQLite by default, or in PostgreSQL and what speaks its
// protocol. One body of SQL serves both; sqlite.go and postgres.go say where they differ.
//
// View gives a function one consistent snapshot, Update runs one atomically, serializably and durably. Uniqueness (of a
// port's holder, of a VLAN on its parent, of an identifier) is a constraint of the database. Nouns go in and out whole;
// what is looked up, unique or ordered by is a column, the rest one JSON document.
//
// It is not where rules live: it saves any state it is handed. It never unseals a secret and has no in-memory engine:
// SQLite in a temporary folder is that.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Options say which database to open.
type Options struct {
	// URL is sqlite:///absolute/path/to/file, or postgres://... (also postgresql://...) as pgx reads it.
	URL string
	// MaxConns bounds the connections to the database; 0 is a default that suits the engine.
	MaxConns int
	// Log hears of migrations and of transactions that had to be repeated; nil: nobody does.
	Log *slog.Logger
}

// Store is an open database. Its methods may be called by many goroutines.
type Store struct {
	dialect *dialect
	log     *slog.Logger
	dbs     []*sql.DB // to close
	readers *pool
	writer  *writer
}

// Open opens the database, creates it if there is none (SQLite), moves an older one forward and refuses one that a newer
// program has written.
func Open(ctx context.Context, o Options) (*Store, error) {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	scheme, _, _ := strings.Cut(o.URL, ":")
	switch scheme {
	case "sqlite":
		return openSQLite(ctx, o, log)
	case "postgres", "postgresql":
		return openPostgres(ctx, o, log)
	}
	return nil, errNoEngine
}

// errNoEngine does not repeat the URL, which may hold a password.
var errNoEngine = errors.New("store: the database URL must begin with sqlite:// or postgres://")

// Close waits for Updates in progress, refuses later ones and lets go of the database.
func (s *Store) Close() error {
	s.writer.close()
	errs := []error{s.readers.close(), s.writer.sessions.close()}
	for _, db := range s.dbs {
		errs = append(errs, db.Close())
	}
	return errors.Join(errs...)
}

// SetClock has events that say no time themselves told at that of a clock. It is called before other goroutines know the store.
func (s *Store) SetClock(now func() time.Time) { s.writer.clock = now }

// LeaveTrail keeps changes of state out of the audit trail, where there is to be none. It is called before other goroutines
// know the store.
func (s *Store) LeaveTrail() { s.writer.untrailed = true }

// Deliveries rings when this process has committed events that a webhook is to be told. Other processes' are found by looking.
func (s *Store) Deliveries() Bell { return s.writer.deliveries }

// Bell wakes one listener. Many rings may count as one.
type Bell chan struct{}

// Ring never blocks.
func (b Bell) Ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// Engine is "sqlite" or "postgres".
func (s *Store) Engine() string { return s.dialect.name }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.dbs[0].PingContext(ctx); err != nil {
		return fmt.Errorf("store: the database does not answer: %w", err)
	}
	return nil
}
