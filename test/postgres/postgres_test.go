package postgres

import (
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if os.Getenv(victim) != "" {
		beKilled() // does not return
	}
	Main(m)
}

// scalar runs a query that answers one value, as text.
func scalar(t *testing.T, address, query string) string {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var value string
	if err := db.QueryRowContext(t.Context(), query).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

func execute(t *testing.T, address, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// serverPID reads the process ID of a cluster's server.
func serverPID(t *testing.T, folder string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func running(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func folderExists(folder string) bool {
	_, err := os.Stat(folder)
	return !errors.Is(err, fs.ErrNotExist)
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(stopLimit)
	for !condition() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("not within %s: %s", stopLimit, what)
		}
	}
}

func TestStartAndStop(t *testing.T) {
	t.Parallel()
	c := Start(t)
	for name, address := range map[string]string{"TCP": c.URL("postgres"), "socket": c.SocketURL("postgres")} {
		if got := scalar(t, address, "SELECT 1"); got != "1" {
			t.Errorf("over %s: SELECT 1 = %s", name, got)
		}
	}
	for query, want := range map[string]string{
		"SHOW fsync":              "on",
		"SHOW synchronous_commit": "on",
		"SHOW max_connections":    "200",
		"SHOW server_encoding":    "UTF8",
	} {
		if got := scalar(t, c.URL("postgres"), query); got != want {
			t.Errorf("%s = %s, want %s", query, got, want)
		}
	}
	pid := serverPID(t, c.folder)
	if !running(pid) {
		t.Fatalf("server %d is not running", pid)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if running(pid) {
		t.Errorf("server %d runs after Stop", pid)
	}
	if folderExists(c.folder) {
		t.Errorf("%s is there after Stop", c.folder)
	}
	if err := c.Stop(); err != nil {
		t.Errorf("second Stop: %v", err)
	}
}

// The server must not run as root, and its folder is its user's alone.
func TestServerIsUnprivilegedAndClosed(t *testing.T) {
	t.Parallel()
	c := Shared(t, WithoutFsync())
	info, err := os.Stat(filepath.Join(c.folder, "data"))
	if err != nil {
		t.Fatal(err)
	}
	if uid := info.Sys().(*syscall.Stat_t).Uid; uid == 0 {
		t.Error("the data folder belongs to root")
	}
	if mode := info.Mode().Perm(); mode != 0o700 {
		t.Errorf("mode of the data folder is %o", mode)
	}
	if folderExists(filepath.Join(c.folder, "password")) {
		t.Error("the password file is still there")
	}
	u, err := url.Parse(c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(superuser, "wrong")
	db, err := sql.Open("pgx", u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.PingContext(t.Context()); err == nil {
		t.Error("the server took a wrong password")
	}
}

func TestDatabases(t *testing.T) {
	t.Parallel()
	c := Shared(t, WithoutFsync())
	if got := scalar(t, c.URL("postgres"), "SHOW fsync"); got != "off" {
		t.Errorf("fsync is %s WithoutFsync", got)
	}
	var first string
	t.Run("each is empty and its own", func(t *testing.T) {
		first = c.Database(t)
		second := c.Database(t)
		execute(t, first, "CREATE TABLE port (id int)")
		if got := scalar(t, second, "SELECT count(*) FROM pg_tables WHERE tablename = 'port'"); got != "0" {
			t.Errorf("a table of one database is seen in another (%s)", got)
		}
		if got := scalar(t, first, "SELECT count(*) FROM pg_tables WHERE tablename = 'port'"); got != "1" {
			t.Errorf("the table was not made (%s)", got)
		}
	})
	t.Run("collation is linguistic", func(t *testing.T) {
		if version, err := strconv.Atoi(scalar(t, c.URL("postgres"), "SHOW server_version_num")); err != nil || version < 150000 {
			t.Skipf("no such default before PostgreSQL 15 (%d, %v)", version, err)
		}
		if got := scalar(t, c.Database(t), `SELECT ('a' < 'B') AND NOT ('a' < 'B' COLLATE "C")`); got != "true" {
			t.Errorf("a < B linguistically and not in C: %s", got)
		}
	})
	u, err := url.Parse(first)
	if err != nil {
		t.Fatal(err)
	}
	query := "SELECT count(*) FROM pg_database WHERE datname = '" + strings.TrimPrefix(u.Path, "/") + "'"
	if got := scalar(t, c.URL("postgres"), query); got != "0" {
		t.Errorf("the database of a test that ended is still there")
	}
}

func TestSharedIsOne(t *testing.T) {
	t.Parallel()
	if a, b := Shared(t, WithoutFsync()), Shared(t, WithoutFsync()); a != b {
		t.Errorf("two shared clusters: %s and %s", a.folder, b.folder)
	}
}

func TestStartTellsWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	c := Shared(t, WithoutFsync()) // so that a machine without PostgreSQL skips
	p, err := findPrograms()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp(reachableTemp(), "onramp-pg-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if err := p.owner.own(folder); err != nil {
		t.Fatal(err)
	}
	_, err = startServer(p, folder, c.arguments(settings{}))
	if err == nil || !strings.Contains(err.Error(), "lock file") {
		t.Fatalf("starting a second server on the same data: %v", err)
	}
	if got := scalar(t, c.URL("postgres"), "SELECT 1"); got != "1" {
		t.Errorf("the first server suffered: %s", got)
	}
}
