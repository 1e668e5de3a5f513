package archive

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// A row is a line: a JSON array of integers, strings and nulls. A text that is no UTF-8, which SQLite lets be, is an object
// {"text":"..."} with its bytes in base64, and bytes are {"bytes":"..."}.
//
// It is written and read by hand, in one form only: a backup has millions of rows, and encoding/json spends more on each
// than the database does.
const (
	textPrefix  = `{"text":"`
	bytesPrefix = `{"bytes":"`
	objectEnd   = `"}`
)

// appendRow appends the line of a row, with its end.
func appendRow(to []byte, values []any) ([]byte, error) {
	to = append(to, '[')
	for i, v := range values {
		if i > 0 {
			to = append(to, ',')
		}
		switch v := v.(type) {
		case nil:
			to = append(to, "null"...)
		case int64:
			to = strconv.AppendInt(to, v, 10)
		case string:
			to = appendText(to, v)
		case []byte:
			to = appendBase64(to, bytesPrefix, v)
		default:
			return nil, fmt.Errorf("a backup holds integers, texts, bytes and nulls, not %T", v)
		}
	}
	return append(to, ']', '\n'), nil
}

func appendBase64(to []byte, prefix string, content []byte) []byte {
	to = append(to, prefix...)
	to = base64.StdEncoding.AppendEncode(to, content)
	return append(to, objectEnd...)
}

const hexDigits = "0123456789abcdef"

func appendText(to []byte, s string) []byte {
	if !utf8.ValidString(s) {
		return appendBase64(to, textPrefix, []byte(s))
	}
	to = append(to, '"')
	begin := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		to = append(to, s[begin:i]...)
		begin = i + 1
		if c < 0x20 {
			to = append(to, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		} else {
			to = append(to, '\\', c)
		}
	}
	return append(append(to, s[begin:]...), '"')
}

// parseRow reads a line without its end; the values are appended to into.
func parseRow(line []byte, into []any) ([]any, error) {
	if len(line) < 2 || line[0] != '[' || line[len(line)-1] != ']' {
		return nil, damaged("a row is no array")
	}
	rest := line[1 : len(line)-1]
	for len(rest) > 0 {
		v, n, err := parseValue(rest)
		if err != nil {
			return nil, err
		}
		into = append(into, v)
		if rest = rest[n:]; len(rest) == 0 {
			return into, nil
		}
		if rest[0] != ',' || len(rest) == 1 {
			return nil, damaged("a row is no array")
		}
		rest = rest[1:]
	}
	return into, nil
}

// parseValue reads a value at the beginning of in, and answers how long it was.
func parseValue(in []byte) (v any, n int, err error) {
	switch {
	case in[0] == '"':
		return parseText(in)
	case in[0] == '{':
		return parseObject(in)
	case len(in) >= 4 && string(in[:4]) == "null":
		return nil, 4, nil
	}
	for n < len(in) && (in[n] == '-' || '0' <= in[n] && in[n] <= '9') {
		n++
	}
	number, err := strconv.ParseInt(string(in[:n]), 10, 64)
	if err != nil {
		return nil, 0, damaged("a value that is none")
	}
	return number, n, nil
}

// quoted answers the length of the string literal that in begins with, and whether it has escapes.
func quoted(in []byte) (n int, escaped bool, err error) {
	for n = 1; n < len(in); n++ {
		switch in[n] {
		case '"':
			return n + 1, escaped, nil
		case '\\':
			escaped = true
			n++
		}
	}
	return 0, false, damaged("a text without an end")
}

func parseText(in []byte) (any, int, error) {
	n, escaped, err := quoted(in)
	if err != nil {
		return nil, 0, err
	}
	if !escaped {
		return string(in[1 : n-1]), n, nil
	}
	out := make([]byte, 0, n)
	for i := 1; i < n-1; i++ {
		if in[i] != '\\' {
			out = append(out, in[i])
			continue
		}
		i++
		if in[i] != 'u' {
			out = append(out, in[i])
			continue
		}
		if i+4 >= n-1 {
			return nil, 0, damaged("half an escape")
		}
		c, err := strconv.ParseUint(string(in[i+1:i+5]), 16, 8)
		if err != nil {
			return nil, 0, damaged("an escape that is none")
		}
		out = append(out, byte(c))
		i += 4
	}
	return string(out), n, nil
}

func parseObject(in []byte) (any, int, error) {
	for _, prefix := range []string{textPrefix, bytesPrefix} {
		if len(in) <= len(prefix) || string(in[:len(prefix)]) != prefix {
			continue
		}
		n, _, err := quoted(in[len(prefix)-1:])
		if err != nil {
			return nil, 0, err
		}
		end := len(prefix) - 1 + n
		content, err := base64.StdEncoding.Strict().DecodeString(string(in[len(prefix) : end-1]))
		if err != nil || end >= len(in) || in[end] != '}' {
			return nil, 0, damaged("bytes that are none")
		}
		if prefix == textPrefix {
			return string(content), end + 1, nil
		}
		return content, end + 1, nil
	}
	return nil, 0, damaged("an object that is none")
}

// columnLine is a table's first line.
func columnLine(columns []string) ([]byte, error) {
	line, err := json.Marshal(columns)
	return append(line, '\n'), err
}
