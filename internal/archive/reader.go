package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"reflect"
	"slices"
)

// Taker is told what is in a file, in its order. An error of its methods ends the reading and is what Read answers.
type Taker interface {
	About(About) error
	Table(name string, columns []string) error
	// Row is a row of the table: int64, string, []byte or nil for each of its columns. The slice is used again.
	Row(values []any) error
}

// Read checks the seal over the whole file and reads it then, handing on what it finds; nil: to nobody. All it has handed on
// counts only when it has answered nil: then everything fits the manifest. Errors of a file that is not as it was written
// wrap ErrDamaged.
func Read(file io.ReaderAt, size int64, to Taker) (Manifest, error) {
	if to == nil {
		to = nobody{}
	}
	if err := checkSeal(file, size); err != nil {
		return Manifest{}, err
	}
	zip, err := gzip.NewReader(bufio.NewReaderSize(io.NewSectionReader(file, 0, size-int64(sealLength)), 1<<16))
	if err != nil {
		return Manifest{}, damaged("%v", err)
	}
	zip.Multistream(false)
	r := reader{tar: tar.NewReader(zip), to: to}
	manifest, err := r.all()
	if err != nil {
		return Manifest{}, err
	}
	if _, err := io.Copy(io.Discard, zip); err != nil { // the padding of the tar, and the check of the gzip
		return Manifest{}, damaged("%v", err)
	}
	return manifest, nil
}

// checkSeal reads every byte of the file.
func checkSeal(file io.ReaderAt, size int64) error {
	if size <= int64(sealLength) {
		return damaged("it has only %d bytes", size)
	}
	digest := sha256.New()
	if _, err := io.CopyBuffer(digest, io.NewSectionReader(file, 0, size-int64(sealLength)), make([]byte, 1<<18)); err != nil {
		return err
	}
	seal := make([]byte, sealLength)
	if _, err := file.ReadAt(seal, size-int64(sealLength)); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !bytes.Equal(seal, sealOf(digest.Sum(nil))) {
		return damaged("its end is missing, or its bytes are not those that were sealed")
	}
	return nil
}

// reader reads the entries of a file.
type reader struct {
	tar   *tar.Reader
	to    Taker
	found Manifest // what was read so far

	table hash.Hash
	parts int
	part  []byte
	row   []any
}

// largestEntry bounds what is held in memory: a part is a mebibyte and one row.
const largestEntry = 1 << 28

func (r *reader) all() (Manifest, error) {
	for {
		head, err := r.tar.Next()
		if err != nil {
			return Manifest{}, damaged("there is no manifest (%v)", err)
		}
		if head.Size > largestEntry {
			return Manifest{}, damaged("%s has %d bytes", head.Name, head.Size)
		}
		r.part = slices.Grow(r.part[:0], int(head.Size))[:head.Size]
		if _, err := io.ReadFull(r.tar, r.part); err != nil {
			return Manifest{}, damaged("%s: %v", head.Name, err)
		}
		switch {
		case r.found.Format == 0:
			err = r.about(head.Name)
		case head.Name == manifestName:
			return r.end()
		default:
			err = r.lines(head.Name)
		}
		if err != nil {
			return Manifest{}, err
		}
	}
}

func (r *reader) about(name string) error {
	about := &r.found.About
	if err := json.Unmarshal(r.part, about); name != aboutName || err != nil || about.Format < 1 {
		return damaged("it does not begin with %s", aboutName)
	}
	if about.Format > Format {
		return &FormatError{about.Format}
	}
	return r.to.About(*about)
}

// lines reads a part: of the table that is being read, or the first of the next one.
func (r *reader) lines(name string) error {
	lines := r.part
	if r.table != nil && name == partName(r.current().Name, r.parts) {
		r.parts++
	} else {
		first, rest, _ := bytes.Cut(r.part, []byte{'\n'})
		table, columns := "", []string{}
		if err := json.Unmarshal(first, &columns); err != nil {
			return damaged("%s does not begin with its columns", name)
		}
		if table = tableOf(name); table == "" {
			return damaged("%s is no part that was to be expected", name)
		}
		r.endTable()
		r.found.Tables = append(r.found.Tables, Table{Name: table, Columns: columns})
		r.table, r.parts, lines = sha256.New(), 1, rest
		if err := r.to.Table(table, columns); err != nil {
			return err
		}
	}
	r.table.Write(r.part)
	for len(lines) > 0 {
		line, rest, ended := bytes.Cut(lines, []byte{'\n'})
		if !ended {
			return damaged("%s ends within a row", name)
		}
		if err := r.line(line); err != nil {
			return err
		}
		lines = rest
	}
	return nil
}

// tableOf is the table whose first part has a name; empty: none's.
func tableOf(name string) string {
	const prefix = "tables/"
	suffix := partName("", 0)[len(prefix):]
	if len(name) <= len(prefix)+len(suffix) || name[:len(prefix)] != prefix || name[len(name)-len(suffix):] != suffix {
		return ""
	}
	return name[len(prefix) : len(name)-len(suffix)]
}

func (r *reader) line(line []byte) error {
	row, err := parseRow(line, r.row[:0])
	if err != nil {
		return err
	}
	r.row = row
	t := r.current()
	if len(row) != len(t.Columns) {
		return damaged("a row does not fit the columns of %s", t.Name)
	}
	t.Rows++
	return r.to.Row(row)
}

func (r *reader) current() *Table { return &r.found.Tables[len(r.found.Tables)-1] }

func (r *reader) endTable() {
	if r.table != nil {
		r.current().SHA256 = hex.EncodeToString(r.table.Sum(nil))
	}
}

// end compares what was read with what the manifest says.
func (r *reader) end() (m Manifest, err error) {
	r.endTable()
	if err := json.Unmarshal(r.part, &m); err != nil {
		return m, damaged("the manifest: %v", err)
	}
	if !m.Time.Equal(r.found.Time) || len(m.Tables) != len(r.found.Tables) {
		return m, damaged("the manifest is another file's")
	}
	m.Time, r.found.Time = m.Time.UTC(), m.Time.UTC()
	if !reflect.DeepEqual(m.About, r.found.About) {
		return m, damaged("the manifest is another file's")
	}
	for i, t := range m.Tables {
		if !reflect.DeepEqual(t, r.found.Tables[i]) {
			return m, damaged("table %s is not as the manifest says", t.Name)
		}
	}
	return m, nil
}

// nobody is told nothing.
type nobody struct{}

func (nobody) About(About) error            { return nil }
func (nobody) Table(string, []string) error { return nil }
func (nobody) Row([]any) error              { return nil }
