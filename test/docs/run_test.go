package docs

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"onramp/test/guest"
	"onramp/test/need"
)

func TestMain(m *testing.M) {
	guest.Main(m, guest.Options{MemoryMB: 1024, Guests: 2, Programs: []string{"onramp/cmd/onramp"}})
}

// pages are those whose commands are run here, in guests that share nothing.
var pages = []string{"start.md", "lab-one-link.md", "lab-lag-macsec.md", "lab-failover.md", "handbook.md"}

func TestStart(t *testing.T)     { run(t, "start.md") }
func TestOneLink(t *testing.T)   { run(t, "lab-one-link.md") }
func TestLAGMACsec(t *testing.T) { run(t, "lab-lag-macsec.md") }
func TestFailover(t *testing.T)  { run(t, "lab-failover.md") }
func TestHandbook(t *testing.T)  { run(t, "handbook.md") }

// run pastes a page into a shell, block by block, which stops at the first command that fails.
func run(t *testing.T, page string) {
	t.Helper()
	need.Program(t, "ip")
	home := t.TempDir()
	settle(t)
	script := "set -euo pipefail\n" + strings.Join(blocks(t, page), "")
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-x", "-c", script)
	cmd.Dir = home
	program := filepath.Dir(guest.Program(t, "onramp/cmd/onramp"))
	cmd.Env = append(os.Environ(), "HOME="+home,
		"PATH="+strings.Join([]string{program, filepath.Dir(need.AWSCLI(t)), "/usr/lib/frr", "/usr/sbin", "/sbin", os.Getenv("PATH")}, ":"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what the page leaves running
	if err != nil {
		text, _ := os.ReadFile(out.Name())
		t.Errorf("%s: %v\n%s", page, err, text)
	}
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
