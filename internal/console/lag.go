package console

import (
	"net/url"
	"strconv"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

const lagsPath = "/console/lags"

func lagPath(id string) string {
	if id == "" {
		return ""
	}
	return lagsPath + "/" + url.PathEscape(id)
}

// lags are the account's LAGs in the Region, a page of them.
func (v *visit) lags(after string) (api.Lags, error) {
	in := api.DescribeLagsRequest{MaxResults: pointer(int32(pageSize))}
	if after != "" {
		in.NextToken = &after
	}
	return ask[api.DescribeLagsRequest, api.Lags](v, "DescribeLags", in)
}

func (v *visit) oneLag(id string) (api.Lag, error) {
	out, err := ask[api.DescribeLagsRequest, api.Lags](v, "DescribeLags", api.DescribeLagsRequest{LagID: &id})
	if err != nil {
		return api.Lag{}, err
	}
	if len(out.Lags) == 0 {
		return api.Lag{}, notFound("Could not find Lag with ID %s", id)
	}
	return out.Lags[0], nil
}

func lagsSheet(v *visit, _ *tried) (*sheet, error) {
	after := v.URL.Query().Get("after")
	out, err := v.lags(after)
	if err != nil {
		return nil, err
	}
	t := &table{Caption: "LAGs in " + v.Region, Head: []string{"Name", "ID", "State", "Location", "Members", "Minimum links", "Router"}, Empty: "There are no LAGs here."}
	for _, g := range out.Lags {
		id := value(g.LagID)
		t.Rows = append(t.Rows, []cell{
			linked(value(g.LagName), lagPath(id)), coded(id), stated(value(g.LagState)), coded(value(g.Location)),
			plain(number(g.NumberOfConnections) + " of " + value(g.ConnectionsBandwidth)), plain(number(g.MinimumLinks)), coded(value(g.AwsDeviceV2)),
		})
	}
	if out.NextToken != nil {
		t.Next = v.Query("after", *out.NextToken)
	}
	if after != "" {
		t.First = v.Query("after", "")
	}
	return &sheet{
		Title: "LAGs", Lead: "A LAG bundles connections on one router into one, which shares their capacity and goes on when one of them fails.",
		Actions: []link{{Text: "Create a LAG", Href: lagsPath + "/new", Main: true, Needs: needs("CreateLag", api.CreateLagRequest{})}}, Live: []section{{ID: "list", Table: t}},
	}, nil
}

// lagChoices are the LAGs at a location that live.
func (v *visit) lagChoices(location string) ([]option, error) {
	out, err := v.lags("")
	if err != nil {
		return nil, err
	}
	var all []option
	for _, g := range out.Lags {
		s := value(g.LagState)
		if value(g.Location) == location && s != string(directconnect.LAGDeleted) {
			all = append(all, option{Value: value(g.LagID), Label: value(g.LagName) + " (" + value(g.LagID) + ", " + value(g.ConnectionsBandwidth) + ")"})
		}
	}
	return all, nil
}

// placeChoices are the locations to choose from.
func placeChoices(of api.Locations) []option {
	all := []option{{}}
	for _, l := range of.Locations {
		all = append(all, option{Value: value(l.LocationCode), Label: value(l.LocationName) + " (" + value(l.LocationCode) + ")"})
	}
	return all
}

// newLagSheet orders a LAG of new connections, or around one that is there.
func newLagSheet(v *visit, t *tried) (*sheet, error) {
	out, err := ask[api.DescribeLocationsRequest, api.Locations](v, "DescribeLocations", api.DescribeLocationsRequest{})
	if err != nil {
		return nil, err
	}
	f := v.form(t, form{ID: "lag", Once: true, Action: lagsPath, Submit: "Create the LAG", Needs: needs("CreateLag", api.CreateLagRequest{}), Fields: []field{
		textField("name", "Name", "").must(),
		selectField("location", "Location", "", placeChoices(out)).must(),
		selectField("bandwidth", "Speed of each connection", "", choices("", "1Gbps", "10Gbps", "100Gbps", "400Gbps")).must(),
		numberField("number", "Connections", "In total, with the one below. 1 to 4 up to 10Gbps, 1 or 2 above.", 1, 4).must(),
		v.offerConnections(dedicated).pick("connection", "Existing connection", "The LAG is made on its router, and its virtual interfaces move to the LAG. It must have the location and the speed above.", "none", ""),
		checkField("macsec", "Ports that can do MACsec", "All of them. It cannot be added later."),
		textField("provider", "Network provider", "One of the location's."),
		areaField("tags", "Tags of the LAG", "One on a line, as key=value."),
	}}.preset(v.URL.Query()))
	return &sheet{Title: "Create a LAG", Crumbs: []link{{Text: "LAGs", Href: lagsPath}}, Sections: []section{{ID: "new", Forms: []form{f}}}}, nil
}

func createLag(v *visit, in *input) (to, done string, err error) {
	req := api.CreateLagRequest{
		LagName: in.text("name"), Location: in.text("location"), ConnectionsBandwidth: in.text("bandwidth"), NumberOfConnections: in.int32("number", "Connections"),
		ConnectionID: in.text("connection"), RequestMACSec: in.flag("macsec"), ProviderName: in.text("provider"), Tags: in.tags("tags"),
	}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	to, err = made(v, "CreateLag", req, func(out api.Lag) string { return lagPath(value(out.LagID)) })
	return to, "lag-created", err
}

func lagSheet(v *visit, t *tried) (*sheet, error) {
	g, err := v.oneLag(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(g.LagID)
	p := &sheet{
		Title: value(g.LagName), State: value(g.LagState), Crumbs: []link{{Text: "LAGs", Href: lagsPath}},
		Live: []section{
			{ID: "facts", Title: "LAG", Facts: knownFacts(
				known("ID", coded(id)), known("Location", coded(value(g.Location))), known("Router", coded(value(g.AwsDeviceV2))),
				knownText("Members", number(g.NumberOfConnections)+" of "+value(g.ConnectionsBandwidth)), knownText("Minimum links", number(g.MinimumLinks)),
				knownText("Carries hosted connections", yesNo(g.AllowsHostedConnections)), knownText("Provider", value(g.ProviderName)),
				knownText("Jumbo frames", yesNo(g.JumboFrameCapable)), knownText("MACsec", yesNo(g.MacSecCapable)), knownText("Encryption mode", value(g.EncryptionMode)),
			)},
			{ID: "members", Title: "Members", Table: memberTable(g)},
		},
	}
	if value(g.MacSecCapable) {
		p.Live = append(p.Live, section{ID: "macsec", Title: "MACsec keys", Table: keyTable(id, v.resource(), g.MacSecKeys)})
	}
	p.Live = append(v.workOn(id), append(p.Live, v.interfacesOn(id), v.historyOf(id))...)
	if value(g.LagState) == string(directconnect.LAGDeleted) {
		return p, nil
	}
	p.Actions = []link{
		{Text: "Create a virtual interface", Href: pathWith(interfacesPath+"/new", "connection", id), Main: value(g.LagState) == string(directconnect.LAGAvailable), Needs: needsInterface(&id)},
		{Text: "Order another connection into it", Href: pathWith(orderPath+"/port", "location", value(g.Location), "bandwidth", value(g.ConnectionsBandwidth), "lag", id),
			Needs: needs("CreateConnection", api.CreateConnectionRequest{LagID: &id})},
		{Text: "Delete", Href: lagPath(id) + "/delete", Danger: true, Needs: needs("DeleteLag", api.DeleteLagRequest{LagID: &id})},
	}
	if value(g.NumberOfConnections) > 0 && value(g.LagState) != string(directconnect.LAGPending) {
		p.Actions = append([]link{{Text: "Download the LOA-CFAs", Href: lagPath(id) + "/loa", Needs: needs("DescribeLoa", api.DescribeLoaRequest{ConnectionID: &id})}}, p.Actions...)
	}
	if value(g.AllowsHostedConnections) {
		p.Live = append(p.Live, v.hostedOn(id, directconnect.Bandwidth(value(g.ConnectionsBandwidth)).Mbps()*int64(value(g.NumberOfConnections))))
		p.Actions = append([]link{{Text: "Allocate a hosted connection", Href: pathWith(hostedPath+"/new", "parent", id), Needs: needsAllocation(&id)}}, p.Actions...)
	}
	p.Sections = append(p.Sections, lagForms(v, t, g)...)
	p.Sections = append(p.Sections, v.tagSections(t, v.arn("dxlag", id), lagPath(id))...)
	return p, nil
}

func memberTable(g api.Lag) *table {
	t := &table{Caption: "Members of the LAG", Head: []string{"Name", "ID", "State", "Router", "Take out"}, Empty: "The LAG has no members.",
		Needs: needsTakingOut(g.LagID, nil)}
	for _, c := range g.Connections {
		id := value(c.ConnectionID)
		t.Rows = append(t.Rows, []cell{
			linked(value(c.ConnectionName), connectionPath(id)), coded(id), stated(value(c.ConnectionState)), coded(value(c.AwsDeviceV2)),
			{Text: "Take out", More: id, Href: pathWith(lagPath(value(g.LagID))+"/remove", "connection", id)},
		})
	}
	return t
}

func lagForms(v *visit, t *tried, g api.Lag) []section {
	id, path := value(g.LagID), lagPath(value(g.LagID))
	fields := []field{
		textField("name", "Name", "").must().with(value(g.LagName)),
		numberField("links", "Minimum links", "With fewer members that work, the whole LAG is down.", 0, 4).must().with(number(g.MinimumLinks)),
	}
	if value(g.MacSecCapable) {
		fields = append(fields, selectField("mode", "Encryption mode", "", encryptionModes).must().with(value(g.EncryptionMode)))
	}
	change := v.form(t, form{ID: "update", Action: path + "/update", Submit: "Change", Quiet: true, Needs: needs("UpdateLag", api.UpdateLagRequest{LagID: &id}), Fields: fields})
	add := v.form(t, form{ID: "add", Action: path + "/add", Submit: "Add the connection", Quiet: true, Needs: needs("AssociateConnectionWithLag", api.AssociateConnectionWithLagRequest{LagID: &id}), Fields: []field{
		v.offerMembers(g).pick("connection", "Connection", "It must be on the LAG's router and have its speed. Traffic on it is interrupted.", "", "").must(),
	}})
	all := []section{{ID: "change", Title: "Change", Forms: []form{change}}, {ID: "add-member", Title: "Add a connection", Forms: []form{add}}}
	if value(g.MacSecCapable) {
		all = append(all, keySection(v, t, id, path))
	}
	return all
}

func updateLag(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	req := api.UpdateLagRequest{LagID: &id, LagName: in.text("name"), MinimumLinks: in.int32("links", "Minimum links"), EncryptionMode: in.text("mode")}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	_, err = ask[api.UpdateLagRequest, api.Lag](v, "UpdateLag", req)
	return lagPath(id), "changed", err
}

func addToLag(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.AssociateConnectionWithLagRequest, api.Connection](v, "AssociateConnectionWithLag", api.AssociateConnectionWithLagRequest{
		LagID: &id, ConnectionID: in.text("connection"),
	})
	return lagPath(id), "member-added", err
}

func needsTakingOut(lag, connection *string) []controlplane.Wish {
	return needs("DisassociateConnectionFromLag", api.DisassociateConnectionFromLagRequest{LagID: lag, ConnectionID: connection})
}

// takeOutSheet asks before a member leaves its LAG.
func takeOutSheet(v *visit, t *tried) (*sheet, error) {
	g, err := v.oneLag(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id, member := value(g.LagID), v.FormValue("connection")
	left := max(0, value(g.NumberOfConnections)-1)
	return &sheet{
		Title: "Take a connection out of " + value(g.LagName) + "?", Crumbs: []link{{Text: "LAGs", Href: lagsPath}, {Text: id, Href: lagPath(id)}},
		Lead: "Virtual interfaces stay on the LAG. The connection stands alone from then on.",
		Sections: []section{
			{ID: "goes", Facts: knownFacts(known("Leaves", coded(member)), knownText("Members left", strconv.Itoa(int(left))), knownText("Minimum links", number(g.MinimumLinks)))},
			{ID: "sure", Links: []link{{Text: "Keep it", Href: lagPath(id)}}, Forms: []form{v.form(t, form{
				ID: "remove", Action: lagPath(id) + "/remove", Submit: "Take it out", Danger: true, Needs: needsTakingOut(&id, &member), Hidden: []field{hiddenField("connection", member)},
			})}},
		},
	}, nil
}

func takeOutOfLag(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DisassociateConnectionFromLagRequest, api.Connection](v, "DisassociateConnectionFromLag", api.DisassociateConnectionFromLagRequest{
		LagID: &id, ConnectionID: in.text("connection"),
	})
	return lagPath(id), "member-removed", err
}

func deleteLagSheet(v *visit, t *tried) (*sheet, error) {
	g, err := v.oneLag(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(g.LagID)
	return &sheet{
		Title: "Delete " + value(g.LagName) + "?", State: value(g.LagState), Crumbs: []link{{Text: "LAGs", Href: lagsPath}, {Text: id, Href: lagPath(id)}},
		Sections: []section{
			{ID: "goes", Title: "What goes", Note: "The LAG with its MACsec keys and tags. Its members stay and stand alone.", Facts: knownFacts(
				known("LAG", coded(id)), known("Location", coded(value(g.Location))), knownText("Members that stay", number(g.NumberOfConnections)),
			)},
			v.interfacesOn(id),
			{ID: "sure", Links: []link{{Text: "Keep it", Href: lagPath(id)}}, Forms: []form{v.form(t, form{
				ID: "delete", Action: lagPath(id) + "/delete", Submit: "Delete " + id, Danger: true, Needs: needs("DeleteLag", api.DeleteLagRequest{LagID: &id}),
			})}},
		},
	}, nil
}

func deleteLag(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DeleteLagRequest, api.Lag](v, "DeleteLag", api.DeleteLagRequest{LagID: &id})
	return lagPath(id), "deleted", err
}
