package console

import (
	"net/url"
	"strings"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

const gatewaysPath = "/console/gateways"

func gatewayPath(id string) string { return gatewaysPath + "/" + url.PathEscape(id) }

func (v *visit) gateways(after string) (api.DescribeDirectConnectGatewaysResult, error) {
	in := api.DescribeDirectConnectGatewaysRequest{MaxResults: pointer(int32(pageSize))}
	if after != "" {
		in.NextToken = &after
	}
	return ask[api.DescribeDirectConnectGatewaysRequest, api.DescribeDirectConnectGatewaysResult](v, "DescribeDirectConnectGateways", in)
}

// offerGateways are the account's Direct Connect gateways.
func (v *visit) offerGateways() (offer, error) {
	out, err := v.gateways("")
	if err != nil {
		return offer{}, err
	}
	all := offer{part: out.NextToken != nil}
	for _, g := range out.DirectConnectGateways {
		all.options = append(all.options, option{Value: value(g.DirectConnectGatewayID), Label: value(g.DirectConnectGatewayName) + " (AS " + number(g.AmazonSideASN) + ")"})
	}
	return all, nil
}

func (v *visit) oneGateway(id string) (api.DirectConnectGateway, error) {
	out, err := ask[api.DescribeDirectConnectGatewaysRequest, api.DescribeDirectConnectGatewaysResult](v, "DescribeDirectConnectGateways",
		api.DescribeDirectConnectGatewaysRequest{DirectConnectGatewayID: &id})
	if err != nil {
		return api.DirectConnectGateway{}, err
	}
	if len(out.DirectConnectGateways) == 0 {
		return api.DirectConnectGateway{}, notFound("Direct Connect Gateway %s does not exist.", id)
	}
	return out.DirectConnectGateways[0], nil
}

func gatewaysSheet(v *visit, t *tried) (*sheet, error) {
	after := v.URL.Query().Get("after")
	out, err := v.gateways(after)
	if err != nil {
		return nil, err
	}
	list := &table{Caption: "Direct Connect gateways", Head: []string{"Name", "ID", "State", "ASN"}, Empty: "There are no Direct Connect gateways."}
	for _, g := range out.DirectConnectGateways {
		id := value(g.DirectConnectGatewayID)
		list.Rows = append(list.Rows, []cell{linked(value(g.DirectConnectGatewayName), gatewayPath(id)), coded(id), stated(value(g.DirectConnectGatewayState)), plain(number(g.AmazonSideASN))})
	}
	if out.NextToken != nil {
		list.Next = v.Query("after", *out.NextToken)
	}
	if after != "" {
		list.First = v.Query("after", "")
	}
	proposals, err := v.proposals(api.DescribeDirectConnectGatewayAssociationProposalsRequest{})
	p := &sheet{
		Title: "Gateways", Lead: "A Direct Connect gateway joins virtual interfaces of any Region with virtual private gateways or transit gateways. It is the same in every Region.",
		Actions: []link{{Text: "Create a gateway", Href: gatewaysPath + "/new", Main: true, Needs: needs("CreateDirectConnectGateway", api.CreateDirectConnectGatewayRequest{})},
			{Text: "Propose an association", Href: proposalsPath + "/new", Needs: needsProposal()}},
		Live: []section{{ID: "list", Table: list}, {ID: "proposals", Title: "Association proposals", Table: proposalTable(v, proposals)}},
	}
	if err != nil {
		p.Live[1] = section{ID: "proposals", Title: "Association proposals", Empty: told(err)}
	}
	return p, nil
}

func newGatewaySheet(v *visit, t *tried) (*sheet, error) {
	f := v.form(t, form{ID: "gateway", Once: true, Action: gatewaysPath, Submit: "Create the gateway", Needs: needs("CreateDirectConnectGateway", api.CreateDirectConnectGatewayRequest{}), Fields: []field{
		textField("name", "Name", "").must(),
		numberField("asn", "ASN", "Of this side: 64512 to 65534 or 4200000000 to 4294967294; 64512 if it is empty. It cannot be changed.", 1, 4294967294),
		areaField("tags", "Tags", "One on a line, as key=value."),
	}})
	return &sheet{Title: "Create a Direct Connect gateway", Crumbs: []link{{Text: "Gateways", Href: gatewaysPath}}, Sections: []section{{ID: "new", Forms: []form{f}}}}, nil
}

func createGateway(v *visit, in *input) (to, done string, err error) {
	req := api.CreateDirectConnectGatewayRequest{DirectConnectGatewayName: in.text("name"), AmazonSideASN: in.int64("asn", "ASN"), Tags: in.tags("tags")}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	to, err = made(v, "CreateDirectConnectGateway", req, func(out api.CreateDirectConnectGatewayResult) string {
		return gatewayPath(value(value(out.DirectConnectGateway).DirectConnectGatewayID))
	})
	return to, "created", err
}

func gatewaySheet(v *visit, t *tried) (*sheet, error) {
	g, err := v.oneGateway(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id, path := value(g.DirectConnectGatewayID), gatewayPath(value(g.DirectConnectGatewayID))
	p := &sheet{
		Title: value(g.DirectConnectGatewayName), State: value(g.DirectConnectGatewayState), Crumbs: []link{{Text: "Gateways", Href: gatewaysPath}},
		Live: []section{{ID: "facts", Title: "Direct Connect gateway", Facts: knownFacts(
			known("ID", coded(id)), knownText("ASN", number(g.AmazonSideASN)), known("Account", coded(value(g.OwnerAccount))), knownText("Why", value(g.StateChangeError)),
			knownText("Prefixes allocated to its interfaces", number(g.TotalPrefixPoolAllocations)),
		)}},
		Actions: []link{{Text: "Delete", Href: path + "/delete", Danger: true, Needs: needsGatewayEnd(id)}},
	}
	p.Live = append(p.Live, v.associationSection(id), v.attachmentSection(id))
	proposals, err := v.proposals(api.DescribeDirectConnectGatewayAssociationProposalsRequest{DirectConnectGatewayID: &id})
	if err != nil {
		p.Live = append(p.Live, section{ID: "proposals", Title: "Association proposals", Empty: told(err)})
	} else if len(proposals) > 0 {
		p.Live = append(p.Live, section{ID: "proposals", Title: "Association proposals", Table: proposalTable(v, proposals)})
	}
	p.Live = append(p.Live, v.historyOf(id))
	if value(g.DirectConnectGatewayState) == string(directconnect.GatewayDeleting) {
		return p, nil
	}
	rename := v.form(t, form{ID: "rename", Action: path + "/rename", Submit: "Rename", Quiet: true,
		Needs: needs("UpdateDirectConnectGateway", api.UpdateDirectConnectGatewayRequest{DirectConnectGatewayID: &id}), Fields: []field{textField("name", "Name", "").must().with(value(g.DirectConnectGatewayName))}})
	associate := v.form(t, form{ID: "associate", Once: true, Action: path + "/associate", Submit: "Associate", Quiet: true,
		Needs: needs("CreateDirectConnectGatewayAssociation", api.CreateDirectConnectGatewayAssociationRequest{DirectConnectGatewayID: &id}), Fields: []field{
			v.offerFarGateways(true).pick("far", "Virtual private gateway or transit gateway", "In Region "+v.Region+".", "", "").must(),
			areaField("prefixes", "Allowed prefixes", "One on a line. Of a virtual private gateway, its network's if empty; a transit gateway needs them."),
		}})
	p.Sections = append(p.Sections, section{ID: "associate-with", Title: "Associate a gateway", Forms: []form{associate}}, section{ID: "change", Title: "Change", Forms: []form{rename}})
	p.Sections = append(p.Sections, v.tagSections(t, v.arn("dx-gateway", id), path)...)
	return p, nil
}

// attachmentSection lists the virtual interfaces of a gateway, wherever they are.
func (v *visit) attachmentSection(id string) section {
	s := section{ID: "attachments", Title: "Virtual interfaces"}
	out, err := ask[api.DescribeDirectConnectGatewayAttachmentsRequest, api.DescribeDirectConnectGatewayAttachmentsResult](v, "DescribeDirectConnectGatewayAttachments",
		api.DescribeDirectConnectGatewayAttachmentsRequest{DirectConnectGatewayID: &id})
	if err != nil {
		s.Empty = told(err)
		return s
	}
	s.Table = &table{Caption: "Virtual interfaces of the gateway", Head: []string{"Interface", "State", "Type", "Region", "Account", "Why"}, Empty: "No virtual interface leads here."}
	for _, a := range out.DirectConnectGatewayAttachments {
		vif := value(a.VirtualInterfaceID)
		name := coded(vif)
		if value(a.VirtualInterfaceOwnerAccount) == v.Who.Account {
			name.Href = pathWith(interfacePath(vif), "region", value(a.VirtualInterfaceRegion))
		}
		s.Table.Rows = append(s.Table.Rows, []cell{
			name, stated(value(a.AttachmentState)), plain(strings.TrimSuffix(value(a.AttachmentType), "VirtualInterface")), coded(value(a.VirtualInterfaceRegion)),
			coded(value(a.VirtualInterfaceOwnerAccount)), plain(value(a.StateChangeError)),
		})
	}
	return s
}

func renameGateway(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.UpdateDirectConnectGatewayRequest, api.UpdateDirectConnectGatewayResponse](v, "UpdateDirectConnectGateway",
		api.UpdateDirectConnectGatewayRequest{DirectConnectGatewayID: &id, NewDirectConnectGatewayName: in.text("name")})
	return gatewayPath(id), "renamed", err
}

func deleteGatewaySheet(v *visit, t *tried) (*sheet, error) {
	g, err := v.oneGateway(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(g.DirectConnectGatewayID)
	return &sheet{
		Title: "Delete " + value(g.DirectConnectGatewayName) + "?", State: value(g.DirectConnectGatewayState),
		Crumbs: []link{{Text: "Gateways", Href: gatewaysPath}, {Text: id, Href: gatewayPath(id)}},
		Sections: []section{
			{ID: "goes", Title: "What goes", Note: "A gateway with virtual interfaces or associations cannot be deleted.", Facts: []fact{known("Gateway", coded(id)), knownText("ASN", number(g.AmazonSideASN))}},
			v.associationSection(id), v.attachmentSection(id),
			{ID: "sure", Links: []link{{Text: "Keep it", Href: gatewayPath(id)}}, Forms: []form{v.form(t, form{
				ID: "delete", Action: gatewayPath(id) + "/delete", Submit: "Delete " + value(g.DirectConnectGatewayName), Danger: true, Needs: needsGatewayEnd(id),
			})}},
		},
	}, nil
}

func needsGatewayEnd(id string) []controlplane.Wish {
	return needs("DeleteDirectConnectGateway", api.DeleteDirectConnectGatewayRequest{DirectConnectGatewayID: &id})
}

func deleteGateway(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DeleteDirectConnectGatewayRequest, api.DeleteDirectConnectGatewayResult](v, "DeleteDirectConnectGateway",
		api.DeleteDirectConnectGatewayRequest{DirectConnectGatewayID: &id})
	return gatewaysPath, "deleted", err
}
