package operator

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// LAG is a link aggregation group of any account. Its state follows from its members'.
type LAG struct {
	ID             string    `json:"id"`
	Account        string    `json:"account"`
	Region         string    `json:"region"`
	Location       string    `json:"location"`
	Router         string    `json:"router"`
	Name           string    `json:"name"`
	Bandwidth      string    `json:"bandwidth"` // of each member
	State          string    `json:"state"`
	Members        int       `json:"members"`
	Available      int       `json:"available"` // of the members
	MinimumLinks   int       `json:"minimumLinks"`
	AllowsHosted   bool      `json:"allowsHosted,omitempty"`
	MACsec         bool      `json:"macsec,omitempty"`
	EncryptionMode string    `json:"encryptionMode,omitempty"`
	Created        time.Time `json:"created,omitzero"`
	Ended          time.Time `json:"ended,omitzero"`

	Connections []Connection `json:"connections,omitempty"` // the members; of a single LAG only
}

// LAGs is a page. After goes into the query of the next one; empty on the last.
type LAGs struct {
	LAGs  []LAG  `json:"lags"`
	After string `json:"after,omitempty"`
}

func (a *api) lagRoutes() []route {
	list := choose("account", "Of this account.", "region", "Of this Region.", "location", "At this location.", "router", "On this router.",
		"state", "In this state.")
	return []route{
		{
			pattern: "GET /v1/lags", summary: "List link aggregation groups of all accounts.", out: LAGs{},
			query: listParameters(append(list, endedParameter)...), handle: a.listLAGs,
		},
		{pattern: "GET /v1/lags/{id}", summary: "Show a LAG and its members.", out: LAG{}, handle: a.showLAG},
	}
}

func (a *api) listLAGs(ctx context.Context, r *http.Request) (any, error) {
	var f controlplane.LAGFilter
	l, err := readListQuery(r.URL.Query(), "LAGs", true, map[string]*string{
		"account": &f.Account, "region": &f.Region, "location": &f.Location, "router": &f.Router, "state": (*string)(&f.State), "after": &f.After,
	})
	if err != nil {
		return nil, err
	}
	f.Limit, f.Ended = l.ask(), l.ended
	found, err := a.Service.AllLAGs(ctx, f)
	if err != nil {
		return nil, err
	}
	var page LAGs
	page.LAGs, page.After = cut(l, found, lagOf, func(g controlplane.LAGReport) string { return g.LAG.ID })
	return page, nil
}

func (a *api) showLAG(ctx context.Context, r *http.Request) (any, error) {
	report, err := a.Service.OneLAG(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := lagOf(report)
	for _, m := range report.Members {
		out.Connections = append(out.Connections, connectionOf(m))
	}
	return out, nil
}

func lagOf(report controlplane.LAGReport) LAG {
	g := report.LAG
	out := LAG{
		ID: g.ID, Account: g.Account, Region: g.Region, Location: g.Location, Router: g.Router, Name: g.Name, Bandwidth: string(g.Bandwidth),
		State: string(report.State), Members: len(report.Members), MinimumLinks: g.MinimumLinks, AllowsHosted: g.AllowsHosted, MACsec: g.MACsec,
		EncryptionMode: string(g.EncryptionMode), Created: g.Created, Ended: g.Deleted,
	}
	for _, m := range report.Members {
		if m.State == directconnect.ConnectionAvailable {
			out.Available++
		}
	}
	return out
}

// LAGs answers a page of LAGs.
func (c *Client) LAGs(ctx context.Context, query url.Values) (LAGs, error) {
	return ask[LAGs](ctx, c, "GET", "/v1/lags", query, nil)
}

// LAG answers a LAG and its members.
func (c *Client) LAG(ctx context.Context, id string) (LAG, error) {
	return ask[LAG](ctx, c, "GET", "/v1/lags/"+url.PathEscape(id), nil, nil)
}
