package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"onramp/internal/archive"
	"onramp/internal/wholefile"
)

// restoreSQLite fills a file of a name of its own and links it to the one that it is to have: linking refuses when that
// name was taken meanwhile. A restore that was killed leaves such a file and nothing that a server would open.
func restoreSQLite(ctx context.Context, o Options, file io.ReaderAt, size int64) (m archive.Manifest, err error) {
	path, err := sqlitePath(o.URL)
	if err != nil {
		return m, err
	}
	for _, there := range []string{path, path + "-wal", path + "-journal"} { // a log without its file is of one that was lost
		if _, err := os.Lstat(there); !errors.Is(err, fs.ErrNotExist) {
			return m, errors.Join(fmt.Errorf("%w: %s is there", ErrNotEmpty, there), err)
		}
	}
	folder := filepath.Dir(path)
	if err := makeFolder(folder); err != nil {
		return m, fmt.Errorf("store: data folder: %w", err)
	}
	temporary, err := os.CreateTemp(folder, "."+filepath.Base(path)+"-restore-*") // mode 0600
	if err != nil {
		return m, fmt.Errorf("store: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(temporary.Name())) }()
	if m, err = fillSQLite(ctx, temporary.Name(), file, size); err != nil {
		return m, errors.Join(err, temporary.Close())
	}
	if err := errors.Join(temporary.Sync(), temporary.Close()); err != nil { // the same file, whoever has written it
		return m, fmt.Errorf("store: %w", err)
	}
	if err := os.Link(temporary.Name(), path); err != nil {
		return m, fmt.Errorf("%w: %w", ErrNotEmpty, err)
	}
	return m, wholefile.SyncFolder(folder)
}

// fillSQLite keeps no journal and flushes nothing: the file counts for nothing before it is whole and on the disk.
func fillSQLite(ctx context.Context, path string, file io.ReaderAt, size int64) (m archive.Manifest, err error) {
	u := url.URL{Scheme: "file", Path: path}
	db, err := sql.Open("sqlite", u.String()+fmt.Sprintf("?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=locking_mode(EXCLUSIVE)"+
		"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-%d)", sqliteWriterCache))
	if err != nil {
		return m, err
	}
	db.SetMaxOpenConns(1)
	m, err = restore(ctx, db, sqliteDialect, "", file, size)
	return m, errors.Join(err, db.Close())
}
