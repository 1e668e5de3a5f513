package controlplane

import (
	"context"
	"errors"
	"reflect"
	"strings"

	"onramp/internal/audit"
	"onramp/internal/awsjson"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// AuditLevel says what the audit trail holds.
type AuditLevel int

// The levels.
const (
	AuditAll    AuditLevel = iota // every call, and every change of state
	AuditWrites                   // the calls that may change something, and every change of state
	AuditOff
)

// Call is a request as the audit trail tells of it, beside what was asked and answered. One belongs to each request.
type Call struct {
	RequestID string // empty: that of the context
	SourceIP  string
	UserAgent string
	// ClaimedKey is the access key that the request names; nothing proves it of a request without a Caller.
	ClaimedKey string
	// By is the name of the operator who asks; empty: whoever has the operator token.
	By string
	// Unknown says that a Move is somebody's who has not proved who they are: at the console's login.
	Unknown bool
	// Move is what the operator asked for, Path and Target what for; empty: it is a call of the API.
	Move, Path, Target string
	// Account is whose trail a Move belongs to, if anybody's, and Beside what it is about beside the Target. What a Move finds
	// its resource to be says the rest: see about.
	Account string
	Beside  []string

	tokens    *tokenCall     // of a request to AWS STS; nil: it is none
	members   []audit.Member // of a Move's request
	made      string         // the identifier of what a Move has made
	subjects  []subject      // what a Move is about, as it was found
	operation string
	in        any
	request   []byte      // in, masked
	names     audit.Names // in in
	output    func() any  // makes an empty answer of the operation
	kept      bool
}

type callKey struct{}

// WithCall has what comes of a request recorded.
func WithCall(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func recordedCall(ctx context.Context) *Call {
	c, _ := ctx.Value(callKey{}).(*Call)
	return c
}

// IsRead reports whether an operation changes nothing that a customer sees (CloudTrail: readOnly).
func IsRead(operation string) bool {
	return strings.HasPrefix(operation, "Describe") || strings.HasPrefix(operation, "List") || strings.HasPrefix(operation, "Get") ||
		operation == assumeRole // as CloudTrail has it
}

// answer is Service.update for an operation whose answer is *out when f is done: the record of the call is committed with
// what it has changed.
func answer[Out any](ctx context.Context, s *Service, out **Out, f func(tx *store.Tx) error) error {
	call := recordedCall(ctx)
	err := s.update(ctx, s.onlyOnce(ctx, func(tx *store.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		if call != nil {
			onceMade(ctx, call.wrapped(*out))
		}
		return s.recordAnswer(ctx, tx, *out)
	}))
	if err != nil {
		return err
	}
	onceKept(ctx)
	if call != nil {
		call.kept = true
	}
	return nil
}

// recordAnswer puts the record of a call that may change something into the transaction that does it.
func (s *Service) recordAnswer(ctx context.Context, tx *store.Tx, out any) error {
	call := recordedCall(ctx)
	if call == nil || s.Audit == AuditOff || call.Move == "" && IsRead(call.operation) {
		return nil
	}
	return tx.Record(s.entry(ctx, call, call.wrapped(out), nil))
}

// wrapped is an answer as its operation gives it: some wrap what the transaction renders as their one member.
func (c *Call) wrapped(out any) any {
	if c.output == nil || absent(out) {
		return out
	}
	whole, part := reflect.ValueOf(c.output()), reflect.ValueOf(out)
	for i := range whole.Elem().NumField() {
		if member := whole.Elem().Field(i); member.Type() == part.Type() {
			member.Set(part)
			return whole.Interface()
		}
	}
	return out
}

// recordMove adds to f, which does what the operator asks for, the record of it. kept is to be called when it is committed.
func (s *Service) recordMove(ctx context.Context, f func(tx *store.Tx) error) (recorded func(tx *store.Tx) error, kept func()) {
	call := recordedCall(ctx)
	if call == nil || call.Move == "" || call.kept {
		return f, func() {}
	}
	return s.onlyOnce(ctx, func(tx *store.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return s.recordAnswer(ctx, tx, nil)
	}), func() { call.kept = true; onceKept(ctx) }
}

// recordChange records a change of planned work, which no event of a noun tells the store of.
func (s *Service) recordChange(tx *store.Tx, c audit.Change) error {
	if s.Audit == AuditOff || c.From == c.To {
		return nil
	}
	c.Time, c.Partition = s.Now(), directconnect.PartitionOf(c.Region)
	return tx.Record(c.Entry())
}

// Moved records what the operator has asked for, if no transaction has.
func (s *Service) Moved(ctx context.Context, err error) {
	call := recordedCall(ctx)
	if call == nil || call.kept || s.Audit == AuditOff {
		return
	}
	call.kept = true
	var refused *awsjson.Error
	if err != nil {
		refused = &awsjson.Error{Type: "Refused", Message: "The request was refused or failed."}
		if refusal, ok := errors.AsType[*Refusal](err); ok {
			refused.Message = refusal.Message
		}
	}
	s.keep(ctx, s.entry(ctx, call, nil, refused), true)
}

// recorded calls an operation and sees to it that a record of what may change something is kept before the answer leaves.
// Reads are left to Observed.
func (s *Service) recorded(ctx context.Context, o operation, in any) (any, error) {
	call := recordedCall(ctx)
	if call == nil {
		return o.call(s, ctx, callerOf(ctx), in)
	}
	call.operation, call.in, call.output = o.name, in, o.output
	if IsRead(o.name) {
		return o.call(s, ctx, callerOf(ctx), in)
	}
	if s.Audit != AuditOff {
		call.request, call.names = document(in) // here, and not in a transaction, which others wait for
	}
	out, err := o.call(s, ctx, callerOf(ctx), in)
	if !call.kept && s.Audit != AuditOff {
		call.kept = true
		s.keep(ctx, s.entry(ctx, call, out, WireErrorOf(ctx, err)), true)
	}
	return out, err
}

// WireErrorOf is WireError, and nil for nil.
func WireErrorOf(ctx context.Context, err error) *awsjson.Error {
	if err == nil {
		return nil
	}
	return WireError(ctx, err)
}

// Observed records a call that no transaction has recorded: a read, or what was stopped before its operation. refused is
// what the client was told, nil of a success.
func (s *Service) Observed(ctx context.Context, operation string, refused *awsjson.Error) {
	call := recordedCall(ctx)
	if call == nil || call.kept || operation == "" || s.Audit == AuditOff || s.Audit == AuditWrites && IsRead(operation) && !opensSession(operation) {
		return
	}
	call.kept, call.operation = true, operation
	for _, e := range s.entries(ctx, call, nil, refused) {
		s.keep(ctx, e, false)
	}
}

// keep writes a record that belongs to no other transaction: now, or soon.
func (s *Service) keep(ctx context.Context, e audit.Entry, now bool) {
	if s.Trail == nil {
		_ = s.Store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.Record(e) }) // the store's log says why
		return
	}
	s.Trail.add(ctx, e, now)
}

// entry makes the record of a call.
func (s *Service) entry(ctx context.Context, call *Call, out any, refused *awsjson.Error) audit.Entry {
	r, named := s.record(ctx, call, out, refused)
	return r.Entry(named)
}

func (s *Service) record(ctx context.Context, call *Call, out any, refused *awsjson.Error) (audit.Record, []audit.Named) {
	caller, proved := CallerOf(ctx)
	if call.RequestID == "" {
		call.RequestID = awsjson.RequestID(ctx)
	}
	r := audit.Record{
		Type: audit.APICall, Time: s.Now(), EventID: audit.NewEventID(), RequestID: call.RequestID, Source: audit.Service, Name: call.operation,
		Region: caller.Region, SourceIP: call.SourceIP, UserAgent: call.UserAgent, ReadOnly: IsRead(call.operation), Account: caller.Account,
		Identity: identityOf(caller, proved, call),
	}
	if refused != nil {
		r.ErrorCode, r.ErrorMessage = refused.Type, refused.Message
	}
	var asked, answered audit.Names
	switch {
	case call.request != nil:
		r.Request, asked = call.request, call.names
	case call.in != nil:
		r.Request, asked = document(call.in)
	}
	if call.tokens != nil {
		call.tokens.tell(&r)
		asked.Resources = call.tokens.names(r.Account)
	}
	if !r.ReadOnly && refused == nil && !absent(out) {
		r.Response, answered = document(out)
	}
	if call.Move != "" {
		asked.Resources = append(asked.Resources, call.tell(&r)...)
	}
	owner := answered.Owner
	if owner == "" {
		owner = caller.Account
	}
	named := asked.Resources
	if owner != r.Account && call.Move == "" { // who owns it finds it, too
		named = append(named, audit.Named{Kind: audit.Other, ID: owner})
	}
	for _, n := range asked.Resources {
		r.Resources = appendResource(r.Resources, n, caller, caller.Account)
	}
	for _, n := range answered.Resources {
		if !containsNamed(asked.Resources, n.ID) {
			named = append(named, n)
			r.Resources = appendResource(r.Resources, n, caller, owner)
		}
	}
	return r, named
}

func containsNamed(all []audit.Named, id string) bool {
	for _, n := range all {
		if n.ID == id {
			return true
		}
	}
	return false
}

func appendResource(all []audit.Resource, n audit.Named, caller Caller, owner string) []audit.Resource {
	if r, ok := n.Resource(caller.Partition(), caller.Region, owner); ok {
		all = append(all, r)
	}
	return all
}

// absent reports an output of an operation without members, or none.
func absent(out any) bool {
	if out == nil {
		return true
	}
	v := reflect.ValueOf(out)
	return v.Kind() == reflect.Pointer && (v.IsNil() || v.Elem().NumField() == 0)
}

// document is an input or output as it is recorded.
func document(v any) (json []byte, names audit.Names) {
	plain, err := awsjson.Append(nil, v)
	if err != nil {
		return []byte(`{"omitted":true,"reason":"cannot be written"}`), names
	}
	json, names, ok := audit.Mask(plain)
	if !ok {
		return []byte(`{"omitted":true,"reason":"cannot be masked"}`), audit.Names{}
	}
	return json, names
}

// identityOf is who asked. A key of the account's own is what CloudTrail calls its root user.
func identityOf(caller Caller, proved bool, call *Call) audit.Identity {
	switch {
	case call.Move != "" && !proved && !call.Unknown:
		return audit.Identity{Type: "Operator", UserName: call.By}
	case call.Move != "" && !proved:
		return audit.Identity{Type: "Unknown", UserName: call.By}
	case !proved:
		return audit.Identity{Type: "Unknown", AccessKeyID: call.ClaimedKey}
	}
	who := caller.Identity
	if who == nil {
		who = &Identity{Account: caller.Account}
	}
	partition := caller.Partition()
	i := audit.Identity{
		Type: "Root", PrincipalID: who.UserID(), ARN: who.ARN(partition), Account: who.Account, AccessKeyID: caller.AccessKeyID,
	}
	if who.Session != nil {
		i.Session = &audit.Session{Created: who.Session.Issued, Source: who.Session.By}
	}
	switch {
	case who.root():
	case who.Kind == store.Role:
		i.Type = "AssumedRole"
		i.Session.Issuer = audit.Identity{
			Type: "Role", PrincipalID: who.ID, ARN: roleARN(partition, who.Account, who.Name), Account: who.Account, UserName: who.Name,
		}
	default:
		i.Type, i.UserName = "IAMUser", who.Name
	}
	return i
}
