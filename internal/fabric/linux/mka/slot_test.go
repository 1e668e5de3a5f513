package mka

import (
	"log/slog"
	"testing"
	"time"

	"onramp/internal/fabric"
)

// TestSameKeyAgain: what a slot waits for, it does not wait for anew when it is told the same key again.
func TestSameKeyAgain(t *testing.T) {
	t.Parallel()
	a := &Agreement{cfg: Config{RunDir: t.TempDir(), StateDir: t.TempDir(), Log: slog.New(slog.DiscardHandler)}}
	p := newPort(a, "p0")
	p.ears.know([]fabric.Key{keyLong})
	s, at, now := p.slots[0], links{index: 1, secy: 2}, time.Now()
	s.learn(keyLong)
	s.knows, s.links, s.since, s.retry = true, at, now.Add(-stuck-2*time.Second), now.Add(time.Minute)
	p.ears.proved[keyLong.CKN], p.ears.began[keyLong.CKN] = now, now.Add(-stuck-time.Second)
	s.learn(keyLong)
	if err := s.adopt(t.Context(), at); err != nil || !s.retry.After(now) {
		t.Errorf("error %v; retry %v", err, s.retry)
	}
	if s.note(secy{}, report{ckn: keyLong.CKN}, true, now); s.anew == "" {
		t.Error("it does not begin anew for a far end that is heard, without an association")
	}
	s.anew = ""
	s.learn(fabric.Key{CKN: keyLong.CKN, CAK: keyShort.CAK})
	if s.knows || s.anew == "" || !s.retry.IsZero() {
		t.Errorf("another key under its old name: %+v", s)
	}
	s.knows, s.retry = true, now.Add(time.Minute)
	s.learn(keyShort)
	if s.knows || !s.retry.IsZero() || !s.since.IsZero() {
		t.Errorf("another key: %+v", s)
	}
}

// TestHeld: a key is held while a supplicant has it, or is to be quiet for a while.
func TestHeld(t *testing.T) {
	t.Parallel()
	p := newPort(&Agreement{cfg: Config{StateDir: t.TempDir()}}, "p0")
	for i, ckn := range []string{"1a", "2b", "3c"} {
		p.slots[i].learn(fabric.Key{CKN: ckn})
	}
	now := time.Now()
	p.slots[1].knows, p.slots[2].quiet = true, now.Add(time.Second)
	if held := p.held(now); held != [Slots]string{1: "2b", 2: "3c"} {
		t.Errorf("held: %q", held)
	}
}

// TestOrder: a slot whose key takes another's place comes after those that stay.
func TestOrder(t *testing.T) {
	t.Parallel()
	p := newPort(&Agreement{cfg: Config{StateDir: t.TempDir(), Log: slog.New(slog.DiscardHandler)}}, "p0")
	third := fabric.Key{CKN: "3c", CAK: keyLong.CAK}
	p.learn(Port{Keys: []fabric.Key{keyLong, keyShort}})
	if stay, leave := p.order(); len(stay) != 2 || len(leave) > 0 {
		t.Errorf("the first keys: %d stay, %d leave", len(stay), len(leave))
	}
	p.learn(Port{Keys: []fabric.Key{keyShort, third}})
	stay, leave := p.order()
	if len(stay) != 1 || stay[0].key.CKN != keyShort.CKN || len(leave) != 1 || leave[0].key.CKN != third.CKN {
		t.Errorf("one in place of another: %d stay, %d leave", len(stay), len(leave))
	}
	p.learn(Port{Keys: []fabric.Key{keyShort, third}})
	if _, leave := p.order(); len(leave) != 1 {
		t.Error("told again, before the other one has ended")
	}
}
