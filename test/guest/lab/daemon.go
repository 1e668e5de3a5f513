package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
)

// Daemon is a program that runs until it is stopped or the test ends.
type Daemon struct {
	host  *Host
	cmd   *exec.Cmd
	log   string
	ended chan struct{} // closed when it has
}

// started counts all that were started, so that each has a log of its own.
var started atomic.Int64

// Start starts a program in the foreground. What it writes is shown if the test fails.
func (h *Host) Start(program string, arguments ...string) *Daemon {
	h.t.Helper()
	return h.StartCommand(filepath.Base(program), h.Command(program, arguments...))
}

// StartCommand is Start with a command of h.Command that was changed.
func (h *Host) StartCommand(name string, cmd *exec.Cmd) *Daemon {
	h.t.Helper()
	return h.StartPiped(name, cmd, nil)
}

// StartPiped is StartCommand with the program's standard output going to out, which is closed here, instead of to its log.
func (h *Host) StartPiped(name string, cmd *exec.Cmd, out *os.File) *Daemon {
	h.t.Helper()
	d := &Daemon{host: h, cmd: cmd, log: filepath.Join(h.Dir, fmt.Sprintf("%s.%d.log", name, started.Add(1))), ended: make(chan struct{})}
	log, err := os.OpenFile(d.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		h.t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if out != nil {
		defer out.Close()
		cmd.Stdout = out
	}
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() { _ = cmd.Wait(); close(d.ended) }()
	h.t.Cleanup(func() {
		d.Kill()
		if h.t.Failed() {
			h.t.Logf("%s on %s wrote:\n%s", name, h.Name, lastLines(d.Log(), 25))
		}
	})
	return d
}

// Kill ends it with SIGKILL and waits until it has ended. Ending it twice is no error.
func (d *Daemon) Kill() { d.end(syscall.SIGKILL) }

// Stop ends it with SIGTERM and waits until it has ended.
func (d *Daemon) Stop() { d.end(syscall.SIGTERM) }

func (d *Daemon) end(s syscall.Signal) {
	d.Signal(s)
	<-d.ended
}

// Signal sends it a signal.
func (d *Daemon) Signal(s syscall.Signal) {
	d.host.t.Helper()
	if err := d.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		d.host.t.Errorf("%s: %v", d.log, err)
	}
}

// Ended is closed when it has ended.
func (d *Daemon) Ended() <-chan struct{} { return d.ended }

// Pid is its process number: the program is run in place of the one that enters the namespace.
func (d *Daemon) Pid() int { return d.cmd.Process.Pid }

// Log is all that it has written.
func (d *Daemon) Log() string {
	text, err := os.ReadFile(d.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// lastLines is the end of a text.
func lastLines(text string, n int) string {
	at := len(text)
	for i := len(text) - 1; i >= 0 && n > 0; i-- {
		if at = i; text[i] == '\n' {
			n--
		}
	}
	return text[min(at, len(text)):]
}
