package operator

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"onramp/internal/directconnect"
)

// TokenLife is how long a token is good, as ParseDuration reads it; absent: the usual.
type TokenLife struct {
	Life string `json:"life,omitempty" audit:"yes"`
}

func (a *api) routerRoutes() []route {
	return []route{
		{
			pattern: "GET /v1/routers", summary: "List the routers of the inventory, and those that have an agent.", out: []Router{},
			query: choose("location", "At this location."), handle: a.listRouters,
		},
		{pattern: "GET /v1/routers/{name}", summary: "Show a router.", out: Router{}, query: []parameter{readParameter}, handle: a.showRouter},
		{
			pattern: "POST /v1/routers/{name}/drain", summary: "Keep new orders from a router; what is on it stays.",
			in: HoldReason{}, out: Router{}, handle: a.drainRouter,
		},
		{pattern: "POST /v1/routers/{name}/undrain", summary: "Let orders be placed on a router again.", out: Router{}, handle: a.undrainRouter},
		{
			pattern: "POST /v1/routers/{name}/token", summary: "Make the token that enrols a router.",
			in: TokenLife{}, out: created{RouterToken{}}, handle: a.withRouters(makeRouterToken),
		},
		{pattern: "POST /v1/routers/{name}/revoke", summary: "End a router's enrolment.", handle: a.withRouters(revokeRouter)},
	}
}

// Routers is what the operator may do with the routers that have an agent. Errors are a *controlplane.Refusal where the
// operator is at fault.
type Routers interface {
	// Routers answers the routers that have an agent or should have one, by name.
	Routers(ctx context.Context) ([]Router, error)
	// NewToken makes the token that enrols a router, in place of one that is out; life 0: the usual.
	NewToken(ctx context.Context, router string, life time.Duration) (RouterToken, error)
	// Revoke ends a router's enrolment and takes back its token.
	Revoke(ctx context.Context, router string) error
}

// Router is a router of the inventory, or one that has an agent and has left it. Times that are absent have not come.
type Router struct {
	Name     string              `json:"name"`
	Location string              `json:"location,omitempty"`
	Region   string              `json:"region,omitempty"`
	Fabric   string              `json:"fabric,omitempty"` // simulated, linux; absent: it is not in the inventory
	Drained  *directconnect.Hold `json:"drained,omitempty"`
	Ports    []PortCount         `json:"ports,omitempty"`

	Reading *RouterReading `json:"reading,omitempty"` // of a single router of the inventory, if it was asked for

	// Of a router that has an agent or should have one.
	Enrolled       time.Time `json:"enrolled,omitzero"`
	Expires        time.Time `json:"expires,omitzero"` // its certificate, unless it is renewed
	Revoked        time.Time `json:"revoked,omitzero"`
	TokenExpires   time.Time `json:"tokenExpires,omitzero"` // of the token that is out
	ConnectedSince time.Time `json:"connectedSince,omitzero"`
	LastSeen       time.Time `json:"lastSeen,omitzero"`
	Waiting        bool      `json:"waiting,omitempty"`  // for somebody at the router to accept the first plan
	Drift          []string  `json:"drift,omitempty"`    // what is not as it should be although it was told again
	Repairs        uint64    `json:"repairs,omitempty"`  // how often something was found changed and put right
	Repaired       []string  `json:"repaired,omitempty"` // what that was the last time
}

// RouterToken enrols a router, once. It is shown here and never again.
type RouterToken struct {
	Router    string    `json:"router"`
	Token     string    `json:"token"`
	Expires   time.Time `json:"expires"`
	Addresses []string  `json:"addresses"` // where the router must reach the control plane
}

// longestToken bounds the life of a token: it is for somebody who is about to type it.
const longestToken = 30 * 24 * time.Hour

// withRouters refuses where no agent can connect.
func (a *api) withRouters(h func(context.Context, Routers, *http.Request) (any, error)) handler {
	return func(ctx context.Context, r *http.Request) (any, error) {
		if a.Routers == nil {
			return nil, problem(http.StatusConflict, "No router can connect here: this takes a server that listens for routers.")
		}
		return h(ctx, a.Routers, r)
	}
}

// makeRouterToken makes a token that is good for as long as the body says: {"life": "1h"}.
func makeRouterToken(ctx context.Context, routers Routers, r *http.Request) (any, error) {
	var in TokenLife
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	var life time.Duration
	if in.Life != "" {
		var err error
		if life, err = ParseDuration(in.Life); err != nil || life < time.Second || life > longestToken {
			return nil, problem(http.StatusBadRequest, "%q is not a time between a second and 30 days, such as 1h.", in.Life)
		}
	}
	token, err := routers.NewToken(ctx, r.PathValue("name"), life)
	if err != nil {
		return nil, err
	}
	return created{token}, nil
}

func revokeRouter(ctx context.Context, routers Routers, r *http.Request) (any, error) {
	return nil, routers.Revoke(ctx, r.PathValue("name"))
}

// Routers lists the routers of the inventory and those that have an agent, at a location unless it is empty.
func (c *Client) Routers(ctx context.Context, location string) ([]Router, error) {
	query := url.Values{}
	if location != "" {
		query.Set("location", location)
	}
	return ask[[]Router](ctx, c, "GET", "/v1/routers", query, nil)
}

// NewRouterToken makes the token that enrols a router; life as ParseDuration reads it, empty: the usual.
func (c *Client) NewRouterToken(ctx context.Context, router, life string) (RouterToken, error) {
	in := map[string]string{}
	if life != "" {
		in["life"] = life
	}
	return ask[RouterToken](ctx, c, "POST", "/v1/routers/"+url.PathEscape(router)+"/token", nil, in)
}

// RevokeRouter ends a router's enrolment.
func (c *Client) RevokeRouter(ctx context.Context, router string) error {
	return c.call(ctx, "POST", "/v1/routers/"+url.PathEscape(router)+"/revoke", nil, nil, nil)
}
