package remote

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"connectrpc.com/connect"

	"onramp/internal/fabric/remote/wire"
)

// Issued is a token that was just made. It cannot be shown again.
type Issued struct {
	Token   Token
	Expires time.Time
}

// NewToken makes the token that enrols a router's agent, in place of one that is out. life 0 is TokenLife. The error is
// ErrNoRouter for a router that is not in the inventory.
func (s *Server) NewToken(ctx context.Context, router string, life time.Duration) (Issued, error) {
	if len(s.Addresses) == 0 {
		return Issued{}, errors.New("this server does not know at which address routers reach it")
	}
	if life <= 0 {
		life = TokenLife
	}
	out := Issued{newToken(router, s.authority.fingerprint(), s.Addresses), s.Now().Add(life)}
	err := s.Ledger.ChangeAgent(ctx, router, func(a *Agent) error {
		a.TokenHash, a.TokenExpires = hashSecret(out.Token.m.GetSecret()), out.Expires
		return nil
	})
	return out, err
}

// Revoke ends a router's enrolment and takes back its token: the agent's streams end, here at once and on other servers
// with its next report, and it is not let in again before it enrols anew. The router goes on as it is configured. The error
// is ErrNoAgent when there is nothing to revoke.
func (s *Server) Revoke(ctx context.Context, router string) error {
	if _, err := s.Ledger.Agent(ctx, router); err != nil {
		return err
	}
	err := s.Ledger.ChangeAgent(ctx, router, func(a *Agent) error {
		if a.Enrolment == "" && a.TokenHash == "" {
			return ErrNoAgent
		}
		*a = Agent{Router: a.Router, Enrolled: a.Enrolled, Revoked: s.Now(), Seen: a.Seen}
		return nil
	})
	if err == nil {
		s.Log.Info("a router's enrolment was revoked", "router", router)
		s.cut(router, errNotEnrolled)
	}
	return err
}

// errTokenRefused does not say which it is: whoever guesses learns nothing.
var errTokenRefused = connect.NewError(connect.CodeUnauthenticated,
	errors.New("the token is not good: it was used, replaced or revoked, or it has expired; make a new one with onramp router token"))

// longestName bounds what is logged of somebody who may be anybody.
const longestName = 255

// Enroll lets an agent in that has a token.
func (s service) Enroll(ctx context.Context, r *connect.Request[wire.EnrollRequest]) (*connect.Response[wire.Certificate], error) {
	m := r.Msg
	if len(m.GetSecret()) != secretSize || m.GetRouter() == "" || len(m.GetRouter()) > longestName {
		return nil, errTokenRefused
	}
	if _, err := kem().NewPublicKey(m.GetSealingKey()); err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("the sealing key: %w", err))
	}
	now, enrolment := s.Now(), rand.Text()
	der, err := s.authority.router(m.GetRequest(), m.GetRouter(), enrolment, now)
	if err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	hash := hashSecret(m.GetSecret())
	err = s.Ledger.ChangeAgent(ctx, m.GetRouter(), func(a *Agent) error {
		good := subtle.ConstantTimeCompare([]byte(a.TokenHash), []byte(hash)) == 1
		if !good || !now.Before(a.TokenExpires) {
			return errTokenRefused
		}
		*a = Agent{Router: a.Router, Enrolment: enrolment, SealingKey: m.GetSealingKey(), Enrolled: now, Expires: now.Add(CertificateLife)}
		return nil
	})
	switch {
	case errors.Is(err, errTokenRefused), errors.Is(err, ErrNoRouter):
		s.Log.Warn("an enrolment was refused", "router", m.GetRouter(), "peer", r.Peer().Addr)
		return nil, errTokenRefused
	case err != nil:
		s.Log.Error("an enrolment could not be kept", "router", m.GetRouter(), "error", err)
		return nil, connect.NewError(connect.CodeUnavailable, errors.New("the enrolment could not be kept; try again"))
	}
	s.Log.Info("a router was enrolled", "router", m.GetRouter(), "peer", r.Peer().Addr)
	s.cut(m.GetRouter(), errNotEnrolled) // the agent of the enrolment before
	return connect.NewResponse(s.grant(der)), nil
}
