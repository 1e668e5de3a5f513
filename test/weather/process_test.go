package weather

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/operator"
)

// process is a server in a process of its own: one that can be killed.
type process struct {
	cmd      *exec.Cmd
	endpoint string // of the customers' API
	operator string
	data     string
	errors   *log      // what it logged
	lead     io.Closer // the child's standard input: closed when this process ends, by whatever cause
	ended    chan struct{}
}

// log is what a process writes while others read.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// startable is a command line that prints a server's addresses as `onramp serve` does.
type startable func() *exec.Cmd

// startTime bounds how long a server may take to be ready. It is long: the machine may be busy.
const startTime = time.Minute

// start runs a server and waits until it is ready. The test's end ends it.
func start(t testing.TB, data string, command startable) *process {
	t.Helper()
	p, err := launch(data, command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

func launch(data string, command startable) (*process, error) {
	p := &process{cmd: command(), data: data, errors: &log{}, ended: make(chan struct{})}
	dieWithParent(p.cmd)
	p.cmd.Stderr = p.errors
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if p.lead, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	ready := make(chan struct{})
	go func() {
		defer close(p.ended)
		p.readAddresses(out, ready)
		_ = p.cmd.Wait()
	}()
	timer := time.NewTimer(startTime)
	defer timer.Stop()
	select {
	case <-ready:
		return p, nil
	case <-p.ended:
		return nil, fmt.Errorf("the server ended before it was ready:\n%s", p.errors)
	case <-timer.C:
		p.kill()
		return nil, fmt.Errorf("the server was not ready after %v:\n%s", startTime, p.errors)
	}
}

// readAddresses reads what the server prints until both addresses are known, and then the rest.
func (p *process) readAddresses(out io.Reader, ready chan<- struct{}) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "customers' API"); ok {
			p.endpoint = strings.TrimSpace(address)
		}
		if address, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "operator API"); ok {
			p.operator = strings.TrimSpace(address)
			close(ready)
			break
		}
	}
	_, _ = io.Copy(io.Discard, out)
}

// kill is kill -9, and waits until the process is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
	_ = p.lead.Close()
}

// client is an operator's client of the server.
func (p *process) client() (*operator.Client, error) {
	token, err := os.ReadFile(filepath.Join(p.data, "operator-token"))
	return &operator.Client{Base: p.operator, Token: strings.TrimSpace(string(token))}, err
}

// customer is the real SDK's client of a server in open mode. It asks once and never again: an answer that was lost is
// the test's to think about.
func customer(endpoint, account string, transport http.RoundTripper) *dc.Client {
	return dc.New(dc.Options{
		Region: home, BaseEndpoint: &endpoint, Retryer: aws.NopRetryer{},
		HTTPClient:  &http.Client{Transport: transport, Timeout: time.Minute},
		Credentials: credentials.NewStaticCredentialsProvider(account, "test", ""),
	})
}

func transport(clients int) *http.Transport {
	return &http.Transport{MaxIdleConnsPerHost: clients, MaxIdleConns: 2 * clients}
}

// binaryFolder is where the real program is built, if it is; removed after all tests.
var binaryFolder string

// binary is the real program, built once.
var binary = sync.OnceValues(func() (path string, err error) {
	if binaryFolder, err = os.MkdirTemp("", "onramp-weather-"); err != nil {
		return "", err
	}
	path = filepath.Join(binaryFolder, "onramp")
	if out, err := exec.Command("go", "build", "-o", path, "onramp/cmd/onramp").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building onramp: %w\n%s", err, out)
	}
	return path, nil
})

// poll asks until the answer is yes, which must be before the deadline.
func poll(ctx context.Context, deadline time.Duration, what string, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, deadline, errors.New(what+" took longer than "+deadline.String()))
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		if yes, err := done(); err != nil || yes {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
	}
}
