package console

import (
	"fmt"
	"net/url"
	"strings"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

const resiliencyPath = "/console/resiliency"

func groupPath(id string) string { return resiliencyPath + "/" + url.PathEscape(id) }

func groupsSheet(v *visit, _ *tried) (*sheet, error) {
	in := api.ListResiliencyGroupsRequest{MaxResults: pointer(int32(pageSize))}
	after := v.URL.Query().Get("after")
	if after != "" {
		in.NextToken = &after
	}
	out, err := ask[api.ListResiliencyGroupsRequest, api.ListResiliencyGroupsResult](v, "ListResiliencyGroups", in)
	if err != nil {
		return nil, err
	}
	t := &table{Caption: "Resiliency groups in " + v.Region, Head: []string{"Name", "ID", "State"}, Empty: "There are no resiliency groups here."}
	for _, g := range out.Items {
		id := value(g.ResiliencyGroupID)
		t.Rows = append(t.Rows, []cell{linked(value(g.ResiliencyGroupName), groupPath(id)), coded(id), stated(value(g.State))})
	}
	if out.NextToken != nil {
		t.Next = v.Query("after", *out.NextToken)
	}
	if after != "" {
		t.First = v.Query("after", "")
	}
	return &sheet{
		Title: "Resiliency", Lead: "A resiliency group says which connections stand in for each other, and how much they are to withstand. It is held against what is there at any moment.",
		Actions: []link{{Text: "Create a group", Href: resiliencyPath + "/new", Main: true, Needs: needs("CreateResiliencyGroup", api.CreateResiliencyGroupRequest{})}}, Live: []section{{ID: "list", Table: t}},
	}, nil
}

func newGroupSheet(v *visit, t *tried) (*sheet, error) {
	f := v.form(t, form{ID: "group", Once: true, Action: resiliencyPath, Submit: "Create the group", Needs: needs("CreateResiliencyGroup", api.CreateResiliencyGroupRequest{}), Fields: []field{
		textField("name", "Name", "Letters, digits, hyphens and underscores.").must(),
		field{Name: "model", Label: "What it is to withstand", Kind: "radio", Options: []option{
			{Value: "maximum-resiliency", Label: "Maximum", Note: "a location, and a router of another: two routers at each of two locations"},
			{Value: "high-resiliency", Label: "High", Note: "a location: one connection at each of two"},
			{Value: "basic-resiliency", Label: "Basic", Note: "a router: two at one location"},
		}}.must(),
		areaField("tags", "Tags", "One on a line, as key=value."),
	}})
	return &sheet{Title: "Create a resiliency group", Crumbs: []link{{Text: "Resiliency", Href: resiliencyPath}}, Sections: []section{{ID: "new", Forms: []form{f}}}}, nil
}

func createGroup(v *visit, in *input) (to, done string, err error) {
	req := api.CreateResiliencyGroupRequest{ResiliencyGroupName: in.text("name"), IntendedResiliencyModel: in.text("model"), Tags: in.tags("tags")}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	to, err = made(v, "CreateResiliencyGroup", req, func(out api.CreateResiliencyGroupResult) string {
		return groupPath(value(value(out.ResiliencyGroup).ResiliencyGroupID))
	})
	return to, "created", err
}

func (v *visit) oneGroup(id string) (api.ResiliencyGroup, error) {
	out, err := ask[api.GetResiliencyGroupRequest, api.GetResiliencyGroupResult](v, "GetResiliencyGroup", api.GetResiliencyGroupRequest{ResiliencyGroupID: &id})
	return value(out.ResiliencyGroup), err
}

// groupSheet is a resiliency group with its verdict: what is reached, what falls short, and what alone would cut something off.
func groupSheet(v *visit, t *tried) (*sheet, error) {
	g, err := v.oneGroup(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id, path := value(g.ResiliencyGroupID), groupPath(value(g.ResiliencyGroupID))
	p := &sheet{Title: value(g.ResiliencyGroupName), State: value(g.State), Crumbs: []link{{Text: "Resiliency", Href: resiliencyPath}}}
	without, err := elementOf(v.URL.Query().Get("without"))
	if err != nil {
		return nil, err
	}
	report, err := v.console.Service.Resiliency(v.Context(), id, without)
	if err != nil {
		return nil, err
	}
	members, err := v.memberSection(id)
	if err != nil {
		return nil, err
	}
	p.Live = append(verdictSections(report, path), members, v.historyOf(id))
	if len(report.Members) == 0 {
		p.Live = []section{{ID: "verdict", Title: "Verdict", Empty: "No connection is in the group yet, so that there is nothing to hold against " + string(report.Evaluation.Intended) + "."}, v.historyOf(id)}
	}
	if s := value(g.State); s == string(directconnect.ResiliencyDeleting) || s == string(directconnect.ResiliencyDeleted) {
		return p, nil
	}
	p.Actions = []link{{Text: "Delete", Href: path + "/delete", Danger: true, Needs: needsGroupEnd(id)}}
	add := v.form(t, form{ID: "add", Action: path + "/add", Submit: "Put into the group", Quiet: true,
		Needs: needs("AssociateConnectionsToResiliencyGroup", api.AssociateConnectionsToResiliencyGroupRequest{ResiliencyGroupID: &id}), Fields: v.memberFields(members)})
	rename := v.form(t, form{ID: "rename", Action: path + "/rename", Submit: "Rename", Quiet: true,
		Needs: needs("UpdateResiliencyGroup", api.UpdateResiliencyGroupRequest{ResiliencyGroupID: &id}), Fields: []field{textField("name", "Name", "").must().with(value(g.ResiliencyGroupName))}})
	p.Sections = append(p.Sections, section{
		ID: "add-connections", Title: "Add connections", Fold: len(add.Fields[0].Options) > few, Open: add.Error != "", Forms: []form{add},
	})
	if m := members.Table; m != nil && len(m.Rows) > 0 {
		var choices []option
		for _, row := range m.Rows {
			choices = append(choices, choice(row[0].Text, row[1].Text))
		}
		remove := v.form(t, form{ID: "remove", Action: path + "/remove", Submit: "Take out of the group", Quiet: true,
			Needs: needs("DisassociateConnectionsFromResiliencyGroup", api.DisassociateConnectionsFromResiliencyGroupRequest{ResiliencyGroupID: &id}), Fields: []field{{Name: "connections", Label: "Connections", Kind: "checks", Options: choices}}})
		p.Sections = append(p.Sections, section{ID: "remove-connections", Title: "Take connections out", Fold: true, Open: remove.Error != "", Forms: []form{remove}})
	}
	p.Sections = append(p.Sections, section{ID: "change", Title: "Change", Fold: true, Open: rename.Error != "", Forms: []form{rename}})
	p.Sections = append(p.Sections, v.tagSections(t, v.arn("dx-resiliency-group", id), path)...)
	return p, nil
}

func elementOf(text string) (*directconnect.Element, error) {
	if text == "" {
		return nil, nil
	}
	e, err := directconnect.ParseElement(text)
	if err != nil {
		return nil, badRequest("%v", err)
	}
	return &e, nil
}

// few is how many choices stand open on a page that is about something else.
const few = 12

// memberFields choose connections that are not in the group yet.
func (v *visit) memberFields(members section) []field {
	in := map[string]bool{}
	for _, row := range members.Table.Rows {
		in[row[1].Text] = in[row[1].Text] || row[2].Text != string(directconnect.MemberDisassociated)
	}
	offered := v.offerConnections(func(c api.Connection) bool { return !in[value(c.ConnectionID)] })
	if len(offered.options) == 0 || offered.part {
		return []field{areaField("connections", "Connections", "Their IDs, of other Regions their ARNs, one on a line. All of them are put in, or none.").must()}
	}
	return []field{
		{Name: "connections", Label: "Connections", Help: "All that are ticked are put in, or none.", Kind: "checks", Options: offered.options},
		areaField("more", "Of other Regions", "Their ARNs, one on a line."),
	}
}

// memberSection lists the connections of a group.
func (v *visit) memberSection(id string) (section, error) {
	s := section{ID: "members", Title: "Connections"}
	in := api.ListResiliencyGroupAssociationsRequest{ResiliencyGroupID: &id}
	s.Table = &table{Caption: "Connections of the group", Head: []string{"Name", "Connection", "State"}, Empty: "No connection is in the group yet."}
	var ids []string
	for {
		out, err := ask[api.ListResiliencyGroupAssociationsRequest, api.ListResiliencyGroupAssociationsResult](v, "ListResiliencyGroupAssociations", in)
		if err != nil {
			return s, err
		}
		for _, m := range out.Items {
			connection := value(m.ConnectionARN)
			connection = connection[strings.LastIndexByte(connection, '/')+1:]
			ids = append(ids, connection)
			s.Table.Rows = append(s.Table.Rows, []cell{{Href: connectionPath(connection)}, coded(connection), stated(value(m.State))})
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	names, err := v.namesOf(ids)
	for i, id := range ids {
		s.Table.Rows[i][0].Text = named(names[id], id)
	}
	return s, err
}

// verdictSections say how a group stands.
func verdictSections(r controlplane.ResiliencyReport, path string) []section {
	e := r.Evaluation
	verdict := section{ID: "verdict", Title: "Verdict", Facts: []fact{
		known("Stands", stated(map[bool]string{true: "ok", false: "falls short"}[e.Met])), knownText("Intended", string(e.Intended)),
		knownText("Reached now", string(e.Reached)), knownText("Reached if all that is ordered were up", string(e.Planned)), knownText("Prefixes looked at", number(&e.Prefixes)),
	}}
	points := section{ID: "points", Title: "Single points of failure", Note: "What alone cuts something off when it fails.", Table: &table{
		Caption: "Single points of failure", Head: []string{"What", "Would cut off", "Try"}, Empty: "There is none.",
	}}
	for _, p := range e.Points {
		points.Table.Rows = append(points.Table.Rows, []cell{
			plain(p.Element.String()), plain(destinations(p.Loses)), linked("What if "+p.Name+" fails?", pathWith(path, "without", string(p.Kind)+":"+p.Name)),
		})
	}
	standings := section{ID: "standings", Title: "What is reached", Table: &table{Caption: "What is reached", Head: []string{"Destination", "Reached", "Over"}, Empty: "Nothing."}}
	for _, s := range e.Standings {
		over := strings.Join(s.Over, " ")
		if over == "" {
			over = "nothing: it is cut off"
			points.Table.Empty = "What is cut off now is not counted here; nothing else hangs on one thing alone."
		}
		standings.Table.Rows = append(standings.Table.Rows, []cell{plain(s.String()), plain(string(s.Reached)), coded(over)})
	}
	all := []section{verdict}
	if w := r.WhatIf; w != nil {
		lost := destinations(w.Lost)
		if lost == "" {
			lost = "nothing"
		}
		all = append(all, section{ID: "what-if", Title: "If " + w.Without.String() + " fails", Facts: []fact{
			knownText("Cut off", lost), knownText("Reached then", string(w.After.Reached)),
		}, Links: []link{{Text: "As it is now", Href: path}}})
	}
	return append(all, points, standings)
}

// destinations names some, and counts the others.
func destinations(all []directconnect.Destination) string {
	const most = 3
	var names []string
	for i, d := range all {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(all)-most))
			break
		}
		names = append(names, d.String())
	}
	return strings.Join(names, ", ")
}

func renameGroup(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.UpdateResiliencyGroupRequest, api.UpdateResiliencyGroupResult](v, "UpdateResiliencyGroup", api.UpdateResiliencyGroupRequest{
		ResiliencyGroupID: &id, ResiliencyGroupName: in.text("name"),
	})
	return groupPath(id), "renamed", err
}

func addToGroup(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.AssociateConnectionsToResiliencyGroupRequest, api.AssociateConnectionsToResiliencyGroupResult](v, "AssociateConnectionsToResiliencyGroup",
		api.AssociateConnectionsToResiliencyGroupRequest{ResiliencyGroupID: &id, ConnectionIdentifiers: append(in.every("connections"), in.list("more")...)})
	return groupPath(id), "member-added", err
}

func takeOutOfGroup(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DisassociateConnectionsFromResiliencyGroupRequest, api.DisassociateConnectionsFromResiliencyGroupResult](v, "DisassociateConnectionsFromResiliencyGroup",
		api.DisassociateConnectionsFromResiliencyGroupRequest{ResiliencyGroupID: &id, ConnectionIdentifiers: in.Values["connections"]})
	return groupPath(id), "member-removed", err
}

func deleteGroupSheet(v *visit, t *tried) (*sheet, error) {
	g, err := v.oneGroup(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(g.ResiliencyGroupID)
	return &sheet{
		Title: "Delete " + value(g.ResiliencyGroupName) + "?", State: value(g.State), Crumbs: []link{{Text: "Resiliency", Href: resiliencyPath}, {Text: id, Href: groupPath(id)}},
		Sections: []section{
			{ID: "goes", Title: "What goes", Note: "The group and its tags. Its connections stay what they are.", Facts: []fact{known("Group", coded(id))}},
			{ID: "sure", Links: []link{{Text: "Keep it", Href: groupPath(id)}}, Forms: []form{v.form(t, form{
				ID: "delete", Action: groupPath(id) + "/delete", Submit: "Delete " + value(g.ResiliencyGroupName), Danger: true, Needs: needsGroupEnd(id),
			})}},
		},
	}, nil
}

func needsGroupEnd(id string) []controlplane.Wish {
	return needs("DeleteResiliencyGroup", api.DeleteResiliencyGroupRequest{ResiliencyGroupID: &id})
}

func deleteGroup(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DeleteResiliencyGroupRequest, api.DeleteResiliencyGroupResult](v, "DeleteResiliencyGroup", api.DeleteResiliencyGroupRequest{ResiliencyGroupID: &id})
	return resiliencyPath, "deleted", err
}
