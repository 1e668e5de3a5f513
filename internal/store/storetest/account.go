package storetest

import (
	"testing"

	dc "onramp/internal/directconnect"
	"onramp/internal/store"
)

var accountTests = map[string]test{
	"Account":   accountRoundTrip,
	"AccessKey": accessKeyRoundTrip,
	"Secret":    secretRoundTrip,
	"Setting":   settingRoundTrip,
}

func accountRoundTrip(t *testing.T, s *store.Store) {
	has := func() bool { return get(t, s, func(tx *store.Tx) (bool, error) { return tx.HasAccounts() }) }
	same(t, has(), false)
	open := dc.Account{ID: other, Open: true}
	update(t, s, func(tx *store.Tx) error { open.Version = 0; return tx.PutAccount(&open) })
	same(t, has(), false) // what open mode made does not end it
	a := dc.Account{ID: account, Name: "Example", Partner: dc.PartnerV2, Signed: []string{dc.Agreement}, Quotas: dc.DocumentedQuotas}
	update(t, s, func(tx *store.Tx) error { a.Version = 0; return tx.PutAccount(&a) })
	same(t, has(), true)
	read := func(tx *store.Tx) (dc.Account, error) { return tx.Account(account) }
	same(t, get(t, s, read), a)
	all := func(after string, limit int) []dc.Account {
		return get(t, s, func(tx *store.Tx) ([]dc.Account, error) { return tx.Accounts(after, limit) })
	}
	same(t, all("", 0), []dc.Account{a, open})
	same(t, all("", 1), []dc.Account{a})
	same(t, all(account, 0), []dc.Account{open})
	stale := a
	update(t, s, func(tx *store.Tx) error { a.Version, a.Name, a.Open = 1, "renamed", true; return tx.PutAccount(&a) })
	same(t, get(t, s, read), a)
	fails(t, s, store.ErrConflict, func(tx *store.Tx) error { a := stale; return tx.PutAccount(&a) })
	taken(t, s, "id", func(tx *store.Tx) error { a := dc.Account{ID: account}; return tx.PutAccount(&a) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Account("000000000000"); return err })
}

func accessKeyRoundTrip(t *testing.T, s *store.Store) {
	k := store.AccessKey{ID: "AKIAEXAMPLE1", Account: account, Sealed: "sealed", Created: noon}
	save := func(k store.AccessKey) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { return tx.PutAccessKey(k) }
	}
	fails(t, s, store.ErrReferenced, save(k))
	update(t, s, func(tx *store.Tx) error {
		for _, id := range []string{account, other} {
			if err := tx.PutAccount(&dc.Account{ID: id}); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, s, save(k))
	read := func(tx *store.Tx) (store.AccessKey, error) { return tx.AccessKey(k.ID) }
	same(t, get(t, s, read), k)
	k.Disabled, k.Sealed, k.User = true, "sealed anew", "bob"
	update(t, s, save(k))
	same(t, get(t, s, read), k)
	stolen := k
	stolen.Account = other
	taken(t, s, "id", save(stolen))
	same(t, get(t, s, read), k)
	second := store.AccessKey{ID: "AKIAEXAMPLE0", Account: account, Sealed: "s", Created: noon}
	third := store.AccessKey{ID: "AKIAEXAMPLE2", Account: other, Sealed: "s", Created: noon}
	update(t, s, save(second))
	update(t, s, save(third))
	list := func(account string) []store.AccessKey {
		return get(t, s, func(tx *store.Tx) ([]store.AccessKey, error) { return tx.AccessKeys(account) })
	}
	same(t, list(account), []store.AccessKey{second, k})
	same(t, list(""), []store.AccessKey{second, k, third})
	update(t, s, func(tx *store.Tx) error { return tx.DeleteAccessKey(k.ID) })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.AccessKey(k.ID); return err })
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { return tx.DeleteAccessKey(k.ID) })
}

func secretRoundTrip(t *testing.T, s *store.Store) {
	one := dc.Secret{ARN: "arn:1", Account: account, Region: region, CKN: "0a", CAK: "sealed", Created: noon}
	two := dc.Secret{ARN: "arn:2", Account: account, Region: region, CKN: "09", CAK: "sealed", Created: noon}
	three := dc.Secret{ARN: "arn:3", Account: other, Region: region, CKN: "0a", CAK: "sealed", Created: noon}
	four := dc.Secret{ARN: "arn:4", Account: account, Region: "eu-west-1", CKN: "0a", CAK: "sealed", Created: noon}
	save := func(all ...dc.Secret) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			for _, secret := range all {
				if err := tx.PutSecret(secret); err != nil {
					return err
				}
			}
			return nil
		}
	}
	update(t, s, save(one, two, three, four))
	same(t, get(t, s, func(tx *store.Tx) (dc.Secret, error) { return tx.Secret("arn:1") }), one)
	list := func(ckn string) []dc.Secret {
		return get(t, s, func(tx *store.Tx) ([]dc.Secret, error) { return tx.Secrets(account, region, ckn) })
	}
	same(t, list(""), []dc.Secret{two, one})
	same(t, list("0a"), []dc.Secret{one})
	same(t, list("ff"), []dc.Secret(nil))
	taken(t, s, "arn", save(one))
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Secret("arn:9"); return err })
}

func settingRoundTrip(t *testing.T, s *store.Store) {
	fails(t, s, store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Setting("clock"); return err })
	for _, value := range []string{"1", "", "a ' quoted ? value"} {
		update(t, s, func(tx *store.Tx) error { return tx.PutSetting("clock", value) })
		same(t, get(t, s, func(tx *store.Tx) (string, error) { return tx.Setting("clock") }), value)
	}
}
