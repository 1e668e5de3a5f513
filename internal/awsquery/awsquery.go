// Package awsquery speaks the AWS Query protocol on the server's side: a form with an Action in, XML out, with its error
// envelope and request ID. It is how AWS STS is spoken to.
//
// It does not know what is said, who says it or what comes of it: those are handed to a Server as functions, as with package
// awsjson. The protocol is that of https://smithy.io/2.0/aws/protocols, "AWS query protocol".
package awsquery

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Operation answers a form with a structure that encoding/xml can write; its fields become the members of the result.
type Operation func(ctx context.Context, form url.Values) (result any, err error)

// Call is the record of one exchange, for logs and metrics.
type Call struct {
	RequestID string
	Operation string // empty until the operation is known to exist
	Status    int    // of HTTP
	ErrorCode string // as the client saw it; empty for success
	Duration  time.Duration
	Err       error // why it failed, with details that the client did not see
}

// A Server answers the Query protocol: the form is the body of a POST, or the query of a GET, which may be presigned. A Server
// must not be changed once it serves.
type Server struct {
	Namespace string // of the XML
	Version   string // of the API, as a form must say it
	// Lookup finds an operation by its exact name.
	Lookup func(action string) (Operation, bool)
	// Authenticate tells who asks; its context goes to the operation.
	Authenticate func(r *http.Request, body []byte) (context.Context, error)
	// Error maps what Authenticate or an operation answered to the wire; nil: an *Error as it is, and a fault for all else.
	Error func(ctx context.Context, err error) *Error
	// Observe is told of every exchange after its answer is written. May be nil.
	Observe func(ctx context.Context, call Call)
	// NewRequestID makes request IDs.
	NewRequestID func() string
	// Now is the clock that durations are measured with.
	Now func() time.Time
}

// maxBody bounds a form. The largest honest one has a session policy of 2048 characters and ten ARNs.
const maxBody = 64 << 10

type exchange struct {
	*Server
	ctx  context.Context
	call Call
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := s.Now()
	id := s.NewRequestID()
	r = r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
	x := exchange{Server: s, ctx: r.Context(), call: Call{RequestID: id}}
	answer, stopped := x.run(r)
	x.call.Status = http.StatusOK
	if stopped != nil {
		x.call.Status, x.call.ErrorCode = stopped.status(), stopped.Code
		answer = x.failure(stopped)
	}
	h := w.Header()
	h.Set("Content-Type", "text/xml")
	h.Set("Content-Length", strconv.Itoa(len(answer)))
	h.Set("X-Amzn-Requestid", x.call.RequestID)
	w.WriteHeader(x.call.Status)
	_, _ = w.Write(answer) // fails if the client is gone
	if s.Observe != nil {
		x.call.Duration = s.Now().Sub(begun)
		s.Observe(x.ctx, x.call)
	}
}

type requestIDKey struct{}

// RequestID answers the ID of the request that an operation or a hook is called for; empty: of none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// PanicError is a panic of an operation or a hook, caught by the Server.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// run goes all the way to an encoded answer, or tells what stopped it.
func (x *exchange) run(r *http.Request) (answer []byte, stopped *Error) {
	defer func() {
		if v := recover(); v != nil {
			x.call.Err = &PanicError{v, debug.Stack()}
			answer, stopped = nil, internalFailure
		}
	}()
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, x.stop(&Error{Code: "RequestTimeout", Message: "The request body could not be read."})
	case len(body) > maxBody:
		return nil, x.stop(&Error{Code: "RequestEntityTooLarge", Message: "The request body is too large.", Status: http.StatusRequestEntityTooLarge})
	}
	form, err := readForm(r, body)
	if err != nil {
		return nil, x.stop(&Error{Code: "MalformedInput", Message: "The form could not be read."})
	}
	action := form.Get("Action")
	operation, ok := x.Lookup(action)
	if !ok {
		return nil, x.stop(unknownAction(action))
	}
	x.call.Operation = action
	if version := form.Get("Version"); version != x.Version {
		return nil, x.stop(&Error{Code: "InvalidAction", Message: fmt.Sprintf("Could not find operation %s for version %.32q", action, version)})
	}
	ctx, err := x.Authenticate(r, body)
	if ctx != nil {
		x.ctx = ctx
	}
	if err != nil {
		return nil, x.fail(err)
	}
	result, err := operation(x.ctx, form)
	if err != nil {
		return nil, x.fail(err)
	}
	if answer, err = x.success(action, result); err != nil {
		return nil, x.fail(err)
	}
	return answer, nil
}

// readForm reads the form of the body, or of the query of a request without one.
func readForm(r *http.Request, body []byte) (url.Values, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return url.ParseQuery(r.URL.RawQuery)
	}
	return url.ParseQuery(string(body))
}

func (x *exchange) stop(wire *Error) *Error {
	x.call.Err = wire
	return wire
}

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

type metadata struct {
	RequestID string `xml:"RequestId"`
}

// success renders <ActionResponse><ActionResult>...</ActionResult><ResponseMetadata>...
func (x *exchange) success(action string, result any) ([]byte, error) {
	var b strings.Builder
	e := xml.NewEncoder(&b)
	response := xml.StartElement{Name: xml.Name{Space: x.Namespace, Local: action + "Response"}}
	named := func(name string) xml.StartElement { return xml.StartElement{Name: xml.Name{Local: name}} }
	err := errors.Join(
		e.EncodeToken(response),
		e.EncodeElement(result, named(action+"Result")),
		e.EncodeElement(metadata{x.call.RequestID}, named("ResponseMetadata")),
		e.EncodeToken(response.End()),
		e.Close(),
	)
	return []byte(b.String()), err
}
