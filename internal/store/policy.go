package store

import (
	"database/sql"
	"strings"
	"time"
)

// Policy is a policy of an account's own, which its users and roles have by its ARN. Names that differ in their case only are
// one name.
type Policy struct {
	Account string `json:"-"`
	Version int64  `json:"-"`

	Name     string    `json:"name"`
	Document string    `json:"document"`
	Created  time.Time `json:"created"`
	Updated  time.Time `json:"updated"`
}

const policyColumns = "account, version, body"

func scanPolicy(r *sql.Rows) (p Policy, err error) {
	var body string
	if err := r.Scan(&p.Account, &p.Version, &body); err != nil {
		return p, err
	}
	return p, decodeBody(body, &p)
}

// Policy answers a policy of an account.
func (tx *Tx) Policy(account, name string) (Policy, error) {
	all, err := rows(tx, "SELECT "+policyColumns+" FROM policy WHERE account = ? AND name = ?", []any{account, strings.ToLower(name)}, scanPolicy)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Policy{}, err
	}
	return all[0], nil
}

// Policies answers an account's policies behind a name, at most limit of them (0: all), ordered by name.
func (tx *Tx) Policies(account, after string, most int) ([]Policy, error) {
	return rows(tx, "SELECT "+policyColumns+" FROM policy WHERE account = ? AND name > ? ORDER BY name"+limit(most),
		[]any{account, strings.ToLower(after)}, scanPolicy)
}

// PutPolicy inserts p when its Version is 0 (a *TakenError "id" where the name is taken, ErrReferenced without the account), and
// otherwise replaces the row if it still has that version (ErrConflict). It moves p.Version on, and the account's permissions.
func (tx *Tx) PutPolicy(p *Policy) error {
	body, err := encodeBody(p)
	if err != nil {
		return err
	}
	if p.Version == 0 {
		_, err := tx.exec("INSERT INTO policy (version, body, account, name) VALUES (1, ?, ?, ?)", body, p.Account, strings.ToLower(p.Name))
		if err != nil {
			return err
		}
		p.Version = 1
	} else if err := tx.swap(&p.Version, "UPDATE policy SET version = version + 1, body = ? WHERE account = ? AND name = ? AND version = ?",
		body, p.Account, strings.ToLower(p.Name), p.Version); err != nil {
		return err
	}
	return tx.movePermissions(p.Account)
}

// DeletePolicy removes a policy, and moves the account's permissions on. Who has it is the caller's to ask first.
func (tx *Tx) DeletePolicy(account, name string) error {
	if err := tx.remove("DELETE FROM policy WHERE account = ? AND name = ?", account, strings.ToLower(name)); err != nil {
		return err
	}
	return tx.movePermissions(account)
}
