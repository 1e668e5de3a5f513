package operator

import (
	"context"
	"net/http"
	"time"

	"onramp/internal/controlplane"
)

// principalPage is how many users, roles or policies one answer holds; ?after= goes on behind a name.
const principalPage = 1000

// Principal is a user or role of an account.
type Principal struct {
	Name     string            `json:"name"`
	ARN      string            `json:"arn"`
	ID       string            `json:"id"`
	Created  time.Time         `json:"created,omitzero"`
	Attached []string          `json:"attached"`           // policies by ARN
	Inline   map[string]string `json:"policies,omitempty"` // its own: documents by name
	Keys     []AccessKey       `json:"accessKeys,omitempty"`
	Operator bool              `json:"operator,omitempty"`

	Trust             string            `json:"trust,omitempty"`     // of roles, a document
	TrustLost         map[string]string `json:"trustLost,omitempty"` // whom it names in vain: unique IDs of those removed, by ARN
	MaxSessionSeconds int               `json:"maxSessionSeconds,omitempty"`
	Revoked           time.Time         `json:"revoked,omitzero"`
}

// PrincipalChange is the body of POST and PATCH: what is absent stays. Name and Attach are for POST only.
type PrincipalChange struct {
	Name              string   `json:"name,omitempty" audit:"yes"`
	Attach            []string `json:"attach,omitempty" audit:"yes"` // policies by ARN or name
	Operator          *bool    `json:"operator,omitempty" audit:"yes"`
	Trust             *string  `json:"trust,omitempty" audit:"assumeRolePolicyDocument"`
	MaxSessionSeconds *int     `json:"maxSessionSeconds,omitempty" audit:"yes"`
	Revoke            bool     `json:"revoke,omitempty" audit:"yes"`
}

func (in PrincipalChange) change() controlplane.PrincipalChange {
	c := controlplane.PrincipalChange{Operator: in.Operator, Trust: in.Trust, Revoke: in.Revoke}
	if in.MaxSessionSeconds != nil {
		most := time.Duration(*in.MaxSessionSeconds) * time.Second
		c.MaxSession = &most
	}
	return c
}

func principalOf(p controlplane.Principal, keys []controlplane.AccessKey) Principal {
	out := Principal{
		Name: p.Name, ARN: controlplane.PrincipalARN(p), ID: p.ID, Created: p.Created, Attached: p.Attached, Inline: p.Inline,
		Operator: p.Operator, Trust: p.Trust, MaxSessionSeconds: int(p.MaxSession / time.Second), Revoked: p.Revoked,
	}
	if out.Attached == nil {
		out.Attached = []string{}
	}
	for _, k := range keys {
		out.Keys = append(out.Keys, accessKeyOf(k))
	}
	return out
}

// PolicyChoice names a policy, by ARN or name.
type PolicyChoice struct {
	Policy string `json:"policy" audit:"yes"`
}

// principalRoutes are those of users and roles.
func (a *api) principalRoutes() (routes []route) {
	for _, of := range []struct{ path, kind, what string }{{Users, controlplane.User, "user"}, {Roles, controlplane.Role, "role"}} {
		p, all := principals{a, of.kind}, "/v1/accounts/{id}/"+of.path
		one := all + "/{name}"
		routes = append(routes, []route{
			{pattern: "GET " + all, summary: "List an account's " + of.path + ".", out: []Principal{}, query: []parameter{afterParameter}, handle: p.list},
			{pattern: "POST " + all, summary: "Make a " + of.what + ".", in: PrincipalChange{}, out: created{Principal{}}, handle: p.add},
			{pattern: "GET " + one, summary: "Show a " + of.what + ".", out: Principal{}, handle: p.show},
			{pattern: "PATCH " + one, summary: "Change a " + of.what + ".", in: PrincipalChange{}, out: Principal{}, handle: p.set},
			{pattern: "DELETE " + one, summary: "Remove a " + of.what + ".", handle: p.remove},
			{pattern: "POST " + one + "/attach", summary: "Give a " + of.what + " a policy.", in: PolicyChoice{}, out: Principal{}, handle: p.attach(a.Service.AttachPolicy)},
			{pattern: "POST " + one + "/detach", summary: "Take a policy away from a " + of.what + ".", in: PolicyChoice{}, out: Principal{}, handle: p.attach(a.Service.DetachPolicy)},
			{pattern: "PUT " + one + "/policies/{policy}", summary: "Give a " + of.what + " a policy of its own.", in: PolicyDocument{}, out: Principal{}, handle: p.putInline},
			{pattern: "DELETE " + one + "/policies/{policy}", summary: "Remove a " + of.what + "'s own policy.", out: Principal{}, handle: p.removeInline},
		}...)
	}
	return routes
}

// principals handles requests about one kind of them.
type principals struct {
	*api
	kind string
}

func (p principals) list(ctx context.Context, r *http.Request) (any, error) {
	all, err := p.Service.Principals(ctx, r.PathValue("id"), p.kind, r.URL.Query().Get("after"), principalPage)
	if err != nil {
		return nil, err
	}
	list := make([]Principal, len(all))
	for i, one := range all {
		list[i] = principalOf(one, nil)
	}
	return list, nil
}

func (p principals) add(ctx context.Context, r *http.Request) (any, error) {
	var in PrincipalChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	made, err := p.Service.AddPrincipal(ctx, r.PathValue("id"), p.kind, in.Name, in.change(), in.Attach)
	if err != nil {
		return nil, err
	}
	return created{principalOf(made, nil)}, nil
}

func (p principals) show(ctx context.Context, r *http.Request) (any, error) {
	found, keys, err := p.Service.Principal(ctx, r.PathValue("id"), p.kind, r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	out := principalOf(found, keys)
	out.TrustLost, err = p.Service.LostTrust(ctx, found)
	return out, err
}

func (p principals) set(ctx context.Context, r *http.Request) (any, error) {
	var in PrincipalChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if in.Name != "" || in.Attach != nil {
		return nil, problem(http.StatusBadRequest, "A name cannot be changed, and policies are attached one by one.")
	}
	return shown(p.Service.SetPrincipal(ctx, r.PathValue("id"), p.kind, r.PathValue("name"), in.change()))
}

func (p principals) remove(ctx context.Context, r *http.Request) (any, error) {
	return nil, p.Service.RemovePrincipal(ctx, r.PathValue("id"), p.kind, r.PathValue("name"))
}

func (p principals) attach(move func(ctx context.Context, account, kind, name, of string) (controlplane.Principal, error)) handler {
	return func(ctx context.Context, r *http.Request) (any, error) {
		var in PolicyChoice
		if err := readJSON(r, &in); err != nil {
			return nil, err
		}
		return shown(move(ctx, r.PathValue("id"), p.kind, r.PathValue("name"), in.Policy))
	}
}

func (p principals) putInline(ctx context.Context, r *http.Request) (any, error) {
	document, err := readDocument(r)
	if err != nil {
		return nil, err
	}
	return shown(p.Service.PutInlinePolicy(ctx, r.PathValue("id"), p.kind, r.PathValue("name"), r.PathValue("policy"), document))
}

func (p principals) removeInline(ctx context.Context, r *http.Request) (any, error) {
	return shown(p.Service.PutInlinePolicy(ctx, r.PathValue("id"), p.kind, r.PathValue("name"), r.PathValue("policy"), ""))
}

func shown(p controlplane.Principal, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return principalOf(p, nil), nil
}
