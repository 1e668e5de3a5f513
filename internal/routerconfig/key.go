package routerconfig

import (
	"fmt"
	"strings"
)

const shortestKey, longestKey = 6, 80 // characters; 80 is also what TCP MD5 takes on Linux (TCP_MD5SIG_MAXKEYLEN)

// keySyntax is how a system writes a BGP key. A key that it cannot write safely is refused, because one character that
// is lost on the way shows only as a session that never comes up.
type keySyntax struct {
	refused   string              // characters that there is no safe way to write
	encrypted []string            // beginnings that the system takes for a key which it has encrypted itself
	write     func(string) string // quotes; nil writes the key as it is
}

var (
	// IOS takes the rest of the line, but asks for help at a question mark.
	iosKey = keySyntax{refused: `?`}
	// NX-OS has separators, pipes, redirection, variables and quotes in its command line.
	nxosKey = keySyntax{refused: `?;|<>$"'\`}
	// JunOS has C-like strings.
	junosKey = keySyntax{encrypted: []string{"$8$", "$9$"}, write: func(key string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(key) + `"`
	}}
	// PAN-OS has quotes but no escape that holds in every release.
	panosKey = keySyntax{refused: `?|<>&"'\`, encrypted: []string{"-AQ=="}, write: func(key string) string {
		return `"` + key + `"`
	}}
	// FRR takes a word of the line; only a blank ends it.
	frrKey = keySyntax{}
	// BIRD has strings without any escape.
	birdKey = keySyntax{refused: `"`, write: func(key string) string { return `"` + key + `"` }}
	// VyOS reads its commands with a shell, in which a question mark asks for help, and keeps them in a file with strings.
	vyosKey = keySyntax{refused: `?'"\`, write: func(key string) string { return `'` + key + `'` }}
)

// quote returns the key as the system's syntax has it. The key is in no error.
func (k keySyntax) quote(key string) (string, error) {
	if len(key) < shortestKey || len(key) > longestKey {
		return "", fmt.Errorf("the BGP key has %d characters, not %d..%d", len(key), shortestKey, longestKey)
	}
	for _, c := range []byte(key) {
		if c <= ' ' || c > '~' {
			return "", fmt.Errorf("the BGP key has a character other than printable ASCII without blanks")
		}
	}
	if strings.ContainsAny(key, k.refused) {
		return "", fmt.Errorf("%w: the BGP key has one of the characters %s, which its syntax cannot carry; "+
			"choose a key of letters and digits", ErrUnsuited, k.refused)
	}
	for _, beginning := range k.encrypted {
		if strings.HasPrefix(key, beginning) {
			return "", fmt.Errorf("%w: a BGP key that begins with %s is taken for one that is encrypted already; "+
				"choose another key", ErrUnsuited, beginning)
		}
	}
	if k.write == nil {
		return key, nil
	}
	return k.write(key), nil
}
