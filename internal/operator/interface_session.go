package operator

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"onramp/internal/directconnect"
)

// SessionChoice is a BGP peer's ID; empty: all of the interface.
type SessionChoice struct {
	Peer string `json:"peer,omitempty" audit:"yes"`
}

func (a *api) sessionRoutes() []route {
	return []route{
		{
			pattern: "POST /v1/interfaces/{id}/reenable", summary: "Try sessions again that are kept shut because of their prefix limit.",
			in: SessionChoice{}, out: Interface{}, handle: a.reenableInterface,
		},
		{
			pattern: "GET /v1/interfaces/{id}/routes", summary: "List the routes that cross an interface.", out: Routes{},
			query: listParameters(choose("direction", "Only those accepted, or advertised.")...), handle: a.listRoutes,
		},
	}
}

// Route is a prefix that crosses an interface.
type Route struct {
	Direction       string       `json:"direction"` // accepted, advertised
	CIDR            netip.Prefix `json:"cidr"`
	ASPath          string       `json:"asPath"` // the neighbour first; a set in braces
	Communities     []string     `json:"communities"`
	LocalPreference int          `json:"localPreference,omitempty"` // accepted on private and transit interfaces: higher is preferred
	Scope           string       `json:"scope,omitempty"`           // accepted on public ones: region, continent, world
	Router          string       `json:"router"`
	Installed       time.Time    `json:"installed,omitzero"`
}

// Routes is a page. After goes into the query of the next one; empty on the last.
type Routes struct {
	Routes []Route `json:"routes"`
	After  string  `json:"after,omitempty"`
}

// reenableInterface tries sessions again that are kept shut because of their prefix limit: one, or all.
func (a *api) reenableInterface(ctx context.Context, r *http.Request) (any, error) {
	var in SessionChoice
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	v, err := a.Service.ReenableSession(ctx, r.PathValue("id"), in.Peer)
	if err != nil {
		return nil, err
	}
	return interfaceOf(v), nil
}

// listRoutes answers the routes that cross an interface, of ?direction= if it is given.
func (a *api) listRoutes(ctx context.Context, r *http.Request) (any, error) {
	var direction directconnect.RouteDirection
	var from string
	l, err := readListQuery(r.URL.Query(), "routes", false, map[string]*string{"direction": (*string)(&direction), "after": &from})
	if err != nil {
		return nil, err
	}
	after, ok := placeOf(from)
	if from != "" && !ok {
		return nil, noValue("after", from)
	}
	v, found, err := a.Service.InterfaceRoutes(ctx, r.PathValue("id"), direction, after, l.ask())
	if err != nil {
		return nil, err
	}
	var page Routes
	page.Routes, page.After = cut(l, found, func(r directconnect.Route) Route { return routeOf(v.Type, r) }, place)
	return page, nil
}

// place is where a route stands among those of its interface, as a text; placeOf reads it.
func place(r directconnect.Route) string {
	return string(r.Direction) + "," + r.CIDR.String() + "," + r.Device
}

func placeOf(text string) (r directconnect.Route, ok bool) {
	direction, rest, _ := strings.Cut(text, ",")
	cidr, device, ok := strings.Cut(rest, ",")
	p, err := netip.ParsePrefix(cidr)
	return directconnect.Route{Direction: directconnect.RouteDirection(direction), CIDR: p, Device: device}, ok && err == nil
}

// routeOf shows a route of an interface of type t, with what the customer's communities ask for.
func routeOf(t directconnect.InterfaceType, r directconnect.Route) Route {
	var path []string
	for _, s := range r.ASPath {
		var numbers []string
		for _, asn := range s.Path {
			numbers = append(numbers, strconv.FormatInt(asn, 10))
		}
		if text := strings.Join(numbers, " "); s.Set {
			path = append(path, "{"+text+"}")
		} else {
			path = append(path, text)
		}
	}
	out := Route{
		Direction: string(r.Direction), CIDR: r.CIDR, ASPath: strings.Join(path, " "),
		Communities: append([]string{}, r.Communities...), Router: r.Device, Installed: r.Installed,
	}
	switch {
	case r.Direction != directconnect.RouteAccepted:
	case t == directconnect.Public:
		out.Scope = string(directconnect.ScopeOf(r.Communities))
	default:
		out.LocalPreference = r.LocalPref
	}
	return out
}

// ReenableInterface tries sessions again that are kept shut because of their prefix limit: one, or all if peer is empty.
func (c *Client) ReenableInterface(ctx context.Context, id, peer string) (Interface, error) {
	in := map[string]string{"peer": peer}
	return ask[Interface](ctx, c, "POST", "/v1/interfaces/"+url.PathEscape(id)+"/reenable", nil, in)
}

// Routes answers a page of the routes that cross an interface, chosen by direction.
func (c *Client) Routes(ctx context.Context, id string, query url.Values) (Routes, error) {
	return ask[Routes](ctx, c, "GET", "/v1/interfaces/"+url.PathEscape(id)+"/routes", query, nil)
}
