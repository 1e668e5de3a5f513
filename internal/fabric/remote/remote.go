// Package remote is the wire between the control plane and the agents on routers: a stream of Connect RPC over HTTP/2 with
// mutual TLS, which the agent opens. On the control plane's side Server is a fabric.Driver; on the router's side Link hands
// what is asked to a Station. Around the stream it has enrolment (Authority, Token, Enroll), certificates and their renewal,
// and the sealing of an intent's keys to the one agent that may open them (HPKE, RFC 9180).
//
// It configures nothing and keeps nothing on disk: the Station does (package router), and the control plane's Ledger.
package remote

import (
	"errors"
	"time"
)

// version is of the protocol: both sides must speak the same.
const version = 1

const (
	// TokenLife is how long an enrolment token is good unless told otherwise.
	TokenLife = time.Hour
	// CertificateLife is how long a certificate is good; it is renewed at two thirds of it.
	CertificateLife = 90 * 24 * time.Hour

	heartbeat = 10 * time.Second // an agent reports at least this often
	silence   = 35 * time.Second // after which an agent that says nothing is taken to be gone
	greeting  = 10 * time.Second // that each side gives the other to introduce itself
)

const (
	// A thousand interfaces with a hundred prefixes each are five megabytes.
	maxMessage = 64 << 20
	// maxEnroll bounds what somebody without a certificate may send.
	maxEnroll = 64 << 10
)

var (
	// ErrRefused is wrapped by the errors of an agent that the control plane does not take: its enrolment was revoked or
	// replaced, its token is used up or has expired, or it speaks another version.
	ErrRefused = errors.New("refused by the control plane")
	// ErrUntrusted is wrapped by the errors about a control plane that cannot show to be the one of the token.
	ErrUntrusted = errors.New("this is not the control plane of the token")
	// ErrToken is wrapped by the errors about a text that is no token.
	ErrToken = errors.New("not an enrolment token")
)
