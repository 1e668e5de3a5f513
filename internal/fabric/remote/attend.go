package remote

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect"

	"onramp/internal/fabric/remote/wire"
)

// ledgerPause is how often, at most, a link writes to the ledger.
const ledgerPause = time.Second

// ledgerTime bounds a call of the ledger.
const ledgerTime = 10 * time.Second

// attend keeps the ledger up to date, ends a link whose enrolment is no longer good, whichever server was told so, and
// renews certificates.
func (l *link) attend() {
	pause := time.NewTimer(0)
	defer pause.Stop()
	l.news()
	for {
		select {
		case <-l.ctx.Done():
			l.gone()
			return
		case m := <-l.renewals:
			l.renew(m.GetRequest())
			continue
		case <-pause.C:
		}
		select {
		case <-l.ctx.Done():
			l.gone()
			return
		case m := <-l.renewals:
			l.renew(m.GetRequest())
			pause.Reset(0)
		case <-l.reported:
			l.record()
			pause.Reset(ledgerPause)
		}
	}
}

// record writes how the agent is.
func (l *link) record() {
	s := l.server
	ctx, cancel := context.WithTimeout(l.ctx, ledgerTime)
	defer cancel()
	now, report := s.Now(), l.known()
	if now.After(l.expires) {
		l.end(connect.NewError(connect.CodePermissionDenied, errors.New("the certificate has expired")))
		return
	}
	err := s.Ledger.ChangeAgent(ctx, l.router, func(a *Agent) error {
		if !a.holds(l.enrolment) {
			return errNotEnrolled
		}
		if a.Server != s.Name || a.Connected.IsZero() {
			a.Connected = l.since
		}
		a.Server, a.Seen, a.Waiting = s.Name, now, report.Waiting
		a.Drift, a.Repairs, a.Repaired = report.Drift, report.Repairs, report.Repaired
		return nil
	})
	switch {
	case errors.Is(err, errNotEnrolled), errors.Is(err, ErrNoRouter):
		l.end(errNotEnrolled)
	case err != nil && l.ctx.Err() == nil:
		s.Log.Warn("how an agent is could not be kept", "router", l.router, "error", err)
		l.news() // later
	}
}

// gone writes that the agent is, unless it has come back meanwhile.
func (l *link) gone() {
	s := l.server
	s.mu.Lock()
	again := s.links[l.router] != nil && s.links[l.router] != l
	s.mu.Unlock()
	if again {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(l.ctx), ledgerTime)
	defer cancel()
	err := s.Ledger.ChangeAgent(ctx, l.router, func(a *Agent) error {
		if a.Server != s.Name || !a.holds(l.enrolment) {
			return errNotOurs
		}
		a.Connected = time.Time{}
		return nil
	})
	if err != nil && !errors.Is(err, errNotOurs) && !errors.Is(err, ErrNoRouter) {
		s.Log.Warn("that an agent is gone could not be kept", "router", l.router, "error", err)
	}
}

// errNotOurs leaves an agent as it is that another server has heard of later.
var errNotOurs = errors.New("another server has this agent")

// renew answers a request for the next certificate of the same enrolment.
func (l *link) renew(request []byte) {
	s := l.server
	ctx, cancel := context.WithTimeout(l.ctx, ledgerTime)
	defer cancel()
	now := s.Now()
	der, err := s.authority.router(request, l.router, l.enrolment, now)
	if err != nil {
		l.end(connect.NewError(connect.CodeInvalidArgument, err))
		return
	}
	expires := now.Add(CertificateLife)
	err = s.Ledger.ChangeAgent(ctx, l.router, func(a *Agent) error {
		if !a.holds(l.enrolment) {
			return errNotEnrolled
		}
		a.Expires = expires
		return nil
	})
	if errors.Is(err, errNotEnrolled) {
		l.end(errNotEnrolled)
		return
	}
	if err != nil {
		s.Log.Warn("a certificate could not be renewed", "router", l.router, "error", err)
		return // the agent asks again
	}
	s.Log.Info("a router's certificate was renewed", "router", l.router, "expires", expires)
	l.expires = expires
	_ = l.send(ctx, &wire.FromControl{Kind: &wire.FromControl_Certificate{Certificate: s.grant(der)}})
}

// grant is a certificate with what goes with it.
func (s *Server) grant(der []byte) *wire.Certificate {
	return &wire.Certificate{Certificate: der, Authority: s.authority.certificate.Raw, Addresses: s.Addresses}
}
