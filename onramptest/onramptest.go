// Package onramptest runs a whole Onramp server inside a Go test, for programs that use AWS Direct Connect: real HTTP on a
// loopback port, the real rules and states, a database in the test's temporary folder, simulated routers at the far end, and
// a clock that stands still until the test turns it. It starts in well under a second and ends with the test.
//
//	srv := onramptest.Start(t)
//	c := srv.Credentials("111122223333", "us-east-1")
//	client := directconnect.New(directconnect.Options{
//		BaseEndpoint: &c.Endpoint, Region: c.Region,
//		Credentials:  credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, ""),
//	})
//
// The module has no public address yet. Beside a copy of its source, a workspace finds it:
//
//	go work init . ../onramp
//
// It is not a fake: nothing of the server is replaced but the time. It brings no AWS SDK and expects none; programs in other
// languages get what Credentials.Env answers. Onramp's own tests use internal/onramptest, of which this is the part that
// needs no type of the project's.
package onramptest

import (
	"fmt"
	"testing"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
)

// Begin is the time at which the clock of every server stands at first, unless it has RealTime.
var Begin = onramptest.Begin

// Server is a running server. Its methods end the test when something does not work.
type Server struct {
	// Endpoint is the customers' API, which is what an AWS client is pointed at: http://127.0.0.1:PORT.
	Endpoint string
	// OperatorEndpoint is the operator's API, and OperatorToken what it asks for.
	OperatorEndpoint, OperatorToken string

	t      testing.TB
	server *onramptest.Server
}

// Option makes a server differ from the usual one.
type Option struct {
	apply   onramptest.Option
	problem string // what is wrong with it; empty: nothing
}

// Pace sets how fast the people around the routers act: "instant" (the usual), "brisk" (seconds), "realistic" (days) or
// "manual" (the Operator's moves only).
func Pace(name string) Option {
	pace, ok := directconnect.PaceNamed(name)
	if !ok {
		return Option{problem: fmt.Sprintf("there is no pace %q", name)}
	}
	return Option{apply: onramptest.Pace(pace)}
}

// Account configures an account, by its twelve digits. Without any, every account may be used (open mode), and its
// permissions are not asked for.
func Account(id string) Option {
	return Option{apply: onramptest.Account(id, directconnect.NonPartner)}
}

// Partner configures an account that may allocate hosted connections of every capacity.
func Partner(id string) Option {
	return Option{apply: onramptest.Account(id, directconnect.PartnerV2)}
}

// Quotas has the published limits apply to accounts that nobody has configured; without it there are none.
func Quotas() Option { return Option{apply: onramptest.Quotas(directconnect.DocumentedQuotas)} }

// Database sets the URL of an empty database of PostgreSQL, postgres://...; without it there is one of SQLite.
func Database(url string) Option { return Option{apply: onramptest.Database(url)} }

// Data sets the data folder, such as that of a server that was stopped, whose state goes on.
func Data(folder string) Option { return Option{apply: onramptest.Data(folder)} }

// RealTime lets the clock go as the real one does.
func RealTime() Option { return Option{apply: onramptest.RealTime()} }

// Start starts a server and stops it when the test ends.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	var inner []onramptest.Option
	for _, o := range options {
		if o.problem != "" {
			t.Fatalf("onramptest: %s", o.problem)
		}
		inner = append(inner, o.apply)
	}
	s := onramptest.Start(t, inner...)
	return &Server{
		Endpoint: s.URL, OperatorEndpoint: s.OperatorURL, OperatorToken: s.Daemon().OperatorToken(), t: t, server: s,
	}
}

// Stop drains and ends the server before the test does.
func (s *Server) Stop() {
	s.t.Helper()
	s.server.Stop()
}

// DataFolder is where the server keeps what is its own, for Data.
func (s *Server) DataFolder() string { return s.server.Data }

// Now is the server's time.
func (s *Server) Now() time.Time { return s.server.Now() }

// Advance turns the clock forward as time passes: everything that comes due on the way is done when it is due.
func (s *Server) Advance(d time.Duration) {
	s.t.Helper()
	s.server.Advance(d)
}

// Settle waits until what is due at the present time has been done, such as a connection's way to "available" at the pace
// "instant".
func (s *Server) Settle() {
	s.t.Helper()
	s.server.Settle()
}

// Log is everything that the server has logged so far.
func (s *Server) Log() string { return s.server.Log() }

// Credentials are what a client of an account is configured with.
type Credentials struct {
	Endpoint, Region, AccessKeyID, SecretAccessKey string
}

// Credentials answers those of an account in a Region: open mode's, or those of a new access key if the account is
// configured.
func (s *Server) Credentials(account, region string) Credentials {
	s.t.Helper()
	return Credentials(s.server.Client(account, region))
}

// Env is the same as variables of the environment, NAME=VALUE, for a program with an AWS SDK, the AWS CLI or Terraform.
func (c Credentials) Env() []string {
	return []string{
		"AWS_ENDPOINT_URL_DIRECT_CONNECT=" + c.Endpoint, "AWS_ENDPOINT_URL_STS=" + c.Endpoint,
		"AWS_REGION=" + c.Region, "AWS_DEFAULT_REGION=" + c.Region, // the latter for boto3 and the AWS CLI 1
		"AWS_ACCESS_KEY_ID=" + c.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + c.SecretAccessKey,
	}
}
