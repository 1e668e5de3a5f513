package controlplane

import (
	"context"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// DirectGatewayReport is a Direct Connect gateway of any account, what it is associated with, and the live interfaces that are
// attached to it.
type DirectGatewayReport struct {
	Gateway      directconnect.Gateway
	Associations []directconnect.Association
	Interfaces   []directconnect.VirtualInterface
}

// DirectGateways lists the live Direct Connect gateways of an account, the oldest first, from behind the one with the ID after
// unless that is empty.
func (s *Service) DirectGateways(ctx context.Context, account, after string, limit int) (found []directconnect.Gateway, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		q := store.GatewayQuery{Account: account, LiveOnly: true, Limit: limit}
		if after != "" {
			last, err := tx.Gateway(after)
			if err != nil {
				return missing(err, "There is no Direct Connect gateway %q to go on after.", after)
			}
			q.After = store.Cursor{Created: last.Created, ID: last.ID}
		}
		var err error
		found, err = tx.Gateways(q)
		return err
	})
	return found, err
}

// OneDirectGateway answers any account's Direct Connect gateway.
func (s *Service) OneDirectGateway(ctx context.Context, id string) (report DirectGatewayReport, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if report.Gateway, err = tx.Gateway(id); err != nil {
			return missing(err, "There is no Direct Connect gateway %q.", id)
		}
		if report.Associations, err = tx.Associations(store.AssociationQuery{GatewayID: id, LiveOnly: true}); err != nil {
			return err
		}
		report.Interfaces, err = tx.Interfaces(store.InterfaceQuery{GatewayID: id, LiveOnly: true})
		return err
	})
	return report, err
}
