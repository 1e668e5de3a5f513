package controlplane

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"onramp/internal/store"
)

// ConsoleSession is somebody who is logged in at the console.
type ConsoleSession = store.ConsoleSession

// How long a session of the console lasts, by the real clock: unused, and however much it is used.
const (
	ConsoleIdle    = 30 * time.Minute
	ConsoleLongest = 12 * time.Hour
)

// consoleSeenEvery is how exactly it is kept when a session was used last: a write for each page would be too much.
const consoleSeenEvery = time.Minute

// ErrNoConsoleSession is the answer to a cookie that holds no session, or one that has ended.
var ErrNoConsoleSession = errors.New("controlplane: no such session of the console")

// consoleHash is what is kept of a session's ID, so that who reads the database has no session by it.
func consoleHash(id string) string {
	sum := sha256.Sum256([]byte(id))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// consoleToken is what is kept of the operator token in a session that holds by it. The key is the session's ID, so that nobody
// who reads the database can try tokens by it.
func consoleToken(id, token string) string {
	mac := hmac.New(sha256.New, []byte(id))
	mac.Write([]byte(token))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// BeginConsoleSession logs somebody in who has proved who they are. The answer is for the cookie, 256 random bits as text;
// only its hash is kept. token is the operator's: an operator's session that is no user's ends with it. now is the real time.
func (s *Service) BeginConsoleSession(ctx context.Context, of ConsoleSession, token string, now time.Time) (id string, err error) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand.Read
	id = base64.RawURLEncoding.EncodeToString(random[:])
	of.Hash, of.Created, of.Seen, of.Expires = consoleHash(id), now, now, now.Add(ConsoleLongest)
	if byToken(of) {
		of.Token = consoleToken(id, token)
	}
	return id, s.update(ctx, func(tx *store.Tx) error {
		if err := tx.PruneConsoleSessions(now.Add(-ConsoleIdle), now); err != nil {
			return err
		}
		return tx.PutConsoleSession(of)
	})
}

// ConsoleSession answers the session that a cookie holds, and in whose name it acts; nil: the account's own, or that of an
// operator who looks after no account. The error is ErrNoConsoleSession when there is none, or no longer. used says that somebody
// is there, which keeps the session from ending; token is the operator's. now is the real time.
func (s *Service) ConsoleSession(ctx context.Context, id, token string, used bool, now time.Time) (found ConsoleSession, who *Identity, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		found, who, err = consoleSession(tx, consoleHash(id), now)
		if err == nil && byToken(found) && !hmac.Equal([]byte(found.Token), []byte(consoleToken(id, token))) {
			return ErrNoConsoleSession
		}
		return err
	})
	if err == nil && used && now.Sub(found.Seen) >= consoleSeenEvery {
		err = s.Store.Update(ctx, func(tx *store.Tx) error { return tx.SeenConsoleSession(found.Hash, now) })
	}
	return found, who, err
}

// byToken reports a session of whoever holds the operator token.
func byToken(of ConsoleSession) bool { return of.Operator && of.User == "" }

func consoleSession(tx *store.Tx, hash string, now time.Time) (found ConsoleSession, who *Identity, err error) {
	found, err = tx.ConsoleSession(hash)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return found, nil, ErrNoConsoleSession
	case err != nil:
		return found, nil, err
	case now.Sub(found.Seen) >= ConsoleIdle, !now.Before(found.Expires):
		return found, nil, ErrNoConsoleSession
	}
	if found.Open { // as soon as an account is configured, everybody has to prove who they are
		if configured, err := tx.HasAccounts(); err != nil || configured {
			return found, nil, errors.Join(err, ErrNoConsoleSession)
		}
		return found, nil, nil
	}
	if found.User != "" {
		user, err := tx.Principal(found.Account, store.User, found.User)
		if errors.Is(err, store.ErrNotFound) || err == nil && found.Acting != "" && !user.Operator {
			return found, nil, ErrNoConsoleSession
		}
		if err != nil {
			return found, nil, err
		}
		found.User, found.Operator = user.Name, user.Operator
		who = &Identity{Kind: store.User, Account: user.Account, Name: user.Name, ID: user.ID, Operator: user.Operator}
	}
	if found.Acting != "" {
		who = &Identity{
			Kind: store.Role, Account: found.Acting, Name: OperatorRole, ID: "AROAONRAMP" + found.Acting,
			Session: &Session{Name: actingName(who), Issued: found.Created, Expires: found.Expires, By: actingName(who)},
		}
	}
	return found, who, nil
}

// actingName is what the audit trail calls the session of an operator who looks after an account.
func actingName(user *Identity) string {
	if user == nil {
		return "operator"
	}
	return user.Name + "@" + user.Account
}

// ActConsoleSession has an operator look after an account, with the role OnrampOperator of it; with no account, after none.
// The caller has seen that the session is an operator's.
func (s *Service) ActConsoleSession(ctx context.Context, id, account string) error {
	return s.update(ctx, func(tx *store.Tx) error {
		if account != "" {
			if err := checkAccount(tx, account); err != nil {
				return err
			}
		}
		found, err := tx.ConsoleSession(consoleHash(id))
		if err != nil {
			return missing(err, "The session has ended.")
		}
		found.Acting = account
		return tx.PutConsoleSession(found)
	})
}

// EndConsoleSession logs out.
func (s *Service) EndConsoleSession(ctx context.Context, id string) error {
	return s.update(ctx, func(tx *store.Tx) error { return tx.DeleteConsoleSession(consoleHash(id)) })
}

// Changes answers a text that is another when something of an account has changed, or of anybody if account is empty.
func (s *Service) Changes(ctx context.Context, account string) (of string, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		of, err = tx.Changes(account)
		return err
	})
	return of, err
}

// Regions answers those that the inventory has a location in, sorted.
func (s *Service) Regions(ctx context.Context) (all []string, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		all = nil
		locations, err := tx.Locations("")
		for _, l := range locations {
			all = withName(all, l.Region)
		}
		return err
	})
	return all, err
}
