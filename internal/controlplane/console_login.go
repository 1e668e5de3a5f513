package controlplane

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"onramp/internal/store"
)

// ErrConsoleLogin is the answer to everything that is wrong with a login, so that nothing tells what it was.
var ErrConsoleLogin error = refuse(Invalid, "Account, user, password or code is wrong.")

// totpStep is how long a code of the second factor holds (RFC 6238, section 5.2); one before and one after are taken too.
const totpStep = 30

// ConsoleProof is what a user shows at the login.
type ConsoleProof struct {
	Account, User, Password string
	Code                    string // of the second factor; empty: none
}

// CheckConsoleLogin answers whom a proof is of. The error is ErrConsoleLogin for any that is of nobody. now is the real time.
// A code is good once.
func (s *Service) CheckConsoleLogin(ctx context.Context, p ConsoleProof, now time.Time) (*Identity, error) {
	var login store.ConsoleLogin
	var user store.Principal
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if login, err = tx.ConsoleLogin(p.Account, p.User); err != nil {
			return err
		}
		user, err = tx.Principal(p.Account, store.User, p.User)
		return err
	})
	unknown := errors.Is(err, store.ErrNotFound) || err == nil && login.Password == ""
	if err != nil && !unknown {
		return nil, err
	}
	hash := login.Password
	if unknown {
		hash = nobodysPassword
	}
	if len(p.Password) > maxPassword || !samePassword(hash, p.Password) || unknown {
		return nil, ErrConsoleLogin
	}
	if login.TOTP != "" {
		if err := s.useCode(ctx, &login, p.Code, now); err != nil {
			return nil, err
		}
	}
	return &Identity{Kind: store.User, Account: user.Account, Name: user.Name, ID: user.ID, Operator: user.Operator}, nil
}

// useCode takes a code of the second factor, if it is good and newer than the last one that was taken.
func (s *Service) useCode(ctx context.Context, login *store.ConsoleLogin, code string, now time.Time) error {
	secret, err := s.Seal.Open(login.TOTP, totpContext(login.Account, login.User))
	if err != nil {
		return err
	}
	step, ok := codeStep(string(secret), code, now)
	if !ok || step <= login.Step {
		return ErrConsoleLogin
	}
	login.Step = step
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		again := *login // the function may run more than once
		return tx.PutConsoleLogin(&again)
	})
	if errors.Is(err, store.ErrConflict) { // the same code, at the same time
		return ErrConsoleLogin
	}
	return err
}

// codeStep answers which step of time a code belongs to.
func codeStep(secret, code string, now time.Time) (step int64, ok bool) {
	for _, d := range []int64{0, -1, 1} {
		at := now.Unix()/totpStep + d
		want, err := totp.GenerateCodeCustom(secret, time.Unix(at*totpStep, 0), totp.ValidateOpts{
			Period: totpStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return at, true
		}
	}
	return 0, false
}

func totpContext(account, user string) string { return "console-totp/" + account + "/" + user }

// SetConsolePassword sets the password of a user for the console, and ends all sessions of theirs but the one with the cookie
// except; an empty password takes theirs away, and with it the second factor. now is the real time.
func (s *Service) SetConsolePassword(ctx context.Context, account, user, password, except string, now time.Time) error {
	hash := ""
	if password != "" {
		if err := checkPassword(password); err != nil {
			return err
		}
		hash = hashPassword(password)
	}
	if except != "" {
		except = consoleHash(except)
	}
	return s.changeLogin(ctx, account, user, func(tx *store.Tx, login *store.ConsoleLogin) error {
		login.Password, login.Changed = hash, now
		if hash == "" {
			login.TOTP, login.Step = "", 0
		}
		return tx.DeleteConsoleSessions(account, user, except)
	})
}

// changeLogin loads how a user logs in, changes it and saves it.
func (s *Service) changeLogin(ctx context.Context, account, user string, change func(tx *store.Tx, login *store.ConsoleLogin) error) error {
	return s.update(ctx, func(tx *store.Tx) error {
		p, err := principalOf(tx, account, store.User, user)
		if err != nil {
			return err
		}
		login, err := consoleLogin(tx, account, p.Name)
		if err != nil {
			return err
		}
		if err := change(tx, &login); err != nil {
			return err
		}
		return tx.PutConsoleLogin(&login)
	})
}

// consoleLogin loads how a user logs in; one for whom nothing was set has an empty one.
func consoleLogin(tx *store.Tx, account, user string) (store.ConsoleLogin, error) {
	login, err := tx.ConsoleLogin(account, user)
	if errors.Is(err, store.ErrNotFound) {
		return store.ConsoleLogin{Account: account, User: user}, nil
	}
	return login, err
}

// ConsoleAccess is how a user may log in.
type ConsoleAccess struct {
	Password bool      // one is set
	Changed  time.Time // when it was
	TOTP     bool      // a second factor is asked for
}

// ConsoleAccessOf answers how a user may log in at the console.
func (s *Service) ConsoleAccessOf(ctx context.Context, account, user string) (a ConsoleAccess, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		p, err := principalOf(tx, account, store.User, user)
		if err != nil {
			return err
		}
		login, err := consoleLogin(tx, account, p.Name)
		a = ConsoleAccess{Password: login.Password != "", Changed: login.Changed, TOTP: login.TOTP != ""}
		return err
	})
	return a, err
}

// NewTOTP makes a second factor for a user, which does not hold until SetTOTP is told of it. url is what authenticator programs
// read (otpauth), sealed what to tell SetTOTP.
func (s *Service) NewTOTP(account, user string) (key *otp.Key, sealed string, err error) {
	key, err = totp.Generate(totp.GenerateOpts{
		Issuer: s.issuer(), AccountName: user + "@" + account, Period: totpStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return nil, "", err
	}
	sealed, err = s.Seal.Seal([]byte(key.Secret()), totpContext(account, strings.ToLower(user)))
	return key, sealed, err
}

// OpenTOTP is NewTOTP's key again, from what it has sealed.
func (s *Service) OpenTOTP(account, user, sealed string) (*otp.Key, error) {
	secret, err := s.Seal.Open(sealed, totpContext(account, strings.ToLower(user)))
	if err != nil {
		return nil, refuse(Invalid, "This second factor was not made here. Begin again.")
	}
	label := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + s.issuer() + ":" + user + "@" + account,
		RawQuery: url.Values{"secret": {string(secret)}, "issuer": {s.issuer()}}.Encode(),
	}
	return otp.NewKeyFromURL(label.String())
}

// issuer is what authenticator programs call this installation.
func (s *Service) issuer() string {
	if s.Provider == "" {
		return "Onramp"
	}
	return strings.ReplaceAll(s.Provider, ":", " ")
}

// SetTOTP has a second factor asked for from now on: one that NewTOTP has made, and of which the user has shown a code, which
// makes sure that they have it. It ends all sessions of theirs but the one with the cookie except. now is the real time.
func (s *Service) SetTOTP(ctx context.Context, account, user, sealed, code, except string, now time.Time) error {
	secret, err := s.Seal.Open(sealed, totpContext(account, strings.ToLower(user)))
	if err != nil {
		return refuse(Invalid, "This second factor was not made here. Begin again.")
	}
	step, ok := codeStep(string(secret), code, now)
	if !ok {
		return refuse(Invalid, "This is not the code that is due now. See that the clock of your device is right, and try the next one.")
	}
	if except != "" {
		except = consoleHash(except)
	}
	return s.changeLogin(ctx, account, user, func(tx *store.Tx, login *store.ConsoleLogin) error {
		if login.Password == "" {
			return refuse(Conflict, "A second factor goes with a password, and user %s has none.", user)
		}
		login.TOTP, login.Step = sealed, step
		return tx.DeleteConsoleSessions(account, user, except)
	})
}

// RemoveTOTP has no second factor asked for any more.
func (s *Service) RemoveTOTP(ctx context.Context, account, user string) error {
	return s.changeLogin(ctx, account, user, func(_ *store.Tx, login *store.ConsoleLogin) error {
		if login.TOTP == "" {
			return refuse(Missing, "User %s has no second factor.", user)
		}
		login.TOTP, login.Step = "", 0
		return nil
	})
}

// endConsole removes all that a user who is removed has at the console.
func endConsole(tx *store.Tx, account, user string) error {
	if err := tx.DeleteConsoleLogin(account, user); err != nil {
		return err
	}
	return tx.DeleteConsoleSessions(account, user, "")
}

// HasConsolePassword reports whether a password is a user's.
func (s *Service) HasConsolePassword(ctx context.Context, account, user, password string) (bool, error) {
	var login store.ConsoleLogin
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		login, err = consoleLogin(tx, account, user)
		return err
	})
	if err != nil || login.Password == "" || len(password) > maxPassword {
		return false, err
	}
	return samePassword(login.Password, password), nil
}

// ConsoleUser answers a user who has proved elsewhere who they are; ErrConsoleLogin if there is none.
func (s *Service) ConsoleUser(ctx context.Context, account, name string) (*Identity, error) {
	var user store.Principal
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		user, err = tx.Principal(account, store.User, name)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrConsoleLogin
	}
	if err != nil {
		return nil, err
	}
	return &Identity{Kind: store.User, Account: user.Account, Name: user.Name, ID: user.ID, Operator: user.Operator}, nil
}
