package store

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/lock"

	"onramp/internal/archive"
)

// restorePostgres fills a database in one transaction. It holds the lock under which servers move the schema forward: one
// that starts meanwhile waits, and finds all or nothing.
func restorePostgres(ctx context.Context, o Options, file io.ReaderAt, size int64) (m archive.Manifest, err error) {
	config, err := postgresConfig(o.URL)
	if err != nil {
		return m, err
	}
	db := stdlib.OpenDB(*config)
	m, err = restore(ctx, db, postgresDialect, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", lock.DefaultLockID), file, size)
	return m, errors.Join(err, db.Close())
}
