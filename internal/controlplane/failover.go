package controlplane

import (
	"context"
	"errors"
	"slices"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// StartBgpFailoverTest takes the named BGP peers of an interface down, or all of them, for some minutes. Only the
// interface's owner may.
func (s *Service) StartBgpFailoverTest(ctx context.Context, caller Caller, in *api.StartBgpFailoverTestRequest) (out *api.StartBgpFailoverTestResponse, err error) {
	id, err := requiredInterfaceID(in.VirtualInterfaceID)
	if err != nil {
		return nil, err
	}
	err = s.update(ctx, func(tx *store.Tx) error {
		v, err := s.ownInterface(tx, caller, id)
		if err != nil {
			return err
		}
		v, t, err := v.StartTest(newUUID(), in.BgpPeers, in.TestDurationInMinutes, s.Now())
		if err != nil {
			return err
		}
		if err := tx.PutFailoverTest(&t); err != nil {
			return err
		}
		out = &api.StartBgpFailoverTestResponse{VirtualInterfaceTest: renderTest(t)}
		return putInterface(tx, &v)
	})
	return out, err
}

// StopBgpFailoverTest ends the running test of an interface early; its record reads cancelled.
func (s *Service) StopBgpFailoverTest(ctx context.Context, caller Caller, in *api.StopBgpFailoverTestRequest) (out *api.StopBgpFailoverTestResponse, err error) {
	id, err := requiredInterfaceID(in.VirtualInterfaceID)
	if err != nil {
		return nil, err
	}
	err = s.update(ctx, func(tx *store.Tx) error {
		v, err := s.ownInterface(tx, caller, id)
		if err != nil {
			return err
		}
		var t directconnect.FailoverTest
		if v.TestID != "" {
			if t, err = tx.FailoverTest(v.TestID); err != nil {
				return err
			}
		}
		v, t, err = v.EndTest(t, directconnect.TestCancelled, s.Now())
		if err != nil {
			return err
		}
		if err := tx.PutFailoverTest(&t); err != nil {
			return err
		}
		out = &api.StopBgpFailoverTestResponse{VirtualInterfaceTest: renderTest(t)}
		return putInterface(tx, &v)
	})
	return out, err
}

// cancelTest ends the record of a test whose interface is being deleted.
func (s *Service) cancelTest(tx *store.Tx, v directconnect.VirtualInterface) error {
	if v.TestID == "" {
		return nil
	}
	t, err := tx.FailoverTest(v.TestID)
	if errors.Is(err, store.ErrNotFound) || (err == nil && t.Status != directconnect.TestInProgress) {
		return nil
	}
	if err != nil {
		return err
	}
	t.Status, t.Ended = directconnect.TestCancelled, s.Now()
	return tx.PutFailoverTest(&t)
}

// ListVirtualInterfaceTestHistory lists the tests of the caller's interfaces of the last 365 days, through filters that
// may all be left out. The peers named must all have been in the test.
func (s *Service) ListVirtualInterfaceTestHistory(ctx context.Context, caller Caller, in *api.ListVirtualInterfaceTestHistoryRequest) (out *api.ListVirtualInterfaceTestHistoryResponse, err error) {
	if in.VirtualInterfaceID != nil {
		if err := directconnect.CheckInterfaceID(*in.VirtualInterfaceID); err != nil {
			return nil, err
		}
	}
	for member, v := range map[string]*string{"testId": in.TestID, "status": in.Status} {
		if v != nil {
			if err := storable(member, *v); err != nil {
				return nil, err
			}
		}
	}
	p, err := s.pager("ListVirtualInterfaceTestHistory", caller, value(in.VirtualInterfaceID)+"/"+value(in.TestID)+"/"+value(in.Status), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		tests, err := tx.FailoverTests(store.FailoverQuery{
			Account: caller.Account, Region: caller.Region, InterfaceID: value(in.VirtualInterfaceID), ID: value(in.TestID),
			Status: directconnect.TestStatus(value(in.Status)), StartedAfter: s.Now().Add(-directconnect.TestHistory),
			After: p.after, Limit: p.limit(),
		})
		if err != nil {
			return err
		}
		tests, next, err := page(p, tests, func(t directconnect.FailoverTest) store.Cursor {
			return store.Cursor{Created: t.Started, ID: t.ID}
		})
		if err != nil {
			return err
		}
		out = &api.ListVirtualInterfaceTestHistoryResponse{NextToken: next, VirtualInterfaceTestHistory: []api.VirtualInterfaceTestHistory{}}
		for _, t := range tests {
			missing := func(peer string) bool { return !slices.Contains(t.Peers, peer) }
			if !slices.ContainsFunc(in.BgpPeers, missing) {
				out.VirtualInterfaceTestHistory = append(out.VirtualInterfaceTestHistory, *renderTest(t))
			}
		}
		return nil
	})
	return out, err
}

func renderTest(t directconnect.FailoverTest) *api.VirtualInterfaceTestHistory {
	return &api.VirtualInterfaceTestHistory{
		TestID: &t.ID, VirtualInterfaceID: &t.InterfaceID, OwnerAccount: &t.Account, BgpPeers: t.Peers,
		Status: text(t.Status), TestDurationInMinutes: &t.Minutes, StartTime: &t.Started, EndTime: instant(t.Ended),
	}
}
