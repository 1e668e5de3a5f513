package speaker

import (
	"context"
	"io"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// joined is a TCP connection within this machine: what we have of it, and what the neighbour has.
func joined(t *testing.T, from, to, device string) (ours, theirs net.Conn) {
	t.Helper()
	bound := func(_, _ string, c syscall.RawConn) error {
		var failed error
		err := c.Control(func(fd uintptr) {
			if device != "" {
				failed = unix.BindToDevice(int(fd), device)
			}
		})
		if err != nil {
			return err
		}
		return failed
	}
	lc := net.ListenConfig{Control: bound}
	l, err := lc.Listen(t.Context(), "tcp", net.JoinHostPort(to, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 5 * time.Second}
	if theirs, err = d.DialContext(t.Context(), "tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if ours, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	return ours, theirs
}

// Connections are stray by the neighbour's address and the device: others with the same address are left alone, and so are
// those that are bound to none.
func TestStrays(t *testing.T) {
	_, stranded := joined(t, "127.9.0.2", "127.9.0.1", "lo")
	_, other := joined(t, "127.9.0.3", "127.9.0.1", "lo")
	_, unbound := joined(t, "127.9.0.2", "127.9.0.1", "")
	s := newStrays()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); s.run(ctx) }()
	remote := netip.MustParseAddr("127.9.0.2")
	s.look(stray{vrf: "lo", device: "another", remote: remote})
	s.look(stray{remote: remote})
	if err := stranded.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := stranded.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the stray connection: %v", err)
	}
	stop()
	<-ended
	for _, c := range []net.Conn{other, unbound} {
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); err == nil || err == io.EOF {
			t.Errorf("another connection, from %v: %v", c.LocalAddr(), err)
		}
	}
}
