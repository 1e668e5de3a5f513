package daemon_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onramp/internal/daemon"
	"onramp/internal/operator"
)

// refused starts a server that must not start.
func refused(t *testing.T, c daemon.Config, want string) {
	t.Helper()
	d, err := daemon.Start(t.Context(), c)
	if err == nil {
		closeDaemon(t, d)
		t.Fatalf("the server started, want an error with %q", want)
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %q, want %q in it", err, want)
	}
}

func TestOpenModeStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.Listen = "0.0.0.0:0"
	refused(t, c, "no account is configured")

	allowed := c
	allowed.OpenToNetwork = true
	d := start(t, allowed)
	if !d.Open() {
		t.Error("without accounts it is not open mode")
	}
	if status, body := call(t, http.DefaultClient, d.Endpoint(), "DescribeLocations", "{}", "test", "us-east-1"); status != 200 {
		t.Errorf("allowed open mode: %d %s", status, body)
	}
	closeDaemon(t, d)

	offline, err := daemon.OpenOffline(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := offline.Client().AddAccount(t.Context(), operator.AccountChange{ID: "123456789012"}); err != nil {
		t.Fatal(err)
	}
	if err := offline.Close(); err != nil {
		t.Fatal(err)
	}
	d = start(t, c)
	if d.Open() {
		t.Error("with an account it is open mode")
	}
	if status, body := call(t, http.DefaultClient, d.Endpoint(), "DescribeLocations", "{}", "test", "us-east-1"); status != 400 || !strings.Contains(body, "UnrecognizedClientException") {
		t.Errorf("open mode's key on a configured server: %d %s", status, body)
	}
}

func TestAPortInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := config(t)
	c.Listen = taken.Addr().String()
	refused(t, c, taken.Addr().String()+" is in use by another program: stop it, or choose another address with --listen")
	c = config(t)
	c.OperatorListen = taken.Addr().String()
	refused(t, c, "choose another address with --operator-listen")
	c = config(t)
	c.Listen = "127.0.0.1:notaport"
	refused(t, c, "--listen 127.0.0.1:notaport: ")
}

func TestTheKeysetMustBeTheDatabases(t *testing.T) {
	t.Parallel()
	c := config(t)
	closeDaemon(t, start(t, c))

	other := config(t)
	closeDaemon(t, start(t, other))
	wrong := c
	wrong.Keyset = filepath.Join(other.Data, "keyset.json")
	refused(t, wrong, "is not the one that this database's secrets are sealed with")

	missing := c
	missing.Keyset = filepath.Join(t.TempDir(), "gone.json")
	refused(t, missing, "is missing, and this database has secrets sealed with it")
	if _, err := os.Stat(missing.Keyset); err == nil {
		t.Error("a keyset was made for a database that has another")
	}
	closeDaemon(t, start(t, c)) // nothing was harmed
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.TLSCert = "cert.pem"
	refused(t, c, "a TLS certificate and its key go together")
	c = config(t)
	c.OperatorToken = "short"
	refused(t, c, "shorter than 16 characters")
	c = config(t)
	c.Database = "mysql://localhost"
	refused(t, c, "must begin with sqlite:// or postgres://")
	c = config(t)
	c.Data = filepath.Join(os.DevNull, "data")
	refused(t, c, "data folder")
}

func TestTLS(t *testing.T) {
	t.Parallel()
	c := config(t)
	pool := certificate(t, &c)
	d := start(t, c)
	if !strings.HasPrefix(d.Endpoint(), "https://127.0.0.1:") {
		t.Fatalf("the endpoint is %s", d.Endpoint())
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	if status, body := call(t, client, d.Endpoint(), "DescribeLocations", "{}", "test", "us-east-1"); status != 200 || !strings.Contains(body, "EqDC2") {
		t.Errorf("over TLS: %d %s", status, body)
	}
	c.TLSKey = c.TLSCert
	c.Data = filepath.Join(t.TempDir(), "other")
	refused(t, c, "TLS certificate: ")
}

// certificate makes a certificate for 127.0.0.1 and puts it into the Config.
func certificate(t *testing.T, c *daemon.Config) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	c.TLSCert, c.TLSKey = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	pool := x509.NewCertPool()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	pool.AppendCertsFromPEM(cert)
	for file, text := range map[string][]byte{
		c.TLSCert: cert, c.TLSKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
	} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}
