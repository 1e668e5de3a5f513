package controlplane

import (
	"context"

	"onramp/internal/audit"
)

// AskedOfMove tells of a member of a move's request what may be recorded: what is not told here stays out of the record.
// value is JSON.
func AskedOfMove(ctx context.Context, name string, value []byte) {
	if call := recordedCall(ctx); call != nil && call.Move != "" {
		call.members = append(call.members, audit.Member{Name: name, Value: value})
	}
}

// madeByMove tells the record of a move what it has made, and whose that is, if anybody's.
func madeByMove(ctx context.Context, account, id string) {
	call := recordedCall(ctx)
	if call == nil || call.Move == "" {
		return
	}
	call.made = id
	aboutAccount(ctx, account)
}

// aboutAccount tells the record of a move whose the thing is that it is about, if anybody's.
func aboutAccount(ctx context.Context, account string) {
	if call := recordedCall(ctx); call != nil && call.Move != "" && account != "" {
		call.Account = account
	}
}

// tell puts into a record what the operator has asked for, and answers what that is about.
func (c *Call) tell(r *audit.Record) (about []audit.Named) {
	r.Source, r.Name = audit.Operator, c.Move
	r.Request = audit.ObjectOf(audit.Object("path", c.Path), c.members)
	if r.Account == "" {
		r.Account = c.Account
	}
	made := ""
	if r.ErrorCode == "" && c.made != "" {
		made, r.Response = c.made, audit.Object("id", c.made)
	}
	for _, id := range append([]string{c.Target, made}, c.Beside...) {
		if id != "" && !containsNamed(about, id) {
			about = append(about, audit.Named{Kind: audit.Other, ID: id})
		}
	}
	return about
}
