package directconnect

import (
	"testing"
	"time"
)

// TestAssociationMoves: every state and every event of an association.
func TestAssociationMoves(t *testing.T) {
	t.Parallel()
	const gone = "Direct Connect Gateway Association a does not exist."
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	pace := Pace{Provision: time.Minute}
	far := FarGateway{ID: "vgw-12345678", Kind: VirtualPrivateGateway, CIDRs: []string{"10.9.0.0/16"}}
	for _, s := range AssociationStates {
		a := Association{ID: "a", State: s, Since: now, Allowed: []string{"10.0.0.0/8"}, Far: Far{Kind: VirtualPrivateGateway}}
		want := map[AssociationState]struct{ update, follow, remove, soon, late string }{
			Associating:    {"associating", "associating", "disassociating", "associating", "associated"},
			Associated:     {"updating", "updating", "disassociating", "associated", "associated"},
			Updating:       {"updating", "updating", "disassociating", "updating", "associated"},
			Disassociating: {gone, "disassociating", "disassociating", "disassociating", "disassociated"},
			Disassociated:  {gone, "disassociated", gone, "disassociated", "disassociated"},
		}[s]
		later := now.Add(time.Second)
		updated, err := a.Update([]string{"10.1.0.0/16"}, nil, nil, later)
		wantMove(t, s, "Update", moved(updated.State, err), want.update)
		if err == nil && (!updated.Since.Equal(later) || !updated.Due.Equal(later)) {
			t.Errorf("%s: an update is of %v and due %v", s, updated.Since, updated.Due)
		}
		same, err := a.Update([]string{"10.0.0.0/8"}, []string{"10.2.0.0/16"}, nil, later)
		if err == nil && (same.State != s || !same.Since.Equal(now)) {
			t.Errorf("%s: an update of nothing is %s since %v", s, same.State, same.Since)
		}
		followed, err := a.Follow(far, nil, later)
		wantMove(t, s, "Follow", moved(followed.State, err), want.follow)
		if s == Disassociating && !followed.Since.Equal(now) {
			t.Errorf("%s: it starts again", s)
		}
		removed, err := a.Delete(later)
		wantMove(t, s, "Delete", moved(removed.State, err), want.remove)
		soon, late := a.Advance(pace, now.Add(59*time.Second)), a.Advance(pace, now.Add(time.Minute))
		wantMove(t, s, "Advance soon", string(soon.State), want.soon)
		wantMove(t, s, "Advance late", string(late.State), want.late)
		if waits := want.soon != want.late; waits != soon.Due.Equal(now.Add(time.Minute)) || !late.Due.IsZero() {
			t.Errorf("%s is due %v and %v", s, soon.Due, late.Due)
		}
	}
}
