package mkatest

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/mka"
	"onramp/test/guest/lab"
)

// few is how long nobody may answer, in the middle of several times, when a customer changes the key without a gap: nothing
// was measured, and 80 ms once on a machine with far too much to do. No single time may be as long as any agreement takes.
const (
	few  = 200 * time.Millisecond
	once = time.Second
)

// TestRolloverWithoutGap: a customer who agrees on the next key before leaving the one in use loses nothing, whichever
// slot the key has, and whether or not the agent was restarted meanwhile.
func TestRolloverWithoutGap(t *testing.T) {
	t.Parallel()
	w := newOpen(t, first)
	far := w.customer.Overlap("c", "s")
	ride(w.customer, "s", w.theirs)
	dir := t.TempDir()
	o := open(t, dir)
	o.apply(w.port)
	far.Begin(first.CKN, first.CAK.Reveal())
	far.Agreed()
	far.Change()
	o.secured(w.port.Name, first)
	reaches(w)
	var silences []time.Duration
	for i, step := range []struct {
		knows []fabric.Key
		to    fabric.Key
		slot  int
	}{
		{[]fabric.Key{first, second}, second, 2},
		{[]fabric.Key{second, third}, third, 1},
		{[]fabric.Key{first, second, third}, first, 3},
		{[]fabric.Key{first, second, third}, second, 2},
	} {
		pings := lab.Here(t).Ping(netip.Addr{}, w.theirs, 20*time.Millisecond)
		answered(t, pings, 20)
		w.port.Keys = step.knows
		o.apply(w.port)
		far.Begin(step.to.CKN, step.to.CAK.Reveal())
		far.Agreed()
		far.Change()
		took := o.secured(w.port.Name, step.to)
		far.Drop()
		answered(t, pings, 100)
		answers := pings.Stop()
		t.Logf("change %d: sent with the new key %v after the customer; %v", i+1, took.Round(time.Millisecond), answers)
		if answers.Silence > once {
			t.Errorf("change %d: %v", i+1, answers)
		}
		silences = append(silences, answers.Silence)
		givenUp(t, o, w)
		process := o.supplicant(w.port.Device, step.slot)
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		o = open(t, dir)
		o.apply(w.port)
		o.secured(w.port.Name, step.to)
		if o.supplicant(w.port.Device, step.slot) != process {
			t.Errorf("change %d: the next agent has another supplicant in slot %d", i+1, step.slot)
		}
	}
	o.end()
	slices.Sort(silences)
	if silences[len(silences)/2] > few {
		t.Errorf("without an answer: %v", silences)
	}
}

// givenUp gives up an Apply before it begins: it leaves what is sent where it goes.
func givenUp(t *testing.T, o *ours, w *world) {
	t.Helper()
	filters := func() string { return lab.Here(t).Run("tc", "filter", "show", "dev", w.port.MACsecDevice, "egress") }
	before := filters()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := o.Apply(ctx, []mka.Port{w.port}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if after := filters(); after != before || before == "" {
		t.Errorf("what was sent by\n%s\nis sent by\n%s", before, after)
	}
}

// answered waits until so many more pings are.
func answered(t *testing.T, pings *lab.Pings, more int) {
	t.Helper()
	before := pings.Answered()
	lab.Eventually(t, func() string {
		if n := pings.Answered() - before; n < more {
			return fmt.Sprintf("%d pings answered", n)
		}
		return ""
	})
}
