package fabric

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a key that must not be seen. Printed with any verb, logged or marshalled it reads "[hidden]"; only Reveal
// gives it away.
type Secret string

const hidden = "[hidden]"

// Reveal answers the key itself, for the one line that hands it to a router.
func (s Secret) Reveal() string { return string(s) }

// String answers "[hidden]".
func (s Secret) String() string { return hidden }

// GoString answers "[hidden]", for %#v.
func (s Secret) GoString() string { return hidden }

// Format prints "[hidden]" for every verb: without it %x would print the key's bytes.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue is "[hidden]" in structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText is "[hidden]" in JSON and other encodings: an intent cannot be stored by accident.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Format prints the mode and the key names, for every verb. It stands between fmt and the keys: a pointer under a verb
// that does not suit it is printed raw, past the methods of what it points to.
func (m MACsec) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "{%s", m.Mode)
	for _, k := range m.Keys {
		_, _ = fmt.Fprintf(f, " %s:%s", k.CKN, hidden)
	}
	_, _ = io.WriteString(f, "}")
}
