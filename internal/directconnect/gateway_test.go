package directconnect

import (
	"testing"
	"time"
)

// moved is where a move leads, or the error it answers.
func moved[S ~string](s S, err error) string {
	if err != nil {
		return err.Error()
	}
	return string(s)
}

// TestGatewayMoves: every state and every event of a Direct Connect gateway.
func TestGatewayMoves(t *testing.T) {
	t.Parallel()
	const gone = "Direct Connect Gateway g does not exist."
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	pace := Pace{Release: time.Minute}
	for _, s := range GatewayStates {
		g := Gateway{ID: "g", Name: "x", State: s, Since: now}
		want := map[GatewayState]struct{ rename, remove, soon, late, usable string }{
			GatewayPending:   {"pending", "deleting", "available", "available", ""},
			GatewayAvailable: {"available", "deleting", "available", "available", ""},
			GatewayDeleting:  {gone, "deleting", "deleting", "deleted", gone},
			GatewayDeleted:   {gone, gone, "deleted", "deleted", gone},
		}[s]
		renamed, err := g.Rename("y")
		wantMove(t, s, "Rename", moved(renamed.State, err), want.rename)
		removed, err := g.Delete(0, 0, now)
		wantMove(t, s, "Delete", moved(removed.State, err), want.remove)
		soon, late := g.Advance(pace, now.Add(59*time.Second)), g.Advance(pace, now.Add(time.Minute))
		wantMove(t, s, "Advance soon", string(soon.State), want.soon)
		wantMove(t, s, "Advance late", string(late.State), want.late)
		wantMove(t, s, "Usable", moved("", g.Usable()), want.usable)
		if waits := s == GatewayDeleting; waits != soon.Due.Equal(now.Add(time.Minute)) || !late.Due.IsZero() {
			t.Errorf("%s is due %v and %v", s, soon.Due, late.Due)
		}
		if ended := s == GatewayDeleting; ended == late.Deleted.IsZero() {
			t.Errorf("%s has the deletion time %v", s, late.Deleted)
		}
	}
}

func wantMove[S ~string](t *testing.T, s S, event, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s %s: %q, want %q", s, event, got, want)
	}
}
