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

// TestRollover is what a customer with one wpa_supplicant does who renews a key: the second is known to us, the customer
// changes to it, the first is withdrawn. Devices stay, and what rides on them.
func TestRollover(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(first)
	o.secured(w.port.Name, first)
	devices := func() string {
		var kept []string
		for _, device := range []string{w.port.MACsecDevice, w.port.MACsecDevice + ".7"} {
			number, _, _ := strings.Cut(lab.IP(t, "-o link show "+device), ":")
			kept = append(kept, number)
		}
		kept = append(kept, lab.IP(t, "-o addr show dev "+w.port.MACsecDevice+".7"))
		return strings.Join(kept, " ")
	}
	lab.IP(t, "addr add fd07::1/64 nodad dev "+w.port.MACsecDevice+".7")
	before := devices()
	reaches(w)
	pings := w.ping()

	w.port.Keys = []fabric.Key{first, second}
	o.apply(w.port)
	answered(t, pings, 20)
	if answers := pings.Stop(); answers.Lost > 0 {
		t.Errorf("another key was added: %v", answers)
	}

	pings = w.ping()
	w.customerUses(second)
	took := o.secured(w.port.Name, second)
	answered(t, pings, 20)
	answers, process := pings.Stop(), o.supplicant(w.port.Device, 2)
	t.Logf("the customer changed the key: secured again after %v; %v", took.Round(time.Millisecond), answers)
	if answers.Silence > silent {
		t.Errorf("too long: %v", answers)
	}

	pings = w.ping()
	w.port.Keys = []fabric.Key{second}
	o.apply(w.port)
	o.secured(w.port.Name, second)
	answered(t, pings, 20)
	if answers := pings.Stop(); answers.Lost > 0 {
		t.Errorf("the old key was withdrawn: %v", answers)
	}
	if after := devices(); after != before || o.supplicant(w.port.Device, 2) != process {
		t.Errorf("devices were %s\nand are %s", before, after)
	}
	if left, err := filepath.Glob(filepath.Join(o.dir, "run", "mka", w.port.Device+".*.pid")); err != nil || len(left) != 1 {
		t.Errorf("supplicants: %v %v", left, err)
	}
}

// TestWithdrawn: the key in use goes; nothing is secured with it any more, and the next one is.
func TestWithdrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first, second)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(second)
	t.Logf("the customer has the second of two keys: secured after %v", o.secured(w.port.Name, second).Round(time.Millisecond))

	w.port.Keys = []fabric.Key{first, third}
	o.apply(w.port)
	o.insecure(w.port.Name, "the far end uses CKN "+second.CKN+", which is not known here")
	if out, err := w.customer.Try("ping", "-c", "1", "-W", "1", w.ours.String()); err == nil {
		t.Errorf("traffic goes on with a key that was withdrawn:\n%s", out)
	}
	w.customerUses(third)
	t.Logf("the customer has the third key: secured after %v", o.secured(w.port.Name, third).Round(time.Millisecond))
}

// TestWrongKey: the same name, another key; then the right one.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(fabric.Key{CKN: first.CKN, CAK: third.CAK})
	o.insecure(w.port.Name, "the far end has another CAK under CKN "+first.CKN)
	if out, err := w.customer.Try("ping", "-c", "2", "-W", "1", w.ours.String()); err == nil {
		t.Errorf("traffic without the key:\n%s", out)
	}
	w.customerUses(first)
	t.Logf("put right: secured after %v", o.secured(w.port.Name, first).Round(time.Millisecond))
	// The key is another one under its old name, and both sides know.
	w.port.Keys = []fabric.Key{{CKN: first.CKN, CAK: third.CAK}}
	o.apply(w.port)
	o.insecure(w.port.Name, "the far end has another CAK under CKN "+first.CKN)
	w.customerUses(w.port.Keys[0])
	o.secured(w.port.Name, first)
}

// TestTwoOfUs: both ends know the same three keys, in other slots; a customer may run Onramp, too. They meet.
func TestTwoOfUs(t *testing.T) {
	t.Parallel()
	w := newOpen(t, first, second, third)
	build(w.customer, "c", "s", w.theirs)
	all := wire{Device: "c", Secy: "s", Slots: slotsOf("s"), Keys: [][2]string{
		{first.CKN, first.CAK.Reveal()}, {second.CKN, second.CAK.Reveal()}, {third.CKN, third.CAK.Reveal()}}}
	dir := t.TempDir()
	remember(t, dir, "c", third.CKN, first.CKN)
	start(t, w.customer, order{Dir: dir, Ports: []wire{all}})
	t.Cleanup(func() { w.kill(dir, "c") })

	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	lab.Eventually(t, func() string {
		if s := o.status(w.port.Name); !s.Secured {
			return s.Reason
		}
		return ""
	})
	reaches(w)
	pings := w.ping()
	answered(t, pings, 60)
	if answers := pings.Stop(); answers.Lost > 0 {
		t.Errorf("not at rest: %v", answers)
	}
}

// remember writes an agent's memory of which key has which slot.
func remember(t *testing.T, dir, device string, ckns ...string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "state", "mka"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "state", "mka", device+".slots"), []byte(strings.Join(ckns, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
}
