//go:build unix

package router

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A program that is just being started has copies of all descriptors for a moment: they hold no folder.
func TestUnlock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	f, err := lock(path)
	if err != nil {
		t.Fatal(err)
	}
	held, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(held)
	if err := (&Folder{lock: f}).Close(); err != nil {
		t.Fatal(err)
	}
	again, err := lock(path)
	if err != nil {
		t.Fatalf("a folder that was let go of: %v", err)
	}
	again.Close()
}
