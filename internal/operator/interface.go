package operator

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (a *api) interfaceRoutes() []route {
	list := choose("account", "Of this account.", "region", "Of this Region.", "location", "At this location.", "router", "On this router.",
		"connection", "On this connection or LAG.", "gateway", "Attached to this Direct Connect gateway.", "state", "In this state.")
	return []route{
		{
			pattern: "GET /v1/interfaces", summary: "List virtual interfaces of all accounts.", out: Interfaces{},
			query: listParameters(append(list, endedParameter)...), handle: a.listInterfaces,
		},
		{pattern: "GET /v1/interfaces/{id}", summary: "Show a virtual interface and its sessions.", out: Interface{}, query: []parameter{readParameter}, handle: a.showInterface},
		{pattern: "POST /v1/interfaces/{id}/verify", summary: "Approve ASN and prefixes of a public interface.", out: Interface{}, handle: a.verifyInterface},
	}
}

// Interface is a virtual interface of any account.
type Interface struct {
	ID              string `json:"id"`
	Type            string `json:"type"` // private, public, transit
	Account         string `json:"account"`
	Connection      string `json:"connection"` // or LAG
	ConnectionOwner string `json:"connectionOwner"`
	Region          string `json:"region"`
	Location        string `json:"location"`
	Router          string `json:"router"`
	Name            string `json:"name"`
	State           string `json:"state"`
	Reason          string `json:"reason,omitempty"` // why it is down
	VLAN            int32  `json:"vlan"`
	MTU             int32  `json:"mtu"`
	Gateway         string `json:"gateway,omitempty"`        // Direct Connect gateway
	VirtualGateway  string `json:"virtualGateway,omitempty"` // attached to directly
	AmazonASN       int64  `json:"amazonAsn"`
	SiteLink        bool   `json:"siteLink,omitempty"`
	RateLimit       string `json:"rateLimit,omitempty"`
	FailoverTest    string `json:"failoverTest,omitempty"`

	// RouteFilter is what the customer of a public interface may announce: what a verification is about.
	RouteFilter []string `json:"routeFilter,omitempty"`
	Peers       []Peer   `json:"peers"`

	AcceptedPrefixes   int32 `json:"acceptedPrefixes"`   // of the customer, all sessions together
	AdvertisedPrefixes int32 `json:"advertisedPrefixes"` // to the customer

	Reading *InterfaceReading `json:"reading,omitempty"` // of a single interface that a router has, if it was asked for

	Created  time.Time `json:"created,omitzero"`
	Since    time.Time `json:"since,omitzero"` // of the state
	Verified time.Time `json:"verified,omitzero"`
	Due      time.Time `json:"due,omitzero"` // when the reconciler looks again
	Ended    time.Time `json:"ended,omitzero"`
}

// Peer is a BGP session of an interface; its key is not shown.
type Peer struct {
	ID       string       `json:"id"`
	Family   string       `json:"family"`
	ASN      int64        `json:"asn"` // the customer's
	Amazon   netip.Prefix `json:"amazon"`
	Customer netip.Prefix `json:"customer"`
	State    string       `json:"state"`
	Status   string       `json:"status"`         // up, down, unknown
	Since    time.Time    `json:"since,omitzero"` // when it came up or went down last
	Reason   string       `json:"reason,omitempty"`
}

// Interfaces is a page. After goes into the query of the next one; empty on the last.
type Interfaces struct {
	Interfaces []Interface `json:"interfaces"`
	After      string      `json:"after,omitempty"`
}

// listInterfaces answers the virtual interfaces of all accounts, chosen by account, region, location, router, connection,
// gateway and state; all=true lists ended ones too.
func (a *api) listInterfaces(ctx context.Context, r *http.Request) (any, error) {
	f, l, err := interfaceFilter(r.URL.Query())
	if err != nil {
		return nil, err
	}
	found, err := a.Service.AllInterfaces(ctx, f)
	if err != nil {
		return nil, err
	}
	var page Interfaces
	page.Interfaces, page.After = cut(l, found, interfaceOf, func(v directconnect.VirtualInterface) string { return v.ID })
	return page, nil
}

func interfaceFilter(q url.Values) (f controlplane.InterfaceFilter, l listQuery, err error) {
	l, err = readListQuery(q, "virtual interfaces", true, map[string]*string{
		"account": &f.Account, "region": &f.Region, "location": &f.Location, "router": &f.Router, "connection": &f.Connection,
		"gateway": &f.Gateway, "state": (*string)(&f.State), "after": &f.After,
	})
	f.Limit = l.ask()
	f.Ended = l.ended || f.State == directconnect.InterfaceDeleted || f.State == directconnect.InterfaceRejected
	return f, l, err
}

func (a *api) showInterface(ctx context.Context, r *http.Request) (any, error) {
	read, err := reads(r)
	if err != nil {
		return nil, err
	}
	v, err := a.Service.OneInterface(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := interfaceOf(v)
	if read {
		out.Reading, err = a.readInterface(ctx, v)
	}
	return out, err
}

// verifyInterface approves ASN and prefixes of a public interface.
func (a *api) verifyInterface(ctx context.Context, r *http.Request) (any, error) {
	if err := readJSON(r, &struct{}{}); err != nil {
		return nil, err
	}
	v, err := a.Service.VerifyInterface(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return interfaceOf(v), nil
}

func interfaceOf(v directconnect.VirtualInterface) Interface {
	out := Interface{
		ID: v.ID, Type: string(v.Type), Account: v.Account, Connection: v.ParentID, ConnectionOwner: v.ConnectionOwner,
		Region: v.Region, Location: v.Location, Router: v.Router, Name: v.Name, State: string(v.State), Reason: v.Reason,
		VLAN: v.VLAN, MTU: v.MTU, Gateway: v.GatewayID, VirtualGateway: v.VirtualGatewayID, AmazonASN: v.AmazonASN,
		SiteLink: v.SiteLink, RateLimit: string(v.RateLimit), FailoverTest: v.TestID, RouteFilter: v.RouteFilter,
		AcceptedPrefixes: v.AcceptedCount, AdvertisedPrefixes: v.OfferedCount, Peers: []Peer{}, Created: v.Created, Since: v.Since, Verified: v.Verified, Due: v.Due, Ended: v.Deleted,
	}
	for _, p := range v.Peers {
		out.Peers = append(out.Peers, Peer{
			ID: p.ID, Family: string(p.Family), ASN: p.ASN, Amazon: p.Amazon, Customer: p.Customer, State: string(p.State),
			Status: p.Status(), Since: p.Since, Reason: p.Reason,
		})
	}
	return out
}

// Interfaces answers a page of virtual interfaces.
func (c *Client) Interfaces(ctx context.Context, query url.Values) (Interfaces, error) {
	return ask[Interfaces](ctx, c, "GET", "/v1/interfaces", query, nil)
}

// Interface answers a virtual interface.
func (c *Client) Interface(ctx context.Context, id string) (Interface, error) {
	return ask[Interface](ctx, c, "GET", "/v1/interfaces/"+url.PathEscape(id), nil, nil)
}

// ReadInterface answers a virtual interface with what its router counts there, and its sessions, now.
func (c *Client) ReadInterface(ctx context.Context, id string) (Interface, error) {
	return ask[Interface](ctx, c, "GET", "/v1/interfaces/"+url.PathEscape(id), andRead(), nil)
}

// VerifyInterface approves a public virtual interface.
func (c *Client) VerifyInterface(ctx context.Context, id string) (Interface, error) {
	return ask[Interface](ctx, c, "POST", "/v1/interfaces/"+url.PathEscape(id)+"/verify", nil, struct{}{})
}
