package remote

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"google.golang.org/protobuf/proto"

	"onramp/internal/fabric/remote/wire"
)

// tokenPrefix lets people, and programs that look for secrets, see what a text is.
const tokenPrefix = "onramp-router-1-"

const secretSize = 32

// Token is what an operator carries from the control plane to a router, once: it lets the agent in, and tells it whom to
// trust. It must not be seen: only Text gives it away.
type Token struct{ m *wire.Token }

// newToken makes one with a fresh secret.
func newToken(router string, authority [sha256.Size]byte, addresses []string) Token {
	secret := make([]byte, secretSize)
	_, _ = rand.Read(secret) // never fails
	return Token{&wire.Token{Router: router, Secret: secret, Authority: authority[:], Addresses: addresses}}
}

// Router is whose token it is.
func (t Token) Router() string { return t.m.GetRouter() }

// Addresses are where the control plane listens for agents, host:port.
func (t Token) Addresses() []string { return t.m.GetAddresses() }

// Text answers the token as it is carried.
func (t Token) Text() string {
	text, _ := proto.Marshal(t.m) // fails for text that is no UTF-8, of which there is none
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(text)
}

// Format prints no more than whose token it is, for every verb.
func (t Token) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "[token of %s]", t.Router()) }

// LogValue is the same in structured logs.
func (t Token) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(t)) }

// ParseToken reads a token's text. Errors wrap ErrToken and do not repeat it.
func ParseToken(text string) (Token, error) {
	encoded, ok := strings.CutPrefix(strings.TrimSpace(text), tokenPrefix)
	if !ok {
		return Token{}, fmt.Errorf("%w: one begins with %s", ErrToken, tokenPrefix)
	}
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	m := &wire.Token{}
	if err != nil || proto.Unmarshal(raw, m) != nil {
		return Token{}, fmt.Errorf("%w: a part is missing, or it was changed", ErrToken)
	}
	if m.Router == "" || len(m.Secret) != secretSize || len(m.Authority) != sha256.Size || len(m.Addresses) == 0 {
		return Token{}, fmt.Errorf("%w: a part is missing", ErrToken)
	}
	for _, a := range m.Addresses {
		if err := CheckAddress(a); err != nil {
			return Token{}, fmt.Errorf("%w: %w", ErrToken, err)
		}
	}
	return Token{m}, nil
}

// CheckAddress refuses what is no host:port.
func CheckAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf("%q is no address such as 192.0.2.1:7226", address)
	}
	return nil
}

// hashSecret is how a token is kept: its secret is random, so that one round of SHA-256 does.
func hashSecret(secret []byte) string {
	sum := sha256.Sum256(secret)
	return hex.EncodeToString(sum[:])
}
