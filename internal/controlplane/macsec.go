package controlplane

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// keyed is a connection, interconnect or LAG seen as what carries MACsec keys.
type keyed struct {
	check        func() error
	keys         func() []directconnect.MACsecKey
	associate    func(directconnect.Secret, int) error
	disassociate func(arn string) (directconnect.MACsecKey, error)
	save         func() error
}

// AssociateMacSecKey puts a key on a connection or LAG: a new pair, which becomes a secret, or a secret made earlier. It
// answers all keys of the connection.
func (s *Service) AssociateMacSecKey(ctx context.Context, caller Caller, in *api.AssociateMacSecKeyRequest) (out *api.AssociateMacSecKeyResponse, err error) {
	id, err := parentID("connectionId", in.ConnectionID)
	if err != nil {
		return nil, err
	}
	secret, err := s.newSecret(caller, in)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		k, err := s.keyed(tx, caller, id)
		if err != nil {
			return err
		}
		if err := k.check(); err != nil {
			return err
		}
		account, err := s.account(tx, caller.Account)
		if err != nil {
			return err
		}
		kept, err := s.keepSecret(tx, caller, secret, value(in.Cak))
		if err != nil {
			return err
		}
		if err := k.associate(kept, account.Quotas.MACsecKeys); err != nil {
			return err
		}
		out = &api.AssociateMacSecKeyResponse{ConnectionID: &id, MacSecKeys: renderKeys(k.keys())}
		return k.save()
	})
	return out, err
}

// DisassociateMacSecKey takes a key off a connection or LAG and answers it.
func (s *Service) DisassociateMacSecKey(ctx context.Context, caller Caller, in *api.DisassociateMacSecKeyRequest) (out *api.DisassociateMacSecKeyResponse, err error) {
	id, err := parentID("connectionId", in.ConnectionID)
	if err != nil {
		return nil, err
	}
	arn, err := requiredText("secretARN", in.SecretARN)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		k, err := s.keyed(tx, caller, id)
		if err != nil {
			return err
		}
		gone, err := k.disassociate(arn)
		if err != nil {
			return err
		}
		out = &api.DisassociateMacSecKeyResponse{ConnectionID: &id, MacSecKeys: renderKeys([]directconnect.MACsecKey{gone})}
		return k.save()
	})
	return out, err
}

// keyed loads what the keys are on.
func (s *Service) keyed(tx *store.Tx, caller Caller, id string) (keyed, error) {
	if directconnect.IsLAGID(id) {
		g, err := ownLAG(tx, caller, id, s)
		if err != nil {
			return keyed{}, err
		}
		members, err := lagMembers(tx, id)
		return keyedAs(g, s.Now(), func(g directconnect.LAG) []directconnect.MACsecKey { return g.MACsecKeys },
			func(g directconnect.LAG) error { return s.saveLAG(tx, &g, members) }), err
	}
	c, err := s.ownPort(tx, caller, id)
	return keyedAs(c, s.Now(), func(c directconnect.Connection) []directconnect.MACsecKey { return c.MACsecKeys },
		func(c directconnect.Connection) error { return tx.PutConnection(&c) }), err
}

// keyHolder is a noun with the rules of MACsec keys.
type keyHolder[N any] interface {
	CheckMACsec() error
	AssociateKey(directconnect.Secret, int, time.Time) (N, error)
	DisassociateKey(string, time.Time) (N, directconnect.MACsecKey, error)
}

func keyedAs[N keyHolder[N]](n N, now time.Time, keys func(N) []directconnect.MACsecKey, save func(N) error) keyed {
	return keyed{
		check: func() error { return n.CheckMACsec() },
		keys:  func() []directconnect.MACsecKey { return keys(n) },
		associate: func(secret directconnect.Secret, quota int) (err error) {
			n, err = n.AssociateKey(secret, quota, now)
			return err
		},
		disassociate: func(arn string) (k directconnect.MACsecKey, err error) {
			n, k, err = n.DisassociateKey(arn, now)
			return k, err
		},
		save: func() error { return save(n) },
	}
}

// macsecContext binds a sealed CAK to the secret it belongs to.
func macsecContext(arn string) string { return "macsec/" + arn }

// newSecret checks which of the two forms the request has. With a key pair it answers the secret to make, sealed; with an
// ARN it answers just that.
func (s *Service) newSecret(caller Caller, in *api.AssociateMacSecKeyRequest) (directconnect.Secret, error) {
	pair := in.Ckn != nil || in.Cak != nil
	switch {
	case pair == (in.SecretARN != nil):
		return directconnect.Secret{}, directconnect.Clientf("Specify either secretARN or both ckn and cak.")
	case !pair:
		return directconnect.Secret{ARN: *in.SecretARN}, storable("secretARN", *in.SecretARN)
	case in.Ckn == nil || in.Cak == nil:
		return directconnect.Secret{}, directconnect.Clientf("ckn and cak must be specified together.")
	}
	if err := directconnect.CheckKeyPair(*in.Ckn, *in.Cak); err != nil {
		return directconnect.Secret{}, err
	}
	arn := directconnect.SecretARN(caller.Partition(), caller.Region, caller.Account, *in.Ckn, random())
	sealed, err := s.Seal.Seal([]byte(strings.ToLower(*in.Cak)), macsecContext(arn))
	if err != nil {
		return directconnect.Secret{}, err
	}
	return directconnect.Secret{
		ARN: arn, Account: caller.Account, Region: caller.Region, CKN: *in.Ckn, CAK: sealed, Created: s.Now(),
	}, nil
}

// keepSecret answers the stored secret: the one that the ARN names, the one that already holds the pair, or the new one.
func (s *Service) keepSecret(tx *store.Tx, caller Caller, secret directconnect.Secret, cak string) (directconnect.Secret, error) {
	if secret.CKN == "" {
		kept, err := tx.Secret(secret.ARN)
		if errors.Is(err, store.ErrNotFound) || (err == nil && (kept.Account != caller.Account || kept.Region != caller.Region)) {
			return kept, directconnect.Clientf("Could not find MACsec secret with ARN %s", secret.ARN)
		}
		return kept, err
	}
	same, err := tx.Secrets(caller.Account, caller.Region, secret.CKN)
	if err != nil {
		return secret, err
	}
	if len(same) == 0 {
		return secret, tx.PutSecret(secret)
	}
	kept := same[0] // a name has one secret
	plain, err := s.Seal.Open(kept.CAK, macsecContext(kept.ARN))
	if err != nil {
		return secret, err
	}
	if subtle.ConstantTimeCompare(plain, []byte(strings.ToLower(cak))) != 1 {
		return secret, directconnect.Clientf("A MACsec secret with ckn %s exists already and has another cak.", secret.CKN)
	}
	return kept, nil
}
