package console

import (
	"context"
	"strings"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func allConnectionRoutes() []route {
	const one = allPath + "/{id}"
	here := under(allPath)
	do := func(name, done string, what func(ctx context.Context, v *visit, in *input) error) route {
		return sheetAction(one+"/"+name, allPath, name, moved(here, done, what), anyConnectionSheet)
	}
	of := func(name, done string, what func(s *controlplane.Service, ctx context.Context, id string) (directconnect.Connection, error)) route {
		return do(name, done, func(ctx context.Context, v *visit, _ *input) error {
			_, err := what(v.console.Service, ctx, v.PathValue("id"))
			return err
		})
	}
	return []route{
		sheetPage(allPath, allPath, allConnectionsSheet), sheetPage(one, allPath, anyConnectionSheet),
		of("approve", "approved", (*controlplane.Service).ApproveOrder),
		do("refuse", "refused", func(ctx context.Context, v *visit, in *input) error {
			_, err := v.console.Service.RefuseOrder(ctx, v.PathValue("id"), strings.TrimSpace(in.Get("reason")))
			return err
		}),
		of("plug", "plugged", (*controlplane.Service).PlugCable),
		do("port", "assigned", func(ctx context.Context, v *visit, in *input) error {
			_, err := v.console.Service.AssignPort(ctx, v.PathValue("id"), strings.TrimSpace(in.Get("port")))
			return err
		}),
	}
}

// stateChoices are the states of connections, for a filter.
func stateChoices() []option {
	all := []option{{Value: "", Label: "any"}}
	for _, s := range directconnect.ConnectionStates {
		all = append(all, option{Value: string(s), Label: string(s)})
	}
	return all
}

func allConnectionsSheet(v *visit, _ *tried) (*sheet, error) {
	f := controlplane.ConnectionFilter{
		Account: v.asked("account"), Region: v.asked("in"), Location: v.asked("location"), Router: v.asked("router"),
		State: directconnect.ConnectionState(v.asked("state")), Text: v.asked("text"), After: v.asked("after"), Limit: operatorPage + 1,
	}
	f.Ended = f.State == directconnect.ConnectionDeleted || f.State == directconnect.ConnectionRejected
	found, err := v.console.Service.AllConnections(v.Context(), f)
	if err != nil {
		return nil, err
	}
	found, after := cut(found, func(c directconnect.Connection) string { return c.ID })
	t := &table{
		Caption: "Connections of all accounts", Empty: "There are no such connections.",
		Head: []string{"Name", "ID", "State", "What", "Account", "Region", "Location", "Port"},
	}
	for _, c := range found {
		t.Rows = append(t.Rows, []cell{
			linked(named(c.Name, c.ID), allPath+"/"+c.ID), coded(c.ID), stated(string(c.State)), plain(string(c.Kind) + ", " + string(c.Bandwidth)), accountCell(c.Account),
			plain(c.Region), coded(c.Location), coded(c.PortID),
		})
	}
	return &sheet{
		Title: "Connections of all accounts",
		Before: []section{v.search(allPath, textField("text", "Name or ID has", ""), textField("account", "Account", ""), textField("in", "Region", ""),
			textField("location", "Location code", ""), textField("router", "Router", ""), selectField("state", "State", "", stateChoices()))},
		Live: []section{{ID: "list", Table: v.paged(t, after)}},
	}, nil
}

func anyConnectionSheet(v *visit, t *tried) (*sheet, error) {
	c, port, err := v.console.Service.OneConnection(v.Context(), v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &sheet{
		Title: named(c.Name, c.ID), State: string(c.State), Crumbs: []link{{Text: "Connections of all accounts", Href: allPath}},
		Live: []section{
			{ID: "progress", Title: "Progress", Steps: connectionSteps(c)},
			{ID: "facts", Title: "Connection", Facts: anyConnectionFacts(c, port)},
		},
	}
	p.Live = append(append(p.Live, v.portReading(c.Router, c.PortID)...), v.recordsOf(c.Account, c.ID))
	if c.Kind != directconnect.Hosted {
		p.Actions = append(p.Actions, link{Text: "Cross connect", Href: crossConnectsPath + "/" + c.ID})
	}
	p.Actions = append(p.Actions, whyLink(c.ID), link{Text: "Faults", Href: pathWith(faultsPath, "resource", c.ID)}, link{Text: "Audit trail", Href: pathWith(auditPath, "resource", c.ID)})
	p.Sections = connectionMoves(v, t, c)
	return p, nil
}

func anyConnectionFacts(c directconnect.Connection, port *directconnect.Port) []fact {
	facts := []fact{
		known("ID", coded(c.ID)), known("Account", accountCell(c.Account)), knownText("Kind", string(c.Kind)), knownText("Region", c.Region),
		known("Location", coded(c.Location)), knownText("Bandwidth", string(c.Bandwidth)),
		known("Router", linked(c.Router, "/console/routers/"+c.Router)), known("Port", coded(c.PortID)),
	}
	if port != nil {
		facts = append(facts, knownText("Optic", port.Optic), known("Panel", coded(strings.Join(strings.Fields(port.Panel.Room+" "+port.Panel.Rack+" "+port.Panel.Panel+" "+port.Panel.Port+" "+port.Panel.Strands), " · "))))
	}
	return knownFacts(append(facts,
		known("LAG", coded(c.LagID)), known("Over", coded(c.ParentID)), known("Partner", coded(c.Partner)), knownText("VLAN", positive(c.VLAN)),
		knownText("Ordered", when(c.Created)), knownText("Approved", when(c.Approved)), known("Code of the letter", coded(c.LOACode)),
		knownText("Cable plugged in", when(c.CrossConnected)), knownText("First light", when(c.FirstLight)),
		knownText("In this state since", when(c.Since)), knownText("Why", c.Reason),
	)...)
}

func positive(n int32) string {
	if n == 0 {
		return ""
	}
	return number(&n)
}

// connectionMoves are the forms for what may be done with it now.
func connectionMoves(v *visit, t *tried, c directconnect.Connection) []section {
	here := allPath + "/" + c.ID
	if c.Kind == directconnect.Hosted || !c.Working() {
		return nil
	}
	var all []section
	if c.State == directconnect.ConnectionRequested {
		all = append(all,
			section{ID: "approve-order", Title: "Approve", Note: "The letter (LOA-CFA) is issued for the port above, and the customer can take it to the facility.",
				Forms: []form{v.form(t, form{ID: "approve", Action: here + "/approve", Submit: "Approve the order"})}},
			section{ID: "refuse-order", Title: "Refuse", Forms: []form{v.form(t, form{ID: "refuse", Action: here + "/refuse", Submit: "Refuse the order", Danger: true,
				Fields: []field{textField("reason", "Reason", "The customer sees it.").must()}})}},
		)
	}
	if c.CrossConnected.IsZero() {
		if c.State != directconnect.ConnectionRequested {
			all = append(all, section{ID: "plug-cable", Title: "Cable", Note: "When the facility has made the cross connect: the connection goes on as soon as there is light.",
				Forms: []form{v.form(t, form{ID: "plug", Action: here + "/plug", Submit: "The cable is in place"})}})
		}
		all = append(all, section{ID: "other-port", Title: "Assign another port", Fold: true, Open: t != nil && t.form == "port",
			Note:  "The port must be free and at the same location, with the speed and MACsec that were ordered. A letter that is out is void, and a new one takes its place.",
			Forms: []form{v.form(t, form{ID: "port", Action: here + "/port", Submit: "Assign the port", Quiet: true, Fields: []field{textField("port", "Port", "Such as EqDC2-0123456789ab/et-7.").must()}})}})
	}
	return all
}

// recordsOf are the newest records of the audit trail about a resource.
func (v *visit) recordsOf(account, id string) section {
	records, err := v.console.Service.AuditRecords(v.Context(), controlplane.AuditQuery{Account: account, Resource: id, Newest: true, Limit: 100})
	if err != nil {
		return section{ID: "history", Title: "History", Empty: told(err)}
	}
	return section{ID: "history", Title: "History", Table: history(changes(records), "")}
}
