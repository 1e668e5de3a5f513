package operator

import (
	"context"
	"net/http"
	"net/url"

	"onramp/internal/controlplane"
)

func (a *api) pathRoutes() []route {
	return []route{{
		pattern: "GET /v1/paths", summary: "List the ways that traffic towards a customer has, the best first: out of a gateway, or from the public network of a Region.",
		out: []Path{},
		query: append(choose("gateway", "Where from: a gateway.", "region", "Where from: the public network in this Region."),
			parameter{name: "to", about: "An address or prefix of the customer's.", required: true}),
		handle: a.listPaths,
	}}
}

// Path is one of the ways that traffic towards a customer has.
type Path struct {
	Rank      int    `json:"rank"`   // 1: traffic takes it, and all that have 1 share it; more: when those before are gone; 0: never
	Reason    string `json:"reason"` // why it is where it is
	Interface string `json:"interface"`
	Account   string `json:"account"` // whose interface it is
	Region    string `json:"region"`
	Route
}

// listPaths answers the ways to ?to=, an address or a prefix: out of ?gateway=, or from the provider's public network in
// ?region=.
func (a *api) listPaths(ctx context.Context, r *http.Request) (any, error) {
	q := r.URL.Query()
	for key := range q {
		if key != "gateway" && key != "region" && key != "to" {
			return nil, problem(http.StatusBadRequest, "%q is nothing to look for paths by.", key)
		}
	}
	if q.Has("gateway") == q.Has("region") || !q.Has("to") {
		return nil, problem(http.StatusBadRequest, "Say where to, with to=, and either gateway= or region= for where from.")
	}
	find, from := a.Service.GatewayPaths, q.Get("gateway")
	if q.Has("region") {
		find, from = a.Service.PublicPaths, q.Get("region")
	}
	ways, err := find(ctx, from, q.Get("to"))
	if err != nil {
		return nil, err
	}
	return pathsOf(ways), nil
}

func pathsOf(ways []controlplane.Way) []Path {
	paths := make([]Path, len(ways))
	for i, w := range ways {
		paths[i] = Path{
			Rank: w.Rank, Reason: w.Reason, Interface: w.Interface.ID, Account: w.Interface.Account, Region: w.Interface.Region,
			Route: routeOf(w.Interface.Type, w.Path.Route),
		}
	}
	return paths
}

// GatewayPaths lists the ways from a Direct Connect gateway, virtual private gateway or transit gateway to an address or
// prefix of the customer's, the best first.
func (c *Client) GatewayPaths(ctx context.Context, gateway, to string) ([]Path, error) {
	return ask[[]Path](ctx, c, "GET", "/v1/paths", url.Values{"gateway": {gateway}, "to": {to}}, nil)
}

// PublicPaths lists the ways from the provider's public network in a Region, the best first, and those that customers keep
// from it last.
func (c *Client) PublicPaths(ctx context.Context, region, to string) ([]Path, error) {
	return ask[[]Path](ctx, c, "GET", "/v1/paths", url.Values{"region": {region}, "to": {to}}, nil)
}
