package mkatest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/test/guest/lab"
)

// TestSecured is the plain case, seen from everywhere: the status, the traffic, the wire, and where keys must not be.
func TestSecured(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	wire := w.cable.Panel.Capture(w.cable.A, "")
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(first)
	t.Logf("secured after %v", o.secured(w.port.Name, first).Round(time.Millisecond))

	reaches(w) // the far end is told a hello later that it may send
	pings := w.ping()
	answered(t, pings, 20)
	answers := pings.Stop()
	kinds := map[string]int{}
	for _, line := range wire.Stop() {
		switch {
		case strings.Contains(line, "ethertype Unknown (0x88e5)"), strings.Contains(line, "(0x88e5)"):
			kinds["MACsec"]++
		case strings.Contains(line, "(0x888e)"):
			kinds["EAPOL"]++
		default:
			t.Errorf("in clear on the wire: %s", line)
		}
	}
	if kinds["MACsec"] < 40 || kinds["EAPOL"] < 2 || answers.Lost > 0 {
		t.Errorf("on the wire: %v; %v", kinds, answers)
	}
	t.Logf("on the wire: %v; %v", kinds, answers)

	line, err := os.ReadFile("/proc/" + o.supplicant(w.port.Device, 1) + "/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]string{"the command line": string(line), "the log": o.journal.String()}
	err = filepath.Walk(o.dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			places[path] = string(text)
			return err
		}
		return err
	})
	if err != nil || len(places) < 4 {
		t.Fatal(err, len(places))
	}
	for place, text := range places {
		if strings.Contains(strings.ToLower(text), first.CAK.Reveal()) {
			t.Errorf("the key is in %s", place)
		}
	}
}

// TestOff: keys without key agreement.
func TestOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(first)
	o.secured(w.port.Name, first)
	process := o.supplicant(w.port.Device, 1)

	w.port.Mode = fabric.MACsecOff
	o.apply(w.port)
	if s := o.status(w.port.Name); s.Secured || s.CKN != "" {
		t.Errorf("off: %+v", s)
	}
	if line, err := os.ReadFile("/proc/" + process + "/cmdline"); err == nil && len(line) > 0 {
		t.Errorf("the supplicant still runs: %s", line)
	}
	if left, err := filepath.Glob(filepath.Join(o.dir, "run", "mka", "*.pid")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if show := lab.IP(t, "macsec show "+w.port.SlotDevices[0]); strings.Contains(show, "key") || !strings.Contains(show, "protect on") {
		t.Errorf("the device has keys, or may send in clear:\n%s", show)
	}
	if filters := lab.Here(t).Run("tc", "filter", "show", "dev", w.port.MACsecDevice, "egress"); filters != "" {
		t.Errorf("what is sent is still led away:\n%s", filters)
	}
	w.port.Mode = fabric.MACsecPrefer
	o.apply(w.port)
	o.secured(w.port.Name, first)
}

// TestTwoPorts have nothing to do with each other.
func TestTwoPorts(t *testing.T) {
	t.Parallel()
	a, b := newWorld(t, first), newWorld(t, second)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(a.port, b.port)
	a.customerUses(first)
	o.secured(a.port.Name, first)
	if s := o.status(b.port.Name); s.Secured || s.Reason == "" {
		t.Errorf("the port without a far end: %+v", s)
	}
	reaches(a)
	pings := a.ping()
	b.customerUses(second)
	o.secured(b.port.Name, second)
	o.apply(a.port)
	if answers := pings.Stop(); answers.Lost > 0 {
		t.Errorf("the other port's beginning and end were felt: %v", answers)
	}
	if seen, err := o.Observe(); err != nil || len(seen) != 1 {
		t.Errorf("a port that was taken away is still seen: %v %v", seen, err)
	}
}
