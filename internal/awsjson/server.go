package awsjson

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// An Operation is one thing that a client may ask for.
type Operation struct {
	Name string
	// New answers a pointer to an empty input, for Decode.
	New func() any
	// Call does it. in is what New made, filled; the output is given to Append,
	// nil for {}.
	Call func(ctx context.Context, in any) (out any, err error)
}

// A Call is the record of one exchange, for logs and metrics. It holds nothing
// that a client chose freely, so every member may label a metric but the
// request ID.
type Call struct {
	RequestID     string
	Operation     string // empty until the operation is known to exist
	Status        int    // of HTTP
	ErrorType     string // as the client saw it; empty for success
	Duration      time.Duration
	RequestBytes  int
	ResponseBytes int // of the body
	// Err is why the exchange failed, with details the client did not see: what
	// Authenticate or Call answered, a *PanicError, or the *Error itself.
	Err error
}

// PanicError is a panic of an Operation or a hook, caught by the Server.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// A Server answers AWS JSON 1.1 over HTTP: POST / with the operation in the
// X-Amz-Target header. In this order it makes a request ID, finds the
// operation, reads the body, authenticates, decodes, calls and encodes; the
// first step that fails is the answer. The Content-Type of a request is not
// looked at: the target header alone says that it is one.
//
// Another method or path is UnknownOperationException with status 404; a target
// that is missing, or names another service or no operation, the same with
// status 400. A connection is closed by the server only where it could not read
// a body to its end.
//
// A Server must not be changed once it serves.
type Server struct {
	// Target is the service's name before the dot in X-Amz-Target, such as
	// OvertureService.
	Target string
	// Lookup finds an operation by its exact name.
	Lookup func(name string) (Operation, bool)
	// Authenticate tells who asks. Its context goes to Call, and should derive
	// from r.Context(), which carries the request ID. body holds until it
	// returns; r.Body is spent. May be nil.
	Authenticate func(r *http.Request, body []byte) (context.Context, error)
	// Error maps what Authenticate or Call answered to the wire. Where it is nil
	// or answers nil, an *Error within err is sent as it is, and anything else
	// is InternalFailure, without details.
	Error func(ctx context.Context, err error) *Error
	// Observe is told of every exchange after its answer is written. May be nil.
	Observe func(ctx context.Context, call Call)
	// MaxBody is the largest request body in bytes; 0 stands for 1 MiB.
	MaxBody int64
	// Now is the clock that durations are measured with; nil for time.Now.
	Now func() time.Time
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := s.now()
	b := pool.Get().(*buffers)
	defer b.release()

	x := exchange{Server: s, buffers: b, call: Call{RequestID: newRequestID()}}
	x.ctx = context.WithValue(r.Context(), requestIDKey{}, x.call.RequestID)
	x.respond(w, x.run(r.WithContext(x.ctx)))

	if s.Observe != nil {
		x.call.Duration = s.now().Sub(begun)
		s.Observe(x.ctx, x.call)
	}
}

func (s *Server) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

func (s *Server) maxBody() int64 {
	if s.MaxBody == 0 {
		return 1 << 20
	}
	return s.MaxBody
}

// An exchange is one request on its way to an answer.
type exchange struct {
	*Server
	*buffers
	ctx   context.Context // with the request ID, later with what Authenticate adds
	call  Call
	hasty bool // the answer is given before the request was read to its end
}

// run goes all the way to an encoded output in x.out, or answers what stopped it.
func (x *exchange) run(r *http.Request) (stopped *Error) {
	defer func() {
		if v := recover(); v != nil {
			x.call.Err = &PanicError{Value: v, Stack: debug.Stack()}
			stopped = internalFailure
		}
	}()
	op, stopped := x.route(r)
	if stopped != nil {
		return x.stop(stopped)
	}
	x.call.Operation = op.Name
	if stopped := x.receive(r); stopped != nil {
		return x.stop(stopped)
	}
	if err := x.authenticate(r); err != nil {
		return x.fail(err)
	}
	in := op.New()
	if err := Decode(x.in, in); err != nil {
		if wire, ok := errors.AsType[*Error](err); ok {
			return x.stop(wire)
		}
		return x.fail(err)
	}
	out, err := op.Call(x.ctx, in)
	if err != nil {
		return x.fail(err)
	}
	if x.out, err = Append(x.out[:0], out); err != nil {
		return x.fail(err)
	}
	return nil
}

// route finds the operation that the request names.
func (x *exchange) route(r *http.Request) (Operation, *Error) {
	if r.Method != http.MethodPost || (r.URL.Path != "/" && r.URL.Path != "") {
		return Operation{}, notFound
	}
	rest, ours := strings.CutPrefix(r.Header.Get("X-Amz-Target"), x.Target)
	name, ours2 := strings.CutPrefix(rest, ".")
	if !ours || !ours2 {
		return Operation{}, unknownOperation
	}
	op, ok := x.Lookup(name)
	if !ok {
		return Operation{}, unknownOperation
	}
	return op, nil
}

func (x *exchange) receive(r *http.Request) *Error {
	if stopped := x.read(r, x.maxBody()); stopped != nil {
		x.hasty = true
		return stopped
	}
	x.call.RequestBytes = len(x.in)
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return encoded
	}
	return nil
}

func (x *exchange) authenticate(r *http.Request) error {
	if x.Authenticate == nil {
		return nil
	}
	ctx, err := x.Authenticate(r, x.in)
	if ctx != nil {
		x.ctx = ctx
	}
	return err
}

// stop ends the exchange with an answer of the protocol's own.
func (x *exchange) stop(wire *Error) *Error {
	x.call.Err = wire
	return wire
}

// fail ends the exchange with what the wire says of err.
func (x *exchange) fail(err error) *Error {
	x.call.Err = err
	if x.Error != nil {
		if wire := x.Error(x.ctx, err); wire != nil {
			return wire
		}
	}
	if wire, ok := errors.AsType[*Error](err); ok {
		return wire
	}
	return internalFailure
}
