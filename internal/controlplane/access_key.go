package controlplane

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode"

	"onramp/internal/store"
)

// AccessKey is a key pair as an operator sees it after it was made: without its secret.
type AccessKey struct {
	ID       string
	Account  string
	User     string // empty: the key is the account's own, and may do everything
	Created  time.Time
	Disabled bool
}

// maxUserKeys is how many keys a user can have, disabled ones too: enough to change over from one to the next ("IAM and AWS STS
// quotas"). An account's own are not counted.
const maxUserKeys = 2

// accessKeyShape is what sigv4 takes for an access key ID, and long enough to mean something.
var accessKeyShape = regexp.MustCompile(`^[A-Za-z0-9_]{4,128}$`)

// AddAccessKey gives an account a key pair: the given one, or with both empty a new one of the shape that AWS makes
// (AKIA and 16 characters; 40 characters). The secret is answered here and never again: only its sealed form is kept.
//
// It is the account's own, and may do everything.
func (s *Service) AddAccessKey(ctx context.Context, account, id, secret string) (AccessKey, string, error) {
	return s.AddUserAccessKey(ctx, account, "", id, secret)
}

// AddUserAccessKey is AddAccessKey for a user of the account, who may do what policies allow.
func (s *Service) AddUserAccessKey(ctx context.Context, account, user, id, secret string) (AccessKey, string, error) {
	switch {
	case id == "" && secret == "":
		id, secret = newAccessKeyID(), newSecretAccessKey()
	case id == "" || secret == "":
		return AccessKey{}, "", refuse(Invalid, "An imported key has both an ID and a secret.")
	case !accessKeyShape.MatchString(id):
		return AccessKey{}, "", refuse(Invalid, "An access key ID is 4 to 128 letters, digits and underscores.")
	case len(secret) < 8 || len(secret) > 128 || !printable(secret) || strings.ContainsFunc(secret, unicode.IsSpace):
		return AccessKey{}, "", refuse(Invalid, "A secret access key is 8 to 128 printable characters without blanks.")
	}
	sealed, err := s.Seal.Seal([]byte(secret), accessKeyContext(id))
	if err != nil {
		return AccessKey{}, "", err
	}
	row := store.AccessKey{ID: id, Account: account, Sealed: sealed, Created: s.Now(), User: strings.ToLower(user)}
	err = s.update(ctx, func(tx *store.Tx) error {
		if _, err := configuredAccount(tx, account); err != nil {
			return err
		}
		if user != "" {
			if err := roomForKey(tx, account, user); err != nil {
				return err
			}
		}
		switch _, err := tx.AccessKey(id); {
		case err == nil:
			return refuse(Conflict, "There is an access key %s already.", id)
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		madeByMove(ctx, account, id)
		return tx.PutAccessKey(row)
	})
	if err != nil {
		return AccessKey{}, "", err
	}
	s.credentials.forget()
	return accessKeyOf(row), secret, nil
}

func roomForKey(tx *store.Tx, account, user string) error {
	p, err := principalOf(tx, account, store.User, user)
	if err != nil {
		return err
	}
	keys, err := keysOf(tx, p)
	if err == nil && len(keys) >= maxUserKeys {
		err = refuse(Conflict, "The user %s has %d access keys, and can have no more: remove one first.", p.Name, len(keys))
	}
	return err
}

// AccessKeys lists an account's keys.
func (s *Service) AccessKeys(ctx context.Context, account string) ([]AccessKey, error) {
	var keys []AccessKey
	err := s.Store.View(ctx, func(tx *store.Tx) error {
		keys = nil
		if _, err := configuredAccount(tx, account); err != nil {
			return err
		}
		rows, err := tx.AccessKeys(account)
		for _, row := range rows {
			keys = append(keys, accessKeyOf(row))
		}
		return err
	})
	return keys, err
}

// SetAccessKey disables a key, or enables it again. While it is disabled, requests with it are refused, and those of the
// sessions that GetSessionToken gave for it; sessions of roles go on, as they are the role's. This server refuses at once,
// others on the same database within the time that credentials are remembered.
func (s *Service) SetAccessKey(ctx context.Context, account, id string, disabled bool) (AccessKey, error) {
	var row store.AccessKey
	err := s.update(ctx, func(tx *store.Tx) (err error) {
		if row, err = ownAccessKey(tx, account, id); err != nil {
			return err
		}
		row.Disabled = disabled
		return tx.PutAccessKey(row)
	})
	s.credentials.forget()
	if err != nil {
		return AccessKey{}, err
	}
	return accessKeyOf(row), nil
}

// ownAccessKey loads a key of an account, its own or one of its users'.
func ownAccessKey(tx *store.Tx, account, id string) (store.AccessKey, error) {
	row, err := tx.AccessKey(id)
	if err == nil && row.Account != account {
		err = store.ErrNotFound
	}
	return row, missing(err, "Account %s has no access key %q.", account, id)
}

// RemoveAccessKey takes a key from an account. This server refuses it at once, others on the same database within the
// time that credentials are remembered.
func (s *Service) RemoveAccessKey(ctx context.Context, account, id string) error {
	err := s.update(ctx, func(tx *store.Tx) error {
		if _, err := ownAccessKey(tx, account, id); err != nil {
			return err
		}
		return tx.DeleteAccessKey(id)
	})
	s.credentials.forget()
	return err
}

func accessKeyOf(row store.AccessKey) AccessKey {
	return AccessKey{ID: row.ID, Account: row.Account, User: row.User, Created: row.Created, Disabled: row.Disabled}
}

// accessKeyContext binds a sealed secret to its key's row.
func accessKeyContext(id string) string { return "access-key/" + id }

// newAccessKeyID has the published shape: a prefix for long-term keys and base 32.
func newAccessKeyID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand.Read
	return "AKIA" + base32.StdEncoding.EncodeToString(b[:])
}

// newSecretAccessKey is 240 random bits in 40 characters.
func newSecretAccessKey() string {
	var b [30]byte
	_, _ = rand.Read(b[:])
	return base64.StdEncoding.EncodeToString(b[:])
}

func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
}
