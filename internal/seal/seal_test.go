package seal_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

	"onramp/internal/seal"
)

func open(t *testing.T, path string) *seal.Sealer {
	t.Helper()
	s, err := seal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustSeal(t *testing.T, s *seal.Sealer, plaintext, context string) string {
	t.Helper()
	sealed, err := s.Seal([]byte(plaintext), context)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// keysetOf is a keyset in JSON with a key of each template, the last one primary.
func keysetOf(t *testing.T, templates ...*tinkpb.KeyTemplate) []byte {
	t.Helper()
	m := keyset.NewManager()
	for _, template := range templates {
		id, err := m.Add(template)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.SetPrimary(id); err != nil {
			t.Fatal(err)
		}
	}
	handle, err := m.Handle()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&b)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "keyset.json"))
	for _, plaintext := range []string{"", "x", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", strings.Repeat("long", 50_000), "\x00\xff"} {
		sealed := mustSeal(t, s, plaintext, "access-key/AKIDEXAMPLE")
		if plaintext == "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" {
			raw, err := base64.StdEncoding.DecodeString(sealed)
			if err != nil || bytes.Contains(raw, []byte(plaintext[:8])) {
				t.Errorf("not base64 of something unreadable: %v", err)
			}
		}
		if again := mustSeal(t, s, plaintext, "access-key/AKIDEXAMPLE"); again == sealed {
			t.Error("sealed twice to the same text")
		}
		got, err := s.Open(sealed, "access-key/AKIDEXAMPLE")
		if err != nil || string(got) != plaintext {
			t.Errorf("%d bytes came back as %d: %v", len(plaintext), len(got), err)
		}
	}
}

func TestDoesNotOpen(t *testing.T) {
	t.Parallel()
	const context = "access-key/AKIDEXAMPLE"
	s := open(t, filepath.Join(t.TempDir(), "keyset.json"))
	other := open(t, filepath.Join(t.TempDir(), "keyset.json"))
	sealed := mustSeal(t, s, "secret", context)
	refuse := func(what string, by *seal.Sealer, sealed, context string) {
		t.Helper()
		if got, err := by.Open(sealed, context); !errors.Is(err, seal.ErrOpen) || got != nil {
			t.Errorf("%s: got %d bytes, %v", what, len(got), err)
		}
	}
	refuse("another context", s, sealed, "access-key/AKIDEXAMPLF")
	refuse("a longer context", s, sealed, context+" ")
	refuse("another keyset", other, sealed, context)
	refuse("nothing", s, "", context)
	refuse("not base64", s, "!"+sealed[1:], context)
	refuse("cut short", s, sealed[:len(sealed)-4], context)
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(raw) * 8 {
		changed := bytes.Clone(raw)
		changed[bit/8] ^= 1 << (bit % 8)
		refuse(fmt.Sprintf("bit %d flipped", bit), s, base64.StdEncoding.EncodeToString(changed), context)
	}
}

func TestContextIsRequired(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "keyset.json"))
	if sealed, err := s.Seal([]byte("secret"), ""); err == nil {
		t.Errorf("sealed without a context: %d characters", len(sealed))
	}
	if _, err := s.Open(mustSeal(t, s, "secret", "x"), ""); err == nil {
		t.Error("opened without a context")
	}
}

func TestFromKeyset(t *testing.T) {
	t.Parallel()
	old := keysetOf(t, aead.XChaCha20Poly1305KeyTemplate())
	s, err := seal.FromKeyset(old)
	if err != nil {
		t.Fatal(err)
	}
	sealed := mustSeal(t, s, "secret", "x")
	again, err := seal.FromKeyset(old)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed, "x"); err != nil || string(got) != "secret" {
		t.Errorf("a second sealer of the same keyset: %q, %v", got, err)
	}

	var noPrimary map[string]any
	if err := json.Unmarshal(old, &noPrimary); err != nil {
		t.Fatal(err)
	}
	noPrimary["primaryKeyId"] = 1
	unfit, err := json.Marshal(noPrimary)
	if err != nil {
		t.Fatal(err)
	}
	for name, keyset := range map[string][]byte{
		"nothing": nil, "not JSON": []byte("secret-material"), "an empty object": []byte("{}"), "cut short": old[:len(old)/2],
		"keys of another kind": keysetOf(t, mac.HMACSHA256Tag256KeyTemplate()), "no primary key": unfit,
	} {
		s, err := seal.FromKeyset(keyset)
		if !errors.Is(err, seal.ErrKeyset) || s != nil {
			t.Errorf("%s: got %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret-material") {
			t.Errorf("%s: the error repeats the keyset", name)
		}
	}
}

// TestRotation: with a key added and made primary, what the old key sealed still
// opens, and the old keyset cannot open what is sealed now.
func TestRotation(t *testing.T) {
	t.Parallel()
	both := keysetOf(t, aead.AES256GCMKeyTemplate(), aead.AES256GCMKeyTemplate())
	var parts struct {
		PrimaryKeyID uint32            `json:"primaryKeyId"`
		Key          []json.RawMessage `json:"key"`
	}
	if err := json.Unmarshal(both, &parts); err != nil {
		t.Fatal(err)
	}
	var first struct {
		KeyID uint32 `json:"keyId"`
	}
	if err := json.Unmarshal(parts.Key[0], &first); err != nil {
		t.Fatal(err)
	}
	parts.PrimaryKeyID, parts.Key = first.KeyID, parts.Key[:1]
	onlyOld, err := json.Marshal(parts)
	if err != nil {
		t.Fatal(err)
	}
	before, err := seal.FromKeyset(onlyOld)
	if err != nil {
		t.Fatal(err)
	}
	after, err := seal.FromKeyset(both)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := after.Open(mustSeal(t, before, "secret", "x"), "x"); err != nil || string(got) != "secret" {
		t.Errorf("sealed before the rotation: %q, %v", got, err)
	}
	if _, err := before.Open(mustSeal(t, after, "secret", "x"), "x"); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("the old keyset opens what the new key sealed: %v", err)
	}
}

func TestSealerIsNotPrinted(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "keyset.json"))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if got := fmt.Sprintf(verb, s); got != "seal.Sealer" {
			t.Errorf("%s prints %d characters", verb, len(got))
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "keyset.json"))
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Go(func() {
			for n := range 200 {
				text := fmt.Sprint(worker, n)
				sealed, err := s.Seal([]byte(text), text)
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := s.Open(sealed, text); err != nil || string(got) != text {
					t.Errorf("%q came back as %q: %v", text, got, err)
				}
			}
		})
	}
	wait.Wait()
}
