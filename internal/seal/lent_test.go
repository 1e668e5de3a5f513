//go:build unix

package seal

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"onramp/test/need"
)

// TestExposed: a keyset of one's own is for nobody else; one that another user lends may be read by the group, and no more.
func TestExposed(t *testing.T) {
	t.Parallel()
	for mode, want := range map[fs.FileMode]struct{ own, lent bool }{
		0o600: {false, false}, 0o400: {false, false},
		0o640: {true, false}, 0o440: {true, false},
		0o660: {true, true}, 0o650: {true, true}, 0o604: {true, true}, 0o602: {true, true}, 0o444: {true, true},
	} {
		if got := exposed(mode, false); got != want.own {
			t.Errorf("%04o of one's own: %v", mode, got)
		}
		if got := exposed(mode, true); got != want.lent {
			t.Errorf("%04o that is lent: %v", mode, got)
		}
	}
}

// lentPath set makes this test binary open a keyset and end with 0 if it could.
const lentPath = "ONRAMP_SEAL_LENT"

func init() {
	if path := os.Getenv(lentPath); path != "" {
		if _, err := Open(path); err != nil {
			os.Exit(3)
		}
		os.Exit(0)
	}
}

// TestLent: another user opens a keyset that root has lent its group, and not one that everybody may read.
func TestLent(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		need.Missing(t, "only root can be another user")
	}
	folder, err := os.MkdirTemp("/tmp", "lent") // t.TempDir lies in a folder that is the test's alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	program, path := filepath.Join(folder, "test"), filepath.Join(folder, "keyset.json")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err != nil {
		t.Fatal(err)
	}
	const other = 65532
	if err := errors.Join(os.Chmod(folder, 0o755), os.WriteFile(program, content, 0o755), os.Chown(path, 0, other)); err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[fs.FileMode]int{0o440: 0, 0o640: 0, 0o444: 3, 0o400: 3} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), program)
		cmd.Env = []string{lentPath + "=" + path}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: other, Gid: other}}
		_ = cmd.Run() // its exit code says it
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Errorf("mode %04o: exit code %d, want %d", mode, got, want)
		}
	}
}
