package directconnect

import "testing"

// TestPeerMovesKeepTheTable: a peer moves as the table says or stays as it is, and is up only while it is available.
func TestPeerMovesKeepTheTable(t *testing.T) {
	t.Parallel()
	for _, s := range PeerStates {
		for _, e := range PeerEvents {
			was := BGPPeer{ID: "dxpeer-1", State: s, Up: true}
			p := was
			to, permitted := NextPeerState(s, e)
			switch moved := p.move(e); {
			case moved != permitted:
				t.Errorf("%s x %s: moved %v, permitted %v", s, e, moved, permitted)
			case !permitted:
				if p != was {
					t.Errorf("%s x %s: it is not permitted and makes it %s, up %v", s, e, p.State, p.Up)
				}
			case p.State != to || p.Up != (to == PeerAvailable):
				t.Errorf("%s x %s: %s, up %v; want %s", s, e, p.State, p.Up, to)
			}
		}
	}
}

// TestPeerStatus: bgpStatus in every state, of a session that was seen and of one that was not.
func TestPeerStatus(t *testing.T) {
	t.Parallel()
	for _, s := range PeerStates {
		want := map[[2]bool]PeerStatus{ // readable, up
			{true, true}: SessionUp, {true, false}: SessionDown, {false, true}: SessionUp, {false, false}: SessionDown,
		}
		if s == PeerAvailable { // one that has been there and is out of sight
			want[[2]bool{false, true}], want[[2]bool{false, false}] = SessionUnknown, SessionUnknown
		}
		for seen, status := range want {
			if got := (BGPPeer{State: s, Readable: seen[0], Up: seen[1]}).Status(); got != string(status) {
				t.Errorf("%s, readable %v, up %v: %s, want %s", s, seen[0], seen[1], got, status)
			}
		}
	}
}
