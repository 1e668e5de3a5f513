package operator

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// Order is something that waits for the operator: to be approved or refused, or for ASN and prefixes to be verified.
type Order struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"` // dedicated, interconnect, or interface: a public virtual interface
	Account   string    `json:"account"`
	Region    string    `json:"region"`
	Location  string    `json:"location"`
	Name      string    `json:"name"`
	Bandwidth string    `json:"bandwidth,omitempty"` // of a port
	MACsec    bool      `json:"macsec,omitempty"`
	LagID     string    `json:"lagId,omitempty"`
	Port      string    `json:"port,omitempty"` // that is reserved for it
	Prefixes  []string  `json:"prefixes,omitempty"`
	ASN       int64     `json:"asn,omitempty"` // the customer's
	Since     time.Time `json:"since,omitzero"`
	Due       time.Time `json:"due,omitzero"` // when it happens by itself; absent: it waits for the operator
}

// Orders is a page of the queue. After goes into the query of the next one; empty on the last.
type Orders struct {
	Orders []Order `json:"orders"`
	After  string  `json:"after,omitempty"`
}

// Assignment names the port that a connection is to have: ROUTER/PORT, or a router for its next free port.
type Assignment struct {
	Port string `json:"port" audit:"yes"`
}

func (a *api) orderRoutes() []route {
	return []route{
		{
			pattern: "GET /v1/orders", summary: "List what waits for the operator: ports to approve or refuse, and public interfaces to verify.",
			out: Orders{}, query: listParameters(choose("account", "Of this account.", "region", "Of this Region.", "location", "At this location.")...),
			handle: a.listOrders,
		},
		{
			pattern: "POST /v1/orders/{id}/approve", summary: "Approve an order: the LOA-CFA of a port is issued, a public interface is verified.",
			out: Order{}, handle: a.approveOrder,
		},
		{pattern: "POST /v1/orders/{id}/refuse", summary: "Refuse the order of a port, with a reason.", in: Refusal{}, out: Order{}, handle: a.refuseAnyOrder},
		{
			pattern: "POST /v1/orders/{id}/assign", summary: "Give a port order another port before its cable is in place; an issued LOA-CFA is void and issued anew.",
			in: Assignment{}, out: Connection{}, handle: a.assignPort,
		},
	}
}

func (a *api) listOrders(ctx context.Context, r *http.Request) (any, error) {
	var f controlplane.OrderFilter
	l, err := readListQuery(r.URL.Query(), "orders", false, map[string]*string{
		"account": &f.Account, "region": &f.Region, "location": &f.Location, "after": &f.After,
	})
	if err != nil {
		return nil, err
	}
	f.Limit = l.ask()
	found, err := a.Service.WaitingOrders(ctx, f)
	if err != nil {
		return nil, err
	}
	var page Orders
	page.Orders, page.After = cut(l, found, orderOf, controlplane.WaitingOrder.ID)
	return page, nil
}

func orderOf(o controlplane.WaitingOrder) Order {
	if c := o.Connection; c.ID != "" {
		return Order{
			ID: c.ID, Kind: string(c.Kind), Account: c.Account, Region: c.Region, Location: c.Location, Name: c.Name,
			Bandwidth: string(c.Bandwidth), MACsec: c.MACsec, LagID: c.LagID, Port: c.PortID, Since: o.Since(), Due: c.Due,
		}
	}
	v := o.Interface
	out := Order{
		ID: v.ID, Kind: "interface", Account: v.Account, Region: v.Region, Location: v.Location, Name: v.Name,
		Prefixes: v.RouteFilter, Since: o.Since(), Due: v.Due,
	}
	if len(v.Peers) > 0 {
		out.ASN = v.Peers[0].ASN
	}
	return out
}

func (a *api) approveOrder(ctx context.Context, r *http.Request) (any, error) {
	if err := readJSON(r, &struct{}{}); err != nil {
		return nil, err
	}
	id := r.PathValue("id")
	if directconnect.CheckInterfaceID(id) == nil {
		v, err := a.Service.VerifyInterface(ctx, id)
		if err != nil {
			return nil, err
		}
		return orderOf(controlplane.WaitingOrder{Interface: v}), nil
	}
	c, err := a.Service.ApproveOrder(ctx, id)
	if err != nil {
		return nil, err
	}
	return orderOf(controlplane.WaitingOrder{Connection: c}), nil
}

func (a *api) refuseAnyOrder(ctx context.Context, r *http.Request) (any, error) {
	var in Refusal
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	id := r.PathValue("id")
	if directconnect.CheckInterfaceID(id) == nil {
		return nil, problem(http.StatusConflict, "A public virtual interface cannot be refused: it waits, in state verifying, until it is verified or its owner deletes it.")
	}
	c, err := a.Service.RefuseOrder(ctx, id, in.Reason)
	if err != nil {
		return nil, err
	}
	return orderOf(controlplane.WaitingOrder{Connection: c}), nil
}

func (a *api) assignPort(ctx context.Context, r *http.Request) (any, error) {
	var in Assignment
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	c, err := a.Service.AssignPort(ctx, r.PathValue("id"), in.Port)
	if err != nil {
		return nil, err
	}
	out := connectionOf(c)
	out.LOACode = c.LOACode
	return out, nil
}

// Orders answers a page of what waits for the operator.
func (c *Client) Orders(ctx context.Context, query url.Values) (Orders, error) {
	return ask[Orders](ctx, c, "GET", "/v1/orders", query, nil)
}

// ApproveOrder approves an order by the ID of its connection or public interface.
func (c *Client) ApproveOrder(ctx context.Context, id string) (Order, error) {
	return ask[Order](ctx, c, "POST", "/v1/orders/"+url.PathEscape(id)+"/approve", nil, struct{}{})
}

// RefuseOrder refuses the order of a port.
func (c *Client) RefuseOrder(ctx context.Context, id, reason string) (Order, error) {
	return ask[Order](ctx, c, "POST", "/v1/orders/"+url.PathEscape(id)+"/refuse", nil, Refusal{reason})
}

// AssignPort gives an order another port: ROUTER/PORT, or a router for its next free port.
func (c *Client) AssignPort(ctx context.Context, id, port string) (Connection, error) {
	return ask[Connection](ctx, c, "POST", "/v1/orders/"+url.PathEscape(id)+"/assign", nil, Assignment{port})
}
