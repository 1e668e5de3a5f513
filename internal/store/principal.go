package store

import (
	"database/sql"
	"strings"
	"time"
)

// The kinds of principals.
const (
	User = "user"
	Role = "role"
)

// Principal is a user or a role of an account. Names of one kind that differ in their case only are one name.
type Principal struct {
	Account string `json:"-"`
	Kind    string `json:"-"` // User or Role
	Name    string `json:"name"`
	Version int64  `json:"-"`

	ID       string            `json:"id"` // as AWS makes them: AIDA..., AROA...; no other principal had or will have it
	Created  time.Time         `json:"created"`
	Inline   map[string]string `json:"inline,omitempty"`   // its own policies: documents by name
	Attached []string          `json:"attached,omitempty"` // policies by ARN, sorted

	// of users
	Operator bool `json:"operator,omitempty"` // may assume the operator's role of every account

	// of roles
	Trust      string            `json:"trust,omitempty"`   // policy document
	TrustIDs   map[string]string `json:"trustIds,omitzero"` // unique IDs of whom Trust names, as it was put; nil: put by a program that knew none
	MaxSession time.Duration     `json:"maxSession,omitempty"`
	Revoked    time.Time         `json:"revoked,omitzero"` // sessions that began before it are no good
}

const principalColumns = "account, kind, version, body"

func scanPrincipal(r *sql.Rows) (p Principal, err error) {
	var body string
	if err := r.Scan(&p.Account, &p.Kind, &p.Version, &body); err != nil {
		return p, err
	}
	return p, decodeBody(body, &p)
}

// Principal answers a user or role.
func (tx *Tx) Principal(account, kind, name string) (Principal, error) {
	all, err := rows(tx, "SELECT "+principalColumns+" FROM principal WHERE account = ? AND kind = ? AND name = ?",
		[]any{account, kind, strings.ToLower(name)}, scanPrincipal)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Principal{}, err
	}
	return all[0], nil
}

// Principals answers an account's users or roles behind a name, at most limit of them (0: all), ordered by name.
func (tx *Tx) Principals(account, kind, after string, most int) ([]Principal, error) {
	return rows(tx, "SELECT "+principalColumns+" FROM principal WHERE account = ? AND kind = ? AND name > ? ORDER BY name"+limit(most),
		[]any{account, kind, strings.ToLower(after)}, scanPrincipal)
}

// EveryPrincipal answers the users and roles of all accounts behind one, at most limit of them, ordered by account, kind and
// name.
func (tx *Tx) EveryPrincipal(behind Principal, most int) ([]Principal, error) {
	return rows(tx, "SELECT "+principalColumns+" FROM principal WHERE (account, kind, name) > (?, ?, ?) ORDER BY account, kind, name"+limit(most),
		[]any{behind.Account, behind.Kind, strings.ToLower(behind.Name)}, scanPrincipal)
}

// PutPrincipal inserts p when its Version is 0 (a *TakenError "id" where the name is taken, ErrReferenced without the account),
// and otherwise replaces the row if it still has that version (ErrConflict). It moves p.Version on, and the account's
// permissions.
func (tx *Tx) PutPrincipal(p *Principal) error {
	body, err := encodeBody(p)
	if err != nil {
		return err
	}
	key := []any{body, p.Account, p.Kind, strings.ToLower(p.Name)}
	if p.Version == 0 {
		if _, err := tx.exec("INSERT INTO principal (version, body, account, kind, name) VALUES (1, ?, ?, ?, ?)", key...); err != nil {
			return err
		}
		p.Version = 1
	} else if err := tx.swap(&p.Version, "UPDATE principal SET version = version + 1, body = ? WHERE account = ? AND kind = ? AND name = ? AND version = ?",
		append(key, p.Version)...); err != nil {
		return err
	}
	return tx.movePermissions(p.Account)
}

// DeletePrincipal removes a user or role, and moves the account's permissions on. A user's access keys are the caller's to
// remove.
func (tx *Tx) DeletePrincipal(account, kind, name string) error {
	err := tx.remove("DELETE FROM principal WHERE account = ? AND kind = ? AND name = ?", account, kind, strings.ToLower(name))
	if err != nil {
		return err
	}
	return tx.movePermissions(account)
}

// Permissions answers a number that moves on with every change of an account's principals and policies; 0: there never were
// any.
func (tx *Tx) Permissions(account string) (int64, error) {
	var version int64
	// A row always, since one that may be missing would cost a second query to tell that from an error.
	err := tx.one("SELECT COALESCE(MAX(version), 0) FROM permission WHERE account = ?", []any{account}, &version)
	return version, err
}

func (tx *Tx) movePermissions(account string) error {
	_, err := tx.exec("INSERT INTO permission (account, version) VALUES (?, 1) "+
		"ON CONFLICT (account) DO UPDATE SET version = permission.version + 1", account)
	return err
}
