package controlplane

import (
	"context"
	"encoding/json"
	"net/netip"
	"slices"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// maxRouteCIDRs bounds the filter's prefixes (API reference, RouteFilters).
const maxRouteCIDRs = 10

// routeFilter is the filter of ListVirtualInterfaceRoutes. The store finds by direction, family and prefix; AS path and
// communities are matched here.
type routeFilter struct {
	query       store.RouteQuery
	asPath      []int64
	communities []string
}

// ListVirtualInterfaceRoutes lists the routes that cross an interface, accepted from the customer and advertised to it.
func (s *Service) ListVirtualInterfaceRoutes(ctx context.Context, caller Caller, in *api.ListVirtualInterfaceRoutesRequest) (out *api.ListVirtualInterfaceRoutesResponse, err error) {
	id, err := requiredInterfaceID(in.VirtualInterfaceID)
	if err != nil {
		return nil, err
	}
	f, err := parseRouteFilter(id, in.Filters)
	if err != nil {
		return nil, err
	}
	p, err := s.routePager(caller, id, in, f)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		if _, err := s.visibleInterface(tx, caller, id); err != nil {
			return err
		}
		routes, err := p.load(tx, f)
		if err != nil {
			return err
		}
		out = &api.ListVirtualInterfaceRoutesResponse{VirtualInterfaceID: &id, Routes: []api.Route{}}
		if len(routes) > p.size {
			routes = routes[:p.size]
			if out.NextToken, err = p.token(routes[p.size-1]); err != nil {
				return err
			}
		}
		for _, r := range routes {
			out.Routes = append(out.Routes, renderRoute(r))
		}
		return nil
	})
	return out, err
}

func parseRouteFilter(id string, in *api.RouteFilters) (routeFilter, error) {
	f := routeFilter{query: store.RouteQuery{InterfaceID: id}}
	if in == nil {
		return f, nil
	}
	switch d := directconnect.RouteDirection(value(in.RouteDirection)); d {
	case "", directconnect.RouteAccepted, directconnect.RouteAdvertised:
		f.query.Direction = d
	default:
		return f, directconnect.Clientf("Route direction %s is not valid. Valid values are accepted and advertised.", d)
	}
	if in.AddressFamily != nil {
		family, err := directconnect.ParseFamily(*in.AddressFamily)
		if err != nil {
			return f, err
		}
		f.query.Family = family
	}
	if len(in.Cidrs) > maxRouteCIDRs {
		return f, directconnect.Clientf("cidrs must name at most %d prefixes.", maxRouteCIDRs)
	}
	for _, c := range in.Cidrs {
		p, err := netip.ParsePrefix(c)
		if err != nil {
			return f, directconnect.Clientf("CIDR %s is not valid.", c)
		}
		f.query.CIDRs = append(f.query.CIDRs, p.Masked().String())
	}
	f.asPath, f.communities = in.AsPath, in.Communities
	return f, nil
}

// matches reports whether a route has the AS path asked for, number by number, and every community.
func (f routeFilter) matches(r directconnect.Route) bool {
	if len(f.asPath) > 0 {
		var path []int64
		for _, s := range r.ASPath {
			path = append(path, s.Path...)
		}
		if !slices.Equal(path, f.asPath) {
			return false
		}
	}
	return !slices.ContainsFunc(f.communities, func(c string) bool { return !slices.Contains(r.Communities, c) })
}

// routePager pages over routes, whose order is their own and not that of creation.
type routePager struct {
	pager
	from store.RouteCursor
}

// routeCursor is what a token hides.
type routeCursor struct {
	Direction directconnect.RouteDirection `json:"d"`
	CIDR      netip.Prefix                 `json:"c"`
	Device    string                       `json:"v"`
}

func (s *Service) routePager(caller Caller, id string, in *api.ListVirtualInterfaceRoutesRequest, f routeFilter) (routePager, error) {
	filter, err := json.Marshal([]any{id, f.query.Direction, f.query.Family, f.query.CIDRs, f.asPath, f.communities})
	if err != nil {
		return routePager{}, err
	}
	p := routePager{}
	if p.pager, err = s.pager("ListVirtualInterfaceRoutes", caller, string(filter), in.MaxResults, nil); err != nil || in.NextToken == nil {
		return p, err
	}
	invalid := directconnect.Clientf("nextToken is not valid.")
	plain, err := s.Seal.Open(*in.NextToken, p.scope)
	if err != nil {
		return p, invalid
	}
	var c routeCursor
	if err := json.Unmarshal(plain, &c); err != nil {
		return p, invalid
	}
	p.from = store.RouteCursor{Direction: c.Direction, CIDR: c.CIDR, Device: c.Device}
	return p, nil
}

func (p routePager) token(last directconnect.Route) (*string, error) {
	plain, err := json.Marshal(routeCursor{last.Direction, last.CIDR, last.Device})
	if err != nil {
		return nil, err
	}
	token, err := p.seal.Seal(plain, p.scope)
	return &token, err
}

// load answers a page of matching routes and one more, if there is one. What the store cannot filter is passed over here.
func (p routePager) load(tx *store.Tx, f routeFilter) ([]directconnect.Route, error) {
	var found []directconnect.Route
	q := f.query
	q.After, q.Limit = p.from, p.limit()
	for {
		batch, err := tx.Routes(q)
		if err != nil {
			return nil, err
		}
		for _, r := range batch {
			if f.matches(r) {
				found = append(found, r)
			}
		}
		if len(batch) < q.Limit || len(found) > p.size {
			return found, nil
		}
		q.After = store.CursorOf(batch[len(batch)-1])
	}
}

func renderRoute(r directconnect.Route) api.Route {
	cidr := r.CIDR.String()
	out := api.Route{
		Cidr: &cidr, RouteDirection: text(r.Direction), AddressFamily: text(directconnect.FamilyOf(r.CIDR)),
		Communities: listed(r.Communities), AwsLogicalDeviceID: &r.Device, RouteInstalledAt: instant(r.Installed),
		AsPath: make([]api.AsPathSegment, 0, len(r.ASPath)),
	}
	for _, s := range r.ASPath {
		kind := "seq"
		if s.Set {
			kind = "set"
		}
		out.AsPath = append(out.AsPath, api.AsPathSegment{Path: s.Path, PathType: &kind})
	}
	return out
}
