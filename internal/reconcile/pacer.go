package reconcile

import "time"

// Visiting a router costs much beside each row that is dealt with there. So when work keeps coming, Run holds still between
// passes for what comes meanwhile to share its visits: a few times as long as the passes take, but never so long that a row
// is due for more than mostHold on account of it and not of the passes. Whoever comes to a rested Run is served at once, as are the next steps.
const (
	burst    = 250 * time.Millisecond // of passes before Run holds still
	share    = 4                      // beyond that, one part in so many of the time is for passes
	mostHold = time.Second
)

// pacer measures how busy Run is: a bucket that passes fill with the time they take, and that runs empty at a share of the
// time. Its zero value is rested. It goes by the machine's clock, as it is about the machine.
type pacer struct {
	busy time.Duration
	last time.Time
}

// passed counts a pass and answers how long to hold still after it; 0: not at all. lateness is for how long already a row
// has been due: what became due after the claim of this pass could not be dealt with in it.
func (p *pacer) passed(begun, ended time.Time, lateness time.Duration) time.Duration {
	if !p.last.IsZero() {
		p.busy = max(0, p.busy-ended.Sub(p.last)/share)
	}
	took := ended.Sub(begun)
	p.busy = min(p.busy+took, burst+mostHold/share)
	p.last = ended
	return max(0, min((p.busy-burst)*share, mostHold-max(0, lateness-took)))
}
