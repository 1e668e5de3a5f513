package speaker

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// say writes a message of BGP.
func say(t *testing.T, c net.Conn, m *bgp.BGPMessage) {
	t.Helper()
	b, err := m.Serialize()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
}

// hear reads messages until one of a type comes.
func hear(t *testing.T, c net.Conn, kind uint8) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(patient)); err != nil {
		t.Fatal(err)
	}
	for {
		header := make([]byte, bgp.BGP_HEADER_LENGTH)
		if _, err := io.ReadFull(c, header); err != nil {
			t.Fatalf("waiting for a message of type %d: %v", kind, err)
		}
		if _, err := io.CopyN(io.Discard, c, int64(header[16])<<8+int64(header[17])-bgp.BGP_HEADER_LENGTH); err != nil {
			t.Fatal(err)
		}
		if header[18] == kind {
			return
		}
	}
}

// A neighbour with the higher identifier that dials while we do, and whose OPEN comes over our connection first: it keeps
// its own connection and refuses ours. It is not left with one that nobody uses.
func TestCollision(t *testing.T) {
	net1 := network()
	l := newLab(t, addr(net1+".1"), newKernel())
	n := l.neighbor("a", net1+".2", 65001)
	n.Key = "" // this neighbour's sockets are plain
	v := gateway(n)
	v.Device, v.Interfaces[0].Device = "lo", "lo"
	listener, err := net.Listen("tcp", netip.AddrPortFrom(n.Remote, uint16(l.away)).String())
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	l.apply(t, v)
	open, err := bgp.NewBGPOpenMessage(65001, 90, addr("223.255.255.1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := listener.Accept() // it has dialled, and has our OPEN
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	hear(t, ours, bgp.BGP_MSG_OPEN)
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: n.Remote.AsSlice()}, Timeout: patient}
	theirs, err := d.DialContext(t.Context(), "tcp", netip.AddrPortFrom(l.at, uint16(l.home)).String())
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	hear(t, theirs, bgp.BGP_MSG_OPEN)
	say(t, ours, open)
	hear(t, ours, bgp.BGP_MSG_KEEPALIVE) // it goes on with that one
	say(t, theirs, open)
	say(t, ours, bgp.NewBGPNotificationMessage(bgp.BGP_ERROR_CEASE, bgp.BGP_ERROR_SUB_CONNECTION_COLLISION_RESOLUTION, nil))
	if err := theirs.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for b := make([]byte, 100); err == nil; {
		_, err = theirs.Read(b)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the neighbour's connection is neither used nor closed")
	}
}
