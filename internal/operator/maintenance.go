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

// Maintenance is planned work.
type Maintenance struct {
	ID       string                     `json:"id,omitempty"` // absent: it is not planned, but only asked about
	Status   string                     `json:"status"`       // planned, in-progress, completed, cancelled
	From     time.Time                  `json:"from"`
	To       time.Time                  `json:"to"`
	Targets  []directconnect.WorkTarget `json:"targets"`
	Impact   string                     `json:"impact"` // no-impact, reduced-redundancy, degraded, outage
	Reason   string                     `json:"reason"`
	Drain    bool                       `json:"drain,omitempty"` // sessions are shut while it is in progress
	Sequence int64                      `json:"sequence"`        // of the notice
	Planned  time.Time                  `json:"planned"`
	Changed  time.Time                  `json:"changed"`
	Begun    time.Time                  `json:"begun,omitzero"`
	Ended    time.Time                  `json:"ended,omitzero"`
	Forced   string                     `json:"forced,omitempty"` // why it is planned although it takes redundant pairs down

	// Of a single one only.
	Hits      []directconnect.WorkHit      `json:"hits,omitempty"`
	Conflicts []directconnect.WorkConflict `json:"conflicts,omitempty"`
}

// Maintenances is a page. After goes into the query of the next one; empty on the last.
type Maintenances struct {
	Maintenances []Maintenance `json:"maintenances"`
	After        string        `json:"after,omitempty"`
}

// MaintenanceChange is work to be planned, or what is to be changed of it: what is absent stays.
type MaintenanceChange struct {
	Targets []directconnect.WorkTarget `json:"targets,omitempty" audit:"yes"`
	From    *time.Time                 `json:"from,omitempty" audit:"yes"`
	To      *time.Time                 `json:"to,omitempty" audit:"yes"`
	Impact  *string                    `json:"impact,omitempty" audit:"yes"`
	Reason  *string                    `json:"reason,omitempty" audit:"yes"`
	Drain   *bool                      `json:"drain,omitempty" audit:"yes"`
	Force   *string                    `json:"force,omitempty" audit:"yes"` // why it is to be although it takes redundant pairs down
}

// MaintenanceStart is why work must begin although it takes redundant pairs down.
type MaintenanceStart struct {
	Force string `json:"force,omitempty" audit:"yes"`
}

func (a *api) maintenanceRoutes() []route {
	const one = "/v1/maintenances/{id}"
	return []route{
		{
			pattern: "GET /v1/maintenances", summary: "List planned work, by when it begins: what is still to come or in progress, with all=true what has ended, too.",
			out: Maintenances{}, handle: a.listMaintenances, query: listParameters(append(choose(
				"account", "That hits something of this account.", "resource", "That hits this connection, LAG, interface, router, port or location.",
				"status", "planned, in-progress, completed or cancelled."), endedParameter)...),
		},
		{
			pattern: "POST /v1/maintenances", summary: "Plan work on locations, routers, ports or connections. What takes all of a redundant pair down is refused unless force says why.",
			in: MaintenanceChange{}, out: created{Maintenance{}}, handle: a.planMaintenance,
			query: []parameter{{name: "dry-run", about: "Only tell what it would hit, with status 200.", kind: false}},
		},
		{pattern: "GET " + one, summary: "Show planned work and what it hits.", out: Maintenance{}, handle: a.showMaintenance},
		{pattern: "PATCH " + one, summary: "Change planned work.", in: MaintenanceChange{}, out: Maintenance{}, handle: a.changeMaintenance},
		{
			pattern: "POST " + one + "/start", summary: "Begin work. What is up now decides whether it takes all of a redundant pair down.",
			in: MaintenanceStart{}, out: Maintenance{}, handle: a.startMaintenance,
		},
		{pattern: "POST " + one + "/end", summary: "Complete work.", in: struct{}{}, out: Maintenance{}, handle: a.moveMaintenance(a.Service.EndMaintenance)},
		{pattern: "POST " + one + "/cancel", summary: "Give up work that has not begun.", in: struct{}{}, out: Maintenance{}, handle: a.moveMaintenance(a.Service.CancelMaintenance)},
		{
			pattern: "GET " + one + "/notice.ics", summary: "Answer the maintenance notice as iCalendar, one event for each account.",
			out: mediaType("text/calendar"), handle: a.maintenanceNotice, query: choose("account", "Only that of this account."),
		},
		{
			pattern: "GET /v1/accounts/{id}/maintenance.ics", summary: "Answer the calendar of all planned work that hits an account.",
			out: mediaType("text/calendar"), handle: a.maintenanceCalendar,
		},
	}
}

func (a *api) listMaintenances(ctx context.Context, r *http.Request) (any, error) {
	var f controlplane.MaintenanceFilter
	l, err := readListQuery(r.URL.Query(), "maintenances", true, map[string]*string{
		"account": &f.Account, "resource": &f.Resource, "status": (*string)(&f.Status), "after": &f.After,
	})
	if err != nil {
		return nil, err
	}
	f.Limit, f.Ended = l.ask(), l.ended
	found, err := a.Service.Maintenances(ctx, f)
	if err != nil {
		return nil, err
	}
	var page Maintenances
	page.Maintenances, page.After = cut(l, found, maintenanceOf, func(m directconnect.Maintenance) string { return m.ID })
	return page, nil
}

func (a *api) planMaintenance(ctx context.Context, r *http.Request) (any, error) {
	dry := false
	for key, values := range r.URL.Query() {
		var err error
		if key != "dry-run" {
			return nil, problem(http.StatusBadRequest, "%q is nothing that can be asked of a plan.", key)
		}
		if dry, err = strconv.ParseBool(values[len(values)-1]); err != nil {
			return nil, noValue(key, values[len(values)-1])
		}
	}
	var in MaintenanceChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	p := directconnect.WorkPlan{Targets: in.Targets, Impact: directconnect.Outage}
	for to, from := range map[*string]*string{(*string)(&p.Impact): in.Impact, &p.Reason: in.Reason, &p.Force: in.Force} {
		if from != nil {
			*to = *from
		}
	}
	if in.From != nil {
		p.From = *in.From
	}
	if in.To != nil {
		p.To = *in.To
	}
	p.Drain = in.Drain != nil && *in.Drain
	report, err := a.Service.PlanMaintenance(ctx, p, dry)
	switch {
	case err != nil:
		return nil, err
	case dry:
		return maintenanceReportOf(report), nil
	}
	return created{maintenanceReportOf(report)}, nil
}

func (a *api) showMaintenance(ctx context.Context, r *http.Request) (any, error) {
	report, err := a.Service.OneMaintenance(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return maintenanceReportOf(report), nil
}

func (a *api) changeMaintenance(ctx context.Context, r *http.Request) (any, error) {
	var in MaintenanceChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	report, err := a.Service.ChangeMaintenance(ctx, r.PathValue("id"), controlplane.MaintenanceChange{
		Targets: in.Targets, From: in.From, To: in.To, Impact: (*directconnect.Impact)(in.Impact), Reason: in.Reason, Force: in.Force, Drain: in.Drain,
	})
	if err != nil {
		return nil, err
	}
	return maintenanceReportOf(report), nil
}

func (a *api) startMaintenance(ctx context.Context, r *http.Request) (any, error) {
	var in MaintenanceStart
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	report, err := a.Service.StartMaintenance(ctx, r.PathValue("id"), in.Force)
	if err != nil {
		return nil, err
	}
	controlplane.Follow(ctx, a.Settle, a.Log)
	return maintenanceReportOf(report), nil
}

func (a *api) moveMaintenance(move func(context.Context, string) (controlplane.MaintenanceReport, error)) handler {
	return func(ctx context.Context, r *http.Request) (any, error) {
		if err := readJSON(r, &struct{}{}); err != nil {
			return nil, err
		}
		report, err := move(ctx, r.PathValue("id"))
		if err != nil {
			return nil, err
		}
		controlplane.Follow(ctx, a.Settle, a.Log)
		return maintenanceReportOf(report), nil
	}
}

const calendarType = "text/calendar; charset=utf-8"

func (a *api) maintenanceNotice(ctx context.Context, r *http.Request) (any, error) {
	text, err := a.Service.MaintenanceNotice(ctx, r.PathValue("id"), r.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	return body{calendarType, text}, nil
}

func (a *api) maintenanceCalendar(ctx context.Context, r *http.Request) (any, error) {
	text, err := a.Service.MaintenanceCalendar(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return body{calendarType, text}, nil
}

func maintenanceReportOf(r controlplane.MaintenanceReport) Maintenance {
	out := maintenanceOf(r.Maintenance)
	out.Hits, out.Conflicts = r.Hits, r.Conflicts
	return out
}

func maintenanceOf(m directconnect.Maintenance) Maintenance {
	return Maintenance{
		ID: m.ID, Status: string(m.Status), From: m.From, To: m.To, Targets: m.Targets, Impact: string(m.Impact), Reason: m.Reason,
		Drain: m.Drain, Sequence: m.Sequence, Planned: m.Created, Changed: m.Changed, Begun: m.Begun, Ended: m.Ended, Forced: m.Forced,
	}
}

func maintenancePath(id, rest string) string { return "/v1/maintenances/" + url.PathEscape(id) + rest }

// PlanMaintenance plans work; dry it only tells what it would hit.
func (c *Client) PlanMaintenance(ctx context.Context, in MaintenanceChange, dry bool) (Maintenance, error) {
	query := url.Values{}
	if dry {
		query.Set("dry-run", "true")
	}
	return ask[Maintenance](ctx, c, "POST", "/v1/maintenances", query, in)
}

// Maintenances answers a page of planned work.
func (c *Client) Maintenances(ctx context.Context, query url.Values) (Maintenances, error) {
	return ask[Maintenances](ctx, c, "GET", "/v1/maintenances", query, nil)
}

// Maintenance answers planned work and what it hits.
func (c *Client) Maintenance(ctx context.Context, id string) (Maintenance, error) {
	return ask[Maintenance](ctx, c, "GET", maintenancePath(id, ""), nil, nil)
}

// ChangeMaintenance changes planned work.
func (c *Client) ChangeMaintenance(ctx context.Context, id string, in MaintenanceChange) (Maintenance, error) {
	return ask[Maintenance](ctx, c, "PATCH", maintenancePath(id, ""), nil, in)
}

// MoveMaintenance starts, ends or cancels work; force goes with start.
func (c *Client) MoveMaintenance(ctx context.Context, id, move, force string) (Maintenance, error) {
	in := map[string]string{}
	if force != "" {
		in["force"] = force
	}
	return ask[Maintenance](ctx, c, "POST", maintenancePath(id, "/"+url.PathEscape(move)), nil, in)
}

// MaintenanceNotice answers the notice of planned work as iCalendar; account may be empty.
func (c *Client) MaintenanceNotice(ctx context.Context, id, account string) ([]byte, error) {
	query := url.Values{}
	if account != "" {
		query.Set("account", account)
	}
	return ask[[]byte](ctx, c, "GET", maintenancePath(id, "/notice.ics"), query, nil)
}

// MaintenanceCalendar answers the calendar of all planned work that hits an account.
func (c *Client) MaintenanceCalendar(ctx context.Context, account string) ([]byte, error) {
	return ask[[]byte](ctx, c, "GET", "/v1/accounts/"+url.PathEscape(account)+"/maintenance.ics", nil, nil)
}
