// Package need is how a test asks for something that Go alone does not bring:
// a program, a Python module, a Terraform provider.
//
// There is one place where a skip happens, so that a skip is never quiet and
// never mistaken for a proof. What is missing is reported in four ways:
//
//   - as the test's own skip message (go test -v);
//   - on the standard error of the go command itself, because go test drops
//     the output of packages that pass (Linux only; see loud_linux.go);
//   - in the file named by ONRAMP_SKIP_LOG, if that is set, one line a skip,
//     from which `make test-go` prints a summary;
//   - as a failure, when ONRAMP_TEST_SKIPS=fail, as in .ci/run.
//
// A package that skipped is not served from the go command's cache the next
// time, for what it asked for may have been installed since.
//
// It is not an installer (that is scripts/install-test-deps) and knows nothing
// of Onramp: any test may use it.
package need

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
)

const (
	// skipsVariable set to "fail" turns a skip into a failure.
	skipsVariable = "ONRAMP_TEST_SKIPS"
	// logVariable names a file that every skip is appended to.
	logVariable = "ONRAMP_SKIP_LOG"
)

// Missing ends the test because something that scripts/install-test-deps
// installs is not there: a failure when ONRAMP_TEST_SKIPS=fail, otherwise a
// loud skip. why says what is missing and, if it is known, how to get it.
func Missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv(skipsVariable) == "fail" {
		t.Fatalf("NOT PROVED, and %s=fail: %s", skipsVariable, why)
	}
	skip(t, why)
}

// Optional ends the test because something is not there that no script of the
// project installs and that the project promises to use only where it is found
// (Terraform). It is as loud as Missing but never a failure.
func Optional(t testing.TB, why string) {
	t.Helper()
	skip(t, why+" (used where found)")
}

func skip(t testing.TB, why string) {
	t.Helper()
	line := fmt.Sprintf("SKIPPED (not proved): %s: %s", t.Name(), strings.ReplaceAll(why, "\n", " "))
	announce(line)
	t.Skip(line)
}

var announcing sync.Mutex

// announce tells of a skip outside the test's own output, and keeps the go
// command from remembering this run as a pass.
func announce(line string) {
	announcing.Lock()
	defer announcing.Unlock()
	if name := os.Getenv(logVariable); name != "" {
		if err := appendLine(name, line); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", logVariable, err)
		}
	} else {
		tellGoCommand(line)
	}
	forgetRun()
}

func appendLine(name, line string) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line + "\n")
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// forgetRun keeps the go command from caching this run. The go command caches
// a pass only if it knows from the test log which files and variables the run
// read; a run without a test log is not cached. Should a later Go see this
// differently, a cached skip becomes quiet, and nothing else changes.
func forgetRun() {
	if f := flag.Lookup("test.testlogfile"); f != nil && f.Value.String() != "" {
		_ = f.Value.Set("")
	}
}

// Relay announces the skips that another process, started by this one with a log of its own as ONRAMP_SKIP_LOG, wrote to
// that log. A log that is not there has none.
func Relay(log string) error {
	text, err := os.ReadFile(log)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		announce(strings.TrimSuffix(line, "\n"))
	}
	return nil
}
