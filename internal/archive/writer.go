package archive

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
)

// partSize is about how many bytes of lines a part has: what is held of a table at once.
const partSize = 1 << 20

// Writer writes a file as it goes. What it has written is no backup before Close has answered nil: a reader refuses it.
type Writer struct {
	out      io.Writer
	digest   hash.Hash // of all that went out
	zip      *gzip.Writer
	tar      *tar.Writer
	manifest Manifest

	table hash.Hash // of the table's lines; nil: there is none yet
	part  []byte
	parts int
}

// NewWriter begins a file. Its Format is this program's.
func NewWriter(out io.Writer, about About) (*Writer, error) {
	about.Format = Format
	about.Time = about.Time.UTC()
	w := &Writer{out: out, digest: sha256.New(), manifest: Manifest{About: about, Tables: []Table{}}}
	zip, err := gzip.NewWriterLevel(io.MultiWriter(out, w.digest), gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	w.zip, w.tar = zip, tar.NewWriter(zip)
	return w, w.entry(aboutName, about)
}

// Table begins a table. Its rows follow.
func (w *Writer) Table(name string, columns []string) error {
	if err := w.endTable(); err != nil {
		return err
	}
	line, err := columnLine(columns)
	if err != nil {
		return err
	}
	w.manifest.Tables = append(w.manifest.Tables, Table{Name: name, Columns: columns})
	w.table, w.parts, w.part = sha256.New(), 0, append(w.part[:0], line...)
	return nil
}

// Row writes a row of the table: int64, string, []byte or nil for each of its columns.
func (w *Writer) Row(values []any) error {
	if w.table == nil {
		return errors.New("a row before any table")
	}
	t := w.current()
	if len(values) != len(t.Columns) {
		return errors.New("a row that does not fit the columns of " + t.Name)
	}
	part, err := appendRow(w.part, values)
	if err != nil {
		return err
	}
	w.part = part
	t.Rows++
	if len(w.part) < partSize {
		return nil
	}
	return w.endPart()
}

// Close writes the manifest and the seal, and answers the manifest. It does not close what it writes to.
func (w *Writer) Close() (Manifest, error) {
	if err := w.endTable(); err != nil {
		return w.manifest, err
	}
	if err := w.entry(manifestName, w.manifest); err != nil {
		return w.manifest, err
	}
	if err := errors.Join(w.tar.Close(), w.zip.Close()); err != nil {
		return w.manifest, err
	}
	_, err := w.out.Write(sealOf(w.digest.Sum(nil)))
	return w.manifest, err
}

func (w *Writer) current() *Table { return &w.manifest.Tables[len(w.manifest.Tables)-1] }

func (w *Writer) endTable() error {
	if w.table == nil {
		return nil
	}
	if len(w.part) > 0 {
		if err := w.endPart(); err != nil {
			return err
		}
	}
	w.current().SHA256 = hex.EncodeToString(w.table.Sum(nil))
	return nil
}

func (w *Writer) endPart() error {
	w.table.Write(w.part) // a hash never fails
	err := w.file(partName(w.current().Name, w.parts), w.part)
	w.parts++
	w.part = w.part[:0]
	return err
}

func (w *Writer) entry(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return w.file(name, append(text, '\n'))
}

func (w *Writer) file(name string, content []byte) error {
	err := w.tar.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg, Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: w.manifest.Time, Format: tar.FormatPAX,
	})
	if err != nil {
		return err
	}
	_, err = w.tar.Write(content)
	return err
}
