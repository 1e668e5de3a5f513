package guest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"onramp/test/need"
)

// demonstrate is a go test of package inside that does what is named. It answers what that wrote and whether it passed.
func demonstrate(t *testing.T, demonstration string, arguments ...string) (output string, passed bool) {
	t.Helper()
	need.Program(t, "linux.uml")
	skips := ""
	if demonstration == "skip fails" {
		demonstration, skips = "skip", "fail"
	}
	arguments = append([]string{"test", "-run", "^TestDemonstration$"}, append(arguments, "onramp/test/guest/inside")...)
	cmd := exec.CommandContext(t.Context(), need.Program(t, "go"), arguments...)
	cmd.Env = append(os.Environ(), "ONRAMP_GUEST_DEMONSTRATION="+demonstration, "ONRAMP_SKIP_LOG=", "ONRAMP_TEST_SKIPS="+skips)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func TestEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		demonstration string
		arguments     []string
		passes        bool
		says          string
	}{
		{"nothing", []string{"-v"}, true, "--- PASS: TestDemonstration"},
		{"fail", nil, false, "failed on purpose"},
		{"panic", nil, false, "panicked on purpose"},
		{"exit", nil, false, "exit status 7"},
		{"hang", []string{"-timeout=3s"}, false, "panic: test timed out after 3s"},
		{"skip", nil, true, "SKIPPED (not proved): TestDemonstration: no program a-program-that-nobody-has"},
		{"skip fails", nil, false, "NOT PROVED, and ONRAMP_TEST_SKIPS=fail: no program"},
		{"orphan", nil, true, "ok"},
		{"kernel", nil, false, "the kernel ended before the tests did"},
	} {
		t.Run(c.demonstration, func(t *testing.T) {
			t.Parallel()
			out, passed := demonstrate(t, c.demonstration, c.arguments...)
			if passed != c.passes || !strings.Contains(out, c.says) {
				t.Errorf("passed: %t, want %t and %q in:\n%s", passed, c.passes, c.says, out)
			}
			if strings.Contains(out, "(cached)") {
				t.Error("the go command answered from its cache")
			}
		})
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	out, passed := demonstrate(t, "", "-v", "-count=2", "-run=^TestOther$")
	if !passed || strings.Count(out, "--- PASS: TestOther (") != 2 || strings.Contains(out, "TestLinks") || strings.Contains(out, "\r") {
		t.Errorf("passed: %t\n%q", passed, out)
	}
	if out, passed = demonstrate(t, "", "-json"); !passed || !strings.Contains(out, `"Action":"pass","Package":"onramp/test/guest/inside","Test":"TestDemonstration"`) {
		t.Errorf("passed: %t\n%s", passed, out)
	}
	profile := filepath.Join(t.TempDir(), "cover")
	if out, passed = demonstrate(t, "", "-coverprofile="+profile, "-coverpkg=onramp/test/guest"); !passed {
		t.Errorf("with coverage:\n%s", out)
	}
	if text, err := os.ReadFile(profile); err != nil || !bytes.HasPrefix(text, []byte("mode: ")) {
		t.Errorf("coverage: %v, %d bytes", err, len(text))
	}
	if out, passed = demonstrate(t, "", "-list=."); !passed || !strings.Contains(out, "TestLinks\n") {
		t.Errorf("-list: passed %t\n%s", passed, out)
	}
}

// TestAmong runs tests in guests of their own.
func TestAmong(t *testing.T) {
	t.Setenv("ONRAMP_GUEST_DEMONSTRATION_GUESTS", "2")
	for _, c := range []struct {
		demonstration, run string
		passes             bool
		says, saysNot      []string
	}{
		{"nothing", "^(TestDemonstration|TestOther)$", true, []string{"--- PASS: TestDemonstration", "--- PASS: TestOther", "part two"}, []string{"TestLinks"}},
		{"nothing", "", true, []string{"--- PASS: TestDemonstration", "--- PASS: TestOther", "--- PASS: TestLinks"}, nil},
		{"nothing", "^(TestDemonstration|TestOther)$/one", true, []string{"--- PASS: TestOther/one"}, []string{"part two"}},
		{"fail", "^(TestDemonstration|TestOther)$", false, []string{"failed on purpose", "--- PASS: TestOther"}, nil},
		{"kernel", "^(TestDemonstration|TestOther)$", false, []string{"--- FAIL: TestDemonstration", "the kernel ended before the tests did", "--- PASS: TestOther"}, nil},
		{"skip", "^(TestDemonstration|TestOther)$", true, []string{"SKIPPED (not proved): TestDemonstration", "--- PASS: TestOther"}, nil},
	} {
		out, passed := demonstrate(t, c.demonstration, "-v", "-run="+c.run)
		ok := passed == c.passes
		for _, words := range c.says {
			ok = ok && strings.Count(out, words) > 0
		}
		for _, words := range c.saysNot {
			ok = ok && !strings.Contains(out, words)
		}
		if !ok {
			t.Errorf("%s, -run %s: passed: %t, want %t, %q and not %q in:\n%s", c.demonstration, c.run, passed, c.passes, c.says, c.saysNot, out)
		}
	}
}

// TestAlone has a test that comes last in its package alone: it is over before another one begins.
func TestAlone(t *testing.T) {
	t.Setenv("ONRAMP_GUEST_DEMONSTRATION_GUESTS", "2")
	t.Setenv("ONRAMP_GUEST_DEMONSTRATION_ALONE", "TestOther")
	out, passed := demonstrate(t, "nothing", "-v", "-run=^(TestDemonstration|TestOther)$")
	alone, crowd := strings.Index(out, "--- PASS: TestOther"), strings.Index(out, "--- PASS: TestDemonstration")
	if !passed || alone < 0 || alone > crowd {
		t.Errorf("passed: %t, want TestOther and then TestDemonstration:\n%s", passed, out)
	}
}

// TestKilled ends a test process as nobody should, and nothing of its guest is left.
func TestKilled(t *testing.T) {
	t.Parallel()
	need.Program(t, "linux.uml")
	binary := filepath.Join(t.TempDir(), "inside.test")
	if out, err := exec.CommandContext(t.Context(), need.Program(t, "go"), "test", "-c", "-o", binary, "onramp/test/guest/inside").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, s := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		temporary := t.TempDir()
		cmd := exec.CommandContext(t.Context(), binary, "-test.run=^TestDemonstration$", "-test.v")
		cmd.Env = append(os.Environ(), "ONRAMP_GUEST_DEMONSTRATION=hang", "TMPDIR="+temporary)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 1)); err != nil { // the tests have begun
			t.Fatal(err)
		}
		_ = cmd.Process.Signal(s)
		_ = cmd.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		for tick := time.NewTicker(50 * time.Millisecond); len(processes(t, temporary)) > 0; {
			select {
			case <-ctx.Done():
				t.Fatalf("after %v there are still processes %v", s, processes(t, temporary))
			case <-tick.C:
			}
		}
		if left, _ := filepath.Glob(filepath.Join(temporary, "*")); s == syscall.SIGTERM && len(left) > 0 {
			t.Errorf("%v is left", left)
		}
	}
}

// processes are those on this machine that have word in their arguments.
func processes(t *testing.T, word string) (pids []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		if text, err := os.ReadFile(name); err == nil && bytes.Contains(text, []byte(word)) {
			pids = append(pids, filepath.Base(filepath.Dir(name)))
		}
	}
	return pids
}

// TestMissing runs the tests of a guest where there is no kernel for one: they are skipped, loudly, or fail.
func TestMissing(t *testing.T) {
	t.Setenv(kernelVariable, filepath.Join(t.TempDir(), "linux"))
	out, passed := demonstrate(t, "")
	if !passed || !strings.Contains(out, "SKIPPED (not proved): onramp/test/guest/inside: no user-mode Linux") {
		t.Errorf("passed: %t\n%s", passed, out)
	}
	if out, passed = demonstrate(t, "skip fails"); passed || !strings.Contains(out, "NOT PROVED, and ONRAMP_TEST_SKIPS=fail: no user-mode Linux") {
		t.Errorf("passed: %t\n%s", passed, out)
	}
}
