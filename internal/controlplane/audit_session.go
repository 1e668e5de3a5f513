package controlplane

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"onramp/internal/audit"
	"onramp/internal/awsjson"
	"onramp/internal/store"
)

// The operations of AWS STS that open a session. CloudTrail calls them reads; they are recorded whatever the trail leaves
// out, as nothing else tells who acted in a session.
const (
	assumeRole      = "AssumeRole"
	getSessionToken = "GetSessionToken"
)

func opensSession(operation string) bool {
	return operation == assumeRole || operation == getSessionToken
}

// tokenCall is what is recorded of a request to AWS STS.
type tokenCall struct {
	asked []byte         // requestParameters
	given []byte         // responseElements
	key   string         // the session's access key
	role  audit.Resource // that was asked for; without an ARN: none
}

// sessionOpened is what an operation has given.
type sessionOpened struct {
	TemporaryCredentials
	ARN, ID string // of a role's session
}

// tell puts into a record what was asked for and given.
func (t *tokenCall) tell(r *audit.Record) {
	r.Source, r.Request, r.Response = audit.Tokens, t.asked, t.given
	if t.role.ARN != "" {
		r.Resources = []audit.Resource{t.role}
	}
}

// names are what the record in an account's trail is found by.
func (t *tokenCall) names(account string) (named []audit.Named) {
	_, role, _ := principalOfARN(t.role.ARN)
	if account == t.role.Account {
		role = audit.ID(t.role.ARN)
	}
	for _, id := range []string{role, t.key} {
		if id != "" {
			named = append(named, audit.Named{Kind: audit.Other, ID: id})
		}
	}
	return named
}

// tokensOf is the tokenCall of a call, which it makes.
func (c *Call) tokensOf() *tokenCall {
	if c.tokens == nil {
		c.tokens = &tokenCall{}
	}
	return c.tokens
}

// AskedOfTokens tells what a request to AWS STS asks for, and by which ID it is known: the role, if any, and the rest of
// what was said. Session policies are no secret, and CloudTrail has them, too.
func AskedOfTokens(ctx context.Context, requestID string, in AssumeRoleInput) {
	call := recordedCall(ctx)
	if call == nil {
		return
	}
	call.RequestID = requestID
	t := call.tokensOf()
	if account, name, err := parseRoleARN(in.RoleARN); err == nil {
		caller, _ := CallerOf(ctx)
		t.role = audit.RoleResource(roleARN(caller.Partition(), account, name), account)
	}
	var more []audit.Member
	if in.Seconds != 0 {
		more = append(more, audit.Member{Name: "durationSeconds", Value: strconv.AppendInt(nil, int64(in.Seconds), 10)})
	}
	for _, text := range []struct{ name, value string }{{"externalId", in.ExternalID}, {"policy", in.Policy}} {
		if text.value != "" {
			more = append(more, audit.Member{Name: text.name, Value: audit.Text(text.value)})
		}
	}
	if len(in.PolicyARNs) > 0 {
		arns := make([]map[string]string, len(in.PolicyARNs))
		for i, arn := range in.PolicyARNs {
			arns[i] = map[string]string{"arn": arn}
		}
		if list, err := json.Marshal(arns); err == nil { // never fails: they are texts
			more = append(more, audit.Member{Name: "policyArns", Value: list})
		}
	}
	t.asked = audit.ObjectOf(audit.Object("roleArn", in.RoleARN, "roleSessionName", in.SessionName), more)
}

// recordSession records what has come of a request for a session, and answers the error of it: no session is given away of
// which there is no record. What failed for a fault of the server is left to ObservedTokens, which knows what was said of it.
func (s *Service) recordSession(ctx context.Context, operation string, given sessionOpened, err error) error {
	call := recordedCall(ctx)
	refused, isRefusal := errors.AsType[*TokenError](err)
	if call == nil || s.Audit == AuditOff || err != nil && !isRefusal {
		return err
	}
	call.operation, call.kept = operation, true
	t := call.tokensOf()
	if isRefusal {
		for _, e := range s.entries(ctx, call, nil, &awsjson.Error{Type: refused.Code, Message: refused.Message}) {
			s.keep(ctx, e, true)
		}
		return err
	}
	t.key, t.given = given.AccessKeyID, given.elements()
	entries := s.entries(ctx, call, nil, nil)
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		for _, e := range entries {
			if err := tx.Record(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// elements are the responseElements: what AWS STS answers, but for the secret and the token.
func (o sessionOpened) elements() []byte {
	credentials := audit.Object("accessKeyId", o.AccessKeyID, "expiration", o.Expires.UTC().Format(time.RFC3339))
	more := []audit.Member{{Name: "credentials", Value: credentials}}
	if o.ARN != "" {
		more = append(more, audit.Member{Name: "assumedRoleUser", Value: audit.Object("assumedRoleId", o.ID, "arn", o.ARN)})
	}
	return audit.ObjectOf(audit.Object(), more)
}

// ObservedTokens is Observed for requests to AWS STS.
func (s *Service) ObservedTokens(ctx context.Context, requestID, operation string, refused *awsjson.Error) {
	call := recordedCall(ctx)
	if call == nil || call.kept || operation == "" || s.Audit == AuditOff {
		return
	}
	call.RequestID = requestID
	call.tokensOf()
	s.Observed(ctx, operation, refused)
}

// entries are the records of a call: one, or where the role of another account was asked for, one for each account, as in
// CloudTrail (IAM User Guide, "Example AWS STS API events in CloudTrail log"). There the other account is told of nothing
// that was refused; here it is, and by which ARN the asker goes.
func (s *Service) entries(ctx context.Context, call *Call, out any, refused *awsjson.Error) []audit.Entry {
	r, named := s.record(ctx, call, out, refused)
	if call.tokens == nil || call.tokens.role.ARN == "" || r.Account == "" || r.Account == call.tokens.role.Account {
		return []audit.Entry{r.Entry(named)}
	}
	r.SharedEventID = audit.NewEventID()
	other := r
	other.EventID, other.Account = audit.NewEventID(), call.tokens.role.Account
	other.Identity = audit.Identity{Type: "AWSAccount", PrincipalID: r.Identity.PrincipalID, ARN: r.Identity.ARN, Account: r.Account}
	return []audit.Entry{r.Entry(named), other.Entry(call.tokens.names(other.Account))}
}
