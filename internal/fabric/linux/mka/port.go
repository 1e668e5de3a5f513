package mka

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// beat is how often a port is looked at. It bounds the age of what Observe answers.
const beat = 250 * time.Millisecond

// port keeps the key agreement of one device: it looks at everything there is, every beat and whenever something
// happens, and does what is missing. Nothing depends on having seen an event.
type port struct {
	a      *Agreement
	device string
	wake   chan struct{}      // of capacity 1
	end    context.CancelFunc // nil before the loop has begun
	ended  chan struct{}

	turning sync.Mutex // held by a turn; guards the fields below
	want    Port
	links   links             // as they were when the supplicant was last seen well
	numbers map[string]string // the supplicant's networks by CKN; nil: it does not have its keys yet
	stale   []string          // networks that it should not have any more
	silent  int               // times in a row that it did not answer
	failed  error             // why the last one could not be started
	retry   time.Time         // none is started before
	pause   time.Duration     // that was waited last

	current string    // CKN in use; empty: none of ours
	again   bool      // the key in use is another one under its old name
	since   time.Time // when current was taken into use, or was last secured
	up      time.Time // since when it is secured; zero: it is not
	chance  float64
	last    string    // CKN that was last secured
	quiet   time.Time // plain frames were asked for where they may not be: idle until then

	ear   *os.File
	earAt int // device index

	mu     sync.Mutex // guards what follows
	name   string
	status Status
	ears   ears
}

func newPort(a *Agreement, device string) *port {
	p := &port{a: a, device: device, wake: make(chan struct{}, 1), chance: newChance()}
	if last, err := os.ReadFile(p.stateFile()); err == nil {
		p.last = strings.TrimSpace(string(last))
	}
	return p
}

func (p *port) stateFile() string      { return filepath.Join(p.a.cfg.StateDir, p.device+".ckn") }
func (p *port) supplicant() supplicant { return p.a.supplicant(p.device) }

func (p *port) seen() (string, Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.name, p.status
}

func (p *port) log(what string, args ...any) {
	p.a.cfg.Log.Info("MACsec: "+what, append([]any{"port", p.want.Name, "device", p.device}, args...)...)
}

// apply takes in what is wanted, does it once, and leaves the rest to the loop.
func (p *port) apply(ctx context.Context, want Port) error {
	p.turning.Lock()
	defer p.turning.Unlock()
	p.learn(want)
	err := p.turn(ctx)
	if p.end == nil {
		loop, end := context.WithCancel(context.Background())
		p.end, p.ended = end, make(chan struct{})
		go p.loop(loop)
	}
	return err
}

// learn replaces what is wanted.
func (p *port) learn(want Port) {
	for _, before := range p.want.Keys {
		for _, k := range want.Keys {
			if k.CKN == before.CKN && k.CKN == p.current && k.CAK != before.CAK {
				p.again = true
			}
		}
	}
	p.want, p.numbers, p.retry = want, nil, time.Time{}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name = want.Name
	p.ears.know(want.Keys)
}

func (p *port) loop(ctx context.Context) {
	defer close(p.ended)
	next := time.NewTicker(beat)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		case <-p.wake:
		}
		p.turning.Lock()
		if err := p.turn(ctx); err != nil {
			p.a.cfg.Log.Debug("MACsec: in the way", "port", p.want.Name, "error", err)
		}
		p.turning.Unlock()
	}
}

// close ends the loop and leaves the supplicant running.
func (p *port) close() {
	if p.end != nil {
		p.end()
		<-p.ended
	}
	p.deafen()
}

// retire ends the loop and the supplicant, and takes the keys out of the kernel.
func (p *port) retire(ctx context.Context) error {
	p.close()
	if err := p.supplicant().stop(ctx); err != nil {
		return fmt.Errorf("mka: port %s: %w", p.want.Name, err)
	}
	if at, _, err := look(p.device, p.want.MACsecDevice); err == nil {
		return p.a.kernel.shut(at.secy)
	}
	return nil // a device has gone before us, and its keys with it
}

// turn does what is missing, tells what is seen, and answers what is in the way.
func (p *port) turn(ctx context.Context) error {
	status, err := p.step(ctx)
	if ctx.Err() != nil {
		return ctx.Err() // and nothing was learnt
	}
	if err != nil {
		status = Status{Reason: err.Error()}
	}
	p.tell(status)
	return err
}

func (p *port) tell(status Status) {
	p.mu.Lock()
	was := p.status
	p.status = status
	p.mu.Unlock()
	was.Late, was.NotValid = status.Late, status.NotValid // they are counted, not announced
	if was == status {
		return
	}
	if status.Secured {
		p.log("secured", "ckn", status.CKN)
	} else {
		p.log("not secured", "reason", status.Reason)
	}
	p.a.cfg.Changed()
}

// remember keeps the name of the key that works for the next start of the machine.
func (p *port) remember(ckn string) {
	if p.last == ckn {
		return
	}
	p.last = ckn
	draft := p.stateFile() + ".new"
	err := os.WriteFile(draft, []byte(ckn+"\n"), 0o600)
	if err == nil {
		err = os.Rename(draft, p.stateFile())
	}
	if err != nil {
		p.log("the name of the key in use cannot be kept", "error", err)
	}
}
