package store

import (
	"database/sql"
	"errors"

	"onramp/internal/directconnect"
)

const accountColumns = "id, open, version, body"

// Account answers an account by its ID.
func (tx *Tx) Account(id string) (directconnect.Account, error) {
	all, err := tx.accounts("SELECT "+accountColumns+" FROM account WHERE id = ?", []any{id})
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return directconnect.Account{}, err
	}
	return all[0], nil
}

// Accounts answers accounts ordered by ID, behind after, at most limit (0: all).
func (tx *Tx) Accounts(after string, most int) ([]directconnect.Account, error) {
	return tx.accounts("SELECT "+accountColumns+" FROM account WHERE id > ? ORDER BY id"+limit(most), []any{after})
}

func (tx *Tx) accounts(query string, args []any) ([]directconnect.Account, error) {
	var all []directconnect.Account
	err := tx.each(query, args, func(r *sql.Rows) error {
		var a directconnect.Account
		var open int64
		var body string
		if err := r.Scan(&a.ID, &open, &a.Version, &body); err != nil {
			return err
		}
		a.Open = open != 0
		if err := decodeBody(body, &a); err != nil {
			return err
		}
		all = append(all, a)
		return nil
	})
	return all, err
}

// HasAccounts reports whether somebody configured an account: one that open mode did not make.
func (tx *Tx) HasAccounts() (bool, error) {
	one := 0
	err := tx.one("SELECT 1 FROM account WHERE open = 0 LIMIT 1", nil, &one)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// PutAccount inserts a when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
func (tx *Tx) PutAccount(a *directconnect.Account) error {
	body, err := encodeBody(a)
	if err != nil {
		return err
	}
	if a.Version == 0 {
		_, err := tx.exec("INSERT INTO account (id, open, version, body) VALUES (?, ?, 1, ?)", a.ID, bit(a.Open), body)
		if err == nil {
			a.Version = 1
		}
		return err
	}
	return tx.swap(&a.Version, "UPDATE account SET open = ?, version = version + 1, body = ? WHERE id = ? AND version = ?",
		bit(a.Open), body, a.ID, a.Version)
}
