package directconnect

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden holds got equal to testdata/name.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; -update writes it anew (-want +got):\n%s", file, diff)
	}
}

// moves prints a machine: a row for every state, a column for every event, "-" where the event is refused.
func moves[S, E ~string](states []S, events []E, next func(S, E) (S, bool)) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := []string{"state"}
	for _, e := range events {
		row = append(row, string(e))
	}
	write := func() { _, _ = w.Write([]byte(strings.Join(row, "\t") + "\n")) }
	write()
	for _, s := range states {
		row = []string{string(s)}
		for _, e := range events {
			cell := "-"
			if to, ok := next(s, e); ok {
				cell = string(to)
			}
			row = append(row, cell)
		}
		write()
	}
	_ = w.Flush()
	return b.String()
}

// TestMovesGolden holds every machine, every state against every event, equal to the file that is read in a review.
func TestMovesGolden(t *testing.T) {
	t.Parallel()
	for name, table := range map[string]string{
		"connection_moves":        moves(ConnectionStates, ConnectionEvents, NextConnectionState),
		"macsec_key_moves":        moves(MACsecKeyStates, MACsecKeyEvents, NextMACsecKeyState),
		"interface_moves":         moves(InterfaceStates, InterfaceEvents, NextInterfaceState),
		"bgp_peer_moves":          moves(PeerStates, PeerEvents, NextPeerState),
		"failover_test_moves":     moves(TestStatuses, TestEvents, NextTestStatus),
		"gateway_moves":           moves(GatewayStates, GatewayEvents, NextGatewayState),
		"association_moves":       moves(AssociationStates, AssociationEvents, NextAssociationState),
		"proposal_moves":          moves(ProposalStates, ProposalEvents, NextProposalState),
		"resiliency_group_moves":  moves(ResiliencyGroupStates, ResiliencyGroupEvents, NextResiliencyGroupState),
		"resiliency_member_moves": moves(ResiliencyMemberStates, ResiliencyMemberEvents, NextResiliencyMemberState),
		"maintenance_moves":       moves(MaintenanceStatuses, MaintenanceEvents, NextMaintenanceStatus),
	} {
		golden(t, name, table)
	}
}

// TestListsAreWhole fails when a state or an event stands in a table of moves but not in the list that the goldens and the
// diagrams are printed from.
func TestListsAreWhole(t *testing.T) {
	t.Parallel()
	checkListed(t, connectionMoves, ConnectionStates, ConnectionEvents)
	checkListed(t, macsecKeyMoves, MACsecKeyStates, MACsecKeyEvents)
	checkListed(t, interfaceMoves, InterfaceStates, InterfaceEvents)
	checkListed(t, peerMoves, PeerStates, PeerEvents)
	checkListed(t, testMoves, TestStatuses, TestEvents)
	checkListed(t, gatewayMoves, GatewayStates, GatewayEvents)
	checkListed(t, associationMoves, AssociationStates, AssociationEvents)
	checkListed(t, proposalMoves, ProposalStates, ProposalEvents)
	checkListed(t, resiliencyGroupMoves, ResiliencyGroupStates, ResiliencyGroupEvents)
	checkListed(t, resiliencyMemberMoves, ResiliencyMemberStates, ResiliencyMemberEvents)
	checkListed(t, maintenanceMoves, MaintenanceStatuses, MaintenanceEvents)
}

func checkListed[S, E ~string](t *testing.T, table map[S]map[E]S, states []S, events []E) {
	t.Helper()
	state, event := map[S]bool{}, map[E]bool{}
	for _, s := range states {
		state[s] = true
	}
	for _, e := range events {
		event[e] = true
	}
	if len(state) != len(states) || len(event) != len(events) {
		t.Errorf("states %v or events %v are listed twice", states, events)
	}
	for from, row := range table {
		for e, to := range row {
			if !state[from] || !state[to] || !event[e] {
				t.Errorf("%s x %s -> %s: not in the lists", from, e, to)
			}
		}
	}
}
