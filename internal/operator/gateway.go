package operator

import (
	"context"
	"net/http"
	"net/url"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (a *api) gatewayRoutes() []route {
	return []route{
		{
			pattern: "GET /v1/gateways", summary: "List virtual private gateways and transit gateways.", out: []Gateway{},
			query: append(choose("account", "Of this account.", "region", "Of this Region."), afterParameter), handle: a.listGateways,
		},
		{pattern: "POST /v1/gateways", summary: "Add a gateway.", in: GatewayChange{}, out: created{Gateway{}}, handle: a.addGateway},
		{pattern: "GET /v1/gateways/{id}", summary: "Show a gateway and what uses it.", out: Gateway{}, handle: a.showGateway},
		{pattern: "PATCH /v1/gateways/{id}", summary: "Change a gateway's ASN or networks.", in: GatewayChange{}, out: Gateway{}, handle: a.setGateway},
		{pattern: "DELETE /v1/gateways/{id}", summary: "Remove a gateway that nothing uses.", handle: a.removeGateway},
	}
}

// Gateway is a virtual private gateway or transit gateway: an entry of the registry of what lies on the far side.
type Gateway struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"` // virtualPrivateGateway, transitGateway
	Account string   `json:"account"`
	Region  string   `json:"region"`
	ASN     int64    `json:"asn"`             // of the provider's side
	CIDRs   []string `json:"cidrs"`           // of the networks behind it
	UsedBy  []string `json:"usedBy,omitzero"` // of a single gateway only
}

// GatewayChange is the body of POST and PATCH. ID, Account and Region are for POST only; an absent ASN is 64512 there, and
// what is absent from PATCH stays.
type GatewayChange struct {
	ID      string   `json:"id,omitempty" audit:"yes"`
	Account string   `json:"account,omitempty" audit:"yes"`
	Region  string   `json:"region,omitempty" audit:"yes"`
	ASN     *int64   `json:"asn,omitempty"`
	CIDRs   []string `json:"cidrs,omitzero"`
}

// gatewayPage is how many gateways one answer holds; ?after= goes on behind an ID.
const gatewayPage = 1000

// listGateways answers the registry, of ?account= and ?region= if they are given.
func (a *api) listGateways(ctx context.Context, r *http.Request) (any, error) {
	q := r.URL.Query()
	for key := range q {
		if key != "account" && key != "region" && key != "after" {
			return nil, problem(http.StatusBadRequest, "%q is nothing to choose gateways by.", key)
		}
	}
	found, err := a.Service.FarGateways(ctx, q.Get("account"), q.Get("region"), q.Get("after"), gatewayPage)
	if err != nil {
		return nil, err
	}
	list := make([]Gateway, len(found))
	for i, f := range found {
		list[i] = gatewayOf(f)
	}
	return list, nil
}

func (a *api) addGateway(ctx context.Context, r *http.Request) (any, error) {
	var in GatewayChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	asn := int64(0)
	if in.ASN != nil {
		if asn = *in.ASN; asn == 0 {
			return nil, problem(http.StatusBadRequest, "ASN 0 is not valid.")
		}
	}
	f, err := a.Service.AddFarGateway(ctx, in.ID, in.Account, in.Region, asn, in.CIDRs)
	if err != nil {
		return nil, err
	}
	return created{gatewayOf(f)}, nil
}

func (a *api) showGateway(ctx context.Context, r *http.Request) (any, error) {
	f, users, err := a.Service.FarGateway(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := gatewayOf(f)
	out.UsedBy = append([]string{}, users...)
	return out, nil
}

func (a *api) setGateway(ctx context.Context, r *http.Request) (any, error) {
	var in GatewayChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if in.ID != "" || in.Account != "" || in.Region != "" {
		return nil, problem(http.StatusBadRequest, "Only the ASN and the networks of a gateway can be changed.")
	}
	f, err := a.Service.SetFarGateway(ctx, r.PathValue("id"), controlplane.FarChange{ASN: in.ASN, CIDRs: in.CIDRs})
	if err != nil {
		return nil, err
	}
	return gatewayOf(f), nil
}

func (a *api) removeGateway(ctx context.Context, r *http.Request) (any, error) {
	return nil, a.Service.RemoveFarGateway(ctx, r.PathValue("id"))
}

func gatewayOf(f directconnect.FarGateway) Gateway {
	return Gateway{ID: f.ID, Kind: string(f.Kind), Account: f.Account, Region: f.Region, ASN: f.ASN, CIDRs: append([]string{}, f.CIDRs...)}
}

// AddGateway enters a gateway into the registry.
func (c *Client) AddGateway(ctx context.Context, in GatewayChange) (Gateway, error) {
	return ask[Gateway](ctx, c, "POST", "/v1/gateways", nil, in)
}

// SetGateway changes a gateway's ASN or networks.
func (c *Client) SetGateway(ctx context.Context, id string, in GatewayChange) (Gateway, error) {
	return ask[Gateway](ctx, c, "PATCH", "/v1/gateways/"+url.PathEscape(id), nil, in)
}

// Gateway answers a gateway of the registry and what uses it.
func (c *Client) Gateway(ctx context.Context, id string) (Gateway, error) {
	return ask[Gateway](ctx, c, "GET", "/v1/gateways/"+url.PathEscape(id), nil, nil)
}

// Gateways lists the registry, of an account and a Region if they are not empty.
func (c *Client) Gateways(ctx context.Context, account, region string) (all []Gateway, err error) {
	query := url.Values{"account": {account}, "region": {region}}
	for {
		var page []Gateway
		if err := c.call(ctx, "GET", "/v1/gateways", query, nil, &page); err != nil {
			return nil, err
		}
		if all = append(all, page...); len(page) < gatewayPage {
			return all, nil
		}
		query.Set("after", page[len(page)-1].ID)
	}
}

// RemoveGateway takes a gateway that nothing uses out of the registry.
func (c *Client) RemoveGateway(ctx context.Context, id string) error {
	return c.call(ctx, "DELETE", "/v1/gateways/"+url.PathEscape(id), nil, nil, nil)
}
