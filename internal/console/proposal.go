package console

import (
	"net/url"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (v *visit) proposals(in api.DescribeDirectConnectGatewayAssociationProposalsRequest) ([]api.DirectConnectGatewayAssociationProposal, error) {
	out, err := ask[api.DescribeDirectConnectGatewayAssociationProposalsRequest, api.DescribeDirectConnectGatewayAssociationProposalsResult](v,
		"DescribeDirectConnectGatewayAssociationProposals", in)
	return out.DirectConnectGatewayAssociationProposals, err
}

const proposalsPath = "/console/proposals"

func proposalPath(id string) string { return proposalsPath + "/" + url.PathEscape(id) }

func proposalTable(v *visit, all []api.DirectConnectGatewayAssociationProposal) *table {
	t := &table{Caption: "Association proposals", Head: []string{"Proposal", "State", "From account", "Gateway", "For", "Requested prefixes"}, Empty: "There are no proposals."}
	for _, p := range all {
		far, id := value(p.AssociatedGateway), value(p.ProposalID)
		t.Rows = append(t.Rows, []cell{
			{Text: id, Href: proposalPath(id), Code: true}, stated(value(p.ProposalState)), coded(value(far.OwnerAccount)), coded(value(far.ID)),
			coded(value(p.DirectConnectGatewayID)), coded(cidrs(p.RequestedAllowedPrefixesToDirectConnectGateway)),
		})
	}
	return t
}

// proposalSheet is a proposal: whom it is for accepts it, who made it takes it back.
func proposalSheet(v *visit, t *tried) (*sheet, error) {
	id := v.PathValue("id")
	found, err := v.proposals(api.DescribeDirectConnectGatewayAssociationProposalsRequest{ProposalID: &id})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, notFound("Direct Connect Gateway Association Proposal %s is not found.", id)
	}
	p, path := found[0], proposalPath(id)
	far := value(p.AssociatedGateway)
	out := &sheet{
		Title: "Association proposal", State: value(p.ProposalState), Crumbs: []link{{Text: "Gateways", Href: gatewaysPath}},
		Live: []section{{ID: "facts", Facts: knownFacts(
			known("ID", coded(id)), known("Direct Connect gateway", coded(value(p.DirectConnectGatewayID))), known("Of account", coded(value(p.DirectConnectGatewayOwnerAccount))),
			known("Gateway to be associated", coded(value(far.ID))), known("From account", coded(value(far.OwnerAccount))), known("Region", coded(value(far.Region))),
			known("Prefixes allowed now", coded(cidrs(p.ExistingAllowedPrefixesToDirectConnectGateway))),
			known("Prefixes requested", coded(cidrs(p.RequestedAllowedPrefixesToDirectConnectGateway))),
		)}},
	}
	if value(p.ProposalState) != string(directconnect.ProposalRequested) {
		return out, nil
	}
	if value(p.DirectConnectGatewayOwnerAccount) == v.Who.Account {
		out.Sections = append(out.Sections, section{ID: "accept", Title: "Accept", Note: "Who does not accept a proposal lets it lapse: after seven days it is gone.", Forms: []form{v.form(t, form{
			ID: "accept", Action: path + "/accept", Submit: "Accept the proposal",
			Needs: needs("AcceptDirectConnectGatewayAssociationProposal", api.AcceptDirectConnectGatewayAssociationProposalRequest{DirectConnectGatewayID: p.DirectConnectGatewayID}), Hidden: []field{
				hiddenField("gateway", value(p.DirectConnectGatewayID)), hiddenField("owner", value(far.OwnerAccount)),
			}, Fields: []field{areaField("prefixes", "Other prefixes", "Instead of the requested ones, one on a line.")},
		})}})
	}
	if value(far.OwnerAccount) == v.Who.Account {
		out.Sections = append(out.Sections, section{ID: "take-back", Title: "Take back", Forms: []form{v.form(t, form{
			ID: "delete", Action: path + "/delete", Submit: "Delete the proposal", Danger: true,
			Needs: needs("DeleteDirectConnectGatewayAssociationProposal", api.DeleteDirectConnectGatewayAssociationProposalRequest{ProposalID: &id}),
		})}})
	}
	return out, nil
}

func acceptProposal(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.AcceptDirectConnectGatewayAssociationProposalRequest, api.AcceptDirectConnectGatewayAssociationProposalResult](v,
		"AcceptDirectConnectGatewayAssociationProposal", api.AcceptDirectConnectGatewayAssociationProposalRequest{
			ProposalID: &id, DirectConnectGatewayID: in.text("gateway"), AssociatedGatewayOwnerAccount: in.text("owner"),
			OverrideAllowedPrefixesToDirectConnectGateway: in.prefixes("prefixes"),
		})
	return gatewayPath(in.Get("gateway")), "accepted", err
}

func deleteProposal(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DeleteDirectConnectGatewayAssociationProposalRequest, api.DeleteDirectConnectGatewayAssociationProposalResult](v,
		"DeleteDirectConnectGatewayAssociationProposal", api.DeleteDirectConnectGatewayAssociationProposalRequest{ProposalID: &id})
	return gatewaysPath, "deleted", err
}

// proposeSheet proposes an association of the account's gateway with another account's Direct Connect gateway.
func proposeSheet(v *visit, t *tried) (*sheet, error) {
	f := v.form(t, form{ID: "propose", Once: true, Action: proposalsPath, Submit: "Propose the association", Needs: needsProposal(), Fields: []field{
		textField("gateway", "Direct Connect gateway", "Its ID, that its owner has told you.").must(),
		textField("owner", "Of account", "Twelve digits.").must(),
		v.offerFarGateways(true).pick("far", "Your virtual private gateway or transit gateway", "In Region "+v.Region+".", "", "").must(),
		areaField("prefixes", "Allowed prefixes", "One on a line."),
	}}.preset(v.URL.Query()))
	return &sheet{
		Title: "Propose an association", Crumbs: []link{{Text: "Gateways", Href: gatewaysPath}},
		Lead:     "Your networks join the Direct Connect gateway of another account once its owner accepts.",
		Sections: []section{{ID: "new", Forms: []form{f}}},
	}, nil
}

func needsProposal() []controlplane.Wish {
	return needs("CreateDirectConnectGatewayAssociationProposal", api.CreateDirectConnectGatewayAssociationProposalRequest{})
}

func propose(v *visit, in *input) (to, done string, err error) {
	to, err = made(v,
		"CreateDirectConnectGatewayAssociationProposal", api.CreateDirectConnectGatewayAssociationProposalRequest{
			DirectConnectGatewayID: in.text("gateway"), DirectConnectGatewayOwnerAccount: in.text("owner"), GatewayID: in.text("far"),
			AddAllowedPrefixesToDirectConnectGateway: in.prefixes("prefixes"),
		}, func(out api.CreateDirectConnectGatewayAssociationProposalResult) string {
			return proposalPath(value(value(out.DirectConnectGatewayAssociationProposal).ProposalID))
		})
	return to, "proposed", err
}
