package event

import (
	"encoding/json"
	"strconv"
)

// Detail makes the detail of an event of names and values by turns: texts, numbers and lists of texts; those that are zero
// are left out. Names are plain. Any other value is a fault of the caller, and panics.
func Detail(pairs ...any) json.RawMessage {
	dst := make([]byte, 1, 256)
	dst[0] = '{'
	for i := 0; i+1 < len(pairs); i += 2 {
		name := pairs[i].(string)
		switch v := pairs[i+1].(type) {
		case string:
			if v != "" {
				dst = appendText(appendName(dst, name), v)
			}
		case int:
			if v != 0 {
				dst = strconv.AppendInt(appendName(dst, name), int64(v), 10)
			}
		case int32:
			if v != 0 {
				dst = strconv.AppendInt(appendName(dst, name), int64(v), 10)
			}
		case []string:
			if len(v) > 0 {
				dst = appendTexts(appendName(dst, name), v)
			}
		default:
			panic("event: a detail is no text, number or list of texts: " + name)
		}
	}
	return append(dst, '}')
}

func appendName(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(append(dst, '"'), name...)
	return append(dst, '"', ':')
}

func appendTexts(dst []byte, all []string) []byte {
	dst = append(dst, '[')
	for i, s := range all {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendText(dst, s)
	}
	return append(dst, ']')
}

// appendText writes a JSON string. Most texts of events are plain; the others are left to encoding/json.
func appendText(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, _ := json.Marshal(s) // never fails of a text
			return append(dst, text...)
		}
	}
	dst = append(append(dst, '"'), s...)
	return append(dst, '"')
}
