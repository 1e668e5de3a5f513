package controlplane

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Credential is what a signature is checked against.
type Credential struct {
	Account string
	Secret  string
	// Open marks one of open mode, in which every caller knows the secret.
	Open bool
	// Identity is in whose name the key signs; nil: the account's own.
	Identity *Identity
	// Token and Expires are those of a session; empty: the key is one for good.
	Token   string
	Expires time.Time
}

// ErrNoAccessKey is the answer to an access key that is unknown or disabled.
var ErrNoAccessKey = errors.New("controlplane: no such access key")

// The credentials of open mode.
const (
	OpenAccessKeyID = "test"         // stands for OpenAccount
	OpenSecret      = "test"         // of every access key
	OpenAccount     = "000000000000" // twelve-digit access keys stand for their own account
)

// Credential finds the credential of an access key: a configured one, or while no account is configured one of open mode; or
// the one of a session that a token holds. The error is ErrNoAccessKey when there is none.
//
// What it answers may be up to two seconds old: that is how long another server's change takes to be seen here.
func (s *Service) Credential(ctx context.Context, accessKeyID, token string) (Credential, error) {
	now := time.Now() // of the real world: nobody turns the clock of a cache
	key, find := accessKeyID, s.credential
	if token != "" {
		key, find = sessionCacheKey(accessKeyID, token), s.sessionCredential
	}
	if c, ok := s.credentials.get(key, now); ok {
		return c, nil
	}
	epoch := s.credentials.epoch()
	c, err := find(ctx, accessKeyID, token)
	if err != nil {
		return Credential{}, err
	}
	s.credentials.put(key, c, now, epoch)
	return c, nil
}

// sessionCacheKey is short, and no access key is the same.
func sessionCacheKey(accessKeyID, token string) string {
	sum := sha256.Sum256([]byte(accessKeyID + "/" + token))
	return "/" + string(sum[:])
}

func (s *Service) credential(ctx context.Context, accessKeyID, _ string) (Credential, error) {
	var row store.AccessKey
	var owner *Identity
	open := false
	err := s.Store.View(ctx, func(tx *store.Tx) error {
		owner = nil
		configured, err := tx.HasAccounts()
		if open = !configured; err != nil || open {
			return err
		}
		if row, err = tx.AccessKey(accessKeyID); err != nil || row.User == "" {
			return err
		}
		user, err := tx.Principal(row.Account, store.User, row.User)
		owner = &Identity{
			Kind: store.User, Account: row.Account, Name: user.Name, ID: user.ID, AccessKeyID: row.ID, Operator: user.Operator,
		}
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return Credential{}, ErrNoAccessKey
	case err != nil:
		return Credential{}, err
	case open:
		return openCredential(accessKeyID)
	case row.Disabled:
		return Credential{}, ErrNoAccessKey
	}
	secret, err := s.Seal.Open(row.Sealed, accessKeyContext(row.ID))
	if err != nil {
		return Credential{}, err
	}
	return Credential{Account: row.Account, Secret: string(secret), Identity: owner}, nil
}

func openCredential(accessKeyID string) (Credential, error) {
	switch {
	case accessKeyID == OpenAccessKeyID:
		return Credential{Account: OpenAccount, Secret: OpenSecret, Open: true}, nil
	case directconnect.IsAccountID(accessKeyID):
		return Credential{Account: accessKeyID, Secret: OpenSecret, Open: true}, nil
	}
	return Credential{}, ErrNoAccessKey
}

// OpenMode reports whether no account is configured.
func (s *Service) OpenMode(ctx context.Context) (bool, error) {
	open := false
	err := s.Store.View(ctx, func(tx *store.Tx) error {
		configured, err := tx.HasAccounts()
		open = !configured
		return err
	})
	return open, err
}

const (
	credentialsFor  = 2 * time.Second
	maxCredentials  = 10_000
	credentialSweep = maxCredentials / 10
)

// credentialCache remembers credentials for a moment, so that a busy server does not unseal on every request. Its zero
// value is empty and ready. Unknown keys are not remembered: anybody can make those up.
type credentialCache struct {
	mu      sync.RWMutex
	entries map[string]credentialEntry
	changes uint64 // how often it was emptied
}

type credentialEntry struct {
	Credential
	until time.Time
}

func (c *credentialCache) get(id string, now time.Time) (Credential, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e, ok := c.entries[id]
	if !ok || now.After(e.until) {
		return Credential{}, false
	}
	return e.Credential, true
}

// epoch is to be asked before a credential is looked up, and given to put with it.
func (c *credentialCache) epoch() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.changes
}

// put remembers a credential, unless the cache was emptied since epoch: what was looked up may be older than the change.
func (c *credentialCache) put(id string, found Credential, now time.Time, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes != epoch {
		return
	}
	if c.entries == nil {
		c.entries = map[string]credentialEntry{}
	}
	if len(c.entries) >= maxCredentials {
		c.sweep(now)
	}
	c.entries[id] = credentialEntry{found, now.Add(credentialsFor)}
}

// sweep makes room: what has run out goes, and if that is not enough, whatever comes first.
func (c *credentialCache) sweep(now time.Time) {
	for id, e := range c.entries {
		if now.After(e.until) {
			delete(c.entries, id)
		}
	}
	for id := range c.entries {
		if len(c.entries) <= maxCredentials-credentialSweep {
			return
		}
		delete(c.entries, id)
	}
}

// forget empties the cache after a change.
func (c *credentialCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	clear(c.entries)
}
