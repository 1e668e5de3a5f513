package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/controlplane"
)

const root = "../.."

func TestParityIsCurrent(t *testing.T) {
	t.Parallel()
	want, err := parity(root)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(filepath.Join("..", "parity.md"))
	if err != nil {
		t.Fatalf("run make gen: %v", err)
	}
	if diff := cmp.Diff(string(have), want); diff != "" {
		t.Errorf("docs/parity.md is not what the table and DIVERGENCES.md say: run make gen (-have +want):\n%s", diff)
	}
	for _, o := range controlplane.OperationNames() {
		if strings.Count(want, "| `"+o.Name+"` |") != 1 {
			t.Errorf("%s is not there once", o.Name)
		}
	}
}

// TestParityLeavesNothingOut: each section of DIVERGENCES.md concerns some operation or all of them, each entry is of a
// kind and pinned, and what the page links to is there.
func TestParityLeavesNothingOut(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "DIVERGENCES.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := divergences(string(text))
	if len(known) < 80 {
		t.Errorf("only %d entries were read", len(known))
	}
	used := map[string]bool{}
	for _, o := range controlplane.OperationNames() {
		s, _ := subjectOf(o.Name)
		used[s.section] = true
	}
	for _, d := range known {
		if !used[d.section] && !slices.Contains(everywhere, d.section) {
			t.Errorf("entry %s is in the section %q, which concerns no operation", d.number, d.section)
		}
		if d.kind() == "" || pins(d.text) == "" {
			t.Errorf("entry %s is a %q, pinned by %q", d.number, d.kind(), pins(d.text))
		}
	}
	states, err := os.ReadFile(filepath.Join("..", "states.md"))
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for _, m := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(string(states), -1) {
		headings = append(headings, anchor(m[1]))
	}
	for _, s := range subjects {
		if s.states != "" && !slices.Contains(headings, s.states) {
			t.Errorf("states.md has no %s", s.states)
		}
	}
}
