package controlplane

import (
	"context"
	"errors"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// Maintenances lists planned work by when it begins.
func (s *Service) Maintenances(ctx context.Context, f MaintenanceFilter) (found []directconnect.Maintenance, err error) {
	if f.Status != "" && !slices.Contains(directconnect.MaintenanceStatuses, f.Status) {
		return nil, refuse(Invalid, "%q is not a status of a maintenance: planned, in-progress, completed or cancelled.", f.Status)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		q := store.MaintenanceQuery{
			Account: f.Account, Resource: f.Resource, Status: f.Status, Limit: f.Limit,
			OpenOnly: !f.Ended && f.Status != directconnect.MaintenanceCompleted && f.Status != directconnect.MaintenanceCancelled,
		}
		if f.After != "" {
			last, err := tx.Maintenance(f.After)
			if err != nil {
				return missing(err, "There is no maintenance %q to go on after.", f.After)
			}
			q.After = store.Cursor{Created: last.From, ID: last.ID}
		}
		found, err = tx.Maintenances(q)
		return err
	})
	return found, err
}

// OneMaintenance answers planned work with what it hits: of work that has ended as it was told last.
func (s *Service) OneMaintenance(ctx context.Context, id string) (r MaintenanceReport, err error) {
	if !directconnect.IsMaintenanceID(id) {
		return r, notMaintenance(id)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		m, err := tx.Maintenance(id)
		if err != nil {
			return missing(err, "There is no maintenance %s.", id)
		}
		if !m.Open() {
			r = MaintenanceReport{Maintenance: m}
			r.Hits, err = tx.WorkHits(id, "")
			return err
		}
		told, err := tx.WorkHits(id, "")
		if err != nil {
			return err
		}
		r, err = s.surveyMaintenance(tx, m)
		if _, gone := errors.AsType[*Refusal](err); gone { // a target is no longer there
			r, err = MaintenanceReport{Maintenance: m, Hits: told}, nil
		}
		return err
	})
	return r, err
}
