package audit

import (
	"strconv"
	"unicode/utf8"
)

// object writes JSON objects member by member.
type object struct{ dst []byte }

func (o *object) open() { o.dst = append(o.dst, '{') }

func (o *object) close() { o.dst = append(o.dst, '}') }

func (o *object) key(name string) {
	if o.dst[len(o.dst)-1] != '{' {
		o.dst = append(o.dst, ',')
	}
	o.dst = append(o.dst, '"')
	o.dst = append(o.dst, name...)
	o.dst = append(o.dst, '"', ':')
}

func (o *object) text(name, value string) {
	o.key(name)
	o.dst = appendText(o.dst, value)
}

// some writes a text unless it is empty.
func (o *object) some(name, value string) {
	if value != "" {
		o.text(name, value)
	}
}

func (o *object) flag(name string, value bool) {
	o.key(name)
	o.dst = strconv.AppendBool(o.dst, value)
}

// element writes JSON, or null, or in place of what is too long how long it was, as CloudTrail does.
func (o *object) element(name string, json []byte, longest int) {
	o.key(name)
	switch {
	case json == nil:
		o.dst = append(o.dst, "null"...)
	case len(json) > longest:
		o.dst = append(o.dst, `{"omitted":true,"originalSize":`...)
		o.dst = strconv.AppendInt(o.dst, int64(len(json)), 10)
		o.dst = append(o.dst, `,"reason":"too long for a record"}`...)
	default:
		o.dst = append(o.dst, json...)
	}
}

const hexDigits = "0123456789abcdef"

// appendText writes a JSON string on one line. What is not UTF-8 becomes the replacement character.
func appendText(dst []byte, s string) []byte {
	dst = append(dst, '"')
	plain := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(append(dst, s[plain:i]...), "\uFFFD"...)
				plain = i + n
			}
			i += n
			continue
		}
		dst = append(dst, s[plain:i]...)
		if c == '"' || c == '\\' {
			dst = append(dst, '\\', c)
		} else {
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		plain = i
	}
	return append(append(dst, s[plain:]...), '"')
}

// cut shortens a text to most bytes, not within a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
