// Package seal keeps secrets at rest: it turns a secret into text that is
// worthless without the keyset file beside the database, and back.
//
// It is authenticated encryption (Tink's AEAD; a keyset made here is
// AES256-GCM), each text bound to the context it was sealed for. What it is not:
// a store, a key-management service, or a protection against one who can read
// both the database and the keyset file.
package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

var (
	// ErrOpen is why a sealed text cannot be opened. Which of the reasons it
	// was, the cipher does not say.
	ErrOpen = errors.New("seal: the sealed text is damaged, or was sealed with another keyset or for another context")

	// ErrKeyset is a keyset that is damaged or not one for this purpose.
	ErrKeyset = errors.New("not a Tink AEAD keyset in JSON, or damaged")

	errNoContext = errors.New("seal: a context is required")
)

// Sealer seals and opens with one keyset. It is safe for concurrent use.
type Sealer struct{ primitive tink.AEAD }

// FromKeyset makes a Sealer of an operator's own keyset: a cleartext Tink keyset
// in JSON whose keys are AEAD keys. Its primary key seals, any of its keys opens;
// so a keyset is rotated by adding a key. The error is ErrKeyset.
func FromKeyset(json []byte) (*Sealer, error) {
	// Tink's own errors are not passed on: a JSON decoder repeats what it cannot
	// read, and here that is key material.
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(json)))
	if err != nil {
		return nil, ErrKeyset
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, ErrKeyset
	}
	s := &Sealer{primitive}
	// A key of a wrong size shows only when it is used: better now than at the
	// first access key.
	const probe = "probe"
	sealed, err := s.Seal([]byte(probe), probe)
	if err != nil {
		return nil, ErrKeyset
	}
	if opened, err := s.Open(sealed, probe); err != nil || string(opened) != probe {
		return nil, ErrKeyset
	}
	return s, nil
}

// Seal encrypts plaintext, bound to context, which names what the secret belongs
// to ("access-key/AKIA...") and must be given again to open it: so a sealed text
// copied to another row does not open there. The result is standard base64, 33
// bytes and a third longer than plaintext; no two calls give the same.
func (s *Sealer) Seal(plaintext []byte, context string) (string, error) {
	if context == "" {
		return "", errNoContext
	}
	sealed, err := s.primitive.Encrypt(plaintext, []byte(context))
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sealed), nil
}

// Open answers what Seal was given with the same context, or ErrOpen.
func (s *Sealer) Open(sealed, context string) ([]byte, error) {
	if context == "" {
		return nil, errNoContext
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return nil, ErrOpen
	}
	plaintext, err := s.primitive.Decrypt(raw, []byte(context))
	if err != nil {
		return nil, ErrOpen
	}
	return plaintext, nil
}

// Format keeps the key out of any log or error text that a Sealer strays into,
// whatever the verb.
func (s *Sealer) Format(f fmt.State, _ rune) { fmt.Fprint(f, "seal.Sealer") }

// newKeyset makes a fresh random AES256-GCM keyset and answers it in JSON.
func newKeyset() ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	// In the clear, because there is nothing on a lone machine to encrypt it
	// with that would not lie beside it. The file's mode is its protection; an
	// operator with a vault hands the keyset to FromKeyset instead.
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&b)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
