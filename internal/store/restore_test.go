package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/archive"
	"onramp/internal/directconnect"
)

var errFull = errors.New("full")

func restoreInto(t *testing.T, url string, content []byte) error {
	t.Helper()
	_, err := Restore(t.Context(), Options{URL: url}, bytes.NewReader(content), int64(len(content)))
	return err
}

// empty fails the test if anything is where a database was to be made.
func empty(t *testing.T, url string) {
	t.Helper()
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) > 0 {
			t.Errorf("left there: %v, %v", left, err)
		}
		return
	}
	db, _ := raw(t, url)
	if left, err := texts(t.Context(), db, catalogue["postgres"]); err != nil || len(left) > 0 {
		t.Errorf("left there: %v, %v", left, err)
	}
}

// What is restored has the same rows to the byte, whichever engine they come from and go to, and is a database that works.
func TestRestoreIsWhatWasBackedUp(t *testing.T) {
	t.Parallel()
	onEngines(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		fill(t, url)
		content, before := backUp(t, s)
		onEngines(t, func(t *testing.T, target string) {
			if err := restoreInto(t, target, content); err != nil {
				t.Fatal(err)
			}
			r := mustOpen(t, target)
			_, after := backUp(t, r)
			if diff := cmp.Diff(before.Tables, after.Tables); diff != "" {
				t.Error(diff)
			}
			c := directconnect.Connection{ID: "dxcon-fg000000", State: directconnect.ConnectionRequested}
			err := r.Update(t.Context(), func(tx *Tx) error {
				c.Version = 0
				return errors.Join(tx.PutSetting("name", "value"), tx.PutConnection(&c))
			})
			if err != nil {
				t.Errorf("writing to what was restored: %v", err)
			}
		})
	})
}

// Positions that are given after a restore lie behind all that were given before.
func TestRestoreGoesOnCounting(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, engines["sqlite"](t))
	fill(t, "sqlite://"+sqliteFile(t, s))
	content, _ := backUp(t, s)
	url := engines["postgres"](t)
	if err := restoreInto(t, url, content); err != nil {
		t.Fatal(err)
	}
	db, d := raw(t, url)
	var next, last int64
	if err := db.QueryRow("SELECT "+d.eventBlock+", (SELECT max(position) FROM event)").Scan(&next, &last); err != nil || next <= last {
		t.Errorf("the next position is %d, the last was %d; %v", next, last, err)
	}
}

func sqliteFile(t *testing.T, s *Store) (path string) {
	t.Helper()
	err := s.View(t.Context(), func(tx *Tx) error {
		return tx.one("SELECT file FROM pragma_database_list WHERE name = 'main'", nil, &path)
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A damaged file changes nothing, wherever the damage is.
func TestRestoreRefusesDamage(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, engines["sqlite"](t))
	content, _ := backUp(t, s)
	onEngines(t, func(t *testing.T, url string) {
		for i := 0; i < len(content); i += 1 + len(content)/200 {
			changed := slices.Clone(content)
			changed[i] ^= 0x10
			for name, bad := range map[string][]byte{"changed": changed, "cut off": content[:i]} {
				if err := restoreInto(t, url, bad); !errors.Is(err, archive.ErrDamaged) {
					t.Fatalf("%s at byte %d: %v", name, i, err)
				}
			}
		}
		empty(t, url)
		if err := restoreInto(t, url, content); err != nil {
			t.Errorf("the file as it was: %v", err)
		}
	})
}

func TestRestoreRefusesWhatIsNotEmpty(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, engines["sqlite"](t))
	content, _ := backUp(t, s)
	onEngines(t, func(t *testing.T, url string) {
		have := mustOpen(t, url)
		if err := have.Update(t.Context(), func(tx *Tx) error { return tx.PutSetting("name", "value") }); err != nil {
			t.Fatal(err)
		}
		if err := restoreInto(t, url, content); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("%v", err)
		}
		if err := have.View(t.Context(), func(tx *Tx) error { _, err := tx.Setting("name"); return err }); err != nil {
			t.Errorf("what was there: %v", err)
		}
	})
	for _, name := range []string{"onramp.db", "onramp.db-wal", "onramp.db-journal"} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := restoreInto(t, "sqlite://"+folder+"/onramp.db", content); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("%s is there: %v", name, err)
		}
	}
}

// forged is a whole file whose rows were changed before it was sealed.
func forged(t *testing.T, content []byte, change func(*forgery)) []byte {
	t.Helper()
	var b bytes.Buffer
	f := &forgery{out: &b}
	change(f)
	if _, err := archive.Read(bytes.NewReader(content), int64(len(content)), f); err != nil {
		t.Fatal(err)
	}
	if _, err := f.w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type forgery struct {
	out    io.Writer
	w      *archive.Writer
	schema int64  // added
	drop   string // table
	twice  string // table whose rows are doubled
	column string // added to every table
	skip   bool
	double bool
}

func (f *forgery) About(a archive.About) (err error) {
	a.Schema += f.schema
	f.w, err = archive.NewWriter(f.out, a)
	return err
}

func (f *forgery) Table(name string, columns []string) error {
	f.skip, f.double = name == f.drop, name == f.twice
	if f.skip {
		return nil
	}
	if f.column != "" {
		columns = append(slices.Clone(columns[1:]), f.column)
	}
	return f.w.Table(name, columns)
}

func (f *forgery) Row(values []any) error {
	if f.skip {
		return nil
	}
	err := f.w.Row(values)
	if f.double && err == nil {
		err = f.w.Row(values)
	}
	return err
}

// A file whose seal fits may still be none of this schema: then it is refused half-way, and nothing is left.
func TestRestoreLeavesNothingHalfWay(t *testing.T) {
	t.Parallel()
	from := engines["sqlite"](t)
	s := mustOpen(t, from)
	fill(t, from)
	content, _ := backUp(t, s)
	var newer *SchemaError
	onEngines(t, func(t *testing.T, url string) {
		for name, c := range map[string]struct {
			change func(*forgery)
			want   func(error) bool
		}{
			"a newer schema":     {func(f *forgery) { f.schema = 1 }, func(err error) bool { return errors.As(err, &newer) }},
			"an older schema":    {func(f *forgery) { f.schema = -1 }, func(err error) bool { return errors.Is(err, archive.ErrDamaged) }},
			"a table less":       {func(f *forgery) { f.drop = "vif_address" }, func(err error) bool { return errors.Is(err, archive.ErrDamaged) }},
			"the last less":      {func(f *forgery) { f.drop = "webhook" }, func(err error) bool { return err != nil }},
			"a parent less":      {func(f *forgery) { f.drop = "account" }, func(err error) bool { return err != nil }},
			"rows twice":         {func(f *forgery) { f.twice = "setting" }, func(err error) bool { return err != nil }},
			"a column of no use": {func(f *forgery) { f.column = "x" }, func(err error) bool { return errors.Is(err, archive.ErrDamaged) }},
		} {
			if err := restoreInto(t, url, forged(t, content, c.change)); err == nil || !c.want(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		_, err := Restore(ctx, Options{URL: url}, &reading{content: content, after: 3, then: cancel}, int64(len(content)))
		if err == nil {
			t.Error("a restore that was given up is said to be done")
		}
		empty(t, url)
		if err := restoreInto(t, url, forged(t, content, func(*forgery) {})); err != nil {
			t.Errorf("the file as it was: %v", err)
		}
	})
}

// reading does something in the middle of being read.
type reading struct {
	content []byte
	after   int // reads
	then    func()
}

func (r *reading) ReadAt(p []byte, at int64) (int, error) {
	if r.after--; r.after == 0 {
		r.then()
	}
	return bytes.NewReader(r.content).ReadAt(p, at)
}

// A backup of an older program is moved forward.
func TestRestoreMovesForward(t *testing.T) {
	t.Parallel()
	url := engines["sqlite"](t)
	db, d := raw(t, url)
	known, err := steps(d)
	if err != nil {
		t.Fatal(err)
	}
	old := &Store{dialect: d, readers: newPool(db, d, 1)}
	if err := migrateTo(t.Context(), db, d, slog.New(slog.DiscardHandler), known[:1]); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO location VALUES ('L', 'r', 1, '{}'); INSERT INTO router VALUES ('R', 'L', 'r', 1)"); err != nil {
		t.Fatal(err)
	}
	content, m := backUp(t, old)
	if m.Schema != 1 {
		t.Fatalf("schema %d", m.Schema)
	}
	onEngines(t, func(t *testing.T, target string) {
		if err := restoreInto(t, target, content); err != nil {
			t.Fatal(err)
		}
		s := mustOpen(t, target)
		_, now := backUp(t, s)
		if want := known[len(known)-1].Version; now.Schema != want {
			t.Errorf("schema %d, want %d", now.Schema, want)
		}
		if rows := rowsOf(now); rows["router"] != 1 || rows["location"] != 1 || now.Rows() != 2 {
			t.Errorf("%v", rows)
		}
		there, _ := raw(t, target)
		checkMigrated(t, there)
	})
}

func rowsOf(m archive.Manifest) map[string]int64 {
	rows := map[string]int64{}
	for _, t := range m.Tables {
		rows[t.Name] = t.Rows
	}
	return rows
}

// checkMigrated: goose finds each step done once.
func checkMigrated(t *testing.T, db *sql.DB) {
	t.Helper()
	var n, newest int64
	if err := db.QueryRow("SELECT count(*), max(version_id) FROM "+versionTable+" WHERE is_applied").Scan(&n, &newest); err != nil || n != newest+1 {
		t.Errorf("%d steps are recorded, the newest is %d; %v", n, newest, err)
	}
}
