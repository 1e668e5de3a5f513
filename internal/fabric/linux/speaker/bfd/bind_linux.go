package bfd

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// bind binds a socket to a device; "": to none.
func bind(c syscall.RawConn, device string) error {
	if device == "" {
		return nil
	}
	var failed error
	err := c.Control(func(fd uintptr) { failed = unix.BindToDevice(int(fd), device) })
	if err != nil {
		return err
	}
	return failed
}
