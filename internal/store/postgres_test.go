package store_test

import (
	"database/sql"
	"errors"
	"testing"

	"onramp/internal/store"
	"onramp/test/postgres"
)

// terminate ends every other connection to the database, as a restart of the server does.
func terminate(t *testing.T, db *sql.DB) {
	t.Helper()
	ended := 0
	err := db.QueryRowContext(t.Context(), "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "+
		"WHERE datname = current_database() AND pid <> pg_backend_pid()").Scan(&ended)
	if err != nil || ended == 0 {
		t.Fatalf("%d connections ended, %v", ended, err)
	}
}

// Connections that the server has ended are replaced, whenever that happens before the commit; what a function wrote on
// the lost one is not there twice.
func TestPostgresConnectionsLost(t *testing.T) {
	t.Parallel()
	url := postgres.Shared(t, postgres.WithoutFsync()).Database(t)
	s := open(t, url)
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	put := func(tx *store.Tx) error { return tx.PutSetting("name", "value") }
	get := func(tx *store.Tx) error { _, err := tx.Setting("name"); return err }
	if err := errors.Join(s.Update(t.Context(), put), s.View(t.Context(), get)); err != nil {
		t.Fatal(err)
	}
	terminate(t, db)
	if err := s.View(t.Context(), get); err != nil {
		t.Errorf("View: %v", err)
	}
	terminate(t, db)
	if err := s.Update(t.Context(), put); err != nil {
		t.Errorf("Update: %v", err)
	}
	runs := 0
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		if runs++; runs == 1 {
			if err := tx.PutSetting("half", "done"); err != nil {
				return err
			}
			terminate(t, db)
		} else if _, err := tx.Setting("half"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the second run finds what the first one wrote: %v", err)
		}
		return tx.PutSetting("whole", "done")
	})
	if err != nil || runs != 2 {
		t.Errorf("Update that lost its connection half-way: %v after %d runs", err, runs)
	}
}
