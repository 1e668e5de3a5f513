package storetest

import (
	"fmt"
	"testing"
	"time"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var proposalTests = map[string]test{
	"ProposalRoundTrip": proposalRoundTrip,
	"ProposalFilters":   proposalFilters,
}

func proposal(n int) dc.Proposal {
	return dc.Proposal{ID: fmt.Sprintf("00000000-0000-4000-a000-%012d", n), GatewayID: "gateway", GatewayOwner: account, Proposer: other,
		FarID: fmt.Sprintf("vgw-%d", n), State: dc.ProposalRequested, Created: noon.Add(time.Duration(n) * time.Second)}
}

func putProposal(tx *store.Tx, p *dc.Proposal) error { return tx.PutProposal(p) }

func proposalRoundTrip(t *testing.T, s *store.Store) {
	read := func(id string) func(tx *store.Tx) (dc.Proposal, error) {
		return func(tx *store.Tx) (dc.Proposal, error) { return tx.Proposal(id) }
	}
	full := proposal(9)
	full.State, full.Due, full.Since, full.Requested = dc.ProposalAccepted, noon.Add(time.Hour), noon, []string{"10.0.0.0/8"}
	full.Far = dc.Far{Kind: dc.TransitGateway, Account: other, Region: region, ASN: 65000, CIDRs: []string{"10.0.0.0/16"}}
	for _, p := range save(t, s, putProposal, full, proposal(1)) {
		same(t, get(t, s, read(p.ID)), p)
		same(t, p.Version, int64(1))
	}
	stale := get(t, s, read(full.ID))
	next := proposal(2)
	next.ID, next.GatewayID, next.GatewayOwner, next.Proposer = full.ID, "other gateway", other, account
	update(t, s, func(tx *store.Tx) error { next.Version = 1; return tx.PutProposal(&next) })
	same(t, next.Version, int64(2))
	same(t, get(t, s, read(full.ID)), next)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { p := stale; return tx.PutProposal(&p) })
	taken(t, s, "id", func(tx *store.Tx) error { p := proposal(1); return tx.PutProposal(&p) })
	update(t, s, func(tx *store.Tx) error { return tx.DeleteProposal(full.ID) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeleteProposal(full.ID) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Proposal(full.ID); return err })
	update(t, s, func(tx *store.Tx) error { _, err := tx.Proposal(proposal(1).ID); return err })
}

func proposalFilters(t *testing.T, s *store.Store) {
	set := func(n int, change func(p *dc.Proposal)) dc.Proposal { p := proposal(n); change(&p); return p }
	const third = "333333333333"
	save(t, s, putProposal, proposal(1),
		set(2, func(p *dc.Proposal) { p.GatewayID = "second" }),
		set(3, func(p *dc.Proposal) { p.Proposer = third }),
		set(4, func(p *dc.Proposal) { p.GatewayOwner = third }),
		set(5, func(p *dc.Proposal) { p.Proposer = account; p.State = dc.ProposalDeleted }))
	after := store.Cursor{Created: proposal(2).Created, ID: proposal(2).ID}
	for name, test := range map[string]struct {
		query store.ProposalQuery
		want  string
	}{
		"gateway":         {store.ProposalQuery{GatewayID: "gateway"}, "1345"},
		"far side":        {store.ProposalQuery{FarID: "vgw-2"}, "2"},
		"owner":           {store.ProposalQuery{Party: account}, "1235"},
		"proposer":        {store.ProposalQuery{Party: other}, "124"},
		"either":          {store.ProposalQuery{Party: third}, "34"},
		"far side, party": {store.ProposalQuery{FarID: "vgw-3", Party: other}, ""},
		"page":            {store.ProposalQuery{Party: account, After: after, Limit: 1}, "3"},
	} {
		all := get(t, s, func(tx *store.Tx) ([]dc.Proposal, error) { return tx.Proposals(test.query) })
		if got := ends(all, func(p dc.Proposal) string { return p.ID }); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
	refused(t, s, "a query that reads everything", func(tx *store.Tx) error { _, err := tx.Proposals(store.ProposalQuery{}); return err })
}
