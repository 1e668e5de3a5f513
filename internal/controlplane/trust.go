package controlplane

import (
	"context"
	"errors"
	"log/slog"

	"onramp/internal/policy"
	"onramp/internal/store"
)

// holderOf is who has a name that a trust policy names, spelled as it is there; store.ErrNotFound if nobody has.
func holderOf(tx *store.Tx, of policy.Named) (store.Principal, error) {
	find := func() (store.Principal, error) { return tx.Principal(of.Account, of.Kind, of.Name) }
	if of.Kind == store.Role {
		find = func() (store.Principal, error) { return roleOf(tx, of.Account, of.Name) }
	}
	p, err := find()
	if err == nil && p.Name != of.Name {
		err = store.ErrNotFound // names are looked up in any case, but a request is compared with what is written
	}
	return p, err
}

// bindTrust binds the names in a role's trust policy to who has them now. Whoever comes to a name later is somebody else:
// otherwise a user who may make users could become one whom a role trusts ("AWS JSON policy elements: Principal").
// A name that nobody has is refused, as AWS does.
func bindTrust(tx *store.Tx, role *store.Principal) error {
	d, err := policy.Parse(policy.Trust, []byte(role.Trust))
	if err != nil {
		return err
	}
	role.TrustIDs = map[string]string{}
	for _, named := range d.Named() {
		p, err := holderOf(tx, named)
		if errors.Is(err, store.ErrNotFound) {
			return refuse(Invalid, "The policy document is not valid: account %s has no %s %.64q that could be trusted.", named.Account, named.Kind, named.Name)
		}
		if err != nil {
			return err
		}
		role.TrustIDs[named.String()] = p.ID
	}
	return nil
}

// principalsAtOnce is how many users and roles BindTrusts reads at once.
const principalsAtOnce = 1000

// BindTrusts binds the trust policies that an earlier program kept by name alone. What it cannot know is whether a name had
// changed hands before; a name that nobody has is nobody's from now on.
func (s *Service) BindTrusts(ctx context.Context) error {
	var last store.Principal
	for {
		var page []store.Principal
		err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
			page, err = tx.EveryPrincipal(last, principalsAtOnce)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, role := range page {
			if role.Kind != store.Role || role.TrustIDs != nil {
				continue
			}
			if err := s.bindEarlier(ctx, role); err != nil {
				return err
			}
		}
		last = page[len(page)-1]
	}
}

func (s *Service) bindEarlier(ctx context.Context, role store.Principal) error {
	d, err := policy.Parse(policy.Trust, []byte(role.Trust))
	if err != nil {
		slog.Error("a stored trust policy cannot be read, so that nobody can assume the role", "account", role.Account, "role", role.Name, "error", err)
		return nil
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		ids := map[string]string{}
		for _, named := range d.Named() {
			p, err := holderOf(tx, named)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			ids[named.String()] = p.ID
		}
		bound := role
		bound.TrustIDs = ids
		return tx.PutPrincipal(&bound)
	})
	if errors.Is(err, store.ErrConflict) { // another server has done it, or an operator has changed it, which binds it, too
		err = nil
	}
	return err
}

// LostTrust tells whom a role's trust policy names in vain, by ARN: each was removed, and the ID is what it had. Who has such a
// name today is not trusted until the policy is put anew.
func (s *Service) LostTrust(ctx context.Context, role Principal) (lost map[string]string, err error) {
	if len(role.TrustIDs) == 0 {
		return nil, nil
	}
	d, err := policy.Parse(policy.Trust, []byte(role.Trust))
	if err != nil {
		return nil, nil //nolint:nilerr // such a role trusts nobody, which BindTrusts has told
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		lost = nil
		for _, named := range d.Named() {
			id, bound := role.TrustIDs[named.String()]
			p, err := holderOf(tx, named)
			switch {
			case err != nil && !errors.Is(err, store.ErrNotFound):
				return err
			case bound && (err != nil || p.ID != id):
				if lost == nil {
					lost = map[string]string{}
				}
				lost["arn:aws:"+named.String()] = id
			}
		}
		return nil
	})
	return lost, err
}
