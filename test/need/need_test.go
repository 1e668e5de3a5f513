package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// demonstration set to one of the names below makes TestDemonstration skip on
// purpose, in a go test of its own that TestLoudness starts and watches.
const demonstration = "ONRAMP_NEED_DEMONSTRATION"

const onLinux = runtime.GOOS == "linux"

func TestDemonstration(t *testing.T) {
	switch os.Getenv(demonstration) {
	case "missing":
		Program(t, "a-program-that-nobody-has")
	case "optional":
		Optional(t, "a tool that is used where found")
	case "terraform":
		t.Setenv(pluginsVariable, t.TempDir())
		Terraform(t)
	}
}

// goTest runs TestDemonstration in a go test of its own, in package list mode
// (in which the output of a package that passes is dropped), and returns both
// outputs and whether it passed.
func goTest(t *testing.T, env ...string) (stdout, stderr string, passed bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), Program(t, "go"), "test", "-run", "^TestDemonstration$", "onramp/test/need")
	cmd.Env = append(os.Environ(), logVariable+"=", skipsVariable+"=")
	cmd.Env = append(cmd.Env, env...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	return out.String(), errs.String(), err == nil
}

func TestLoudness(t *testing.T) {
	t.Run("a plain go test tells what it skipped, every time", func(t *testing.T) {
		for range 2 { // the second run would be the cached one
			out, errs, passed := goTest(t, demonstration+"=missing")
			if !passed {
				t.Fatalf("a skip failed the run:\n%s%s", out, errs)
			}
			if strings.Contains(out, "(cached)") {
				t.Errorf("a run that skipped was served from the cache:\n%s", out)
			}
			if !strings.Contains(errs, "SKIPPED (not proved): TestDemonstration: no program a-program-that-nobody-has") && onLinux {
				t.Errorf("standard error of go test does not tell of the skip:\n%s", errs)
			}
		}
	})
	t.Run("the skip log", func(t *testing.T) {
		log := filepath.Join(t.TempDir(), "skips")
		if out, errs, passed := goTest(t, demonstration+"=missing", logVariable+"="+log); !passed {
			t.Fatalf("a skip failed the run:\n%s%s", out, errs)
		}
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "SKIPPED (not proved): TestDemonstration: ") || strings.Count(string(text), "\n") != 1 {
			t.Errorf("skip log is %q", text)
		}
	})
	t.Run("missing fails where skips fail", func(t *testing.T) {
		out, _, passed := goTest(t, demonstration+"=missing", skipsVariable+"=fail")
		if passed || !strings.Contains(out, "NOT PROVED, and ONRAMP_TEST_SKIPS=fail: no program") {
			t.Errorf("passed=%v:\n%s", passed, out)
		}
	})
	for _, what := range []string{"optional", "terraform"} {
		t.Run(what+" skips even there", func(t *testing.T) {
			out, errs, passed := goTest(t, demonstration+"="+what, skipsVariable+"=fail")
			if !passed {
				t.Errorf("failed:\n%s%s", out, errs)
			}
			if onLinux && !strings.Contains(errs, "SKIPPED (not proved)") {
				t.Errorf("and quietly:\n%s", errs)
			}
		})
	}
}

func TestFind(t *testing.T) {
	folder := t.TempDir()
	for name, mode := range map[string]os.FileMode{"tool-b": 0o755, "tool-plain": 0o644} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", folder)
	if got, ok := Find("tool-a", "tool-b"); !ok || got != filepath.Join(folder, "tool-b") {
		t.Errorf("Find(tool-a, tool-b) = %q, %v", got, ok)
	}
	if got, ok := Find("tool-plain"); ok {
		t.Errorf("a file that is not executable was taken for a program: %q", got)
	}
	if got, ok := Find("sh"); !ok {
		t.Errorf("sh is in a well known folder but was not found (%q)", got)
	}
}

func TestBrokenProgramIsPassedOver(t *testing.T) {
	broken, working := t.TempDir(), t.TempDir()
	script(t, filepath.Join(broken, "aws"), "exit 3")
	script(t, filepath.Join(working, "aws"), "exit 0")
	script(t, filepath.Join(broken, "python3"), "exit 1")
	script(t, filepath.Join(working, "python3"), `test "$2" = "import boto3, botocore"`)
	t.Setenv("PATH", broken+string(filepath.ListSeparator)+working)
	if got := AWSCLI(t); got != filepath.Join(working, "aws") {
		t.Errorf("AWSCLI = %q", got)
	}
	if got := Python(t, "boto3", "botocore"); got != filepath.Join(working, "python3") {
		t.Errorf("Python = %q", got)
	}
}

func script(t *testing.T, path, body string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// TestTerraformIsReal runs Terraform against the mirror that was found: the
// provider must be installable from it without a network.
func TestTerraformIsReal(t *testing.T) {
	tools := Terraform(t)
	dir := t.TempDir()
	main := "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n      version = \"" + tools.Version + "\"\n    }\n  }\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(main), 0o644); err != nil {
		t.Fatal(err)
	}
	env, err := tools.Environ(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), tools.Path, "init", "-input=false", "-no-color")
	cmd.Dir, cmd.Env = dir, env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("terraform init: %v\n%s", err, out)
	}
}
