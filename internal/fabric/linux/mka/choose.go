package mka

import "time"

// none is the slot that is meant when there is none.
const none = -1

// choose answers the slot to send with, of slots that have been up since then (zero: are not), or none: the one that was
// secured last, which is the one that the far end is changing to, and otherwise the one in use.
func choose(now int, up [Slots]time.Time) int {
	best := none
	if now != none && !up[now].IsZero() {
		best = now
	}
	for i, since := range up {
		if !since.IsZero() && (best == none || since.After(up[best])) {
			best = i
		}
	}
	return best
}
