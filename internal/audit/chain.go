package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Entry is a record on its way into a chain.
type Entry struct {
	Time      int64 // microseconds since 1970
	Account   string
	Name      string
	Resources []string // identifiers to find it by; no blanks in them
	Body      string   // the record as JSON, without a line break
}

// Position is where a record stands: the number of its chain, and its own in there, from 1.
type Position int64

// At makes a position.
func At(chain int, sequence int64) Position { return Position(int64(chain)<<sequenceBits | sequence) }

// sequenceBits leaves a chain a million records a second for twelve days, or a thousand for 34 years; and 2^22 chains.
const sequenceBits = 40

// Chain is the number of the chain.
func (p Position) Chain() int { return int(p >> sequenceBits) }

// Sequence is the number in the chain.
func (p Position) Sequence() int64 { return int64(p) & (1<<sequenceBits - 1) }

// String is CHAIN/SEQUENCE.
func (p Position) String() string {
	return strconv.Itoa(p.Chain()) + "/" + strconv.FormatInt(p.Sequence(), 10)
}

// Link is a record in its chain.
type Link struct {
	Position  Position
	Time      int64
	Account   string
	Name      string
	Resources string // separated by blanks
	Body      string
	Previous  string // hash of the record before; Start of a chain's first
	Hash      string // Sum, as it is kept
}

// Start is what the first record of a chain follows.
const Start = ""

// Sum is the hash of a record with all that is kept of it: SHA-256 in hexadecimal. No part but the last can have a line
// break in it and pass for another: their number would differ.
func (l *Link) Sum() string {
	b := make([]byte, 0, 256+len(l.Resources)+len(l.Body))
	for _, part := range []string{l.Previous, l.Account, l.Name, l.Resources} {
		b = append(append(b, part...), '\n')
	}
	b = append(strconv.AppendInt(b, int64(l.Position), 10), '\n')
	b = append(strconv.AppendInt(b, l.Time, 10), '\n')
	b = append(b, l.Body...)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Head is a chain as it stands: its records are those from First to Last; none while Last is First-1.
type Head struct {
	Chain int
	First int64
	Base  string // hash of the record before First
	Last  int64
	Hash  string // of Last; Base while there is none
}

// Append puts an entry at the end of the chain.
func (h *Head) Append(e Entry) Link {
	h.Last++
	l := Link{
		Position: At(h.Chain, h.Last), Time: e.Time, Account: e.Account, Name: e.Name, Resources: strings.Join(e.Resources, " "),
		Body: e.Body, Previous: h.Hash,
	}
	l.Hash = l.Sum()
	h.Hash = l.Hash
	return l
}
