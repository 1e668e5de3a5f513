package awsjson

import (
	"bytes"
	"fmt"
)

// maxDepth is how many objects and arrays may stand within each other. The
// deepest input of the service needs four.
const maxDepth = 64

// A scanner walks over JSON text (RFC 8259) that is known to be UTF-8. Its
// position only ever moves forward, so its work is bounded by the text's length.
type scanner struct {
	text  []byte
	at    int
	depth int
	spare []byte // holds the last string that had escapes
}

// syntax is the error at the scanner's position. It quotes nothing of the text,
// which may hold a secret.
func (s *scanner) syntax(reason string) error {
	return serialization(fmt.Sprintf("The request body is not valid JSON: %s at byte %d.", reason, s.at))
}

// peek skips white space and answers the next byte, 0 at the end. A 0 in the
// text is the start of no value and so comes to the same error.
func (s *scanner) peek() byte {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// object walks over an object and calls member with each name, standing before
// the value, which member must walk over. The name is valid until then.
func (s *scanner) object(member func(name []byte) error) error {
	return s.sequence('}', func(int) error {
		if s.peek() != '"' {
			return s.syntax("a member's name is missing")
		}
		name, err := s.str()
		if err != nil {
			return err
		}
		if s.peek() != ':' {
			return s.syntax("a colon is missing")
		}
		s.at++
		return member(name)
	})
}

// sequence walks over what stands between the bracket that the scanner is at
// and the closing one, calling each before every part.
func (s *scanner) sequence(closing byte, each func(i int) error) error {
	if s.depth++; s.depth > maxDepth {
		return s.syntax("values are nested too deeply")
	}
	s.at++
	if s.peek() == closing {
		s.at++
		s.depth--
		return nil
	}
	for i := 0; ; i++ {
		if err := each(i); err != nil {
			return err
		}
		switch s.peek() {
		case ',':
			s.at++
		case closing:
			s.at++
			s.depth--
			return nil
		case 0:
			return s.syntax("unexpected end")
		default:
			return s.syntax("a comma is missing")
		}
	}
}

// skip walks over any value.
func (s *scanner) skip() error {
	switch c := s.peek(); c {
	case '{':
		return s.object(func([]byte) error { return s.skip() })
	case '[':
		return s.sequence(']', func(int) error { return s.skip() })
	case '"':
		_, err := s.str()
		return err
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	default:
		_, _, err := s.number()
		return err
	}
}

func (s *scanner) literal(word string) error {
	if !bytes.HasPrefix(s.text[s.at:], []byte(word)) {
		return s.syntax("a value is missing")
	}
	s.at += len(word)
	return nil
}

// str walks over a string and answers what it says. The bytes belong to the
// scanner: they hold until its next string.
func (s *scanner) str() ([]byte, error) {
	s.at++
	start := s.at
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return s.text[start : s.at-1], nil
		case c == '\\':
			return s.escapedStr(start)
		case c < ' ':
			return nil, s.syntax("a control character stands in a string")
		}
	}
	return nil, s.syntax("unexpected end")
}

// escapedStr goes on with str from the first backslash.
func (s *scanner) escapedStr(start int) ([]byte, error) {
	s.spare = append(s.spare[:0], s.text[start:s.at]...)
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return s.spare, nil
		case c == '\\':
			said, size := unescape(s.spare, s.text[s.at:])
			if size == 0 {
				return nil, s.syntax("an escape sequence is not valid")
			}
			s.spare = said
			s.at += size
		case c < ' ':
			return nil, s.syntax("a control character stands in a string")
		default:
			s.spare = append(s.spare, c)
			s.at++
		}
	}
	return nil, s.syntax("unexpected end")
}

// number walks over a number and answers its text, and whether it is written as
// an integer, without fraction or exponent.
func (s *scanner) number() (text []byte, integer bool, err error) {
	start := s.at
	if s.next('-') && s.at == len(s.text) {
		return nil, false, s.syntax("unexpected end")
	}
	if !s.next('0') && s.digits() == 0 {
		return nil, false, s.syntax("a value is missing")
	}
	integer = true
	if s.next('.') {
		integer = false
		if s.digits() == 0 {
			return nil, false, s.syntax("a number is not complete")
		}
	}
	if s.next('e') || s.next('E') {
		integer = false
		_ = s.next('+') || s.next('-')
		if s.digits() == 0 {
			return nil, false, s.syntax("a number is not complete")
		}
	}
	return s.text[start:s.at], integer, nil
}

func (s *scanner) next(c byte) bool {
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) digits() (n int) {
	for s.at < len(s.text) && '0' <= s.text[s.at] && s.text[s.at] <= '9' {
		s.at++
		n++
	}
	return n
}
