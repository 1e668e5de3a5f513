package controlplane

import (
	"context"
	"errors"
	"strings"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// NetworkDetails is all that is known of some things of a network, by ID.
type NetworkDetails struct {
	Connections map[string]directconnect.Connection
	LAGs        map[string]directconnect.LAG
	Interfaces  map[string]directconnect.VirtualInterface
	Accounts    map[string]directconnect.Account // only for the operator
}

// NetworkDetails answers the details of what Network has shown to an account, or of anything if account is empty, which is
// for the operator only. What is not there, not the account's, or of another kind is left out.
func (s *Service) NetworkDetails(ctx context.Context, account string, ids []string) (d NetworkDetails, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		d = NetworkDetails{
			Connections: map[string]directconnect.Connection{}, LAGs: map[string]directconnect.LAG{},
			Interfaces: map[string]directconnect.VirtualInterface{}, Accounts: map[string]directconnect.Account{},
		}
		for _, id := range ids {
			if err := d.load(tx, account, id); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	return d, err
}

func (d *NetworkDetails) load(tx *store.Tx, account, id string) error {
	theirs := func(owners ...string) bool {
		for _, o := range owners {
			if account == "" || o == account {
				return true
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(id, directconnect.ConnectionPrefix):
		c, err := tx.Connection(id)
		if err == nil && theirs(c.Account, c.Partner) {
			d.Connections[id] = c
		}
		return err
	case directconnect.IsLAGID(id):
		g, err := tx.LAG(id)
		if err == nil && theirs(g.Account) {
			d.LAGs[id] = g
		}
		return err
	case strings.HasPrefix(id, "dxvif-"):
		v, err := tx.Interface(id)
		if err == nil && theirs(v.Account, v.ConnectionOwner) {
			d.Interfaces[id] = v
		}
		return err
	case account == "" && directconnect.IsAccountID(id):
		a, err := tx.Account(id)
		if err == nil {
			d.Accounts[id] = a
		}
		return err
	}
	return nil
}
