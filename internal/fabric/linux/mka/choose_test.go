package mka

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric"
)

func TestAssign(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		had  [Slots]string
		keys []string
		has  [Slots]string
	}{
		{"none", [Slots]string{}, nil, [Slots]string{}},
		{"the first", [Slots]string{}, []string{"a"}, [Slots]string{"a"}},
		{"another", [Slots]string{"b"}, []string{"a", "b"}, [Slots]string{"b", "a"}},
		{"one goes", [Slots]string{"b", "a"}, []string{"a"}, [Slots]string{"", "a"}},
		{"and one comes", [Slots]string{"b", "a"}, []string{"a", "c"}, [Slots]string{"c", "a"}},
		{"all of them", [Slots]string{"c", "b", "a"}, []string{"a", "b", "c"}, [Slots]string{"c", "b", "a"}},
		{"all are new", [Slots]string{"c", "b", "a"}, []string{"x", "y", "z"}, [Slots]string{"x", "y", "z"}},
	} {
		var keys []fabric.Key
		for _, ckn := range c.keys {
			keys = append(keys, fabric.Key{CKN: ckn})
		}
		if diff := cmp.Diff(c.has, assign(c.had, keys)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestRecall: what an agent keeps the next one knows; what is no such file is none.
func TestRecall(t *testing.T) {
	t.Parallel()
	a, err := Open(Config{StateDir: t.TempDir(), RunDir: t.TempDir(), Program: "/nonexistent"})
	if err != nil {
		t.Fatal(err)
	}
	p := newPort(a, "p0")
	if got := p.recall(); got != ([Slots]string{}) {
		t.Errorf("of nothing: %q", got)
	}
	want := [Slots]string{"", "2b", "1a"}
	p.remember(want)
	if got := newPort(a, "p0").recall(); got != want {
		t.Errorf("kept %q, read %q", want, got)
	}
	if err := p.forgetAll(); err != nil || p.recall() != ([Slots]string{}) {
		t.Errorf("forgotten: %q, %v", p.recall(), err)
	}
	if err := p.forgetAll(); err != nil {
		t.Errorf("nothing to forget: %v", err)
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	var no time.Time
	for _, c := range []struct {
		name string
		now  int
		up   [Slots]time.Time
		want int
	}{
		{"nothing is secured", none, [Slots]time.Time{}, none},
		{"nor any more", 1, [Slots]time.Time{}, none},
		{"the only one", none, [Slots]time.Time{no, now, no}, 1},
		{"the last", none, [Slots]time.Time{ago(3), ago(1), ago(2)}, 1},
		{"a new one", 0, [Slots]time.Time{ago(3), ago(1), no}, 1},
		{"back to the first", 1, [Slots]time.Time{ago(1), ago(3), no}, 0},
		{"the one in use has gone", 1, [Slots]time.Time{ago(3), no, no}, 0},
		{"an agent that sees all of them at once leaves it at that", 1, [Slots]time.Time{now, now, now}, 1},
	} {
		if got := choose(c.now, c.up); got != c.want {
			t.Errorf("%s: chose %d, want %d", c.name, got, c.want)
		}
	}
}
