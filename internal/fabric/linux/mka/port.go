package mka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"onramp/internal/fabric"
)

// beat is how often a port is looked at. It bounds the age of what Observe answers. quick is how often while a key is being
// agreed on, of which something will be to do.
const (
	beat  = 250 * time.Millisecond
	quick = 50 * time.Millisecond
)

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
	slots   [Slots]*slot
	sends   int             // slot that what is sent is led to, or none
	owners  map[sci]owner   // of the far end's channels
	warned  map[string]bool // troubles that were told

	ear   *os.File
	earAt int // device index

	mu     sync.Mutex // guards what follows
	name   string
	status Status
	ears   ears
}

func newPort(a *Agreement, device string) *port {
	p := &port{a: a, device: device, wake: make(chan struct{}, 1), sends: none, owners: map[sci]owner{}}
	had := p.recall()
	for i := range p.slots {
		p.slots[i] = &slot{p: p, number: i + 1, key: fabric.Key{CKN: had[i]}}
	}
	return p
}

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
	var had [Slots]string
	for i, s := range p.slots {
		had[i] = s.key.CKN
	}
	has := assign(had, want.Keys)
	for i, s := range p.slots {
		var key fabric.Key
		for _, k := range want.Keys {
			if k.CKN == has[i] {
				key = k
			}
		}
		s.learn(key)
	}
	if has != p.recall() {
		p.remember(has)
	}
	p.want = want
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name = want.Name
	p.ears.know(want.Keys)
}

func (p *port) loop(ctx context.Context) {
	defer close(p.ended)
	next := time.NewTimer(beat)
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
			p.warn(err)
		} else {
			p.warned = nil
		}
		pause := beat
		if p.expects(time.Now()) {
			pause = quick
		}
		p.turning.Unlock()
		next.Reset(pause)
	}
}

// distinct bounds how many troubles are remembered as told.
const distinct = 16

// warn tells a trouble once, until there is none: while one key carries, that of the next is not in what is announced.
func (p *port) warn(err error) {
	text, level := err.Error(), slog.LevelDebug
	if !p.warned[text] {
		if len(p.warned) >= distinct || p.warned == nil {
			p.warned = map[string]bool{}
		}
		p.warned[text], level = true, slog.LevelWarn
	}
	p.a.cfg.Log.Log(context.Background(), level, "MACsec: in the way", "port", p.want.Name, "error", err)
}

// expects reports whether a key is being agreed on.
func (p *port) expects(now time.Time) bool {
	for _, s := range p.slots {
		if last, began := p.heard(s.key.CKN); s.key.CKN != "" && s.up.IsZero() && now.Sub(last) <= silence && now.Sub(began) <= settle {
			return true
		}
	}
	return false
}

// close ends the loop and leaves the supplicants running.
func (p *port) close() {
	if p.end != nil {
		p.end()
		<-p.ended
	}
	p.deafen()
}

// retire ends the loop and the supplicants, and takes the keys out of the kernel.
func (p *port) retire(ctx context.Context) error {
	p.close()
	var errs []error
	at, _, missing := look(p.device) // a device that has gone before us has taken its keys with it
	for _, s := range p.slots {
		errs = append(errs, s.end(ctx, at))
	}
	if ride, err := at.with(p.want.MACsecDevice); missing == nil && err == nil {
		have, err := outlets(ride.secy)
		errs = append(errs, err, lead(ride.secy, have, none, 0))
	}
	if err := errors.Join(append(errs, p.forgetAll())...); err != nil {
		return fmt.Errorf("mka: port %s: %w", p.want.Name, err)
	}
	return nil
}

// turn does what is missing, tells what is seen, and answers what is in the way.
func (p *port) turn(ctx context.Context) error {
	status, err := p.step(ctx)
	if ctx.Err() != nil {
		return ctx.Err() // and nothing was learnt
	}
	if err != nil && !status.Secured {
		status = Status{Reason: err.Error()}
	}
	status.Held = p.held(time.Now())
	p.tell(status)
	return err
}

// held are the keys that a supplicant has, or had until the far end asked for frames without MACsec.
func (p *port) held(now time.Time) (held [Slots]string) {
	for i, s := range p.slots {
		if s.knows || now.Before(s.quiet) {
			held[i] = s.key.CKN
		}
	}
	return held
}

func (p *port) tell(status Status) {
	p.mu.Lock()
	was := p.status
	p.status = status
	p.mu.Unlock()
	switch secured := was.Secured != status.Secured || was.CKN != status.CKN; {
	case secured && status.Secured:
		p.log("secured", "ckn", status.CKN)
	case secured, was.Reason != status.Reason:
		p.log("not secured", "reason", status.Reason)
	}
	// Frames are counted and not announced, and why a port is not secured is for the log: anybody on the line can change that.
	status.Late, status.NotValid, status.Reason = was.Late, was.NotValid, was.Reason
	if status != was {
		p.a.cfg.Changed()
	}
}
