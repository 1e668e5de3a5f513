package store

import (
	"strconv"
	"strings"
	"time"
)

// filter builds the WHERE of a query: terms joined by AND, each with its arguments.
type filter struct {
	terms []string
	args  []any
}

func (f *filter) add(term string, args ...any) {
	f.terms = append(f.terms, term)
	f.args = append(f.args, args...)
}

// equal adds column = value, unless value is empty.
func (f *filter) equal(column, value string) {
	if value != "" {
		f.add(column+" = ?", value)
	}
}

// amid adds value IN (columns), unless value is empty: no index serves it.
func (f *filter) amid(value, columns string) {
	if value != "" {
		f.add("? IN ("+columns+")", value)
	}
}

// in adds column IN (values), unless there are none.
func (f *filter) in(column string, values []string) {
	if len(values) == 0 {
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	f.add(column+" IN ("+marks(len(values))+")", args...)
}

// ended chooses by the column deleted.
func (f *filter) ended(liveOnly bool, endedAfter time.Time) {
	switch {
	case liveOnly:
		f.add("deleted = 0")
	case !endedAfter.IsZero():
		f.add("(deleted = 0 OR deleted >= ?)", micros(endedAfter))
	}
}

// after continues behind a row of an order by (created, id).
func (f *filter) after(c Cursor) {
	if c != (Cursor{}) {
		f.add("(created, id) > (?, ?)", micros(c.Created), c.ID)
	}
}

// String is the WHERE clause with its keyword; empty without terms.
func (f *filter) String() string {
	if len(f.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(f.terms, " AND ")
}

// limit is the LIMIT clause; 0 means all.
func limit(n int) string {
	if n <= 0 {
		return ""
	}
	return " LIMIT " + strconv.Itoa(n)
}

// marks is "?, ?, ?".
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// Cursor is a place in an order by (Created, ID): where a page ends and the next begins.
type Cursor struct {
	Created time.Time
	ID      string
}
