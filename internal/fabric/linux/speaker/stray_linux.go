package speaker

import (
	"net/netip"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// closeStrays ends the process's TCP connections that are where it is told. Their files are closed by whoever has them.
func closeStrays(where map[stray]bool) (n int) {
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	wanted := make(map[stray]bool, 2*len(where))
	for at := range where {
		for _, device := range []string{at.vrf, at.device} {
			if device != "" { // otherwise it may be anyone's
				wanted[stray{device: device, remote: at.remote}] = true
			}
		}
	}
	for _, f := range files {
		fd, err := strconv.Atoi(f.Name())
		if err != nil {
			continue
		}
		// A number may become another file's meanwhile: a copy does not.
		if fd, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0); err != nil {
			continue
		}
		if at, ok := connection(fd); ok && wanted[at] && unix.Shutdown(fd, unix.SHUT_RDWR) == nil {
			n++
		}
		_ = unix.Close(fd)
	}
	return n
}

// connection answers the other end of a TCP connection and the device that it is bound to.
func connection(fd int) (stray, bool) {
	kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil || kind != unix.SOCK_STREAM {
		return stray{}, false
	}
	peer, err := unix.Getpeername(fd)
	if err != nil {
		return stray{}, false
	}
	var at stray
	switch a := peer.(type) {
	case *unix.SockaddrInet4:
		at.remote = netip.AddrFrom4(a.Addr)
	case *unix.SockaddrInet6:
		at.remote = netip.AddrFrom16(a.Addr).Unmap()
	default:
		return stray{}, false
	}
	device, err := unix.GetsockoptString(fd, unix.SOL_SOCKET, unix.SO_BINDTODEVICE)
	if err != nil {
		return stray{}, false
	}
	at.device = strings.TrimRight(device, "\x00")
	return at, true
}
