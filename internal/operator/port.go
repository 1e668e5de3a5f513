package operator

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// Port is a port of a router.
type Port struct {
	ID         string              `json:"id"` // the router's name, a slash, the port's
	Router     string              `json:"router"`
	Location   string              `json:"location"`
	Bandwidth  string              `json:"bandwidth"`
	MACsec     bool                `json:"macsec"`
	Optic      string              `json:"optic,omitempty"`
	Connection string              `json:"connection,omitempty"` // that holds it
	Blocked    *directconnect.Hold `json:"blocked,omitempty"`
	Panel      directconnect.Panel `json:"panel"`

	// Of a single port only; Reading if it was asked for and a connection holds the port.
	Holder  *Connection  `json:"holder,omitempty"`
	Reading *PortReading `json:"reading,omitempty"`
}

// Ports is a page. After goes into the query of the next one; empty on the last.
type Ports struct {
	Ports []Port `json:"ports"`
	After string `json:"after,omitempty"`
}

// PortEvent is something that happened to a port.
type PortEvent struct {
	Time       time.Time                   `json:"time"`
	Port       string                      `json:"port"`
	What       directconnect.PortEventKind `json:"what"`
	Connection string                      `json:"connection,omitempty"`
	Account    string                      `json:"account,omitempty"`
	By         string                      `json:"by,omitempty"` // the operator's name
	Note       string                      `json:"note,omitempty"`
	Changes    []directconnect.FieldChange `json:"changes,omitempty"`
}

// HoldReason is why a port or router is to take no new orders.
type HoldReason struct {
	Reason string `json:"reason,omitempty" audit:"yes"`
}

// historyPage is how many events a port's history answers; ?before= goes on behind a time.
const historyPage = 1000

func (a *api) portRoutes() []route {
	list := append(choose("location", "At this location.", "router", "On this router.", "connection", "Held by this connection.",
		"bandwidth", "Of this bandwidth, such as 10Gbps."),
		parameter{name: "free", about: "Only those that an order can have.", kind: false},
		parameter{name: "held", about: "Only those that a connection holds.", kind: false},
		parameter{name: "blocked", about: "Only those that are blocked.", kind: false})
	const one = "/v1/ports/{id}"
	return []route{
		{pattern: "GET /v1/ports", summary: "List ports.", out: Ports{}, query: listParameters(list...), handle: a.listPorts},
		{pattern: "GET " + one, summary: "Show a port and who holds it; its ID is escaped.", out: Port{}, query: []parameter{readParameter}, handle: a.showPort},
		{pattern: "POST " + one + "/block", summary: "Keep new orders from a port.", in: HoldReason{}, out: Port{}, handle: a.blockPort},
		{pattern: "POST " + one + "/unblock", summary: "Let orders have a port again.", out: Port{}, handle: a.unblockPort},
		{
			pattern: "GET " + one + "/history", summary: "List what has happened to a port, the newest first.", out: []PortEvent{},
			query: choose("before", "Only what happened before this time (RFC 3339); a page holds 1000."), handle: a.portHistory,
		},
	}
}

func (a *api) listPorts(ctx context.Context, r *http.Request) (any, error) {
	var f controlplane.PortFilter
	var free, held, blocked string
	l, err := readListQuery(r.URL.Query(), "ports", false, map[string]*string{
		"location": &f.Location, "router": &f.Router, "connection": &f.Connection, "bandwidth": (*string)(&f.Bandwidth), "after": &f.After,
		"free": &free, "held": &held, "blocked": &blocked,
	})
	if err != nil {
		return nil, err
	}
	for _, only := range []struct {
		name, text string
		to         *bool
	}{{"free", free, &f.Free}, {"held", held, &f.Held}, {"blocked", blocked, &f.Blocked}} {
		if only.text == "" {
			continue
		}
		if *only.to, err = strconv.ParseBool(only.text); err != nil {
			return nil, noValue(only.name, only.text)
		}
	}
	f.Limit = l.ask()
	found, err := a.Service.Ports(ctx, f)
	if err != nil {
		return nil, err
	}
	var page Ports
	page.Ports, page.After = cut(l, found, portOf, func(p directconnect.Port) string { return p.ID })
	return page, nil
}

func (a *api) showPort(ctx context.Context, r *http.Request) (any, error) {
	read, err := reads(r)
	if err != nil {
		return nil, err
	}
	p, holder, err := a.Service.OnePort(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	out := portOf(p)
	if holder != nil {
		c := connectionOf(*holder)
		out.Holder = &c
		if read {
			out.Reading, err = a.readPort(ctx, p.Router, p.ID)
		}
	}
	return out, err
}

func (a *api) blockPort(ctx context.Context, r *http.Request) (any, error) {
	var in HoldReason
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	p, err := a.Service.BlockPort(ctx, r.PathValue("id"), in.Reason)
	if err != nil {
		return nil, err
	}
	return portOf(p), nil
}

func (a *api) unblockPort(ctx context.Context, r *http.Request) (any, error) {
	if err := readJSON(r, &struct{}{}); err != nil {
		return nil, err
	}
	p, err := a.Service.UnblockPort(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return portOf(p), nil
}

func (a *api) portHistory(ctx context.Context, r *http.Request) (any, error) {
	var before time.Time
	for key, values := range r.URL.Query() {
		var err error
		if before, err = time.Parse(time.RFC3339Nano, values[0]); key != "before" || err != nil {
			return nil, problem(http.StatusBadRequest, "The history of a port can only be asked for what happened before= a time, such as 2026-11-23T09:00:00Z.")
		}
	}
	events, err := a.Service.PortHistory(ctx, r.PathValue("id"), before, historyPage)
	if err != nil {
		return nil, err
	}
	list := make([]PortEvent, len(events))
	for i, e := range events {
		list[i] = portEventOf(e)
	}
	return list, nil
}

func portOf(p directconnect.Port) Port {
	return Port{
		ID: p.ID, Router: p.Router, Location: p.Location, Bandwidth: string(p.Bandwidth), MACsec: p.MACsec, Optic: p.Optic,
		Connection: p.ConnectionID, Blocked: p.Blocked, Panel: p.Panel,
	}
}

func portEventOf(e directconnect.PortEvent) PortEvent {
	return PortEvent{
		Time: e.Time, Port: e.PortID, What: e.What, Connection: e.ConnectionID, Account: e.Account, By: e.By, Note: e.Note, Changes: e.Changes,
	}
}

func portPath(id, more string) string { return "/v1/ports/" + url.PathEscape(id) + more }

// Ports answers a page of ports.
func (c *Client) Ports(ctx context.Context, query url.Values) (Ports, error) {
	return ask[Ports](ctx, c, "GET", "/v1/ports", query, nil)
}

// Port answers a port.
func (c *Client) Port(ctx context.Context, id string) (Port, error) {
	return ask[Port](ctx, c, "GET", portPath(id, ""), nil, nil)
}

// ReadPort answers a port with what its router measures and counts there now.
func (c *Client) ReadPort(ctx context.Context, id string) (Port, error) {
	return ask[Port](ctx, c, "GET", portPath(id, ""), andRead(), nil)
}

// BlockPort keeps new orders from a port.
func (c *Client) BlockPort(ctx context.Context, id, reason string) (Port, error) {
	return ask[Port](ctx, c, "POST", portPath(id, "/block"), nil, HoldReason{reason})
}

// UnblockPort lets orders have it again.
func (c *Client) UnblockPort(ctx context.Context, id string) (Port, error) {
	return ask[Port](ctx, c, "POST", portPath(id, "/unblock"), nil, struct{}{})
}

// PortHistory lists what has happened to a port, the newest first: the last 1000 events, before a time unless it is zero.
func (c *Client) PortHistory(ctx context.Context, id string, before time.Time) ([]PortEvent, error) {
	query := url.Values{}
	if !before.IsZero() {
		query.Set("before", before.UTC().Format(time.RFC3339Nano))
	}
	return ask[[]PortEvent](ctx, c, "GET", portPath(id, "/history"), query, nil)
}
