// Package console is the web console: pages for customers, partners and operators, rendered here and read again when
// something has changed. It hangs under /console/ of the operator's listener.
//
// It decides nothing. What a customer does is an operation of the API, called in the customer's name with the same checks and
// the same records as a signed request (call); what an operator does is a move of package controlplane (move). It keeps no
// state but who is logged in, which is in the store, and needs no script for anything but staying up to date.
package console

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"onramp/internal/awsjson"
	"onramp/internal/controlplane"
)

// Config is what the console works with.
type Config struct {
	Service *controlplane.Service
	Clock   *controlplane.Clock
	// OperatorToken lets whoever pastes it in as operator. It must not be empty.
	OperatorToken string
	// Open allows open mode: while no account is configured, anybody enters as any.
	Open bool
	// KnowsHost tells whether requests may be addressed to a host name; nil: to any.
	KnowsHost func(hostport string) bool
	// URL is how browsers reach the console, without a path, if that is not how requests say it, as behind a proxy.
	URL string
	// Settle waits until what is due at the present time has been done; nil: nobody here does it.
	Settle func(ctx context.Context) error
	// Routers answers those that have an agent; nil: none can connect.
	Routers func(ctx context.Context) ([]Router, error)
	// Light answers the light levels of a router's port as last seen, in dBm and by lane; nil: nobody measures any.
	Light func(router, port string) (received, transmitted []float64)
	// Observe is told of each operation that the console has called. May be nil.
	Observe func(ctx context.Context, call awsjson.Call)
	// OIDC lets users in whom an OpenID provider knows; nil: none.
	OIDC *OIDC
	// About is what runs here.
	About About
	Now   func() time.Time // the real time; nil: time.Now
	Log   *slog.Logger     // nil: nobody hears
}

// About says what runs here.
type About struct {
	Version  string
	Endpoint string // of the customers' API, a URL
	Engine   string // of the database
	Pace     string
}

// Router is a real router and how its agent is.
type Router struct {
	Name, Location, Region string
	ConnectedSince         time.Time // zero: it is not
	LastSeen               time.Time // zero: never
	Enrolled, Revoked      time.Time // zero: it is not
	Waiting                bool      // for somebody to plug or repair something
	Drift                  []string  // what is not as it is wanted
	Repairs                int
}

// Console answers requests under /console/.
type Console struct {
	Config
	mux     *http.ServeMux
	paths   map[string]bool // of GET routes, for the navigation
	pages   map[string]*template.Template
	cross   *http.CrossOriginProtection
	regions regions
	live    *live
	attempt *attempts
	once    *onceLinks
	oidc    *provider // nil: none
}

// New makes the console. Close ends what goes on in it.
func New(c Config) *Console {
	if c.OperatorToken == "" {
		panic("console: an operator token is required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Console{
		Config: c, mux: http.NewServeMux(), paths: map[string]bool{}, pages: parsePages(), cross: http.NewCrossOriginProtection(),
		attempt: newAttempts(), once: newOnceLinks(),
	}
	if c.URL != "" {
		if err := s.cross.AddTrustedOrigin(c.URL); err != nil {
			panic("console: " + err.Error()) // the daemon has checked it
		}
	}
	if c.OIDC != nil {
		s.oidc = &provider{OIDC: *c.OIDC}
	}
	s.live = newLive(c.Service.Changes)
	for _, one := range s.routes() {
		s.add(one)
	}
	s.mux.Handle("GET /console/asset/", http.HandlerFunc(asset))
	s.mux.Handle("GET "+eventsPath, s.entered(route{who: somebody}, s.events))
	s.mux.Handle("/console/", s.entered(route{who: anybody}, s.nowhere))
	s.mux.Handle("GET /console", http.RedirectHandler("/console/", http.StatusSeeOther))
	return s
}

// Close ends the streams of events, which would otherwise go on for as long as their pages are open.
func (s *Console) Close() { s.live.close() }
