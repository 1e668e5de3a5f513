package controlplane

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"onramp/internal/policy"
	"onramp/internal/store"
)

var policyName = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{1,128}$`)

// How long documents may be, in characters that are no blanks ("IAM and AWS STS quotas").
const (
	maxManaged = 6144
	maxInline  = 10240
	maxTrust   = 4096
)

// checkDocument parses a policy document for an operator.
func checkDocument(kind policy.Kind, text string, most int) error {
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	if n > most {
		return refuse(Invalid, "The policy document has %d characters; at most %d are allowed.", n, most)
	}
	if _, err := policy.Parse(kind, []byte(text)); err != nil {
		return refuse(Invalid, "The policy document is not valid: %s.", err)
	}
	return nil
}

// notManaged refuses the names of the policies that every account has, in any case: a name stands for one policy, whichever
// verb it is said to.
func notManaged(name string) error {
	for _, m := range policy.ManagedPolicies() {
		if strings.EqualFold(m.Name, name) {
			return refuse(Conflict, "Every account has the policy %s, which cannot be changed or removed; an account's own needs another name.", m.Name)
		}
	}
	return nil
}

// PutPolicy makes a policy of an account, or with replace puts another document in its place, which holds at once for all who
// have it.
func (s *Service) PutPolicy(ctx context.Context, account, name, document string, replace bool) (store.Policy, error) {
	if !policyName.MatchString(name) {
		return store.Policy{}, refuse(Invalid, "%q is not a name of a policy: that is 1 to 128 letters, digits and characters of _+=,.@-", name)
	}
	if err := notManaged(name); err != nil {
		return store.Policy{}, err
	}
	if err := checkDocument(policy.Identity, document, maxManaged); err != nil {
		return store.Policy{}, err
	}
	var p store.Policy
	err := s.update(ctx, func(tx *store.Tx) (err error) {
		if _, err := configuredAccount(tx, account); err != nil {
			return err
		}
		p, err = tx.Policy(account, name)
		switch {
		case err == nil && !replace:
			return refuse(Conflict, "There is a policy %s already.", p.Name)
		case errors.Is(err, store.ErrNotFound) && replace:
			return refuse(Missing, "Account %s has no policy %q.", account, name)
		case errors.Is(err, store.ErrNotFound):
			p = store.Policy{Account: account, Name: name, Created: s.Now()}
		case err != nil:
			return err
		}
		if !replace {
			madeByMove(ctx, account, name)
		}
		p.Document, p.Updated = document, s.Now()
		return tx.PutPolicy(&p)
	})
	s.credentials.forget() // sessions remember the policies that they were opened with
	return p, err
}

// Policy answers a policy by name or ARN, one that every account has included, and who has it.
func (s *Service) Policy(ctx context.Context, account, of string) (p store.Policy, holders []store.Principal, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		arn, err := policyToAttach(tx, account, of)
		if err != nil {
			return err
		}
		if m, ok := policy.ManagedByARN(arn); ok {
			p = store.Policy{Name: m.Name, Document: m.Text}
		} else if p, err = tx.Policy(account, strings.TrimPrefix(arn, policyARN(account, ""))); err != nil {
			return err
		}
		holders, err = holdersOf(tx, account, arn)
		return err
	})
	return p, holders, err
}

// Policies lists an account's own policies by name, from the one after the given; at most limit of them.
func (s *Service) Policies(ctx context.Context, account, after string, limit int) (all []store.Policy, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if _, err = configuredAccount(tx, account); err != nil {
			return err
		}
		all, err = tx.Policies(account, after, limit)
		return err
	})
	return all, err
}

// ManagedPolicies lists the policies that every account has, by name. They are of no account and have no times.
func ManagedPolicies() []Policy {
	var all []Policy
	for _, m := range policy.ManagedPolicies() {
		all = append(all, Policy{Name: m.Name, Document: m.Text})
	}
	return all
}

// PolicyARN names a policy as it is attached.
func PolicyARN(p Policy) string {
	if p.Account == "" {
		return "arn:aws:iam::aws:policy/" + p.Name
	}
	return policyARN(p.Account, p.Name)
}

// PrincipalARN names a user or role as policies do.
func PrincipalARN(p Principal) string { return principalARN(p) }

// RemovePolicy removes a policy that nobody has.
func (s *Service) RemovePolicy(ctx context.Context, account, name string) error {
	defer s.credentials.forget() // sessions remember the policies that they were opened with
	return s.update(ctx, func(tx *store.Tx) error {
		if _, err := configuredAccount(tx, account); err != nil {
			return err
		}
		p, err := tx.Policy(account, name)
		if errors.Is(err, store.ErrNotFound) { // an account may still have one that an earlier program took under such a name
			if managed := notManaged(name); managed != nil {
				return managed
			}
		}
		if err != nil {
			return missing(err, "Account %s has no policy %q.", account, name)
		}
		holders, err := holdersOf(tx, account, policyARN(account, p.Name))
		if err != nil {
			return err
		}
		if len(holders) > 0 {
			return refuse(Conflict, "The policy %s is attached to the %s %s.", p.Name, holders[0].Kind, holders[0].Name)
		}
		return tx.DeletePolicy(account, name)
	})
}

// holdersOf are the users and roles of an account that have a policy.
func holdersOf(tx *store.Tx, account, arn string) (all []store.Principal, err error) {
	for _, kind := range []string{store.Role, store.User} {
		principals, err := tx.Principals(account, kind, "", 0)
		if err != nil {
			return nil, err
		}
		for _, p := range principals {
			if slices.Contains(p.Attached, arn) {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

// policyToAttach is the ARN of a policy that is there, named by it or by its name alone.
func policyToAttach(tx *store.Tx, account, of string) (string, error) {
	if _, err := configuredAccount(tx, account); err != nil {
		return "", err
	}
	name := of
	if strings.HasPrefix(of, "arn:") {
		if m, ok := policy.ManagedByARN(of); ok {
			return m.ARN(), nil
		}
		var own bool
		if name, own = ownPolicyName(account, of); !own {
			return "", refuse(Missing, "There is no policy %s.", of)
		}
	} else if m, ok := policy.ManagedByARN("arn:aws:iam::aws:policy/" + of); ok {
		return m.ARN(), nil
	}
	p, err := tx.Policy(account, name)
	return policyARN(account, p.Name), missing(err, "Account %s has no policy %q.", account, name)
}
