package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"connectrpc.com/connect"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire"
	"onramp/internal/fabric/remote/wire/wireconnect"
)

// Station is what answers on the router's side. Its methods may be called at once, from several links.
type Station interface {
	// Take carries out an order and keeps it. An order that is not later than the one it has is refused with ErrStale; one
	// that is kept for later with ErrWaiting. Texts of errors go to the control plane: there is no key in them.
	Take(ctx context.Context, o Order) error
	// Again carries out the order that it has once more, if its intent has the fingerprint; otherwise ErrStale.
	Again(ctx context.Context, f fabric.Fingerprint) error
	// Observe reads the router.
	Observe(ctx context.Context) (fabric.Observed, error)
	// Report answers what is, and a channel that is closed when it is otherwise.
	Report() (Report, <-chan struct{})
	// Renewal answers a request for the next certificate (PKCS #10), or nil while there is no need of one.
	Renewal() ([]byte, error)
	// Renewed takes the certificate that was asked for.
	Renewed(g Grant) error
}

// LinkConfig is what an agent's end of a stream works with.
type LinkConfig struct {
	Address string
	TLS     *tls.Config // of ClientTLS
	Station Station
	Beat    time.Duration // how often to report when nothing changes; 0: 10 s
	Linked  func()        // called when the control plane has said welcome; nil: nobody hears
	Log     *slog.Logger  // nil: nobody hears
}

// Link connects to one of the control plane's servers and answers it until ctx or the stream ends. The error says why; it
// wraps ErrRefused when the same will happen again, and ErrUntrusted when the server is another's.
func Link(ctx context.Context, c LinkConfig) error {
	if c.Beat == 0 {
		c.Beat = heartbeat
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	transport := transport(c.TLS.Clone())
	defer transport.CloseIdleConnections()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	client := wireconnect.NewFabricClient(&http.Client{Transport: transport}, "https://"+c.Address,
		connect.WithReadMaxBytes(maxMessage), connect.WithAcceptCompression("gzip", nil, nil))
	d := &dialled{
		LinkConfig: c, stream: client.Link(ctx), ctx: ctx, end: end, outbox: make(chan *wire.FromAgent, 16),
		said: map[session]uint64{}, slots: make(chan struct{}, callsAtOnce),
	}
	return d.run()
}

// callsAtOnce bounds what a control plane can have an agent do at the same time.
const callsAtOnce = 16

// dialled is an agent's end of a stream.
type dialled struct {
	LinkConfig
	stream *connect.BidiStreamForClient[wire.FromAgent, wire.FromControl]
	ctx    context.Context
	end    context.CancelCauseFunc
	outbox chan *wire.FromAgent
	slots  chan struct{}
	work   sync.WaitGroup

	saying sync.Mutex // results with routes are encoded in the order in which they go out
	said   map[session]uint64
}

func (d *dialled) run() error {
	report, changed := d.Station.Report()
	hello := &wire.FromAgent{Kind: &wire.FromAgent_Hello{Hello: &wire.Hello{Version: version, Report: encodeReport(report)}}}
	late := time.AfterFunc(greeting, func() { d.end(errors.New("the control plane does not say welcome")) })
	defer late.Stop()
	// net/http hears of the end of a context only when there is no more request to be sent.
	defer context.AfterFunc(d.ctx, func() { _ = d.stream.CloseRequest() })()
	err := d.stream.Send(hello)
	var m *wire.FromControl
	if err == nil || errors.Is(err, io.EOF) { // the reason comes with Receive
		m, err = d.stream.Receive()
	}
	switch {
	case err != nil:
	case m.GetWelcome().GetVersion() != version:
		err = fmt.Errorf("%w: it speaks version %d of the protocol, this agent %d", ErrRefused, m.GetWelcome().GetVersion(), version)
	default:
		late.Stop()
		if d.Linked != nil {
			d.Linked()
		}
		d.work.Go(d.write)
		d.work.Go(func() { d.push(changed) })
		err = d.read()
	}
	cause := context.Cause(d.ctx) // before it is ended below
	d.end(err)
	_ = d.stream.CloseRequest()
	_ = d.stream.CloseResponse()
	d.work.Wait()
	if cause != nil {
		return cause
	}
	return explain(err)
}

func (d *dialled) write() {
	for {
		select {
		case m := <-d.outbox:
			if err := d.stream.Send(m); err != nil && !errors.Is(err, io.EOF) {
				d.end(fmt.Errorf("writing to the control plane: %w", err))
				return
			} else if err != nil {
				return // the reader hears why
			}
		case <-d.ctx.Done():
			return
		}
	}
}

func (d *dialled) send(m *wire.FromAgent) {
	select {
	case d.outbox <- m:
	case <-d.ctx.Done():
	}
}

// push reports at each change and at each beat, and asks for a new certificate in time.
func (d *dialled) push(changed <-chan struct{}) {
	beat := time.NewTicker(d.Beat)
	defer beat.Stop()
	for {
		select {
		case <-d.ctx.Done():
			return
		case <-changed:
		case <-beat.C:
			d.askRenewal()
		}
		var report Report
		report, changed = d.Station.Report()
		d.send(&wire.FromAgent{Kind: &wire.FromAgent_Report{Report: encodeReport(report)}})
	}
}

func (d *dialled) askRenewal() {
	request, err := d.Station.Renewal()
	if err != nil {
		d.Log.Warn("the certificate cannot be renewed", "error", err)
	} else if request != nil {
		d.send(&wire.FromAgent{Kind: &wire.FromAgent_Renewal{Renewal: &wire.Renewal{Request: request}}})
	}
}

func (d *dialled) read() error {
	for {
		m, err := d.stream.Receive()
		if err != nil {
			return err
		}
		switch kind := m.GetKind().(type) {
		case *wire.FromControl_Call:
			select {
			case d.slots <- struct{}{}:
				d.work.Go(func() {
					defer func() { <-d.slots }()
					d.answer(kind.Call)
				})
			case <-d.ctx.Done():
				return context.Cause(d.ctx)
			}
		case *wire.FromControl_Certificate:
			if err := d.Station.Renewed(decodeGrant(kind.Certificate)); err != nil {
				d.Log.Warn("the renewed certificate is not used", "error", err)
			}
		default:
			d.Log.Debug("the control plane says what this agent does not understand")
		}
	}
}

// answer carries out a call.
func (d *dialled) answer(c *wire.Call) {
	r := &wire.Result{Call: c.GetId()}
	var err error
	var seen fabric.Observed
	_, observe := c.GetKind().(*wire.Call_Observe)
	switch kind := c.GetKind().(type) {
	case *wire.Call_Apply:
		err = d.Station.Take(d.ctx, Order{kind.Apply})
	case *wire.Call_Again:
		if len(kind.Again) != len(fabric.Fingerprint{}) {
			err = ErrStale
			break
		}
		err = d.Station.Again(d.ctx, fabric.Fingerprint(kind.Again))
	case *wire.Call_Observe:
		seen, err = d.Station.Observe(d.ctx)
	default:
		err = errors.New("this version of the agent does not know that call")
	}
	r.Outcome, r.Message = wire.Outcome_OUTCOME_DONE, ""
	if err != nil {
		r.Outcome, r.Message = classify(err)
	}
	report, _ := d.Station.Report()
	r.Report = encodeReport(report)
	d.saying.Lock()
	defer d.saying.Unlock()
	if observe && err == nil {
		r.Observed = encodeObserved(seen, d.said)
	}
	d.send(&wire.FromAgent{Kind: &wire.FromAgent_Result{Result: r}})
}
