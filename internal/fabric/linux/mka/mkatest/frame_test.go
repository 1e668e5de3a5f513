package mkatest

import (
	"errors"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"onramp/test/guest/lab"
)

// TestFramesOfOthers: a frame that is repeated, and one that was changed on its way, do not get in and are counted.
func TestFramesOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	w.customerUses(first)
	o.secured(w.port.Name, first)

	// In the panel, a frame of the customer's is taken from the wire.
	var tap int
	err := w.cable.Panel.Do(func() (err error) {
		tap, err = openTap(w.cable.B)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(tap) }()
	reaches(w)
	pings := w.ping()
	frame := make([]byte, 2000)
	for frame = frame[:0]; len(frame) < 40 || frame[12] != 0x88 || frame[13] != 0xe5; { // MACsec
		n, err := unix.Read(tap, frame[:cap(frame)])
		if err != nil {
			t.Fatal(err)
		}
		frame = frame[:n]
	}
	lab.Eventually(t, func() string { // until it is older than the window
		if pings.Answered() < 80 {
			return "too few pings answered"
		}
		return ""
	})
	if answers := pings.Stop(); answers.Lost > 0 {
		t.Errorf("without a cause: %v", answers)
	}
	before := o.status(w.port.Name)
	changed := append([]byte(nil), frame...)
	changed[len(changed)-20] ^= 1   // in the text
	changed[16], changed[17] = 0, 1 // and with a number of its own that is far ahead
	err = w.cable.Panel.Do(func() error {
		out, err := openTap(w.cable.A)
		if err != nil {
			return err
		}
		_, first := unix.Write(out, frame)
		_, second := unix.Write(out, changed)
		return errors.Join(first, second, unix.Close(out))
	})
	if err != nil {
		t.Fatal(err)
	}
	lab.Eventually(t, func() string {
		if s := o.status(w.port.Name); s.Late != before.Late+1 || s.NotValid != before.NotValid+1 {
			return "not counted"
		}
		return ""
	})
	if s := o.status(w.port.Name); !s.Secured {
		t.Errorf("a frame of nobody's ended the association: %+v", s)
	}
}

// openTap is a socket on a device of this thread's namespace that takes and sends frames raw. Only one that takes
// everything sees what the panel passes on.
func openTap(device string) (int, error) {
	const everything = 0x0300 // ETH_P_ALL in network order
	link, err := netlink.LinkByName(device)
	if err != nil {
		return 0, err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	return fd, errors.Join(unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1),
		unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: everything, Ifindex: link.Attrs().Index}))
}
