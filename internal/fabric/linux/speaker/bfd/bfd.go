// Package bfd finds out within a second that a neighbour is not reached any more: Bidirectional Forwarding Detection
// (RFC 5880) between neighbours on one link (RFC 5881), in asynchronous mode, without authentication, echo and demand mode.
//
// It says when a session that was up is lost and does nothing about it: package speaker closes the BGP session that the
// neighbour has with it, and a neighbour without BFD is none of its business.
//
// GoBGP has a BFD of its own, which is not used. It resets BGP by a message that waits when BGP is not up, and then ends
// the next session, upon which neighbours take BFD down again, and so on for good; it takes a session that has never been
// up, or that its neighbour has begun anew, for lost; it does not look at the TTL of what it receives; and ending many of
// its sessions at once can wait for itself.
package bfd

import (
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Times of a session, as AWS Direct Connect has them (facts: 300 ms, multiplier 3).
const (
	Interval   = 300 * time.Millisecond
	Multiplier = 3
	slow       = time.Second // between packets while a session is not up (RFC 5880, section 6.8.3)
)

// Port is where control packets go (RFC 5881, section 4).
const Port = 3784

// Neighbor is the other end of a session.
type Neighbor struct {
	Local, Remote netip.Addr
	Device        string // packets leave by it; empty: by the routing table
}

// Config is what a Server needs.
type Config struct {
	Device string       // packets are taken that arrive by it or, if it is a VRF, by its interfaces; empty: by any
	Log    *slog.Logger // nil: nowhere
	// Lost is called when a session that was up is not any more, because nothing came for the detection time or because
	// the neighbour says that nothing reaches it: without locks held, in a goroutine of its own. It is not called when the
	// neighbour has ended the session on purpose or has begun a new one: then the way to it is there.
	Lost func(remote netip.Addr)
}

// Server has the sessions of one VRF. It is safe for concurrent use.
type Server struct {
	cfg Config
	set settings

	mu       sync.Mutex
	closed   bool
	byRemote map[netip.Addr]*session
	byNumber map[uint32]*session     // by our discriminator
	ears     map[bool]net.PacketConn // what packets arrive at, by whether it is for IPv6
	hearing  sync.WaitGroup
}

// settings are what tests have otherwise.
type settings struct {
	port, far      int // where packets arrive, and where they are sent
	interval, slow time.Duration
}

// Open makes a server without sessions. It has no sockets until they are needed, and tries again to make those that it
// could not.
func Open(cfg Config) *Server {
	return open(cfg, settings{port: Port, far: Port, interval: Interval, slow: slow})
}

func open(cfg Config, set settings) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{cfg: cfg, set: set, byRemote: make(map[netip.Addr]*session), byNumber: make(map[uint32]*session), ears: make(map[bool]net.PacketConn)}
}

// Add begins a session with a neighbour. One that the address has already is ended.
func (s *Server) Add(n Neighbor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.remove(n.Remote)
	c := newSession(s, n)
	s.byRemote[n.Remote], s.byNumber[c.mine] = c, c
	c.transmit()
}

// Remove ends the session with a neighbour, if there is one, and tells it so.
func (s *Server) Remove(remote netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(remote)
}

func (s *Server) remove(remote netip.Addr) {
	c := s.byRemote[remote]
	if c == nil {
		return
	}
	delete(s.byRemote, remote)
	delete(s.byNumber, c.mine)
	c.end()
}

// State answers that of the session with a neighbour; AdminDown: there is none.
func (s *Server) State(remote netip.Addr) State {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.byRemote[remote]; c != nil {
		return c.state
	}
	return AdminDown
}

// Close ends all sessions. Lost is not called after it returns, unless it was before.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	for remote := range s.byRemote {
		s.remove(remote)
	}
	for _, e := range s.ears {
		_ = e.Close()
	}
	s.mu.Unlock()
	s.hearing.Wait()
}

// take is a packet that has arrived from an address.
func (s *Server) take(from netip.Addr, b []byte) {
	p, err := decode(b)
	if err != nil {
		s.cfg.Log.Debug("BFD packet not taken", "from", from, "error", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.byRemote[from]
	if p.yours != 0 {
		c = s.byNumber[p.yours]
	}
	if c != nil && c.Remote == from {
		c.take(p)
	}
}
