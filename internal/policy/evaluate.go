package policy

import (
	"slices"
	"strings"
)

// Effect is how a request fares.
type Effect int

const (
	ImplicitDeny Effect = iota // nothing allows it
	Allow
	ExplicitDeny // a statement denies it, whatever others allow
)

// String answers the names of the IAM policy simulator.
func (e Effect) String() string {
	return [...]string{"implicitDeny", "allowed", "explicitDeny"}[e]
}

// Request is what is asked.
type Request struct {
	Action   string // such as directconnect:CreateLag, in any case
	Resource string // an ARN; "*": none in particular
	Context  Context
}

// Policy is a document with the name that people know it by.
type Policy struct {
	Name string
	*Document
}

// Decision is how a request fares, and what decided it: nothing, when nothing allows it.
type Decision struct {
	Effect    Effect
	Policy    string // the name of the policy
	Statement int    // its place in the document, from 0
	SID       string
}

// Decide evaluates a request against the policies of an identity. With none, nothing is allowed.
func Decide(policies []Policy, r *Request) Decision {
	action := strings.ToLower(r.Action)
	var found Decision
	for _, p := range policies {
		for i := range p.Statements {
			s := &p.Statements[i]
			if s.Allow && found.Effect == Allow || !s.matches(action, r) {
				continue
			}
			found = Decision{Effect: Allow, Policy: p.Name, Statement: i, SID: s.SID}
			if !s.Allow {
				found.Effect = ExplicitDeny
				return found
			}
		}
	}
	return found
}

// matches reports whether a statement of an identity's policy is about the request.
func (s *Statement) matches(action string, r *Request) bool {
	return s.isAbout(action) &&
		slices.ContainsFunc(s.resources, func(p pattern) bool { return p.matchesARN(r.Resource, r.Context) }) != s.notRes &&
		s.applies(r.Context)
}

func (s *Statement) isAbout(action string) bool {
	return slices.ContainsFunc(s.actions, func(p pattern) bool { return p.matches(action, nil) }) != s.notAction
}

// applies reports whether all conditions hold.
func (s *Statement) applies(c Context) bool {
	for i := range s.conditions {
		if !s.conditions[i].holds(c) {
			return false
		}
	}
	return true
}
