package daemon

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/inventory"
	"onramp/internal/seal"
	"onramp/internal/store"
)

// core is what a server and the command line's offline mode share: all but listeners and the reconciler.
type core struct {
	store   *store.Store
	seal    *seal.Sealer
	clock   *controlplane.Clock
	service *controlplane.Service
}

func openCore(ctx context.Context, c Config) (*core, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	url, err := c.databaseURL()
	if err != nil {
		return nil, err
	}
	k := &core{}
	if k.store, err = store.Open(ctx, store.Options{URL: url, MaxConns: c.MaxDatabaseConns, Log: c.Log}); err != nil {
		return nil, err
	}
	if err := k.fill(ctx, c); err != nil {
		return nil, errors.Join(err, k.close())
	}
	return k, nil
}

func (k *core) fill(ctx context.Context, c Config) (err error) {
	if k.seal, err = openKeyset(ctx, k.store, c.keysetFile()); err != nil {
		return err
	}
	if k.clock, err = controlplane.NewClock(ctx, k.store, true, c.RealTime); err != nil {
		return err
	}
	k.store.SetClock(k.clock.Now)
	if c.Audit == AuditOff {
		k.store.LeaveTrail()
	}
	k.service = &controlplane.Service{
		Store: k.store, Now: k.clock.Now, Wake: func() {}, Seal: k.seal, Quotas: c.Quotas, Keep: c.Keep, Provider: c.Provider, ProviderContact: c.ProviderContact,
		Pace: c.Pace, Audit: c.Audit, KeepAudit: c.KeepAudit, Checkpoints: checkpointFile(CheckpointFile(c.Data)), PrivateWebhooks: c.PrivateWebhooks,
	}
	first := c.FirstInventory
	if first == nil {
		def := inventory.Default()
		first = &def
	}
	loaded, err := k.service.EnsureInventory(ctx, *first)
	if loaded {
		c.Log.Info("first inventory loaded", "locations", len(first.Locations), "ports", first.Ports())
	}
	return errors.Join(err, k.service.SealWebhooks(ctx), k.service.BindTrusts(ctx))
}

func (k *core) close() error { return k.store.Close() }

// followClock takes over, every second, what other servers on the database have turned.
func (k *core) followClock(ctx context.Context, log *slog.Logger, wake func()) error {
	return every(ctx, time.Second, func() {
		moved, err := k.clock.Sync(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			log.Warn("reading the clock's offset failed", "error", err)
		case moved:
			wake()
		}
	})
}

// every does something again and again until ctx ends, first after the interval.
func every(ctx context.Context, interval time.Duration, do func()) error {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			do()
		}
	}
}

// keysetSetting holds a known text, sealed: only the keyset that the database was sealed with opens it.
const keysetSetting = "keyset-check"

const keysetProof = "this database's keyset"

// openKeyset opens the keyset file, or makes it for a database that has never had one. It refuses a keyset that is not
// the database's: secrets sealed with another would be lost in between.
func openKeyset(ctx context.Context, s *store.Store, file string) (*seal.Sealer, error) {
	proof, err := keysetCheck(ctx, s)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(file); proof != "" && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the keyset file %s is missing, and this database has secrets sealed with it: restore it from a backup, or name it with --keyset", file)
	}
	sealer, err := seal.Open(file)
	if err != nil {
		return nil, err
	}
	sealed, err := sealer.Seal([]byte(keysetProof), keysetSetting)
	if err != nil {
		return nil, err
	}
	err = s.Update(ctx, func(tx *store.Tx) error {
		proof, err = tx.Setting(keysetSetting) // again: another server may have been first
		if errors.Is(err, store.ErrNotFound) {
			proof = sealed
			return tx.PutSetting(keysetSetting, sealed)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if !proves(sealer, proof) {
		return nil, fmt.Errorf("the keyset file %s is not the one that this database's secrets are sealed with: name the right one with --keyset", file)
	}
	return sealer, nil
}

func keysetCheck(ctx context.Context, s *store.Store) (proof string, err error) {
	err = s.View(ctx, func(tx *store.Tx) error {
		proof, err = tx.Setting(keysetSetting)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return proof, err
}
