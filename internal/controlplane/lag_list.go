package controlplane

import (
	"context"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// LAGReport is a LAG of any account, its live members, and the state that follows from them.
type LAGReport struct {
	LAG     directconnect.LAG
	Members []directconnect.Connection
	State   directconnect.LAGState
}

// LAGFilter chooses from the LAGs of all accounts. What is empty does not restrict.
type LAGFilter struct {
	Account, Region, Location, Router string

	State directconnect.LAGState
	Ended bool   // deleted ones too
	After string // the ID of the last LAG of the page before
	Limit int    // at most; required
}

// AllLAGs lists LAGs of every account and Region, by location, then oldest first.
func (s *Service) AllLAGs(ctx context.Context, f LAGFilter) (found []LAGReport, err error) {
	known := f.State == ""
	for _, state := range directconnect.LAGStates {
		known = known || f.State == state
	}
	if !known {
		return nil, refuse(Invalid, "%q is not a state of a LAG.", f.State)
	}
	f.Ended = f.Ended || f.State == directconnect.LAGDeleted
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		found = nil
		var last directconnect.LAG
		if f.After != "" {
			var err error
			if last, err = tx.LAG(f.After); err != nil {
				return missing(err, "There is no LAG %q to go on after.", f.After)
			}
		}
		codes, err := locationCodes(tx, f.Location)
		for _, code := range codes {
			if err == nil && code >= last.Location && len(found) < f.Limit {
				after := store.Cursor{}
				if code == last.Location {
					after = store.Cursor{Created: last.Created, ID: last.ID}
				}
				found, err = collectLAGs(tx, f, code, after, found)
			}
		}
		return err
	})
	return found, err
}

func collectLAGs(tx *store.Tx, f LAGFilter, code string, after store.Cursor, found []LAGReport) ([]LAGReport, error) {
	const page = 1000
	for len(found) < f.Limit {
		rows, err := tx.LAGs(store.LAGQuery{
			Account: f.Account, Region: f.Region, Location: code, Router: f.Router, LiveOnly: !f.Ended, After: after, Limit: page,
		})
		if err != nil {
			return nil, err
		}
		for _, g := range rows {
			if len(found) == f.Limit {
				break
			}
			report, err := lagReport(tx, g)
			if err != nil {
				return nil, err
			}
			if f.State == "" || report.State == f.State {
				found = append(found, report)
			}
		}
		if len(rows) < page {
			break
		}
		after = store.Cursor{Created: rows[len(rows)-1].Created, ID: rows[len(rows)-1].ID}
	}
	return found, nil
}

func lagReport(tx *store.Tx, g directconnect.LAG) (LAGReport, error) {
	members, err := lagMembers(tx, g.ID)
	return LAGReport{LAG: g, Members: members, State: g.State(members)}, err
}

// OneLAG answers any account's LAG.
func (s *Service) OneLAG(ctx context.Context, id string) (report LAGReport, err error) {
	if !directconnect.IsLAGID(id) {
		return report, refuse(Invalid, "%q is not a LAG ID.", id)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		g, err := tx.LAG(id)
		if err != nil {
			return missing(err, "There is no LAG %s.", id)
		}
		report, err = lagReport(tx, g)
		return err
	})
	return report, err
}
