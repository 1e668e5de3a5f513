package store

import (
	"database/sql"
	"time"
)

// AccessKey is what a caller signs requests with. Its secret is sealed; the store never unseals it.
type AccessKey struct {
	ID       string
	Account  string
	Sealed   string
	Created  time.Time
	Disabled bool
	User     string // in lower case; empty: the key is the account's own
}

const accessKeyColumns = "id, account, sealed, created, disabled, user_name"

// AccessKey answers an access key by its ID.
func (tx *Tx) AccessKey(id string) (AccessKey, error) {
	all, err := tx.accessKeys("SELECT "+accessKeyColumns+" FROM access_key WHERE id = ?", []any{id})
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return AccessKey{}, err
	}
	return all[0], nil
}

// AccessKeys answers an account's access keys, or all when account is empty, ordered by ID.
func (tx *Tx) AccessKeys(account string) ([]AccessKey, error) {
	f := &filter{}
	f.equal("account", account)
	return tx.accessKeys("SELECT "+accessKeyColumns+" FROM access_key"+f.String()+" ORDER BY id", f.args)
}

func (tx *Tx) accessKeys(query string, args []any) ([]AccessKey, error) {
	var all []AccessKey
	err := tx.each(query, args, func(r *sql.Rows) error {
		var k AccessKey
		var created, disabled int64
		if err := r.Scan(&k.ID, &k.Account, &k.Sealed, &created, &disabled, &k.User); err != nil {
			return err
		}
		k.Created, k.Disabled = fromMicros(created), disabled != 0
		all = append(all, k)
		return nil
	})
	return all, err
}

// PutAccessKey inserts or replaces an access key. Its account must be there (ErrReferenced), and an ID that belongs to
// another account is a *TakenError ("id").
func (tx *Tx) PutAccessKey(k AccessKey) error {
	n, err := tx.exec("INSERT INTO access_key (id, account, sealed, created, disabled, user_name) VALUES (?, ?, ?, ?, ?, ?) "+
		"ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, created = excluded.created, disabled = excluded.disabled, "+
		"user_name = excluded.user_name "+
		"WHERE access_key.account = excluded.account", k.ID, k.Account, k.Sealed, micros(k.Created), bit(k.Disabled), k.User)
	if err == nil && n == 0 {
		return &TakenError{What: "id"}
	}
	return err
}

// DeleteAccessKey removes an access key.
func (tx *Tx) DeleteAccessKey(id string) error {
	return tx.remove("DELETE FROM access_key WHERE id = ?", id)
}
