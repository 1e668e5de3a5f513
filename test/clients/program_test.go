package clients

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"onramp/internal/operator"
	"onramp/test/need"
)

// buildProgram builds cmd/onramp and answers the folder that it is in.
func buildProgram(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	cmd := exec.CommandContext(t.Context(), need.Program(t, "go"), "build", "-o", filepath.Join(folder, "onramp"), "onramp/cmd/onramp")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building cmd/onramp: %v\n%s", err, out)
	}
	return folder
}

// program is a running "onramp serve", with a folder in which a user of it has a shell.
type program struct {
	t                  *testing.T
	folder             string
	env                []string
	endpoint, operator string
}

// serve starts the server with a command line of the README, on free ports and in a data folder of its own, and ends it
// with the test. more is environment.
func serve(t *testing.T, bin, commandLine string, more ...string) *program {
	t.Helper()
	path := bin + string(filepath.ListSeparator) + os.Getenv("PATH")
	p := &program{t: t, folder: t.TempDir()}
	p.env = append(environ("PATH="+path, "ONRAMP_DATA="+filepath.Join(p.folder, "data")), more...)
	cmd := exec.Command(need.Program(t, "bash"), "-c", "exec "+commandLine)
	cmd.Env = append(p.env, "ONRAMP_LISTEN=127.0.0.1:0", "ONRAMP_OPERATOR_LISTEN=127.0.0.1:0")
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s ended with %v:\n%s", commandLine, err, masked(log.String()))
		}
	})
	banner := bufio.NewScanner(out)
	for p.operator == "" && banner.Scan() {
		if at, ok := strings.CutPrefix(strings.TrimSpace(banner.Text()), "customers' API"); ok {
			p.endpoint = strings.TrimSpace(at)
		}
		if at, ok := strings.CutPrefix(strings.TrimSpace(banner.Text()), "operator API"); ok {
			p.operator = strings.TrimSpace(at)
		}
	}
	if p.endpoint == "" || p.operator == "" {
		t.Fatalf("%s did not say where it listens", commandLine)
	}
	p.env = append(p.env, "ONRAMP_OPERATOR="+p.operator)
	return p
}

// here is a text of the README with the address of this server.
func (p *program) here(text string) string {
	p.t.Helper()
	if !strings.Contains(text, readmeEndpoint) {
		p.t.Fatalf("the README's block does not name %s:\n%s", readmeEndpoint, text)
	}
	return strings.ReplaceAll(text, readmeEndpoint, p.endpoint)
}

// shell runs a script as one would type it, and answers what it printed. It ends the test at the first command that fails.
func (p *program) shell(script string) string {
	p.t.Helper()
	file := filepath.Join(p.folder, "script")
	if err := os.WriteFile(file, []byte("set -euo pipefail\nshopt -s expand_aliases\n"+script+"\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return p.command(need.Program(p.t, "bash"), file)
}

// command runs a program in the user's folder and answers its standard output.
func (p *program) command(path string, args ...string) string {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), path, args...)
	cmd.Dir, cmd.Env = p.folder, p.env
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		p.t.Fatalf("%s %s: %v\n%s\n%s", path, strings.Join(args, " "), err, masked(out.String()), masked(errs.String()))
	}
	return out.String()
}

// connection is what the operator sees of a connection.
func (p *program) connection(id string) (c operator.Connection) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(p.shell("onramp connection show "+id+" --json")), &c); err != nil {
		p.t.Fatal(fmt.Errorf("onramp connection show: %w", err))
	}
	return c
}
