package operator

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"onramp/internal/directconnect"
)

// DirectGateway is a Direct Connect gateway.
type DirectGateway struct {
	ID      string    `json:"id"`
	Account string    `json:"account"`
	Name    string    `json:"name"`
	ASN     int64     `json:"asn"` // of the provider's side
	State   string    `json:"state"`
	Error   string    `json:"error,omitempty"` // of the last change that failed
	Created time.Time `json:"created"`
	Ended   time.Time `json:"ended,omitzero"`

	// Of a single gateway only.
	Associations []GatewayAssociation `json:"associations,omitempty"`
	Interfaces   []Interface          `json:"interfaces,omitempty"`
}

// GatewayAssociation joins a Direct Connect gateway to a virtual private gateway or transit gateway.
type GatewayAssociation struct {
	ID      string   `json:"id"`
	Gateway string   `json:"gateway"` // of the far side
	Kind    string   `json:"kind"`
	Account string   `json:"account"`
	Region  string   `json:"region"`
	State   string   `json:"state"`
	Allowed []string `json:"allowedPrefixes"`
}

func (a *api) directGatewayRoutes() []route {
	return []route{
		{
			pattern: "GET /v1/accounts/{id}/direct-connect-gateways", summary: "List the Direct Connect gateways of an account.", out: []DirectGateway{},
			query: []parameter{afterParameter}, handle: a.listDirectGateways,
		},
		{
			pattern: "GET /v1/direct-connect-gateways/{id}", summary: "Show a Direct Connect gateway, what it is associated with, and its interfaces.",
			out: DirectGateway{}, handle: a.showDirectGateway,
		},
	}
}

func (a *api) listDirectGateways(ctx context.Context, r *http.Request) (any, error) {
	found, err := a.Service.DirectGateways(ctx, r.PathValue("id"), r.URL.Query().Get("after"), gatewayPage)
	if err != nil {
		return nil, err
	}
	list := make([]DirectGateway, len(found))
	for i, g := range found {
		list[i] = directGatewayOf(g)
	}
	return list, nil
}

func (a *api) showDirectGateway(ctx context.Context, r *http.Request) (any, error) {
	report, err := a.Service.OneDirectGateway(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := directGatewayOf(report.Gateway)
	for _, as := range report.Associations {
		out.Associations = append(out.Associations, GatewayAssociation{
			ID: as.ID, Gateway: as.FarID, Kind: string(as.Far.Kind), Account: as.Far.Account, Region: as.Far.Region, State: string(as.State),
			Allowed: append([]string{}, as.Allowed...),
		})
	}
	for _, v := range report.Interfaces {
		out.Interfaces = append(out.Interfaces, interfaceOf(v))
	}
	return out, nil
}

func directGatewayOf(g directconnect.Gateway) DirectGateway {
	return DirectGateway{
		ID: g.ID, Account: g.Account, Name: g.Name, ASN: g.AmazonASN, State: string(g.State), Error: g.Error, Created: g.Created, Ended: g.Deleted,
	}
}

// DirectGateways lists all Direct Connect gateways of an account.
func (c *Client) DirectGateways(ctx context.Context, account string) ([]DirectGateway, error) {
	query, all := url.Values{}, []DirectGateway{}
	for {
		var page []DirectGateway
		if err := c.call(ctx, "GET", "/v1/accounts/"+url.PathEscape(account)+"/direct-connect-gateways", query, nil, &page); err != nil {
			return nil, err
		}
		if all = append(all, page...); len(page) < gatewayPage {
			return all, nil
		}
		query.Set("after", page[len(page)-1].ID)
	}
}

// DirectGateway answers a Direct Connect gateway.
func (c *Client) DirectGateway(ctx context.Context, id string) (DirectGateway, error) {
	return ask[DirectGateway](ctx, c, "GET", "/v1/direct-connect-gateways/"+url.PathEscape(id), nil, nil)
}
