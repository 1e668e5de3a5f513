package directconnect

import (
	"slices"
	"testing"
	"time"
)

// TestProposalMoves: every state and every event of a proposal, with the days that it is open and shown.
func TestProposalMoves(t *testing.T) {
	t.Parallel()
	const day, gone = 24 * time.Hour, "Direct Connect Gateway Association Proposal p is not found."
	made := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, s := range ProposalStates {
		p := Proposal{ID: "p", State: s, Created: made, Since: made, Due: made.Add(7 * day), Requested: []string{"10.0.0.0/8"}}
		want := map[ProposalState]struct {
			accept, remove, soon, late string
			shown                      time.Duration
		}{
			ProposalRequested: {"accepted", "deleted", "requested", "deleted", 10 * day},
			ProposalAccepted:  {"Direct Connect Gateway Association Proposal p has been accepted!", gone, "accepted", "accepted", 3 * day},
			ProposalDeleted:   {gone, gone, "deleted", "deleted", 3 * day},
		}[s]
		at := made.Add(day)
		accepted, err := p.Accept(nil, at)
		wantMove(t, s, "Accept", moved(accepted.State, err), want.accept)
		if err == nil && (!slices.Equal(accepted.Requested, p.Requested) || accepted.Shown(at.Add(3*day)) || !accepted.Shown(at.Add(3*day-1))) {
			t.Errorf("accepted it is %+v", accepted)
		}
		removed, err := p.Delete(at)
		wantMove(t, s, "Delete", moved(removed.State, err), want.remove)
		soon, late := p.Advance(made.Add(7*day-1)), p.Advance(made.Add(7*day))
		wantMove(t, s, "Advance soon", string(soon.State), want.soon)
		wantMove(t, s, "Advance late", string(late.State), want.late)
		if !p.Shown(made.Add(want.shown-1)) || p.Shown(made.Add(want.shown)) {
			t.Errorf("%s is not shown for %v", s, want.shown)
		}
	}
	p := Proposal{ID: "p", State: ProposalRequested, Created: made}
	late := p.Advance(made.Add(9 * day)) // nobody looked for two days
	if !late.Since.Equal(made.Add(7*day)) || !late.Due.Equal(made.Add(10*day)) || late.Shown(made.Add(10*day)) {
		t.Errorf("looked at late it is %+v", late)
	}
	if _, err := p.Accept([]string{"10.0.0.1/8"}, made); err == nil {
		t.Error("an override may be anything")
	}
	p.Requested = []string{"10.0.0.0/8"}
	if kept, err := p.Accept([]string{}, made); err != nil || !slices.Equal(kept.Requested, p.Requested) {
		t.Errorf("after an override of nothing it asks for %v, %v", kept.Requested, err)
	}
}
