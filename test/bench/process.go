package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// process is a child of the load: this program again, in another role. It says its address on its first line, obeys
// commands on its standard input, and ends when that is closed, so that none outlives the load.
type process struct {
	cmd     *exec.Cmd
	orders  io.WriteCloser
	address string // host:port
}

func startProcess(args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(self, args...)}
	p.cmd.Stderr = os.Stderr
	if p.orders, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the process %s ended before it was ready: %w", args[0], err), p.stop())
	}
	p.address = strings.TrimSpace(line)
	return p, nil
}

// obey reads commands from the standard input until it is closed.
func obey(do func(command, argument string) error) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		command, argument, _ := strings.Cut(lines.Text(), " ")
		if err := do(command, argument); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (p *process) order(command string) error {
	_, err := fmt.Fprintln(p.orders, command)
	return err
}

func (p *process) stop() error {
	return errors.Join(p.orders.Close(), p.cmd.Wait())
}

// ticks is how many parts of a second the kernel counts processor time in, on Linux always (proc(5), clock ticks).
const ticks = 100

// processor is the processor time that the process has used.
func (p *process) processor() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat is too short", p.cmd.Process.Pid)
	}
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / ticks, err
}

const (
	restStretch = 1500 * time.Millisecond // longer than the reconciler ever holds still with work before it
	restPart    = 100                     // of it that may be work
	restWithin  = 2 * time.Minute
)

// rest waits until the process has used next to no processor time for a while.
func (p *process) rest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, restWithin)
	defer cancel()
	for {
		before, err := p.processor()
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not come to rest: %w", ctx.Err())
		case <-time.After(restStretch):
		}
		if after, err := p.processor(); err != nil || after-before <= restStretch/restPart {
			return err
		}
	}
}

// resident is the most memory that the process has had resident, in bytes (VmHWM).
func (p *process) resident() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if size, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(size), " kB"), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("the kernel does not say how much memory a process has")
}
