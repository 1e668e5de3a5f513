package controlplane

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"time"

	"onramp/internal/policy"
	"onramp/internal/store"
)

// sessionToken is what a session token holds: the whole credential, sealed under the installation's key for the one access key
// that it belongs to. So opening a session writes nothing but its record, nothing has to be cleared away when it ends, and
// every server that has the keyset takes it. What it cannot do is be taken back alone: removing the role, its revocation, or of
// GetSessionToken the access key, ends all sessions that it gave.
type sessionToken struct {
	Kind     string    `json:"k,omitempty"` // as of an Identity
	Account  string    `json:"a"`
	Name     string    `json:"n,omitempty"`
	ID       string    `json:"i,omitempty"`
	Session  string    `json:"s,omitempty"`
	Issued   time.Time `json:"f"`
	Expires  time.Time `json:"t"`
	Secret   string    `json:"x"`
	Key      string    `json:"y,omitempty"` // of GetSessionToken: the access key that it was asked for with
	Operator []string  `json:"o,omitempty"` // of the operator's role: account, name and ID of the user who assumed it
	Policy   string    `json:"p,omitempty"` // documents of AssumeRole
	Policies []string  `json:"q,omitempty"` // by ARN
}

// maxToken bounds what is unsealed of a stranger's request; the longest token has a policy of 2048 characters in it.
const maxToken = 12 << 10

// openSession makes the credentials of a session.
func (s *Service) openSession(t sessionToken) (TemporaryCredentials, error) {
	id := newSessionKeyID()
	t.Secret = newSecretAccessKey()
	t.Issued, t.Expires = t.Issued.UTC().Truncate(time.Second), t.Expires.UTC().Truncate(time.Second)
	text, err := json.Marshal(t)
	if err != nil {
		return TemporaryCredentials{}, err
	}
	token, err := s.Seal.Seal(text, sessionContext(id))
	return TemporaryCredentials{AccessKeyID: id, Secret: t.Secret, Token: token, Expires: t.Expires}, err
}

// sessionContext binds a token to its access key.
func sessionContext(id string) string { return "session/" + id }

// newSessionKeyID has the published shape: a prefix for temporary keys and base 32.
func newSessionKeyID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand.Read
	return "ASIA" + base32.StdEncoding.EncodeToString(b[:])
}

// sessionCredential reads the credential that a token holds, and looks whether what it rests on is still there. Whether its
// time has come is for the verifier of the signature to say.
func (s *Service) sessionCredential(ctx context.Context, accessKeyID, token string) (Credential, error) {
	if len(token) > maxToken {
		return Credential{}, ErrNoAccessKey
	}
	text, err := s.Seal.Open(token, sessionContext(accessKeyID))
	if err != nil {
		return Credential{}, ErrNoAccessKey // made up, of another installation, or another key's
	}
	var t sessionToken
	if err := json.Unmarshal(text, &t); err != nil {
		return Credential{}, err
	}
	id := &Identity{
		Kind: t.Kind, Account: t.Account, Name: t.Name, ID: t.ID, AccessKeyID: accessKeyID,
		Session: &Session{Name: t.Session, Issued: t.Issued, Expires: t.Expires, Key: t.Key, By: t.openedBy()},
	}
	c := Credential{Account: t.Account, Secret: t.Secret, Token: token, Expires: t.Expires, Identity: id}
	if t.Key != "" {
		long, err := s.Credential(ctx, t.Key, "")
		if err == nil && long.Account != t.Account {
			err = ErrNoAccessKey
		}
		if err != nil {
			return Credential{}, err
		}
		c.Open = long.Open
		id.Operator = long.Identity != nil && long.Identity.Operator
		return c, nil
	}
	return c, s.Store.View(ctx, func(tx *store.Tx) error { return t.restore(tx, id) })
}

// restore looks up the role of a session, and the policies that it was opened with.
func (t sessionToken) restore(tx *store.Tx, id *Identity) error {
	role, err := roleOf(tx, t.Account, t.Name)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (role.ID != t.ID || t.Issued.Before(role.Revoked)):
		return ErrNoAccessKey
	case err != nil:
		return err
	}
	if role.Name == OperatorRole {
		// Nobody removes this role: its sessions end with their user's flag instead.
		still, err := isOperator(tx, t.Operator)
		if err != nil {
			return err
		}
		if !still {
			return ErrNoAccessKey
		}
	}
	id.Session.Policies = nil
	if t.Policy != "" {
		id.Session.Policies = append(id.Session.Policies, parsed("session policy", t.Policy))
	}
	for _, arn := range t.Policies {
		p, err := attachedPolicy(tx, t.Account, arn)
		if errors.Is(err, store.ErrNotFound) {
			p = policy.Policy{Name: arn, Document: denyAll} // it was taken away: the session must not gain by that
		} else if err != nil {
			return err
		}
		id.Session.Policies = append(id.Session.Policies, p)
	}
	return nil
}

// openedBy is the user who opened a session of the operator's role, as the trail has it; empty of other sessions.
func (t sessionToken) openedBy() string {
	if len(t.Operator) != 3 {
		return ""
	}
	return t.Operator[1] + "@" + t.Operator[0]
}

// isOperator reports whether a user, by account, name and ID, has the operator's flag.
func isOperator(tx *store.Tx, user []string) (bool, error) {
	if len(user) != 3 {
		return false, nil
	}
	p, err := tx.Principal(user[0], store.User, user[1])
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && p.ID == user[2] && p.Operator, err
}
