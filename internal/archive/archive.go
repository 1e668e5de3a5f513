// Package archive is the form of a backup file: the rows of every table of an installation as they stood at one moment, in
// a file that says of itself whether it is whole.
//
// The file is a gzipped tar that any tar opens: about.json first, then each table as lines of JSON in parts of about a
// mebibyte (tables/NAME/000000.jsonl, whose first line names the columns), and manifest.json with the counts and digests
// last. Behind it stands an empty gzip member whose comment is the SHA-256 of every byte before it.
//
// It knows no database and no noun of the service: a table is a name, columns and rows of integers, texts, bytes and nulls.
// It keeps no secret either: what is sealed in the rows stays sealed, and all else can be read by who has the file.
package archive

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Format is the number of the form that this program writes, and the newest that it reads.
const Format = 1

// About says what a file is a backup of. It is the first thing in it.
type About struct {
	Format  int       `json:"format"`
	Program string    `json:"program"` // version of the onramp that wrote it
	Engine  string    `json:"engine"`  // of the database that it was read from: sqlite or postgres
	Schema  int64     `json:"schema"`  // version of the database's schema
	Time    time.Time `json:"time"`    // when it was begun, by the real clock
}

// Table is what a manifest says of a table.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
	// SHA256 is that of its lines, in hexadecimal. Rows stand in the order of their keys, so that equal tables have equal
	// digests, whichever engine they were read from.
	SHA256 string `json:"sha256"`
}

// Manifest is all that a file says of itself. It is the last thing in it.
type Manifest struct {
	About
	Tables []Table `json:"tables"`
}

// Rows is how many rows there are in all tables.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// ErrDamaged is wrapped by the errors of a file that is not what was written: cut off, changed, or no backup at all.
var ErrDamaged = errors.New("the backup is damaged, incomplete or no backup of Onramp")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// FormatError is the answer to a file of a form that this program does not know yet.
type FormatError struct{ Have int }

func (e *FormatError) Error() string {
	return fmt.Sprintf("the backup has form %d, this program knows none after %d: use a newer onramp", e.Have, Format)
}

const (
	aboutName    = "about.json"
	manifestName = "manifest.json"
)

// partName is the name of a table's nth part.
func partName(table string, n int) string { return fmt.Sprintf("tables/%s/%06d.jsonl", table, n) }

// sealPrefix begins the comment of the last gzip member.
const sealPrefix = "sha256:"

// sealOf is the end of a file whose bytes before it have a digest: a gzip member (RFC 1952) without content. Written out,
// so that each of its bytes has one value only and another is found.
func sealOf(digest []byte) []byte {
	const comment = 0x10
	const unknownSystem = 0xff
	member := []byte{0x1f, 0x8b, 8, comment, 0, 0, 0, 0, 0, unknownSystem}
	member = append(member, sealPrefix...)
	member = append(member, hex.EncodeToString(digest)...)
	member = append(member, 0)
	member = append(member, 1, 0, 0, 0xff, 0xff)                  // a stored block of nothing, the last
	return append(member, make([]byte, 4 /*CRC*/ +4 /*size*/)...) // both are 0
}

// sealLength is the length of sealOf's answers.
const sealLength = 10 + len(sealPrefix) + 64 + 1 + 5 + 8
