package router

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
	"onramp/internal/fabric/sim"
)

// The test binary stands in for an agent that can be killed.
const (
	agentVariable  = "ROUTER_TEST_AGENT"  // state folder
	recordVariable = "ROUTER_TEST_RECORD" // file that takes a line for every apply
)

func TestMain(m *testing.M) {
	path := os.Getenv(agentVariable)
	if path == "" {
		os.Exit(m.Run())
	}
	err := Run(context.Background(), path, Config{Accepted: true, Open: func(Site) (fabric.Driver, error) {
		w := &world{cables: map[string]map[string]sim.Cable{}, customers: map[string]map[string]sim.Script{}}
		return &recorder{sim.New(w)}, nil
	}})
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// recorder writes down what it is told.
type recorder struct{ fabric.Driver }

func (r *recorder) Apply(ctx context.Context, router string, in fabric.Intent) error {
	f, err := os.OpenFile(os.Getenv(recordVariable), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%x\n", in.Fingerprint())
	return errors.Join(err, f.Close(), r.Driver.Apply(ctx, router, in))
}

// process is an agent in a process of its own.
type process struct {
	t      *testing.T
	path   string
	record string
	cmd    *exec.Cmd
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append(os.Environ(), agentVariable+"="+p.path, recordVariable+"="+p.record)
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(p.kill)
}

func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

// told answers the fingerprints of what the driver was told so far.
func (p *process) told() []string {
	text, err := os.ReadFile(p.record)
	if err != nil && !os.IsNotExist(err) {
		p.t.Error(err)
	}
	return strings.Fields(string(text))
}

func (p *process) last(in fabric.Intent) bool {
	told := p.told()
	return len(told) > 0 && told[len(told)-1] == fmt.Sprintf("%x", in.Fingerprint())
}

// An agent that is killed goes on, when it is started again, with the last order: before it reaches its control plane, and
// without it.
func TestKilled(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server := b.servers[0]
	r := &station{lab: b, name: "r1", path: folderPath(t)}
	r.enroll()
	p := &process{t: t, path: r.path, record: filepath.Join(t.TempDir(), "record")}
	p.start()
	await(t, "the agent connects", func() bool { return server.Connected("r1") })
	server.apply(t, "r1", plain("et-0"))
	server.apply(t, "r1", keyed())
	p.kill()
	await(t, "the server notices", func() bool { return !server.Connected("r1") })
	server.wire.cut(true)
	before := len(p.told())
	p.start()
	await(t, "the last order is carried out", func() bool { return len(p.told()) == before+1 })
	if !p.last(keyed()) {
		t.Error("it was another order")
	}
	server.wire.cut(false)
	await(t, "the agent connects", func() bool { return server.Connected("r1") })
	if o, err := server.Observe(t.Context(), "r1"); err != nil || len(o.Drift(keyed())) > 0 {
		t.Errorf("drift %v; error %v", o.Drift(keyed()), err)
	}
}

// Killed at any moment, an agent converges on what the control plane wants.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server := b.servers[0]
	r := &station{lab: b, name: "r1", path: folderPath(t)}
	r.enroll()
	p := &process{t: t, path: r.path, record: filepath.Join(t.TempDir(), "record")}
	for round := range 12 {
		p.start()
		await(t, "the agent connects", func() bool { return server.Connected("r1") })
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for n := 0; ; n++ {
				if err := server.Apply(t.Context(), "r1", routed(1+n%7, round)); errors.Is(err, fabric.ErrUnreachable) {
					return
				} else if err != nil {
					t.Error(err)
				}
			}
		}()
		later := time.NewTimer(time.Duration(round*3) * time.Millisecond)
		<-later.C
		p.kill()
		<-ended
		await(t, "the server notices", func() bool { return !server.Connected("r1") })
	}
	p.start()
	await(t, "the agent connects", func() bool { return server.Connected("r1") })
	server.apply(t, "r1", keyed())
	if o, err := server.Observe(t.Context(), "r1"); err != nil || len(o.Drift(keyed())) > 0 || !p.last(keyed()) {
		t.Errorf("drift %v; error %v", o.Drift(keyed()), err)
	}
}

// What is left on the disk may be anything: the agent starts all the same, and the control plane tells it again.
func TestDamagedOrder(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.router("r1")
	server.apply(t, "r1", keyed())
	for what, spoil := range map[string]func(text []byte) []byte{
		"empty": func([]byte) []byte { return nil }, "noise": func([]byte) []byte { return []byte("\xff\xff\xff") },
		"cut": func(text []byte) []byte { return text[:len(text)/2] }, "changed": func(text []byte) []byte { text[len(text)-3] ^= 1; return text },
	} {
		r.stop()
		file := filepath.Join(r.path, orderFile)
		text, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(file, spoil(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		strayed := server.counted(server.strayed, "r1")
		await(t, "the server notices", func() bool { return !server.Connected("r1") })
		r.start(Config{})
		await(t, what+": the control plane is told", func() bool { return server.counted(server.strayed, "r1") > strayed })
		server.apply(t, "r1", keyed())
		if o, err := r.folder.order(); err != nil || o.Fingerprint() != keyed().Fingerprint() {
			t.Errorf("%s: the order is not kept again: %v", what, err)
		}
	}
}
