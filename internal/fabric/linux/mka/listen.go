package mka

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// listen hands every EAPOL frame that comes in on a device to take, until the file that it answers is closed. It tells
// which key the far end uses: wpa_supplicant does not say what it hears and cannot use.
func listen(index int, take func(frame []byte)) (*os.File, error) {
	const protocol = etherTypePAE>>8 | etherTypePAE&0xff<<8 // in network order
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("packet socket: %w", err)
	}
	group := unix.PacketMreq{Ifindex: int32(index), Type: unix.PACKET_MR_MULTICAST, Alen: 6,
		Address: [8]byte{0x01, 0x80, 0xc2, 0x00, 0x00, 0x03}} // PAE group address, IEEE 802.1X table 11-1
	err = errors.Join(
		unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1),
		unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &group),
		unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: protocol, Ifindex: index}))
	if err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("packet socket: %w", err)
	}
	ear := os.NewFile(uintptr(fd), "EAPOL")
	go func() {
		defer func() { _ = ear.Close() }()
		frame := make([]byte, 2048)
		for {
			n, err := ear.Read(frame)
			switch {
			case errors.Is(err, unix.ENETDOWN): // said once, when the device goes down
			case err != nil:
				return
			default:
				take(frame[:n])
			}
		}
	}()
	return ear, nil
}
