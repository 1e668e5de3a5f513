// Package onramptest runs a whole server inside a test: real HTTP on a loopback port, a real database (SQLite in the
// test's temporary folder unless told otherwise), simulated routers, and a clock that stands still until the test turns
// it.
//
// It is not a fake: nothing of the server is replaced but the time. It links no AWS SDK; Client answers what one needs.
package onramptest

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/fabric/sim"
	"onramp/internal/inventory"
	"onramp/internal/operator"
)

// Begin is the time at which the clock of every server stands at first.
var Begin = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// Server is a running server. It ends with the test.
type Server struct {
	URL         string // of the customers' API
	OperatorURL string
	Data        string // its data folder

	t      testing.TB
	daemon *daemon.Daemon
	log    *logBuffer
}

// Option makes a server differ from the usual one.
type Option func(*settings)

type settings struct {
	daemon.Config
	accounts []account
}

type account struct {
	id      string
	partner directconnect.PartnerKind
}

// Pace sets the pace; without it everything happens at once, on Settle or by itself.
func Pace(p directconnect.Pace) Option { return func(s *settings) { s.Pace = p } }

// Quotas sets those of open mode; without it there are none.
func Quotas(q directconnect.Quotas) Option { return func(s *settings) { s.Quotas = q } }

// Inventory sets the first inventory; without it that is Small.
func Inventory(inv inventory.Inventory) Option { return func(s *settings) { s.FirstInventory = &inv } }

// Account configures an account, which ends open mode. Client makes it a key.
func Account(id string, partner directconnect.PartnerKind) Option {
	return func(s *settings) { s.accounts = append(s.accounts, account{id, partner}) }
}

// Database sets the URL of the database; without it that is SQLite in the data folder.
func Database(url string) Option { return func(s *settings) { s.Database = url } }

// Data sets the data folder, such as that of a stopped server.
func Data(folder string) Option { return func(s *settings) { s.Config.Data = folder } }

// Keyset sets the keyset file, which servers on one database share.
func Keyset(file string) Option { return func(s *settings) { s.Config.Keyset = file } }

// Keep sets how long ended resources stay listed; without it that is a day.
func Keep(d time.Duration) Option { return func(s *settings) { s.Config.Keep = d } }

// RealTime lets the clock go as the real one does.
func RealTime() Option { return func(s *settings) { s.Config.RealTime = nil } }

// Configure sets anything else.
func Configure(f func(*daemon.Config)) Option { return func(s *settings) { f(&s.Config) } }

// Start starts a server and stops it when the test ends.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	small := Small()
	log := &logBuffer{}
	s := settings{Config: daemon.Config{
		Listen: "127.0.0.1:0", OperatorListen: "127.0.0.1:0", Pace: directconnect.Instant, FirstInventory: &small,
		Version: "test", Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		RealTime: func() time.Time { return Begin },
	}}
	for _, o := range options {
		o(&s)
	}
	if s.Config.Data == "" {
		s.Config.Data = filepath.Join(t.TempDir(), "onramp")
	}
	d, err := daemon.Start(t.Context(), s.Config)
	if err != nil {
		t.Fatalf("starting a server: %v", err)
	}
	srv := &Server{
		URL: d.Endpoint(), OperatorURL: d.OperatorEndpoint(), Data: s.Config.Data, t: t, daemon: d, log: log,
	}
	t.Cleanup(srv.Stop)
	for _, a := range s.accounts {
		srv.addAccount(a)
	}
	return srv
}

func (s *Server) addAccount(a account) {
	s.t.Helper()
	partner := string(a.partner)
	if _, err := s.Operator().AddAccount(s.t.Context(), operator.AccountChange{ID: a.id, Partner: &partner}); err != nil {
		s.t.Fatalf("adding account %s: %v", a.id, err)
	}
}

// Stop drains and ends the server, before the test does.
func (s *Server) Stop() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.t.Context()), 20*time.Second)
	defer cancel()
	if err := s.daemon.Close(ctx); err != nil {
		s.t.Errorf("stopping the server: %v", err)
	}
}

// Daemon is the server itself.
func (s *Server) Daemon() *daemon.Daemon { return s.daemon }

// Fabric is the simulated fabric, to make routers unreachable.
func (s *Server) Fabric() *sim.Fabric { return s.daemon.Fabric() }

// Now is the server's time.
func (s *Server) Now() time.Time { return s.daemon.Clock().Now() }

// Advance turns the clock as time passes: everything that comes due on the way is done when it is due.
func (s *Server) Advance(d time.Duration) {
	s.t.Helper()
	if err := s.daemon.Clock().Turn(s.t.Context(), d, s.daemon.Settle); err != nil {
		s.t.Fatalf("turning the clock: %v", err)
	}
}

// Settle waits until what is due at the present time has been done.
func (s *Server) Settle() {
	s.t.Helper()
	if err := s.daemon.Settle(s.t.Context()); err != nil {
		s.t.Fatalf("settling: %v", err)
	}
}

// Operator is a client of the operator's API.
func (s *Server) Operator() *operator.Client {
	return &operator.Client{Base: s.OperatorURL, Token: s.daemon.OperatorToken()}
}

// Log is everything logged so far.
func (s *Server) Log() string { return s.log.String() }

// Client is what an AWS client is configured with.
type Client struct {
	Endpoint, Region, AccessKeyID, SecretAccessKey string
}

// Client answers the configuration of a client of an account: with the open mode's credentials, or with a new key if the
// account is configured.
func (s *Server) Client(account, region string) Client {
	s.t.Helper()
	c := Client{Endpoint: s.URL, Region: region, AccessKeyID: account, SecretAccessKey: "test"}
	if open, err := s.daemon.Service().OpenMode(s.t.Context()); err != nil {
		s.t.Fatal(err)
	} else if open {
		return c
	}
	key, err := s.Operator().AddAccessKey(s.t.Context(), account, "", "")
	if err != nil {
		s.t.Fatalf("making an access key for %s: %v", account, err)
	}
	c.AccessKeyID, c.SecretAccessKey = key.ID, key.Secret
	return c
}

// smallCodes are the locations of Small: two in us-east-1, which sell different speeds, and one in each of two others.
var smallCodes = []string{"EqDC2", "CSVA1", "EQC50", "EqSe2"}

// Small is a part of the default inventory that loads in no time.
func Small() inventory.Inventory {
	var small inventory.Inventory
	for _, l := range inventory.Default().Locations {
		if slices.Contains(smallCodes, l.Code) {
			small.Locations = append(small.Locations, l)
		}
	}
	return small
}

// logBuffer is a log in memory that many goroutines write.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
