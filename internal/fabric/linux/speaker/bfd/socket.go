package bfd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// hops is the TTL or hop limit of every packet: whatever has less comes from behind a router (RFC 5881, section 5).
const hops = 255

// Source ports (RFC 5881, section 4).
const (
	firstSource = 49152
	lastSource  = 65535
)

// listen has the server listen in a family, if it does not; called under its lock. What fails is tried at the next packet.
func (s *Server) listen(six bool) {
	if s.ears[six] != nil {
		return
	}
	network, address := "udp4", "0.0.0.0"
	if six {
		network, address = "udp6", "::"
	}
	lc := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error { return bind(c, s.cfg.Device) }}
	conn, err := lc.ListenPacket(context.Background(), network, net.JoinHostPort(address, strconv.Itoa(s.set.port)))
	if err != nil {
		s.cfg.Log.Debug("BFD does not listen", "network", network, "error", err)
		return
	}
	read, err := reader(conn, six)
	if err != nil {
		s.cfg.Log.Debug("BFD does not listen", "network", network, "error", err)
		_ = conn.Close()
		return
	}
	s.ears[six] = conn
	s.hearing.Go(func() { s.hear(six, read) })
}

// reader answers what reads a packet with its TTL.
func reader(conn net.PacketConn, six bool) (read func([]byte) (n, ttl int, from net.Addr, err error), err error) {
	if six {
		c := ipv6.NewPacketConn(conn)
		return func(b []byte) (n, ttl int, from net.Addr, err error) {
			n, m, from, err := c.ReadFrom(b)
			if m != nil {
				ttl = m.HopLimit
			}
			return n, ttl, from, err
		}, c.SetControlMessage(ipv6.FlagHopLimit, true)
	}
	c := ipv4.NewPacketConn(conn)
	return func(b []byte) (n, ttl int, from net.Addr, err error) {
		n, m, from, err := c.ReadFrom(b)
		if m != nil {
			ttl = m.TTL
		}
		return n, ttl, from, err
	}, c.SetControlMessage(ipv4.FlagTTL, true)
}

// hear takes packets until its socket is closed or broken.
func (s *Server) hear(six bool, read func([]byte) (n, ttl int, from net.Addr, err error)) {
	b := make([]byte, 512)
	for {
		n, ttl, from, err := read(b)
		if err != nil {
			s.deaf(six, err)
			return
		}
		if udp, ok := from.(*net.UDPAddr); ok && ttl == hops {
			s.take(udp.AddrPort().Addr().Unmap().WithZone(""), b[:n])
		}
	}
}

// deaf gives up a socket that cannot be read. The next packet that is sent makes another one.
func (s *Server) deaf(six bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.cfg.Log.Warn("BFD's socket cannot be read", "error", err)
	_ = s.ears[six].Close()
	delete(s.ears, six)
}

// dial opens what packets to a neighbour are sent from.
func (s *Server) dial(n Neighbor) (*net.UDPConn, error) {
	d := net.Dialer{
		LocalAddr: net.UDPAddrFromAddrPort(netip.AddrPortFrom(n.Local, uint16(firstSource+rand.IntN(lastSource-firstSource+1)))),
		Control:   func(_, _ string, c syscall.RawConn) error { return bind(c, n.Device) },
	}
	c, err := d.Dial("udp", netip.AddrPortFrom(n.Remote, uint16(s.set.far)).String())
	if err != nil {
		return nil, err
	}
	conn, ok := c.(*net.UDPConn)
	if !ok {
		_ = c.Close()
		return nil, fmt.Errorf("a %T", c)
	}
	if n.Remote.Is6() {
		err = ipv6.NewConn(conn).SetHopLimit(hops)
	} else {
		err = ipv4.NewConn(conn).SetTTL(hops)
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// refused reports whether an error is the neighbour's answer to an earlier packet: it has no BFD.
func refused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }
