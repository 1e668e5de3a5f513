package controlplane

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"time"

	"onramp/internal/api"
	"onramp/internal/awsjson"
	"onramp/internal/directconnect"
	"onramp/internal/policy"
	"onramp/internal/store"
)

const (
	actionPrefix = "directconnect:"
	actionTag    = actionPrefix + "TagResource"
)

// authorize tells why a caller may not do what it asks for, nil if it may. The account itself may do everything, which costs
// nothing to find out.
func (s *Service) authorize(ctx context.Context, caller Caller, operation string, in any) error {
	if caller.Identity.root() {
		return nil
	}
	n := requirementOf[operation](in)
	now := time.Now() // of the real world, as for signatures: policies are about those who ask, not about the routers
	return s.Store.Glance(ctx, func(tx *store.Tx) error {
		p, err := s.permissionsOf(tx, caller.Identity)
		if err != nil {
			return err
		}
		return s.permit(tx, caller, p, n, actionPrefix+operation, caller.conditions(now))
	})
}

// permit asks for each thing that a request needs.
func (s *Service) permit(tx *store.Tx, caller Caller, p *permissions, n need, action string, conditions policy.Context) error {
	own := withTags(conditions, "aws:requesttag/", n.tags)
	if len(n.keys) > 0 {
		own["aws:tagkeys"] = n.keys
	}
	if len(n.on) == 0 {
		if err := caller.may(p, &policy.Request{Action: action, Resource: "*", Context: own}); err != nil {
			return err
		}
	}
	for _, r := range n.on {
		name, on, err := s.resourceConditions(tx, caller, p, r, own)
		if err != nil {
			return err
		}
		if err := caller.may(p, &policy.Request{Action: action, Resource: name, Context: on}); err != nil {
			return err
		}
	}
	for _, made := range n.makes {
		arn, _ := resource{kind: made.kind, id: "*"}.name(caller)
		err := caller.may(p, &policy.Request{
			Action: actionTag, Resource: arn.String(), Context: withTags(conditions, "aws:requesttag/", made.tags),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// resourceConditions is a resource's name, and the keys that depend on it. Its tags are read only if a policy looks at them,
// and are those of what is the caller's own: nobody else sees them.
func (s *Service) resourceConditions(tx *store.Tx, caller Caller, p *permissions, r resource, own policy.Context) (string, policy.Context, error) {
	if r.join != "" {
		a, err := tx.Association(strings.ReplaceAll(r.join, "\x00", ""))
		switch {
		case err == nil:
			r.id = a.GatewayID
		case !errors.Is(err, store.ErrNotFound):
			return "", nil, err
		}
	}
	arn, valid := r.name(caller)
	if !valid {
		return r.arn, own, nil
	}
	name := arn.String()
	on := maps.Clone(own)
	on["aws:resourceaccount"] = []string{arn.Account}
	if !p.tags && !sessionLooksAtTags(caller.Identity) || arn.ID == "*" || arn.Account != caller.Account || strings.ContainsRune(arn.ID, 0) {
		return name, on, nil
	}
	at := caller
	if arn.Region != "" {
		at.Region = arn.Region
	}
	found, err := s.taggable(tx, at, arn)
	if _, rule := errors.AsType[*directconnect.Error](err); rule {
		return name, on, nil // there is no such thing, which the operation will say
	}
	if err != nil {
		return "", nil, err
	}
	for _, tag := range found.tags {
		key := tagKey(resourceTag, tag.Key)
		on[key] = append(on[key], tag.Value)
	}
	return name, on, nil
}

func sessionLooksAtTags(id *Identity) bool {
	if id.Session == nil {
		return false
	}
	for _, p := range id.Session.Policies {
		if p.Mentions(resourceTag) {
			return true
		}
	}
	return false
}

// withTags is the context with the tags of a request.
func withTags(c policy.Context, prefix string, tags []api.Tag) policy.Context {
	c = maps.Clone(c)
	for _, tag := range tags {
		name := value(tag.Key)
		key := tagKey(prefix, name)
		c[key] = append(c[key], value(tag.Value))
		c["aws:tagkeys"] = append(c["aws:tagkeys"], name)
	}
	return c
}

// may decides a request by the policies of the identity and those of its session: both must allow it.
func (c Caller) may(p *permissions, r *policy.Request) error {
	decided := c.decide(p, r, policy.ToAccount)
	if decided.Effect == policy.Allow {
		return nil
	}
	return denied(c, r, decided.Effect, decided.by)
}

// decision is one with the kind of policies that denied it.
type decision struct {
	policy.Decision
	by string
}

// decide evaluates a request by the policies of the identity and those of its session. What one of them denies is denied;
// otherwise each of them must allow it, unless a trust policy's grant stands for that.
func (c Caller) decide(p *permissions, r *policy.Request, granted policy.Grant) decision {
	own, session := policy.Decide(p.policies, r), policy.Decision{Effect: policy.Allow}
	if c.Identity.Session != nil && len(c.Identity.Session.Policies) > 0 {
		session = policy.Decide(c.Identity.Session.Policies, r)
	}
	switch {
	case own.Effect == policy.ExplicitDeny:
		return decision{own, "identity-based"}
	case session.Effect == policy.ExplicitDeny:
		return decision{session, "session"}
	case own.Effect != policy.Allow && granted < policy.ToRole:
		return decision{own, "identity-based"}
	case session.Effect != policy.Allow && granted < policy.ToAsker:
		return decision{session, "session"}
	}
	return decision{Decision: policy.Decision{Effect: policy.Allow}}
}

// maxEchoed bounds what a message repeats of a request.
const maxEchoed = 512

// denied is the answer to what is not permitted ("Access denied error message examples" of the IAM user guide).
func denied(c Caller, r *policy.Request, effect policy.Effect, kind string) error {
	why := "because no " + kind + " policy allows the " + r.Action + " action"
	if effect == policy.ExplicitDeny {
		article := "a "
		if kind == "identity-based" {
			article = "an "
		}
		why = "with an explicit deny in " + article + kind + " policy"
	}
	on := r.Resource
	if len(on) > maxEchoed {
		on = strings.ToValidUTF8(on[:maxEchoed], "") + "..."
	}
	return &awsjson.Error{
		Type:    "AccessDeniedException",
		Message: "User: " + c.Identity.ARN(c.Partition()) + " is not authorized to perform: " + r.Action + " on resource: " + on + " " + why,
		Status:  http.StatusBadRequest,
	}
}
