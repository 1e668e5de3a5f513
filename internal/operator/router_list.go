package operator

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// listRouters answers the routers of the inventory, at ?location= if it is given, and those that have an agent without
// being in it.
func (a *api) listRouters(ctx context.Context, r *http.Request) (any, error) {
	for key := range r.URL.Query() {
		if key != "location" {
			return nil, problem(http.StatusBadRequest, "%q is nothing to choose routers by.", key)
		}
	}
	return a.allRouters(ctx, r.URL.Query().Get("location"))
}

func (a *api) allRouters(ctx context.Context, location string) ([]Router, error) {
	all := map[string]Router{}
	if a.Routers != nil {
		agents, err := a.Routers.Routers(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range agents {
			if location == "" || r.Location == location {
				all[r.Name] = r
			}
		}
	}
	if a.Service.Store != nil {
		known, err := a.Service.AllRouters(ctx, location)
		if err != nil {
			return nil, err
		}
		for _, k := range known {
			all[k.Router.Name] = placed(all[k.Router.Name], k)
		}
	}
	list := make([]Router, 0, len(all))
	for _, r := range all {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Router) int {
		if byLocation := strings.Compare(a.Location, b.Location); byLocation != 0 {
			return byLocation
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list, nil
}

// placed adds what the inventory says to what is known of a router's agent.
func placed(r Router, known controlplane.RouterReport) Router {
	k := known.Router
	r.Name, r.Location, r.Region, r.Fabric, r.Drained, r.Ports = k.Name, k.Location, k.Region, string(k.Fabric), k.Drained, portCounts(known.Ports)
	if k.Fabric == directconnect.Simulated {
		r.Fabric = "simulated"
	}
	return r
}

func (a *api) showRouter(ctx context.Context, r *http.Request) (any, error) {
	read, err := reads(r)
	if err != nil {
		return nil, err
	}
	out, err := a.oneRouter(ctx, r.PathValue("name"))
	if err == nil && read && out.Fabric != "" {
		out.Reading, err = a.readRouter(ctx, out.Name)
	}
	return out, err
}

func (a *api) oneRouter(ctx context.Context, name string) (Router, error) {
	all, err := a.allRouters(ctx, "")
	if err != nil {
		return Router{}, err
	}
	i := slices.IndexFunc(all, func(r Router) bool { return r.Name == name })
	if i < 0 {
		return Router{}, problem(http.StatusNotFound, "There is no router %q.", name)
	}
	return all[i], nil
}

func (a *api) drainRouter(ctx context.Context, r *http.Request) (any, error) {
	var in HoldReason
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if _, err := a.Service.DrainRouter(ctx, r.PathValue("name"), in.Reason); err != nil {
		return nil, err
	}
	return a.oneRouter(ctx, r.PathValue("name"))
}

func (a *api) undrainRouter(ctx context.Context, r *http.Request) (any, error) {
	if err := readJSON(r, &struct{}{}); err != nil {
		return nil, err
	}
	if _, err := a.Service.UndrainRouter(ctx, r.PathValue("name")); err != nil {
		return nil, err
	}
	return a.oneRouter(ctx, r.PathValue("name"))
}

func routerPath(name, more string) string { return "/v1/routers/" + url.PathEscape(name) + more }

// ReadRouter answers a router with what it measures and counts now.
func (c *Client) ReadRouter(ctx context.Context, name string) (Router, error) {
	return ask[Router](ctx, c, "GET", routerPath(name, ""), andRead(), nil)
}

// Router answers a router.
func (c *Client) Router(ctx context.Context, name string) (Router, error) {
	return ask[Router](ctx, c, "GET", routerPath(name, ""), nil, nil)
}

// DrainRouter keeps new orders from a router.
func (c *Client) DrainRouter(ctx context.Context, name, reason string) (Router, error) {
	return ask[Router](ctx, c, "POST", routerPath(name, "/drain"), nil, HoldReason{reason})
}

// UndrainRouter lets orders be placed on it again.
func (c *Client) UndrainRouter(ctx context.Context, name string) (Router, error) {
	return ask[Router](ctx, c, "POST", routerPath(name, "/undrain"), nil, struct{}{})
}
