package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var about = About{Program: "test", Engine: "sqlite", Schema: 7, Time: time.Date(2026, time.March, 2, 9, 0, 0, 123456789, time.UTC)}

// table is one to be written, or that was read.
type table struct {
	Name    string
	Columns []string
	Rows    [][]any
}

// taken keeps what it is told.
type taken struct {
	about  About
	tables []table
}

func (k *taken) About(a About) error { k.about = a; return nil }

func (k *taken) Table(name string, columns []string) error {
	k.tables = append(k.tables, table{Name: name, Columns: columns})
	return nil
}

func (k *taken) Row(values []any) error {
	t := &k.tables[len(k.tables)-1]
	t.Rows = append(t.Rows, append([]any{}, values...))
	return nil
}

func write(t testing.TB, tables []table) ([]byte, Manifest) {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, about)
	if err != nil {
		t.Fatal(err)
	}
	for _, tab := range tables {
		if err := w.Table(tab.Name, tab.Columns); err != nil {
			t.Fatal(err)
		}
		for _, row := range tab.Rows {
			if err := w.Row(row); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m
}

func read(content []byte) (taken, Manifest, error) {
	var k taken
	m, err := Read(bytes.NewReader(content), int64(len(content)), &k)
	return k, m, err
}

// sample has every kind of value, an empty table and one of several parts.
func sample() []table {
	long := table{Name: "long", Columns: []string{"id", "body"}}
	for i := range 3000 {
		long.Rows = append(long.Rows, []any{int64(i), strings.Repeat(fmt.Sprintf("%d\n\"", i), 200)})
	}
	return []table{
		{Name: "kinds", Columns: []string{"a", "b"}, Rows: [][]any{
			{int64(-1 << 63), nil}, {int64(1<<63 - 1), ""}, {"\x00\x1f\"\\/\u2028ä😀", []byte{0, 255}}, {"no \xff UTF-8", []byte{}}, {nil, nil},
		}},
		{Name: "empty", Columns: []string{"a"}},
		long,
	}
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	t.Parallel()
	content, written := write(t, sample())
	got, m, err := read(content)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sample(), got.tables); diff != "" {
		t.Error(diff)
	}
	want := about
	want.Format = Format
	if diff := cmp.Diff(want, got.about); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(written, m); diff != "" {
		t.Error(diff)
	}
	if m.Rows() != 3005 {
		t.Errorf("%d rows, want 3005", m.Rows())
	}
}

// Any tar opens the file, and its lines are JSON.
func TestOtherProgramsReadIt(t *testing.T) {
	t.Parallel()
	content, _ := write(t, sample())
	zip, err := gzip.NewReader(bytes.NewReader(content)) // reads on into the seal, which is a member without content
	if err != nil {
		t.Fatal(err)
	}
	lines, entries := 0, 0
	for in := tar.NewReader(zip); ; entries++ {
		head, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(head.Name, ".jsonl") {
			continue
		}
		for line := range bytes.Lines(text) {
			if err := json.Unmarshal(line, new([]any)); err != nil {
				t.Fatalf("%s: %v: %q", head.Name, err, line)
			}
			lines++
		}
	}
	if _, err := io.Copy(io.Discard, zip); err != nil {
		t.Errorf("the end of the gzip: %v", err)
	}
	if lines != 3005+3 || entries < 6 {
		t.Errorf("%d lines in %d entries", lines, entries)
	}
}

// A file with any one byte changed, cut off anywhere or with something behind it is refused.
func TestDamageIsRefused(t *testing.T) {
	t.Parallel()
	content, _ := write(t, sample()[:2])
	for i := range content {
		for _, flip := range []byte{1, 0x20, 0x80, 0xff} {
			content[i] ^= flip
			if _, _, err := read(content); !errors.Is(err, ErrDamaged) {
				t.Errorf("byte %d of %d with %#x flipped: %v", i, len(content), flip, err)
			}
			content[i] ^= flip
		}
		if _, _, err := read(content[:i]); !errors.Is(err, ErrDamaged) {
			t.Errorf("the first %d bytes of %d: %v", i, len(content), err)
		}
	}
	if _, _, err := read(append(content[:len(content):len(content)], 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte more: %v", err)
	}
	if _, _, err := read(content); err != nil {
		t.Errorf("the file as it was: %v", err)
	}
}

// A seal that fits does not make up for a manifest that does not.
func TestTheManifestIsHeldAgainstTheRows(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Writer){
		"a row less":     func(w *Writer) { w.manifest.Tables[0].Rows-- },
		"another digest": func(w *Writer) { w.manifest.Tables[0].SHA256 = strings.Repeat("0", 64) },
		"another column": func(w *Writer) { w.manifest.Tables[0].Columns = []string{"a", "c"} },
		"a table less":   func(w *Writer) { w.manifest.Tables = w.manifest.Tables[:1] },
		"another schema": func(w *Writer) { w.manifest.Schema++ },
		"another time":   func(w *Writer) { w.manifest.Time = w.manifest.Time.Add(1) },
	} {
		var b bytes.Buffer
		w, err := NewWriter(&b, about)
		if err != nil {
			t.Fatal(err)
		}
		for _, tab := range sample()[:2] {
			if err := w.Table(tab.Name, tab.Columns); err != nil {
				t.Fatal(err)
			}
			for _, row := range tab.Rows {
				if err := w.Row(row); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.endTable(); err != nil {
			t.Fatal(err)
		}
		w.table = nil
		change(w)
		if _, err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := read(b.Bytes()); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestANewerFormIsRefused(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := NewWriter(&b, about)
	if err != nil {
		t.Fatal(err)
	}
	b.Reset()
	w.digest.Reset()
	w.zip.Reset(io.MultiWriter(&b, w.digest))
	w.tar = tar.NewWriter(w.zip)
	newer := about
	newer.Format = Format + 1
	if err := w.entry(aboutName, newer); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var refused *FormatError
	if _, _, err := read(b.Bytes()); !errors.As(err, &refused) || refused.Have != Format+1 {
		t.Errorf("%v", err)
	}
}

func TestWhatCannotBeKeptIsAnError(t *testing.T) {
	t.Parallel()
	w, err := NewWriter(io.Discard, about)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Row([]any{int64(1)}); err == nil {
		t.Error("a row before any table was taken")
	}
	if err := w.Table("a", []string{"x"}); err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]any{{}, {int64(1), int64(2)}, {1.5}, {true}, {time.Now()}} {
		if err := w.Row(row); err == nil {
			t.Errorf("%v was taken", row)
		}
	}
}

// Any texts and bytes come back as they were.
func FuzzRow(f *testing.F) {
	f.Add("a", []byte("b"), int64(0))
	f.Add("\"\\\x00\x7f\u2028\xff", []byte{0xff}, int64(-1))
	f.Fuzz(func(t *testing.T, text string, content []byte, n int64) {
		if content == nil {
			content = []byte{}
		}
		row := []any{text, nil, content, n, text}
		line, err := appendRow(nil, row)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(line, '\n') != len(line)-1 || !json.Valid(line) {
			t.Fatalf("no line of JSON: %q", line)
		}
		got, err := parseRow(line[:len(line)-1], nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(row, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A line that nobody wrote is refused or read, and nothing worse.
func FuzzParse(f *testing.F) {
	for _, line := range []string{`[]`, `[1,"a\"b",null,{"bytes":"AA=="},{"text":"/w=="}]`, `["\u0000"]`, `["\`, `[1,]`, `[{"text":""}`} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := parseRow(line, nil)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%v is not ErrDamaged", err)
			}
			return
		}
		if _, err := appendRow(nil, row); err != nil {
			t.Error(err)
		}
	})
}
