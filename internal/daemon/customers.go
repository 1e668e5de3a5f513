package daemon

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"onramp/internal/awsjson"
	"onramp/internal/awsquery"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/sigv4"
)

// The names that the service goes by on the wire (service model of 2012-10-25).
const (
	targetPrefix  = "OvertureService"
	signingName   = "directconnect"
	maxCustomBody = 1 << 20
)

// verifier tells who signed a request.
type verifier struct {
	sigv4.Verifier
	service *controlplane.Service
	open    bool // open mode is allowed on this listener
}

func newVerifier(s *controlplane.Service, signingName string, open bool) *verifier {
	v := &verifier{service: s, open: open}
	v.Service, v.Lookup, v.Regions = signingName, v.lookup, inventory.IsRegion
	return v
}

// lookup finds the secret of an access key or session. Where open mode is not allowed its keys are unknown, whatever the store says.
func (v *verifier) lookup(ctx context.Context, accessKeyID, token string) (sigv4.Credential, error) {
	c, err := v.service.Credential(ctx, accessKeyID, token)
	switch {
	case errors.Is(err, controlplane.ErrNoAccessKey), err == nil && c.Open && !v.open:
		return sigv4.Credential{}, sigv4.ErrUnknownKey
	case err != nil:
		return sigv4.Credential{}, err
	}
	return sigv4.Credential{
		AccessKeyID: accessKeyID, Secret: c.Secret, SessionToken: c.Token, Account: c.Account, Expires: c.Expires, Owner: c.Identity,
	}, nil
}

// authenticate puts the caller into the context of an operation.
func (v *verifier) authenticate(r *http.Request, body []byte) (context.Context, error) {
	id, err := v.Verify(r, body)
	if err != nil {
		return r.Context(), err
	}
	caller := controlplane.Caller{Account: id.Account, Region: id.Region, AccessKeyID: id.AccessKeyID}
	if owner, _ := id.Owner.(*controlplane.Identity); owner != nil {
		caller.Identity, caller.Circumstances = owner, circumstances(r)
	}
	return controlplane.WithCaller(r.Context(), caller), nil
}

// circumstances are what policies may look at. The address is that of the connection, or what a trusted proxy says of it
// (Proxies.fromClients).
func circumstances(r *http.Request) *controlplane.Circumstances {
	c := &controlplane.Circumstances{UserAgent: r.UserAgent(), Secure: r.TLS != nil}
	if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		c.SourceIP = at.Addr().Unmap().WithZone("").String()
	}
	return c
}

// customers is the handler of the customers' API.
func (d *Daemon) customers() http.Handler {
	api := &awsjson.Server{
		Target: targetPrefix, Lookup: d.core.service.Lookup, Authenticate: d.verify.authenticate,
		Error: wireError, Observe: d.observed, MaxBody: maxCustomBody,
	}
	return withTokens(api, d.tokens())
}

// wireError maps the errors of a signature, and leaves all others to the control plane.
func wireError(ctx context.Context, err error) *awsjson.Error {
	if signature, ok := errors.AsType[*sigv4.Error](err); ok {
		return &awsjson.Error{Type: signature.Code, Message: signature.Message, Status: http.StatusBadRequest}
	}
	return controlplane.WireError(ctx, err)
}

// observe counts a request and logs one line: what changes something, or fails, at info, what only reads at debug, and
// faults of ours as errors with their details.
func (d *Daemon) observe(ctx context.Context, call awsjson.Call) {
	d.metrics.Request(call.Operation, call.Status, call.ErrorType, call.Duration)
	level := slog.LevelInfo
	switch {
	case isFault(ctx, call.Err):
		level = slog.LevelError
	case call.Err == nil && (strings.HasPrefix(call.Operation, "Describe") || strings.HasPrefix(call.Operation, "List")):
		level = slog.LevelDebug
	}
	log := d.config.Log
	if !log.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, 10)
	attrs = append(attrs, slog.String("request_id", call.RequestID))
	if caller, ok := controlplane.CallerOf(ctx); ok {
		attrs = append(attrs, slog.String("account", caller.Account), slog.String("region", caller.Region))
	}
	attrs = append(attrs, slog.String("operation", call.Operation), slog.Int("status", call.Status))
	if call.ErrorType != "" {
		attrs = append(attrs, slog.String("error_type", call.ErrorType))
	}
	attrs = append(attrs, slog.Duration("duration", call.Duration))
	if level == slog.LevelError {
		attrs = append(attrs, slog.String("error", call.Err.Error()))
		if panicked, ok := errors.AsType[*awsjson.PanicError](call.Err); ok {
			attrs = append(attrs, slog.String("stack", string(panicked.Stack)))
		}
	}
	log.LogAttrs(ctx, level, "request", attrs...)
}

// isFault reports whether an error is ours rather than the client's: none that any rule, protocol or signature foresees,
// and not that the client has gone.
func isFault(ctx context.Context, err error) bool {
	if err == nil || ctx.Err() != nil {
		return false
	}
	_, rule := errors.AsType[*directconnect.Error](err)
	_, wire := errors.AsType[*awsjson.Error](err)
	_, signature := errors.AsType[*sigv4.Error](err)
	_, token := errors.AsType[*controlplane.TokenError](err)
	_, query := errors.AsType[*awsquery.Error](err)
	return !rule && !wire && !signature && !token && !query
}
