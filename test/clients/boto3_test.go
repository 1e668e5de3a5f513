package clients

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"onramp/test/need"
)

const debianPython = "/usr/bin/python3"

// TestBoto3 runs the scripts of the folder python, each against a server of its own, with the boto3 that Python finds and,
// where that is another one, with Debian's, which knows less.
func TestBoto3(t *testing.T) {
	t.Parallel()
	pdftotext(t)
	for _, python := range distinct(t, need.Python(t, "boto3", "botocore"), debianPython, "-c", "import boto3") {
		version := boto3Version(t, python)
		for _, script := range []string{"seed", "walk", "partner", "pages", "refusals"} {
			t.Run(version+"/"+script, func(t *testing.T) {
				t.Parallel()
				runScript(t, python, script)
			})
		}
	}
}

func boto3Version(t *testing.T, python string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), python, "-c", "import boto3; print(boto3.__version__)").Output()
	if err != nil {
		t.Fatalf("%s: the version of boto3: %v", python, err)
	}
	return strings.TrimSpace(string(out))
}

func runScript(t *testing.T, python, script string) {
	t.Helper()
	s := start(t)
	models, err := filepath.Abs("testdata/models")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-W", "ignore::DeprecationWarning", filepath.Join("python", script+".py"))
	cmd.Env = environ("AWS_DATA_PATH="+models, "ONRAMP_ENDPOINT="+s.URL, "ONRAMP_SECRET="+openSecret,
		"ONRAMP_BUILT="+strings.Join(operations(true), ","), "ONRAMP_NOT_BUILT="+strings.Join(operations(false), ","))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s with %s: %v\n%s", script, python, err, masked(string(out)))
		t.Logf("the server's log, but for what only reads:\n%s", masked(changes(s.Log())))
	}
}

// changes is a log without the lines about requests that only read.
func changes(log string) string {
	var kept strings.Builder
	for line := range strings.Lines(log) {
		if !strings.Contains(line, "level=DEBUG") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
