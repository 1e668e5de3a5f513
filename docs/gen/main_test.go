package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	dc "onramp/internal/directconnect"
)

func TestPagesAreCurrent(t *testing.T) {
	t.Parallel()
	for name, page := range pages {
		have, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Errorf("run make gen: %v", err)
			continue
		}
		if diff := cmp.Diff(string(have), page()); diff != "" {
			t.Errorf("docs/%s is not what the tables say: run make gen (-have +want):\n%s", name, diff)
		}
	}
}

func TestReadmeIsCurrent(t *testing.T) {
	t.Parallel()
	have, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := withOperations(string(have))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), want); diff != "" {
		t.Errorf("README.md is not what the operation table says: run make gen (-have +want):\n%s", diff)
	}
}

// TestEveryEventIsTold: the page explains each event once and no event that does not exist.
func TestEveryEventIsTold(t *testing.T) {
	t.Parallel()
	told(t, dc.ConnectionEvents, connectionEvents)
	told(t, dc.MACsecKeyEvents, keyEvents)
	told(t, dc.InterfaceEvents, interfaceEvents)
	told(t, dc.PeerEvents, peers.words)
	told(t, dc.TestEvents, tests.words)
	told(t, dc.GatewayEvents, gateways.words)
	told(t, dc.AssociationEvents, associations.words)
	told(t, dc.ProposalEvents, proposals.words)
	told(t, dc.ResiliencyGroupEvents, groups.words)
	told(t, dc.ResiliencyMemberEvents, groupMembers.words)
	told(t, lagEvents, lagEventWords)
}

func told[E ~string](t *testing.T, events []E, words map[E]string) {
	t.Helper()
	for _, e := range events {
		if words[e] == "" {
			t.Errorf("%s has no words", e)
		}
	}
	if len(words) != len(events) {
		t.Errorf("%d events, %d explanations", len(events), len(words))
	}
}

// TestDiagramIsTheTable reads the arrows back out of the page and holds them equal to the table, move by move.
func TestDiagramIsTheTable(t *testing.T) {
	t.Parallel()
	diagrams := map[string]string{}
	for _, m := range regexp.MustCompile("(?s)\n## ([^\n]*)\n[^#]*?```mermaid\n(.*?)```").FindAllStringSubmatch(states(), -1) {
		diagrams[m[1]] = m[2]
	}
	for _, s := range sections {
		if diagrams[s.title] == "" {
			t.Errorf("%s have no diagram", s.title)
		}
	}
	checkArrows(t, diagrams["Connections and interconnects"], connections)
	checkArrows(t, diagrams["MACsec keys"], keys)
	checkArrows(t, diagrams["Virtual interfaces"], interfaces)
	checkArrows(t, diagrams["BGP peers"], peers)
	checkArrows(t, diagrams["Failover tests"], tests)
	checkArrows(t, diagrams["Direct Connect gateways"], gateways)
	checkArrows(t, diagrams["Gateway associations"], associations)
	checkArrows(t, diagrams["Association proposals"], proposals)
	checkArrows(t, diagrams["Attachments"], attachments)
	checkArrows(t, diagrams["Resiliency groups"], groups)
	checkArrows(t, diagrams["Connections in a resiliency group"], groupMembers)
	checkStates(t, diagrams["LAGs"], dc.LAGStates)
}

// checkStates holds the states of a diagram equal to a list.
func checkStates[S ~string](t *testing.T, diagram string, states []S) {
	t.Helper()
	for _, s := range states {
		if !regexp.MustCompile(`(?m)--> ` + string(s) + `\b`).MatchString(diagram) {
			t.Errorf("nothing leads to %s in\n%s", s, diagram)
		}
	}
}

// TestLargerBundlesDrawNothing: what is drawn of LAGs does not depend on how large the bundles are that were looked at.
func TestLargerBundlesDrawNothing(t *testing.T) {
	t.Parallel()
	drawn := func(most int) string {
		var b strings.Builder
		lags.drawn(most).print(&b)
		return b.String()
	}
	if diff := cmp.Diff(drawn(mostMembers), drawn(dc.Gbps1.MaxLagMembers()+1)); diff != "" {
		t.Errorf("larger bundles draw something else (-%d members +more):\n%s", mostMembers, diff)
	}
}

// TestAttachmentsFollowOneWay: whichever interface state an attachment's stands for, an event makes the same of it.
func TestAttachmentsFollowOneWay(t *testing.T) {
	t.Parallel()
	for _, from := range interfaces.reachable(dc.InterfacePending) {
		for _, e := range dc.InterfaceEvents {
			to, ok := dc.NextInterfaceState(from, e)
			if !ok {
				continue
			}
			if shown, _ := nextAttachmentState(attachment(from), e); shown != attachment(to) {
				t.Errorf("%s of %s makes the attachment %s, drawn is %s", e, from, attachment(to), shown)
			}
		}
	}
}

func checkArrows[S, E ~string](t *testing.T, diagram string, m machine[S, E]) {
	t.Helper()
	var want, got []string
	for _, from := range m.states {
		for _, e := range m.events {
			if to, ok := m.next(from, e); ok && to != from {
				want = append(want, string(from)+" "+string(e)+" "+string(to))
			}
		}
	}
	for _, arrow := range regexp.MustCompile(`(?m)^    (\w+) --> (\w+): (.*)$`).FindAllStringSubmatch(diagram, -1) {
		for e := range strings.SplitSeq(arrow[3], ", ") {
			got = append(got, arrow[1]+" "+e+" "+arrow[2])
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the diagram is not the table (-table +diagram):\n%s", diff)
	}
}
