package store

import (
	"database/sql"
	"strings"
	"time"
)

// ConsoleLogin is how a user of an account proves at the console who they are.
type ConsoleLogin struct {
	Account string `json:"-"`
	User    string `json:"-"` // in lower case
	Version int64  `json:"-"`

	Password string    `json:"password,omitempty"` // its hash with salt and parameters; empty: none is set
	Changed  time.Time `json:"changed,omitzero"`   // when it was set
	TOTP     string    `json:"totp,omitempty"`     // the sealed secret of the second factor; empty: none
	Step     int64     `json:"step,omitempty"`     // of the second factor's code that was taken last: none is taken twice
}

// ConsoleLogin answers a user's; ErrNotFound if none was ever set.
func (tx *Tx) ConsoleLogin(account, user string) (ConsoleLogin, error) {
	all, err := rows(tx, "SELECT account, name, version, body FROM console_login WHERE account = ? AND name = ?",
		[]any{account, strings.ToLower(user)}, func(r *sql.Rows) (l ConsoleLogin, err error) {
			var body string
			if err := r.Scan(&l.Account, &l.User, &l.Version, &body); err != nil {
				return l, err
			}
			return l, decodeBody(body, &l)
		})
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return ConsoleLogin{}, err
	}
	return all[0], nil
}

// PutConsoleLogin inserts l when its Version is 0 (a *TakenError where there is one), and otherwise replaces the row if it
// still has that version (ErrConflict). It moves l.Version on.
func (tx *Tx) PutConsoleLogin(l *ConsoleLogin) error {
	body, err := encodeBody(l)
	if err != nil {
		return err
	}
	key := []any{body, l.Account, strings.ToLower(l.User)}
	if l.Version == 0 {
		if _, err := tx.exec("INSERT INTO console_login (version, body, account, name) VALUES (1, ?, ?, ?)", key...); err != nil {
			return err
		}
		l.Version = 1
		return nil
	}
	return tx.swap(&l.Version, "UPDATE console_login SET version = version + 1, body = ? WHERE account = ? AND name = ? AND version = ?",
		append(key, l.Version)...)
}

// DeleteConsoleLogin removes a user's, if there is one.
func (tx *Tx) DeleteConsoleLogin(account, user string) error {
	_, err := tx.exec("DELETE FROM console_login WHERE account = ? AND name = ?", account, strings.ToLower(user))
	return err
}

// ConsoleSession is somebody who is logged in at the console.
type ConsoleSession struct {
	Hash    string    `json:"-"` // of what the cookie holds
	Account string    `json:"-"` // of the user; empty: none's, the operator's
	User    string    `json:"-"` // in lower case; empty: the account itself, or the operator
	Seen    time.Time `json:"-"` // not every request moves it
	Expires time.Time `json:"-"` // however much it is used

	Created  time.Time `json:"created"`
	Open     bool      `json:"open,omitempty"`     // of open mode: nobody proved anything
	Operator bool      `json:"operator,omitempty"` // whoever holds the operator token
	Acting   string    `json:"acting,omitempty"`   // account that an operator looks after
	Token    string    `json:"token,omitempty"`    // of whoever holds it: which one, as only who has the cookie can tell
}

// ConsoleSession answers a session by the hash of its cookie.
func (tx *Tx) ConsoleSession(hash string) (ConsoleSession, error) {
	return row(tx, "SELECT hash, account, name, seen, expires, body FROM console_session WHERE hash = ?", hash,
		func(r *sql.Rows) (s ConsoleSession, err error) {
			var seen, expires int64
			var body string
			if err := r.Scan(&s.Hash, &s.Account, &s.User, &seen, &expires, &body); err != nil {
				return s, err
			}
			s.Seen, s.Expires = fromMicros(seen), fromMicros(expires)
			return s, decodeBody(body, &s)
		})
}

// PutConsoleSession inserts or replaces a session.
func (tx *Tx) PutConsoleSession(s ConsoleSession) error {
	body, err := encodeBody(s)
	if err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO console_session (hash, account, name, seen, expires, body) VALUES (?, ?, ?, ?, ?, ?) "+
		"ON CONFLICT (hash) DO UPDATE SET seen = excluded.seen, expires = excluded.expires, body = excluded.body",
		s.Hash, s.Account, strings.ToLower(s.User), micros(s.Seen), micros(s.Expires), body)
	return err
}

// SeenConsoleSession says that a session was used, if it is still there.
func (tx *Tx) SeenConsoleSession(hash string, at time.Time) error {
	_, err := tx.exec("UPDATE console_session SET seen = ? WHERE hash = ?", micros(at), hash)
	return err
}

// DeleteConsoleSession ends a session, if it is there.
func (tx *Tx) DeleteConsoleSession(hash string) error {
	_, err := tx.exec("DELETE FROM console_session WHERE hash = ?", hash)
	return err
}

// DeleteConsoleSessions ends all sessions of a user but the one with the hash except.
func (tx *Tx) DeleteConsoleSessions(account, user, except string) error {
	_, err := tx.exec("DELETE FROM console_session WHERE account = ? AND name = ? AND hash <> ?", account, strings.ToLower(user), except)
	return err
}

// PruneConsoleSessions removes sessions that were not used since idle, or have expired at now.
func (tx *Tx) PruneConsoleSessions(idle, now time.Time) error {
	if _, err := tx.exec("DELETE FROM console_session WHERE seen < ?", micros(idle)); err != nil {
		return err
	}
	_, err := tx.exec("DELETE FROM console_session WHERE expires < ?", micros(now))
	return err
}
