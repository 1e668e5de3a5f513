package controlplane

import (
	"context"
	"slices"
	"time"

	"onramp/internal/policy"
	"onramp/internal/store"
)

// Wish is an operation that somebody may want to call, with its input as far as it is known: a pointer to its wire struct,
// in which what they will choose or type in is absent.
type Wish struct {
	Operation string
	In        any
}

// Possible answers of each wish whether a caller could be permitted to call the operation, so that what will be denied need
// not be offered. It permits nothing: the operation itself asks again. Of the account itself everything is possible, at no
// cost; of others each call is one glance at the store.
func (s *Service) Possible(ctx context.Context, caller Caller, wishes []Wish) ([]bool, error) {
	answers := make([]bool, len(wishes))
	if caller.Identity.root() {
		for i := range answers {
			answers[i] = true
		}
		return answers, nil
	}
	conditions := caller.conditions(time.Now()) // as authorize
	err := s.Store.Glance(ctx, func(tx *store.Tx) error {
		p, err := s.permissionsOf(tx, caller.Identity)
		if err != nil {
			return err
		}
		for i, w := range wishes {
			if answers[i], err = s.possible(tx, caller, p, w, conditions); err != nil {
				return err
			}
		}
		return nil
	})
	return answers, err
}

// unsaid are the keys that only the request itself will have, and of resources that are not chosen yet their tags.
var unsaid = []string{"aws:requesttag/", "aws:tagkeys"}

func (s *Service) possible(tx *store.Tx, caller Caller, p *permissions, w Wish, conditions policy.Context) (bool, error) {
	n := requirementOf[w.Operation](w.In)
	if len(n.on) == 0 { // what it is about may yet be chosen
		q := policy.Request{Action: actionPrefix + w.Operation, Resource: "*", Context: conditions}
		return caller.could(p, &policy.Prospect{Request: q, Unchosen: true, Unsaid: append(slices.Clone(unsaid), resourceTag)}), nil
	}
	for _, r := range n.on {
		name, on, err := s.resourceConditions(tx, caller, p, r, conditions)
		if err != nil {
			return false, err
		}
		q := &policy.Prospect{Request: policy.Request{Action: actionPrefix + w.Operation, Resource: name, Context: on}, Unsaid: unsaid}
		if r.id == "*" && r.join == "" {
			q.Unchosen, q.Unsaid = true, append(slices.Clone(unsaid), resourceTag)
		}
		if !caller.could(p, q) {
			return false, nil
		}
	}
	return true, nil
}

// could is decide for a prospect.
func (c Caller) could(p *permissions, q *policy.Prospect) bool {
	if !policy.Possible(p.policies, q) {
		return false
	}
	session := c.Identity.Session
	return session == nil || len(session.Policies) == 0 || policy.Possible(session.Policies, q)
}
