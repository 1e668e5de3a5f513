package weather

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel kill a child whose parent is gone, so that a killed test leaves no servers behind.
func dieWithParent(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
