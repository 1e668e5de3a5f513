package controlplane

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"strings"

	"onramp/internal/store"
)

// feedSetting is the name of the setting that holds the digest of the secret in the address of an account's calendar. Empty or
// not set: it has none.
func feedSetting(account string) string { return "maintenance-feed/" + account }

// OpenMaintenanceFeed makes the secret part of the address at which an account's calendar of planned work is read without
// further proof, in place of an earlier one. It is answered here and never again: only its digest is kept.
func (s *Service) OpenMaintenanceFeed(ctx context.Context, account string) (secret string, err error) {
	if len(account) != accountDigits || strings.Trim(account, "0123456789") != "" {
		return "", refuse(Invalid, "%q is not an account ID: it has 12 digits.", account)
	}
	secret = strings.ToLower(rand.Text())
	err = s.update(ctx, func(tx *store.Tx) error { return tx.PutSetting(feedSetting(account), digest(secret)) })
	return secret, err
}

const accountDigits = 12

// CloseMaintenanceFeed ends the address.
func (s *Service) CloseMaintenanceFeed(ctx context.Context, account string) error {
	return s.update(ctx, func(tx *store.Tx) error {
		kept, err := tx.Setting(feedSetting(account))
		if err == nil && kept == "" {
			err = store.ErrNotFound
		}
		if err != nil {
			return missing(err, "Account %s has no calendar that could be read.", account)
		}
		return tx.PutSetting(feedSetting(account), "")
	})
}

// MaintenanceFeed is the calendar of an account for whoever knows its secret. Everybody else is told the same, whether or not
// the account has one.
func (s *Service) MaintenanceFeed(ctx context.Context, account, secret string) ([]byte, error) {
	kept := ""
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		kept, err = tx.Setting(feedSetting(account))
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if same := subtle.ConstantTimeCompare([]byte(kept), []byte(digest(secret))); kept == "" || same != 1 {
		return nil, refuse(Missing, "There is no such calendar.")
	}
	return s.MaintenanceCalendar(ctx, account)
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
