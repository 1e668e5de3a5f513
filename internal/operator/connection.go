package operator

import (
	"context"
	"net/http"
	"net/url"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// Refusal is why an order is refused.
type Refusal struct {
	Reason string `json:"reason,omitempty" audit:"yes"`
}

func (a *api) connectionRoutes() []route {
	const one = "/v1/connections/{id}"
	list := choose("account", "Of this account.", "region", "Of this Region.", "location", "At this location.", "router", "On this router.",
		"lag", "In this LAG.", "state", "In this state.")
	return []route{
		{
			pattern: "GET /v1/connections", summary: "List connections, hosted connections and interconnects of all accounts.",
			out: Connections{}, query: listParameters(append(list, endedParameter)...), handle: a.listConnections,
		},
		{pattern: "GET " + one, summary: "Show a connection and its port.", out: Connection{}, query: []parameter{readParameter}, handle: a.showConnection},
		{pattern: "POST " + one + "/approve", summary: "Approve an order: its LOA-CFA is issued.", out: Connection{}, handle: a.move(a.Service.ApproveOrder)},
		{pattern: "POST " + one + "/refuse", summary: "Refuse an order.", in: Refusal{}, out: Connection{}, handle: a.refuseOrder},
		{pattern: "POST " + one + "/plug", summary: "Plug the cable in.", out: Connection{}, handle: a.move(a.Service.PlugCable)},
		{pattern: "POST " + one + "/cut", summary: "Cut the simulated cable.", out: Connection{}, handle: a.move(a.Service.CutCable)},
		{pattern: "POST " + one + "/restore", summary: "Restore a cut cable.", out: Connection{}, handle: a.move(a.Service.RestoreCable)},
	}
}

// listConnections answers the connections of all accounts, chosen by account, region, location, router, lag and state;
// all=true lists ended ones too.
func (a *api) listConnections(ctx context.Context, r *http.Request) (any, error) {
	f, l, err := connectionFilter(r.URL.Query())
	if err != nil {
		return nil, err
	}
	found, err := a.Service.AllConnections(ctx, f)
	if err != nil {
		return nil, err
	}
	var page Connections
	page.Connections, page.After = cut(l, found, connectionOf, func(c directconnect.Connection) string { return c.ID })
	return page, nil
}

func connectionFilter(q url.Values) (f controlplane.ConnectionFilter, l listQuery, err error) {
	l, err = readListQuery(q, "connections", true, map[string]*string{
		"account": &f.Account, "region": &f.Region, "location": &f.Location, "router": &f.Router, "lag": &f.LagID,
		"state": (*string)(&f.State), "after": &f.After,
	})
	f.Limit = l.ask()
	f.Ended = l.ended || f.State == directconnect.ConnectionDeleted || f.State == directconnect.ConnectionRejected
	return f, l, err
}

func (a *api) showConnection(ctx context.Context, r *http.Request) (any, error) {
	read, err := reads(r)
	if err != nil {
		return nil, err
	}
	c, port, err := a.Service.OneConnection(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := connectionOf(c)
	out.LOACode = c.LOACode
	if port != nil {
		out.Optic, out.Panel = port.Optic, &port.Panel
		if read {
			out.Reading, err = a.readPort(ctx, port.Router, port.ID)
		}
	}
	return out, err
}

// move makes a handler of a move that takes nothing but the connection.
func (a *api) move(make func(context.Context, string) (directconnect.Connection, error)) handler {
	return func(ctx context.Context, r *http.Request) (any, error) {
		if err := readJSON(r, &struct{}{}); err != nil {
			return nil, err
		}
		if _, err := make(ctx, r.PathValue("id")); err != nil {
			return nil, err
		}
		controlplane.Follow(ctx, a.Settle, a.Log)
		c, _, err := a.Service.OneConnection(ctx, r.PathValue("id"))
		if err != nil {
			return nil, err
		}
		return connectionOf(c), nil
	}
}

func (a *api) refuseOrder(ctx context.Context, r *http.Request) (any, error) {
	var in Refusal
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	c, err := a.Service.RefuseOrder(ctx, r.PathValue("id"), in.Reason)
	if err != nil {
		return nil, err
	}
	return connectionOf(c), nil
}
