package mka

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestChoose(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	abc := []string{"a", "b", "c"}
	for _, c := range []struct {
		name string
		view view
		want string
	}{
		{"no keys", view{}, ""},
		{"the first of all", view{keys: abc}, "a"},
		{"the one that worked last", view{keys: abc, last: "b"}, "b"},
		{"one that worked is withdrawn", view{keys: abc, last: "z"}, "a"},
		{"the one that is heard, rather", view{keys: abc, last: "b", heard: map[string]time.Time{"c": ago(time.Second)}}, "c"},
		{"heard too long ago", view{keys: abc, heard: map[string]time.Time{"c": ago(time.Minute)}}, "a"},
		{"the one in use is withdrawn", view{keys: abc, current: "z", secured: true}, "a"},

		{"in use", view{keys: abc, current: "b", secured: true, since: now}, "b"},
		{"in use, and another is heard too", view{keys: abc, current: "b", secured: true, since: now,
			heard: map[string]time.Time{"b": ago(2 * time.Second), "c": now}}, "b"},
		{"the far end has left for a higher one", view{keys: abc, current: "b", secured: true, since: now,
			heard: map[string]time.Time{"b": ago(3 * time.Second), "c": now}}, "c"},
		{"and for a lower one", view{keys: abc, current: "b", secured: true, since: now,
			heard: map[string]time.Time{"b": ago(3 * time.Second), "a": now}}, "a"},
		{"it has left for a key of its own", view{keys: abc, current: "b", secured: true, since: now,
			heard: map[string]time.Time{"b": ago(3 * time.Second), "z": now}}, "b"},
		{"the far end begins with another", view{keys: abc, current: "b", secured: true, since: now, up: ago(time.Minute),
			heard: map[string]time.Time{"b": ago(2 * time.Second), "a": now}, began: map[string]time.Time{"a": now}}, "a"},
		{"which it had from the beginning", view{keys: abc, current: "b", secured: true, since: now, up: ago(time.Minute),
			heard: map[string]time.Time{"b": ago(2 * time.Second), "a": now}, began: map[string]time.Time{"a": ago(59 * time.Second)}}, "b"},
		{"hellos are lost, and the other one is older still", view{keys: abc, current: "b", secured: true, since: now,
			heard: map[string]time.Time{"b": ago(3 * time.Second), "c": ago(4 * time.Second)}}, "b"},

		{"being agreed", view{keys: abc, current: "b", since: ago(time.Second),
			heard: map[string]time.Time{"b": ago(time.Second), "c": now}}, "b"},
		{"heard, and never agreed, and there is another", view{keys: abc, current: "b", since: ago(settle + time.Second),
			heard: map[string]time.Time{"b": ago(time.Second), "a": now}}, "a"},
		{"heard, and never agreed, and there is no other", view{keys: abc, current: "b", since: ago(time.Hour),
			heard: map[string]time.Time{"b": ago(time.Second)}}, "b"},
		{"a higher one is heard: over at once", view{keys: abc, current: "a", since: now,
			heard: map[string]time.Time{"b": now}}, "b"},
		{"a lower one is heard: the far end may come over", view{keys: abc, current: "b", since: ago(time.Second),
			heard: map[string]time.Time{"a": now}}, "b"},
		{"it does not", view{keys: abc, current: "b", since: ago(yield + time.Second),
			heard: map[string]time.Time{"a": now}}, "a"},

		{"nothing is heard", view{keys: abc, current: "b", since: ago(dwell - time.Second)}, "b"},
		{"nothing is heard for long", view{keys: abc, current: "b", since: ago(dwell + time.Second)}, "c"},
		{"and round", view{keys: abc, current: "c", since: ago(dwell + time.Second)}, "a"},
		{"by chance a little later", view{keys: abc, current: "b", since: ago(dwell + time.Second), chance: 0.5}, "b"},
		{"an only key stays", view{keys: abc[:1], current: "a", since: ago(time.Hour)}, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.view.now, c.view.carrier = now, true
			if got := c.view.choose(); got != c.want {
				t.Errorf("chose %q, want %q", got, c.want)
			}
		})
	}
	if got := (view{keys: abc, current: "b", since: ago(time.Hour), now: now}).choose(); got != "b" {
		t.Errorf("without carrier the keys take turns: %q", got)
	}
}

// end is one end of a cable as TestEndsMeet plays it: with a key in use, and hellos every two seconds.
type end struct {
	keys    []string
	current string
	since   time.Time
	chance  float64
	heard   map[string]time.Time
	next    time.Time // hello
	moves   bool      // chooses its key by choose; otherwise it stays
}

// TestEndsMeet plays two ends, at any offset of their hellos, with any sets of keys that share one. Ends that both
// choose, and ends of which one stays on a key that the other one knows, use the same key before long, and go on to.
func TestEndsMeet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
		shared := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "shared")
		var ends [2]*end
		for i := range ends {
			e := &end{heard: map[string]time.Time{}, since: begin, moves: true}
			for _, k := range []string{"a", "b", "c"} {
				if k == shared || rapid.Bool().Draw(t, fmt.Sprint(i, k)) {
					e.keys = append(e.keys, k)
				}
			}
			e.current = rapid.SampledFrom(e.keys).Draw(t, fmt.Sprint(i, "begins"))
			e.next = begin.Add(time.Duration(rapid.IntRange(0, 1999).Draw(t, fmt.Sprint(i, "hello"))) * time.Millisecond)
			e.chance = rapid.Float64Range(0, 1).Draw(t, fmt.Sprint(i, "chance"))
			ends[i] = e
		}
		if rapid.Bool().Draw(t, "one stays") {
			ends[1].moves, ends[1].keys, ends[1].current = false, []string{shared}, shared
		}
		met := begin
		for now := begin; now.Before(begin.Add(5 * time.Minute)); now = now.Add(beat) {
			for i, e := range ends {
				e.step(now, ends[1-i], t, i)
			}
			if ends[0].current != ends[1].current {
				met = now
			}
		}
		if late := met.Sub(begin); late > 2*time.Minute {
			t.Fatalf("apart for %v: %+v %+v", late, *ends[0], *ends[1])
		}
	})
}

func (e *end) step(now time.Time, far *end, t *rapid.T, i int) {
	if !now.Before(e.next) {
		e.next = e.next.Add(hello)
		for _, k := range far.keys { // what the far end cannot prove it does not hear
			if k == e.current {
				far.heard[k] = now
			}
		}
	}
	if !e.moves {
		return
	}
	agreed := e.current == far.current && now.Sub(e.since) > 3*hello && now.Sub(far.since) > 3*hello
	v := view{keys: e.keys, current: e.current, secured: agreed, since: e.since, chance: e.chance, heard: e.heard, carrier: true, now: now}
	if next := v.choose(); next != e.current {
		e.current, e.since = next, now
		e.next = now.Add(hello / 2)
		e.chance = rapid.Float64Range(0, 1).Draw(t, fmt.Sprint(i, "chance again"))
	}
}
