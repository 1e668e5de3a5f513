package operator

import (
	"context"
	"net/http"
	"net/url"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (a *api) resiliencyRoutes() []route {
	return []route{{
		pattern: "GET /v1/resiliency/{group}", summary: "Evaluate a resiliency group.", out: Resiliency{},
		query:  choose("without", "KIND:NAME of an element whose failure is imagined; kinds are router, location, connection, lag and interface."),
		handle: a.showResiliency,
	}}
}

// Resiliency is how the present layout of a resiliency group stands against what is intended.
type Resiliency struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Account string `json:"account"`
	Region  string `json:"region"`
	State   string `json:"state"`

	Connections []ResiliencyMember         `json:"connections"`
	Links       []directconnect.LayoutLink `json:"links"` // what counts as one: a connection, or a LAG
	Interfaces  []ResiliencyInterface      `json:"interfaces"`
	Evaluation  directconnect.Evaluation   `json:"evaluation"`
	WhatIf      *directconnect.WhatIf      `json:"whatIf,omitempty"` // if it was asked
}

// ResiliencyMember is a connection in a group; only associated ones are evaluated.
type ResiliencyMember struct {
	ID     string `json:"id"`
	Region string `json:"region"`
	State  string `json:"state"` // of the association
}

// ResiliencyInterface is a virtual interface over one of the links, with how many prefixes cross it.
type ResiliencyInterface struct {
	ID         string `json:"id"`
	Link       string `json:"link"`
	Gateway    string `json:"gateway"`
	State      string `json:"state"`
	Up         bool   `json:"up"`
	Accepted   int    `json:"accepted"`
	Advertised int    `json:"advertised"`
}

// showResiliency evaluates a group; ?without=router:NAME, location:NAME, connection:NAME, lag:NAME or interface:NAME tells
// besides what the failure of that element would do.
func (a *api) showResiliency(ctx context.Context, r *http.Request) (any, error) {
	var without *directconnect.Element
	for key, values := range r.URL.Query() {
		if key != "without" || len(values) > 1 {
			return nil, problem(http.StatusBadRequest, "Only one thing can be asked of a resiliency group: without=KIND:NAME.")
		}
		e, err := directconnect.ParseElement(values[0])
		if err != nil {
			return nil, problem(http.StatusBadRequest, "%v", err)
		}
		without = &e
	}
	report, err := a.Service.Resiliency(ctx, r.PathValue("group"), without)
	if err != nil {
		return nil, err
	}
	return resiliencyOf(report), nil
}

func resiliencyOf(r controlplane.ResiliencyReport) Resiliency {
	out := Resiliency{
		ID: r.Group.ID, Name: r.Group.Name, Account: r.Group.Account, Region: r.Group.Region, State: string(r.Group.State),
		Connections: []ResiliencyMember{}, Links: append([]directconnect.LayoutLink{}, r.Layout.Links...),
		Interfaces: []ResiliencyInterface{}, Evaluation: r.Evaluation, WhatIf: r.WhatIf,
	}
	for _, m := range r.Members {
		out.Connections = append(out.Connections, ResiliencyMember{m.ConnectionID, m.Region, string(m.State)})
	}
	for _, v := range r.Layout.Interfaces {
		out.Interfaces = append(out.Interfaces, ResiliencyInterface{
			ID: v.ID, Link: v.LinkID, Gateway: v.Gateway, State: v.State, Up: v.Up, Accepted: len(v.Accepted), Advertised: len(v.Advertised),
		})
	}
	return out
}

// Resiliency evaluates a resiliency group; without is empty, or the element whose failure is imagined, as KIND:NAME.
func (c *Client) Resiliency(ctx context.Context, group, without string) (Resiliency, error) {
	query := url.Values{}
	if without != "" {
		query.Set("without", without)
	}
	return ask[Resiliency](ctx, c, "GET", "/v1/resiliency/"+url.PathEscape(group), query, nil)
}
