//go:build !linux

package guest

import (
	"os"
	"testing"
)

// Main skips all tests: user-mode Linux runs on Linux.
func Main(*testing.M, Options) {
	os.Exit(skipAll("a guest needs Linux"))
}
