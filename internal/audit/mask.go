package audit

import (
	"bytes"
	"slices"
	"strings"
)

// Protected stands in a record where a text was that is not recorded.
const Protected = "[PROTECTED]"

// masked are the members whose values are not recorded, and what stands in their place. CloudTrail's own records have
// customerAddress, amazonAddress, authKey and customerRouterConfig as [PROTECTED] and asn as -1 (Direct Connect User
// Guide, "Logging API calls"). asnLong says what asn says; cak is a MACsec secret, loaContent a whole document; the others
// are secrets of the operator's API.
var masked = map[string]string{
	"customerAddress": `"` + Protected + `"`, "amazonAddress": `"` + Protected + `"`, "authKey": `"` + Protected + `"`,
	"customerRouterConfig": `"` + Protected + `"`, "cak": `"` + Protected + `"`, "loaContent": `"` + Protected + `"`,
	"asn": "-1", "asnLong": "-1",
	"secret": `"` + Protected + `"`, "token": `"` + Protected + `"`, "password": `"` + Protected + `"`,
}

// Names are what a document names.
type Names struct {
	Resources []Named // each once
	Owner     string  // the first ownerAccount; empty: none
}

// Mask copies a JSON document without what is not recorded, and answers what it names. ok is false of what is not JSON:
// none of it may be recorded.
func Mask(json []byte) (copied []byte, names Names, ok bool) {
	m := masking{in: json, out: make([]byte, 0, len(json)+32)}
	ok = m.value("", 0) && len(bytes.TrimLeft(m.in, blanks)) == 0
	if !ok {
		return nil, Names{}, false
	}
	return m.out, m.names, true
}

const (
	blanks    = " \t\r\n"
	deepest   = 64
	mostNamed = 256 // resources of one document
)

// masking copies in to out.
type masking struct {
	in    []byte
	out   []byte
	names Names
}

// value copies the value that comes next, which stands under a member's name.
func (m *masking) value(member string, depth int) bool {
	m.skip()
	if len(m.in) == 0 || depth > deepest {
		return false
	}
	switch m.in[0] {
	case '{':
		return m.object(depth)
	case '[':
		return m.array(member, depth)
	case '"':
		text, ok := m.string()
		if ok && len(text) > 2 {
			m.name(member, text[1:len(text)-1])
		}
		return ok
	}
	n := 0
	for n < len(m.in) && m.in[n] != ',' && m.in[n] != ']' && m.in[n] != '}' && m.in[n] > ' ' {
		n++
	}
	word := m.in[:n]
	m.in = m.in[n:]
	m.out = append(m.out, word...)
	return scalar(word)
}

// scalar reports whether a word is a number or one of the three names. Numbers are not looked at closely.
func scalar(word []byte) bool {
	switch string(word) {
	case "null", "true", "false":
		return true
	case "":
		return false
	}
	for _, c := range word {
		if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			return false
		}
	}
	return true
}

func (m *masking) object(depth int) bool {
	m.take()
	if m.next() == '}' {
		return m.take()
	}
	for {
		if m.next() != '"' {
			return false
		}
		key, ok := m.string()
		if !ok || m.next() != ':' || bytes.IndexByte(key, '\\') >= 0 { // names that are masked could be spelt with escapes
			return false
		}
		member := string(key[1 : len(key)-1])
		m.take()
		if !m.member(member, depth) {
			return false
		}
		switch m.next() {
		case ',':
			m.take()
		case '}':
			return m.take()
		default:
			return false
		}
	}
}

// member copies a member's value, or what stands for it.
func (m *masking) member(name string, depth int) bool {
	instead, hidden := masked[name]
	if !hidden || bytes.HasPrefix(bytes.TrimLeft(m.in, blanks), []byte("null")) {
		return m.value(name, depth+1)
	}
	skipped := masking{in: m.in}
	if !skipped.value("", depth+1) {
		return false
	}
	m.in = skipped.in
	m.out = append(m.out, instead...)
	return true
}

func (m *masking) array(member string, depth int) bool {
	m.take()
	if m.next() == ']' {
		return m.take()
	}
	for {
		if !m.value(member, depth+1) {
			return false
		}
		switch m.next() {
		case ',':
			m.take()
		case ']':
			return m.take()
		default:
			return false
		}
	}
}

// skip passes over blanks, of which there are mostly none.
func (m *masking) skip() {
	for len(m.in) > 0 && m.in[0] <= ' ' && strings.IndexByte(blanks, m.in[0]) >= 0 {
		m.in = m.in[1:]
	}
}

// next is the byte that comes next, behind blanks; 0 at the end.
func (m *masking) next() byte {
	m.skip()
	if len(m.in) == 0 {
		return 0
	}
	return m.in[0]
}

// take copies one byte.
func (m *masking) take() bool {
	m.out = append(m.out, m.in[0])
	m.in = m.in[1:]
	return true
}

// string copies a string, and answers it as it is written, with its quotes.
func (m *masking) string() (text []byte, ok bool) {
	for i := 1; i < len(m.in); i++ {
		switch c := m.in[i]; {
		case c == '\\':
			i++
		case c < 0x20:
			return nil, false
		case c == '"':
			text = m.in[:i+1]
			m.in = m.in[i+1:]
			m.out = append(m.out, text...)
			return text, true
		}
	}
	return nil, false
}

// name keeps what a member names, if it is a resource or an owner.
func (m *masking) name(member string, text []byte) {
	if member == "ownerAccount" && m.names.Owner == "" && plain(string(text)) {
		m.names.Owner = string(text)
	}
	kind, ok := naming[member]
	if !ok || len(m.names.Resources) >= mostNamed {
		return
	}
	n := Named{kind, string(text)}
	if kind == byARN {
		n = ofARN(n.ID)
	}
	if plain(n.ID) && !slices.Contains(m.names.Resources, n) {
		m.names.Resources = append(m.names.Resources, n)
	}
}
