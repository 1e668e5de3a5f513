package page

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"onramp/test/need"
)

// Reader is who pastes pages.
type Reader struct {
	Program  string   // the folder that the program onramp is in; without one the page installs it
	Files    []string // what is in the reader's folder before
	Loopback string   // the reader's address in place of the pages' 127.0.0.1
	More     []string // environment that a page asks for
	Within   []string // the beginning of a command line that runs the shell somewhere else
}

// Paste pastes a page into a shell in an empty folder. The shell stops at the first command that fails, and with it the test.
func (r Reader) Paste(t *testing.T, name string) {
	t.Helper()
	text, err := script(t, name)
	if err != nil {
		t.Fatal(err)
	}
	if r.Loopback != "" {
		text = strings.ReplaceAll(text, "127.0.0.1", r.Loopback)
		r.More = append(r.More[:len(r.More):len(r.More)], "ONRAMP_LISTEN="+r.Loopback+":7224", "ONRAMP_OPERATOR_LISTEN="+r.Loopback+":7225",
			"ONRAMP_OPERATOR=http://"+r.Loopback+":7225")
	}
	home := t.TempDir()
	for _, file := range r.Files {
		if err := os.Symlink(file, filepath.Join(home, filepath.Base(file))); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	line := append(r.Within[:len(r.Within):len(r.Within)], need.Program(t, "bash"), "-x", "-c", "cd "+home+"\nset -euo pipefail\n"+text)
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	path := []string{filepath.Dir(need.AWSCLI(t)), "/usr/lib/frr", "/usr/sbin", "/sbin", os.Getenv("PATH")}
	if r.Program != "" {
		path = append([]string{r.Program}, path...)
	}
	cmd.Env = append(append(os.Environ(), "HOME="+home, "PATH="+strings.Join(path, ":")), r.More...)
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
		printed, _ := os.ReadFile(out.Name())
		t.Errorf("%s: %v\n%s", name, err, secret.ReplaceAll(printed, []byte("$1[secret]")))
	}
}

// secret is what pages print for their readers, and a test keeps to itself.
var secret = regexp.MustCompile(`((?:SECRET_ACCESS_KEY|SESSION_TOKEN|PASSWORD)=|whsec_|postgres://[^:/ ]*:|/calendar/|onramp-router-)[^\s'"@]+`)
