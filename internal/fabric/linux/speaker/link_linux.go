package speaker

import (
	"errors"

	"golang.org/x/sys/unix"
)

// linkDown says why a device carries nothing; empty: it does, or there is none.
func linkDown(device string) string {
	if device == "" {
		return ""
	}
	req, err := unix.NewIfreq(device)
	if err != nil {
		return ""
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer func() { _ = unix.Close(fd) }()
	switch err := unix.IoctlIfreq(fd, unix.SIOCGIFFLAGS, req); {
	case errors.Is(err, unix.ENODEV):
		return "interface is not there"
	case err != nil:
		return ""
	case req.Uint16()&unix.IFF_UP == 0:
		return "interface is down"
	case req.Uint16()&unix.IFF_RUNNING == 0:
		return "interface is down: no carrier"
	}
	return ""
}
