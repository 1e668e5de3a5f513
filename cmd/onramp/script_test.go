package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"onramp": main})
}

// The scripts of testdata run the real program. Beside the usual commands they have
//
//	server start ARGS...     serves on free ports; its output is the file banner, its log the file log
//	server stop              sends SIGTERM and wants exit code 0
//	order VARIABLE LOCATION  orders a port of 1Gbps in us-east-1 as account 000000000000
//	gather VARIABLE IDS...   makes a resiliency group of those connections, for maximum resiliency
//	attach VARIABLE CONNECTION GATEWAY  puts a private virtual interface on it, or a public one if GATEWAY is "public"
//	capture VARIABLE PATTERN sets a variable to the first group of a pattern in the last output
//	receiver start, receiver has N TEXT  listens for what webhooks tell; see receiverCommand
//	exits CODE ARGS...       runs a command that must end with that code
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"server": serverCommand, "order": orderCommand, "exits": exitsCommand,
			"capture": captureCommand, "receiver": receiverCommand, "gather": gatherCommand, "attach": attachCommand,
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Values[serverKey{}] = &server{}
			e.Values[receiverKey{}] = &toldReceiver{}
			return nil
		},
		RequireExplicitExec: true, RequireUniqueNames: true,
	})
}

type serverKey struct{}

// server is the one that a script has running.
type server struct{ cmd *exec.Cmd }

func serverCommand(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*server)
	switch {
	case neg || len(args) == 0:
		ts.Fatalf("usage: server start ARGS... or server stop")
	case args[0] == "start":
		s.start(ts, args[1:])
	case args[0] == "stop":
		s.stop(ts)
	default:
		ts.Fatalf("server %s?", args[0])
	}
}

func (s *server) start(ts *testscript.TestScript, args []string) {
	if s.cmd != nil {
		ts.Fatalf("a server runs already")
	}
	cmd := exec.Command(program(ts), append([]string{"serve"}, args...)...)
	cmd.Dir, cmd.Env = ts.Getenv("WORK"), environment(ts)
	log, err := os.Create(ts.MkAbs("log"))
	ts.Check(err)
	defer log.Close()
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	s.cmd = cmd
	ts.Defer(func() { // of a script that did not stop it
		if s.cmd != nil {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
		}
	})
	banner := readBanner(ts, out)
	ts.Check(os.WriteFile(ts.MkAbs("banner"), []byte(banner), 0o600))
	ts.Setenv("ENDPOINT", after(ts, banner, "customers' API "))
	ts.Setenv("ONRAMP_OPERATOR", after(ts, banner, "operator API "))
}

// readBanner reads what the server prints when it is ready, and has the rest read on.
func readBanner(ts *testscript.TestScript, out io.Reader) string {
	var banner strings.Builder
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		banner.WriteString(line)
		if err != nil {
			ts.Fatalf("the server ended before it was ready: %s\n%s", banner.String(), ts.ReadFile("log"))
		}
		if strings.HasPrefix(line, "aws directconnect describe-locations") {
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			return banner.String()
		}
	}
}

func after(ts *testscript.TestScript, banner, label string) string {
	_, rest, ok := strings.Cut(banner, label)
	if !ok {
		ts.Fatalf("the banner has no %q:\n%s", label, banner)
	}
	return strings.Fields(rest)[0]
}

func (s *server) stop(ts *testscript.TestScript) {
	if s.cmd == nil {
		ts.Fatalf("no server runs")
	}
	ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
	err := s.cmd.Wait()
	s.cmd = nil
	if err != nil {
		ts.Fatalf("the server ended with %v:\n%s", err, ts.ReadFile("log"))
	}
}

func program(ts *testscript.TestScript) string {
	for _, folder := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(folder, "onramp"); isFile(path) {
			return path
		}
	}
	ts.Fatalf("onramp is not in PATH")
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// environment is what of the script's matters to a server.
func environment(ts *testscript.TestScript) []string {
	names := []string{"PATH", "HOME", "TMPDIR", "XDG_DATA_HOME", "GOCOVERDIR", envName(configFlag), tokenVariable}
	for _, s := range settingNames {
		names = append(names, envName(s))
	}
	var env []string
	for _, name := range names {
		if v := ts.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}

func orderCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: order VARIABLE LOCATION")
	}
	client := directconnect.New(directconnect.Options{
		BaseEndpoint: aws.String(ts.Getenv("ENDPOINT")), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	out, err := client.CreateConnection(ctx, &directconnect.CreateConnectionInput{
		Location: &args[1], Bandwidth: aws.String("1Gbps"), ConnectionName: &args[0],
	})
	ts.Check(err)
	ts.Setenv(args[0], *out.ConnectionId)
}

func captureCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: capture VARIABLE PATTERN")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	found := pattern.FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("%s does not match with one group", args[1])
	}
	ts.Setenv(args[0], found[1])
}

func exitsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}
