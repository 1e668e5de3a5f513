// Package guest runs a package's tests inside a Linux kernel of their own, in which they are root and in which VLANs,
// bonds, MACsec, VRFs and network namespaces work whatever the machine's kernel has. The kernel is Debian's
// user-mode Linux: an ordinary process, no privilege needed, up in about a second.
//
//	func TestMain(m *testing.M) { guest.Main(m, guest.Options{}) }
//
// go test starts the test binary; Main boots the kernel with the machine's file system as its root; the kernel's first
// process is the test binary again, which mounts what is its own (/run, /tmp and /var/tmp are empty and in memory), and
// starts the test binary a third time, with the flags, environment and folder of the first. What that one writes and the
// status that it exits with are those of the first, so -run, -v, -json, -count, -timeout and coverage are as always.
// Nothing of it is cached by the go command.
//
// Several guests run at once without knowing of each other: each has its own network, and of the file system they share
// only what the machine's has, which tests leave alone. A guest has one CPU.
//
// It is no container and no protection: the tests write to the machine's files if they choose to. What is built inside,
// networks of namespaces with routers in them, is package lab beneath.
package guest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"onramp/test/need"
)

// Options are what the tests of a package want of their kernel. The zero value will do for most.
type Options struct {
	// Modules are loaded before the tests begin, in this order; parameters follow a name after a space. Most need no mention: the kernel loads by itself what a
	// link, a queueing discipline, a cipher or an address family asks for.
	Modules []string
	// MemoryMB is the memory of the kernel, in units of 2^20 bytes; 0 is as 512. It is taken as it is used.
	MemoryMB int
	// Guests, if more than one, is how many guests run at once, of which each has one test of the package: the tests share
	// nothing, and take the less time the more they wait. What one writes is shown when it has ended, and in the order of
	// ending. With a profile or a fuzz target there is one guest for all.
	Guests int
	// Alone are those of these tests that measure time: each has its guest while there is no other one, before the rest.
	Alone []string
	// First are those that take longest: they are the first of the rest, so that none goes on when all others have ended.
	First []string
	// Programs are import paths of main packages, built on the machine before the kernel boots; see
	// Program.
	Programs []string
}

// The environment variables by which the test binary knows where it is.
const (
	folderVariable = "ONRAMP_GUEST"        // the folder that outside and inside share: the first process's
	insideVariable = "ONRAMP_GUEST_INSIDE" // the same: the tests'
	binVariable    = "ONRAMP_GUEST_BIN"    // the folder with Options.Programs
)

// Inside reports whether this process runs in a guest.
func Inside() bool { return os.Getenv(insideVariable) != "" }

// Program is the absolute path of a program of Options.Programs, by its import path. Only inside.
func Program(t testing.TB, importPath string) string {
	t.Helper()
	path := filepath.Join(os.Getenv(binVariable), filepath.Base(importPath))
	if _, err := os.Stat(path); !Inside() || err != nil {
		t.Fatalf("no program %s in this guest: name it in Options.Programs", importPath)
	}
	return path
}

// skipAll ends the tests by need.Missing before they begin. It answers the exit status.
func skipAll(why string) int {
	whole := &whole{name: "its tests"}
	if info, ok := debug.ReadBuildInfo(); ok {
		whole.name = strings.TrimSuffix(info.Path, ".test")
	}
	var ended sync.WaitGroup
	ended.Go(func() { need.Missing(whole, why) }) // which ends its goroutine
	ended.Wait()
	return whole.status
}

// whole stands for all tests of a package, which have not begun yet, before package need.
type whole struct {
	testing.TB // nothing of it is there: need.Missing uses the methods below
	name       string
	status     int
}

func (w *whole) Helper()      {}
func (w *whole) Name() string { return w.name }

func (w *whole) Skip(words ...any) {
	fmt.Println(words...)
	fmt.Println("testing: warning: no tests to run") // as package testing says it, which go test repeats
	runtime.Goexit()
}

func (w *whole) Fatalf(format string, values ...any) {
	fmt.Printf(format+"\n", values...)
	w.status = 1
	runtime.Goexit()
}
