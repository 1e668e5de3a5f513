package need

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
)

// tellGoCommand writes line to the standard error of the go command that runs
// this test binary. go test shows a package's output only if the package
// fails, so this is the one way for a plain `go test ./...` to say what it did
// not prove. It does nothing when the parent is not a go command.
func tellGoCommand(line string) {
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", os.Getppid()))
	if err != nil || string(bytes.TrimSpace(comm)) != "go" {
		return
	}
	f, err := parentsStderr()
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintln(f, line)
}

// System calls that package syscall does not name. They have the same numbers
// on every architecture (pidfd_open(2), pidfd_getfd(2)).
const (
	sysPidfdOpen  = 434
	sysPidfdGetfd = 438
)

// parentsStderr returns a duplicate of the parent's standard error, with the
// same position in the file if it is a file. Where the kernel does not allow
// that (it takes the right to trace the parent), a terminal or a pipe is
// opened by its name instead; a file is not, as a second position in it would
// overwrite what others write.
func parentsStderr() (*os.File, error) {
	const name = "standard error of the go command"
	parent := uintptr(os.Getppid())
	pidfd, _, errno := syscall.Syscall(sysPidfdOpen, parent, 0, 0)
	if errno == 0 {
		defer syscall.Close(int(pidfd))
		var fd uintptr
		if fd, _, errno = syscall.Syscall(sysPidfdGetfd, pidfd, 2, 0); errno == 0 {
			return os.NewFile(fd, name), nil
		}
	}
	path := fmt.Sprintf("/proc/%d/fd/2", parent)
	if info, err := os.Stat(path); err != nil || info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not shared: %w", name, errno)
	}
	return os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
}
