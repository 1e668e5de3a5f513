package mka

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestInherit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	heard := func(last, began time.Duration, up bool) claim {
		return claim{last: ago(last), began: ago(began), up: up}
	}
	const s, minute = time.Second, time.Minute
	for _, c := range []struct {
		name   string
		is     owner
		claims [Slots]claim
		want   int
	}{
		{"nobody is heard", owner{slot: none}, [Slots]claim{}, none},
		{"one is", owner{slot: none}, [Slots]claim{1: heard(s, s, false)}, 1},
		{"the kernel has it", owner{slot: none}, [Slots]claim{{holds: true}, heard(s, s, false)}, 0},
		{"it stays", owner{0, ago(minute)}, [Slots]claim{heard(s, minute, true)}, 0},
		{"without a word, too", owner{0, ago(minute)}, [Slots]claim{{up: true}}, 0},
		{"the far end begins with another key", owner{0, ago(minute)}, [Slots]claim{heard(s, minute, true), heard(0, 0, false)}, 1},
		{"and with a third", owner{1, ago(minute)}, [Slots]claim{heard(s, minute, false), heard(s, minute, true), heard(0, 0, false)}, 2},
		{"which it had from the beginning", owner{0, ago(minute)}, [Slots]claim{heard(s, minute, true), heard(0, minute-s, false)}, 0},
		{"it has left one of two", owner{0, ago(minute)}, [Slots]claim{heard(3*s, minute, true), heard(s, minute, false)}, 1},
		{"it has left both", owner{0, ago(minute)}, [Slots]claim{heard(3*s, minute, true), heard(4*s, minute, false)}, 0},
		{"with one of two nothing is agreed", owner{0, ago(minute)}, [Slots]claim{heard(s, minute, false), heard(s, minute, false)}, 1},
		{"as yet", owner{0, ago(s)}, [Slots]claim{heard(s, minute, false), heard(s, minute, false)}, 0},
	} {
		got := inherit(c.is, c.claims, now)
		if got.slot != c.want {
			t.Errorf("%s: slot %d, want %d", c.name, got.slot, c.want)
		}
		if moved := got.slot != c.is.slot; moved != got.since.Equal(now) && c.is.slot != none {
			t.Errorf("%s: since %v", c.name, got.since)
		}
	}
}

// TestOneSCI plays a far end that has one SCI and uses our keys one after the other, each for a minute, or all of them at
// once, of which it agrees to one. Before long the channel is left to the slot that can be secured, and then stays there.
func TestOneSCI(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
		is, claims := owner{slot: none}, [Slots]claim{}
		speaksAll := rapid.Bool().Draw(t, "all at once")
		next := begin
		for turn := range 4 {
			use := rapid.IntRange(0, Slots-1).Draw(t, "key")
			settled := begin.Add(time.Duration(turn) * 3 * time.Minute)
			for now := settled; now.Before(settled.Add(3 * time.Minute)); now = now.Add(beat) {
				for i := range claims {
					if (speaksAll || i == use) && !now.Before(next) {
						if now.Sub(claims[i].last) > present {
							claims[i].began = now
						}
						claims[i].last = now
					}
					claims[i].up = i == use && is.slot == use && now.Sub(is.since) > 3*hello
				}
				if !now.Before(next) {
					next = next.Add(hello)
				}
				is = inherit(is, claims, now)
				if is.slot != use && now.Sub(settled) > 2*time.Minute {
					t.Fatalf("turn %d: with slot %d, and slot %d is used", turn, is.slot, use)
				}
				if !speaksAll && is.slot != use && now.Sub(settled) > hello {
					t.Fatalf("turn %d: the far end has gone over to slot %d, and %d has the channel after %v", turn, use, is.slot, now.Sub(settled))
				}
			}
		}
	})
}
