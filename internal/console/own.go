package console

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"

	"github.com/pquerna/otp"

	"onramp/internal/controlplane"
)

// ownRoutes are what users do about their own access.
func (s *Console) ownRoutes() []route {
	return []route{
		{pattern: "GET /console/account", who: somebody, handle: s.ownPage},
		{pattern: "POST /console/account/password", who: somebody, handle: s.ownPassword},
		{pattern: "POST /console/account/totp/begin", who: somebody, handle: s.beginTOTP},
		{pattern: "POST /console/account/totp", who: somebody, handle: s.setTOTP},
		{pattern: "POST /console/account/totp/remove", who: somebody, handle: s.removeTOTP},
	}
}

// ownView is what a user sees of their own access.
type ownView struct {
	Access controlplane.ConsoleAccess
	Sealed string       // of a second factor that is being set up; empty: none is
	Secret string       // of it, to be typed in
	QR     template.URL // of it, to be photographed
	Of     string       // what a problem is about: password or totp
}

func (s *Console) ownPage(v *visit) (answer, error) {
	return s.showOwn(v, ownView{}, nil)
}

func (s *Console) showOwn(v *visit, view ownView, problem error) (answer, error) {
	if v.Who.User != "" {
		var err error
		if view.Access, err = s.Service.ConsoleAccessOf(v.Context(), v.Who.Home, v.Who.User); err != nil {
			return nil, err
		}
	}
	return page{template: "own.html", title: "Your access", data: view, problem: problem}, nil
}

// isUser refuses who has no password of their own to change.
func (v *visit) isUser() error {
	if v.Who.User == "" {
		return forbidden("Only users of accounts have passwords.")
	}
	return nil
}

func (s *Console) ownPassword(v *visit) (answer, error) {
	if err := v.isUser(); err != nil {
		return nil, err
	}
	view := ownView{Of: "password"}
	err := s.provedAgain(v)
	if err == nil && v.PostFormValue("password") != v.PostFormValue("again") {
		err = badRequest("The new password is not the same twice.")
	}
	if err == nil && v.PostFormValue("password") == "" {
		err = badRequest("The new password is empty.")
	}
	if err == nil {
		err = ownMove(v, v.Who.User, func(ctx context.Context) error {
			return s.Service.SetConsolePassword(ctx, v.Who.Home, v.Who.User, v.PostFormValue("password"), v.session, s.Now())
		})
	}
	if err != nil {
		return s.showOwn(v, view, err)
	}
	return redirect("/console/account?done=password"), nil
}

// provedAgain asks for the password once more, so that a browser that was left alone is not enough.
func (s *Console) provedAgain(v *visit) error {
	name := v.Who.User + "@" + v.Who.Home
	refused := func(err error) error {
		return ownMove(v, v.Who.User, func(context.Context) error { return recordable(err) })
	}
	if wait := s.attempt.begin(name, v.address(), s.Now()); wait > 0 {
		if s.attempt.tells(v.address(), s.Now()) {
			_ = refused(tooMany(wait)) // which it answers again
		}
		return tooMany(wait)
	}
	ok, err := s.Service.HasConsolePassword(v.Context(), v.Who.Home, v.Who.User, v.PostFormValue("current"))
	if err == nil && !ok {
		err = forbidden("This is not your present password.")
		_ = refused(err) // which it answers again
	}
	if err == nil {
		s.attempt.succeeded(name, v.address())
	}
	return err
}

func (s *Console) beginTOTP(v *visit) (answer, error) {
	if err := v.isUser(); err != nil {
		return nil, err
	}
	if err := s.provedAgain(v); err != nil {
		return s.showOwn(v, ownView{Of: "totp"}, err)
	}
	key, sealed, err := s.Service.NewTOTP(v.Who.Home, v.Who.User)
	if err != nil {
		return nil, err
	}
	return s.showTOTP(v, key, sealed, nil)
}

func (s *Console) showTOTP(v *visit, key *otp.Key, sealed string, problem error) (answer, error) {
	const size = 240
	img, err := key.Image(size, size)
	if err != nil {
		return nil, fmt.Errorf("drawing a second factor: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("drawing a second factor: %w", err)
	}
	return s.showOwn(v, ownView{
		Of: "totp", Sealed: sealed, Secret: key.Secret(), QR: template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())),
	}, problem)
}

func (s *Console) setTOTP(v *visit) (answer, error) {
	if err := v.isUser(); err != nil {
		return nil, err
	}
	sealed := v.PostFormValue("sealed")
	key, err := s.Service.OpenTOTP(v.Who.Home, v.Who.User, sealed)
	if err != nil {
		return s.showOwn(v, ownView{Of: "totp"}, err)
	}
	err = ownMove(v, v.Who.User, func(ctx context.Context) error {
		return s.Service.SetTOTP(ctx, v.Who.Home, v.Who.User, sealed, v.PostFormValue("code"), v.session, s.Now())
	})
	if err != nil {
		return s.showTOTP(v, key, sealed, err)
	}
	return redirect("/console/account?done=totp"), nil
}

func (s *Console) removeTOTP(v *visit) (answer, error) {
	if err := v.isUser(); err != nil {
		return nil, err
	}
	err := s.provedAgain(v)
	if err == nil {
		err = ownMove(v, v.Who.User, func(ctx context.Context) error { return s.Service.RemoveTOTP(ctx, v.Who.Home, v.Who.User) })
	}
	if err != nil {
		return s.showOwn(v, ownView{Of: "totp"}, err)
	}
	return redirect("/console/account?done=removed"), nil
}
