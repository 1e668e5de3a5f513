package weather

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"onramp/test/postgres"
)

func TestMain(m *testing.M) {
	if data := os.Getenv(childVariable); data != "" {
		serveAsChild(data) // does not return
	}
	code := m.Run()
	if err := errors.Join(postgres.StopShared(), os.RemoveAll(binaryFolder)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// long reports whether there is time for more than a moderate number of everything.
func long() bool { return os.Getenv("ONRAMP_WEATHER") == "long" }
