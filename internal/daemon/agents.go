package daemon

import (
	"context"
	"errors"
	"fmt"

	"onramp/internal/fabric/remote"
	"onramp/internal/seal"
	"onramp/internal/store"
)

// ledger keeps in the store what the control plane knows of the agents on routers.
type ledger struct {
	store *store.Store
	seal  *seal.Sealer
}

var _ remote.Ledger = ledger{}

// authoritySetting holds the certificate authority of the routers, sealed.
const authoritySetting = "router-authority"

func (l ledger) Authority(ctx context.Context, fresh func() ([]byte, error)) ([]byte, error) {
	kept := ""
	read := func(tx *store.Tx) (err error) {
		kept, err = tx.Setting(authoritySetting)
		return err
	}
	err := l.store.View(ctx, read)
	if errors.Is(err, store.ErrNotFound) {
		var made []byte
		if made, err = fresh(); err != nil {
			return nil, err
		}
		var sealed string
		if sealed, err = l.seal.Seal(made, authoritySetting); err != nil {
			return nil, err
		}
		err = l.store.Update(ctx, func(tx *store.Tx) error {
			err := read(tx) // again: another server may have been first
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
			kept = sealed
			return tx.PutSetting(authoritySetting, sealed)
		})
	}
	if err != nil {
		return nil, err
	}
	return l.seal.Open(kept, authoritySetting)
}

func (l ledger) Agent(ctx context.Context, router string) (remote.Agent, error) {
	var row store.Agent
	err := l.store.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.Agent(router)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return remote.Agent{}, remote.ErrNoAgent
	}
	return agentOf(row), err
}

func (l ledger) Agents(ctx context.Context) ([]remote.Agent, error) {
	var rows []store.Agent
	err := l.store.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.Agents("", 0)
		return err
	})
	all := make([]remote.Agent, len(rows))
	for i, row := range rows {
		all[i] = agentOf(row)
	}
	return all, err
}

func (l ledger) ChangeAgent(ctx context.Context, router string, change func(*remote.Agent) error) error {
	return l.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Router(router); errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("%s: %w", router, remote.ErrNoRouter)
		} else if err != nil {
			return err
		}
		row, err := tx.Agent(router)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		row.Router = router
		a := agentOf(row)
		if err := change(&a); err != nil {
			return err
		}
		next := agentRow(a)
		next.Version = row.Version
		return tx.PutAgent(&next)
	})
}

func agentOf(r store.Agent) remote.Agent {
	return remote.Agent{
		Router: r.Router, TokenHash: r.TokenHash, TokenExpires: r.TokenExpires, Enrolment: r.Enrolment, SealingKey: r.SealingKey,
		Enrolled: r.Enrolled, Expires: r.Expires, Revoked: r.Revoked, Server: r.Server, Connected: r.Connected, Seen: r.Seen,
		Waiting: r.Waiting, Drift: r.Drift, Repairs: r.Repairs, Repaired: r.Repaired,
	}
}

func agentRow(a remote.Agent) store.Agent {
	return store.Agent{
		Router: a.Router, TokenHash: a.TokenHash, TokenExpires: a.TokenExpires, Enrolment: a.Enrolment, SealingKey: a.SealingKey,
		Enrolled: a.Enrolled, Expires: a.Expires, Revoked: a.Revoked, Server: a.Server, Connected: a.Connected, Seen: a.Seen,
		Waiting: a.Waiting, Drift: a.Drift, Repairs: a.Repairs, Repaired: a.Repaired,
	}
}
