package store_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"onramp/internal/store"
	"onramp/test/postgres"
)

// restoredURL set makes this test binary restore the file restoredFile there, stop within, say so and wait to be killed.
const (
	restoredURL   = "ONRAMP_STORE_RESTORED_URL"
	restoredFile  = "ONRAMP_STORE_RESTORED_FILE"
	restoredReads = "ONRAMP_STORE_RESTORED_READS" // after so many reads of the file
)

func restoreUntilKilled(url string) {
	content, err := os.ReadFile(os.Getenv(restoredFile))
	reads, _ := strconv.Atoi(os.Getenv(restoredReads))
	if err == nil {
		_, err = store.Restore(context.Background(), store.Options{URL: url}, &stopping{bytes.NewReader(content), reads}, int64(len(content)))
	}
	fmt.Println("done", err)
	select {}
}

// stopping stops for ever within a read.
type stopping struct {
	*bytes.Reader
	reads int
}

func (s *stopping) ReadAt(p []byte, at int64) (int, error) {
	if s.reads--; s.reads == 0 {
		fmt.Println("within")
		select {}
	}
	return s.Reader.ReadAt(p, at)
}

// large is a backup of some mebibytes.
func large(t *testing.T) string {
	t.Helper()
	s := openSQLite(t)
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for i := range 2000 {
			value := make([]byte, 1000)
			_, _ = rand.Read(value) // never fails
			if err := tx.PutSetting(fmt.Sprintf("name %d", i), fmt.Sprintf("%x", value)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "backup")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := s.Backup(t.Context(), file, "test", time.Now()); err != nil {
		t.Fatal(err)
	}
	return path
}

// A restore that is killed, wherever it was, leaves nothing that a server would take for a database, and can be done again.
func TestRestoreKilled(t *testing.T) {
	t.Parallel()
	path := large(t)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{
		"sqlite":   "sqlite://" + t.TempDir() + "/onramp.db",
		"postgres": postgres.Shared(t, postgres.WithoutFsync()).Database(t),
	} {
		t.Run(name, func(t *testing.T) {
			for _, reads := range []int{1, len(content)>>18 + 4, len(content)>>18 + 12, len(content)>>18 + 24} {
				killWithin(t, url, path, reads)
				if name == "sqlite" {
					if _, err := os.Stat(url[len("sqlite://"):]); !os.IsNotExist(err) {
						t.Fatalf("after %d reads there is a database: %v", reads, err)
					}
				}
			}
			if _, err := store.Restore(t.Context(), store.Options{URL: url}, bytes.NewReader(content), int64(len(content))); err != nil {
				t.Fatalf("once more: %v", err) // it refuses a place where anything is
			}
			s := open(t, url)
			err := s.View(t.Context(), func(tx *store.Tx) error {
				all, err := tx.Settings("name ")
				if err == nil && len(all) != 2000 {
					t.Errorf("%d rows, want 2000", len(all))
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// killWithin kills a restore after so many reads.
func killWithin(t *testing.T, url, path string, reads int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), restoredURL+"="+url, restoredFile+"="+path, restoredReads+"="+strconv.Itoa(reads))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "within\n" {
		t.Errorf("after %d reads: %q, %v", reads, line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}
