package reconcile

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
)

func TestStoreWorld(t *testing.T) {
	t.Parallel()
	b := newBed(t, directconnect.Instant)
	cut, gone := b.order(directconnect.Dedicated, router, false), b.order(directconnect.Dedicated, router, false)
	b.order(directconnect.Interconnect, router, false)
	b.order(directconnect.Dedicated, router2, false)
	b.settle()
	b.do(cut, directconnect.Connection.CutCable)
	b.do(gone, remove)
	b.settle()
	b.order(directconnect.Dedicated, router, false) // has no cable yet
	got, err := StoreWorld(b.store).Cables(t.Context(), router)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]sim.Cable{"et-0": {Plugged: true, Broken: true}, "et-2": {Plugged: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cables (-want +got):\n%s", diff)
	}
}
