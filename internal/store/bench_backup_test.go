package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"onramp/internal/archive"
	"onramp/internal/audit"
	dc "onramp/internal/directconnect"
	"onramp/internal/store"
	"onramp/test/need"
	"onramp/test/postgres"
)

// backedUp is how many connections BenchmarkBackup keeps, each with its port and four records in the audit trail.
const backedUp = 100_000

// BenchmarkBackup measures a backup and a restore beside the engine's own program for it. What memory it says is the
// greatest resident set of this process meanwhile, beyond what it was before.
func BenchmarkBackup(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			url, path, target := "", filepath.Join(b.TempDir(), "onramp.db"), ""
			if engine == "sqlite" {
				url, target = "sqlite://"+path, "sqlite://"+filepath.Join(b.TempDir(), "restored.db")
			} else {
				c := postgres.Start(b)
				url, target = c.Database(b), c.Database(b)
			}
			s, err := store.Open(b.Context(), store.Options{URL: url})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			stockBackup(b, s)
			file := filepath.Join(b.TempDir(), "backup")
			b.Run("backup", func(b *testing.B) { benchBackup(b, s, file) })
			b.Run("peer", func(b *testing.B) { benchPeer(b, engine, url, path) })
			b.Run("restore", func(b *testing.B) { benchRestore(b, file, target) })
		})
	}
}

func stockBackup(b *testing.B, s *store.Store) {
	b.Helper()
	at := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	const router = "EqDC2-1a2b3c4d5e6f"
	body := `{"eventVersion":"1.11","userIdentity":{"type":"Root","arn":"arn:aws:iam::111111111111:root"},"requestParameters":{"location":"EqDC2",` +
		`"bandwidth":"10Gbps","connectionName":"first"},"responseElements":{"connectionState":"requested","location":"EqDC2","bandwidth":"10Gbps"},` +
		`"userAgent":"aws-sdk-go-v2/1.47.7 ua/2.1 os/linux lang/go#1.26","sourceIPAddress":"192.0.2.1","readOnly":false,"eventType":"AwsApiCall"}`
	err := s.Update(b.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.PutLocation(&dc.Location{Code: "EqDC2", Region: "us-east-1", Name: "Equinix DC2", PortSpeeds: []string{"10G"}}),
			tx.PutRouter(&dc.Router{Name: router, Location: "EqDC2", Region: "us-east-1"}))
	})
	if err != nil {
		b.Fatal(err)
	}
	for n := 0; n < backedUp; n += 500 {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for i := n; i < n+500; i++ {
				c := dc.Connection{
					ID: dc.ShortID(dc.ConnectionPrefix, uint64(i)), Kind: dc.Dedicated, Account: "111111111111", Region: "us-east-1", Location: "EqDC2",
					Name: fmt.Sprintf("port %d", i), State: dc.ConnectionAvailable, Created: at.Add(time.Duration(i) * time.Microsecond),
					Bandwidth: dc.Gbps10, Router: router,
				}
				p := dc.Port{ID: fmt.Sprintf("%s/et-0/0/%d", router, i), Router: router, Location: "EqDC2", Bandwidth: dc.Gbps10, Position: int64(i), Name: fmt.Sprintf("et-0/0/%d", i)}
				if err := errors.Join(tx.PutPort(&p), tx.PutConnection(&c), tx.ReservePort(p.ID, c.ID)); err != nil {
					return err
				}
				for range 4 {
					if err := tx.Record(audit.Entry{Time: c.Created.UnixMicro(), Account: c.Account, Name: "CreateConnection", Resources: []string{c.ID}, Body: body}); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func benchBackup(b *testing.B, s *store.Store, file string) {
	before := resetPeak(b)
	for b.Loop() {
		out, err := os.Create(file)
		if err != nil {
			b.Fatal(err)
		}
		m, err := s.Backup(b.Context(), out, "bench", time.Now())
		if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(m.Rows()), "rows")
	}
	reportPeak(b, before)
	reportSize(b, file)
}

// benchPeer: sqlite3's .backup copies pages, pg_dump in its own form writes what a restore needs; both with what they do
// by themselves.
func benchPeer(b *testing.B, engine, url, path string) {
	out := filepath.Join(b.TempDir(), "peer")
	program, args := "sqlite3", []string{path, ".backup " + out}
	if engine == "postgres" {
		program, args = "pg_dump", []string{"--format=custom", "--compress=1", "--file=" + out, url}
	}
	if _, err := exec.LookPath(program); err != nil {
		need.Missing(b, program+" is not installed")
	}
	for b.Loop() {
		if err := os.Remove(out); err != nil && !errors.Is(err, fs.ErrNotExist) {
			b.Fatal(err)
		}
		if text, err := exec.CommandContext(b.Context(), program, args...).CombinedOutput(); err != nil {
			b.Fatalf("%s: %v: %s", program, err, text)
		}
		b.StopTimer()
		b.StartTimer()
	}
	reportSize(b, out)
}

func benchRestore(b *testing.B, path, target string) {
	if b.N > 1 {
		b.Fatal("a restore is into an empty place: run with -benchtime 1x")
	}
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	before := resetPeak(b)
	b.ResetTimer()
	if _, err := archive.Read(file, info.Size(), nil); err != nil { // the verb reads it once before, for the keyset
		b.Fatal(err)
	}
	if _, err := store.Restore(b.Context(), store.Options{URL: target}, file, info.Size()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	reportPeak(b, before)
}

func reportSize(b *testing.B, path string) {
	b.Helper()
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}

// resetPeak makes the present resident set of this process its greatest, and answers it in KiB.
func resetPeak(b *testing.B) int {
	b.Helper()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		need.Missing(b, "the peak of memory cannot be reset: "+err.Error())
	}
	return peak(b)
}

func reportPeak(b *testing.B, before int) {
	b.Helper()
	b.ReportMetric(float64(peak(b)-before)/1024, "MiB-more")
}

func peak(b *testing.B) int {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := bytes.Cut(text, []byte("VmHWM:"))
	n, err := strconv.Atoi(string(bytes.Fields(rest)[0]))
	if err != nil {
		b.Fatal(err)
	}
	return n
}
