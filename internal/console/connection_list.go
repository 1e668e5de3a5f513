package console

import (
	"strings"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// pageSize is how many rows a list shows: a page of the API.
const pageSize = 100

// connectionsSheet lists the account's connections, all of them as the API does or those that a filter lets through.
func connectionsSheet(v *visit, _ *tried) (*sheet, error) {
	q := v.URL.Query()
	p := &sheet{
		Title:   "Connections",
		Actions: []link{{Text: "Order a connection", Href: orderPath, Main: true, Needs: needs("CreateConnection", api.CreateConnectionRequest{})}},
	}
	p.Before = []section{{ID: "filter", Fold: true, Title: "Filter", Open: q.Get("state")+q.Get("location")+q.Get("text") != "", Forms: []form{form{
		ID: "search", Action: connectionsPath, Get: true, Search: true, Submit: "Filter",
		Fields: []field{
			selectField("state", "State", "", choices("any", liveStates...)),
			textField("location", "Location code", ""),
			textField("text", "Name or ID has", ""),
		},
	}.keep(q)}}}
	list, err := v.connections(q.Get("state"), q.Get("location"), q.Get("text"), q.Get("after"))
	if err != nil {
		return nil, err
	}
	p.Live = []section{{ID: "list", Table: list}}
	return p, nil
}

// liveStates are those of connections that have not ended.
var liveStates = []string{"ordering", "requested", "pending", "available", "down", "unknown", "deleting"}

// choices are the options of a select; the first, if it is not empty, stands for none.
func choices(none string, values ...string) []option {
	var all []option
	if none != "" {
		all = append(all, option{Label: none})
	}
	for _, one := range values {
		all = append(all, option{Value: one, Label: one})
	}
	return all
}

// connections is a page of the list. The API knows no filter, so that with one the control plane is asked; whether the
// visitor may see connections at all the API decides all the same.
func (v *visit) connections(state, location, text, after string) (*table, error) {
	t := &table{Caption: "Connections in " + v.Region, Head: []string{"Name", "ID", "State", "Location", "Bandwidth", "Router", "Part of"}, Empty: "There are no connections here."}
	if after != "" {
		t.First = v.Query("after", "")
	}
	filtered := state != "" || location != "" || text != ""
	in := api.DescribeConnectionsRequest{MaxResults: pointer(int32(pageSize))}
	if filtered {
		in.MaxResults = pointer(int32(1))
	} else if after != "" {
		in.NextToken = &after
	}
	out, err := ask[api.DescribeConnectionsRequest, api.Connections](v, "DescribeConnections", in)
	if err != nil {
		return nil, err
	}
	if !filtered {
		for _, c := range out.Connections {
			t.Rows = append(t.Rows, connectionRow(c))
		}
		if out.NextToken != nil {
			t.Next = v.Query("after", *out.NextToken)
		}
		return t, nil
	}
	t.Empty = "No connection is like that."
	found, err := v.console.Service.AllConnections(v.Context(), controlplane.ConnectionFilter{
		Account: v.Who.Account, Region: v.Region, Location: location, State: directconnect.ConnectionState(state), After: after, Limit: pageSize + 1,
		Kinds: []directconnect.ConnectionKind{directconnect.Dedicated, directconnect.Hosted}, Text: text,
	})
	if err != nil {
		return nil, err
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		t.Next = v.Query("after", found[pageSize-1].ID)
	}
	for _, c := range found {
		t.Rows = append(t.Rows, connectionRow(api.Connection{
			ConnectionID: &c.ID, ConnectionName: &c.Name, ConnectionState: (*string)(&c.State), Location: &c.Location,
			Bandwidth: (*string)(&c.Bandwidth), AwsDeviceV2: shownRouter(c), LagID: &c.LagID, PartnerName: &c.PartnerName,
		}))
	}
	return t, nil
}

// shownRouter is the router as far as the API tells it.
func shownRouter(c directconnect.Connection) *string {
	if !c.OnItsFeet() {
		return nil
	}
	return &c.Router
}

func connectionRow(c api.Connection) []cell {
	id := value(c.ConnectionID)
	part := plain(value(c.PartnerName))
	if c := value(c.LagID); c != "" {
		part = cell{Text: c, Href: lagPath(c), Code: true}
	}
	name := linked(value(c.ConnectionName), connectionPath(id))
	if strings.TrimSpace(name.Text) == "" {
		name.Text = id
	}
	return []cell{
		name, coded(id), stated(value(c.ConnectionState)), coded(value(c.Location)), plain(value(c.Bandwidth)), coded(value(c.AwsDeviceV2)), part,
	}
}
