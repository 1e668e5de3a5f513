package operator

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// Fault is something that is wrong on a simulated router because an operator has said so.
type Fault struct {
	Resource string     `json:"resource"` // a connection or a virtual interface
	Account  string     `json:"account,omitempty"`
	Router   string     `json:"router,omitempty"`
	Kind     string     `json:"kind"` // cut, fade, flap, wrong-key, silent
	LightDBm float64    `json:"lightDbm,omitempty"`
	Flap     *FaultFlap `json:"flap,omitempty"`
}

// FaultFlap is a cable or a BGP session that is down for some seconds and then up for as many, a number of times or, at 0,
// for ever.
type FaultFlap struct {
	Seconds int64     `json:"seconds"`
	Times   int64     `json:"times,omitempty"`
	From    time.Time `json:"from,omitzero"`
}

// FaultOrder is the body of POST: a kind, with the light that a fade leaves, and how a flap flaps.
type FaultOrder struct {
	Kind     string  `json:"kind" audit:"yes"`
	LightDBm float64 `json:"lightDbm,omitempty" audit:"yes"`
	Seconds  int64   `json:"seconds,omitempty" audit:"yes"`
	Times    int64   `json:"times,omitempty" audit:"yes"`
}

func (a *api) faultRoutes() []route {
	return []route{
		{pattern: "GET /v1/faults", summary: "List what is wrong on simulated routers because an operator has said so.", out: []Fault{}, handle: a.listFaults},
		{
			pattern: "POST /v1/faults/{id}", summary: "Make a fault on the simulated cable of a connection, or on the far side of a virtual interface.",
			in: FaultOrder{}, out: []Fault{}, handle: a.makeFault,
		},
		{
			pattern: "DELETE /v1/faults/{id}", summary: "Take faults away from a connection or virtual interface, and list those that are left.",
			out: []Fault{}, query: choose("kind", "Only faults of this kind."), handle: a.healFault,
		},
		{pattern: "DELETE /v1/faults", summary: "Take all faults away, and list what they were.", out: []Fault{}, handle: a.healFaults},
	}
}

func (a *api) listFaults(ctx context.Context, _ *http.Request) (any, error) {
	return faultsOf(a.Service.Faults(ctx))
}

func (a *api) makeFault(ctx context.Context, r *http.Request) (any, error) {
	var in FaultOrder
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	f := controlplane.Fault{Resource: r.PathValue("id"), Kind: controlplane.FaultKind(in.Kind), LightDBm: in.LightDBm}
	if in.Seconds != 0 || in.Times != 0 {
		f.Flap = &directconnect.Flap{Seconds: in.Seconds, Times: in.Times}
	}
	return a.afterFault(ctx, func() ([]controlplane.Fault, error) { return a.Service.MakeFault(ctx, f) })
}

func (a *api) healFault(ctx context.Context, r *http.Request) (any, error) {
	kind := controlplane.FaultKind(r.URL.Query().Get("kind"))
	return a.afterFault(ctx, func() ([]controlplane.Fault, error) { return a.Service.HealFault(ctx, r.PathValue("id"), kind) })
}

func (a *api) healFaults(ctx context.Context, _ *http.Request) (any, error) {
	return a.afterFault(ctx, func() ([]controlplane.Fault, error) { return a.Service.HealAll(ctx) })
}

// afterFault lets the routers show what came of a change.
func (a *api) afterFault(ctx context.Context, change func() ([]controlplane.Fault, error)) (any, error) {
	faults, err := change()
	if err == nil {
		controlplane.Follow(ctx, a.Settle, a.Log)
	}
	return faultsOf(faults, err)
}

func faultsOf(faults []controlplane.Fault, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	list := []Fault{}
	for _, f := range faults {
		out := Fault{Resource: f.Resource, Account: f.Account, Router: f.Router, Kind: string(f.Kind), LightDBm: f.LightDBm}
		if f.Flap != nil {
			out.Flap = &FaultFlap{Seconds: f.Flap.Seconds, Times: f.Flap.Times, From: f.Flap.From}
		}
		list = append(list, out)
	}
	return list, nil
}

// Faults lists what is wrong because an operator has said so.
func (c *Client) Faults(ctx context.Context) ([]Fault, error) {
	return ask[[]Fault](ctx, c, "GET", "/v1/faults", nil, nil)
}

// MakeFault makes a fault, and answers all that the connection or virtual interface has.
func (c *Client) MakeFault(ctx context.Context, id string, in FaultOrder) ([]Fault, error) {
	return ask[[]Fault](ctx, c, "POST", "/v1/faults/"+url.PathEscape(id), nil, in)
}

// HealFault takes faults of a kind away, or all if it is empty, and answers those that are left.
func (c *Client) HealFault(ctx context.Context, id, kind string) ([]Fault, error) {
	query := url.Values{}
	if kind != "" {
		query.Set("kind", kind)
	}
	return ask[[]Fault](ctx, c, "DELETE", "/v1/faults/"+url.PathEscape(id), query, nil)
}

// HealAllFaults takes every fault away, and answers what they were.
func (c *Client) HealAllFaults(ctx context.Context) ([]Fault, error) {
	return ask[[]Fault](ctx, c, "DELETE", "/v1/faults", nil, nil)
}
