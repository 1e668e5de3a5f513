package controlplane

import (
	"context"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
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
func (c *Call) tell(r *audit.Record) (named []audit.Named) {
	r.Source, r.Name = audit.Operator, c.Move
	r.Request = audit.ObjectOf(audit.Object("path", c.Path), c.members)
	subjects := c.subjects[:min(len(c.subjects), mostSubjects)]
	for _, account := range []string{c.Account, soleOwner(subjects)} {
		if r.Account == "" {
			r.Account = account
		}
	}
	made := ""
	if r.ErrorCode == "" && c.made != "" {
		made, r.Response = c.made, audit.Object("id", c.made)
	}
	ids := append([]string{c.Target, made}, c.Beside...)
	for _, s := range subjects {
		ids = append(ids, s.ID)
		if resource, ok := s.Resource(directconnect.PartitionOf(s.region), s.region, s.account); ok && s.region != "" {
			r.Resources = append(r.Resources, resource)
		}
	}
	for _, s := range subjects { // by its own identifier an account finds what is not in its trail
		for _, account := range []string{s.account, s.other} {
			if account != r.Account {
				ids = append(ids, account)
			}
		}
	}
	for _, id := range ids {
		if id != "" && !containsNamed(named, id) {
			named = append(named, audit.Named{Kind: audit.Other, ID: id})
		}
	}
	return named
}
