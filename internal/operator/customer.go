package operator

import (
	"context"
	"net/http"
	"net/url"

	"onramp/internal/directconnect"
)

func (a *api) customerRoutes() []route {
	const customer = "/v1/interfaces/{id}/customer"
	return []route{
		{
			pattern: "GET " + customer, summary: "Show what the simulated customer's router was told to do; null is nothing.",
			out: nullable{directconnect.CustomerScript{}}, handle: a.showCustomer,
		},
		{
			pattern: "PUT " + customer, summary: "Tell the simulated customer's router what to do.",
			in: directconnect.CustomerScript{}, out: directconnect.CustomerScript{}, handle: a.setCustomer,
		},
		{pattern: "DELETE " + customer, summary: "Have the simulated customer's router do what it does by default.", handle: a.resetCustomer},
	}
}

// showCustomer answers what the customer's router at the far end of an interface was told to do; null: nothing.
func (a *api) showCustomer(ctx context.Context, r *http.Request) (any, error) {
	if err := a.simulated(); err != nil {
		return nil, err
	}
	return a.Service.Customer(ctx, r.PathValue("id"))
}

// setCustomer tells it what to do, in place of all that it was told before.
func (a *api) setCustomer(ctx context.Context, r *http.Request) (any, error) {
	if err := a.simulated(); err != nil {
		return nil, err
	}
	var script *directconnect.CustomerScript
	if err := readJSON(r, &script); err != nil {
		return nil, err
	}
	if script == nil {
		return nil, problem(http.StatusBadRequest, "The request body is no script; DELETE takes one away.")
	}
	return a.Service.SetCustomer(ctx, r.PathValue("id"), script)
}

// resetCustomer has it do what it does by default.
func (a *api) resetCustomer(ctx context.Context, r *http.Request) (any, error) {
	if err := a.simulated(); err != nil {
		return nil, err
	}
	_, err := a.Service.SetCustomer(ctx, r.PathValue("id"), nil)
	return nil, err
}

// simulated refuses where customers have routers of their own.
func (a *api) simulated() error {
	if !a.Clock.Simulated() {
		return problem(http.StatusConflict, "Customers' routers do as they are told only where the routers are simulated.")
	}
	return nil
}

func customerPath(id string) string { return "/v1/interfaces/" + url.PathEscape(id) + "/customer" }

// Customer answers what the customer's router at the far end of a simulated interface was told to do; nil: nothing.
func (c *Client) Customer(ctx context.Context, id string) (*directconnect.CustomerScript, error) {
	return ask[*directconnect.CustomerScript](ctx, c, "GET", customerPath(id), nil, nil)
}

// SetCustomer tells it what to do, in place of all that it was told before, and answers that as it is kept: a flap without a
// beginning begins now.
func (c *Client) SetCustomer(ctx context.Context, id string, script directconnect.CustomerScript) (*directconnect.CustomerScript, error) {
	return ask[*directconnect.CustomerScript](ctx, c, "PUT", customerPath(id), nil, script)
}

// ResetCustomer has it do what it does by default.
func (c *Client) ResetCustomer(ctx context.Context, id string) error {
	return c.call(ctx, "DELETE", customerPath(id), nil, nil, nil)
}
