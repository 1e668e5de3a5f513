package controlplane

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"onramp/internal/policy"
	"onramp/internal/store"
)

// Principal is a user or role, Policy a policy of an account, as they are kept.
type (
	Principal = store.Principal
	Policy    = store.Policy
)

// The kinds of principals.
const (
	User = store.User
	Role = store.Role
)

// principalName is the shape of names of users, roles and policies in IAM; those of policies may be twice as long.
var principalName = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{1,64}$`)

// OperatorRole is a role that every configured account has without its doing: users with the operator's flag, of whatever
// account, may assume it, and may then do everything that the API can in that account. So whoever runs the installation can
// look after any customer with any client, and what is done shows as theirs.
const OperatorRole = "OnrampOperator"

// operatorPermissions are those of the operator's role.
var operatorPermissions = func() *permissions {
	m, ok := policy.ManagedByARN("arn:aws:iam::aws:policy/AWSDirectConnectFullAccess")
	if !ok {
		panic("controlplane: there is no policy of full access")
	}
	return &permissions{policies: []policy.Policy{m.Policy}}
}()

// roleOf loads a role, or makes up the operator's.
func roleOf(tx *store.Tx, account, name string) (store.Principal, error) {
	if strings.EqualFold(name, OperatorRole) {
		_, err := configuredAccount(tx, account)
		if _, refused := errors.AsType[*Refusal](err); refused {
			err = store.ErrNotFound
		}
		return store.Principal{
			Account: account, Kind: store.Role, Name: OperatorRole, ID: "AROAONRAMP" + account, MaxSession: maxSession,
		}, err
	}
	return tx.Principal(account, store.Role, name)
}

// PrincipalChange is what an operator says of a user or role; nil leaves a value as it is.
type PrincipalChange struct {
	Operator   *bool          // of users
	Trust      *string        // of roles: the policy document
	MaxSession *time.Duration // of roles
	Revoke     bool           // of roles: sessions opened so far end
}

// AddPrincipal makes a user or role of an account, with policies attached by ARN or by name.
func (s *Service) AddPrincipal(ctx context.Context, account, kind, name string, change PrincipalChange, attach []string) (store.Principal, error) {
	if !principalName.MatchString(name) {
		return store.Principal{}, refuse(Invalid, "%q is not a name of a %s: that is 1 to 64 letters, digits and characters of _+=,.@-", name, kind)
	}
	if kind == store.Role && strings.EqualFold(name, OperatorRole) {
		return store.Principal{}, refuse(Conflict, "Every account has the role %s already.", OperatorRole)
	}
	prefix := "AIDA"
	if kind == store.Role {
		prefix = "AROA"
		if change.Trust == nil {
			return store.Principal{}, refuse(Invalid, "A role needs a trust policy: who may assume it.")
		}
	}
	p := store.Principal{Account: account, Kind: kind, Name: name, ID: newPrincipalID(prefix), Created: s.Now()}
	if kind == store.Role {
		p.MaxSession = defaultSession
	}
	if err := change.apply(&p); err != nil {
		return store.Principal{}, err
	}
	err := s.update(ctx, func(tx *store.Tx) error {
		p.Version, p.Attached = 0, nil
		if _, err := configuredAccount(tx, account); err != nil {
			return err
		}
		switch _, err := tx.Principal(account, kind, name); {
		case err == nil:
			return refuse(Conflict, "There is a %s %s already.", kind, name)
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		for _, one := range attach {
			arn, err := policyToAttach(tx, account, one)
			if err != nil {
				return err
			}
			p.Attached = withName(p.Attached, arn)
		}
		if err := change.bind(tx, &p); err != nil {
			return err
		}
		madeByMove(ctx, account, name)
		return tx.PutPrincipal(&p)
	})
	return p, err
}

func (change PrincipalChange) apply(p *store.Principal) error {
	if p.Kind == store.User {
		if change.Trust != nil || change.MaxSession != nil || change.Revoke {
			return refuse(Invalid, "A user has no trust policy and no sessions to bound or revoke.")
		}
		if change.Operator != nil {
			p.Operator = *change.Operator
		}
		return nil
	}
	if change.Operator != nil {
		return refuse(Invalid, "Only users can be operators.")
	}
	if change.Trust != nil {
		if err := checkDocument(policy.Trust, *change.Trust, maxTrust); err != nil {
			return err
		}
		p.Trust = *change.Trust
	}
	if change.MaxSession != nil {
		if most := *change.MaxSession; most < defaultSession || most > maxSession || most%time.Second != 0 {
			return refuse(Invalid, "The longest session of a role is 1 to 12 hours.")
		}
		p.MaxSession = *change.MaxSession
	}
	if change.Revoke {
		// Sessions count whole seconds; one that begins in this very second is refused as well.
		p.Revoked = time.Now().UTC().Truncate(time.Second).Add(time.Second)
	}
	return nil
}

// bind binds a trust policy that was put to those whom it names.
func (change PrincipalChange) bind(tx *store.Tx, p *store.Principal) error {
	if change.Trust == nil {
		return nil
	}
	return bindTrust(tx, p)
}

// changePrincipal loads a user or role of a configured account, changes it and saves it.
func (s *Service) changePrincipal(ctx context.Context, account, kind, name string, change func(tx *store.Tx, p *store.Principal) error) (store.Principal, error) {
	var p store.Principal
	err := s.update(ctx, func(tx *store.Tx) (err error) {
		if p, err = principalOf(tx, account, kind, name); err != nil {
			return err
		}
		if err := change(tx, &p); err != nil {
			return err
		}
		return tx.PutPrincipal(&p)
	})
	s.credentials.forget()
	return p, err
}

func principalOf(tx *store.Tx, account, kind, name string) (store.Principal, error) {
	if _, err := configuredAccount(tx, account); err != nil {
		return store.Principal{}, err
	}
	p, err := tx.Principal(account, kind, name)
	return p, missing(err, "Account %s has no %s %q.", account, kind, name)
}

// SetPrincipal changes a user or role.
func (s *Service) SetPrincipal(ctx context.Context, account, kind, name string, change PrincipalChange) (store.Principal, error) {
	return s.changePrincipal(ctx, account, kind, name, func(tx *store.Tx, p *store.Principal) error {
		if err := change.apply(p); err != nil {
			return err
		}
		return change.bind(tx, p)
	})
}

// Principal answers a user or role, and of a user the access keys.
func (s *Service) Principal(ctx context.Context, account, kind, name string) (p store.Principal, keys []AccessKey, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if p, err = principalOf(tx, account, kind, name); err != nil {
			return err
		}
		keys, err = keysOf(tx, p)
		return err
	})
	return p, keys, err
}

func keysOf(tx *store.Tx, p store.Principal) ([]AccessKey, error) {
	if p.Kind != store.User {
		return nil, nil
	}
	rows, err := tx.AccessKeys(p.Account)
	var keys []AccessKey
	for _, row := range rows {
		if row.User == strings.ToLower(p.Name) {
			keys = append(keys, accessKeyOf(row))
		}
	}
	return keys, err
}

// Principals lists an account's users or roles by name, from the one after the given; at most limit of them.
func (s *Service) Principals(ctx context.Context, account, kind, after string, limit int) (all []store.Principal, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if _, err = configuredAccount(tx, account); err != nil {
			return err
		}
		all, err = tx.Principals(account, kind, after, limit)
		return err
	})
	return all, err
}

// RemovePrincipal removes a user or role. A user's access keys go with it, and with a role its sessions end.
func (s *Service) RemovePrincipal(ctx context.Context, account, kind, name string) error {
	err := s.update(ctx, func(tx *store.Tx) error {
		p, err := principalOf(tx, account, kind, name)
		if err != nil {
			return err
		}
		keys, err := keysOf(tx, p)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := tx.DeleteAccessKey(key.ID); err != nil {
				return err
			}
		}
		if kind == store.User {
			if err := endConsole(tx, account, name); err != nil {
				return err
			}
		}
		return tx.DeletePrincipal(account, kind, name)
	})
	s.credentials.forget()
	return err
}

// AttachPolicy gives a user or role a policy, by ARN or by name.
func (s *Service) AttachPolicy(ctx context.Context, account, kind, name, of string) (store.Principal, error) {
	return s.changePrincipal(ctx, account, kind, name, func(tx *store.Tx, p *store.Principal) error {
		arn, err := policyToAttach(tx, account, of)
		if err == nil {
			p.Attached = withName(p.Attached, arn)
		}
		return err
	})
}

// DetachPolicy takes a policy from a user or role.
func (s *Service) DetachPolicy(ctx context.Context, account, kind, name, of string) (store.Principal, error) {
	return s.changePrincipal(ctx, account, kind, name, func(tx *store.Tx, p *store.Principal) error {
		arn, err := policyToAttach(tx, account, of)
		if err != nil {
			return err
		}
		i := slices.Index(p.Attached, arn)
		if i < 0 {
			return refuse(Missing, "The %s %s does not have the policy %s.", kind, p.Name, arn)
		}
		p.Attached = slices.Delete(p.Attached, i, i+1)
		return nil
	})
}

// PutInlinePolicy gives a user or role a policy of its own, in place of an earlier one of that name; an empty document takes
// it away.
func (s *Service) PutInlinePolicy(ctx context.Context, account, kind, name, of, document string) (store.Principal, error) {
	if !policyName.MatchString(of) {
		return store.Principal{}, refuse(Invalid, "%q is not a name of a policy: that is 1 to 128 letters, digits and characters of _+=,.@-", of)
	}
	if document != "" {
		if err := checkDocument(policy.Identity, document, maxInline); err != nil {
			return store.Principal{}, err
		}
	}
	return s.changePrincipal(ctx, account, kind, name, func(_ *store.Tx, p *store.Principal) error {
		if document == "" {
			if _, ok := p.Inline[of]; !ok {
				return refuse(Missing, "The %s %s has no policy %q of its own.", kind, p.Name, of)
			}
			delete(p.Inline, of)
			return nil
		}
		if p.Inline == nil {
			p.Inline = map[string]string{}
		}
		p.Inline[of] = document
		return nil
	})
}

// withName puts a name into a sorted list, once.
func withName(names []string, name string) []string {
	i, found := slices.BinarySearch(names, name)
	if found {
		return names
	}
	return slices.Insert(slices.Clone(names), i, name)
}

// newPrincipalID has the published shape of unique IDs: a prefix for the kind and base 32.
func newPrincipalID(prefix string) string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand.Read
	return prefix + base32.StdEncoding.EncodeToString(b[:])
}
