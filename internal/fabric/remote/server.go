package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"connectrpc.com/connect"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire/wireconnect"
)

// Config is what a control plane's side works with.
type Config struct {
	Ledger Ledger
	// Addresses are where agents reach the control plane's servers, this one and the others, host:port. They go into tokens.
	Addresses []string
	// Name tells this server from the others in the ledger.
	Name string
	// Noticed hears that a router's agent has connected, or reports that something has changed: look at it again. It must
	// not block. Nil: nobody hears.
	Noticed func(router string)
	// Strayed hears, before Noticed, that an agent has another intent than this server has told its router last, because
	// another server has told it something or because it has lost its own; or that this server has told it none. What is
	// believed of the router is to be forgotten. It must not block. Nil: nobody hears.
	Strayed func(router string)
	Log     *slog.Logger     // nil: nobody hears
	Now     func() time.Time // nil: time.Now; certificates and tokens live by the real clock
	Silence time.Duration    // after which an agent that says nothing is gone; 0: 35 s
}

// Server is the control plane's side: an http.Handler for a listener with its TLS, and a fabric.Driver for the routers
// whose agents are connected. A router whose agent is not, here, does not answer: fabric.ErrUnreachable.
type Server struct {
	Config
	authority *authority
	handler   http.Handler

	mu          sync.Mutex
	links       map[string]*link              // by router
	told        map[string]fabric.Fingerprint // by router, what was applied last with success
	certificate *tls.Certificate
	closed      bool
	streams     sync.WaitGroup
}

var (
	_ fabric.Driver = (*Server)(nil)
	_ http.Handler  = (*Server)(nil)
)

// NewServer reads the certificate authority from the ledger, or makes it.
func NewServer(ctx context.Context, c Config) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	clock := c.Now
	c.Now = func() time.Time { return clock().UTC().Truncate(time.Microsecond) } // as it is kept
	if c.Noticed == nil {
		c.Noticed = func(string) {}
	}
	if c.Strayed == nil {
		c.Strayed = func(string) {}
	}
	if c.Silence == 0 {
		c.Silence = silence
	}
	for _, a := range c.Addresses {
		if err := CheckAddress(a); err != nil {
			return nil, err
		}
	}
	kept, err := c.Ledger.Authority(ctx, func() ([]byte, error) { return newAuthority(c.Now()) })
	if err != nil {
		return nil, fmt.Errorf("the certificate authority of the routers: %w", err)
	}
	s := &Server{Config: c, links: map[string]*link{}, told: map[string]fabric.Fingerprint{}}
	if s.authority, err = parseAuthority(kept); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(wireconnect.NewFabricHandler(service{s}, plain, connect.WithConditionalHandlerOptions(func(spec connect.Spec) []connect.HandlerOption {
		if spec.Procedure == wireconnect.FabricLinkProcedure {
			return []connect.HandlerOption{connect.WithReadMaxBytes(maxMessage)}
		}
		return []connect.HandlerOption{connect.WithReadMaxBytes(maxEnroll)}
	})))
	s.handler = mux
	return s, nil
}

// plain takes compression away: between a router and its control plane it takes longer than the bytes that it saves.
var plain = connect.WithCompression("gzip", nil, nil)

// TLS is the configuration of the listener that the server is mounted on. A client without a certificate gets as far as
// enrolment, one with a certificate of another authority gets nowhere.
func (s *Server) TLS() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, NextProtos: []string{"h2"},
		ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: s.authority.pool(), Time: s.Now,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return s.identity() },
	}
}

// identity is the server's certificate, made at first need and again when it grows old. Its key is never stored.
func (s *Server) identity() (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.certificate == nil || !s.Now().Before(RenewAt(s.certificate.Leaf.NotAfter)) {
		made, err := s.authority.server(s.Now())
		if err != nil {
			return nil, err
		}
		s.certificate = made
	}
	return s.certificate, nil
}

// peer is who is at the other end of a request.
type peer struct {
	router, enrolment string
	expires           time.Time
	control           *http.ResponseController
}

type peerKey struct{}

// ServeHTTP answers agents.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != wireconnect.FabricLinkProcedure {
		// Whoever has no certificate yet does not hold us for long, whatever the listener allows.
		limit, control := time.Now().Add(greeting), http.NewResponseController(w)
		if err := errors.Join(control.SetReadDeadline(limit), control.SetWriteDeadline(limit)); err != nil {
			http.Error(w, "HTTP/2 is required", http.StatusHTTPVersionNotSupported)
			return
		}
		s.handler.ServeHTTP(w, r)
		return
	}
	if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 {
		http.Error(w, "a router's certificate is required", http.StatusForbidden)
		return
	}
	p := peer{expires: r.TLS.PeerCertificates[0].NotAfter, control: http.NewResponseController(w)}
	p.router, p.enrolment = enrolled(r.TLS.PeerCertificates[0])
	// A stream lives longer than any request that the listener's limits are made for.
	if err := errors.Join(p.control.SetReadDeadline(time.Time{}), p.control.SetWriteDeadline(time.Time{})); err != nil {
		http.Error(w, "HTTP/2 is required", http.StatusHTTPVersionNotSupported)
		return
	}
	s.handler.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), peerKey{}, p)))
}

// service keeps the methods of the wire apart from those of the driver.
type service struct{ *Server }

var _ wireconnect.FabricHandler = service{}

// Close ends all streams; the routers stay as they are, and their agents call again elsewhere. Close it before the listener,
// which would wait for the streams.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	for _, l := range s.links {
		l.end(errClosing)
	}
	s.mu.Unlock()
	s.streams.Wait()
	return nil
}

var (
	errClosing  = connect.NewError(connect.CodeUnavailable, errors.New("this server ends"))
	errReplaced = connect.NewError(connect.CodeAborted, errors.New("another agent of this router has connected"))
)

// join makes a link the one of its router, in place of an earlier one that has not noticed its end.
func (s *Server) join(l *link) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosing
	}
	if old := s.links[l.router]; old != nil {
		old.end(errReplaced)
	}
	s.links[l.router] = l
	s.streams.Add(1)
	return nil
}

func (s *Server) leave(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.links[l.router] == l {
		delete(s.links, l.router)
	}
	s.streams.Done()
}

// cut ends a router's link.
func (s *Server) cut(router string, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.links[router]; l != nil {
		l.end(why)
	}
}
