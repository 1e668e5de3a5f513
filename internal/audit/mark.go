package audit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Mark is what is kept of a checkpoint elsewhere: by it a trail shows that was cut off with the checkpoints over it.
type Mark struct {
	Number int64  // 0: there is no checkpoint
	Digest string // as of Checkpoint.Digest: SHA-256 in hexadecimal
	Time   int64  // microseconds since 1970; 0: not known
}

// Mark is what to keep of a checkpoint.
func (c Checkpoint) Mark() Mark { return Mark{Number: c.Number, Digest: c.Digest(), Time: c.Time} }

// String is NUMBER:DIGEST.
func (m Mark) String() string { return strconv.FormatInt(m.Number, 10) + ":" + m.Digest }

var errMark = errors.New("audit: not a checkpoint's number and digest, NUMBER:DIGEST, such as the log has them (64 hexadecimal digits)")

// ParseMark reads NUMBER:DIGEST.
func ParseMark(text string) (Mark, error) {
	number, digest, _ := strings.Cut(text, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	digest = strings.ToLower(digest)
	if err != nil || n < 1 || len(digest) != 64 || strings.Trim(digest, hexDigits) != "" {
		return Mark{}, errMark
	}
	return Mark{Number: n, Digest: digest}, nil
}

// Differs says what is wrong with a trail that is to have exactly this checkpoint, and whose newest is another; empty:
// nothing. has is the checkpoint of its number, nil if there is none.
func (m Mark) Differs(has *Checkpoint, newest int64) string {
	switch {
	case has == nil:
		return fmt.Sprintf("is missing: the trail goes up to checkpoint %d", newest)
	case has.Digest() != m.Digest:
		return "is another: its digest is " + has.Digest() + ", not " + m.Digest
	}
	return ""
}

// Of is the checkpoint of a number; nil: there is none.
func (s Seals) Of(number int64) *Checkpoint {
	for i := range s {
		if s[i].Number == number {
			return &s[i]
		}
	}
	return nil
}
