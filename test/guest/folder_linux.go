package guest

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// The files of the folder that outside and inside share.
const (
	orderFile   = "order"   // what is to be done inside
	outputFile  = "output"  // what the tests write
	consoleFile = "console" // what the kernel writes, and the first process if it fails
	statusFile  = "status"  // the status that the tests exited with
	skipsFile   = "skips"   // test/need's log of skips
)

// order is what the first process inside is told.
type order struct {
	Arguments   []string // of the test binary, its own name first
	Environment []string
	Folder      string // that the tests run in
	Modules     string // the folder of the kernel's modules
	Load        []string
	Seed        []byte   // for the kernel's random numbers, which would take a second to gather otherwise
	Visible     []string // folders of the machine that are wanted inside even if they are below one that is covered
}

func newFolder(k kernel, o Options, bin string, arguments []string) (folder string, err error) {
	if folder, err = os.MkdirTemp("", "onramp-guest-"); err != nil {
		return "", err
	}
	if err = fill(folder, k, o, bin, arguments); err != nil {
		os.RemoveAll(folder)
		return "", err
	}
	return folder, nil
}

func fill(folder string, k kernel, o Options, bin string, arguments []string) error {
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	seed := make([]byte, 64)
	_, _ = rand.Read(seed) // never fails
	environment := environment(map[string]string{
		insideVariable: folder, binVariable: bin, "ONRAMP_SKIP_LOG": filepath.Join(folder, skipsFile), "TMPDIR": "/tmp", "PATH": path(),
	})
	text, err := json.Marshal(order{
		Arguments: insideArguments(arguments), Environment: environment, Folder: here, Modules: k.modules, Load: o.Modules, Seed: seed,
		Visible: []string{filepath.Dir(self), moduleRoot(here), folder, bin, os.Getenv("GOCOVERDIR"), os.Getenv("GOCACHE")},
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, orderFile), text, 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, outputFile), nil, 0o600); err != nil {
		return err
	}
	return nil
}

// insideArguments leaves out the log from which the go command would learn what a run depended on: the kernel is not in it.
func insideArguments(arguments []string) (kept []string) {
	for _, a := range arguments {
		if !strings.Contains(a, "-test.testlogfile=") {
			kept = append(kept, a)
		}
	}
	return kept
}

// environment is this process's with some variables set anew.
func environment(set map[string]string) (all []string) {
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); set[name] == "" {
			all = append(all, variable)
		}
	}
	for name, value := range set {
		all = append(all, name+"="+value)
	}
	return all
}

// path has the folders of the system's own programs, which are not in everyone's.
func path() string {
	return os.Getenv("PATH") + ":/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
}

// moduleRoot is the folder with go.mod above here, or here.
func moduleRoot(here string) string {
	for dir := here; dir != "/"; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	return here
}

func build(into string, programs []string) error {
	if len(programs) == 0 {
		return nil
	}
	cmd := exec.Command("go", append([]string{"build", "-o", into + "/"}, programs...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return nil
}

func readOrder(folder string) (o order, err error) {
	text, err := os.ReadFile(filepath.Join(folder, orderFile))
	if err == nil {
		err = json.Unmarshal(text, &o)
	}
	return o, err
}

// readStatus is the tests' exit status, or an error when they never came to one.
func readStatus(folder string) (int, error) {
	text, err := os.ReadFile(filepath.Join(folder, statusFile))
	if err != nil {
		return 1, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

func freeBytes(folder string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * s.Bsize, nil
}
