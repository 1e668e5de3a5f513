package mka

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
)

// quietPort is a port that does nothing by itself, with its log and how often it said that something has changed.
func quietPort(t *testing.T) (p *port, log *bytes.Buffer, changes *int) {
	t.Helper()
	log, changes = new(bytes.Buffer), new(int)
	a := &Agreement{cfg: Config{StateDir: t.TempDir(), RunDir: t.TempDir(), Changed: func() { *changes++ },
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelInfo}))}}
	return newPort(a, "p0"), log, changes
}

// TestStrangers: a far end that says one unknown name after the other is not what fills the log, nor has the router looked at.
func TestStrangers(t *testing.T) {
	t.Parallel()
	p, log, changes := quietPort(t)
	p.ears.know([]fabric.Key{keyLong})
	now := time.Now()
	say := func(ckn string, after time.Duration) {
		now = now.Add(after)
		p.ears.take(mkpdu{ckn: ckn}, now)
		p.tell(Status{Reason: p.ears.why(now)})
	}
	for range 100 {
		say("aa", beat)
		say("bb", beat)
	}
	if lines := strings.Count(log.String(), "not secured"); lines != 1 || *changes > 0 {
		t.Errorf("%d lines, %d changes", lines, *changes)
	}
	say("bb", present+beat)
	if why := p.ears.why(now); !strings.Contains(why, "CKN bb") {
		t.Errorf("the first one has gone: %q", why)
	}
	p.tell(Status{Secured: true, CKN: "1a"})
	p.tell(Status{Secured: true, CKN: "1a", Late: 1})
	p.tell(Status{Secured: true, CKN: "1a", Held: [Slots]string{"1a"}})
	p.tell(Status{Reason: "no carrier"})
	if *changes != 3 {
		t.Errorf("%d changes are told, of 3", *changes)
	}
}

// TestWarns: a trouble is a warning once, and again after it was gone.
func TestWarns(t *testing.T) {
	t.Parallel()
	p, log, _ := quietPort(t)
	one, other := errors.New("no supplicant"), errors.New("no device")
	for range 5 {
		p.warn(one)
		p.warn(other)
	}
	if lines := strings.Count(log.String(), "level=WARN"); lines != 2 {
		t.Errorf("%d warnings of two troubles:\n%s", lines, log)
	}
	p.warned = nil
	if p.warn(one); strings.Count(log.String(), "level=WARN") != 3 {
		t.Error("it is back, and nobody is told")
	}
}
