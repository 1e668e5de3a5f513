package mkatest

import (
	"net/netip"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/test/guest/lab"
)

// TestReplaced: another key takes the slot of the one that we send with, while a third is agreed. What is sent is led to that
// one before the first ends.
func TestReplaced(t *testing.T) {
	t.Parallel()
	w := newOpen(t, first, second)
	far := w.customer.Overlap("c", "s")
	ride(w.customer, "s", w.theirs)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	for _, k := range []fabric.Key{first, second} {
		far.Begin(k.CKN, k.CAK.Reveal())
		far.Agreed()
		far.Change()
		o.secured(w.port.Name, k)
	}
	far.Begin(first.CKN, first.CAK.Reveal()) // the customer takes both, and sends with the second
	far.Agreed()
	o.secured(w.port.Name, first)
	reaches(w)
	pings := lab.Here(t).Ping(netip.Addr{}, w.theirs, 10*time.Millisecond)
	answered(t, pings, 20)
	w.port.Keys = []fabric.Key{second, third}
	o.apply(w.port)
	o.secured(w.port.Name, second)
	answered(t, pings, 50)
	if answers := pings.Stop(); answers.Lost > 0 {
		t.Errorf("the key in use was replaced: %v", answers)
	}
}
