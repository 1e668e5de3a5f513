package backup

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onramp/internal/daemon"
	"onramp/internal/onramptest"
	"onramp/test/postgres"
)

// A place is where a database can be.
type place struct {
	engine string
	config daemon.Config
}

// places answers an empty one of each engine.
func places(t *testing.T) []place {
	t.Helper()
	sqlite := filepath.Join(t.TempDir(), "sqlite")
	folder := filepath.Join(t.TempDir(), "postgres")
	return []place{
		{"sqlite", daemon.Config{Data: sqlite}},
		{"postgres", daemon.Config{Data: folder, Database: postgres.Shared(t, postgres.WithoutFsync()).Database(t)}},
	}
}

// waiting writes to a file, and waits at its first byte.
type waiting struct {
	io.Writer
	wait func()
}

func (w *waiting) Write(p []byte) (int, error) {
	if w.wait != nil {
		w.wait()
		w.wait = nil
	}
	return w.Writer.Write(p)
}

// TestBackupUnderLoad: a backup that is made while others order and delete is the installation at one moment. What was
// answered before it began is in it, what was asked for after that moment is not; it is the same whichever engine it comes
// from and goes to.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	for _, from := range places(t) {
		t.Run(from.engine, func(t *testing.T) {
			t.Parallel()
			srv := onramptest.Start(t, onramptest.Data(from.config.Data), onramptest.Database(from.config.Database))
			l := newLedger()
			stop := writers(t, srv, l, 4)
			l.waitFor(60)
			before := l.clock.Add(1)
			var moment int64
			path := filepath.Join(t.TempDir(), "backup")
			file, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			out := &waiting{file, func() { // the moment has been: what begins now comes too late
				moment = l.clock.Add(1)
				l.waitFor(60)
				if err := srv.Operator().Backup(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "being made already") {
					t.Errorf("a second backup at a time: %v", err)
				}
			}}
			if err := srv.Daemon().Service().Backup(t.Context(), out, "test"); err != nil {
				t.Fatal(err)
			}
			if err := file.Close(); err != nil {
				t.Fatal(err)
			}
			l.waitFor(20)
			stop()
			deeds := l.all()
			for _, to := range places(t) {
				t.Run("to "+to.engine, func(t *testing.T) {
					to.config.Keyset = daemon.KeysetFile(from.config.Data)
					restore(t, path, to.config)
					check(t, to, deeds, before, moment)
				})
			}
		})
	}
}

func restore(t *testing.T, path string, to daemon.Config) {
	t.Helper()
	b, err := daemon.OpenBackup(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Restore(t.Context(), to); err != nil {
		t.Fatal(err)
	}
}
