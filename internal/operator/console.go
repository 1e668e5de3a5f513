package operator

import (
	"context"
	"net/http"
	"time"

	"onramp/internal/controlplane"
)

// ConsoleAccess is how a user may log in at the console.
type ConsoleAccess struct {
	Password     bool      `json:"password"`          // one is set
	Changed      time.Time `json:"changed,omitzero"`  // when it was
	SecondFactor bool      `json:"secondFactor"`      // a code of an authenticator is asked for
	URL          string    `json:"otpauth,omitempty"` // of a second factor that was just made, for authenticators; never again
	Sealed       string    `json:"sealed,omitempty"`  // the same, for the request that confirms it
}

// ConsolePassword is the body that sets a user's password for the console.
type ConsolePassword struct {
	Password string `json:"password"` // 12 characters or more
}

// ConsoleCode confirms a second factor: what made it, and a code of it.
type ConsoleCode struct {
	Sealed string `json:"sealed"`
	Code   string `json:"code"`
}

// consoleRoutes are how users are let in at the console.
func (a *api) consoleRoutes() []route {
	const user = "/v1/accounts/{id}/users/{name}/console"
	return []route{
		{pattern: "GET " + user, summary: "Show how a user may log in at the console.", out: ConsoleAccess{}, handle: a.showConsole},
		{pattern: "PUT " + user + "/password", summary: "Set a user's password for the console; it ends all sessions of theirs.",
			in: ConsolePassword{}, out: ConsoleAccess{}, handle: a.setConsolePassword},
		{pattern: "DELETE " + user + "/password", summary: "Take a user's password for the console away, with the second factor; it ends all sessions of theirs.",
			out: ConsoleAccess{}, handle: a.removeConsolePassword},
		{pattern: "POST " + user + "/totp", summary: "Make a second factor for a user. It is asked for when a code of it has confirmed it.",
			out: ConsoleAccess{}, handle: a.makeTOTP},
		{pattern: "PUT " + user + "/totp", summary: "Confirm a second factor, which is asked for from now on.",
			in: ConsoleCode{}, out: ConsoleAccess{}, handle: a.confirmTOTP},
		{pattern: "DELETE " + user + "/totp", summary: "Ask a user for no second factor any more.", out: ConsoleAccess{}, handle: a.removeTOTP},
	}
}

func (a *api) showConsole(ctx context.Context, r *http.Request) (any, error) {
	return a.consoleAccess(ctx, r, nil)
}

// consoleAccess shows how a user may log in, after something was done about it.
func (a *api) consoleAccess(ctx context.Context, r *http.Request, done error) (any, error) {
	if done != nil {
		return nil, done
	}
	access, err := a.Service.ConsoleAccessOf(ctx, r.PathValue("id"), r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return ConsoleAccess{Password: access.Password, Changed: access.Changed, SecondFactor: access.TOTP}, nil
}

func (a *api) setConsolePassword(ctx context.Context, r *http.Request) (any, error) {
	var in ConsolePassword
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if in.Password == "" {
		return nil, problem(http.StatusBadRequest, "The password is empty.")
	}
	return a.consoleAccess(ctx, r, a.Service.SetConsolePassword(ctx, r.PathValue("id"), r.PathValue("name"), in.Password, "", time.Now()))
}

func (a *api) removeConsolePassword(ctx context.Context, r *http.Request) (any, error) {
	return a.consoleAccess(ctx, r, a.Service.SetConsolePassword(ctx, r.PathValue("id"), r.PathValue("name"), "", "", time.Now()))
}

func (a *api) makeTOTP(ctx context.Context, r *http.Request) (any, error) {
	account, user := r.PathValue("id"), r.PathValue("name")
	access, err := a.Service.ConsoleAccessOf(ctx, account, user)
	if err != nil {
		return nil, err
	}
	if !access.Password {
		return nil, &controlplane.Refusal{Reason: controlplane.Conflict, Message: "A second factor goes with a password, and user " + user + " has none."}
	}
	key, sealed, err := a.Service.NewTOTP(account, user)
	if err != nil {
		return nil, err
	}
	return ConsoleAccess{
		Password: access.Password, Changed: access.Changed, SecondFactor: access.TOTP, URL: key.URL(), Sealed: sealed,
	}, nil
}

func (a *api) confirmTOTP(ctx context.Context, r *http.Request) (any, error) {
	var in ConsoleCode
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return a.consoleAccess(ctx, r, a.Service.SetTOTP(ctx, r.PathValue("id"), r.PathValue("name"), in.Sealed, in.Code, "", time.Now()))
}

func (a *api) removeTOTP(ctx context.Context, r *http.Request) (any, error) {
	return a.consoleAccess(ctx, r, a.Service.RemoveTOTP(ctx, r.PathValue("id"), r.PathValue("name")))
}

func consolePath(account, user, rest string) string {
	return principalPath(account, Users, user, "console") + rest
}

// ConsoleAccess answers how a user may log in at the console.
func (c *Client) ConsoleAccess(ctx context.Context, account, user string) (ConsoleAccess, error) {
	return ask[ConsoleAccess](ctx, c, "GET", consolePath(account, user, ""), nil, nil)
}

// SetConsolePassword sets a user's password for the console; an empty one takes theirs away.
func (c *Client) SetConsolePassword(ctx context.Context, account, user, password string) (ConsoleAccess, error) {
	if password == "" {
		return ask[ConsoleAccess](ctx, c, "DELETE", consolePath(account, user, "/password"), nil, nil)
	}
	return ask[ConsoleAccess](ctx, c, "PUT", consolePath(account, user, "/password"), nil, ConsolePassword{password})
}

// MakeTOTP makes a second factor for a user, which ConfirmTOTP makes good.
func (c *Client) MakeTOTP(ctx context.Context, account, user string) (ConsoleAccess, error) {
	return ask[ConsoleAccess](ctx, c, "POST", consolePath(account, user, "/totp"), nil, nil)
}

// ConfirmTOTP has a second factor asked for from now on.
func (c *Client) ConfirmTOTP(ctx context.Context, account, user string, of ConsoleCode) (ConsoleAccess, error) {
	return ask[ConsoleAccess](ctx, c, "PUT", consolePath(account, user, "/totp"), nil, of)
}

// RemoveTOTP has no second factor asked for any more.
func (c *Client) RemoveTOTP(ctx context.Context, account, user string) (ConsoleAccess, error) {
	return ask[ConsoleAccess](ctx, c, "DELETE", consolePath(account, user, "/totp"), nil, nil)
}
