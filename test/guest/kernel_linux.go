package guest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"onramp/test/need"
)

// kernel is a user-mode Linux on this machine.
type kernel struct {
	program string // the kernel itself
	modules string // the folder with modules.dep, named for the kernel's version
}

// kernelVariable names another kernel than Debian's; it must be one for its modules.
const kernelVariable = "ONRAMP_TEST_KERNEL"

// modulesOf is where Debian's package keeps the modules.
const modulesOf = "/usr/lib/uml/modules/*/modules.dep"

func findKernel() (kernel, error) {
	program, ok := need.Find("linux.uml")
	if named := os.Getenv(kernelVariable); named != "" {
		_, err := os.Stat(named)
		program, ok = named, err == nil
	}
	if !ok {
		return kernel{}, errors.New("no user-mode Linux on this machine (Debian package user-mode-linux; scripts/install-test-deps installs it)")
	}
	found, err := filepath.Glob(modulesOf)
	if err != nil || len(found) == 0 {
		return kernel{}, fmt.Errorf("%s is here without its modules: no %s", program, modulesOf)
	}
	return kernel{program: program, modules: filepath.Dir(found[len(found)-1])}, nil
}

// arguments are the kernel's command line. Words that it does not know become environment variables of its first process.
func (k kernel) arguments(folder, first string, memoryMB int) []string {
	return []string{
		"rootfstype=hostfs", "rootflags=/", "rw", // the machine's file system is the root
		fmt.Sprintf("mem=%dM", memoryMB),
		"init=" + first, folderVariable + "=" + folder,
		"con=null", "con0=null,fd:1", "con1=null", "ssl=null", // one console, to write to only
		"uml_dir=" + folder + "/", "umid=kernel", // not in the home folder
		"quiet", "loglevel=4", "panic=1", "random.trust_cpu=on",
	}
}

// memoryFolder is where the kernel keeps its memory, in a file that has no name: a file system in memory if there is one
// with room enough.
func memoryFolder(memoryMB int) string {
	const shared = "/dev/shm"
	if free, err := freeBytes(shared); err == nil && free > int64(memoryMB+64)<<20 {
		return shared
	}
	return os.TempDir()
}
