package daemon_test

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"

	"onramp/internal/daemon"
	"onramp/internal/operator"
	"onramp/test/postgres"
)

// onEngines runs f with a config on each engine and how to reach its database past the server.
func onEngines(t *testing.T, f func(t *testing.T, c daemon.Config, driver, dsn string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		c := config(t)
		f(t, c, "sqlite", "file:"+filepath.Join(c.Data, "onramp.db")+"?_pragma=busy_timeout(5000)")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c := config(t)
		c.Database = postgres.Shared(t, postgres.WithoutFsync()).Database(t)
		f(t, c, "pgx", c.Database)
	})
}

// wiped is a database whose trail somebody has emptied who has nothing else.
func wiped(t *testing.T, driver, dsn string) {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"audit_checkpoint", "audit_resource", "audit_record", "audit_chain"} {
		if _, err := db.ExecContext(t.Context(), "DELETE FROM "+table); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// recordedOnce starts a server, has it record something and ends it.
func recordedOnce(t *testing.T, c daemon.Config, account string) {
	t.Helper()
	d := start(t, c)
	client := &operator.Client{Base: d.OperatorEndpoint(), Token: d.OperatorToken()}
	if _, err := client.AddAccount(t.Context(), operator.AccountChange{ID: account}); err != nil {
		t.Fatal(err)
	}
	closeDaemon(t, d)
}

// A server keeps the newest checkpoint in its data folder. A trail that somebody has emptied is told of at the next start and by
// every verification, and nothing that comes later takes the place of what was kept.
func TestServersRememberTheNewestCheckpoint(t *testing.T) {
	t.Parallel()
	onEngines(t, func(t *testing.T, c daemon.Config, driver, dsn string) {
		file := daemon.CheckpointFile(c.Data)
		recordedOnce(t, c, "111122223333")
		info, err := os.Stat(file)
		if err != nil || info.Mode() != 0o600 {
			t.Fatalf("the file: %v, %v", info, err)
		}
		kept, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mark, _, _ := strings.Cut(string(kept), " ")
		if found := verified(t, c, mark); len(found) > 0 || !strings.HasPrefix(mark, "1:") {
			t.Fatalf("untouched, with %q: %q", mark, found)
		}
		wiped(t, driver, dsn)
		if found := verified(t, c); len(found) != 1 || found[0] != "checkpoint 1, which "+file+" holds, is missing: the trail goes up to checkpoint 0" {
			t.Errorf("without a server: %q", found)
		}
		var log bytes.Buffer
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		recordedOnce(t, c, "444455556666")
		if text := log.String(); strings.Count(text, "level=ERROR") != 2 || !strings.Contains(text, "checkpoint 1, which "+file+" holds, is missing") ||
			!strings.Contains(text, "is another") { // at the start, and with the checkpoint of the end
			t.Errorf("the log: %s", text)
		}
		if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, kept) {
			t.Errorf("the file was %s and is %s, %v", kept, after, err)
		}
		d := start(t, c)
		client := &operator.Client{Base: d.OperatorEndpoint(), Token: d.OperatorToken()}
		report, err := client.VerifyAudit(t.Context())
		if err != nil || len(report.Findings) != 1 || !strings.Contains(report.Findings[0].Problem, "checkpoint 1, which "+file+" holds, is another") {
			t.Errorf("by the server: %+v, %v", report, err)
		}
		if _, err := client.VerifyAudit(t.Context(), "x"); err == nil || !strings.Contains(err.Error(), `"x" is not a value for checkpoint`) {
			t.Errorf("no checkpoint: %v", err)
		}
		closeDaemon(t, d)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if found := verified(t, c, mark); len(found) != 1 || !strings.HasPrefix(found[0], "checkpoint 1 is another: its digest is ") {
			t.Errorf("by what somebody wrote down: %q", found)
		}
		recordedOnce(t, c, "777788889999")
		if now, err := os.ReadFile(file); err != nil || len(now) == 0 || bytes.Equal(now, kept) {
			t.Errorf("where nothing is kept, the newest is: %s, %v", now, err)
		}
		if err := os.WriteFile(file, []byte("3:x\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if found := verified(t, c); len(found) != 1 || !strings.HasPrefix(found[0], "the newest checkpoint cannot be read from "+file) {
			t.Errorf("a file that is damaged: %q", found)
		}
	})
}

// verified is what a verification without a server finds.
func verified(t *testing.T, c daemon.Config, checkpoints ...string) (found []string) {
	t.Helper()
	o, err := daemon.OpenOffline(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	report, err := o.Client().VerifyAudit(context.WithoutCancel(t.Context()), checkpoints...)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		found = append(found, f.Problem)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	return found
}
