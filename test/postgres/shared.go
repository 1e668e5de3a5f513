package postgres

import (
	"fmt"
	"os"
	"sync"
	"testing"
)

// shared is the one cluster of this test process.
var shared struct {
	sync.Mutex
	cluster  *Cluster
	settings settings
	err      error // of the one attempt to start it
}

// Shared returns the cluster that all tests of a package share; the first call
// starts it, so a run that needs no database starts none. It is stopped when
// the test process ends, by whatever cause; Main waits for that, too. All
// callers in a package give the same options.
func Shared(t testing.TB, opts ...Option) *Cluster {
	t.Helper()
	wanted := newSettings(opts)
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster == nil && shared.err == nil {
		shared.settings = wanted
		shared.cluster, shared.err = open(wanted)
	}
	if shared.err != nil {
		giveUp(t, shared.err)
	}
	if shared.settings != wanted {
		t.Fatalf("the shared cluster was started with %+v, and this test asks for %+v", shared.settings, wanted)
	}
	return shared.cluster
}

// Main runs the tests of a package, stops the shared cluster if one was
// started, and exits: func TestMain(m *testing.M) { postgres.Main(m) }. A
// package can do without it, as the shared cluster does not outlive the
// process; with it, the cluster is gone before go test says so.
func Main(m *testing.M) {
	code := m.Run()
	if err := StopShared(); err != nil {
		fmt.Fprintf(os.Stderr, "stopping PostgreSQL: %v\n", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// StopShared stops the shared cluster if there is one: for a TestMain that has
// more to do than Main.
func StopShared() error {
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster == nil {
		return nil
	}
	return shared.cluster.Stop()
}
