package console

import (
	"fmt"
	"net/url"
	"strconv"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

const (
	interconnectsPath = "/console/interconnects"
	hostedPath        = "/console/hosted"
)

func interconnectPath(id string) string { return interconnectsPath + "/" + url.PathEscape(id) }

// interconnectsSheet lists a partner's ports, with what is sold of each and what is left.
func interconnectsSheet(v *visit, _ *tried) (*sheet, error) {
	in := api.DescribeInterconnectsRequest{MaxResults: pointer(int32(pageSize))}
	after := v.URL.Query().Get("after")
	if after != "" {
		in.NextToken = &after
	}
	out, err := ask[api.DescribeInterconnectsRequest, api.Interconnects](v, "DescribeInterconnects", in)
	if err != nil {
		return nil, err
	}
	t := &table{Caption: "Interconnects in " + v.Region, Head: []string{"Name", "ID", "State", "Location", "Bandwidth", "Sold", "Left"}, Empty: "There are no interconnects here."}
	for _, c := range out.Interconnects {
		id, capacity := value(c.InterconnectID), directconnect.Bandwidth(value(c.Bandwidth)).Mbps()
		sold, left := cell{}, cell{Text: value(c.LagID), Href: lagPath(value(c.LagID)), Code: true, Note: "is sold as a LAG"}
		if left.Text == "" {
			hosted, err := v.hosted(id)
			if err != nil {
				return nil, err
			}
			n, mbps := soldOf(hosted)
			sold, left = plain(fmt.Sprintf("%d Mbps, %s", mbps, plural(n, "connection", "connections"))), plain(fmt.Sprintf("%d Mbps", capacity-mbps))
		}
		t.Rows = append(t.Rows, []cell{
			linked(value(c.InterconnectName), interconnectPath(id)), coded(id), stated(value(c.InterconnectState)), coded(value(c.Location)), plain(value(c.Bandwidth)), sold, left,
		})
	}
	if out.NextToken != nil {
		t.Next = v.Query("after", *out.NextToken)
	}
	if after != "" {
		t.First = v.Query("after", "")
	}
	return &sheet{
		Title: "Interconnects", Lead: "An interconnect is a partner's port: hosted connections of other accounts run over it, each on a VLAN and with a capacity of its own.",
		Actions: []link{{Text: "Order an interconnect", Href: interconnectsPath + "/new", Main: true, Needs: needs("CreateInterconnect", api.CreateInterconnectRequest{})},
			{Text: "Allocate a hosted connection", Href: hostedPath + "/new", Needs: needsAllocation(nil)}},
		Live: []section{{ID: "list", Table: t}},
	}, nil
}

// hosted is everything that runs over an interconnect or LAG of the visitor's.
func (v *visit) hosted(parent string) ([]api.Connection, error) {
	var all []api.Connection
	in := api.DescribeHostedConnectionsRequest{ConnectionID: &parent}
	for {
		out, err := ask[api.DescribeHostedConnectionsRequest, api.Connections](v, "DescribeHostedConnections", in)
		if err != nil {
			return nil, err
		}
		all = append(all, out.Connections...)
		if out.NextToken == nil {
			return all, nil
		}
		in.NextToken = out.NextToken
	}
}

// soldOf is how many connections count and what they have together, in Mbps.
func soldOf(hosted []api.Connection) (n int, mbps int64) {
	for _, c := range hosted {
		switch directconnect.ConnectionState(value(c.ConnectionState)) {
		case directconnect.ConnectionDeleted, directconnect.ConnectionRejected:
		default:
			n++
			mbps += directconnect.Bandwidth(value(c.Bandwidth)).Mbps()
		}
	}
	return n, mbps
}

// hostedOn is the section with what is sold of a parent of so many Mbps.
func (v *visit) hostedOn(parent string, capacity int64) section {
	s := section{ID: "hosted", Title: "Hosted connections"}
	all, err := v.hosted(parent)
	if err != nil {
		s.Empty = told(err)
		return s
	}
	n, mbps := soldOf(all)
	s.Facts = []fact{
		knownText("Capacity", fmt.Sprintf("%d Mbps", capacity)), knownText("Sold", fmt.Sprintf("%d Mbps in %s", mbps, plural(n, "connection", "connections"))),
		knownText("Left", fmt.Sprintf("%d Mbps", capacity-mbps)),
	}
	s.Table = &table{Caption: "Hosted connections on " + parent, Head: []string{"Name", "ID", "State", "Account", "Bandwidth", "VLAN"}, Empty: "Nothing is allocated yet."}
	for _, c := range all {
		id := value(c.ConnectionID)
		s.Table.Rows = append(s.Table.Rows, []cell{
			linked(value(c.ConnectionName), hostedPath+"/"+url.PathEscape(id)), coded(id), stated(value(c.ConnectionState)), coded(value(c.OwnerAccount)),
			plain(value(c.Bandwidth)), plain(number(c.Vlan)),
		})
	}
	return s
}

func (v *visit) oneInterconnect(id string) (api.Interconnect, error) {
	out, err := ask[api.DescribeInterconnectsRequest, api.Interconnects](v, "DescribeInterconnects", api.DescribeInterconnectsRequest{InterconnectID: &id})
	if err != nil {
		return api.Interconnect{}, err
	}
	if len(out.Interconnects) == 0 {
		return api.Interconnect{}, notFound("Could not find Interconnect with ID %s", id)
	}
	return out.Interconnects[0], nil
}

func interconnectSheet(v *visit, t *tried) (*sheet, error) {
	c, err := v.oneInterconnect(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id, path := value(c.InterconnectID), interconnectPath(value(c.InterconnectID))
	own, _, err := v.console.Service.OneConnection(v.Context(), id)
	if err != nil {
		return nil, err
	}
	p := &sheet{
		Title: value(c.InterconnectName), State: value(c.InterconnectState), Crumbs: []link{{Text: "Interconnects", Href: interconnectsPath}},
		Live: []section{
			{ID: "progress", Title: "Progress", Steps: connectionSteps(own)},
			{ID: "facts", Title: "Interconnect", Facts: append(knownFacts(
				known("ID", coded(id)), known("Location", coded(value(c.Location))), knownText("Bandwidth", value(c.Bandwidth)), known("Router", coded(value(c.AwsDeviceV2))),
				knownText("Why", own.Reason), known("LAG", linked(value(c.LagID), lagPath(value(c.LagID)))), knownText("Provider", value(c.ProviderName)),
				knownText("MACsec", yesNo(c.MacSecCapable)), knownText("Encryption", value(c.PortEncryptionStatus)), knownText("Ordered", when(own.Created)),
				knownText("In this state since", when(own.Since)),
			), knownFacts(v.lightFacts(own)...)...)},
		},
	}
	if value(c.LagID) == "" {
		p.Live = append(p.Live, v.hostedOn(id, directconnect.Bandwidth(value(c.Bandwidth)).Mbps()))
	}
	if value(c.MacSecCapable) {
		p.Live = append(p.Live, section{ID: "macsec", Title: "MACsec keys", Table: keyTable(id, v.resource(), c.MacSecKeys)})
	}
	p.Live = append(v.workOn(id), append(p.Live, v.historyOf(id))...)
	if !own.Working() {
		return p, nil
	}
	if own.OnItsFeet() {
		p.Actions = append(p.Actions, link{Text: "Allocate a hosted connection", Href: pathWith(hostedPath+"/new", "parent", id), Main: true, Needs: needsAllocation(&id)},
			link{Text: "Download the LOA-CFA", Href: path + "/loa", Needs: needs("DescribeLoa", api.DescribeLoaRequest{ConnectionID: &id})})
	}
	p.Actions = append(p.Actions, link{Text: "Delete", Href: path + "/delete", Danger: true, Needs: needs("DeleteInterconnect", api.DeleteInterconnectRequest{InterconnectID: &id})})
	if value(c.MacSecCapable) && value(c.LagID) == "" {
		p.Sections = append(p.Sections, keySection(v, t, id, path))
	}
	p.Sections = append(p.Sections, v.tagSections(t, v.arn("dxcon", id), path)...)
	return p, nil
}

func newInterconnectSheet(v *visit, t *tried) (*sheet, error) {
	out, err := ask[api.DescribeLocationsRequest, api.Locations](v, "DescribeLocations", api.DescribeLocationsRequest{})
	if err != nil {
		return nil, err
	}
	f := v.form(t, form{ID: "interconnect", Once: true, Action: interconnectsPath, Submit: "Order the interconnect", Needs: needs("CreateInterconnect", api.CreateInterconnectRequest{}), Fields: []field{
		textField("name", "Name", "").must(),
		selectField("location", "Location", "", placeChoices(out)).must(),
		selectField("bandwidth", "Speed", "", choices("", "1Gbps", "10Gbps", "100Gbps", "400Gbps")).must(),
		textField("provider", "Network provider", "One of the location's."),
		checkField("macsec", "A port that can do MACsec", "It cannot be added later."),
		areaField("tags", "Tags", "One on a line, as key=value."),
	}}.preset(v.URL.Query()))
	return &sheet{Title: "Order an interconnect", Crumbs: []link{{Text: "Interconnects", Href: interconnectsPath}}, Sections: []section{{ID: "new", Forms: []form{f}}}}, nil
}

func createInterconnect(v *visit, in *input) (to, done string, err error) {
	req := api.CreateInterconnectRequest{
		InterconnectName: in.text("name"), Location: in.text("location"), Bandwidth: in.text("bandwidth"), ProviderName: in.text("provider"),
		RequestMACSec: in.flag("macsec"), Tags: in.tags("tags"),
	}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	to, err = made(v, "CreateInterconnect", req, func(out api.Interconnect) string { return interconnectPath(value(out.InterconnectID)) })
	return to, "ordered", err
}

func deleteInterconnectSheet(v *visit, t *tried) (*sheet, error) {
	c, err := v.oneInterconnect(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(c.InterconnectID)
	return &sheet{
		Title: "Delete " + value(c.InterconnectName) + "?", State: value(c.InterconnectState),
		Crumbs: []link{{Text: "Interconnects", Href: interconnectsPath}, {Text: id, Href: interconnectPath(id)}},
		Sections: []section{
			{ID: "goes", Title: "What goes", Note: "The port is given back: its cross connect and LOA-CFA are of no use any more.", Facts: knownFacts(
				known("Interconnect", coded(id)), known("Location", coded(value(c.Location))), knownText("Bandwidth", value(c.Bandwidth)),
			)},
			v.hostedOn(id, directconnect.Bandwidth(value(c.Bandwidth)).Mbps()),
			{ID: "sure", Links: []link{{Text: "Keep it", Href: interconnectPath(id)}}, Forms: []form{v.form(t, form{
				ID: "delete", Action: interconnectPath(id) + "/delete", Submit: "Delete " + id, Danger: true,
				Needs: needs("DeleteInterconnect", api.DeleteInterconnectRequest{InterconnectID: &id}),
			})}},
		},
	}, nil
}

func deleteInterconnect(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DeleteInterconnectRequest, api.DeleteInterconnectResponse](v, "DeleteInterconnect", api.DeleteInterconnectRequest{InterconnectID: &id})
	return interconnectPath(id), "deleted", err
}

// newHostedSheet allocates a hosted connection to an account.
func newHostedSheet(v *visit, t *tried) (*sheet, error) {
	var bandwidths []string
	for _, b := range directconnect.HostedBandwidths {
		bandwidths = append(bandwidths, string(b))
	}
	f := v.form(t, form{ID: "hosted", Once: true, Action: hostedPath, Submit: "Allocate the connection", Needs: needsAllocation(nil), Fields: []field{
		v.offerHosts().pick("parent", "Interconnect or LAG", "", "", v.FormValue("parent")).must(),
		textField("owner", "Account", "Whose connection it will be: twelve digits. They accept it in their console.").must(),
		textField("name", "Name", "").must(),
		selectField("bandwidth", "Bandwidth", "It cannot be changed later.", choices("", bandwidths...)).must(),
		numberField("vlan", "VLAN", "1 to 4094, and not used on the interconnect yet.", 1, directconnect.MaxVLAN).must(),
		areaField("tags", "Tags", "For its owner, one on a line, as key=value."),
	}}.preset(v.URL.Query()))
	return &sheet{Title: "Allocate a hosted connection", Crumbs: []link{{Text: "Interconnects", Href: interconnectsPath}}, Sections: []section{{ID: "new", Forms: []form{f}}}}, nil
}

func needsAllocation(parent *string) []controlplane.Wish {
	return needs("AllocateHostedConnection", api.AllocateHostedConnectionRequest{ConnectionID: parent})
}

func allocateHosted(v *visit, in *input) (to, done string, err error) {
	req := api.AllocateHostedConnectionRequest{
		ConnectionID: in.text("parent"), OwnerAccount: in.text("owner"), ConnectionName: in.text("name"), Bandwidth: in.text("bandwidth"),
		Vlan: in.int32("vlan", "VLAN"), Tags: in.tags("tags"),
	}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	parent := value(req.ConnectionID)
	to = interconnectPath(parent)
	if directconnect.IsLAGID(parent) {
		to = lagPath(parent)
	}
	_, err = made(v, "AllocateHostedConnection", req, func(api.Connection) string { return to })
	return to, "allocated", err
}

// hostedListSheet is what the partner has sold, over all interconnects and LAGs.
func hostedListSheet(v *visit, _ *tried) (*sheet, error) {
	out, err := ask[api.DescribeInterconnectsRequest, api.Interconnects](v, "DescribeInterconnects", api.DescribeInterconnectsRequest{})
	if err != nil {
		return nil, err
	}
	p := &sheet{Title: "Hosted connections", Actions: []link{{Text: "Allocate a hosted connection", Href: hostedPath + "/new", Main: true, Needs: needsAllocation(nil)}},
		Lead: "What this account has allocated to others as a partner. Hosted connections that others have allocated to this account are among its connections."}
	add := func(parent, name, place string, capacity int64) {
		s := v.hostedOn(parent, capacity)
		s.ID, s.Title = "on-"+parent, name+" ("+parent+", "+place+")"
		p.Live = append(p.Live, s)
	}
	seen := map[string]bool{}
	for _, c := range out.Interconnects {
		switch lag := value(c.LagID); {
		case value(c.InterconnectState) == string(directconnect.ConnectionDeleted):
		case lag == "":
			add(value(c.InterconnectID), value(c.InterconnectName), value(c.Location), directconnect.Bandwidth(value(c.Bandwidth)).Mbps())
		case !seen[lag]:
			seen[lag] = true
			if g, err := v.oneLag(lag); err == nil {
				add(lag, value(g.LagName), value(g.Location), directconnect.Bandwidth(value(g.ConnectionsBandwidth)).Mbps()*int64(value(g.NumberOfConnections)))
			}
		}
	}
	if len(p.Live) == 0 {
		p.Live = []section{{ID: "none", Empty: "This account has no interconnects here, over which hosted connections would run."}}
	}
	return p, nil
}

// hostedSheet is a hosted connection as its partner sees it.
func hostedSheet(v *visit, t *tried) (*sheet, error) {
	id := v.PathValue("id")
	out, err := ask[api.DescribeHostedConnectionsRequest, api.Connections](v, "DescribeHostedConnections", api.DescribeHostedConnectionsRequest{ConnectionID: &id})
	if err != nil {
		return nil, err
	}
	if len(out.Connections) != 1 || value(out.Connections[0].ConnectionID) != id {
		return nil, notFound("Could not find Connection with ID %s", id)
	}
	c := out.Connections[0]
	p := &sheet{
		Title: value(c.ConnectionName), State: value(c.ConnectionState), Crumbs: []link{{Text: "Hosted connections", Href: hostedPath}},
		Live: []section{
			{ID: "facts", Title: "Hosted connection", Facts: knownFacts(
				known("ID", coded(id)), known("Account", coded(value(c.OwnerAccount))), knownText("Bandwidth", value(c.Bandwidth)), knownText("VLAN", number(c.Vlan)),
				known("Location", coded(value(c.Location))), known("Router", coded(value(c.AwsDeviceV2))),
			)},
			v.interfacesOn(id),
		},
	}
	switch directconnect.ConnectionState(value(c.ConnectionState)) {
	case directconnect.ConnectionDeleted, directconnect.ConnectionRejected, directconnect.ConnectionDeleting:
		return p, nil
	}
	p.Sections = []section{
		{ID: "move", Title: "Move to another interconnect", Forms: []form{v.form(t, form{ID: "move", Action: hostedPath + "/" + url.PathEscape(id) + "/move", Submit: "Move it", Quiet: true,
			Needs:  needs("AssociateHostedConnection", api.AssociateHostedConnectionRequest{ConnectionID: &id}),
			Fields: []field{v.offerHosts().pick("parent", "Interconnect or LAG", "Traffic is interrupted.", "", "").must()}})}},
		{ID: "end", Title: "Withdraw or delete", Fold: true, Open: t != nil && t.form == "delete", Forms: []form{v.form(t, form{
			ID: "delete", Action: hostedPath + "/" + url.PathEscape(id) + "/delete", Submit: "Delete " + id, Danger: true, Needs: needsDeletion(id),
			Intro: "The hosted connection of account " + value(c.OwnerAccount) + " with " + value(c.Bandwidth) + " on VLAN " + strconv.Itoa(int(value(c.Vlan))) + " goes.",
		})}},
	}
	return p, nil
}

func moveHosted(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.AssociateHostedConnectionRequest, api.Connection](v, "AssociateHostedConnection", api.AssociateHostedConnectionRequest{
		ConnectionID: &id, ParentConnectionID: in.text("parent"),
	})
	return hostedPath + "/" + url.PathEscape(id), "moved", err
}

func deleteHosted(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DeleteConnectionRequest, api.Connection](v, "DeleteConnection", api.DeleteConnectionRequest{ConnectionID: &id})
	return hostedPath + "/" + url.PathEscape(id), "deleted", err
}
