//go:build linux

package router

import (
	"path/filepath"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux"
)

// runFolder holds what survives the agent and not the machine.
const runFolder = "/run/onramp"

// OpenLinux opens the driver of this machine's network namespace. It is an Opener.
func OpenLinux(s Site) (fabric.Driver, error) {
	return linux.Open(linux.Config{
		Router: s.Router, Ports: s.Ports, Log: s.Log, Changed: s.Changed, StateDir: s.State, RunDir: filepath.Join(runFolder, s.Router),
	})
}

var (
	_ Planner = (*linux.Driver)(nil)
	_ Remover = (*linux.Driver)(nil)
)
