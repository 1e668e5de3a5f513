package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"onramp/internal/audit"
	"onramp/internal/awsjson"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// call calls an operation of the API in the visitor's name: permissions, rules and the audit trail are those of a signed
// request. An error is an *awsjson.Error with the message that any client would be shown; a page says it with said.
//
// In and Out are the wire structs of package api that the operation has; others are a fault.
func call[In, Out any](v *visit, operation string, in In) (*Out, error) {
	return callIn[In, Out](v, v.Region, operation, in)
}

// callIn is call in another Region than the page's.
func callIn[In, Out any](v *visit, region, operation string, in In) (*Out, error) {
	ctx := v.caller(region)
	out, err := v.console.operate(ctx, operation, &in)
	if err != nil {
		return nil, err
	}
	answered, ok := out.(*Out)
	if !ok {
		return nil, fmt.Errorf("console: %s answers %T, not %T", operation, out, answered)
	}
	return answered, nil
}

// caller is the context of an operation: who asks, and what the audit trail tells of the request.
func (v *visit) caller(region string) context.Context {
	c := controlplane.Caller{Account: v.Who.Account, Region: region}
	if v.Who.identity != nil {
		c.Identity = v.Who.identity
		c.Circumstances = &controlplane.Circumstances{UserAgent: v.UserAgent(), Secure: v.secure()}
		if at, err := netip.ParseAddrPort(v.RemoteAddr); err == nil {
			c.Circumstances.SourceIP = at.Addr().Unmap().WithZone("").String()
		}
	}
	ctx := awsjson.WithRequestID(v.Context())
	ctx = controlplane.WithCaller(ctx, c)
	return controlplane.WithCall(v.onceIn(ctx), &controlplane.Call{SourceIP: v.address(), UserAgent: v.UserAgent()})
}

// operate calls an operation and sees to it that it is recorded and observed.
func (s *Console) operate(ctx context.Context, operation string, in any) (out any, err error) {
	op, ok := s.Service.Lookup(operation)
	if !ok {
		return nil, fmt.Errorf("console: there is no operation %s", operation)
	}
	if want := op.New(); fmt.Sprintf("%T", want) != fmt.Sprintf("%T", in) {
		return nil, fmt.Errorf("console: %s takes %T, not %T", operation, want, in)
	}
	began := time.Now()
	out, err = guarded(ctx, op, in)
	seen := awsjson.Call{
		RequestID: awsjson.RequestID(ctx), Operation: operation, Status: http.StatusOK, Duration: time.Since(began), Err: err,
	}
	wire := controlplane.WireErrorOf(ctx, err)
	if wire != nil {
		seen.Status, seen.ErrorType = wire.Status, wire.Type
	}
	s.Service.Observed(ctx, operation, wire)
	if s.Observe != nil {
		s.Observe(ctx, seen)
	}
	if wire != nil {
		return nil, wire
	}
	return out, nil
}

// guarded calls an operation, and makes an error of a panic, as the API's server does.
func guarded(ctx context.Context, op awsjson.Operation, in any) (out any, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &awsjson.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return op.Call(ctx, in)
}

// move makes a move of the operator's, which the audit trail records under the route and the target, an identifier. what gets
// the context that says so.
func move(v *visit, target string, what func(ctx context.Context) error) error {
	if !v.Who.Operator {
		return errors.New("console: a move of somebody who is no operator")
	}
	return recordedMove(v, v.Context(), target, what)
}

// tells has what an operator asks for recorded: names and values by turns, the empty left out.
func tells(ctx context.Context, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			controlplane.AskedOfMove(ctx, pairs[i], audit.Text(pairs[i+1]))
		}
	}
}

// ownMove is move for what users do about themselves: it is recorded as theirs.
func ownMove(v *visit, target string, what func(ctx context.Context) error) error {
	c := controlplane.Caller{Account: v.Who.Home, Region: v.Region, Identity: v.Who.identity}
	return recordedMove(v, controlplane.WithCaller(v.Context(), c), target, what)
}

func recordedMove(v *visit, ctx context.Context, target string, what func(ctx context.Context) error) error {
	ctx = controlplane.WithCall(awsjson.WithRequestID(v.onceIn(ctx)), v.moving(target))
	err := what(ctx)
	v.console.Service.Moved(ctx, err)
	return err
}

func (v *visit) moving(target string) *controlplane.Call {
	call := &controlplane.Call{
		SourceIP: v.address(), UserAgent: v.UserAgent(), By: v.Who.operatorName(), Move: v.Pattern, Target: target, Path: v.URL.Path,
	}
	if id := v.PathValue("id"); directconnect.IsAccountID(id) && strings.Contains(v.Pattern, " "+accountsPath+"/{id}") {
		call.Account = id
		call.Beside = []string{id}
	}
	return call
}

// loginMove records a login: as that of the user whom it was of, or of nobody known.
func loginMove(v *visit, p controlplane.ConsoleProof, check func(ctx context.Context) (*controlplane.Identity, error)) error {
	call := v.moving(p.User)
	call.By, call.Unknown = p.User+"@"+p.Account, true
	if p.User == "" || len(call.By) > maxNamed {
		call.By, call.Target = "", ""
	}
	ctx := controlplane.WithCall(awsjson.WithRequestID(v.Context()), call)
	found, err := check(ctx)
	if err == nil {
		ctx = controlplane.WithCaller(ctx, controlplane.Caller{Account: found.Account, Region: v.Region, Identity: found})
	}
	v.console.Service.Moved(ctx, err)
	return err
}

// maxNamed bounds what is recorded of a name that somebody types in.
const maxNamed = 128
