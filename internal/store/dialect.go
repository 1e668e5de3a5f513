package store

import (
	"database/sql"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
)

// dialect is where the engines differ.
type dialect struct {
	name    string
	goose   goose.Dialect
	ddl     *strings.Replacer // of the placeholders in migrations/*.sql
	dollars bool              // parameters are $1, $2, ... instead of ?
	prepare bool              // statements are prepared here, once for each connection; otherwise by the driver

	beginView     string
	beginUpdate   []string
	savepoint     []string // sets the savepoint s
	nextSavepoint []string // gives s up and sets it anew
	claim         string   // what a SELECT of rows to be claimed ends with
	rowKey        string   // finds again a row that the same statement has found
	rowNumber     string   // numbers the rows of a table, by which they are read fast; empty: nothing does
	hashSpread    bool     // free ports are taken in the order of a hash, not of their position; see PutPort
	eventBlock    string   // where the next eventBlock free positions of events begin
	restored      string   // brings what is in no table in step with restored rows; empty: there is nothing
	hasTable      string   // counts the tables of a name
	limitParts    bool     // a union is read in order only when each part has its own limit; see choice.page

	// ownChain finds a chain of the audit trail that no other session writes to, and keeps it for as long as the session
	// lasts. Empty: there is one session that writes.
	ownChain string

	// deadline is by when the database must have answered what is asked over a connection; zero ends that. nil: it is asked
	// within this process.
	deadline func(conn *sql.Conn, at time.Time) error

	retryable func(error) bool                                      // the transaction did not happen and may be repeated
	lost      func(error) bool                                      // the connection is of no more use
	broken    func(error) (constraint string, unique, foreign bool) // a constraint was broken
}

// numbered caches texts with $1, $2, ... by the text with question marks.
var numbered sync.Map

// text puts a statement into the dialect. No statement of ours has a question mark but its parameters.
func (d *dialect) text(query string) string {
	if !d.dollars {
		return query
	}
	if text, ok := numbered.Load(query); ok {
		return text.(string)
	}
	var b strings.Builder
	for n, part := range strings.Split(query, "?") {
		if n > 0 {
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteString(part)
	}
	numbered.Store(query, b.String())
	return b.String()
}
