package machine

import (
	"errors"
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
	guest.Main(m, guest.Options{Modules: []string{"overlay"}, MemoryMB: 1024, Guests: 2, Programs: []string{"onramp/cmd/onramp"}})
}

func TestFailover(t *testing.T)  { run(t, "lab-failover.md") }
func TestOneLink(t *testing.T)   { run(t, "lab-one-link.md") }
func TestLAGMACsec(t *testing.T) { run(t, "lab-lag-macsec.md") }
func TestConsole(t *testing.T)   { run(t, "console.md", "nginx", "openssl", "curl") }

func TestInstall(t *testing.T) { install(t, "install.md") }
func TestRouters(t *testing.T) { install(t, "routers.md") }

// install pastes a page that installs the package, where systemd runs.
func install(t *testing.T, name string) {
	t.Helper()
	settle(t, "/etc", "/usr", "/var/lib", "/var/log")
	page.Reader{Files: []string{debianPackage(t)}, Within: serviceManager(t)}.Paste(t, name)
}

// run pastes a page that uses programs which are not in every Debian.
func run(t *testing.T, name string, programs ...string) {
	t.Helper()
	for _, program := range programs {
		need.Program(t, program)
	}
	settle(t, "/etc", "/var/lib", "/var/log")
	page.Reader{Program: filepath.Dir(guest.Program(t, "onramp/cmd/onramp"))}.Paste(t, name)
}

// settle makes the guest a machine as Debian leaves it, with a loopback, and with folders that may be written to: what is written
// there is gone with the guest, and the real machine's files stay as they are. Through /usr that makes all programs slow.
func settle(t *testing.T, folders ...string) {
	t.Helper()
	if out, err := exec.Command(need.Program(t, "ip"), "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, folder := range folders {
		own := t.TempDir()
		if err := errors.Join(os.Mkdir(own+"/upper", 0o755), os.Mkdir(own+"/work", 0o755)); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mount("overlay", folder, "overlay", 0, "lowerdir="+folder+",upperdir="+own+"/upper,workdir="+own+"/work"); err != nil {
			t.Fatalf("%s: %v", folder, err)
		}
	}
}
