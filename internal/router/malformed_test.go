package router

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
	"onramp/internal/fabric/remote/wire"
	"onramp/internal/fabric/remote/wire/wireconnect"
)

// client speaks to a server with the certificate of a router whose agent does not run.
func (s *station) client() wireconnect.FabricClient {
	t := s.lab.t
	t.Helper()
	f, err := OpenFolder(s.path)
	if err != nil {
		t.Fatal(err)
	}
	who, err := f.identity()
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	secure, err := remote.ClientTLS(who.authority, who.present)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: secure, Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return wireconnect.NewFabricClient(&http.Client{Transport: transport}, "https://"+s.lab.servers[0].wire.address())
}

func hello(version uint32) *wire.FromAgent {
	return &wire.FromAgent{Kind: &wire.FromAgent_Hello{Hello: &wire.Hello{Version: version}}}
}

func result(call uint64, o *wire.Observed) *wire.FromAgent {
	return &wire.FromAgent{Kind: &wire.FromAgent_Result{Result: &wire.Result{Call: call, Outcome: wire.Outcome_OUTCOME_DONE, Observed: o}}}
}

// broken is an observation with a prefix that is none.
func broken() *wire.Observed {
	return &wire.Observed{Interfaces: map[string]*wire.InterfaceStatus{"vif": {Neighbors: map[string]*wire.NeighborStatus{
		"peer": {Accepted: []*wire.RouteSeen{{Prefix: []byte{1, 2, 3}}}},
	}}}}
}

// Whatever an agent says, the stream ends and the server goes on.
func TestMalformed(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1, func(c *remote.Config) { c.Silence = 300 * time.Millisecond })
	r := b.fresh("r1")
	client := r.client()
	for what, c := range map[string]struct {
		say  []*wire.FromAgent
		code connect.Code
	}{
		"no hello":        {[]*wire.FromAgent{{Kind: &wire.FromAgent_Report{Report: &wire.Report{}}}}, connect.CodeInvalidArgument},
		"nothing in it":   {[]*wire.FromAgent{{}}, connect.CodeInvalidArgument},
		"another version": {[]*wire.FromAgent{hello(99)}, connect.CodeFailedPrecondition},
		"hello twice":     {[]*wire.FromAgent{hello(1), hello(1)}, connect.CodeInvalidArgument},
		"no such prefix":  {[]*wire.FromAgent{hello(1), result(77, broken())}, connect.CodeInvalidArgument},
		"no such request": {[]*wire.FromAgent{hello(1), {Kind: &wire.FromAgent_Renewal{Renewal: &wire.Renewal{Request: []byte("x")}}}}, connect.CodeInvalidArgument},
		"silent":          {[]*wire.FromAgent{hello(1), result(77, nil), result(0, nil)}, 0},
		"never a word":    {nil, 0},
	} {
		stream := client.Link(t.Context())
		if c.say == nil {
			if err := stream.Send(nil); err != nil { // the headers alone
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, m := range c.say {
			if err := stream.Send(m); err != nil {
				break // the server has ended it already
			}
		}
		var err error
		for err == nil {
			_, err = stream.Receive()
		}
		if code := connect.CodeOf(err); c.code != 0 && code != c.code {
			t.Errorf("%s: %v", what, err)
		}
		_, _ = stream.CloseRequest(), stream.CloseResponse()
		await(t, "the server lets go", func() bool { return !b.servers[0].Connected("r1") })
	}
	if _, err := b.servers[0].Observe(t.Context(), "r1"); !errors.Is(err, fabric.ErrUnreachable) {
		t.Errorf("error %v", err)
	}
	other := b.router("r2")
	other.restart(Config{Accepted: true, Beat: 50 * time.Millisecond})
	b.servers[0].apply(t, "r2", plain("et-0"))
}

// An enrolment that is malformed is refused, and does not use the token up.
func TestMalformedEnrolment(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	client := wireconnect.NewFabricClient(anybody(t), "https://"+b.servers[0].wire.address())
	token := b.token("r1", 0)
	var secret []byte
	change(t, token, func(m *wire.Token) { secret = m.Secret })
	_, csr, err := request()
	if err != nil {
		t.Fatal(err)
	}
	_, public, err := remote.NewSealingKey()
	if err != nil {
		t.Fatal(err)
	}
	spoilt := bytes.Clone(csr)
	spoilt[len(spoilt)-1] ^= 1
	for what, c := range map[string]struct {
		ask  *wire.EnrollRequest
		code connect.Code
	}{
		"nothing":     {&wire.EnrollRequest{}, connect.CodeUnauthenticated},
		"no key":      {&wire.EnrollRequest{Router: "r1", Secret: secret, Request: csr}, connect.CodeInvalidArgument},
		"short key":   {&wire.EnrollRequest{Router: "r1", Secret: secret, Request: csr, SealingKey: public[1:]}, connect.CodeInvalidArgument},
		"no request":  {&wire.EnrollRequest{Router: "r1", Secret: secret, SealingKey: public}, connect.CodeInvalidArgument},
		"not signed":  {&wire.EnrollRequest{Router: "r1", Secret: secret, SealingKey: public, Request: spoilt}, connect.CodeInvalidArgument},
		"a long name": {&wire.EnrollRequest{Router: strings.Repeat("r", 300), Secret: secret, SealingKey: public, Request: csr}, connect.CodeUnauthenticated},
		"too long":    {&wire.EnrollRequest{Router: "r1", Secret: secret, SealingKey: make([]byte, 1<<20), Request: csr}, connect.CodeResourceExhausted},
	} {
		if _, err := client.Enroll(t.Context(), connect.NewRequest(c.ask)); connect.CodeOf(err) != c.code {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := Enroll(t.Context(), folderPath(t), token); err != nil {
		t.Errorf("the token is used up: %v", err)
	}
}

// A wire that is dead without anybody saying so ends a link, too.
func TestSilence(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1, func(c *remote.Config) { c.Silence = 200 * time.Millisecond })
	r := b.router("r1")
	r.restart(Config{Accepted: true, Beat: 20 * time.Millisecond})
	b.servers[0].wire.freeze(true)
	failed := make(chan error, 1)
	go func() { failed <- b.servers[0].Apply(t.Context(), "r1", plain("et-0")) }()
	if err := <-failed; !errors.Is(err, fabric.ErrUnreachable) {
		t.Errorf("error %v", err)
	}
	await(t, "the link is let go", func() bool { return !b.servers[0].Connected("r1") })
	b.servers[0].wire.freeze(false)
}
