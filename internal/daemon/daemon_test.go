package daemon_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

// config is a server's on free loopback ports.
func config(t *testing.T) daemon.Config {
	t.Helper()
	small := onramptest.Small()
	return daemon.Config{
		Listen: "127.0.0.1:0", OperatorListen: "127.0.0.1:0", Data: filepath.Join(t.TempDir(), "data"),
		FirstInventory: &small, Version: "test",
	}
}

// start starts a server that ends with the test.
func start(t *testing.T, c daemon.Config) *daemon.Daemon {
	t.Helper()
	d, err := daemon.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeDaemon(t, d) })
	return d
}

func closeDaemon(t *testing.T, d *daemon.Daemon) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
	defer cancel()
	if err := d.Close(ctx); err != nil {
		t.Error(err)
	}
}

// signed is a request to the customers' API whose body comes from a reader.
func signed(t *testing.T, endpoint, operation, text string, body io.Reader, key, region string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, endpoint+"/", body)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = int64(len(text))
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "OvertureService."+operation)
	sum := sha256.Sum256([]byte(text))
	credentials := aws.Credentials{AccessKeyID: key, SecretAccessKey: "test"}
	if err := v4.NewSigner().SignHTTP(t.Context(), credentials, r, hex.EncodeToString(sum[:]), "directconnect", region, time.Now()); err != nil {
		t.Fatal(err)
	}
	return r
}

// call sends a whole request and answers status and body.
func call(t *testing.T, client *http.Client, endpoint, operation, text, key, region string) (int, string) {
	t.Helper()
	w, err := client.Do(signed(t, endpoint, operation, text, strings.NewReader(text), key, region))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.StatusCode, string(body)
}

// eventually asks again and again until the answer is yes; every question is a request, which paces it.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !yes(); {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// get answers status and text of an operator's page.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	w, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.StatusCode, string(body)
}

// exchange is what became of a request in the background.
type exchange struct {
	status int
	body   string
	err    error
}

func send(r *http.Request) <-chan exchange {
	done := make(chan exchange, 1)
	go func() {
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			done <- exchange{err: err}
			return
		}
		defer w.Body.Close()
		body, err := io.ReadAll(w.Body)
		done <- exchange{w.StatusCode, string(body), err}
	}()
	return done
}

func TestARequestInFlightIsAnsweredWhileDraining(t *testing.T) {
	t.Parallel()
	c := config(t)
	d, err := daemon.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	const text = `{"location":"EqDC2","bandwidth":"1Gbps","connectionName":"in flight"}`
	body, rest := io.Pipe()
	answered := send(signed(t, d.Endpoint(), "CreateConnection", text, body, "111122223333", "us-east-1"))
	if _, err := io.WriteString(rest, text[:20]); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the request is in flight", func() bool {
		_, metrics := get(t, d.OperatorEndpoint()+"/metrics")
		return strings.Contains(metrics, "onramp_api_requests_in_flight 1\n")
	})

	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	stop()
	eventually(t, "not ready while draining", func() bool {
		status, _ := get(t, d.OperatorEndpoint()+"/readyz")
		return status == http.StatusServiceUnavailable
	})
	eventually(t, "no more connections", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(d.Endpoint(), "http://"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	select {
	case err := <-ended:
		t.Fatalf("the server ended with a request in flight: %v", err)
	default:
	}
	if _, err := io.WriteString(rest, text[20:]); err != nil {
		t.Fatal(err)
	}
	rest.Close()
	got := <-answered
	if got.err != nil || got.status != http.StatusOK || !strings.Contains(got.body, `"connectionState":"requested"`) {
		t.Errorf("the request in flight got %d %s (%v)", got.status, got.body, got.err)
	}
	if err := <-ended; err != nil {
		t.Errorf("draining: %v", err)
	}

	again := start(t, c)
	status, listed := call(t, http.DefaultClient, again.Endpoint(), "DescribeConnections", "{}", "111122223333", "us-east-1")
	if status != http.StatusOK || !strings.Contains(listed, "in flight") {
		t.Errorf("after the restart: %d %s", status, listed)
	}
}

func TestDrainingEndsWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.DrainFor = 50 * time.Millisecond
	d, err := daemon.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	body, rest := io.Pipe()
	defer rest.Close()
	answered := send(signed(t, d.Endpoint(), "DescribeLocations", "{}", body, "111122223333", "us-east-1"))
	if _, err := io.WriteString(rest, "{"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the request is in flight", func() bool {
		_, metrics := get(t, d.OperatorEndpoint()+"/metrics")
		return strings.Contains(metrics, "onramp_api_requests_in_flight 1\n")
	})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := d.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the end is %v, want a deadline that was exceeded", err)
	}
	rest.CloseWithError(errors.New("given up"))
	if got := <-answered; got.err == nil {
		t.Errorf("a request that never ended was answered with %d", got.status)
	}
}

func TestRequestsAreLoggedWithoutSecrets(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	call(t, http.DefaultClient, srv.URL, "CreateConnection", `{"location":"EqDC2","bandwidth":"1Gbps","connectionName":"x"}`, "111122223333", "us-east-1")
	call(t, http.DefaultClient, srv.URL, "DescribeLocations", `{}`, "unknown", "us-east-1")
	srv.Stop()
	log := srv.Log()
	for _, want := range []string{
		"account=111122223333 region=us-east-1 operation=CreateConnection status=200 duration=",
		"operation=DescribeLocations status=400 error_type=UnrecognizedClientException",
		"request_id=",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
	for _, secret := range []string{"Signature", "AWS4-HMAC", srv.Operator().Token} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

func TestRegionsOfSignatures(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	for region, want := range map[string]int{"us-east-1": 200, "eusc-de-east-1": 200, "local": 400, "us-east-1x": 400} {
		if status, body := call(t, http.DefaultClient, srv.URL, "DescribeLocations", "{}", "test", region); status != want {
			t.Errorf("Region %s: %d %s, want %d", region, status, body, want)
		}
	}
}

func TestReadyMetricsAndPage(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Brisk))
	call(t, http.DefaultClient, srv.URL, "DescribeLocations", "{}", "test", "us-east-1")
	srv.Stop() // observes every request before it ends
	again := onramptest.Start(t, onramptest.Data(srv.Data))
	call(t, http.DefaultClient, again.URL, "CreateConnection", `{"location":"EqDC2","bandwidth":"1Gbps","connectionName":"x"}`, "111122223333", "us-east-1")
	again.Settle()
	for path, want := range map[string]string{
		"/healthz": "ok\n",
		"/readyz":  "ready\n",
		"/":        again.URL,
	} {
		if status, body := get(t, again.OperatorURL+path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %q, want %q in it", path, status, body, want)
		}
	}
	var metrics string
	eventually(t, "the request is counted", func() bool {
		_, metrics = get(t, again.OperatorURL+"/metrics")
		return strings.Contains(metrics, `onramp_api_request_duration_seconds_count{error_type="",operation="CreateConnection",status="200"} 1`)
	})
	for _, want := range []string{
		"onramp_reconciler_overdue_seconds 0\n", `onramp_build_info{database="sqlite"`, "onramp_reconciler_passes_total ",
		`onramp_fabric_call_duration_seconds_count{call="apply",result="ok"}`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics lacks %q", want)
		}
	}
	if bytes.Contains([]byte(metrics), []byte("111122223333")) {
		t.Error("/metrics names an account")
	}
}

func TestOperatorToken(t *testing.T) {
	t.Parallel()
	c := config(t)
	first := start(t, c)
	info, err := os.Stat(daemon.TokenFile(c.Data))
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the token file has mode %04o", mode)
	}
	if folder, err := os.Stat(c.Data); err != nil || folder.Mode().Perm() != 0o700 {
		t.Errorf("the data folder has mode %v (%v)", folder.Mode(), err)
	}
	closeDaemon(t, first)
	if second := start(t, c); second.OperatorToken() != first.OperatorToken() {
		t.Error("a restart made another token")
	} else {
		closeDaemon(t, second)
	}
	if err := os.Chmod(daemon.TokenFile(c.Data), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := daemon.Start(t.Context(), c); err == nil || !strings.Contains(err.Error(), "has mode 0644") {
		t.Errorf("a token that others may read: %v", err)
	}
	if _, err := daemon.ReadToken(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing token file: %v", err)
	}
	c.OperatorToken = "given by the environment"
	third := start(t, c)
	client := &operator.Client{Base: third.OperatorEndpoint(), Token: c.OperatorToken}
	if _, err := client.Clock(t.Context()); err != nil {
		t.Errorf("the given token: %v", err)
	}
}

// Two servers on one database share the turned clock and the accounts.
func TestServersOnOneDatabaseFollowEachOther(t *testing.T) {
	t.Parallel()
	one := onramptest.Start(t)
	other := onramptest.Start(t, onramptest.Data(one.Data))
	one.Advance(72 * time.Hour)
	want := onramptest.Begin.Add(72 * time.Hour)
	eventually(t, "the other server's clock follows", func() bool {
		clock, err := other.Operator().Clock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return clock.Now.Equal(want)
	})
	if status, _ := call(t, http.DefaultClient, other.URL, "DescribeLocations", "{}", "test", "us-east-1"); status != 200 {
		t.Fatalf("open mode on the other server: %d", status)
	}
	if _, err := one.Operator().AddAccount(t.Context(), operator.AccountChange{ID: "123456789012"}); err != nil {
		t.Fatal(err)
	}
	if status, _ := call(t, http.DefaultClient, one.URL, "DescribeLocations", "{}", "test", "us-east-1"); status != 400 {
		t.Errorf("open mode's key on the server that was given an account: %d", status)
	}
	eventually(t, "open mode ends on the other server", func() bool {
		status, _ := call(t, http.DefaultClient, other.URL, "DescribeLocations", "{}", "test", "us-east-1")
		return status == 400
	})
}
