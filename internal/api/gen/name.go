package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// goName is the Go field name of a wire name: its first letter raised, and the
// words Id, Arn and Asn, singular or plural, written as Go writes them. Nothing
// else changes, so that a reader of either name can guess the other.
func goName(wire string) string {
	var name strings.Builder
	for _, word := range words(wire) {
		first, size := utf8.DecodeRuneInString(word)
		word = string(unicode.ToUpper(first)) + word[size:]
		if initialism, ok := initialisms[strings.TrimSuffix(word, "s")]; ok {
			word = initialism + strings.TrimPrefix(word, strings.TrimSuffix(word, "s"))
		}
		name.WriteString(word)
	}
	return name.String()
}

var initialisms = map[string]string{"Id": "ID", "Arn": "ARN", "Asn": "ASN"}

// words splits a name before each capital that follows a lower-case letter or a
// digit: connectionId is connection, Id.
func words(name string) (split []string) {
	start, previous := 0, rune(0)
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) && !unicode.IsUpper(previous) {
			split = append(split, name[start:i])
			start = i
		}
		previous = r
	}
	return append(split, name[start:])
}
