package postgres

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// victim set makes this test binary start a cluster, say where, and wait to be
// killed: see TestServerDiesWithTheTestProcess.
const victim = "ONRAMP_POSTGRES_VICTIM"

func beKilled() {
	c, err := open(newSettings(nil))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(c.folder)
	select {} // the keeper and the log reader keep this from being a deadlock
}

// A test process that is killed runs no cleanup; the server must go all the
// same, and its folder with it.
func TestServerDiesWithTheTestProcess(t *testing.T) {
	t.Parallel()
	Shared(t, WithoutFsync()) // so that a machine without PostgreSQL skips
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), victim+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the victim did not start: %v (%v)", err, cmd.Wait())
	}
	folder := strings.TrimSpace(line)
	pid := serverPID(t, folder)
	if !running(pid) {
		t.Fatalf("server %d is not running", pid)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // "signal: killed"
	eventually(t, "the server is gone", func() bool { return !running(pid) })
	eventually(t, "its folder is gone", func() bool { return !folderExists(folder) })
}
