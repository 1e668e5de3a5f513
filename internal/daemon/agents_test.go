package daemon

import (
	"path/filepath"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/fabric/remote"
	"onramp/internal/fabric/remote/remotetest"
	"onramp/internal/seal"
	"onramp/internal/store"
)

func TestLedger(t *testing.T) {
	t.Parallel()
	remotetest.RunLedger(t, func(t *testing.T) remote.Ledger { return openLedger(t) })
}

func openLedger(t *testing.T) ledger {
	t.Helper()
	folder := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite://" + filepath.Join(folder, "onramp.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutLocation(&directconnect.Location{Code: "HERE", Region: "us-east-1"}); err != nil {
			return err
		}
		for _, name := range []string{"r1", "r2"} {
			if err := tx.PutRouter(&directconnect.Router{Name: name, Location: "HERE", Region: "us-east-1"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := seal.Open(filepath.Join(folder, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	return ledger{s, sealer}
}

// The authority's private key is in the database sealed, and in no other way.
func TestAuthorityIsSealed(t *testing.T) {
	t.Parallel()
	l := openLedger(t)
	const key = "-----BEGIN PRIVATE KEY-----"
	if text, err := l.Authority(t.Context(), func() ([]byte, error) { return []byte(key), nil }); err != nil || string(text) != key {
		t.Fatalf("error %v", err)
	}
	err := l.store.View(t.Context(), func(tx *store.Tx) error {
		kept, err := tx.Setting(authoritySetting)
		if strings.Contains(kept, "PRIVATE") || kept == "" {
			t.Error("the key is kept in the clear, or not at all")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	other := openLedger(t)
	other.store = l.store
	if text, err := other.Authority(t.Context(), nil); err == nil {
		t.Errorf("another keyset opens %d bytes", len(text))
	}
}
