package router

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
	"onramp/internal/fabric/remote/wire"
)

// hands is a clock that is turned by hand, from the present on.
type hands struct{ ahead atomic.Int64 }

func (h *hands) now() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }

func (h *hands) turn(d time.Duration) { h.ahead.Add(int64(d)) }

func clocked(h *hands) func(*remote.Config) { return func(c *remote.Config) { c.Now = h.now } }

func (b *lab) token(router string, life time.Duration) string {
	b.t.Helper()
	issued, err := b.servers[0].NewToken(b.t.Context(), router, life)
	if err != nil {
		b.t.Fatal(err)
	}
	return issued.Token.Text()
}

func TestTokenWorksOnce(t *testing.T) {
	t.Parallel()
	clock := &hands{}
	b := newLab(t, 1, clocked(clock))
	refused := func(what, token string) {
		t.Helper()
		path := folderPath(t)
		_, err := Enroll(t.Context(), path, token)
		if !errors.Is(err, remote.ErrRefused) {
			t.Errorf("%s: error %v", what, err)
		}
		if strings.Contains(err.Error(), token) {
			t.Errorf("%s: the error shows the token", what)
		}
		if _, err := OpenFolder(path); !errors.Is(err, ErrNotEnrolled) {
			t.Errorf("%s: there is an agent's folder: %v", what, err)
		}
	}
	used := b.token("r1", 0)
	if _, err := Enroll(t.Context(), folderPath(t), used); err != nil {
		t.Fatal(err)
	}
	refused("used", used)
	expired := b.token("r1", time.Minute)
	clock.turn(time.Minute)
	refused("expired", expired)
	replaced := b.token("r1", 0)
	last := b.token("r1", 0)
	refused("replaced", replaced)
	if err := b.servers[0].Revoke(t.Context(), "r1"); err != nil {
		t.Fatal(err)
	}
	refused("revoked", last)
	refused("of another router", change(t, b.token("r1", 0), func(m *wire.Token) { m.Router = "r2" }))
	refused("of no router", change(t, b.token("r1", 0), func(m *wire.Token) { m.Router = "nowhere" }))
	refused("guessed", change(t, b.token("r1", 0), func(m *wire.Token) { m.Secret[0] ^= 1 }))
	if _, err := b.servers[0].NewToken(t.Context(), "nowhere", 0); !errors.Is(err, remote.ErrNoRouter) {
		t.Errorf("a token of no router: %v", err)
	}
	a, err := b.ledger.Agent(t.Context(), "r1")
	if err != nil || strings.Contains(used+expired+last, a.TokenHash) || a.TokenHash == "" {
		t.Errorf("kept of the token: %q; error %v", a.TokenHash, err)
	}
	if log := b.log.String(); strings.Contains(log, used) || strings.Contains(log, last) {
		t.Error("the log shows a token")
	}
}

// change makes another token of one.
func change(t *testing.T, token string, f func(*wire.Token)) string {
	t.Helper()
	const prefix = "onramp-router-1-"
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(token, prefix))
	if err != nil {
		t.Fatal(err)
	}
	m := &wire.Token{}
	if err := proto.Unmarshal(raw, m); err != nil {
		t.Fatal(err)
	}
	f(m)
	if raw, err = proto.Marshal(m); err != nil {
		t.Fatal(err)
	}
	return prefix + base64.RawURLEncoding.EncodeToString(raw)
}

// Whoever stands at the address without the authority's key gets no token, and one that was tried there is still good.
func TestWrongAuthority(t *testing.T) {
	t.Parallel()
	b, impostor := newLab(t, 1), newLab(t, 1)
	token := b.token("r1", 0)
	there := change(t, token, func(m *wire.Token) { m.Addresses = []string{impostor.servers[0].wire.address()} })
	if _, err := Enroll(t.Context(), folderPath(t), there); !errors.Is(err, remote.ErrUntrusted) {
		t.Errorf("error %v", err)
	}
	path := folderPath(t)
	first := change(t, token, func(m *wire.Token) {
		m.Addresses = append([]string{impostor.servers[0].wire.address()}, m.Addresses...)
	})
	if _, err := Enroll(t.Context(), path, first); err != nil {
		t.Errorf("the second address is the right one: %v", err)
	}
	// An agent of one installation gets nowhere at another.
	r := impostor.router("r1")
	r.halt()
	f, err := OpenFolder(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.change(func(a *about) { a.Addresses = []string{impostor.servers[0].wire.address()} }); err != nil {
		t.Fatal(err)
	}
	r.path = path
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	r.begin(Config{Accepted: true})
	await(t, "the agent says that it is another's", func() bool { return strings.Contains(impostor.log.String(), remote.ErrUntrusted.Error()) })
	if impostor.servers[0].Connected("r1") {
		t.Error("it was let in")
	}
}

func TestBadTokens(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	good := b.token("r1", 0)
	for what, token := range map[string]string{
		"empty": "", "another text": "xoxb-1234", "cut": good[:len(good)-9], "not base64": good + "!", "only the prefix": "onramp-router-1-",
		"without an address": change(t, good, func(m *wire.Token) { m.Addresses = nil }),
		"a bad address":      change(t, good, func(m *wire.Token) { m.Addresses = []string{"nowhere"} }),
		"without authority":  change(t, good, func(m *wire.Token) { m.Authority = nil }),
	} {
		if _, err := Enroll(t.Context(), folderPath(t), token); !errors.Is(err, remote.ErrToken) {
			t.Errorf("%s: error %v", what, err)
		}
	}
	if _, err := Enroll(t.Context(), folderPath(t), "\n "+good+" \n"); err != nil {
		t.Errorf("with white space around it: %v", err)
	}
}

// A box that is enrolled again keeps its intent; the agent of the enrolment before is not let in any more.
func TestEnrolAgain(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	r := b.router("r1")
	b.servers[0].apply(t, "r1", keyed())
	if _, err := Enroll(t.Context(), r.path, b.token("r1", 0)); !errors.Is(err, ErrRunning) {
		t.Errorf("while the agent runs: %v", err)
	}
	r.halt()
	stolen := folderPath(t)
	if err := os.CopyFS(stolen, os.DirFS(r.path)); err != nil {
		t.Fatal(err)
	}
	if _, err := Enroll(t.Context(), r.path, b.token("r2", 0)); err == nil || !strings.Contains(err.Error(), "the folder of router r1") {
		t.Errorf("with the token of another router: %v", err)
	}
	r.enroll()
	r.start(Config{})
	if report := r.agent.current(); report.Fingerprint != keyed().Fingerprint() {
		t.Error("the intent is gone")
	}
	thief := &station{lab: b, name: "r1", path: stolen, driver: r.driver}
	thief.begin(Config{})
	await(t, "the old one is refused", func() bool { return strings.Contains(b.log.String(), "revoked or replaced") })
	if _, err := b.servers[0].Observe(t.Context(), "r1"); err != nil {
		t.Errorf("the new one was put out: %v", err)
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	b := newLab(t, 2)
	r := b.router("r1")
	r.restart(Config{Beat: 20 * time.Millisecond}) // the other server notices at the next report
	if err := b.servers[0].Apply(t.Context(), "r1", plain("et-0")); err != nil {
		t.Fatal(err)
	}
	if err := b.servers[0].Revoke(t.Context(), "r1"); err != nil {
		t.Fatal(err)
	}
	for _, s := range b.servers {
		await(t, "the agent is put out", func() bool { return !s.Connected("r1") })
		if err := s.Apply(t.Context(), "r1", plain("et-1")); !errors.Is(err, fabric.ErrUnreachable) {
			t.Errorf("error %v", err)
		}
	}
	if !r.follows(plain("et-0")) {
		t.Error("the router has not stayed as it was")
	}
	r.halt()
	r.begin(Config{Beat: 20 * time.Millisecond})
	await(t, "it is not let in", func() bool { return strings.Count(b.log.String(), "the enrolment of this router was revoked") >= 2 })
	if err := b.servers[0].Revoke(t.Context(), "r1"); !errors.Is(err, remote.ErrNoAgent) {
		t.Errorf("revoked twice: %v", err)
	}
	if err := b.servers[0].Revoke(t.Context(), "r9"); !errors.Is(err, remote.ErrNoAgent) {
		t.Errorf("revoked what never was: %v", err)
	}
	a, err := b.ledger.Agent(t.Context(), "r1")
	if err != nil || a.Revoked.IsZero() || a.Enrolment != "" || a.IsConnected(time.Now()) {
		t.Errorf("kept: %+v; error %v", a, err)
	}
}

// At two thirds of its life a certificate is renewed over the stream, and the new one is good when the old one has ended.
func TestRenewal(t *testing.T) {
	t.Parallel()
	clock := &hands{}
	b := newLab(t, 1, clocked(clock))
	r := b.router("r1")
	r.halt()
	config := Config{Beat: 10 * time.Millisecond, Now: clock.now}
	r.start(config)
	before := r.agent.keys.certificate.Leaf
	if request, err := r.agent.Renewal(); request != nil || err != nil {
		t.Errorf("a new certificate is renewed; error %v", err)
	}
	clock.turn(remote.CertificateLife*2/3 + time.Hour)
	await(t, "the certificate is renewed", func() bool {
		c, err := r.agent.keys.present()
		return err == nil && c.Leaf.NotAfter.After(before.NotAfter)
	})
	after, _ := r.agent.keys.present()
	if samePublicKey(before, after.Leaf) || after.Leaf.Subject.SerialNumber != before.Subject.SerialNumber {
		t.Errorf("of %v it has become %v", before.Subject, after.Leaf.Subject)
	}
	r.halt()
	clock.turn(remote.CertificateLife / 2) // the first one has ended
	r.start(config)
	if _, err := b.servers[0].Observe(t.Context(), "r1"); err != nil {
		t.Error(err)
	}
	r.halt()
	clock.turn(remote.CertificateLife + time.Hour) // too late
	r.begin(config)
	await(t, "it is refused", func() bool { return strings.Contains(b.log.String(), "not connected") })
	if b.servers[0].Connected("r1") {
		t.Error("an agent with a certificate that has ended is let in")
	}
}

func samePublicKey(a, b *x509.Certificate) bool {
	return bytes.Equal(a.RawSubjectPublicKeyInfo, b.RawSubjectPublicKeyInfo)
}

// Everything in a state folder is its owner's alone.
func TestFolderIsClosed(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	r := b.router("r1")
	b.servers[0].apply(t, "r1", keyed())
	err := filepath.WalkDir(r.path, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	open := folderPath(t)
	if err := os.MkdirAll(open, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Enroll(t.Context(), open, b.token("r2", 0)); err == nil || !strings.Contains(err.Error(), "chmod 700") {
		t.Errorf("in a folder that others read: %v", err)
	}
	if _, err := OpenFolder(r.path); !errors.Is(err, ErrRunning) {
		t.Errorf("two agents of one folder: %v", err)
	}
}

// Nobody gets a stream without a certificate, and nothing but HTTP/2 gets anywhere.
func TestWithoutCertificate(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+b.servers[0].wire.address()+"/onramp.remote.v1.Fabric/Link", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := anybody(t).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", answer.StatusCode)
	}
}
