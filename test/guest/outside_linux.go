package guest

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"onramp/test/need"
)

// grace is what a guest is given to end beyond the tests' own -timeout.
const grace = 20 * time.Second

// outside runs the tests in a guest, or each in one of its own. It answers their exit status.
func outside(k kernel, o Options) (int, error) {
	if o.MemoryMB == 0 {
		o.MemoryMB = 512
	}
	bin, err := os.MkdirTemp("", "onramp-guest-bin-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(bin)
	if err := build(bin, o.Programs); err != nil {
		return 1, err
	}
	if tests := each(o); len(tests) > 1 {
		return among(k, o, bin, tests)
	}
	return one(k, o, bin, os.Args, func(output string) (stop func()) { return showing(output) })
}

// one boots the kernel, has show show what the tests inside write, and waits until it ends. It answers their exit status.
func one(k kernel, o Options, bin string, arguments []string, show func(output string) (stop func())) (int, error) {
	folder, err := newFolder(k, o, bin, arguments)
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	cmd, hold, err := k.start(folder, o.MemoryMB)
	if err != nil {
		return 1, err
	}
	defer hold.Close()
	stopped := show(filepath.Join(folder, outputFile))
	why := await(cmd, hold)
	stopped()
	if err := need.Relay(filepath.Join(folder, skipsFile)); err != nil {
		return 1, err
	}
	status, err := readStatus(folder)
	switch {
	case why != nil:
		return max(status, 1), fmt.Errorf("%w\n%s", why, lastWords(folder))
	case errors.Is(err, os.ErrNotExist):
		return 1, fmt.Errorf("the kernel ended before the tests did:\n%s", lastWords(folder))
	}
	return status, err
}

// keeper is the shell program between this process and the kernel. A kernel is several processes, of a session of its own,
// and some would outlive one that is killed: the keeper ends them, and takes the folder away, when the descriptor 3 that
// this process holds the other end of is closed, however that comes.
const keeper = `folder=$1; shift
"$@" 3<&- &
kernel=$!
( read -r word <&3; kill -KILL -$kernel $kernel; rm -rf "$folder" ) 2>/dev/null &
wait $kernel 2>/dev/null
kill -KILL -$kernel 2>/dev/null
kill -KILL $! 2>/dev/null
exit 0`

// start starts the keeper and, under it, the kernel. The kernel is ended when hold is closed.
func (k kernel) start(folder string, memoryMB int) (cmd *exec.Cmd, hold io.Closer, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	console, err := os.Create(filepath.Join(folder, consoleFile))
	if err != nil {
		return nil, nil, err
	}
	defer console.Close()
	keepers, ours, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer keepers.Close()
	cmd = exec.Command("/bin/sh", append([]string{"-c", keeper, "keeper", folder, k.program}, k.arguments(folder, self, memoryMB)...)...)
	cmd.Env = []string{"TMPDIR=" + memoryFolder(memoryMB), "PATH=" + path()}
	cmd.Stdout, cmd.Stderr = console, console
	cmd.ExtraFiles = []*os.File{keepers}                  // descriptor 3
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a signal from the keyboard is for this process
	if err := cmd.Start(); err != nil {
		ours.Close()
		return nil, nil, err
	}
	return cmd, ours, nil
}

var errTold = errors.New("ended by signal")

// await waits for the kernel's end, which is the keeper's. A signal to this process, or much more time than the tests may take, ends it, too.
func await(cmd *exec.Cmd, hold io.Closer) error {
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGHUP)
	defer signal.Stop(told)
	var why error
	select {
	case <-ended:
	case s := <-told:
		why = fmt.Errorf("%w: %v", errTold, s)
	case <-limit():
		why = fmt.Errorf("the guest has not ended %v after the tests' time was over", grace)
	}
	if why != nil {
		hold.Close()
		<-ended
	}
	return why
}

func limit() <-chan time.Time {
	if f := flag.Lookup("test.timeout"); f != nil {
		if d, ok := f.Value.(flag.Getter).Get().(time.Duration); ok && d > 0 {
			return time.After(d + grace)
		}
	}
	return nil
}

// lastWords is the end of what the kernel wrote.
func lastWords(folder string) string {
	text, err := os.ReadFile(filepath.Join(folder, consoleFile))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}
