package remote

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"sync"
	"time"

	"connectrpc.com/connect"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire"
)

// link is one agent's stream.
type link struct {
	server     *Server
	router     string
	enrolment  string
	sealingKey []byte
	expires    time.Time // of the certificate that it came with
	since      time.Time

	ctx      context.Context // ends with the link; its cause is what the agent is told
	end      context.CancelCauseFunc
	outbox   chan *wire.FromControl
	applying chan struct{}      // holds one while an intent is applied
	reported chan struct{}      // holds one when there is news for the ledger
	renewals chan *wire.Renewal // holds one

	mu     sync.Mutex
	report Report
	calls  map[uint64]chan<- answer // that wait
	last   uint64                   // call
	tables map[session]table        // of the reader alone
}

// answer is a result and what was observed, decoded.
type answer struct {
	result   *wire.Result
	observed fabric.Observed
}

// known is what the agent has, as far as this server has heard.
func (l *link) known() Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.report
}

// call asks the agent and waits for its answer, for the end of ctx, or for that of the link.
func (l *link) call(ctx context.Context, c *wire.Call) (answer, error) {
	reply := make(chan answer, 1)
	l.mu.Lock()
	l.last++
	c.Id = l.last
	l.calls[c.Id] = reply
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.calls, c.Id)
	}()
	if err := l.send(ctx, &wire.FromControl{Kind: &wire.FromControl_Call{Call: c}}); err != nil {
		return answer{}, err
	}
	select {
	case a := <-reply:
		return a, nil
	case <-ctx.Done():
		return answer{}, ctx.Err()
	case <-l.ctx.Done():
		return answer{}, unreachable(l.router, "its agent has gone")
	}
}

func (l *link) send(ctx context.Context, m *wire.FromControl) error {
	select {
	case l.outbox <- m:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ctx.Done():
		return unreachable(l.router, "its agent has gone")
	}
}

// agentStream is the server's end of a stream.
type agentStream = connect.BidiStream[wire.FromAgent, wire.FromControl]

// Link serves an agent's stream until either side ends it.
func (s service) Link(ctx context.Context, stream *agentStream) error {
	p, ok := ctx.Value(peerKey{}).(peer)
	if !ok {
		return connect.NewError(connect.CodeUnauthenticated, errors.New("a router's certificate is required"))
	}
	a, err := s.admit(ctx, p.router, p.enrolment)
	if err != nil {
		return err
	}
	_ = p.control.SetReadDeadline(time.Now().Add(min(greeting, s.Silence)))
	hello, err := greet(stream)
	if err != nil {
		return err
	}
	l := &link{
		server: s.Server, router: p.router, enrolment: p.enrolment, sealingKey: a.SealingKey, expires: p.expires, since: s.Now(),
		outbox: make(chan *wire.FromControl, 16), applying: make(chan struct{}, 1), reported: make(chan struct{}, 1),
		renewals: make(chan *wire.Renewal, 1), calls: map[uint64]chan<- answer{}, tables: map[session]table{},
		report: decodeReport(hello.GetReport()),
	}
	l.ctx, l.end = context.WithCancelCause(ctx)
	defer l.end(nil)
	if err := s.join(l); err != nil {
		return err
	}
	defer s.leave(l)
	return l.run(stream, p)
}

// greet reads the first message.
func greet(stream *agentStream) (*wire.Hello, error) {
	m, err := stream.Receive()
	if err != nil {
		return nil, err
	}
	hello := m.GetHello()
	switch {
	case hello == nil:
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("an agent says hello first"))
	case hello.GetVersion() != version:
		return nil, connect.NewError(connect.CodeFailedPrecondition,
			fmt.Errorf("the agent speaks version %d of the protocol, the control plane %d", hello.GetVersion(), version))
	}
	return hello, nil
}

var errNotEnrolled = connect.NewError(connect.CodePermissionDenied, errors.New("the enrolment of this router was revoked or replaced"))

// admit lets those in whose enrolment is the router's present one.
func (s *Server) admit(ctx context.Context, router, enrolment string) (Agent, error) {
	a, err := s.Ledger.Agent(ctx, router)
	switch {
	case errors.Is(err, ErrNoAgent):
		return a, errNotEnrolled
	case err != nil:
		s.Log.Error("an agent could not be looked up", "router", router, "error", err)
		return a, connect.NewError(connect.CodeUnavailable, errors.New("the control plane cannot look up its agents"))
	case !a.holds(enrolment):
		return a, errNotEnrolled
	}
	return a, nil
}

func (a Agent) holds(enrolment string) bool {
	return a.Enrolment != "" && subtle.ConstantTimeCompare([]byte(a.Enrolment), []byte(enrolment)) == 1
}

// farewell is how long the last words to an agent may take.
const farewell = time.Second

// run has one goroutine write, one keep the ledger, and this one read.
func (l *link) run(stream *agentStream, p peer) error {
	s := l.server
	s.Log.Info("a router's agent has connected", "router", l.router)
	var work sync.WaitGroup
	work.Go(func() { l.write(stream, p) })
	work.Go(l.attend)
	work.Go(func() {
		<-l.ctx.Done()
		// Wakes the reader; the writer, if it is stuck, is given the time that a farewell takes.
		_ = p.control.SetReadDeadline(time.Unix(1, 0))
		_ = p.control.SetWriteDeadline(time.Now().Add(farewell))
	})
	l.notice(true)
	l.end(l.read(stream, p))
	work.Wait()
	cause := context.Cause(l.ctx)
	s.Log.Info("a router's agent has gone", "router", l.router, "reason", cause)
	if _, ok := errors.AsType[*connect.Error](cause); ok {
		return cause
	}
	return nil
}

func (l *link) write(stream *agentStream, p peer) {
	send := func(m *wire.FromControl) bool {
		_ = p.control.SetWriteDeadline(time.Now().Add(l.server.Silence))
		if l.ctx.Err() != nil {
			return false // its end may have come before that deadline
		}
		err := stream.Send(m)
		_ = p.control.SetWriteDeadline(time.Time{}) // or it would end a stream on which there is nothing to say for long
		if l.ctx.Err() != nil {
			_ = p.control.SetWriteDeadline(time.Now().Add(farewell))
		}
		if err != nil {
			l.end(fmt.Errorf("writing to the agent: %w", err))
			return false
		}
		return true
	}
	open := send(&wire.FromControl{Kind: &wire.FromControl_Welcome{Welcome: &wire.Welcome{Version: version}}})
	for open {
		select {
		case m := <-l.outbox:
			open = send(m)
		case <-l.ctx.Done():
			return
		}
	}
}

// read takes what the agent says until the stream ends, or nothing comes for too long.
func (l *link) read(stream *agentStream, p peer) error {
	for {
		_ = p.control.SetReadDeadline(time.Now().Add(l.server.Silence))
		if l.ctx.Err() != nil {
			return nil // its end may have come before that deadline
		}
		m, err := stream.Receive()
		if err != nil {
			return fmt.Errorf("reading from the agent: %w", err)
		}
		switch kind := m.GetKind().(type) {
		case *wire.FromAgent_Report:
			l.hear(kind.Report)
		case *wire.FromAgent_Result:
			if err := l.settle(kind.Result); err != nil {
				return connect.NewError(connect.CodeInvalidArgument, err)
			}
		case *wire.FromAgent_Renewal:
			select {
			case l.renewals <- kind.Renewal:
			default: // one is being answered
			}
		default:
			return connect.NewError(connect.CodeInvalidArgument, errors.New("an agent says nothing of the kind"))
		}
	}
}

// settle gives a result to the call that waits for it; one that nobody waits for any more is dropped, but for the routes in
// it, which later ones refer to.
func (l *link) settle(r *wire.Result) error {
	a := answer{result: r}
	if r.GetObserved() != nil {
		var err error
		if a.observed, err = decodeObserved(r.GetObserved(), l.tables); err != nil {
			return fmt.Errorf("what the agent observes: %w", err)
		}
	}
	if r.GetReport() != nil {
		l.hear(r.GetReport())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if reply := l.calls[r.GetCall()]; reply != nil {
		delete(l.calls, r.GetCall())
		reply <- a
	}
	return nil
}

// hear remembers a report, and tells who wants to know if it is another one.
func (l *link) hear(m *wire.Report) {
	r := decodeReport(m)
	l.mu.Lock()
	before := l.report
	l.report = r
	l.mu.Unlock()
	l.news()
	if !r.Equal(before) {
		l.notice(r.Fingerprint != before.Fingerprint)
	}
}

// news has the ledger brought up to date.
func (l *link) news() {
	select {
	case l.reported <- struct{}{}:
	default:
	}
}

// notice tells the reconciler. An agent that has another intent than before is compared with what its router was told.
func (l *link) notice(another bool) {
	s := l.server
	if another && s.strayed(l.router, l.known().Fingerprint) {
		s.Strayed(l.router)
	}
	s.Noticed(l.router)
}
