package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pressly/goose/v3/database"

	"onramp/internal/archive"
)

// ErrNotEmpty is wrapped by the answer to a restore into a database where something is.
var ErrNotEmpty = errors.New("store: a backup is restored into an empty place only")

// Restore makes a new database of a backup, from whichever engine it came, and moves an older schema forward. Nothing is
// there before all is: a database of PostgreSQL is filled in one transaction, a file of SQLite is made under another name
// and takes its own at the end.
func Restore(ctx context.Context, o Options, file io.ReaderAt, size int64) (archive.Manifest, error) {
	switch scheme, _, _ := strings.Cut(o.URL, ":"); scheme {
	case "sqlite":
		return restoreSQLite(ctx, o, file, size)
	case "postgres", "postgresql":
		return restorePostgres(ctx, o, file, size)
	}
	return archive.Manifest{}, errNoEngine
}

// restore fills an empty database in one transaction. prepare is done first in it.
func restore(ctx context.Context, db *sql.DB, d *dialect, prepare string, file io.ReaderAt, size int64) (m archive.Manifest, err error) {
	steps, err := scripts(d)
	if err != nil {
		return m, err
	}
	versions, err := database.NewStore(d.goose, versionTable)
	if err != nil {
		return m, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return m, fmt.Errorf("store: %w", err)
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback() // the first error says more
		}
	}()
	if prepare != "" {
		if _, err := tx.ExecContext(ctx, prepare); err != nil {
			return m, fmt.Errorf("store: %w", err)
		}
	}
	l := &loader{ctx: ctx, tx: tx, dialect: d, versions: versions, steps: steps}
	if err := l.refuseTables(); err != nil {
		return m, err
	}
	if m, err = archive.Read(file, size, l); err != nil {
		return m, err
	}
	if err := l.end(); err != nil {
		return m, err
	}
	if err := tx.Commit(); err != nil {
		return m, fmt.Errorf("store: %w", err)
	}
	return m, nil
}

// loader puts into a database what it is told of an archive.
type loader struct {
	ctx      context.Context
	tx       *sql.Tx
	dialect  *dialect
	versions database.Store
	steps    []step // still to be done

	missing []table // that must still come
	table   table
	insert  *sql.Stmt // of batch rows; nil: there is no table yet
	batch   int
	values  []any // of rows to be inserted
}

// refuseTables answers ErrNotEmpty if a table of ours is there.
func (l *loader) refuseTables() error {
	tables, err := tablesAt(l.ctx, l.steps[len(l.steps)-1].version)
	if err != nil {
		return err
	}
	ours := []string{versionTable}
	for _, t := range tables {
		ours = append(ours, t.name)
	}
	for _, name := range ours {
		n := 0
		if err := l.tx.QueryRowContext(l.ctx, l.dialect.text(l.dialect.hasTable), name).Scan(&n); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		if n > 0 {
			return fmt.Errorf("%w: the database has a table %s", ErrNotEmpty, name)
		}
	}
	return nil
}

// About makes the schema that the rows are of.
func (l *loader) About(a archive.About) (err error) {
	if l.missing, err = tablesAt(l.ctx, a.Schema); err != nil {
		return err
	}
	if err := l.versions.CreateVersionTable(l.ctx, l.tx); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := l.versions.Insert(l.ctx, l.tx, database.InsertRequest{Version: 0}); err != nil { // as goose begins
		return fmt.Errorf("store: %w", err)
	}
	return l.forward(a.Schema)
}

// forward does the steps up to a version.
func (l *loader) forward(version int64) error {
	for len(l.steps) > 0 && l.steps[0].version <= version {
		s := l.steps[0]
		if _, err := l.tx.ExecContext(l.ctx, s.script); err != nil {
			return fmt.Errorf("store: schema version %d: %w", s.version, err)
		}
		if err := l.versions.Insert(l.ctx, l.tx, database.InsertRequest{Version: s.version}); err != nil {
			return fmt.Errorf("store: schema version %d: %w", s.version, err)
		}
		l.steps = l.steps[1:]
	}
	return nil
}

// Table begins a table, which must be the next of the schema.
func (l *loader) Table(name string, columns []string) error {
	if err := l.flush(); err != nil {
		return err
	}
	if len(l.missing) == 0 || l.missing[0].name != name || !slices.Equal(l.missing[0].columns, columns) {
		return fmt.Errorf("%w: table %s (%s) is not of the schema that it says it has", archive.ErrDamaged, name, strings.Join(columns, ", "))
	}
	l.table, l.missing = l.missing[0], l.missing[1:]
	const parameters = 1000 // of one statement: more is no faster
	l.batch = max(1, parameters/len(columns))
	insert, err := l.statement(l.batch)
	if err != nil {
		return err
	}
	l.insert = insert
	return nil
}

func (l *loader) statement(rows int) (*sql.Stmt, error) {
	s, err := l.tx.PrepareContext(l.ctx, l.dialect.text(
		`INSERT INTO "`+l.table.name+`" (`+list(l.table.columns)+") VALUES "+tuples(len(l.table.columns), rows)))
	if err != nil {
		return nil, fmt.Errorf("store: restoring table %s: %w", l.table.name, err)
	}
	return s, nil
}

// Row puts a row into the table, at some time.
func (l *loader) Row(values []any) error {
	l.values = append(l.values, values...)
	if len(l.values) < l.batch*len(l.table.columns) {
		return nil
	}
	return l.write(l.insert)
}

func (l *loader) write(s *sql.Stmt) error {
	_, err := s.ExecContext(l.ctx, l.values...)
	l.values = l.values[:0]
	if err != nil {
		return fmt.Errorf("store: restoring table %s: %w", l.table.name, err)
	}
	return nil
}

// flush ends the table.
func (l *loader) flush() error {
	if l.insert == nil {
		return nil
	}
	if len(l.values) > 0 {
		rest, err := l.statement(len(l.values) / len(l.table.columns))
		if err != nil {
			return err
		}
		if err := errors.Join(l.write(rest), rest.Close()); err != nil {
			return err
		}
	}
	err := l.insert.Close()
	l.insert = nil
	return err
}

// end completes what was read and moves the schema forward.
func (l *loader) end() error {
	if err := l.flush(); err != nil {
		return err
	}
	if len(l.missing) > 0 {
		return fmt.Errorf("%w: table %s is not in it", archive.ErrDamaged, l.missing[0].name)
	}
	if len(l.steps) > 0 {
		if err := l.forward(l.steps[len(l.steps)-1].version); err != nil {
			return err
		}
	}
	if l.dialect.restored == "" {
		return nil
	}
	if _, err := l.tx.ExecContext(l.ctx, l.dialect.restored); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}
