package console

import (
	"net/url"
	"slices"
	"strings"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

const interfacesPath = "/console/interfaces"

func interfacePath(id string) string { return interfacesPath + "/" + url.PathEscape(id) }

// oneInterface asks for a virtual interface of the account, or on one of its connections.
func (v *visit) oneInterface(id string) (api.VirtualInterface, error) {
	out, err := ask[api.DescribeVirtualInterfacesRequest, api.VirtualInterfaces](v, "DescribeVirtualInterfaces", api.DescribeVirtualInterfacesRequest{VirtualInterfaceID: &id})
	if err != nil {
		return api.VirtualInterface{}, err
	}
	if len(out.VirtualInterfaces) == 0 {
		return api.VirtualInterface{}, notFound("Virtual Interface %s does not exist.", id)
	}
	return out.VirtualInterfaces[0], nil
}

// interfacesSheet lists virtual interfaces; the API is asked page by page until as many are like the filter as a page shows.
func interfacesSheet(v *visit, _ *tried) (*sheet, error) {
	q := v.URL.Query()
	t := &table{Caption: "Virtual interfaces in " + v.Region, Head: interfaceHead, Empty: "There are no virtual interfaces here."}
	in := api.DescribeVirtualInterfacesRequest{MaxResults: pointer(int32(pageSize))}
	if connection := strings.TrimSpace(q.Get("connection")); connection != "" {
		in.ConnectionID = &connection
	}
	if after := q.Get("after"); after != "" {
		in.NextToken, t.First = &after, v.Query("after", "")
	}
	for {
		out, err := ask[api.DescribeVirtualInterfacesRequest, api.VirtualInterfaces](v, "DescribeVirtualInterfaces", in)
		if err != nil {
			return nil, err
		}
		for _, one := range out.VirtualInterfaces {
			if fits(one, q.Get("state"), q.Get("type")) {
				t.Rows = append(t.Rows, interfaceRow(v, one))
			}
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
		if len(t.Rows) >= pageSize {
			t.Next = v.Query("after", *in.NextToken)
			break
		}
	}
	filtered := q.Get("state")+q.Get("type")+q.Get("connection") != ""
	if filtered {
		t.Empty = "No virtual interface is like that."
	}
	return &sheet{
		Title: "Virtual interfaces", Actions: []link{{Text: "Create a virtual interface", Href: interfacesPath + "/new", Main: true, Needs: needsInterface(nil)}},
		Before: []section{{ID: "filter", Title: "Filter", Fold: true, Open: filtered, Forms: []form{form{ID: "search", Action: interfacesPath, Get: true, Search: true, Submit: "Filter", Fields: []field{
			selectField("state", "State", "", choices("any", "confirming", "verifying", "pending", "available", "down", "testing", "unknown", "deleting", "deleted", "rejected")),
			selectField("type", "Type", "", choices("any", "private", "public", "transit")),
			textField("connection", "Connection or LAG", "Its ID."),
		}}.keep(q)}}},
		Live: []section{{ID: "list", Table: t}},
	}, nil
}

func fits(one api.VirtualInterface, state, kind string) bool {
	return (state == "" || value(one.VirtualInterfaceState) == state) && (kind == "" || value(one.VirtualInterfaceType) == kind)
}

var interfaceHead = []string{"Name", "ID", "State", "Type", "VLAN", "On", "Leads to", "Account"}

func interfaceRow(v *visit, one api.VirtualInterface) []cell {
	id, on := value(one.VirtualInterfaceID), value(one.ConnectionID)
	parent := coded(on)
	parent.Href = portPath(on)
	owner := coded(value(one.OwnerAccount))
	if owner.Text == v.Who.Account {
		owner = plain("this one")
	}
	return []cell{
		linked(value(one.VirtualInterfaceName), interfacePath(id)), coded(id), stated(value(one.VirtualInterfaceState)), plain(value(one.VirtualInterfaceType)),
		plain(number(one.Vlan)), parent, leadsTo(one), owner,
	}
}

// leadsTo is what is behind an interface.
func leadsTo(one api.VirtualInterface) cell {
	switch {
	case value(one.DirectConnectGatewayID) != "":
		return cell{Text: value(one.DirectConnectGatewayID), Href: gatewayPath(value(one.DirectConnectGatewayID)), Code: true}
	case value(one.VirtualInterfaceType) == string(directconnect.Public):
		return plain("public addresses")
	}
	return coded(value(one.VirtualGatewayID))
}

// interfacesOn lists what runs over a connection or LAG, as a part of its page.
func (v *visit) interfacesOn(id string) section {
	s := section{ID: "interfaces", Title: "Virtual interfaces"}
	out, err := ask[api.DescribeVirtualInterfacesRequest, api.VirtualInterfaces](v, "DescribeVirtualInterfaces", api.DescribeVirtualInterfacesRequest{ConnectionID: &id})
	if err != nil {
		s.Empty = told(err)
		return s
	}
	s.Table = &table{Caption: "Virtual interfaces on " + id, Head: interfaceHead, Empty: "No virtual interfaces run over it."}
	for _, one := range out.VirtualInterfaces {
		s.Table.Rows = append(s.Table.Rows, interfaceRow(v, one))
	}
	return s
}

// interfaceSheet is the page of a virtual interface.
func interfaceSheet(v *visit, t *tried) (*sheet, error) {
	one, err := v.oneInterface(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(one.VirtualInterfaceID)
	own, err := v.console.Service.OneInterface(v.Context(), id)
	if err != nil {
		return nil, err
	}
	p := &sheet{
		Title: value(one.VirtualInterfaceName), State: value(one.VirtualInterfaceState), Crumbs: []link{{Text: "Virtual interfaces", Href: interfacesPath}},
		Live: []section{
			{ID: "progress", Title: "Progress", Steps: interfaceSteps(own)},
			{ID: "facts", Title: "Virtual interface", Facts: interfaceFacts(one, own)},
			{ID: "peers", Title: "BGP peers", Table: peerTable(own)},
		},
	}
	p.Live = append(v.workOn(id), p.Live...)
	mine := own.Account == v.Who.Account
	p.Live = append(p.Live, v.prefixSection(own), v.testSection(t, own, mine), v.timeline(own))
	p.Actions = interfaceActions(own, mine, own.ConnectionOwner == v.Who.Account)
	if own.Working() {
		p.Sections = append(p.Sections, interfaceForms(v, t, one, own, mine)...)
		if mine {
			p.Sections = append(p.Sections, v.tagSections(t, v.arn("dxvif", id), interfacePath(id))...)
		}
	}
	return p, nil
}

func interfaceActions(own directconnect.VirtualInterface, mine, carrier bool) (all []link) {
	path := interfacePath(own.ID)
	if !own.Working() {
		return nil
	}
	if own.State == directconnect.InterfaceConfirming && mine && own.Account != own.ConnectionOwner {
		return []link{{Text: "Accept or refuse", Href: path + "/confirm", Main: true, Needs: slices.Concat(needsAcceptance(own.Type, own.ID), needsEnd(own.ID))}}
	}
	if carrier {
		all = append(all, link{Text: "Router configuration", Href: path + "/router", Main: own.State == directconnect.InterfacePending || own.State == directconnect.InterfaceDown,
			Needs: needs("DescribeRouterConfiguration", api.DescribeRouterConfigurationRequest{VirtualInterfaceID: &own.ID})})
	}
	return append(all, link{Text: "Routes", Href: path + "/routes", Needs: needs("ListVirtualInterfaceRoutes", api.ListVirtualInterfaceRoutesRequest{VirtualInterfaceID: &own.ID})},
		link{Text: "Delete", Href: path + "/delete", Danger: true, Needs: needsEnd(own.ID)})
}

func needsEnd(id string) []controlplane.Wish {
	return needs("DeleteVirtualInterface", api.DeleteVirtualInterfaceRequest{VirtualInterfaceID: &id})
}

// needsAcceptance is what accepting an interface of a type asks for.
func needsAcceptance(kind directconnect.InterfaceType, id string) []controlplane.Wish {
	switch kind {
	case directconnect.Public:
		return needs("ConfirmPublicVirtualInterface", api.ConfirmPublicVirtualInterfaceRequest{VirtualInterfaceID: &id})
	case directconnect.Transit:
		return needs("ConfirmTransitVirtualInterface", api.ConfirmTransitVirtualInterfaceRequest{VirtualInterfaceID: &id})
	}
	return needs("ConfirmPrivateVirtualInterface", api.ConfirmPrivateVirtualInterfaceRequest{VirtualInterfaceID: &id})
}

// interfaceSteps is how far an interface has come.
func interfaceSteps(own directconnect.VirtualInterface) []step {
	all := []step{{Text: "Ordered", Done: true}}
	if own.Hosted {
		all = append(all, step{Text: "Accepted", Note: "by account " + own.Account, Done: own.State != directconnect.InterfaceConfirming && own.State != directconnect.InterfaceRejected})
	}
	if own.Type == directconnect.Public {
		all = append(all, step{Text: "Verified", Note: "that prefixes and ASN are yours", Done: !own.Verified.IsZero()})
	}
	up := own.State == directconnect.InterfaceAvailable
	ready := up || own.State == directconnect.InterfaceDown || own.State == directconnect.InterfaceTesting || own.State == directconnect.InterfaceUnknown
	all = append(all, step{Text: "On the router", Done: ready}, step{Text: "BGP session up", Note: "the interface is available", Done: up})
	if !own.Working() {
		return append(all[:1], step{Text: "Deleted", Done: !own.Live(), Now: own.Live()})
	}
	for i := range all {
		if !all[i].Done {
			all[i].Now = true
			break
		}
	}
	return all
}

func interfaceFacts(one api.VirtualInterface, own directconnect.VirtualInterface) []fact {
	on := coded(value(one.ConnectionID))
	on.Href = portPath(on.Text)
	var prefixes []string
	for _, p := range one.RouteFilterPrefixes {
		prefixes = append(prefixes, value(p.Cidr))
	}
	return knownFacts(
		known("ID", coded(own.ID)), knownText("Type", value(one.VirtualInterfaceType)), known("On", on), knownText("VLAN", number(one.Vlan)),
		known("Account", coded(value(one.OwnerAccount))), knownText("Why", own.Reason), known("Leads to", leadsTo(one)),
		known("Location", coded(value(one.Location))), known("Router", coded(value(one.AwsDeviceV2))),
		knownText("ASN of the other side", number(one.AmazonSideASN)), knownText("MTU", number(one.Mtu)), knownText("SiteLink", yesNo(one.SiteLinkEnabled)),
		knownText("Prefixes that may be announced", strings.Join(prefixes, ", ")), knownText("Rate limit", value(one.RateLimit)),
		knownText("Created", when(own.Created)), knownText("In this state since", when(own.Since)),
	)
}

// timeline is the history of an interface with its BGP sessions.
func (v *visit) timeline(own directconnect.VirtualInterface) section {
	ids := []string{own.ID}
	for _, p := range own.Peers {
		ids = append(ids, p.ID)
	}
	s := v.historyOf(ids...)
	s.Title = "BGP timeline"
	return s
}
