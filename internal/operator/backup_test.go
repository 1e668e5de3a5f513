package operator

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"onramp/internal/controlplane"
)

// backupServer answers GET /v1/backup with a stream that write makes, over the network and in this process.
func backupServer(t *testing.T, write func(io.Writer) error) map[string]*Client {
	t.Helper()
	a := &api{Config: Config{Log: slog.New(slog.DiscardHandler)}}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stream{string(backupType), write}.serve(a, w, r)
	})
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.Start()
	t.Cleanup(srv.Close)
	return map[string]*Client{
		"network":    {Base: srv.URL},
		"in process": {Base: "http://localhost", HTTP: &http.Client{Transport: InProcess{Handler: handler}}},
	}
}

func TestBackupArrives(t *testing.T) {
	t.Parallel()
	part := bytes.Repeat([]byte("0123456789abcdef"), 1<<12)
	for name, c := range backupServer(t, func(w io.Writer) error {
		for range 100 {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
		return nil
	}) {
		var got bytes.Buffer
		if err := c.Backup(t.Context(), &got); err != nil || got.Len() != 100*len(part) {
			t.Errorf("%s: %d bytes, %v", name, got.Len(), err)
		}
	}
}

// A backup that fails half-way is not one that ends.
func TestBackupIsCutOff(t *testing.T) {
	t.Parallel()
	for name, c := range backupServer(t, func(w io.Writer) error {
		_, err := w.Write(make([]byte, 1<<20))
		return errors.Join(err, errors.New("the disk is gone"))
	}) {
		var got bytes.Buffer
		if err := c.Backup(t.Context(), &got); err == nil || !strings.Contains(err.Error(), "the backup was cut off") || strings.Contains(err.Error(), "disk") {
			t.Errorf("%s: %d bytes, %v", name, got.Len(), err)
		}
	}
}

// What fails before anything was sent is an answer as any.
func TestBackupIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range backupServer(t, func(io.Writer) error {
		return &controlplane.Refusal{Reason: controlplane.Conflict, Message: "Not now."}
	}) {
		var problem *Problem
		if err := c.Backup(t.Context(), io.Discard); !errors.As(err, &problem) || problem.Status != http.StatusConflict || problem.Message != "Not now." {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A client whose own disk is full ends the backup at the server, too.
func TestBackupThatNobodyTakesEnds(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 2)
	clients := backupServer(t, func(w io.Writer) error {
		for {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				ended <- err
				return err
			}
		}
	})
	for name, c := range clients {
		if err := c.Backup(t.Context(), full{}); err == nil {
			t.Errorf("%s: what could not be written is said to be", name)
		}
		<-ended
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }
