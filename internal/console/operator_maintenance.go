package console

import (
	"context"
	"fmt"
	"strings"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func maintenanceRoutes() []route {
	const one = maintenancePath + "/{id}"
	here := under(maintenancePath)
	do := func(name, done string, what func(s *controlplane.Service, ctx context.Context, id string) (controlplane.MaintenanceReport, error)) route {
		return sheetAction(one+"/"+name, maintenancePath, name, moved(here, done, func(ctx context.Context, v *visit, _ *input) error {
			_, err := what(v.console.Service, ctx, v.PathValue("id"))
			return err
		}), workSheet)
	}
	return []route{
		sheetPage(maintenancePath, maintenancePath, calendarSheet), newPage(maintenancePath+"/new", maintenancePath, "plan", planSheet),
		sheetAction(maintenancePath, maintenancePath, "plan", planWork, planSheet), sheetPage(one, maintenancePath, workSheet),
		sheetAction(one+"/start", maintenancePath, "start", moved(here, "started", func(ctx context.Context, v *visit, in *input) error {
			_, err := v.console.Service.StartMaintenance(ctx, v.PathValue("id"), strings.TrimSpace(in.Get("force")))
			return err
		}), workSheet),
		do("end", "ended", (*controlplane.Service).EndMaintenance), do("cancel", "cancelled", (*controlplane.Service).CancelMaintenance),
		{pattern: "GET " + one + "/calendar", handle: func(v *visit) (answer, error) {
			text, err := v.console.Service.MaintenanceNotice(v.Context(), v.PathValue("id"), v.asked("account"))
			if err != nil {
				return nil, err
			}
			return file{name: v.PathValue("id") + ".ics", contentType: "text/calendar; charset=utf-8", content: text}, nil
		}},
	}
}

// calendarSheet is the planned work, by the month in which it begins.
func calendarSheet(v *visit, _ *tried) (*sheet, error) {
	ended := v.asked("ended") == "true"
	all, err := v.console.Service.Maintenances(v.Context(), controlplane.MaintenanceFilter{Account: v.asked("account"), Ended: ended, After: v.asked("after"), Limit: operatorPage + 1})
	if err != nil {
		return nil, err
	}
	all, after := cut(all, func(m directconnect.Maintenance) string { return m.ID })
	p := &sheet{
		Title: "Maintenance", Lead: "Planned work by when it begins, in the time of this installation's clock.",
		Actions: []link{{Text: "Plan work", Href: maintenancePath + "/new", Main: true}},
		Before:  []section{v.search(maintenancePath, textField("account", "Account that is hit", ""), checkField("ended", "Completed and cancelled work, too", ""))},
	}
	for _, m := range all {
		month := m.From.UTC().Format("January 2006")
		if n := len(p.Live); n == 0 || p.Live[n-1].Title != month {
			p.Live = append(p.Live, section{ID: "month-" + m.From.UTC().Format("2006-01"), Title: month,
				Table: &table{Caption: month, Head: []string{"From", "Until", "Work", "On", "Impact", "Status"}}})
		}
		t := p.Live[len(p.Live)-1].Table
		t.Rows = append(t.Rows, []cell{
			linked(minute(m.From), maintenancePath+"/"+m.ID), plain(minute(m.To)), plain(m.Reason), plain(targets(m)), plain(string(m.Impact)), stated(string(m.Status)),
		})
	}
	if len(p.Live) == 0 {
		p.Live = []section{{ID: "none", Empty: "No work is planned."}}
	} else {
		v.paged(p.Live[len(p.Live)-1].Table, after)
	}
	return p, nil
}

// minute is a time to the minute, in UTC.
func minute(t time.Time) string { return stamp(t, "Mon 2 Jan, 15:04 UTC") }

func targets(m directconnect.Maintenance) string {
	names := make([]string, len(m.Targets))
	for i, t := range m.Targets {
		names[i] = t.String()
	}
	return strings.Join(names, ", ")
}

// formTime is how a browser's field for a date and time spells it (HTML, datetime-local).
const formTime = "2006-01-02T15:04"

func planSheet(v *visit, t *tried) (*sheet, error) {
	begin := v.console.Service.Now().UTC().Add(24 * time.Hour).Truncate(time.Hour)
	return &sheet{
		Title: "Plan work", Crumbs: []link{{Text: "Maintenance", Href: maintenancePath}},
		Lead: "It is refused if it takes both halves of a redundant pair down, unless you say why it must be. Each account that it hits is told.",
		Sections: []section{{ID: "new", Forms: []form{v.form(t, form{ID: "plan", Once: true, Action: maintenancePath, Submit: "Plan it", Fields: []field{
			selectField("kind", "Work on a", "", choices("", "router", "location", "port", "connection")).must(),
			areaField("names", "Names", "One on a line: routers, location codes, ports or connection IDs.").must(),
			textField("from", "From", "UTC").as("datetime-local").with(begin.Format(formTime)).must(),
			textField("to", "Until", "UTC").as("datetime-local").with(begin.Add(2 * time.Hour).Format(formTime)).must(),
			selectField("impact", "Impact", "", choices("", "outage", "degraded", "reduced-redundancy", "no-impact")).must(),
			textField("reason", "What is done", "Customers read it.").must(),
			checkField("drain", "Shut the BGP sessions while it goes on", "Traffic moves away before the link does. For degraded and outage."),
			textField("force", "Why it must be, although redundant pairs go down", "Only if it was refused; for operators."),
		}}.preset(v.URL.Query()))}}},
	}, nil
}

func planWork(v *visit, in *input) (to, done string, err error) {
	p := directconnect.WorkPlan{
		Impact: directconnect.Impact(in.Get("impact")), Reason: strings.TrimSpace(in.Get("reason")), Drain: in.Get("drain") == "true", Force: strings.TrimSpace(in.Get("force")),
	}
	for _, name := range in.list("names") {
		p.Targets = append(p.Targets, directconnect.WorkTarget{Kind: directconnect.WorkKind(in.Get("kind")), Name: name})
	}
	for name, at := range map[string]*time.Time{"from": &p.From, "to": &p.To} {
		if *at, err = time.Parse(formTime, in.Get(name)); err != nil {
			return "", "", badRequest("%q is not a time such as 2026-03-31T22:00.", in.Get(name))
		}
	}
	var made controlplane.MaintenanceReport
	err = move(v, "", func(ctx context.Context) error {
		made, err = v.console.Service.PlanMaintenance(ctx, p, false)
		return err
	})
	return maintenancePath + "/" + made.Maintenance.ID, "planned", err
}

func workSheet(v *visit, t *tried) (*sheet, error) {
	r, err := v.console.Service.OneMaintenance(v.Context(), v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	m, here := r.Maintenance, maintenancePath+"/"+r.Maintenance.ID
	hits := &table{Caption: "What it hits", Head: []string{"What", "ID", "Account", "Region", "Impact"}, Empty: "It hits nothing that anybody has ordered."}
	for _, h := range r.Hits {
		hits.Rows = append(hits.Rows, []cell{plain(h.Kind), coded(h.ID), accountCell(h.Account), plain(h.Region), plain(string(h.Impact))})
	}
	p := &sheet{
		Title: m.Reason, State: string(m.Status), Crumbs: []link{{Text: "Maintenance", Href: maintenancePath}},
		Actions: []link{{Text: "As iCalendar", Href: here + "/calendar"}},
		Live: []section{{ID: "facts", Title: "Work", Facts: knownFacts(
			known("ID", coded(m.ID)), knownText("On", targets(m)), knownText("From", when(m.From)), knownText("Until", when(m.To)), knownText("Impact", string(m.Impact)),
			knownText("Sessions are shut meanwhile", map[bool]string{true: "yes"}[m.Drain]), knownText("Started", when(m.Begun)), knownText("Ended", when(m.Ended)),
			knownText("Planned although redundant pairs go down, because", m.Forced),
		)}},
	}
	for i, c := range r.Conflicts {
		p.Live = append(p.Live, section{ID: fmt.Sprintf("conflict-%d", i), Title: "A redundant pair goes down", Note: c.String()})
	}
	p.Live = append(p.Live, section{ID: "hits", Title: "Hit", Table: hits})
	one := func(id, title, submit string, danger bool, fields ...field) section {
		return section{ID: "do-" + id, Title: title, Forms: []form{v.form(t, form{ID: id, Action: here + "/" + id, Submit: submit, Danger: danger, Quiet: danger, Fields: fields})}}
	}
	switch m.Status {
	case directconnect.MaintenancePlanned:
		p.Sections = append(p.Sections,
			one("start", "Start", "Start the work", false, textField("force", "Why it must be, although redundant pairs go down", "Only if it is refused.")),
			one("cancel", "Cancel", "Cancel the work", true))
	case directconnect.MaintenanceInProgress:
		p.Sections = append(p.Sections, one("end", "End", "The work is done", false))
	}
	return p, nil
}
