package store

import (
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"onramp/internal/directconnect"
)

// A database of the physical layer alone is moved forward, with what is in it, and then takes virtual interfaces.
func TestMigrateFromPhysical(t *testing.T) {
	t.Parallel()
	onEngines(t, func(t *testing.T, url string) {
		d, driver, dsn := postgresDialect, "pgx", url
		if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
			d, driver, dsn = sqliteDialect, "sqlite", sqliteDSN(path, 1000)+"&_txlock=immediate"
		}
		known, err := steps(d)
		if err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open(driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		if err := migrateTo(t.Context(), db, d, slog.New(slog.DiscardHandler), known[:1]); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), "SELECT 1 FROM virtual_interface"); err == nil {
			t.Fatal("the first step made tables of the second")
		}
		_, err = db.ExecContext(t.Context(), "INSERT INTO connection (id, kind, account, region, location, state, vlan, router, created, "+
			"due, deleted, version, body) VALUES ('dxcon-fg000000', 'dedicated', 'a', 'r', 'l', 'available', 0, 'x', 1, 2, 0, 7, '{\"name\":\"old\"}')")
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		s := mustOpen(t, url)
		v := directconnect.VirtualInterface{ID: "dxvif-fg000000", ParentID: "dxcon-fg000000", State: directconnect.InterfacePending}
		err = s.Update(t.Context(), func(tx *Tx) error {
			c, err := tx.Connection("dxcon-fg000000")
			if err != nil || c.Name != "old" || c.Version != 7 {
				t.Errorf("%+v, %v", c, err)
			}
			v.Version = 0
			return tx.PutInterface(&v)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.View(t.Context(), func(tx *Tx) error {
			due, err := tx.NextDue()
			if due.UnixMicro() != 2 {
				t.Errorf("next due at %v", due)
			}
			_, missing := tx.Interface(v.ID)
			return errors.Join(err, missing)
		})
		if err != nil {
			t.Error(err)
		}
	})
}
