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
	page := states()
	for _, s := range dc.LAGStates {
		if !strings.Contains(page, "`"+string(s)+"`") {
			t.Errorf("the LAG state %s is not on the page", s)
		}
	}
	diagrams := regexp.MustCompile("(?s)```mermaid\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(diagrams) != 3 {
		t.Fatalf("%d diagrams, want those of connections, keys and interfaces", len(diagrams))
	}
	checkArrows(t, diagrams[0][1], connections)
	checkArrows(t, diagrams[1][1], keys)
	checkArrows(t, diagrams[2][1], interfaces)
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
