package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// The schema, one file a step: NUMBER_what.sql. A file that was released is never changed. KEYTEXT stands for the type of
// texts that are compared and ordered bytewise, BIGKEY for a number that is the primary key and where a row lies, EVENTSEQUENCE for what
// gives events their positions where that is not the table itself.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate moves the schema forward to what this program knows, and refuses one that is ahead of it.
func migrate(ctx context.Context, db *sql.DB, d *dialect, log *slog.Logger) error {
	steps, err := steps(d)
	if err != nil {
		return err
	}
	return migrateTo(ctx, db, d, log, steps)
}

func migrateTo(ctx context.Context, db *sql.DB, d *dialect, log *slog.Logger, steps []*goose.Migration) error {
	options := []goose.ProviderOption{goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger())}
	if d.goose == goose.DialectPostgres {
		// Servers that start at once take turns: tried every second, for five minutes.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(d.goose, db, nil, options...)
	if err != nil {
		return fmt.Errorf("store: schema: %w", err)
	}
	return forward(ctx, p, d, log, steps[len(steps)-1].Version)
}

// forward applies what is missing. On SQLite another process may have been faster, which shows as an error of ours: then
// what it did is found done.
func forward(ctx context.Context, p *goose.Provider, d *dialect, log *slog.Logger, newest int64) error {
	const attempts = 10
	for attempt := 1; ; attempt++ {
		err := up(ctx, p, log, newest)
		var ahead *SchemaError
		if err == nil || errors.As(err, &ahead) || d.goose == goose.DialectPostgres || attempt == attempts || ctx.Err() != nil {
			return err
		}
		pause(attempt)
	}
}

func up(ctx context.Context, p *goose.Provider, log *slog.Logger, newest int64) error {
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("store: schema: %w", err)
	}
	if have > newest {
		return &SchemaError{Have: have, Newest: newest}
	}
	if have == newest {
		return nil
	}
	began := time.Now()
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("store: schema: moving from version %d to %d: %w", have, newest, err)
	}
	log.Info("database schema moved forward", "from", have, "to", newest, "took", time.Since(began))
	return nil
}

// SchemaError is the answer to a database that a newer program has written.
type SchemaError struct{ Have, Newest int64 }

func (e *SchemaError) Error() string {
	return fmt.Sprintf("store: the database has schema version %d, this program knows none after %d: use a newer onramp", e.Have, e.Newest)
}

// step is a file of the schema in the words of a dialect.
type step struct {
	version int64
	script  string
}

// steps are the steps as goose takes them.
func steps(d *dialect) ([]*goose.Migration, error) {
	known, err := scripts(d)
	if err != nil {
		return nil, err
	}
	var all []*goose.Migration
	for _, s := range known {
		all = append(all, goose.NewGoMigration(s.version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, s.script)
			return err
		}}, nil))
	}
	return all, nil
}

// scripts reads the embedded files in the words of the dialect.
func scripts(d *dialect) ([]step, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var all []step
	for _, name := range names { // sorted
		number, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("store: migration %s has no number: %w", name, err)
		}
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, err
		}
		all = append(all, step{version, d.ddl.Replace(string(text))})
	}
	return all, nil
}
