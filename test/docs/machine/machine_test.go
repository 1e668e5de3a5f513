package machine

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"onramp/test/docs/page"
	"onramp/test/guest"
	"onramp/test/need"
)

func TestMain(m *testing.M) {
	guest.Main(m, guest.Options{MemoryMB: 1024, Guests: 2, Programs: []string{"onramp/cmd/onramp"}})
}

func TestFailover(t *testing.T)  { run(t, "lab-failover.md") }
func TestOneLink(t *testing.T)   { run(t, "lab-one-link.md") }
func TestLAGMACsec(t *testing.T) { run(t, "lab-lag-macsec.md") }

func run(t *testing.T, name string) {
	t.Helper()
	need.Program(t, "ip")
	settle(t)
	page.Reader{Program: filepath.Dir(guest.Program(t, "onramp/cmd/onramp"))}.Paste(t, name)
}

// settle makes the guest a machine as Debian leaves it: with a loopback, and folders of FRRouting's own to write in.
func settle(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := os.Stat("/etc/frr"); err == nil {
		if err := syscall.Mount("none", "/etc/frr", "tmpfs", 0, ""); err != nil {
			t.Fatal(err)
		}
	}
}
