package bfd

import (
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/ipv4"
)

var here, there = netip.MustParseAddr("127.1.0.1"), netip.MustParseAddr("127.1.0.2")

// neighbor is the other end, packet by packet.
type neighbor struct {
	t    *testing.T
	conn net.PacketConn
	to   *net.UDPAddr
	ours *Server
	lost chan netip.Addr
}

const brief = 50 * time.Millisecond

// newNeighbor starts a server with a session to a neighbour that says nothing yet.
func newNeighbor(t *testing.T) *neighbor {
	t.Helper()
	n := &neighbor{t: t, lost: make(chan netip.Addr, 10)}
	var err error
	if n.conn, err = net.ListenPacket("udp4", net.JoinHostPort(there.String(), "0")); err != nil {
		t.Fatal(err)
	}
	free, err := net.ListenPacket("udp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.LocalAddr().(*net.UDPAddr).Port
	free.Close()
	n.to = &net.UDPAddr{IP: here.AsSlice(), Port: port}
	n.ttl(hops)
	n.ours = open(Config{Lost: func(a netip.Addr) { n.lost <- a }}, settings{port: port, far: n.conn.LocalAddr().(*net.UDPAddr).Port, interval: brief, slow: 2 * brief})
	n.ours.Add(Neighbor{Local: here, Remote: there})
	t.Cleanup(func() { n.ours.Close(); n.conn.Close() })
	return n
}

func (n *neighbor) ttl(hops int) {
	n.t.Helper()
	if err := ipv4.NewPacketConn(n.conn).SetTTL(hops); err != nil {
		n.t.Fatal(err)
	}
}

// hears answers the next packet.
func (n *neighbor) hears() packet {
	n.t.Helper()
	b := make([]byte, 100)
	if err := n.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		n.t.Fatal(err)
	}
	size, from, err := n.conn.ReadFrom(b)
	if err != nil {
		n.t.Fatal(err)
	}
	if port := from.(*net.UDPAddr).Port; port < firstSource {
		n.t.Errorf("source port %d", port)
	}
	p, err := decode(b[:size])
	if err != nil {
		n.t.Fatal(err)
	}
	return p
}

// says sends a packet with the neighbour's discriminator.
func (n *neighbor) says(mine, yours uint32, s State) {
	n.t.Helper()
	p := packet{state: s, multiplier: 3, mine: mine, yours: yours, minTx: brief, minRx: brief}
	if _, err := n.conn.WriteTo(p.encode(), n.to); err != nil {
		n.t.Fatal(err)
	}
}

// until says the same until what it hears is in a state, and answers our discriminator.
func (n *neighbor) until(mine, yours uint32, s, want State) uint32 {
	n.t.Helper()
	for begun := time.Now(); time.Since(begun) < 10*time.Second; {
		n.says(mine, yours, s)
		if p := n.hears(); p.state == want {
			return p.mine
		}
	}
	n.t.Fatalf("said %v, and it is not %v", s, want)
	return 0
}

// up brings the session up.
func (n *neighbor) up() (ours uint32) {
	n.t.Helper()
	ours = n.until(7, 0, Down, Init)
	return n.until(7, ours, Init, Up)
}

func (n *neighbor) isLost() {
	n.t.Helper()
	select {
	case a := <-n.lost:
		if a != there {
			n.t.Errorf("%v is lost", a)
		}
	case <-time.After(10 * time.Second):
		n.t.Fatal("not lost")
	}
}

func (n *neighbor) isNotLost() {
	n.t.Helper()
	n.ours.Close() // nothing comes after that
	select {
	case <-n.lost:
		n.t.Error("lost")
	default:
	}
}

func TestSilence(t *testing.T) {
	t.Parallel()
	n := newNeighbor(t)
	ours := n.up()
	n.says(7, ours, Up)
	last := time.Now()
	n.isLost()
	if took := time.Since(last); took < 3*brief {
		t.Errorf("lost after %v, before the detection time", took)
	}
	for p := n.hears(); p.state != Down; p = n.hears() {
	}
	if p := n.hears(); p.diag != diagExpired || p.yours != 0 || p.minTx != 2*brief {
		t.Errorf("says %+v", p)
	}
	n.up() // and again
}

func TestNeighborSaysDown(t *testing.T) {
	t.Parallel()
	n := newNeighbor(t)
	n.says(7, n.up(), Down)
	n.isLost()
}

func TestNeighborBeginsAnew(t *testing.T) {
	t.Parallel()
	n := newNeighbor(t)
	n.up()
	ours := n.until(8, 0, Down, Down)
	n.until(8, ours, Init, Up)
	n.isNotLost()
}

func TestNeighborEnds(t *testing.T) {
	t.Parallel()
	n := newNeighbor(t)
	n.until(7, n.up(), AdminDown, Down)
	n.isNotLost()
}

func TestNeverUp(t *testing.T) {
	t.Parallel()
	n := newNeighbor(t)
	n.until(7, 0, Down, Init)
	for p := n.hears(); p.state != Down; p = n.hears() { // it has expired
	}
	n.isNotLost()
}

// What has come through a router is not the neighbour's.
func TestTTL(t *testing.T) {
	t.Parallel()
	n := newNeighbor(t)
	n.ttl(hops - 1)
	n.says(7, 0, Down)
	n.hears()
	if p := n.hears(); p.state != Down {
		t.Errorf("says %+v", p)
	}
	n.ttl(hops)
	n.up()
}

func TestPoll(t *testing.T) {
	t.Parallel()
	n := newNeighbor(t)
	ours := n.up()
	for p := n.hears(); !p.poll || p.minTx != brief; p = n.hears() {
	}
	final := packet{state: Up, final: true, poll: true, multiplier: 3, mine: 7, yours: ours, minTx: brief, minRx: brief}
	if _, err := n.conn.WriteTo(final.encode(), n.to); err != nil {
		t.Fatal(err)
	}
	for p := n.hears(); !p.final; p = n.hears() {
	}
	if p := n.hears(); p.poll {
		t.Errorf("polls on: %+v", p)
	}
}

// Two of us come up with each other; one that is closed is not lost, and one that is removed and added is up again.
func TestBothEnds(t *testing.T) {
	t.Parallel()
	a, b := newNeighbor(t), newNeighbor(t)
	lost := make(chan netip.Addr, 10)
	port := func(n *neighbor) int { return n.to.Port }
	one := open(Config{Lost: func(x netip.Addr) { lost <- x }}, settings{port: port(a), far: port(b), interval: brief, slow: 2 * brief})
	a.ours.Close()
	b.ours.Close()
	two := open(Config{Lost: func(x netip.Addr) { lost <- x }}, settings{port: port(b), far: port(a), interval: brief, slow: 2 * brief})
	defer one.Close()
	is := func(s *Server, remote netip.Addr, want State) {
		t.Helper()
		for begun := time.Now(); s.State(remote) != want; {
			if time.Since(begun) > 10*time.Second {
				t.Fatalf("%v, want %v", s.State(remote), want)
			}
			<-time.After(time.Millisecond)
		}
	}
	one.Add(Neighbor{Local: here, Remote: there})
	two.Add(Neighbor{Local: there, Remote: here})
	is(one, there, Up)
	is(two, here, Up)
	two.Remove(here)
	is(one, there, Down)
	two.Add(Neighbor{Local: there, Remote: here})
	is(one, there, Up)
	is(two, here, Up)
	two.Close()
	is(one, there, Down)
	if len(lost) > 0 {
		t.Errorf("%d times lost", len(lost))
	}
}

// A detection time that we are late for ourselves is prolonged, once.
func TestLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := make(chan netip.Addr, 1)
		s := open(Config{Lost: func(a netip.Addr) { lost <- a }}, settings{port: 1, far: 1, interval: Interval, slow: slow})
		s.mu.Lock()
		c := newSession(s, Neighbor{Local: here, Remote: there, Device: "nowhere"})
		c.state, c.until = Up, time.Now().Add(-Interval)
		c.expire()
		if c.state != Up || len(lost) > 0 {
			t.Errorf("%v at once", c.state)
		}
		s.mu.Unlock()
		if <-lost; time.Until(c.until) > 0 {
			t.Error("lost before the time that was added")
		}
		s.Remove(there)
		c.locked(c.end)
		s.Close()
	})
}

func TestPacket(t *testing.T) {
	t.Parallel()
	want := packet{diag: diagNeighborDown, state: Up, poll: true, multiplier: 3, mine: 0x01020304, yours: 5, minTx: Interval, minRx: slow}
	b := want.encode()
	if got := "\x23\xe0\x03\x18\x01\x02\x03\x04\x00\x00\x00\x05\x00\x04\x93\xe0\x00\x0f\x42\x40\x00\x00\x00\x00"; string(b) != got {
		t.Errorf("%x, want %x", b, got)
	}
	got, err := decode(b)
	if err != nil || got != want {
		t.Errorf("%v %s", err, cmp.Diff(want, got, cmp.AllowUnexported(packet{})))
	}
	for what, change := range map[string]func([]byte) []byte{
		"version 0": func(b []byte) []byte { b[0] &= 0x1f; return b }, "multiplier 0": func(b []byte) []byte { b[2] = 0; return b },
		"short": func(b []byte) []byte { return b[:23] }, "longer than it is": func(b []byte) []byte { b[3]++; return b },
		"said to be short": func(b []byte) []byte { b[3]--; return b }, "multipoint": func(b []byte) []byte { b[1] |= 1; return b },
		"authentication": func(b []byte) []byte { b[1] |= 4; return b }, "no discriminator": func(b []byte) []byte { clear(b[4:8]); return b },
		"up with nobody": func(b []byte) []byte { clear(b[8:12]); return b }, "nothing": func([]byte) []byte { return nil },
	} {
		if p, err := decode(change(want.encode())); err == nil {
			t.Errorf("%s: %+v", what, p)
		}
	}
}
