package mka

import (
	"math/rand/v2"
	"slices"
	"time"
)

// How long things take in MKA (IEEE 802.1X-2010 table 9-3): a participant says hello every two seconds and is forgotten
// after six.
const (
	hello   = 2 * time.Second
	silence = hello + hello/4 // since a hello, after which that key is no longer used by the far end
	present = 2*hello + hello/2
	yield   = 2*hello + hello/2 // how long the end with the higher key waits for the other end to come over
	settle  = 12 * time.Second  // for two ends that hear each other with the same key, to agree
	dwell   = 10 * time.Second  // on a key that nobody answers to; up to as much again, by chance
)

// view is what the choice of a key is made from.
type view struct {
	keys    []string             // CKNs that may be used, sorted
	last    string               // the one that last was secured, perhaps long ago
	current string               // the one in use; empty: none
	secured bool                 // and it protects frames
	since   time.Time            // when it was taken into use
	chance  float64              // 0 to 1, new with every change: two ends that rotate must not keep step
	up      time.Time            // since when it does
	heard   map[string]time.Time // when the far end last proved, by a hello, that it uses a key
	began   map[string]time.Time // when it began to, by the first of those hellos without a gap
	carrier bool
	now     time.Time
}

// choose answers the key to use. Two ends that know several keys must meet on one, and wpa_supplicant tries one at a time.
// The far end's hellos carry the name of its key in clear and prove that it has it, so we go where the far end is; of two
// ends that would both go, the one with the lower CKN goes at once and the other one waits. While an association is up
// it is kept, until its key is withdrawn, the far end begins to use another of our keys, or has left the one in use. Where
// nothing is heard the keys take turns.
//
// A far end that begins with another key either has left the first one, as wpa_supplicant must, and then no moment is to
// be lost; or it runs both to change over without loss, and then ours is the side that cannot: when we change, frames are
// lost, sooner or later alike.
func (v view) choose() string {
	if len(v.keys) == 0 {
		return ""
	}
	other, there := v.latest()
	if !slices.Contains(v.keys, v.current) {
		switch {
		case there:
			return other
		case slices.Contains(v.keys, v.last):
			return v.last
		}
		return v.keys[0]
	}
	still := v.within(v.current, silence)
	begins := v.secured && there && v.began[other].Sub(v.up) > present
	switch {
	case !there || !v.carrier:
		if v.carrier && !v.secured && !still && v.now.Sub(v.since) > dwell+time.Duration(v.chance*float64(dwell)) {
			return v.after(v.current)
		}
		return v.current
	case begins:
		return other
	case still && (v.secured || v.now.Sub(v.since) < settle):
		return v.current
	case other > v.current, v.secured, v.now.Sub(v.since) > yield:
		return other
	}
	return v.current
}

// latest answers the other key that the far end was heard with after the current one, the last of them, and whether
// there is one.
func (v view) latest() (string, bool) {
	found := v.current
	for _, k := range v.keys {
		if k != v.current && v.within(k, present) && v.heard[k].After(v.heard[found]) {
			found = k
		}
	}
	return found, found != v.current
}

func (v view) within(ckn string, d time.Duration) bool {
	at, there := v.heard[ckn]
	return there && v.now.Sub(at) <= d
}

func (v view) after(ckn string) string {
	i := slices.Index(v.keys, ckn)
	return v.keys[(i+1)%len(v.keys)]
}

func newChance() float64 { return rand.Float64() }
