package controlplane

import (
	"context"
	"strings"
	"time"

	"onramp/internal/policy"
	"onramp/internal/store"
)

// Question is what a dry evaluation asks: may this principal, or whoever had this policy, do that?
type Question struct {
	Kind, Name string // of the principal; or
	Document   string // a policy
	Action     string
	Resource   string // an ARN; empty: "*"
	Context    map[string][]string
}

// Answered is how it would fare.
type Answered struct {
	policy.Decision
	Principal string // ARN, unless a document was asked about
}

// CheckPolicy evaluates a question without anything being done. What conditions look at is in the question, but for who asks
// and what time it is.
func (s *Service) CheckPolicy(ctx context.Context, account string, q Question) (Answered, error) {
	if err := checkAction(q.Action); err != nil {
		return Answered{}, err
	}
	r := &policy.Request{Action: q.Action, Resource: q.Resource, Context: policy.Context{}}
	if r.Resource == "" {
		r.Resource = "*"
	}
	id := &Identity{Kind: store.User, Account: account, Name: "somebody"}
	p := &permissions{}
	answered := Answered{}
	if q.Document != "" {
		d, err := policy.Parse(policy.Identity, []byte(q.Document))
		if err != nil {
			return Answered{}, refuse(Invalid, "The policy document is not valid: %s.", err)
		}
		p.policies = []policy.Policy{{Name: "document", Document: d}}
	} else {
		err := s.Store.View(ctx, func(tx *store.Tx) error {
			row, err := principalOf(tx, account, q.Kind, q.Name)
			if err != nil {
				return err
			}
			id = &Identity{Kind: row.Kind, Account: account, Name: row.Name, ID: row.ID}
			answered.Principal = principalARN(row)
			p, err = s.permissionsOf(tx, id)
			return err
		})
		if err != nil {
			return Answered{}, err
		}
	}
	if id.Kind == store.Role {
		id.Session = &Session{Name: "policy-check", Issued: time.Now()}
	}
	caller := Caller{Account: account, Region: regionOf(r.Resource), Identity: id}
	r.Context = caller.conditions(time.Now())
	for key, values := range q.Context {
		r.Context[strings.ToLower(key)] = values
	}
	answered.Decision = policy.Decide(p.policies, r)
	return answered, nil
}

// checkAction refuses what this server has no operation of, or does not ask policies about: an answer would say nothing.
func checkAction(action string) error {
	service, operation, ok := strings.Cut(action, ":")
	if !ok || service == "" || operation == "" {
		return refuse(Invalid, "%.256q is not an action such as directconnect:CreateConnection.", action)
	}
	for _, o := range operations {
		if strings.EqualFold(action, actionPrefix+o.name) {
			return nil
		}
	}
	for _, name := range TokenOperations() {
		switch {
		case !strings.EqualFold(action, actionToken+name):
		case name == assumeRole:
			return nil
		default:
			return refuse(Invalid, "Everybody may ask for %s, whatever policies say.", actionToken+name)
		}
	}
	return refuse(Invalid, "There is no operation %.256q.", action)
}

// regionOf is the Region of an ARN, us-east-1 of what has none.
func regionOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 5); len(parts) == 5 && parts[3] != "" && parts[3] != "*" {
		return parts[3]
	}
	return "us-east-1"
}
