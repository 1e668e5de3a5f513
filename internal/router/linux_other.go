//go:build !linux

package router

import (
	"errors"

	"onramp/internal/fabric"
)

// OpenLinux answers that this is no Linux.
func OpenLinux(Site) (fabric.Driver, error) {
	return nil, errors.New("an agent drives Linux routers only")
}
