package store

import (
	"bytes"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/archive"
)

var backupTime = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// raw opens a database beside the store, to write what no noun has.
func raw(t *testing.T, url string) (*sql.DB, *dialect) {
	t.Helper()
	driver, dsn, d := "pgx", url, postgresDialect
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		driver, dsn, d = "sqlite", sqliteDSN(path, 1000), sqliteDialect
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, d
}

// newestTables are those of this program's schema.
func newestTables(t *testing.T) []table {
	t.Helper()
	known, err := scripts(sqliteDialect)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := tablesAt(t.Context(), known[len(known)-1].version)
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

// integers are the columns of numbers, as table.column.
func integers(t *testing.T) map[string]bool {
	t.Helper()
	url := "sqlite://" + t.TempDir() + "/onramp.db"
	mustOpen(t, url)
	db, _ := raw(t, url)
	found, err := texts(t.Context(), db, "SELECT m.name || '.' || c.name || ' ' || lower(c.type) FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'")
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[string]bool{}
	for _, f := range found {
		name, kind, _ := strings.Cut(f, " ")
		switch kind {
		case "bigint", "integer":
			numbers[name] = true
		case "text":
		default:
			if !strings.HasPrefix(name, versionTable) && !strings.HasPrefix(name, "sqlite_") {
				t.Errorf("column %s is %s: a backup holds texts and bigint", name, kind)
			}
		}
	}
	return numbers
}

// fill puts two rows into every table, whatever columns it has: texts with all that is hard to keep, and large numbers. As a
// column that refers to another table's key gets the same values as that, the rows fit each other.
func fill(t *testing.T, url string) {
	t.Helper()
	db, d := raw(t, url)
	numbers := integers(t)
	for _, tab := range newestTables(t) {
		for n := range 2 {
			var values []any
			for _, column := range tab.columns {
				var v any = []string{"", "ä😀\"\\\n\t'\x01\u2028" + strings.Repeat("x", 300)}[n]
				if numbers[tab.name+"."+column] {
					v = []int64{-1 << 62, 1 << 62}[n]
				}
				values = append(values, v)
			}
			statement := d.text(`INSERT INTO "` + tab.name + `" (` + list(tab.columns) + ") VALUES " + tuples(len(tab.columns), 1))
			if _, err := db.ExecContext(t.Context(), statement, values...); err != nil {
				t.Fatalf("%s: %v", tab.name, err)
			}
		}
	}
}

func backUp(t *testing.T, s *Store) ([]byte, archive.Manifest) {
	t.Helper()
	var b bytes.Buffer
	m, err := s.Backup(t.Context(), &b, "test", backupTime)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m
}

// catalogue are the tables that a database says it has.
var catalogue = map[string]string{
	"sqlite":   "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
	"postgres": `SELECT tablename::text COLLATE "C" FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1`,
}

// Every table of the database is in a backup, with all its rows: one that a new step makes is in it by itself.
func TestBackupLeavesNoTableOut(t *testing.T) {
	t.Parallel()
	onEngines(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		fill(t, url)
		_, m := backUp(t, s)
		db, _ := raw(t, url)
		want, err := texts(t.Context(), db, catalogue[s.Engine()])
		if err != nil {
			t.Fatal(err)
		}
		want = slices.DeleteFunc(want, func(name string) bool { return name == versionTable })
		var got []string
		for _, tab := range m.Tables {
			got = append(got, tab.Name)
			if tab.Rows != 2 {
				t.Errorf("%d rows of %s, want 2", tab.Rows, tab.Name)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || len(want) < 20 {
			t.Errorf("tables of the database and of the backup: %s", diff)
		}
		if m.Engine != s.Engine() || m.Schema == 0 || !m.Time.Equal(backupTime) || m.Program != "test" {
			t.Errorf("%+v", m.About)
		}
	})
}

// What is kept beside tables is known to Restore, which sets it.
func TestNothingIsKeptBesideTables(t *testing.T) {
	t.Parallel()
	url := engines["postgres"](t)
	mustOpen(t, url)
	db, _ := raw(t, url)
	found, err := texts(t.Context(), db, "SELECT sequencename::text FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"event_position", versionTable + "_id_seq"}, found); diff != "" {
		t.Errorf("sequences of which dialect.restored does not know: %s", diff)
	}
}

// A file of the form before a writer took it is what a crash or a full disk leaves: the error is told.
func TestBackupTellsWhenItCannotWrite(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, engines["sqlite"](t))
	for room := range 3 {
		if _, err := s.Backup(t.Context(), &narrow{room: room * 40}, "test", backupTime); err == nil {
			t.Errorf("a backup of which %d bytes could be written is said to be done", room*40)
		}
	}
	if err := s.View(t.Context(), func(tx *Tx) error { _, err := tx.Settings("a"); return err }); err != nil {
		t.Errorf("reading after that: %v", err)
	}
}

// narrow takes so many bytes.
type narrow struct{ room int }

func (n *narrow) Write(p []byte) (int, error) {
	if n.room -= len(p); n.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}
