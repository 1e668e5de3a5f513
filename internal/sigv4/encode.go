package sigv4

import (
	"net/url"
	"strings"
)

// appendEncoded writes s percent-encoded as the signing documents say: all bytes
// but the unreserved ones of RFC 3986, section 2.3, in upper-case hexadecimal.
func appendEncoded(b []byte, s string, keepSlash bool) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		if unreserved(c) || keepSlash && c == '/' {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return b
}

func encode(s string) string {
	for i := range len(s) {
		if !unreserved(s[i]) {
			return string(appendEncoded(make([]byte, 0, len(s)+16), s, false))
		}
	}
	return s
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// splitPair decodes one name=value of a query; a name alone has the empty value.
// A plus sign is a blank, as net/url and so every handler behind us reads it.
func splitPair(pair string) (name, value string, err error) {
	name, value, _ = strings.Cut(pair, "=")
	if name, err = url.QueryUnescape(name); err == nil {
		value, err = url.QueryUnescape(value)
	}
	if err != nil {
		// The library's own error repeats the text, which may be a token.
		return "", "", incomplete("Illegal hex character in escape % pattern of the query string.")
	}
	return name, value, nil
}
