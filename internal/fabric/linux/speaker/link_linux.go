package speaker

import (
	"context"
	"errors"
	"os"

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

// watchLinks calls changed when the kernel says that something has changed about a link, until ctx ends.
func watchLinks(ctx context.Context, changed func()) error {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), "netlink")
	defer context.AfterFunc(ctx, func() { _ = f.Close() })()
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: unix.RTMGRP_LINK}); err != nil {
		_ = f.Close()
		return err
	}
	for b := make([]byte, 64<<10); ; {
		_, err := f.Read(b)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !errors.Is(err, unix.ENOBUFS): // that is more than it could keep
			_ = f.Close()
			return err
		}
		changed()
	}
}
