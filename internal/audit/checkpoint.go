package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Checkpoint is all chains of an installation at one time. Sealed with the installation's key it holds together what the
// chains, of which each server has its own, cannot tell of one another, and what a chain cannot tell of itself: that its
// end was not cut off, and where it begins when old records have been removed.
type Checkpoint struct {
	Number int64 // from 1
	Time   int64 // microseconds since 1970
	Heads  []Head
}

// Text is what is sealed.
func (c Checkpoint) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d\n", c.Number, c.Time)
	for _, h := range c.Heads {
		fmt.Fprintf(&b, "%d %d %s %d %s\n", h.Chain, h.First, or(h.Base), h.Last, or(h.Hash))
	}
	return b.String()
}

// or is a hash, or a word for none.
func or(hash string) string {
	if hash == Start {
		return "start"
	}
	return hash
}

var errCheckpoint = errors.New("audit: not a checkpoint")

// ParseCheckpoint reads Text.
func ParseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if n, err := fmt.Sscanf(lines[0], "%d %d", &c.Number, &c.Time); err != nil || n != 2 {
		return c, errCheckpoint
	}
	for _, line := range lines[1:] {
		parts := strings.Split(line, " ")
		if len(parts) != 5 {
			return c, errCheckpoint
		}
		chain, e1 := strconv.Atoi(parts[0])
		first, e2 := strconv.ParseInt(parts[1], 10, 64)
		last, e3 := strconv.ParseInt(parts[3], 10, 64)
		if errors.Join(e1, e2, e3) != nil {
			return c, errCheckpoint
		}
		c.Heads = append(c.Heads, Head{Chain: chain, First: first, Base: hashOf(parts[2]), Last: last, Hash: hashOf(parts[4])})
	}
	return c, nil
}

func hashOf(word string) string {
	if word == "start" {
		return Start
	}
	return word
}

// Digest is a short text that is another for every other checkpoint.
func (c Checkpoint) Digest() string {
	sum := sha256.Sum256([]byte(c.Text()))
	return hex.EncodeToString(sum[:])
}

// Same reports whether the chains still stand as the checkpoint says.
func (c Checkpoint) Same(heads []Head) bool { return slices.Equal(c.Heads, heads) }

func (c Checkpoint) head(chain int) (Head, bool) {
	for _, h := range c.Heads {
		if h.Chain == chain {
			return h, true
		}
	}
	return Head{}, false
}

// Seals are the checkpoints whose seals fit, the newest first.
type Seals []Checkpoint

// Missing are the chains that a checkpoint was sealed over and that are not there.
func (s Seals) Missing(heads []Head) (found []Finding) {
	if len(s) == 0 {
		return nil
	}
	for _, sealed := range s[0].Heads {
		if !slices.ContainsFunc(heads, func(h Head) bool { return h.Chain == sealed.Chain }) {
			found = append(found, Finding{At(sealed.Chain, sealed.Last), "is missing, and with it the whole chain"})
		}
	}
	return found
}

// Check begins to check a chain that stands as h says. What the checkpoints say of where it begins counts for more.
func (s Seals) Check(h Head) *Check {
	first, base := int64(1), Start
	if len(s) > 0 {
		if sealed, ok := s[0].head(h.Chain); ok {
			first, base = sealed.First, sealed.Base
		}
	}
	c := NewCheck(Head{Chain: h.Chain, First: first, Base: base, Last: h.Last, Hash: h.Hash})
	if h.First != first || h.Base != base {
		c.find(h.First, "is where its chain is said to begin, and that is not what was sealed")
	}
	for _, checkpoint := range s {
		if sealed, ok := checkpoint.head(h.Chain); ok {
			c.sealed(sealed)
		}
	}
	return c
}
