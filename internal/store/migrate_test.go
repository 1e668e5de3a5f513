package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/pressly/goose/v3"

	"onramp/internal/directconnect"
	"onramp/test/postgres"
)

// engines answers the URL of a new, empty database for each engine.
var engines = map[string]func(t *testing.T) string{
	"sqlite":   func(t *testing.T) string { return "sqlite://" + t.TempDir() + "/onramp.db" },
	"postgres": func(t *testing.T) string { return postgres.Shared(t, postgres.WithoutFsync()).Database(t) },
}

func onEngines(t *testing.T, f func(t *testing.T, url string)) {
	for name, url := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, url(t))
		})
	}
}

func mustOpen(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// next is a schema one step ahead of this program's.
func next(t *testing.T, d *dialect) []*goose.Migration {
	t.Helper()
	known, err := steps(d)
	if err != nil {
		t.Fatal(err)
	}
	version := known[len(known)-1].Version + 1
	return append(known, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "ALTER TABLE setting ADD COLUMN note text; UPDATE setting SET note = 'moved'")
		return err
	}}, nil))
}

// A database of an older program is moved forward with what is in it; the older program then refuses it.
func TestMigrateForward(t *testing.T) {
	t.Parallel()
	onEngines(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		c := directconnect.Connection{ID: "dxcon-fg000000", State: directconnect.ConnectionRequested}
		err := s.Update(t.Context(), func(tx *Tx) error {
			c.Version = 0
			return errors.Join(tx.PutSetting("name", "value"), tx.PutConnection(&c))
		})
		if err != nil {
			t.Fatal(err)
		}
		ahead := next(t, s.dialect)
		db := s.writer.sessions.db
		if s.Engine() == "sqlite" {
			if db, err = sql.Open("sqlite", sqliteDSN(strings.TrimPrefix(url, "sqlite://"), 1000)+"&_txlock=immediate"); err != nil {
				t.Fatal(err)
			}
			defer db.Close()
		}
		for range 2 { // the second time there is nothing to do
			if err := migrateTo(t.Context(), db, s.dialect, slog.New(slog.DiscardHandler), ahead); err != nil {
				t.Fatal(err)
			}
		}
		err = s.View(t.Context(), func(tx *Tx) error {
			note := ""
			if err := tx.one("SELECT note FROM setting WHERE name = ?", []any{"name"}, &note); err != nil || note != "moved" {
				t.Errorf("note %q, %v", note, err)
			}
			_, err := tx.Connection(c.ID)
			return err
		})
		if err != nil {
			t.Error(err)
		}
		var refused *SchemaError
		if again, err := Open(t.Context(), Options{URL: url}); !errors.As(err, &refused) {
			t.Errorf("a newer schema: %v", err)
			_ = again.Close()
		} else if want := ahead[len(ahead)-1].Version; refused.Have != want || refused.Newest != want-1 {
			t.Errorf("%+v, want version %d to be refused", refused, want)
		}
	})
}

// A step that fails leaves the schema as it was.
func TestMigrateFails(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, engines["postgres"](t))
	known, err := steps(s.dialect)
	if err != nil {
		t.Fatal(err)
	}
	bad := append(known, goose.NewGoMigration(known[len(known)-1].Version+1, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "ALTER TABLE setting ADD COLUMN note text; ALTER TABLE nothing ADD COLUMN note text")
		return err
	}}, nil))
	if err := migrateTo(t.Context(), s.writer.sessions.db, s.dialect, s.log, bad); err == nil {
		t.Error("a step that fails was passed over")
	}
	err = s.View(t.Context(), func(tx *Tx) error { return tx.one("SELECT note FROM setting", nil, new(string)) })
	if err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("half of a step is there: %v", err)
	}
}

// Servers that start at once on a new database all come up.
func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	onEngines(t, func(t *testing.T, url string) {
		const servers = 5
		var wg sync.WaitGroup
		stores := make([]*Store, servers)
		for i := range servers {
			wg.Go(func() {
				var err error
				if stores[i], err = Open(t.Context(), Options{URL: url}); err != nil {
					t.Errorf("server %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		for _, s := range stores {
			if s != nil {
				if err := s.Update(t.Context(), func(tx *Tx) error { return tx.PutSetting("name", "value") }); err != nil {
					t.Error(err)
				}
				_ = s.Close()
			}
		}
	})
}
