//go:build !linux

package bfd

import (
	"errors"
	"syscall"
)

func bind(_ syscall.RawConn, device string) error {
	if device == "" {
		return nil
	}
	return errors.New("sockets are bound to devices on Linux only")
}
