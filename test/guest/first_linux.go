package guest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"unsafe"
)

// first is the guest's first process: it prepares the machine, runs the tests, writes down how they ended and switches the
// machine off. What goes wrong in it is written to the console.
func first(folder string) {
	if err := boot(folder); err != nil {
		fmt.Println("guest:", err)
	}
	syscall.Sync()
	if err := syscall.Reboot(syscall.LINUX_REBOOT_CMD_POWER_OFF); err != nil {
		fmt.Println("guest: power off:", err)
	}
	os.Exit(1) // and so a kernel panic, should the machine still run
}

func boot(folder string) error {
	o, err := readOrder(folder)
	if err != nil {
		return err
	}
	// Opened before anything covers their folder.
	output, err := os.OpenFile(filepath.Join(folder, outputFile), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	for _, prepare := range []func(order) error{mountAll, seed, autoload, load, limits, lo} {
		if err := prepare(o); err != nil {
			return err
		}
	}
	status, err := run(o, output)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, statusFile), []byte(strconv.Itoa(status)), 0o600)
}

// run starts the tests and waits for them, and for everyone whose parent has gone: the first process's duty.
func run(o order, output *os.File) (status int, err error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 1, err
	}
	p, err := os.StartProcess("/proc/self/exe", o.Arguments, &os.ProcAttr{
		Dir: o.Folder, Env: o.Environment, Files: []*os.File{null, output, output},
	})
	if err != nil {
		return 1, fmt.Errorf("start the tests: %w", err)
	}
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return 1, fmt.Errorf("wait: %w", err)
		case pid != p.Pid:
		case ws.Signaled():
			fmt.Fprintf(output, "guest: the tests were ended by a signal: %v\n", ws.Signal())
			return 1, nil
		default:
			return ws.ExitStatus(), nil
		}
	}
}

// seed gives the kernel's random numbers their entropy (random(4), RNDADDENTROPY).
func seed(o order) error {
	f, err := os.OpenFile("/dev/random", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	const rndAddEntropy = 0x40085203
	pool := struct {
		bits, bytes int32
		data        [64]byte
	}{bits: int32(8 * len(o.Seed)), bytes: int32(len(o.Seed))}
	copy(pool.data[:], o.Seed)
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), rndAddEntropy, uintptr(unsafe.Pointer(&pool))); errno != 0 {
		return fmt.Errorf("entropy: %w", errno)
	}
	return nil
}

func limits(order) error {
	all := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &all); err != nil {
		return fmt.Errorf("open files: %w", err)
	}
	return syscall.Sethostname([]byte("guest"))
}
