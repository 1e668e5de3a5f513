package controlplane

import (
	"net/netip"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onramp/internal/inventory"
)

func TestTheFirstInventoryIsLoadedOnce(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	first := inventory.Inventory{Locations: inventory.Default().Locations[:3]}
	var loads sync.Map
	var servers sync.WaitGroup
	for i := range 4 {
		servers.Go(func() {
			loaded, err := s.EnsureInventory(t.Context(), first)
			if err != nil {
				t.Error(err)
			}
			if loaded {
				loads.Store(i, true)
			}
		})
	}
	servers.Wait()
	n := 0
	loads.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d servers loaded the first inventory, want 1", n)
	}
	kept, err := s.Inventory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, kept, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
		t.Errorf("the kept inventory (-want +got):\n%.2000s", diff)
	}
}

func TestAnEmptiedInventoryStaysEmpty(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	first := inventory.Inventory{Locations: inventory.Default().Locations[:1]}
	if _, err := s.EnsureInventory(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ApplyInventory(t.Context(), inventory.Inventory{}, false); err != nil {
		t.Fatal(err)
	}
	if loaded, err := s.EnsureInventory(t.Context(), first); err != nil || loaded {
		t.Errorf("the next start loaded it again: %v (%v)", loaded, err)
	}
}

func TestARefusedInventoryChangesNothing(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	first := inventory.Inventory{Locations: inventory.Default().Locations[:2]}
	if _, err := s.EnsureInventory(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	broken := inventory.Inventory{Locations: []inventory.Location{first.Locations[0], first.Locations[0]}}
	if _, err := s.ApplyInventory(t.Context(), broken, false); reasonOf(t, err) != Invalid {
		t.Errorf("a location twice: %v", err)
	}
	if changes, err := s.ApplyInventory(t.Context(), first, true); err != nil || !changes.Empty() {
		t.Errorf("after the refusal: %s (%v)", changes, err)
	}
}
