package fabric

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux"
	"onramp/test/guest/lab"
)

// A driver drives the network namespace that its process is in, and this process is in one of its own. So each router
// of these tests has a process there, which is this test binary again, and takes its calls through a pipe.

// driveVariable is set in such a process: what it drives, as JSON.
const driveVariable = "ONRAMP_FABRIC_DRIVE"

// driven is what such a process drives.
type driven struct {
	Router, Dir string
	Ports       map[string]string
}

// call is what it is asked, reply what it answers.
type (
	call struct {
		Apply  bool
		Intent fabric.Intent
	}
	reply struct {
		Observed fabric.Observed
		Error    string
		Invalid  bool
	}
)

// drive answers calls on standard input until that ends.
func drive() int {
	var what driven
	if err := json.Unmarshal([]byte(os.Getenv(driveVariable)), &what); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	d, err := linux.Open(linux.Config{
		Router: what.Router, Ports: what.Ports, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Changed: func() {}, StateDir: filepath.Join(what.Dir, "state"), RunDir: filepath.Join(what.Dir, "run"),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	in, out := gob.NewDecoder(os.Stdin), gob.NewEncoder(os.Stdout)
	for {
		var c call
		if err := in.Decode(&c); err != nil {
			if err := d.Close(); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			return 0
		}
		var r reply
		var err error
		if c.Apply {
			err = d.Apply(context.Background(), what.Router, c.Intent)
		} else {
			r.Observed, err = d.Observe(context.Background(), what.Router)
		}
		if err != nil {
			r.Error, r.Invalid = err.Error(), errors.Is(err, fabric.ErrInvalid)
		}
		if err := out.Encode(r); err != nil {
			return 1
		}
	}
}

// remote is the driver of one router, in a process on its host.
type remote struct {
	mu     sync.Mutex // one call at a time
	in     *gob.Decoder
	out    *gob.Encoder
	stdin  io.Closer
	daemon *lab.Daemon
}

// startDriver starts the driver of a router on its host. It ends with the test.
func startDriver(t *testing.T, h *lab.Host, ports map[string]string) *remote {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	what, err := json.Marshal(driven{Router: h.Name, Dir: h.Dir, Ports: ports})
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"state", "run"} {
		if err := os.MkdirAll(filepath.Join(h.Dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := h.Command(self)
	cmd.Env = append(os.Environ(), driveVariable+"="+string(what))
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answers.Close() })
	d := h.StartPiped("driver", cmd, theirs)
	return &remote{in: gob.NewDecoder(answers), out: gob.NewEncoder(stdin), stdin: stdin, daemon: d}
}

func (r *remote) call(c call) (answer reply, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err = r.out.Encode(c); err == nil {
		err = r.in.Decode(&answer)
	}
	switch {
	case err != nil:
		return answer, fmt.Errorf("%w: %w", fabric.ErrUnreachable, err)
	case answer.Invalid:
		return answer, fmt.Errorf("%w: %s", fabric.ErrInvalid, answer.Error)
	case answer.Error != "":
		return answer, errors.New(answer.Error)
	}
	return answer, nil
}

// fleet is the driver of several routers.
type fleet map[string]*remote

func (f fleet) Apply(_ context.Context, router string, in fabric.Intent) error {
	_, err := f[router].call(call{Apply: true, Intent: in})
	return err
}

func (f fleet) Observe(_ context.Context, router string) (fabric.Observed, error) {
	r, err := f[router].call(call{})
	return r.Observed, err
}

func (f fleet) Close() error {
	var errs []error
	for _, r := range f {
		if err := r.stdin.Close(); !errors.Is(err, os.ErrClosed) { // as it is when the process has been killed
			errs = append(errs, err)
		}
		<-r.daemon.Ended()
	}
	return errors.Join(errs...)
}
