package clients

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"onramp/internal/onramptest"
	"onramp/test/need"
)

const debianAWSCLI = "/usr/bin/aws"

// TestAWSCLI runs the scripts in testdata/awscli with the AWS CLI that is found and, where that is another one, with
// Debian's. Together they call every operation that is built.
func TestAWSCLI(t *testing.T) {
	t.Parallel()
	pdftotext(t)
	for _, path := range distinct(t, need.AWSCLI(t), debianAWSCLI, "--version") {
		cli := newAWSCLI(t, path)
		t.Run(cli.version, func(t *testing.T) {
			t.Parallel()
			cli.server = start(t)
			t.Run("script", cli.run)
			if want, got := operations(true), cli.answered(); !slices.Equal(got, want) && !t.Failed() && allParts() {
				t.Errorf("the scripts had answers of %q, want %q", got, want)
			}
			if missing := cli.unwalked(t); len(missing) > 0 && !t.Failed() && allParts() {
				t.Errorf("the CLI has commands that no script had an answer of: %q", missing)
			}
		})
	}
}

// awsCLI is one installed AWS CLI and the server that its scripts order from, each script as an account of its own.
type awsCLI struct {
	path, version string
	failure       int  // exit status when the service answers with an error: "AWS CLI return codes"
	variable      bool // it knows AWS_ENDPOINT_URL_DIRECT_CONNECT: from 1.29 and 2.13 on, as the README says
	server        *onramptest.Server
	scripts       atomic.Int64
}

func newAWSCLI(t *testing.T, path string) *awsCLI {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), path, "--version").CombinedOutput() // version 1 once wrote it to stderr
	version, ok := strings.CutPrefix(string(out), "aws-cli/")
	if err != nil || !ok {
		t.Fatalf("%s --version: %v: %s", path, err, out)
	}
	version, _, _ = strings.Cut(version, " ")
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d.", &major, &minor); err != nil {
		t.Fatalf("%s has the version %q: %v", path, version, err)
	}
	if major == 1 {
		return &awsCLI{path: path, version: version, failure: 255, variable: minor >= 29}
	}
	return &awsCLI{path: path, version: version, failure: 254, variable: major > 2 || minor >= 13}
}

func (cli *awsCLI) run(t *testing.T) {
	models := modelsFolder(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/awscli", ContinueOnError: false,
		Setup: func(env *testscript.Env) error {
			n := cli.scripts.Add(1)
			// The CLI may be started by a program that looks for itself at home (pyenv), so that stays.
			env.Vars = append(environ(), "WORK="+env.WorkDir, "MODELS="+models,
				fmt.Sprintf("CUSTOMER=%012d", 100000000000+n), fmt.Sprintf("PARTNER=%012d", 200000000000+n),
				fmt.Sprintf("AWS_ACCESS_KEY_ID=%012d", 100000000000+n), "AWS_SECRET_ACCESS_KEY="+openSecret,
				"AWS_DEFAULT_REGION="+region, "AWS_ENDPOINT_URL_DIRECT_CONNECT="+cli.server.URL, "CKN="+randomKey(), "CAK="+randomKey())
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"dx": cli.dx, "keep": keep, "as": as, "settle": cli.settle, "letter": cli.letter, "equal": equal,
		},
	})
}

func randomKey() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// dx runs "aws directconnect" against the server. It must succeed or, as "! dx", be refused by the server: with the exit
// status that the CLI has for that, not for a mistake in the command.
func (cli *awsCLI) dx(ts *testscript.TestScript, refused bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: dx operation [argument...]")
	}
	err := ts.Exec(cli.path, cli.arguments(args)...)
	status := 0
	if exit, ok := err.(*exec.ExitError); ok {
		status = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("aws directconnect %s: %v", args[0], err)
	}
	want := 0
	if refused {
		want = cli.failure
	}
	if status != want {
		ts.Fatalf("aws directconnect %s ended with status %d, want %d", args[0], status, want)
	}
}

// arguments are those of the CLI; one that does not find the endpoint in the environment is told it.
func (cli *awsCLI) arguments(args []string) []string {
	args = append([]string{"directconnect"}, args...)
	if !cli.variable {
		args = append(args, "--endpoint-url", cli.server.URL)
	}
	return args
}

// keep names what was printed: "keep ID" sets $ID to standard output, without the newline.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	value := strings.TrimSpace(ts.ReadFile("stdout"))
	if len(args) != 1 || value == "" || strings.ContainsAny(value, "\n\t") {
		ts.Fatalf("usage: keep NAME, after a command that printed one word")
	}
	ts.Setenv(args[0], value)
}

// as changes the account that orders.
func as(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: as ACCOUNT")
	}
	ts.Setenv("AWS_ACCESS_KEY_ID", args[0])
}

// settle waits until the server has done what is due.
func (cli *awsCLI) settle(ts *testscript.TestScript, _ bool, _ []string) { cli.server.Settle() }

// equal compares standard output, of which a trailing newline does not count, with a text.
func equal(ts *testscript.TestScript, differs bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: equal TEXT")
	}
	if got := strings.TrimRight(ts.ReadFile("stdout"), "\n"); (got == args[0]) == differs {
		ts.Fatalf("standard output is %q, compared with %q", masked(got), args[0])
	}
}

// letter runs an operation that prints a letter in base64, as "dx" does, and writes it into a file, as a reader of the
// API reference would; and its text beside it.
func (cli *awsCLI) letter(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: letter FILE operation [argument...]")
	}
	cmd := exec.Command(cli.path, append(cli.arguments(args[1:]), "--output", "text")...)
	cmd.Dir, cmd.Env = ts.Getenv("WORK"), scriptEnviron(ts)
	printed, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		ts.Fatalf("aws directconnect %s: %v: %s", args[1], err, exit.Stderr)
	}
	ts.Check(err)
	pdf, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(printed)))
	ts.Check(err)
	if !strings.HasPrefix(string(pdf), "%PDF-") {
		ts.Fatalf("no PDF: it begins with %.8q", pdf)
	}
	file := ts.MkAbs(args[0])
	ts.Check(os.WriteFile(file, pdf, 0o600))
	text, err := exec.Command("pdftotext", "-layout", file, strings.TrimSuffix(file, ".pdf")+".txt").CombinedOutput()
	if err != nil {
		ts.Fatalf("pdftotext: %v: %s", err, text)
	}
}

// scriptEnviron is the environment of the script for a program that does not run by ts.Exec.
func scriptEnviron(ts *testscript.TestScript) []string {
	env := environ()
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_DIRECT_CONNECT"} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}

// loggedCall is a request that was answered, in the server's log.
var loggedCall = regexp.MustCompile(`operation=(\w+) status=200\b`)

// answered lists the operations that the server answered, sorted.
func (cli *awsCLI) answered() []string {
	names := map[string]bool{}
	for _, m := range loggedCall.FindAllStringSubmatch(cli.server.Log(), -1) {
		names[m[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}
