package remote

import (
	"context"
	"errors"
	"time"
)

// Ledger is where the control plane's servers keep, together, what they know of agents.
type Ledger interface {
	// Authority answers what is kept of the certificate authority. Where nothing is kept yet it keeps what fresh makes, of
	// which only one is kept however many servers ask at once. It holds a private key: it must be kept sealed.
	Authority(ctx context.Context, fresh func() ([]byte, error)) ([]byte, error)
	// Agent answers what is known of a router's agent; ErrNoAgent when it never had a token.
	Agent(ctx context.Context, router string) (Agent, error)
	// Agents answers all, by router.
	Agents(ctx context.Context) ([]Agent, error)
	// ChangeAgent reads, changes and saves in one transaction; an error of change is answered as it is, and nothing is saved.
	// change may be called more than once. For a router that is not in the inventory the error is ErrNoRouter; for one
	// without an agent change is given an Agent with nothing but its router.
	ChangeAgent(ctx context.Context, router string, change func(*Agent) error) error
}

var (
	// ErrNoAgent is the answer to a router that never had a token.
	ErrNoAgent = errors.New("this router has no agent")
	// ErrNoRouter is the answer to a router that is not in the inventory.
	ErrNoRouter = errors.New("there is no such router in the inventory")
)

// Agent is what the control plane knows of the agent of a router.
type Agent struct {
	Router string

	TokenHash    string    // SHA-256 of the secret of the token that is out, hexadecimal; empty: none is
	TokenExpires time.Time //

	Enrolment  string    // tells this enrolment from earlier ones of the router; certificates bear it; empty: none is good
	SealingKey []byte    // public
	Enrolled   time.Time // zero: never
	Expires    time.Time // of the newest certificate
	Revoked    time.Time // zero: not

	Server    string    // that has heard of it last
	Connected time.Time // since when it is; zero: it is not
	Seen      time.Time // zero: never
	Waiting   bool      // for its operator to accept the first plan
	Drift     []string  // as in Report
	Repairs   uint64    // as in Report
	Repaired  []string  // as in Report
}

// IsConnected reports whether the agent was heard of lately. A server that died could not say that its agents are gone.
func (a Agent) IsConnected(now time.Time) bool {
	return !a.Connected.IsZero() && now.Sub(a.Seen) < silence
}
