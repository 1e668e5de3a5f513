package store

import (
	"database/sql"
	"strings"

	"onramp/internal/directconnect"
)

const secretColumns = "arn, account, region, ckn, cak, created"

// Secret answers a key pair by its ARN, the CAK sealed.
func (tx *Tx) Secret(arn string) (directconnect.Secret, error) {
	all, err := tx.secrets("SELECT "+secretColumns+" FROM secret WHERE arn = ?", []any{arn})
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return directconnect.Secret{}, err
	}
	return all[0], nil
}

// Secrets answers an account's key pairs in a Region, those with that CKN or all when ckn is empty, ordered by (CKN, ARN).
func (tx *Tx) Secrets(account, region, ckn string) ([]directconnect.Secret, error) {
	f := &filter{}
	f.add("account = ?", account)
	f.add("region = ?", region)
	if ckn != "" {
		f.add("lower(ckn) = ?", strings.ToLower(ckn))
	}
	return tx.secrets("SELECT "+secretColumns+" FROM secret"+f.String()+" ORDER BY ckn, arn", f.args)
}

func (tx *Tx) secrets(query string, args []any) ([]directconnect.Secret, error) {
	var all []directconnect.Secret
	err := tx.each(query, args, func(r *sql.Rows) error {
		var s directconnect.Secret
		var created int64
		if err := r.Scan(&s.ARN, &s.Account, &s.Region, &s.CKN, &s.CAK, &created); err != nil {
			return err
		}
		s.Created = fromMicros(created)
		all = append(all, s)
		return nil
	})
	return all, err
}

// PutSecret inserts a key pair; one with that ARN already is a *TakenError ("arn"). A key pair never changes.
func (tx *Tx) PutSecret(s directconnect.Secret) error {
	_, err := tx.exec("INSERT INTO secret (arn, account, region, ckn, cak, created) VALUES (?, ?, ?, ?, ?, ?)",
		s.ARN, s.Account, s.Region, s.CKN, s.CAK, micros(s.Created))
	return err
}
