package lab

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vishvananda/netns"

	"onramp/test/guest"
	"onramp/test/need"
)

// Host is a machine of the lab: a network namespace, and a folder for what its programs write.
type Host struct {
	Name string // empty: the guest's own namespace, see Here
	Dir  string // everyone may write in it: daemons run as users of their own

	t testing.TB
}

// settings of a host's kernel: addresses are there at once and stay when a link goes down, and packets are forwarded.
var settings = []string{
	"net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0",
	"net.ipv6.conf.all.keep_addr_on_down=1", "net.ipv6.conf.default.keep_addr_on_down=1",
	"net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
}

// NewHost makes a host. Its name is that of the namespace.
func NewHost(t testing.TB, name string) *Host {
	t.Helper()
	if !guest.Inside() {
		t.Fatal("hosts are made inside a guest only")
	}
	h := &Host{Name: name, Dir: filepath.Join("/run/lab", name), t: t}
	h.makeDir()
	IP(t, "netns add "+name)
	t.Cleanup(func() {
		if out, err := exec.Command(need.Program(t, "ip"), "netns", "del", name).CombinedOutput(); err != nil {
			t.Errorf("removing host %s: %v\n%s", name, err, out)
		}
	})
	h.IP("link set lo up")
	for _, s := range settings {
		key, value, _ := strings.Cut(s, "=")
		h.Sysctl(key, value)
	}
	return h
}

// Here is the guest's own namespace, in which the test process is, as a host.
func Here(t testing.TB) *Host {
	t.Helper()
	h := &Host{Dir: fmt.Sprintf("/run/lab/here%d", heres.Add(1)), t: t} // tests that run side by side have a folder each
	h.makeDir()
	return h
}

// heres counts the calls of Here.
var heres atomic.Int64

func (h *Host) makeDir() {
	h.t.Helper()
	h.t.Cleanup(func() { _ = os.RemoveAll(h.Dir) })
	if err := errors.Join(os.RemoveAll(h.Dir), os.MkdirAll(h.Dir, 0o777), os.Chmod(h.Dir, 0o777)); err != nil {
		h.t.Fatal(err)
	}
}

// IP runs iproute2 in the guest's own namespace, with words separated by spaces, and ends the test if it fails.
func IP(t testing.TB, arguments string) string {
	t.Helper()
	out, err := exec.Command(need.Program(t, "ip"), strings.Fields(arguments)...).CombinedOutput() // also while the test cleans up
	if err != nil {
		t.Fatalf("ip %s: %v\n%s", arguments, err, out)
	}
	return string(out)
}

// IP runs iproute2 on the host, with words separated by spaces, and ends the test if it fails.
func (h *Host) IP(arguments string) string {
	h.t.Helper()
	if h.Name != "" {
		arguments = "-n " + h.Name + " " + arguments
	}
	return IP(h.t, arguments)
}

// Batch runs ip or tc, with its options, on the host with one command a line, and ends the test if one fails.
func (h *Host) Batch(program, lines string) string {
	h.t.Helper()
	out, err := h.TryBatch(program, lines)
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// TryBatch is Batch that answers also what was written before an error.
func (h *Host) TryBatch(program, lines string) (string, error) {
	h.t.Helper()
	words := append(strings.Fields(program), "-batch", "-")
	cmd := exec.Command(h.find(words[0]), words[1:]...)
	cmd.Dir = h.Dir
	cmd.Stdin = strings.NewReader(lines)
	out, err := h.finish(cmd)
	if err != nil {
		return out, fmt.Errorf("%s: %s -batch: %w\n%s of:\n%s", h.Name, program, err, out, lines)
	}
	return out, nil
}

// Sysctl sets a kernel parameter of the host, such as net.ipv4.ip_forward.
func (h *Host) Sysctl(key, value string) {
	h.t.Helper()
	file := "/proc/sys/" + strings.ReplaceAll(key, ".", "/")
	if err := h.Do(func() error { return os.WriteFile(file, []byte(value), 0) }); err != nil {
		h.t.Fatalf("host %s: %v", h.Name, err)
	}
}

// Command is a program, by name or absolute path, that runs on the host when it is started, with the host's folder as its
// own.
func (h *Host) Command(program string, arguments ...string) *exec.Cmd {
	h.t.Helper()
	program = h.find(program)
	cmd := exec.Command(program, arguments...)
	if h.Name != "" {
		cmd = exec.Command(need.Program(h.t, "ip"), append([]string{"netns", "exec", h.Name, program}, arguments...)...)
	}
	cmd.Dir = h.Dir
	return cmd
}

// find is the absolute path of a program.
func (h *Host) find(program string) string {
	h.t.Helper()
	if filepath.IsAbs(program) {
		return program
	}
	return need.Program(h.t, program)
}

// Try runs a program on the host to its end. Unlike one of Command it has the guest's /sys, and is begun in a third of the
// time, which counts where a program costs a tenth of a second of processor.
func (h *Host) Try(program string, arguments ...string) (string, error) {
	h.t.Helper()
	cmd := exec.Command(h.find(program), arguments...)
	cmd.Dir = h.Dir
	out, err := h.finish(cmd)
	if err != nil {
		return out, fmt.Errorf("%s: %s %s: %w\n%s", h.Name, program, strings.Join(arguments, " "), err, out)
	}
	return out, nil
}

// finish runs a command from a thread that is on the host, where it then is itself.
func (h *Host) finish(cmd *exec.Cmd) (string, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := h.Do(cmd.Start)
	if err == nil {
		err = cmd.Wait()
	}
	return out.String(), err
}

// Run is Try that ends the test on an error.
func (h *Host) Run(program string, arguments ...string) string {
	h.t.Helper()
	out, err := h.Try(program, arguments...)
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// File writes a file in the host's folder, which all its programs may read, and answers its path.
func (h *Host) File(name, text string) string {
	h.t.Helper()
	path := filepath.Join(h.Dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// Do calls f on a thread that is on the host: a socket made there stays there, whoever uses it.
func (h *Host) Do(f func() error) (err error) {
	if h.Name == "" {
		return f()
	}
	var done sync.WaitGroup
	done.Go(func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		var ns netns.NsHandle
		if ns, err = netns.GetFromName(h.Name); err != nil {
			return
		}
		defer ns.Close()
		if err = netns.Set(ns); err == nil {
			err = f()
		}
	})
	done.Wait()
	return err
}
