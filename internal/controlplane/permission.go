package controlplane

import (
	"errors"
	"log/slog"
	"sync"

	"onramp/internal/policy"
	"onramp/internal/store"
)

// permissions are the policies of a user or role, parsed.
type permissions struct {
	version  int64 // of the account's permissions, as of which they were read
	policies []policy.Policy
	tags     bool // some look at the tags of resources
}

const resourceTag = "aws:resourcetag/"

// permissionsOf answers what an identity is permitted. It costs one read unless something has changed in its account: that
// of the number which every change moves on. Who is no longer there is permitted nothing.
func (s *Service) permissionsOf(tx *store.Tx, id *Identity) (*permissions, error) {
	if id.Kind == store.Role && id.Name == OperatorRole {
		return operatorPermissions, nil
	}
	key := permissionKey{id.Account, id.Kind, id.Name}
	version, err := tx.Permissions(id.Account)
	if err != nil {
		return nil, err
	}
	if known := s.permissions.get(key); known != nil && known.version == version {
		return known, nil
	}
	p := &permissions{version: version}
	row, err := tx.Principal(id.Account, id.Kind, id.Name)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && row.ID != id.ID:
		return p, nil // another may have the name by now: nothing is remembered
	case err != nil:
		return nil, err
	}
	if p.policies, err = policiesOf(tx, row); err != nil {
		return nil, err
	}
	for _, one := range p.policies {
		p.tags = p.tags || one.Mentions(resourceTag)
	}
	s.permissions.put(key, p)
	return p, nil
}

// policiesOf reads and parses the policies that a principal has, its own ones first. A document that cannot be parsed, which
// none is that was put in by this version, permits nothing and denies everything.
func policiesOf(tx *store.Tx, row store.Principal) ([]policy.Policy, error) {
	var all []policy.Policy
	for _, name := range sortedNames(row.Inline) {
		all = append(all, parsed(name, row.Inline[name]))
	}
	for _, arn := range row.Attached {
		p, err := attachedPolicy(tx, row.Account, arn)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// attachedPolicy reads a policy by its ARN: one of an account's own, or one that every account has.
func attachedPolicy(tx *store.Tx, account, arn string) (policy.Policy, error) {
	if m, ok := policy.ManagedByARN(arn); ok {
		return m.Policy, nil
	}
	name, ok := ownPolicyName(account, arn)
	if !ok {
		return policy.Policy{}, store.ErrNotFound
	}
	row, err := tx.Policy(account, name)
	if err != nil {
		return policy.Policy{}, err
	}
	return parsed(policyARN(account, row.Name), row.Document), nil
}

var denyAll = func() *policy.Document {
	d, err := policy.Parse(policy.Identity, []byte(`{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`))
	if err != nil {
		panic(err)
	}
	return d
}()

func parsed(name, text string) policy.Policy {
	d, err := policy.Parse(policy.Identity, []byte(text))
	if err != nil {
		slog.Error("a stored policy cannot be read, so that it denies everything", "policy", name, "error", err)
		d = denyAll
	}
	return policy.Policy{Name: name, Document: d}
}

type permissionKey struct{ account, kind, name string }

// maxPermissions bounds what is remembered; an entry is a few kilobytes.
const maxPermissions = 10_000

// permissionCache remembers parsed policies. What it answers holds as long as its version does.
type permissionCache struct {
	mu      sync.RWMutex
	entries map[permissionKey]*permissions
}

func (c *permissionCache) get(key permissionKey) *permissions {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.entries[key]
}

func (c *permissionCache) put(key permissionKey, p *permissions) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil || len(c.entries) >= maxPermissions {
		c.entries = map[permissionKey]*permissions{} // cheap to fill again: one read each
	}
	c.entries[key] = p
}
