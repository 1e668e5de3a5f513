package controlplane

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"onramp/internal/directconnect"
	"onramp/internal/maintnote"
	"onramp/internal/store"
)

// noticeStatus is where work stands in the words of the standard.
var noticeStatus = map[directconnect.MaintenanceStatus]maintnote.Status{
	directconnect.MaintenancePlanned: maintnote.Confirmed, directconnect.MaintenanceInProgress: maintnote.InProcess,
	directconnect.MaintenanceCompleted: maintnote.Completed, directconnect.MaintenanceCancelled: maintnote.Cancelled,
}

// MaintenanceNotice is the calendar that tells the accounts, or one of them, of planned work: one event for each account, as it
// was told last.
func (s *Service) MaintenanceNotice(ctx context.Context, id, account string) (text []byte, err error) {
	if !directconnect.IsMaintenanceID(id) {
		return nil, notMaintenance(id)
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		m, err := tx.Maintenance(id)
		if err != nil {
			return missing(err, "There is no maintenance %s.", id)
		}
		hits, err := tx.WorkHits(id, account)
		if err != nil {
			return err
		}
		notices := s.notices(m, hits)
		if len(notices) == 0 && account != "" {
			return refuse(Missing, "Maintenance %s hits nothing of account %s.", id, account)
		}
		text = maintnote.File(notices)
		return nil
	})
	return text, err
}

// MaintenanceCalendar is the calendar of all planned work that hits an account, with what has ended and is still kept.
func (s *Service) MaintenanceCalendar(ctx context.Context, account string) (text []byte, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Maintenances(store.MaintenanceQuery{Account: account})
		if err != nil {
			return err
		}
		var notices []maintnote.Notice
		for _, m := range all {
			hits, err := tx.WorkHits(m.ID, account)
			if err != nil {
				return err
			}
			notices = append(notices, s.notices(m, hits)...)
		}
		text = maintnote.Feed(notices)
		return nil
	})
	return text, err
}

// notices are what each account is told; hits are sorted by account. The operator's own things are told to nobody.
func (s *Service) notices(m directconnect.Maintenance, hits []directconnect.WorkHit) (all []maintnote.Notice) {
	for _, group := range byAccount(hits) {
		if group[0].Account == "" {
			continue
		}
		n := maintnote.Notice{
			Provider: cmp.Or(s.Provider, "Onramp"), Contact: s.ProviderContact, Account: group[0].Account, ID: m.ID,
			Status: noticeStatus[m.Status], Reason: m.Reason, From: m.From, To: m.To, Stamp: m.Changed, Sequence: m.Sequence,
		}
		worst := directconnect.NoImpact
		for _, h := range group {
			n.Objects = append(n.Objects, maintnote.Object{ID: h.ID, Impact: strings.ToUpper(string(h.Impact))})
			if slices.Index(directconnect.Impacts, h.Impact) > slices.Index(directconnect.Impacts, worst) {
				worst = h.Impact
			}
		}
		n.Impact = strings.ToUpper(string(worst))
		all = append(all, n)
	}
	return all
}
