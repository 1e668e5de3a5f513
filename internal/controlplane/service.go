// Package controlplane says what may be asked: one method for each operation of the API, one file for each noun, and the
// operator's moves. A method parses the wire's request into nouns, lets the pure room apply its rules inside one
// transaction, commits, and renders once. It never waits for a router: it writes what is wanted and wakes the reconciler.
//
// It does not know HTTP, signatures or routers.
package controlplane

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"sync/atomic"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Service is the control plane over one store. Its fields are set once, before the first call.
type Service struct {
	Store *store.Store
	// Now is the time of the simulated or real world, which an operator may have turned forward.
	Now func() time.Time
	// Wake tells the reconciler that something may be due. It never blocks.
	Wake func()
	// Pace says when an order is approved; its zero value: at once.
	Pace directconnect.Pace
	// Seal keeps secrets at rest and pagination tokens opaque.
	Seal Sealer
	// Quotas are those of accounts that nobody configured; zero lifts the quotas of every account.
	Quotas directconnect.Quotas
	// Keep is how long a deleted connection or LAG stays listed.
	Keep time.Duration
	// Provider is the name that letters are written under, ProviderContact how to reach it about them; it may be empty.
	Provider, ProviderContact string

	// PrivateWebhooks lets webhooks be at any address, and speak plain HTTP.
	PrivateWebhooks bool

	// Doctor looks at routers for Diagnose; nil: nobody can.
	Doctor Doctor

	// Audit says what the audit trail holds; Trail writes what no transaction of its own records. nil: each record has one.
	Audit AuditLevel
	Trail *Trail
	// Checkpoints holds the newest checkpoint of the trail outside the database; nil: nothing does. KeepAudit is how long
	// records are kept, and checkpoints with them; 0: for ever.
	Checkpoints CheckpointMemory
	KeepAudit   time.Duration

	backingUp   atomic.Bool
	credentials credentialCache
	permissions permissionCache
}

// Sealer encrypts text under the installation's key, bound to a context that must be repeated to open it.
type Sealer interface {
	Seal(plaintext []byte, context string) (string, error)
	Open(sealed, context string) ([]byte, error)
}

// Caller is who asks, as the signature proved it.
type Caller struct {
	Account string // twelve digits
	Region  string // of the credential scope

	AccessKeyID   string         // that signed
	Identity      *Identity      // in whose name; nil: the account's own
	Circumstances *Circumstances // of the request; nil: not known
}

// Partition is the partition of the caller's Region.
func (c Caller) Partition() string { return directconnect.PartitionOf(c.Region) }

// account loads an account as it is treated: with the quotas in force. One that nobody configured is what open mode stands
// for.
func (s *Service) account(tx *store.Tx, id string) (directconnect.Account, error) {
	a, err := s.storedAccount(tx, id)
	if a.Open || s.Quotas == (directconnect.Quotas{}) {
		a.Quotas = s.Quotas
	}
	return a, err
}

// storedAccount loads an account as it is kept, or makes up the one that open mode stands for.
func (s *Service) storedAccount(tx *store.Tx, id string) (directconnect.Account, error) {
	a, err := tx.Account(id)
	if errors.Is(err, store.ErrNotFound) {
		return directconnect.Account{ID: id, Name: "Account " + id, Open: true, Partner: directconnect.PartnerV2}, nil
	}
	return a, err
}

// newID makes an identifier of the recorded shape. A clash breaks the store's uniqueness and the transaction runs again.
func newID(prefix string) string { return directconnect.ShortID(prefix, random()) }

// random answers 64 random bits.
func random() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand.Read
	return binary.LittleEndian.Uint64(b[:])
}

// clashes is how often update runs again when another request took the same port or identifier first.
const clashes = 16

// update runs f in a transaction and wakes the reconciler when it has committed. What another request was faster to take
// (a port, a random identifier) is chosen anew.
func (s *Service) update(ctx context.Context, f func(tx *store.Tx) error) error {
	f, kept := s.recordMove(ctx, f)
	for try := 1; ; try++ {
		err := s.Store.Update(ctx, f)
		var taken *store.TakenError
		if errors.As(err, &taken) && try < clashes {
			continue
		}
		if err == nil {
			kept()
			s.Wake()
		}
		return err
	}
}
