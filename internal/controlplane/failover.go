package controlplane

import (
	"context"
	"errors"
	"slices"
	"strings"

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
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
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
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
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
		v, t, err = v.EndTest(t, directconnect.TestStop, s.Now())
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
	t = t.End(directconnect.TestStop, s.Now())
	return tx.PutFailoverTest(&t)
}

// followTest ends the test that runs on an interface when the last session in it has been deleted.
func (s *Service) followTest(tx *store.Tx, v directconnect.VirtualInterface) (directconnect.VirtualInterface, error) {
	if v.TestID == "" {
		return v, nil
	}
	t, err := tx.FailoverTest(v.TestID)
	if errors.Is(err, store.ErrNotFound) || err == nil && t.Tests(v) {
		return v, nil
	}
	if err == nil {
		v, t, err = v.EndTest(t, directconnect.TestStop, s.Now())
	}
	if err != nil {
		return v, err
	}
	return v, tx.PutFailoverTest(&t)
}

// ListVirtualInterfaceTestHistory lists the tests of the caller's interfaces of the last 365 days, through filters that
// may all be left out. The peers named must all have been in the test.
func (s *Service) ListVirtualInterfaceTestHistory(ctx context.Context, caller Caller, in *api.ListVirtualInterfaceTestHistoryRequest) (out *api.ListVirtualInterfaceTestHistoryResponse, err error) {
	if in.VirtualInterfaceID != nil {
		if err := directconnect.CheckInterfaceID(*in.VirtualInterfaceID); err != nil {
			return nil, err
		}
	}
	test, err := optionalText("testId", in.TestID)
	if err != nil {
		return nil, err
	}
	status, err := directconnect.ParseTestStatus(value(in.Status))
	if err != nil {
		return nil, err
	}
	filter := strings.Join(append([]string{value(in.VirtualInterfaceID), test, string(status)}, in.BgpPeers...), "/")
	p, err := s.pager("ListVirtualInterfaceTestHistory", caller, filter, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		tests, err := testsOf(tx, store.FailoverQuery{
			Account: caller.Account, Region: caller.Region, InterfaceID: value(in.VirtualInterfaceID), ID: test,
			Status: status, StartedAfter: s.Now().Add(-directconnect.TestHistory),
			After: p.after, Limit: p.limit(),
		}, in.BgpPeers)
		if err != nil {
			return err
		}
		tests, next, err := page(p, tests, testCursor)
		if err != nil {
			return err
		}
		out = &api.ListVirtualInterfaceTestHistoryResponse{NextToken: next, VirtualInterfaceTestHistory: []api.VirtualInterfaceTestHistory{}}
		for _, t := range tests {
			out.VirtualInterfaceTestHistory = append(out.VirtualInterfaceTestHistory, *renderTest(t))
		}
		return nil
	})
	return out, err
}

// testsOf loads a page of tests, in which all the peers named were. What the store cannot filter is passed over here.
func testsOf(tx *store.Tx, q store.FailoverQuery, peers []string) (found []directconnect.FailoverTest, err error) {
	for {
		batch, err := tx.FailoverTests(q)
		if err != nil {
			return nil, err
		}
		for _, t := range batch {
			missing := func(peer string) bool { return !slices.Contains(t.Peers, peer) }
			if !slices.ContainsFunc(peers, missing) {
				found = append(found, t)
			}
		}
		if len(batch) < q.Limit || len(found) >= q.Limit {
			return found, nil
		}
		q.After = testCursor(batch[len(batch)-1])
	}
}

func testCursor(t directconnect.FailoverTest) store.Cursor {
	return store.Cursor{Created: t.Started, ID: t.ID}
}

func renderTest(t directconnect.FailoverTest) *api.VirtualInterfaceTestHistory {
	return &api.VirtualInterfaceTestHistory{
		TestID: &t.ID, VirtualInterfaceID: &t.InterfaceID, OwnerAccount: &t.Account, BgpPeers: t.Peers,
		Status: text(t.Status), TestDurationInMinutes: &t.Minutes, StartTime: &t.Started, EndTime: instant(t.Ended),
	}
}
