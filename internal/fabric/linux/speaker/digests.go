package speaker

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"sync"
	"time"
)

// digests watches the kernel's counts of TCP segments whose MD5 digest (RFC 2385) was wrong. The kernel counts them for the
// whole network namespace and says nothing of whose they were: together with a session that gets no answer they are a
// strong hint, and no more.
type digests struct {
	file    string
	changed func()

	mu    sync.Mutex
	known bool
	last  [len(counters)]uint64
	rose  [len(counters)]time.Time
}

// counters of TcpExt, and what it means when one rises.
var counters = [...]struct{ name, means string }{
	{"TCPMD5Failure", "TCP segments with a wrong MD5 digest arrive"},
	{"TCPMD5NotFound", "TCP segments without an MD5 digest arrive"},
	{"TCPMD5Unexpected", "TCP segments with an MD5 digest arrive where none is expected"},
}

const (
	sample = time.Second
	hint   = time.Minute // how long a rise counts: a neighbour tries again within that
)

func newDigests(changed func()) *digests {
	// The thread's: the process's is that of its first thread, which may be in another namespace.
	return &digests{file: "/proc/thread-self/net/netstat", changed: changed}
}

// run samples while needed answers true, until ctx ends.
func (d *digests) run(ctx context.Context, needed func() bool) {
	d.sample()
	tick := time.NewTicker(sample)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if needed() && d.sample() {
			d.changed()
		}
	}
}

// sample reads the counters and reports whether one has risen. A system without them has no hints.
func (d *digests) sample() bool {
	text, err := os.ReadFile(d.file)
	if err != nil {
		return false
	}
	now := parseCounters(text)
	d.mu.Lock()
	defer d.mu.Unlock()
	risen := false
	for i, n := range now {
		if d.known && n > d.last[i] {
			d.rose[i], risen = time.Now(), true
		}
	}
	d.last, d.known = now, true
	return risen
}

// parseCounters reads /proc/net/netstat: a line of names and a line of numbers for each group.
func parseCounters(text []byte) (values [len(counters)]uint64) {
	var names [][]byte
	for line := range bytes.Lines(text) {
		fields := bytes.Fields(line)
		if len(fields) == 0 || string(fields[0]) != "TcpExt:" {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		for i, name := range names[:min(len(names), len(fields))] {
			for c := range counters {
				if counters[c].name == string(name) {
					values[c], _ = strconv.ParseUint(string(fields[i]), 10, 64) // what is no number is none
				}
			}
		}
	}
	return values
}

// wrong says what the counters hint at for a session that has been down since; empty: nothing.
func (d *digests) wrong(since time.Time) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, at := range d.rose {
		if at.After(since) && time.Since(at) < hint {
			return counters[i].means
		}
	}
	return ""
}
