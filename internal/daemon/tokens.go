package daemon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"onramp/internal/awsjson"
	"onramp/internal/awsquery"
	"onramp/internal/controlplane"
	"onramp/internal/sigv4"
)

// The names that AWS STS goes by on the wire (service model of 2011-06-15).
const (
	tokenSigningName = "sts"
	tokenNamespace   = "https://sts.amazonaws.com/doc/2011-06-15/"
	tokenVersion     = "2011-06-15"
)

// withTokens sends requests to AWS STS to the one handler, all others to the other: so one endpoint is enough for a client that
// is told a single URL (AWS_ENDPOINT_URL).
func withTokens(api, tokens http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isForTokens(r) {
			tokens.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
}

// isForTokens tells a request of the Query protocol: it names no target, and is a form or signed for STS.
func isForTokens(r *http.Request) bool {
	if len(r.Header["X-Amz-Target"]) > 0 || r.URL.Path != "/" && r.URL.Path != "" {
		return false
	}
	switch r.Method {
	case http.MethodPost:
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		return strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded")
	case http.MethodGet:
		query := r.URL.Query()
		return query.Has("Action") && (query.Has("X-Amz-Credential") || strings.Contains(r.Header.Get("Authorization"), "/"+tokenSigningName+"/"))
	}
	return false
}

// tokens is the handler of AWS STS.
func (d *Daemon) tokens() http.Handler {
	verify := newVerifier(d.core.service, tokenSigningName, d.verify.open)
	return &awsquery.Server{
		Namespace: tokenNamespace, Version: tokenVersion, NewRequestID: uuid.NewString, Now: time.Now,
		Lookup: tokenOperations{d.core.service}.lookup, Authenticate: verify.authenticate, Error: tokenError,
		Observe: func(ctx context.Context, call awsquery.Call) {
			err := call.Err
			if panicked, ok := errors.AsType[*awsquery.PanicError](err); ok {
				err = &awsjson.PanicError{Value: panicked.Value, Stack: panicked.Stack}
			}
			d.observedTokens(ctx, awsjson.Call{
				RequestID: call.RequestID, Operation: call.Operation, Status: call.Status, ErrorType: call.ErrorCode, Duration: call.Duration, Err: err,
			})
		},
	}
}

// tokenErrors are the errors of signatures as the Query protocol has them (API reference of AWS STS, "Common errors").
var tokenErrors = map[string]awsquery.Error{
	sigv4.CodeMissingToken:        {Code: "MissingAuthenticationToken", Status: http.StatusForbidden},
	sigv4.CodeIncompleteSignature: {Code: "IncompleteSignature", Status: http.StatusBadRequest},
	sigv4.CodeInvalidSignature:    {Code: "SignatureDoesNotMatch", Status: http.StatusForbidden},
	sigv4.CodeUnrecognizedClient:  {Code: "InvalidClientTokenId", Status: http.StatusForbidden},
	sigv4.CodeExpiredToken:        {Code: "ExpiredToken", Status: http.StatusForbidden},
}

func tokenError(_ context.Context, err error) *awsquery.Error {
	if signature, ok := errors.AsType[*sigv4.Error](err); ok {
		wire := tokenErrors[signature.Code]
		wire.Message = signature.Message
		return &wire
	}
	if refused, ok := errors.AsType[*controlplane.TokenError](err); ok {
		return &awsquery.Error{Code: refused.Code, Message: refused.Message, Status: refused.Status}
	}
	return nil
}

// tokenOperations are what of AWS STS there is.
type tokenOperations struct{ service *controlplane.Service }

func (o tokenOperations) lookup(action string) (awsquery.Operation, bool) {
	switch action {
	case "AssumeRole":
		return o.assumeRole, true
	case "GetCallerIdentity":
		return o.getCallerIdentity, true
	case "GetSessionToken":
		return o.getSessionToken, true
	}
	return nil, false
}

type credentials struct {
	AccessKeyID     string `xml:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      string
}

func credentialsOf(c controlplane.TemporaryCredentials) credentials {
	return credentials{c.AccessKeyID, c.Secret, c.Token, c.Expires.UTC().Format(time.RFC3339)}
}

type assumedRoleUser struct {
	AssumedRoleID string `xml:"AssumedRoleId"`
	ARN           string `xml:"Arn"`
}

func (o tokenOperations) assumeRole(ctx context.Context, form url.Values) (any, error) {
	seconds, malformed := seconds(form)
	in := controlplane.AssumeRoleInput{
		RoleARN: form.Get("RoleArn"), SessionName: form.Get("RoleSessionName"), ExternalID: form.Get("ExternalId"),
		Policy: form.Get("Policy"), Seconds: seconds,
	}
	for i := 1; form.Has(fmt.Sprintf("PolicyArns.member.%d.arn", i)); i++ {
		in.PolicyARNs = append(in.PolicyARNs, form.Get(fmt.Sprintf("PolicyArns.member.%d.arn", i)))
	}
	controlplane.AskedOfTokens(ctx, awsquery.RequestID(ctx), in) // what is refused for its form, too, tells of which role
	if err := unsupported(form, "SerialNumber", "TokenCode", "SourceIdentity", "Tags.", "TransitiveTagKeys.", "ProvidedContexts."); err != nil {
		return nil, err
	}
	if malformed != nil {
		return nil, malformed
	}
	caller, _ := controlplane.CallerOf(ctx)
	role, err := o.service.AssumeRole(ctx, caller, in)
	if err != nil {
		return nil, err
	}
	return struct {
		AssumedRoleUser assumedRoleUser
		Credentials     credentials
	}{assumedRoleUser{role.ID, role.ARN}, credentialsOf(role.Credentials)}, nil
}

func (o tokenOperations) getCallerIdentity(ctx context.Context, _ url.Values) (any, error) {
	caller, _ := controlplane.CallerOf(ctx)
	id := o.service.GetCallerIdentity(caller)
	return struct {
		ARN     string `xml:"Arn"`
		UserID  string `xml:"UserId"`
		Account string
	}{id.ARN, id.UserID, id.Account}, nil
}

func (o tokenOperations) getSessionToken(ctx context.Context, form url.Values) (any, error) {
	seconds, malformed := seconds(form)
	controlplane.AskedOfTokens(ctx, awsquery.RequestID(ctx), controlplane.AssumeRoleInput{Seconds: seconds})
	if err := unsupported(form, "SerialNumber", "TokenCode"); err != nil {
		return nil, err
	}
	if malformed != nil {
		return nil, malformed
	}
	caller, _ := controlplane.CallerOf(ctx)
	c, err := o.service.GetSessionToken(ctx, caller, seconds)
	if err != nil {
		return nil, err
	}
	return struct{ Credentials credentials }{credentialsOf(c)}, nil
}

// unsupported refuses parameters that would be passed over: who asks for a second factor or for tags of a session must not
// believe that they were looked at.
func unsupported(form url.Values, parameters ...string) error {
	for name := range form {
		for _, parameter := range parameters {
			if name == parameter || strings.HasSuffix(parameter, ".") && strings.HasPrefix(name, parameter) {
				return &awsquery.Error{Code: "ValidationError", Message: strings.TrimSuffix(parameter, ".") + " is not supported by this server."}
			}
		}
	}
	return nil
}

// seconds reads DurationSeconds; 0: it was not said.
func seconds(form url.Values) (int, error) {
	text := form.Get("DurationSeconds")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n == 0 {
		return 0, &awsquery.Error{Code: "ValidationError", Message: "DurationSeconds must be a number of seconds, from 900 on."}
	}
	return n, nil
}
