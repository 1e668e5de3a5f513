package directconnect

import "time"

// Pace is how fast the people and machines around the routers act: who approves orders, who plugs cables, how long a
// router takes to let go. Never (a negative duration) leaves a step to an operator.
type Pace struct {
	Name      string
	Approve   time.Duration // requested until the LOA-CFA is issued
	Plug      time.Duration // LOA-CFA issued until the cable is plugged in (simulated fabric only)
	Provision time.Duration // hosted: confirmed until it carries traffic
	Release   time.Duration // deleting until deleted, at least
}

// Never marks a step that only an operator takes.
const Never time.Duration = -1

// The paces one can choose by name.
var (
	Instant   = Pace{Name: "instant"}
	Brisk     = Pace{Name: "brisk", Approve: 2 * time.Second, Plug: 3 * time.Second, Provision: time.Second, Release: time.Second}
	Realistic = Pace{Name: "realistic", Approve: 72 * time.Hour, Plug: 14 * 24 * time.Hour, Provision: time.Hour, Release: 5 * time.Minute}
	Manual    = Pace{Name: "manual", Approve: Never, Plug: Never}
)

// Paces lists them.
var Paces = []Pace{Instant, Brisk, Realistic, Manual}

// PaceNamed finds a pace.
func PaceNamed(name string) (Pace, bool) {
	for _, p := range Paces {
		if p.Name == name {
			return p, true
		}
	}
	return Pace{}, false
}

// Approves is when an order made at the given time is approved; zero: when an operator does it.
func (p Pace) Approves(ordered time.Time) time.Time {
	if p.Approve == Never {
		return time.Time{}
	}
	return ordered.Add(p.Approve)
}

// LOAAuthority is how long a LOA-CFA entitles to order the cross connect, and LOAGrace how long after that the order
// itself lapses (user guide, "Dedicated connections").
const (
	LOAAuthority = 90 * 24 * time.Hour
	LOAGrace     = 10 * 24 * time.Hour
)

// LOAExpires is when the letter's authority ends: 90 days after the LOA-CFA was issued or last fetched.
func (c Connection) LOAExpires() time.Time {
	from := c.Approved
	if c.LOARead.After(from) {
		from = c.LOARead
	}
	if from.IsZero() {
		return time.Time{}
	}
	return from.Add(LOAAuthority)
}

// Seen is what was observed of a connection's link. For a hosted connection it is its parent's.
type Seen struct {
	Readable   bool // the router answered
	Configured bool // the router has the port enabled for this connection
	Carrier    bool // light from the far side; on a LAG parent: enough members have it
	Encrypted  bool // a MACsec association is up
	// InstalledCKNs are the connectivity association key names that the router has on the port.
	InstalledCKNs []string
	// Mode is the encryption mode in force: a LAG's for its members.
	Mode EncryptionMode
}

// Advance answers the connection as it is after what was seen, at the given pace and time, with Due set to when to look
// again (zero: not before something happens). It takes one step; when another one is due at once, Due is now. With
// nothing due it answers what it was given. code is the verification code to use should the LOA-CFA be issued now.
//
// A connection that comes back as deleted no longer holds its port: the caller frees it in the same transaction.
func (c Connection) Advance(seen Seen, pace Pace, code string, now time.Time) Connection {
	next := c.advance(seen, pace, code, now)
	if at := next.nextFlap(now); !at.IsZero() && (next.Due.IsZero() || at.Before(next.Due)) {
		next.Due = at
	}
	return next
}

func (c Connection) advance(seen Seen, pace Pace, code string, now time.Time) Connection {
	c.Due = time.Time{}
	c = c.advanceKeys(seen)
	switch c.State {
	case ConnectionRequested:
		return c.advanceRequested(pace, code, now)
	case ConnectionPending:
		return c.advancePending(seen, pace, now)
	case ConnectionAvailable, ConnectionDown, ConnectionUnknown:
		return c.advanceLink(seen, now)
	case ConnectionDeleting:
		return c.advanceDeleting(seen, pace, now)
	}
	return c
}

func (c Connection) advanceRequested(pace Pace, code string, now time.Time) Connection {
	if at := pace.Approves(c.Created); at.IsZero() || now.Before(at) {
		c.Due = at
		return c
	}
	c, _ = c.IssueLOA(code, now) // requested permits it; due again at once, for the cable
	return c
}

func (c Connection) advancePending(seen Seen, pace Pace, now time.Time) Connection {
	if c.Kind == Hosted {
		if at := c.Since.Add(pace.Provision); now.Before(at) {
			c.Due = at
			return c
		}
		return c.advanceLink(seen, now)
	}
	if c.CrossConnected.IsZero() && seen.Readable && seen.Carrier {
		c.CrossConnected = now // light on a real port tells that somebody has plugged the cable in
	}
	if c.CrossConnected.IsZero() {
		if pace.Plug != Never && !now.Before(c.Since.Add(pace.Plug)) {
			c, _ = c.Plug(now)
			return c // due again at once, to see the light
		}
		lapse := c.LOAExpires().Add(LOAGrace)
		if !now.Before(lapse) {
			c, _ = c.move(EventLapse, now)
			c.Reason = "LOA-CFA lapsed without a cross connect"
			return c
		}
		c.Due = lapse
		if at := c.Since.Add(pace.Plug); pace.Plug != Never && at.Before(lapse) {
			c.Due = at
		}
		return c
	}
	return c.advanceLink(seen, now)
}

// advanceLink follows the link. A state that has no such move (a pending port without light) stays as it is.
func (c Connection) advanceLink(seen Seen, now time.Time) Connection {
	next, err, reason := c, error(nil), ""
	switch up := seen.Carrier && (seen.Mode != MustEncrypt || seen.Encrypted); {
	case !seen.Readable:
		next, err = c.move(EventUnreadable, now)
	case up:
		next, err = c.LinkUp(now)
	default:
		if reason = "no light"; seen.Carrier {
			reason = "encryption is required and not up"
		}
		next, err = c.LinkDown(reason, now)
	}
	if err != nil {
		next = c
	}
	if reason != "" && next.State == ConnectionDown {
		next.Reason = reason // what keeps a link down may change while it is down
	}
	if seen.Readable {
		next.EncryptionUp = seen.Encrypted
	}
	next.Due = c.Due // nothing follows by itself; a change of the link wakes
	return next
}

func (c Connection) advanceDeleting(seen Seen, pace Pace, now time.Time) Connection {
	if at := c.Since.Add(pace.Release); now.Before(at) {
		c.Due = at
		return c
	}
	// What is seen of a hosted connection is its parent's port, which stays as it is.
	if c.Kind != Hosted && (!seen.Readable || seen.Configured) {
		c.Due = now.Add(releaseRetry) // the port is freed only when the router has let go of it
		return c
	}
	c, _ = c.Release(now)
	return c
}

// releaseRetry is how long a deletion waits before it looks again whether the router has let go.
const releaseRetry = time.Second
