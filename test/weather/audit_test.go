package weather

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// trailTells fails the test unless every chain of the audit trail is whole and the trail tells of every connection
// that there is: what was done and what is recorded of it are one transaction, whatever happened since.
func trailTells(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // also when the test is over
	told, there, untoldStates := map[string]bool{}, []string{}, []string{}
	err := s.View(ctx, func(tx *store.Tx) error {
		clear(told)
		there = nil
		heads, err := tx.AuditHeads()
		if err != nil {
			return err
		}
		for _, h := range heads {
			links, err := tx.AuditChain(h.Chain, audit.At(h.Chain, 0)-1, 0)
			if err != nil {
				return err
			}
			check := audit.NewCheck(h)
			for _, l := range links {
				check.Take(l)
				if creates(l.Name) {
					for _, id := range strings.Fields(l.Resources) {
						told[id] = true
					}
				}
			}
			for _, f := range check.End() {
				t.Errorf("the audit trail: %v", f)
			}
		}
		if untoldStates, err = untoldChanges(tx); err != nil {
			return err
		}
		locations, err := tx.Locations("")
		for i := 0; err == nil && i < len(locations); i++ {
			var connections []directconnect.Connection
			connections, err = tx.Connections(store.ConnectionQuery{Location: locations[i].Code})
			for _, c := range connections {
				there = append(there, c.ID)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(untoldStates) > 0 {
		t.Errorf("events do not tell what has happened: %v", untoldStates)
	}
	untold := slices.DeleteFunc(there, func(id string) bool { return told[id] })
	if len(untold) > 0 {
		t.Errorf("the audit trail does not tell who made %v", untold)
	}
}

// trailOfFile is trailTells for what a dead server has left.
func trailOfFile(t *testing.T, data string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite://" + filepath.Join(data, "onramp.db")})
	if err != nil {
		t.Fatal(err)
	}
	trailTells(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func creates(operation string) bool {
	return strings.HasPrefix(operation, "Create") || strings.HasPrefix(operation, "Allocate")
}
