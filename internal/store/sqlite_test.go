package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"onramp/internal/store"
)

// killedURL set makes this test binary write to that store, and say so, until it is killed.
const killedURL = "ONRAMP_STORE_KILLED_URL"

// writeUntilKilled says "writer number" on standard output for each Update that was answered.
func writeUntilKilled(url string) {
	s, err := store.Open(context.Background(), store.Options{URL: url})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var mu sync.Mutex
	for writer := range 16 {
		go func() {
			for n := 1; ; n++ {
				err := s.Update(context.Background(), func(tx *store.Tx) error {
					name := fmt.Sprintf("writer %d", writer)
					return errors.Join(tx.PutSetting(name, strconv.Itoa(n)), tx.PutSetting(name+" twice", strconv.Itoa(2*n)))
				})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				mu.Lock()
				_, _ = fmt.Println(writer, n) // fails only once nobody reads
				mu.Unlock()
			}
		}()
	}
	select {}
}

// A process killed in the middle of Updates has lost none that was answered and left none half done.
func TestSQLiteKilled(t *testing.T) {
	t.Parallel()
	url := "sqlite://" + t.TempDir() + "/onramp.db"
	for round := range 5 {
		answered := killAfter(t, url, 200+100*round)
		s := open(t, url)
		err := s.View(t.Context(), func(tx *store.Tx) error {
			for writer, n := range answered {
				value, err := tx.Setting("writer " + writer)
				if err != nil {
					return err
				}
				twice, err := tx.Setting("writer " + writer + " twice")
				if err != nil {
					return err
				}
				kept, _ := strconv.Atoi(value)
				if kept < n {
					t.Errorf("round %d: writer %s was answered %d, and %d is kept", round, writer, n, kept)
				}
				if twice != strconv.Itoa(2*kept) {
					t.Errorf("round %d: writer %s left %d and %s: half an Update", round, writer, kept, twice)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter lets a process answer so many Updates, kills it, and answers the last number that each writer was told.
func killAfter(t *testing.T, url string, updates int) map[string]int {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), killedURL+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answered := map[string]int{}
	lines := bufio.NewScanner(out)
	seen := 0
	for lines.Scan() { // what it said before it died is read to the end
		writer, number, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			continue // half a line
		}
		answered[writer] = n
		if seen++; seen == updates {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || seen < updates {
		t.Fatalf("the writing process ended by itself after %d Updates: %v", seen, err)
	}
	return answered
}

// What durability rests on.
func TestSQLiteSettings(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a", "b", "onramp.db")
	s := open(t, "sqlite://"+path)
	if s.Engine() != "sqlite" {
		t.Errorf("engine %q", s.Engine())
	}
	for _, dir := range []string{filepath.Dir(path), filepath.Dir(filepath.Dir(path))} {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", dir, info.Mode(), err)
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		if got := store.WriterPragma(t.Context(), s, pragma); got != want {
			t.Errorf("%s is %s on the writing connection, want %s", pragma, got, want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "onramp.db", "sqlite:onramp.db", "sqlite://onramp.db", "sqlite:///", "sqlite:///a/b?mode=ro",
		"mysql://user:geheim@host/db", "postgres://user:geheim@host:notaport/db"} {
		s, err := store.Open(t.Context(), store.Options{URL: url})
		if err == nil {
			t.Errorf("%q was opened", url)
			_ = s.Close()
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: the error holds the password", url)
		}
	}
}

// Another process that holds the file's lock for a while delays an Update and does not fail it.
func TestSQLiteBusy(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/onramp.db"
	s := open(t, "sqlite://"+path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	put := func(tx *store.Tx) error { return tx.PutSetting("name", "value") }
	gone, stays := make(chan error, 1), make(chan error, 1)
	go func() { gone <- s.Update(ctx, put) }()
	go func() { stays <- s.Update(t.Context(), put) }()
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("Update whose caller left: %v", err)
	}
	if _, err := conn.ExecContext(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := <-stays; err != nil {
		t.Errorf("Update that waited: %v", err)
	}
}
