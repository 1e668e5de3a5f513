package install

import (
	"bufio"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"onramp/test/need"
)

//go:embed machine.sh
var machineScript string

// Machine is an empty one. It ends with the test.
type Machine struct {
	t    testing.TB
	root string // its / as it is reached from here
}

// Empty is a new machine. It takes root, who alone may mount and make files of other users.
func Empty(t testing.TB) *Machine {
	t.Helper()
	for _, program := range []string{"dpkg", "unshare", "mount"} {
		need.Program(t, program)
	}
	if os.Geteuid() != 0 {
		need.Missing(t, "installing a package takes root")
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "sh", "-c", machineScript, "machine.sh", t.TempDir())
	alive, err := cmd.StdinPipe() // the machine is there until it is closed
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var faults strings.Builder
	cmd.Stderr = &faults
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := func() {
		_ = alive.Close()
		_ = cmd.Wait() // the end of the test's context may have been quicker
	}
	if said, _ := bufio.NewReader(out).ReadString('\n'); said != "ready\n" {
		end()
		t.Fatalf("an empty machine: %s", faults.String())
	}
	t.Cleanup(end)
	m := &Machine{t: t, root: fmt.Sprintf("/proc/%d/root", cmd.Process.Pid)}
	m.mustBeEmpty()
	return m
}

// mustBeEmpty makes sure that nothing will be installed on the machine that the test runs on.
func (m *Machine) mustBeEmpty() {
	m.t.Helper()
	here, err := os.Stat("/")
	if err != nil {
		m.t.Fatal(err)
	}
	there, err := os.Stat(m.root + "/.")
	if err != nil {
		m.t.Fatal(err)
	}
	if os.SameFile(here, there) || m.Has("/etc/onramp") || m.Has("/var/lib/onramp") {
		m.t.Fatalf("%s is no empty machine", m.root)
	}
}

// path is where a file of the machine is reached from here.
func (m *Machine) path(name string) string { return filepath.Join(m.root, name) }

// Read answers what is in a file.
func (m *Machine) Read(name string) string {
	m.t.Helper()
	text, err := os.ReadFile(m.path(name))
	if err != nil {
		m.t.Fatal(err)
	}
	return string(text)
}

// Write writes a file of root's that all may read.
func (m *Machine) Write(name, text string) {
	m.t.Helper()
	if err := os.WriteFile(m.path(name), []byte(text), 0o644); err != nil {
		m.t.Fatal(err)
	}
}

// Copy is Write for what a file of this machine holds.
func (m *Machine) Copy(from, name string) {
	m.t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		m.t.Fatal(err)
	}
	m.Write(name, string(text))
}

// Has reports whether there is a file or folder.
func (m *Machine) Has(name string) bool {
	_, err := os.Lstat(m.path(name))
	return err == nil
}

// Do has a user type a command into a shell, which must succeed, and answers what it says.
func (m *Machine) Do(user, command string) string {
	m.t.Helper()
	cmd := m.command(user, "/bin/sh", "-c", command)
	out, err := cmd.CombinedOutput()
	if err != nil {
		m.t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}

// command is a program in the machine, with the environment of one who has just logged in.
func (m *Machine) command(name, program string, args ...string) *exec.Cmd {
	m.t.Helper()
	uid, gid := m.user(name)
	cmd := exec.Command(program, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "USER=" + name, "DEBIAN_FRONTEND=noninteractive"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: m.root, Credential: &syscall.Credential{Uid: uid, Gid: gid}}
	endsWithTest(cmd.SysProcAttr)
	return cmd
}

// user finds a user of the machine.
func (m *Machine) user(name string) (uid, gid uint32) {
	m.t.Helper()
	for line := range strings.Lines(m.Read("/etc/passwd")) {
		part := strings.Split(line, ":")
		if part[0] != name || len(part) != 7 {
			continue
		}
		u, err := strconv.ParseUint(part[2], 10, 32)
		if err != nil {
			m.t.Fatal(err)
		}
		g, err := strconv.ParseUint(part[3], 10, 32)
		if err != nil {
			m.t.Fatal(err)
		}
		return uint32(u), uint32(g)
	}
	m.t.Fatalf("there is no user %s", name)
	return 0, 0
}
