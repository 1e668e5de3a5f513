package bfd

import (
	"math/rand/v2"
	"net"
	"time"
)

// session is one neighbour's. Its server's lock guards it. Names of RFC 5880, section 6.8.1, are given where they differ.
type session struct {
	Neighbor
	server *Server
	ended  bool

	state        State
	diag         uint8
	mine, theirs uint32        // bfd.LocalDiscr, bfd.RemoteDiscr
	desired      time.Duration // bfd.DesiredMinTxInterval
	minRx        time.Duration // bfd.RemoteMinRxInterval
	polling      bool          // until they have confirmed desired

	sender  *net.UDPConn // nil: not there yet, or no longer
	next    *time.Timer  // to the next packet
	detect  *time.Timer  // to the end of the detection time, or earlier
	until   time.Time    // the end of the detection time
	alarm   time.Time    // when detect is due
	excused bool         // it has been extended since the last packet
}

func newSession(s *Server, n Neighbor) *session {
	c := &session{Neighbor: n, server: s, state: Down, desired: s.set.slow, minRx: time.Microsecond}
	for c.mine == 0 || s.byNumber[c.mine] != nil {
		c.mine = rand.Uint32()
	}
	c.next = time.AfterFunc(time.Hour, func() { c.locked(c.transmit) })
	c.detect = time.AfterFunc(time.Hour, func() { c.locked(c.expire) })
	c.detect.Stop()
	return c
}

// locked calls f unless the session has ended.
func (c *session) locked(f func()) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if !c.ended {
		f()
	}
}

// transmit sends a packet and sets the time of the next one.
func (c *session) transmit() {
	c.server.listen(c.Remote.Is6())
	c.send(c.polling, false)
	// The greater of what we want and they take, less up to a quarter at random (RFC 5880, section 6.8.7). Who takes none
	// is looked at again when he has sent something.
	if c.minRx == 0 {
		return
	}
	wait := max(c.desired, c.minRx)
	c.next.Reset(wait*3/4 + rand.N(wait/4))
}

// take is a packet of the neighbour's that is in order (RFC 5880, section 6.8.6).
func (c *session) take(p packet) {
	anew := c.theirs != 0 && c.theirs != p.mine // their session is not the one that we knew
	silent := c.minRx == 0
	c.theirs, c.minRx = p.mine, p.minRx
	if p.final {
		c.polling = false
	}
	was := c.state
	switch {
	case p.state == AdminDown:
		if c.state != Down {
			c.become(Down, diagNeighborDown)
		}
	case c.state == Down && p.state == Down:
		c.become(Init, diagNone)
	case c.state == Down && p.state == Init, c.state == Init && p.state >= Init:
		c.become(Up, diagNone)
	case c.state == Up && p.state == Down:
		c.become(Down, diagNeighborDown)
		if !anew {
			c.lost("the neighbour says that nothing reaches it")
		}
	}
	c.until, c.excused = time.Now().Add(time.Duration(p.multiplier)*max(c.server.set.interval, p.minTx)), false
	if c.alarm.IsZero() || c.until.Before(c.alarm) {
		c.arm()
	}
	if p.poll {
		c.send(false, true)
	}
	if c.state != was || silent {
		c.transmit() // at once: it says something new
	}
}

// become changes the state, and with it our pace.
func (c *session) become(s State, diag uint8) {
	c.server.cfg.Log.Debug("BFD session", "neighbor", c.Remote, "was", c.state.String(), "is", s.String())
	c.state, c.diag = s, diag
	c.desired, c.polling = c.server.set.slow, false
	if s == Up {
		c.desired, c.polling = c.server.set.interval, true
	}
}

func (c *session) lost(why string) {
	c.server.cfg.Log.Info("BFD has lost a neighbour", "neighbor", c.Remote, "why", why)
	if c.server.cfg.Lost != nil {
		go c.server.cfg.Lost(c.Remote)
	}
}

// arm has detect be due when the detection time ends. A packet that prolongs it does not: expire does.
func (c *session) arm() {
	c.alarm = c.until
	c.detect.Reset(time.Until(c.until))
}

// expire is the end of the detection time, unless something has come meanwhile.
func (c *session) expire() {
	late := time.Since(c.until)
	switch {
	case late < 0:
		c.arm()
		return
	case late > c.server.set.interval/3 && !c.excused:
		// It is we who are late, and what has come meanwhile may still lie in the socket. If the whole machine stood still,
		// a neighbour on it has stood still too, and has something to send.
		c.excused, c.until = true, time.Now().Add(c.server.set.interval/3)
		c.arm()
		return
	}
	c.alarm, c.theirs = time.Time{}, 0
	if c.state == Down {
		return
	}
	was := c.state
	c.become(Down, diagExpired)
	if was == Up {
		c.lost("nothing has come for the detection time")
	}
	c.transmit()
}

// send sends one packet. What cannot be sent is not: the next one is due soon, by a new socket, for the device may be
// another one with the same name.
func (c *session) send(poll, final bool) {
	if c.sender == nil {
		sender, err := c.server.dial(c.Neighbor)
		if err != nil {
			c.server.cfg.Log.Debug("no BFD towards a neighbour", "neighbor", c.Remote, "error", err)
			return
		}
		c.sender = sender
	}
	_, err := c.sender.Write(packet{
		diag: c.diag, state: c.state, poll: poll, final: final, multiplier: Multiplier, mine: c.mine, yours: c.theirs,
		minTx: c.desired, minRx: c.server.set.interval,
	}.encode())
	if err != nil && !refused(err) {
		_ = c.sender.Close()
		c.sender = nil
	}
}

// end tells the neighbour that the session is ended on purpose, which is no loss to it.
func (c *session) end() {
	c.become(AdminDown, diagAdminDown)
	c.send(false, false)
	c.ended = true
	c.next.Stop()
	c.detect.Stop()
	if c.sender != nil {
		_ = c.sender.Close()
	}
}
