package mkatest

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/tink-crypto/tink-go/v2/mac/subtle"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"onramp/internal/fabric"
	"onramp/test/guest/lab"
)

// TestPlainAsked: a far end that has the key and asks for frames without MACsec, as IEEE 802.1X lets it, and as
// wpa_supplicant obliges. A port that must encrypt does not.
func TestPlainAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, first)
	o := open(t, t.TempDir())
	defer o.end()
	o.apply(w.port)
	wire := w.cable.Panel.Capture(w.cable.A, "not ether proto 0x888e and not ether proto 0x88e5")
	end := w.customerAsksForPlain(first)
	defer end()
	pings := lab.Here(t).Ping(netip.Addr{}, w.theirs, 10*time.Millisecond)
	o.insecure(w.port.Name, "the far end asks for frames without MACsec")
	idle := func() string {
		switch show := lab.IP(t, "macsec show "+w.port.SlotDevices[0]); {
		case !strings.Contains(show, "protect on"):
			return "the device may send in clear: " + show
		case strings.Contains(show, "RXSC"):
			return "the device has keys: " + show
		}
		return ""
	}
	lab.Eventually(t, idle)
	_, _ = w.customer.Try("ping", "-c", "2", "-W", "1", w.ours.String()) // meanwhile the capture has shown what it had
	before := len(wire.Frames())
	if before > 0 {
		t.Errorf("%d frames in clear before the port was idle", before)
	}
	for range 6 { // for longer than a participant is remembered
		if why := idle(); why != "" {
			t.Fatal(why)
		}
		if _, err := w.customer.Try("ping", "-c", "1", "-W", "1", w.ours.String()); err == nil {
			t.Fatal("a frame in clear was answered")
		}
	}
	pings.Stop()
	if after := wire.Stop(); len(after) > before {
		t.Errorf("%d frames in clear from a port that is idle, %d before: %v\n%s", len(after)-before, before, strings.Join(after, "\n"), lab.IP(t, "-d link show "+w.port.SlotDevices[0])+lab.IP(t, "macsec show"))
	}
}

// customerAsksForPlain is a participant of MKA that agrees to everything but MACsec, until it is ended.
func (w *world) customerAsksForPlain(k fabric.Key) (end func()) {
	w.t.Helper()
	var fd int
	var address []byte
	err := w.customer.Do(func() (err error) {
		link, err := netlink.LinkByName("c")
		if err != nil {
			return err
		}
		address = link.Attrs().HardwareAddr
		fd, err = openTap("c")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	ckn, cak := bytesOf(w.t, k.CKN), bytesOf(w.t, k.CAK.Reveal())
	ick := deriveICK(w.t, cak, ckn)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		frame := make([]byte, 2000)
		for number := uint32(1); ; {
			n, err := unix.Read(fd, frame)
			select {
			case <-stop:
				return
			default:
			}
			if err != nil || n < 60 || frame[12] != 0x88 || frame[13] != 0x8e {
				continue
			}
			// Hello for hello: ours, with the other's member identifier and message number among the live peers.
			hello := append([]byte{0x01, 0x80, 0xc2, 0, 0, 3}, address...)
			hello = append(hello, 0x88, 0x8e, 3, 5, 0, byte(4+28+len(ckn)+4+16+16))
			hello = append(hello, 1, 0xff, 0x00, byte(28+len(ckn))) // no key server, wants no MACsec, is not capable of it
			hello = append(append(hello, address...), 0, 1)
			hello = append(hello, "plain please"...) // a member identifier is 12 random bytes
			hello = binary.BigEndian.AppendUint32(hello, number)
			hello = append(append(hello, 0, 0x80, 0xc2, 1), ckn...)
			hello = append(append(hello, 1, 0, 0, 16), frame[30:46]...)
			icv, err := mac(ick, hello)
			if err == nil {
				_, _ = unix.Write(fd, append(hello, icv...))
			}
			number++
		}
	}()
	return func() {
		close(stop)
		w.customer.IP("link set c down") // which a reader is told
		w.customer.IP("link set c up")
		<-ended
		_ = unix.Close(fd)
	}
}

func bytesOf(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mac(key, message []byte) ([]byte, error) {
	m, err := subtle.NewAESCMAC(key, 16)
	if err != nil {
		return nil, err
	}
	return m.ComputeMAC(message)
}

// deriveICK is IEEE 802.1X-2010 9.3.3 for a CAK of 32 bytes.
func deriveICK(t *testing.T, cak, ckn []byte) (ick []byte) {
	t.Helper()
	for i := byte(1); i <= 2; i++ {
		part, err := mac(cak, append(append(append([]byte{i}, "IEEE8021 ICK\x00"...), ckn[:16]...), 1, 0))
		if err != nil {
			t.Fatal(err)
		}
		ick = append(ick, part...)
	}
	return ick
}
