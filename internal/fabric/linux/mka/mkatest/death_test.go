package mkatest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"onramp/internal/fabric/linux/mka"
	"onramp/test/guest/lab"
)

// TestAgentKilled: the agent dies by force, and forwarding goes on; the next agent takes over what it finds.
func TestAgentKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	dir := t.TempDir()
	agent := start(t, nil, order{Dir: dir, Ports: []wire{{Device: w.port.Device, Secy: w.port.MACsecDevice, Slots: w.port.SlotDevices,
		Keys: [][2]string{{first.CKN, first.CAK.Reveal()}}}}})
	w.customerUses(first)
	o := open(t, dir) // looks, and does not touch
	process := o.supplicant(w.port.Device, 1)
	lab.Eventually(t, func() string {
		_, err := w.customer.Try("ping", "-c", "1", "-W", "1", w.ours.String())
		if err != nil {
			return err.Error()
		}
		return ""
	})
	key := keyOf(t, w)

	pings := w.ping()
	if err := agent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = agent.Wait()
	lab.Eventually(t, func() string {
		if pings.Answered() < 160 { // eight seconds: longer than a participant that is silent is remembered
			return "too few pings answered"
		}
		return ""
	})
	o.apply(w.port)
	t.Logf("taken over: secured after %v", o.secured(w.port.Name, first).Round(time.Millisecond))
	if answers := pings.Stop(); answers.Lost > 0 {
		t.Errorf("the agent's death was felt: %v", answers)
	}
	if o.supplicant(w.port.Device, 1) != process || keyOf(t, w) != key {
		t.Error("the association was not taken over but made anew")
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	// Close leaves it running; another agent that does not want the port ends it.
	if !alive(process) {
		t.Error("Close ended the supplicant")
	}
	open(t, dir).end()
	if alive(process) {
		t.Error("a port that is not wanted any more is still served")
	}
}

func alive(process string) bool {
	line, err := os.ReadFile("/proc/" + process + "/cmdline")
	return err == nil && len(line) > 0
}

// keyOf names the key that the port's first slot sends with.
func keyOf(t *testing.T, w *world) string {
	t.Helper()
	show := lab.IP(t, "macsec show "+w.port.SlotDevices[0])
	_, key, there := strings.Cut(show, " key ")
	if !there {
		t.Fatalf("no key:\n%s", show)
	}
	return strings.Fields(key)[0]
}

// TestSupplicantKilled: it is started again, and what it left in the kernel does not stand in the way.
func TestSupplicantKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(first)
	o.secured(w.port.Name, first)
	pings := w.ping()
	process, err := strconv.Atoi(o.supplicant(w.port.Device, 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(process, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	lab.Eventually(t, func() string {
		if s := o.status(w.port.Name); s.Secured {
			return "the death goes unnoticed"
		}
		return ""
	})
	took := o.secured(w.port.Name, first)
	answered := pings.Answered()
	lab.Eventually(t, func() string {
		if pings.Answered() < answered+20 {
			return "too few pings answered"
		}
		return ""
	})
	t.Logf("secured again after %v; %v", took.Round(time.Millisecond), pings.Stop())
}

// TestSupplicantHangs: one that does not answer is ended by force.
func TestSupplicantHangs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(first)
	o.secured(w.port.Name, first)
	hung := o.supplicant(w.port.Device, 1)
	process, err := strconv.Atoi(hung)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(process, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	o.insecure(w.port.Name, "")
	o.secured(w.port.Name, first)
	if alive(hung) {
		t.Error("the one that hung is still there")
	}
}

// TestCarrier: a cable pulled for a moment costs that moment; for longer than a participant is remembered, an agreement.
func TestCarrier(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(first)
	o.secured(w.port.Name, first)
	key := keyOf(t, w)
	w.cable.Unplug()
	t.Logf("pulled: seen after %v", o.insecure(w.port.Name, "no carrier").Round(time.Millisecond))
	w.cable.Plug()
	t.Logf("back at once: secured after %v", o.secured(w.port.Name, first).Round(time.Millisecond))
	if keyOf(t, w) != key {
		t.Error("the association was made anew for a short break")
	}
	w.cable.Unplug()
	lab.Eventually(t, func() string {
		if show := lab.IP(t, "macsec show "+w.port.SlotDevices[0]); strings.Contains(show, " key ") {
			return show
		}
		return ""
	})
	w.cable.Plug()
	t.Logf("back after long: secured after %v", o.secured(w.port.Name, first).Round(time.Millisecond))
}

// TestDevicesMadeAnew: a slot's MACsec device goes and comes back, as another one; then the one that all rides on.
func TestDevicesMadeAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(first)
	o.secured(w.port.Name, first)
	here, secy, slot := lab.Here(t), w.port.MACsecDevice, w.port.SlotDevices[0]
	lead := fmt.Sprintf("filter add dev %s ingress matchall action mirred ingress redirect dev %s\n", slot, secy)
	lab.IP(t, "link del "+slot)
	o.insecure(w.port.Name, "there is no device "+slot)
	lab.IP(t, "link add link "+w.port.Device+" name "+slot+" type macsec port 1 encrypt on protect on validate strict")
	here.Batch("tc", "qdisc add dev "+slot+" clsact\n"+lead)
	o.secured(w.port.Name, first)
	reaches(w)

	lab.IP(t, "link del "+secy)
	o.insecure(w.port.Name, "there is no device "+secy)
	lab.IP(t, fmt.Sprintf("link add link %s name %s type macsec port %d encrypt on protect on validate strict", w.port.Device, secy, mka.Slots+1))
	ride(here, secy, w.ours)
	here.Batch("tc", "filter del dev "+slot+" ingress\n"+lead)
	o.secured(w.port.Name, first)
	reaches(w)
	if all := lab.IP(t, "macsec show"); strings.Contains(all, "macsec0") {
		t.Errorf("a supplicant made a device of its own:\n%s", all)
	}
}

// kill ends the supplicants that an agent process left.
func (w *world) kill(dir, device string) {
	files, err := filepath.Glob(filepath.Join(dir, "run", "mka", device+".*.pid"))
	if err != nil || len(files) == 0 {
		w.t.Error("no supplicants", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			w.t.Error(err)
		}
		if process, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
			_ = syscall.Kill(process, syscall.SIGKILL)
		}
	}
}
