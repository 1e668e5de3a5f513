package controlplane

import (
	"context"
	"slices"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// AccountWork is planned or running work as an account may know it that it hits: nothing of why it was forced, nor of others.
type AccountWork struct {
	ID       string
	Status   directconnect.MaintenanceStatus
	From, To time.Time // UTC
	Impact   directconnect.Impact
	Reason   string                  // as it is told to customers
	Hits     []directconnect.WorkHit // of the account, by ID
}

// WorkOf answers the planned and running work that hits a resource of an account, or anything of it if resource is empty, by
// when it begins.
func (s *Service) WorkOf(ctx context.Context, account, resource string) (all []AccountWork, err error) {
	if account == "" {
		return nil, refuse(Invalid, "Whose work is asked for is not said.")
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		all = nil
		found, err := tx.Maintenances(store.MaintenanceQuery{Account: account, Resource: resource, OpenOnly: true})
		if err != nil {
			return err
		}
		for _, m := range found {
			hits, err := tx.WorkHits(m.ID, account)
			if err != nil {
				return err
			}
			own := func(h directconnect.WorkHit) bool { return h.ID == resource }
			if resource != "" && !slices.ContainsFunc(hits, own) {
				continue // it hits the resource, which is another's
			}
			all = append(all, AccountWork{ID: m.ID, Status: m.Status, From: m.From, To: m.To, Impact: m.Impact, Reason: m.Reason, Hits: hits})
		}
		return nil
	})
	return all, err
}
