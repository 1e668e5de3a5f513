// Package conformance shows that the server answers as the real service does, as far as that is known: every operation
// that is built, through the real Go SDK over real HTTP with signed requests, and once more as the bytes on the wire.
//
// One file a noun. The files diff_*_test.go pin what differs on purpose, or was chosen where the real behaviour is not
// known; DIVERGENCES.md says why, one entry a file. There is no code to import here.
package conformance

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"onramp/internal/controlplane"
)

// TestMain runs the tests and then holds what they called against the operation table, and what they saw against every value
// that the SDK knows of every machine. A run of a part of the tests (-run, -skip) proves nothing about the whole and is not
// held against them.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && wholeRun() {
		for _, gap := range slices.Concat(gaps(controlplane.OperationNames(), &called), unseen(everyValue(), neverAnswered, &observed), unheld()) {
			fmt.Fprintln(os.Stderr, "FAIL:", gap)
			code = 1
		}
	}
	os.Exit(code)
}

func wholeRun() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list"} {
		if flag.Lookup(name).Value.String() != "" {
			return false
		}
	}
	return true
}

// gaps lists what the tests did not show: a built operation that never answered, one that never refused, and one that is
// not built and was never asked.
func gaps(table []controlplane.OperationInfo, c *calls) []string {
	var missing []string
	for _, o := range table {
		answered, refused := c.of(o.Name)
		switch {
		case o.Built && answered == 0:
			missing = append(missing, o.Name+" is built, but no conformance test had an answer of it")
		case o.Built && refused == 0:
			missing = append(missing, o.Name+" is built, but no conformance test was refused by it")
		case !o.Built && refused == 0:
			missing = append(missing, o.Name+" is not built, and no conformance test saw it say so")
		case !o.Built && answered > 0:
			missing = append(missing, o.Name+" is said not to be built, but it answered")
		}
	}
	return missing
}

// TestGapsAreFound shows the check above what it is to find.
func TestGapsAreFound(t *testing.T) {
	t.Parallel()
	table := []controlplane.OperationInfo{
		{Name: "Tested", Built: true}, {Name: "NeverRefused", Built: true}, {Name: "NeverAnswered", Built: true},
		{Name: "Honest"}, {Name: "NeverAsked"}, {Name: "Secret"},
	}
	var c calls
	for name, ok := range map[string]bool{"NeverRefused": true, "NeverAnswered": false, "Honest": false} {
		c.add(name, ok)
	}
	for _, name := range []string{"Tested", "Secret"} {
		c.add(name, true)
		c.add(name, false)
	}
	want := []string{
		"NeverRefused is built, but no conformance test was refused by it",
		"NeverAnswered is built, but no conformance test had an answer of it",
		"NeverAsked is not built, and no conformance test saw it say so",
		"Secret is said not to be built, but it answered",
	}
	if got := gaps(table, &c); !slices.Equal(got, want) {
		t.Errorf("gaps are %q, want %q", got, want)
	}
}
