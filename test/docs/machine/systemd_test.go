package machine

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"onramp/test/need"
)

// idle is what systemd is to reach before the page is pasted: nothing. The machine's own services are not started.
const idle = "[Unit]\nDescription=Nothing yet\nDefaultDependencies=no\n"

// unwanted are units that any service asks for, and that look for devices and logins, which take long and concern no page.
var unwanted = []string{
	"systemd-udevd.service", "systemd-udev-trigger.service", "systemd-udevd-control.socket", "systemd-udevd-kernel.socket",
	"systemd-logind.service", "systemd-update-utmp.service", "systemd-tmpfiles-setup.service", "systemd-tmpfiles-setup-dev.service",
}

// serviceManager starts systemd, as the first process of a process namespace, and answers the beginning of a command line
// that runs something in there.
func serviceManager(t *testing.T) []string {
	t.Helper()
	const program, units = "/lib/systemd/systemd", "/etc/systemd/system/"
	if _, err := os.Stat(program); err != nil {
		need.Missing(t, "no "+program+" (Debian package systemd)")
	}
	if err := os.WriteFile(units+"idle.target", []byte(idle), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, unit := range unwanted {
		if err := os.Symlink("/dev/null", units+unit); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, ""); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "systemd.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	init := exec.Command("/bin/sh", "-c", "mount --make-rprivate / && mount -t proc proc /proc && exec "+program+" --system --unit=idle.target")
	init.Env = []string{"container=guest", "SYSTEMD_LOG_TARGET=console", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"}
	init.Stdout, init.Stderr = log, log
	init.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS, Setsid: true}
	if err := init.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = init.Process.Kill() // and with it all that is in its namespace
		_ = init.Wait()
		if text, _ := os.ReadFile(log.Name()); t.Failed() {
			t.Logf("systemd said:\n%s", text)
		}
	})
	inside := []string{need.Program(t, "nsenter"), "--target=" + strconv.Itoa(init.Process.Pid), "--pid", "--mount"}
	ready := append(inside[:len(inside):len(inside)], "timeout", "120", "sh", "-c", "until systemctl is-system-running; do sleep 0.2; done")
	if out, err := exec.Command(ready[0], ready[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("systemd is not ready: %v\n%s", err, out)
	}
	return inside
}
