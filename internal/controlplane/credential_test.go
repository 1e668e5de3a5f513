package controlplane

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/seal"
	"onramp/internal/store"
)

// operatorsService is a Service on an empty store, whose clock stands still.
func operatorsService(t testing.TB) *Service {
	t.Helper()
	folder := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{URL: "sqlite://" + filepath.Join(folder, "onramp.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, err := seal.Open(filepath.Join(folder, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	return &Service{
		Store: db, Now: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }, Wake: func() {}, Seal: sealer,
		Keep: 24 * time.Hour, Provider: "Test",
	}
}

func TestOpenModeCredentials(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	for key, account := range map[string]string{"test": "000000000000", "123456789012": "123456789012"} {
		want := Credential{Account: account, Secret: "test", Open: true}
		if got, err := s.Credential(t.Context(), key, ""); err != nil || got != want {
			t.Errorf("key %s: %v (%v), want %v", key, got, err, want)
		}
	}
	for _, key := range []string{"", "Test", "12345678901", "AKIAIOSFODNN7EXAMPLE"} {
		if _, err := s.Credential(t.Context(), key, ""); !errors.Is(err, ErrNoAccessKey) {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

func TestConfiguredCredentials(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	if _, err := s.Credential(t.Context(), "test", ""); err != nil { // remembered, and to be forgotten
		t.Fatal(err)
	}
	account, err := s.AddAccount(t.Context(), "", AccountChange{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Credential(t.Context(), "test", ""); !errors.Is(err, ErrNoAccessKey) {
		t.Errorf("open mode goes on after the first account: %v", err)
	}
	key, secret, err := s.AddAccessKey(t.Context(), account.ID, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(key.ID) != 20 || !strings.HasPrefix(key.ID, "AKIA") || len(secret) != 40 {
		t.Errorf("a key of ID %s and a secret of %d characters has not the shape of AWS's", key.ID, len(secret))
	}
	want := Credential{Account: account.ID, Secret: secret}
	if got, err := s.Credential(t.Context(), key.ID, ""); err != nil || got != want {
		t.Errorf("the made key answers another credential (%v)", err)
	}
	if err := s.Store.View(t.Context(), func(tx *store.Tx) error {
		row, err := tx.AccessKey(key.ID)
		if strings.Contains(row.Sealed, secret) {
			t.Error("the secret is stored in the clear")
		}
		if _, err := s.Seal.Open(row.Sealed, "access-key/another"); err == nil {
			t.Error("the sealed secret opens for another key")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveAccessKey(t.Context(), account.ID, key.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Credential(t.Context(), key.ID, ""); !errors.Is(err, ErrNoAccessKey) {
		t.Errorf("a removed key is taken: %v", err)
	}
}

func TestADisabledKeyIsRefused(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	account, err := s.AddAccount(t.Context(), "123456789012", AccountChange{})
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := s.AddAccessKey(t.Context(), account.ID, "AKIAIMPORTED", "0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.Update(t.Context(), func(tx *store.Tx) error {
		row, err := tx.AccessKey(key.ID)
		if err != nil {
			return err
		}
		row.Disabled = true
		return tx.PutAccessKey(row)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Credential(t.Context(), key.ID, ""); !errors.Is(err, ErrNoAccessKey) {
		t.Errorf("a disabled key is taken: %v", err)
	}
}

// An account that open mode made is nobody's until an operator adds it; what it signed stays.
func TestAnOperatorTakesOverAnAccountOfOpenMode(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	if err := s.Store.Update(t.Context(), func(tx *store.Tx) error {
		a := directconnect.Account{ID: "123456789012", Open: true, Partner: directconnect.PartnerV2, Signed: []string{directconnect.Agreement}}
		return tx.PutAccount(&a)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Account(t.Context(), "123456789012"); !strings.Contains(fmt.Sprint(err), "no account") {
		t.Errorf("an account of open mode is shown: %v", err)
	}
	if listed, err := s.Accounts(t.Context(), "", 10); err != nil || len(listed) != 0 {
		t.Errorf("accounts of open mode are listed: %v (%v)", listed, err)
	}
	if open, err := s.OpenMode(t.Context()); err != nil || !open {
		t.Errorf("an account of open mode ended it (%v)", err)
	}
	a, err := s.AddAccount(t.Context(), "123456789012", AccountChange{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Open || a.Partner != directconnect.NonPartner || !a.HasSigned(directconnect.Agreement) || a.Quotas != directconnect.DocumentedQuotas {
		t.Errorf("the account taken over is %+v", a)
	}
	if open, err := s.OpenMode(t.Context()); err != nil || open {
		t.Errorf("a configured account did not end open mode (%v)", err)
	}
}

func TestCredentialCache(t *testing.T) {
	t.Parallel()
	var c credentialCache
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c.put("a", Credential{Account: "1"}, begin, c.epoch())
	if _, ok := c.get("a", begin.Add(credentialsFor)); !ok {
		t.Error("forgotten too early")
	}
	if _, ok := c.get("a", begin.Add(credentialsFor+1)); ok {
		t.Error("remembered too long")
	}
	before := c.epoch()
	c.forget()
	c.put("a", Credential{Account: "1"}, begin, before)
	if _, ok := c.get("a", begin); ok {
		t.Error("what was looked up before a change is remembered after it")
	}
	for i := range 3 * maxCredentials {
		c.put(fmt.Sprint(i), Credential{}, begin, c.epoch())
		if len(c.entries) > maxCredentials {
			t.Fatalf("%d entries, at most %d are kept", len(c.entries), maxCredentials)
		}
	}
	if _, ok := c.get(fmt.Sprint(3*maxCredentials-1), begin); !ok {
		t.Error("the latest entry was not kept")
	}
}
