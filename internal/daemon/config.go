package daemon

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"onramp/internal/console"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/router"
)

// Config is all that makes one server differ from another.
type Config struct {
	Listen         string // customers' API, host:port
	OperatorListen string // operator's API, host:port
	// OpenToNetwork allows open mode beyond the loopback interface.
	OpenToNetwork bool
	// RouterListen is where the agents of real routers connect, host:port; empty: nowhere. RouterAddresses are how they reach
	// it, and the other servers on the database: host:port; none: RouterListen itself.
	RouterListen    string
	RouterAddresses []string
	// LocalRouter is the router of the inventory that this machine itself is; empty: it is none. LocalPorts are its devices by
	// port name; a port that is not there is the device of its own name.
	LocalRouter string
	LocalPorts  map[string]string
	OpenRouter  router.Opener // opens LocalRouter's driver; nil: router.OpenLinux
	// ConsoleURL is how browsers reach the console, without a path, where that is not how they address the operator's listener:
	// behind a proxy that speaks TLS. ConsoleTime is the real clock of its sessions; nil: time.Now.
	ConsoleURL  string
	OIDC        *OIDC // nil: no OpenID provider lets users in
	ConsoleTime func() time.Time
	// OperatorHosts are names that the operator's API may be addressed by, beside localhost and IP addresses.
	OperatorHosts []string
	// TrustedProxies are believed when they say where a request comes from (X-Forwarded-For), on both listeners.
	TrustedProxies    Proxies
	TLSCert, TLSKey   string // files; both or none
	Data              string // folder of the database, the keyset and the operator token
	Database          string // URL; empty: SQLite in Data
	Keyset            string // file; empty: keyset.json in Data
	OperatorToken     string // empty: that of the file operator-token in Data
	Pace              directconnect.Pace
	Quotas            directconnect.Quotas // of open mode; zero lifts all quotas
	Keep              time.Duration        // how long ended resources stay listed; 0: a day
	Audit             AuditLevel
	KeepAudit         time.Duration        // how long records of the audit trail are kept; 0: for ever
	KeepEvents        time.Duration        // how long events are kept; 0: for ever
	NoResourceMetrics bool                 // metrics tell of no single connection or interface
	PrivateWebhooks   bool                 // webhooks may be at any address, and speak plain HTTP
	WebhookTimeout    time.Duration        // of one attempt to deliver an event; 0: ten seconds
	WebhookGiveUp     time.Duration        // how long attempts go on; 0: three days
	Provider          string               // on letters; empty: DefaultProvider
	ProviderContact   string               // on letters; may be empty
	FirstInventory    *inventory.Inventory // of an empty store; nil: inventory.Default
	NoCustomers       bool                 // no simulated customer routers but the scripted: BGP stays down
	Version           string
	Log               *slog.Logger
	RealTime          func() time.Time // that the clock is ahead of; nil: time.Now
	DrainFor          time.Duration    // that Run gives to closing; 0: 30 s
	MaxDatabaseConns  int              // 0: what suits the engine
}

// AuditLevel says what the audit trail holds.
type AuditLevel = controlplane.AuditLevel

// OIDC is an OpenID provider that lets users of the console in.
type OIDC = console.OIDC

// The levels.
const (
	AuditAll    = controlplane.AuditAll
	AuditWrites = controlplane.AuditWrites
	AuditOff    = controlplane.AuditOff
)

// AuditLevels are the levels by what settings call them.
var AuditLevels = map[string]AuditLevel{"all": AuditAll, "writes": AuditWrites, "off": AuditOff}

// DefaultProvider is the name that letters are written under.
const DefaultProvider = "Onramp"

// minToken is the shortest operator token that is taken.
const minToken = 16

func (c *Config) check() error {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Provider == "" {
		c.Provider = DefaultProvider
	}
	if c.Keep == 0 {
		c.Keep = 24 * time.Hour
	}
	switch {
	case c.Data == "":
		return errors.New("a data folder is required")
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("a TLS certificate and its key go together: give both or none")
	case c.ConsoleURL != "" && !isOrigin(c.ConsoleURL):
		return fmt.Errorf("the console's URL %q is not one such as https://onramp.example.net, without a path", c.ConsoleURL)
	case c.OperatorToken != "" && len(c.OperatorToken) < minToken:
		return fmt.Errorf("the operator token is shorter than %d characters", minToken)
	}
	return nil
}

// isOrigin reports a URL of a scheme and a host, and nothing else.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && text == u.Scheme+"://"+u.Host
}

func (c *Config) openRouter() router.Opener {
	if c.OpenRouter != nil {
		return c.OpenRouter
	}
	return router.OpenLinux
}

func (c *Config) pace() directconnect.Pace { return c.Pace }

func (c *Config) drainFor() time.Duration {
	if c.DrainFor > 0 {
		return c.DrainFor
	}
	return 30 * time.Second
}

// databaseURL is the URL that the store opens.
func (c *Config) databaseURL() (string, error) {
	if c.Database != "" && c.Database != "sqlite" {
		return c.Database, nil
	}
	path, err := filepath.Abs(filepath.Join(c.Data, "onramp.db"))
	if err != nil {
		return "", err
	}
	return (&url.URL{Scheme: "sqlite", Path: path}).String(), nil
}

func (c *Config) keysetFile() string {
	if c.Keyset != "" {
		return c.Keyset
	}
	return KeysetFile(c.Data)
}

// KeysetFile is where the keyset of a data folder is, unless a Config names another file.
func KeysetFile(data string) string { return filepath.Join(data, "keyset.json") }

// tls is the configuration of the customers' listener; nil without a certificate.
func (c *Config) tls() (*tls.Config, error) {
	if c.TLSCert == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("TLS certificate: %w", err)
	}
	return &tls.Config{
		Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
	}, nil
}

// serverName tells this process from others on the same database, in logs.
func serverName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d", strings.ToLower(host), os.Getpid())
}
