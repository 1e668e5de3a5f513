package operator

import (
	"context"
	"net/url"
)

// Users and Roles are the two kinds of principals, as paths name them.
const (
	Users = "users"
	Roles = "roles"
)

func principalPath(account, kind string, more ...string) string {
	path := "/v1/accounts/" + url.PathEscape(account) + "/" + kind
	for _, part := range more {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// AddPrincipal makes a user or role; in names it.
func (c *Client) AddPrincipal(ctx context.Context, account, kind string, in PrincipalChange) (Principal, error) {
	return ask[Principal](ctx, c, "POST", principalPath(account, kind), nil, in)
}

// SetPrincipal changes a user or role.
func (c *Client) SetPrincipal(ctx context.Context, account, kind, name string, in PrincipalChange) (Principal, error) {
	return ask[Principal](ctx, c, "PATCH", principalPath(account, kind, name), nil, in)
}

// Principal answers a user or role.
func (c *Client) Principal(ctx context.Context, account, kind, name string) (Principal, error) {
	return ask[Principal](ctx, c, "GET", principalPath(account, kind, name), nil, nil)
}

// Principals lists all users or roles of an account.
func (c *Client) Principals(ctx context.Context, account, kind string) ([]Principal, error) {
	return everyName(ctx, c, principalPath(account, kind), func(p Principal) string { return p.Name })
}

// RemovePrincipal removes a user with its access keys, or a role.
func (c *Client) RemovePrincipal(ctx context.Context, account, kind, name string) error {
	return c.call(ctx, "DELETE", principalPath(account, kind, name), nil, nil, nil)
}

// AttachPolicy gives a user or role a policy, by ARN or name.
func (c *Client) AttachPolicy(ctx context.Context, account, kind, name, policy string) (Principal, error) {
	return ask[Principal](ctx, c, "POST", principalPath(account, kind, name, "attach"), nil, map[string]string{"policy": policy})
}

// DetachPolicy takes it away.
func (c *Client) DetachPolicy(ctx context.Context, account, kind, name, policy string) (Principal, error) {
	return ask[Principal](ctx, c, "POST", principalPath(account, kind, name, "detach"), nil, map[string]string{"policy": policy})
}

// PutInlinePolicy gives a user or role a policy of its own; an empty document takes it away.
func (c *Client) PutInlinePolicy(ctx context.Context, account, kind, name, policy, document string) (Principal, error) {
	path := principalPath(account, kind, name, "policies", policy)
	if document == "" {
		return ask[Principal](ctx, c, "DELETE", path, nil, nil)
	}
	return ask[Principal](ctx, c, "PUT", path, nil, map[string]string{"document": document})
}

// AddPolicy makes a policy of an account.
func (c *Client) AddPolicy(ctx context.Context, account, name, document string) (Policy, error) {
	return ask[Policy](ctx, c, "POST", principalPath(account, "policies"), nil, map[string]string{"name": name, "document": document})
}

// SetPolicy puts another document in the place of a policy's.
func (c *Client) SetPolicy(ctx context.Context, account, name, document string) (Policy, error) {
	return ask[Policy](ctx, c, "PUT", principalPath(account, "policies", name), nil, map[string]string{"document": document})
}

// Policy answers a policy by name or ARN.
func (c *Client) Policy(ctx context.Context, account, name string) (Policy, error) {
	return ask[Policy](ctx, c, "GET", principalPath(account, "policies", name), nil, nil)
}

// Policies lists the policies of an account, and those that every account has.
func (c *Client) Policies(ctx context.Context, account string) ([]Policy, error) {
	return everyName(ctx, c, principalPath(account, "policies"), func(p Policy) string { return p.Name })
}

// RemovePolicy removes a policy that nobody has.
func (c *Client) RemovePolicy(ctx context.Context, account, name string) error {
	return c.call(ctx, "DELETE", principalPath(account, "policies", name), nil, nil, nil)
}

// CheckPolicy evaluates a question without anything being done.
func (c *Client) CheckPolicy(ctx context.Context, account string, q PolicyQuestion) (PolicyAnswer, error) {
	return ask[PolicyAnswer](ctx, c, "POST", principalPath(account, "policy-check"), nil, q)
}

// everyName collects a list whose pages go on behind a name.
func everyName[T any](ctx context.Context, c *Client, path string, name func(T) string) (all []T, err error) {
	query := url.Values{}
	for {
		var page []T
		if err := c.call(ctx, "GET", path, query, nil, &page); err != nil {
			return nil, err
		}
		if all = append(all, page...); len(page) < principalPage {
			return all, nil
		}
		query.Set("after", name(page[len(page)-1]))
	}
}
