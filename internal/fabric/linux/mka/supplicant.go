package mka

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"onramp/internal/fabric"
)

const pidSuffix = ".pid"

// Our priority in the election of the key server (IEEE 802.1X 9.5): better than what supplicants come with (255) and
// Cisco routers too (their default is 0, which wins), so that the key server is not left to chance.
const keyServerPriority = 16

// How many frames late a frame may arrive (IEEE 802.1AE replay window): enough for what a provider's switches and the
// queues of a network card turn around, too few to repeat anything of use.
const replayWindow = 64

// supplicant is the wpa_supplicant process of one slot of a device, whoever started it. It has one key for life.
type supplicant struct {
	program string
	run     string
	device  string
	slot    int
}

func (s supplicant) control() control {
	return control{path: filepath.Join(s.run, "ctrl", strconv.Itoa(s.slot), s.device)}
}

func (s supplicant) pidFile() string {
	return filepath.Join(s.run, s.device+"."+strconv.Itoa(s.slot)+pidSuffix)
}

// findProgram looks beyond PATH, as agents are often started with one for users.
func findProgram() string {
	const name = "wpa_supplicant"
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, dir := range []string{"/usr/sbin", "/sbin", "/usr/local/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	return name
}

// ping reports whether the process is there and answers. errSilent: it is there and hangs.
func (s supplicant) ping(ctx context.Context) error {
	answer, err := s.control().ask(ctx, "PING")
	if err == nil && answer != "PONG" {
		return errSilent
	}
	return err
}

// start begins a process without keys, which has left us by the time that start answers: it is no child of ours and
// does not end with us. It takes no configuration file.
func (s supplicant) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := os.MkdirAll(filepath.Dir(filepath.Dir(s.control().path)), 0o700); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, s.program, "-B", "-i", s.device, "-D", "macsec_linux",
		"-C", filepath.Dir(s.control().path), "-P", s.pidFile())
	cmd.Dir = "/"
	cmd.WaitDelay = time.Second
	said, err := cmd.CombinedOutput()
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) { // on a busy machine the process lets go of its output late
		return fmt.Errorf("%s: %w: %s", s.program, err, lastLine(said))
	}
	return s.ping(ctx)
}

func lastLine(said []byte) string {
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return lines[len(lines)-1]
}

// stop ends the process: in peace, so that it takes its keys out of the kernel, or by force when it does not answer.
// None there is no error.
func (s supplicant) stop(ctx context.Context) error {
	pid := s.process()
	if err := s.control().do(ctx, "TERMINATE"); err == nil {
		wait := time.NewTicker(10 * time.Millisecond)
		defer wait.Stop()
		for end := time.Now().Add(patience); s.is(pid) && time.Now().Before(end) && ctx.Err() == nil; {
			<-wait.C
		}
	}
	if err := s.end(pid); err != nil {
		return err
	}
	return ctx.Err()
}

// kill ends the process by force if there is one.
func (s supplicant) kill() error { return s.end(s.process()) }

// end ends the process by force if it is still there, and removes what it left.
func (s supplicant) end(pid int) error {
	if s.is(pid) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("wpa_supplicant of %s hangs: %w", s.device, err)
		}
	}
	for _, file := range []string{s.pidFile(), s.control().path} {
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// process answers the process number, or 0 when there is none.
func (s supplicant) process() int {
	text, err := os.ReadFile(s.pidFile())
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || !s.is(pid) {
		return 0
	}
	return pid
}

// is reports whether the process with this number is the supplicant. A number in a file may be another process's by now:
// only one that was started with this very file is meant. One that has ended and was not waited for has no command line.
func (s supplicant) is(pid int) bool {
	if pid <= 1 {
		return false
	}
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && strings.Contains(string(line), "\x00"+s.pidFile()+"\x00")
}

// uses answers the name of the key that the process has. Keys do not come back from it, so its network carries the CKN as a
// label, which it gets last. Empty: it has none, or not all of it.
func (s supplicant) uses(ctx context.Context) (ckn string, err error) {
	label, err := s.control().ask(ctx, "GET_NETWORK 0 id_str")
	if errors.Is(err, errRefused) {
		return "", nil
	}
	return strings.Trim(label, `"`), err
}

// use gives a process that was just started its key, and begins the agreement.
func (s supplicant) use(ctx context.Context, k fabric.Key) error {
	for _, command := range []string{"AP_SCAN 0", "SET eapol_version 3"} {
		if err := s.control().do(ctx, command); err != nil {
			return err
		}
	}
	number, err := s.control().ask(ctx, "ADD_NETWORK")
	if err != nil {
		return err
	}
	for _, setting := range []string{
		"key_mgmt NONE", "eapol_flags 0", "macsec_policy 1", "macsec_integ_only 0", "macsec_port " + strconv.Itoa(s.slot),
		"macsec_replay_protect 1", "macsec_replay_window " + strconv.Itoa(replayWindow),
		"mka_priority " + strconv.Itoa(keyServerPriority),
		"mka_ckn " + k.CKN, "mka_cak " + k.CAK.Reveal(), `id_str "` + k.CKN + `"`,
	} {
		if err := s.control().do(ctx, "SET_NETWORK "+number+" "+setting); err != nil {
			return err
		}
	}
	return s.control().do(ctx, "SELECT_NETWORK "+number)
}

// report asks the process how its port does.
func (s supplicant) report(ctx context.Context) (report, error) {
	text, err := s.control().ask(ctx, "STATUS")
	return parseReport(text), err
}
