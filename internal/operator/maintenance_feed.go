package operator

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// MaintenanceFeed is where an account's calendar of planned work can be subscribed to, without the operator's token.
type MaintenanceFeed struct {
	Account string `json:"account"`
	Path    string `json:"path"` // on the operator's listener; it holds a secret, and is shown once
}

func (a *api) maintenanceFeedRoutes() []route {
	const one = " /v1/accounts/{id}/maintenance-feed"
	return []route{
		{
			pattern: "POST" + one, in: struct{}{}, out: created{MaintenanceFeed{}}, handle: a.openMaintenanceFeed,
			summary: "Make the secret address of an account's calendar of planned work, in place of an earlier one.",
		},
		{pattern: "DELETE" + one, summary: "End the address of an account's calendar of planned work.", handle: a.closeMaintenanceFeed},
	}
}

func (a *api) openMaintenanceFeed(ctx context.Context, r *http.Request) (any, error) {
	if err := readJSON(r, &struct{}{}); err != nil {
		return nil, err
	}
	account := r.PathValue("id")
	secret, err := a.Service.OpenMaintenanceFeed(ctx, account)
	if err != nil {
		return nil, err
	}
	return created{MaintenanceFeed{account, "/calendar/" + account + "/" + secret + ".ics"}}, nil
}

func (a *api) closeMaintenanceFeed(ctx context.Context, r *http.Request) (any, error) {
	return nil, a.Service.CloseMaintenanceFeed(ctx, r.PathValue("id"))
}

// feedPattern is where calendars are read. The address is the proof.
const feedPattern = "GET /calendar/{account}/{file}"

func (a *api) maintenanceFeed(ctx context.Context, r *http.Request) (any, error) {
	secret, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !ok {
		return noSuchResource(ctx, r)
	}
	text, err := a.Service.MaintenanceFeed(ctx, r.PathValue("account"), secret)
	if err != nil {
		return nil, err
	}
	return body{calendarType, text}, nil
}

// OpenMaintenanceFeed makes the secret address of an account's calendar of planned work.
func (c *Client) OpenMaintenanceFeed(ctx context.Context, account string) (MaintenanceFeed, error) {
	return ask[MaintenanceFeed](ctx, c, "POST", "/v1/accounts/"+url.PathEscape(account)+"/maintenance-feed", nil, struct{}{})
}

// CloseMaintenanceFeed ends it.
func (c *Client) CloseMaintenanceFeed(ctx context.Context, account string) error {
	return c.call(ctx, "DELETE", "/v1/accounts/"+url.PathEscape(account)+"/maintenance-feed", nil, nil, nil)
}
