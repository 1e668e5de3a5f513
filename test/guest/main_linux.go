package guest

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// Main runs the package's tests inside a guest and exits with their status. Without user-mode Linux on this machine it
// ends by need.Missing: loudly skipped, or failed where skips fail.
func Main(m *testing.M, o Options) {
	switch {
	case Inside():
		os.Exit(m.Run())
	case os.Getenv(folderVariable) != "" && os.Getpid() == 1:
		first(os.Getenv(folderVariable)) // does not return
	}
	flag.Parse()
	if list := flag.Lookup("test.list"); list != nil && list.Value.String() != "" {
		os.Exit(m.Run())
	}
	k, err := findKernel()
	if err != nil {
		os.Exit(skipAll(err.Error()))
	}
	status, err := outside(k, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "guest:", err)
		status = max(status, 1)
	}
	os.Exit(status)
}
