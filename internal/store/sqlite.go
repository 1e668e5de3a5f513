package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"onramp/internal/wholefile"
)

var sqliteDialect = &dialect{
	name:          "sqlite",
	goose:         goose.DialectSQLite3,
	ddl:           strings.NewReplacer("KEYTEXT", "text", "BIGKEY", "INTEGER NOT NULL PRIMARY KEY", " CLUSTERED;", " WITHOUT ROWID;", "EVENTSEQUENCE", ""), // text is compared bytewise (BINARY) unless told otherwise
	prepare:       true,
	beginView:     "BEGIN DEFERRED",
	beginUpdate:   []string{"BEGIN IMMEDIATE"},
	savepoint:     []string{"SAVEPOINT s"},
	nextSavepoint: []string{"RELEASE SAVEPOINT s", "SAVEPOINT s"},
	eventBlock:    "COALESCE((SELECT max(position) FROM event), 0) + 1",
	rowKey:        "rowid", // an index has it at hand
	rowNumber:     "rowid",
	hasTable:      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?",
	retryable:     sqliteRetryable,
	lost:          func(error) bool { return false },
	broken:        sqliteBroken,
}

// Caches, in KiB: the writer's, which touches the most pages, and that of all readers together. With a million connections
// stored the readers' hold the inner pages of the indexes and some of the leaves. A page takes twice its size of memory: the
// driver's allocator rounds up to a power of two.
const (
	sqliteWriterCache = 40 << 10
	sqliteReaderCache = 32 << 10
)

func openSQLite(ctx context.Context, o Options, log *slog.Logger) (*Store, error) {
	path, err := sqlitePath(o.URL)
	if err != nil {
		return nil, err
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("store: data folder: %w", err)
	}
	// Made before SQLite makes it: the log and index beside it get the same mode, whatever the folder lets others do.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	writing, err := sql.Open("sqlite", sqliteDSN(path, sqliteWriterCache)+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, writing, sqliteDialect, log); err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	if err := wholefile.SyncFolder(filepath.Dir(path)); err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	readers := o.MaxConns
	if readers <= 0 {
		readers = min(max(4, 2*runtime.GOMAXPROCS(0)), 16)
	}
	reading, err := sql.Open("sqlite", sqliteDSN(path, sqliteReaderCache/readers)+"&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	writing.SetMaxOpenConns(1)
	reading.SetMaxIdleConns(readers)
	return &Store{
		dialect: sqliteDialect,
		log:     log,
		dbs:     []*sql.DB{reading, writing}, // the writer last: the last one to close folds the log into the file
		readers: newPool(reading, sqliteDialect, readers),
		writer:  newWriter(newPool(writing, sqliteDialect, 1), sqliteDialect, 1, log),
	}, nil
}

// sqlitePath is the file that a URL names.
func sqlitePath(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("store: %w", err)
	}
	if u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" || strings.HasSuffix(u.Path, "/") {
		return "", fmt.Errorf("store: %s: want sqlite:///absolute/path/to/file", raw)
	}
	return u.Path, nil
}

// sqliteDSN asks for a write-ahead log that is flushed to the disk at each commit. A connection waits a second for
// another process's lock; Update tries again after that.
func sqliteDSN(path string, cache int) string {
	u := url.URL{Scheme: "file", Path: path}
	return u.String() + fmt.Sprintf("?_pragma=busy_timeout(1000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=wal_autocheckpoint(16000)&_pragma=journal_size_limit(67108864)"+
		"&_pragma=cache_size(-%d)", cache)
}

// makeFolder makes a folder, private to its owner, that is still there after a loss of power.
func makeFolder(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	parent := filepath.Dir(path)
	if err := makeFolder(parent); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return wholefile.SyncFolder(parent)
}

func sqliteRetryable(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// sqliteBroken reads the columns out of the message, the only place that has them:
// "constraint failed: UNIQUE constraint failed: port.connection_id (2067)".
func sqliteBroken(err error) (constraint string, unique, foreign bool) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return "", false, false
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		_, columns, _ := strings.Cut(e.Error(), "UNIQUE constraint failed: ")
		columns, _, _ = strings.Cut(columns, " (")
		return columns, true, false
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return "", false, true
	}
	return "", false, false
}
