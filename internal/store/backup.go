package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"time"

	"onramp/internal/archive"
)

// Backup writes every table as it stands at one moment, while others go on writing: all that was committed before it
// began, and of each later transaction all or nothing. now is the real time, program the version of this program. Secrets
// stay sealed. It holds a few mebibytes of memory however much there is; the database keeps what changes meanwhile, in its
// log, until it ends.
//
// When it fails, what was written is no backup, and a reader refuses it.
func (s *Store) Backup(ctx context.Context, to io.Writer, program string, now time.Time) (m archive.Manifest, err error) {
	// Not View, which may run the function again: half of a file would be there twice.
	err = s.view(ctx, func(tx *Tx) error {
		about := archive.About{Program: program, Engine: s.Engine(), Time: now}
		if err := tx.one("SELECT max(version_id) FROM "+versionTable+" WHERE is_applied", nil, &about.Schema); err != nil {
			return err
		}
		tables, err := tablesAt(ctx, about.Schema)
		if err != nil {
			return err
		}
		w, err := archive.NewWriter(to, about)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if err := tx.backUp(w, t); err != nil {
				return err
			}
		}
		m, err = w.Close()
		return err
	}, false)
	return m, err
}

// backUp writes a table in the order of its key.
func (tx *Tx) backUp(w *archive.Writer, t table) error {
	if err := w.Table(t.name, t.columns); err != nil {
		return err
	}
	values := make([]any, len(t.columns))
	into := make([]any, len(t.columns))
	for i := range values {
		into[i] = &values[i]
	}
	var failed error // of the writer, which is no failure of the database
	err := tx.each("SELECT "+list(t.columns)+` FROM "`+t.name+`" ORDER BY `+list(t.key), nil, func(r *sql.Rows) error {
		if err := r.Scan(into...); err != nil {
			return err
		}
		if failed = tx.ctx.Err(); failed == nil {
			failed = w.Row(values)
		}
		return failed
	})
	return errors.Join(failed, err)
}
