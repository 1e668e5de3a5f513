package console

import (
	"net/url"
	"slices"
	"strings"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// associationSection lists what a Direct Connect gateway is associated with.
func (v *visit) associationSection(gateway string) section {
	s := section{ID: "associations", Title: "Associations"}
	out, err := ask[api.DescribeDirectConnectGatewayAssociationsRequest, api.DescribeDirectConnectGatewayAssociationsResult](v, "DescribeDirectConnectGatewayAssociations",
		api.DescribeDirectConnectGatewayAssociationsRequest{DirectConnectGatewayID: &gateway})
	if err != nil {
		s.Empty = told(err)
		return s
	}
	s.Table = &table{Caption: "Associations of the gateway", Head: []string{"Gateway", "State", "Region", "Account", "Allowed prefixes", "Why", "Change"}, Empty: "The gateway is associated with nothing.",
		Needs: slices.Concat(needsOtherPrefixes(nil), needs("DeleteDirectConnectGatewayAssociation", api.DeleteDirectConnectGatewayAssociationRequest{DirectConnectGatewayID: &gateway}))}
	for _, a := range out.DirectConnectGatewayAssociations {
		far := value(a.AssociatedGateway)
		s.Table.Rows = append(s.Table.Rows, []cell{
			coded(value(far.ID)), stated(value(a.AssociationState)), coded(value(far.Region)), coded(value(far.OwnerAccount)),
			coded(cidrs(a.AllowedPrefixesToDirectConnectGateway)), plain(value(a.StateChangeError)),
			{Text: "Change or end", More: value(far.ID), Href: associationPath(gateway, value(a.AssociationID))},
		})
	}
	return s
}

func needsOtherPrefixes(id *string) []controlplane.Wish {
	return needs("UpdateDirectConnectGatewayAssociation", api.UpdateDirectConnectGatewayAssociationRequest{AssociationID: id})
}

func associationPath(gateway, id string) string {
	return gatewayPath(gateway) + "/associations/" + url.PathEscape(id)
}

func cidrs(all []api.RouteFilterPrefix) string {
	var texts []string
	for _, p := range all {
		texts = append(texts, value(p.Cidr))
	}
	return strings.Join(texts, " ")
}

func associate(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	to, err = made(v, "CreateDirectConnectGatewayAssociation",
		api.CreateDirectConnectGatewayAssociationRequest{DirectConnectGatewayID: &id, GatewayID: in.text("far"), AddAllowedPrefixesToDirectConnectGateway: in.prefixes("prefixes")},
		func(api.CreateDirectConnectGatewayAssociationResult) string { return gatewayPath(id) })
	return to, "associated", err
}

func (v *visit) oneAssociation(gateway, id string) (api.DirectConnectGatewayAssociation, error) {
	out, err := ask[api.DescribeDirectConnectGatewayAssociationsRequest, api.DescribeDirectConnectGatewayAssociationsResult](v, "DescribeDirectConnectGatewayAssociations",
		api.DescribeDirectConnectGatewayAssociationsRequest{AssociationID: &id})
	if err != nil {
		return api.DirectConnectGatewayAssociation{}, err
	}
	if len(out.DirectConnectGatewayAssociations) == 0 || value(out.DirectConnectGatewayAssociations[0].DirectConnectGatewayID) != gateway {
		return api.DirectConnectGatewayAssociation{}, notFound("Association %s does not exist.", id)
	}
	return out.DirectConnectGatewayAssociations[0], nil
}

// associationSheet changes the allowed prefixes of an association, or ends it.
func associationSheet(v *visit, t *tried) (*sheet, error) {
	gateway, id := v.PathValue("id"), v.PathValue("association")
	a, err := v.oneAssociation(gateway, id)
	if err != nil {
		return nil, err
	}
	far, path := value(a.AssociatedGateway), associationPath(gateway, id)
	p := &sheet{
		Title: "Association with " + value(far.ID), State: value(a.AssociationState), Crumbs: []link{{Text: "Gateways", Href: gatewaysPath}, {Text: gateway, Href: gatewayPath(gateway)}},
		Live: []section{{ID: "facts", Facts: knownFacts(
			known("ID", coded(id)), known("Gateway", coded(value(far.ID))), knownText("Type", value(far.Type)), known("Region", coded(value(far.Region))), known("Account", coded(value(far.OwnerAccount))),
			known("Allowed prefixes", coded(cidrs(a.AllowedPrefixesToDirectConnectGateway))), knownText("Why", value(a.StateChangeError)),
		)}},
	}
	if s := directconnect.AssociationState(value(a.AssociationState)); s == directconnect.Disassociating || s == directconnect.Disassociated {
		return p, nil
	}
	p.Sections = []section{
		{ID: "prefixes", Title: "Allowed prefixes", Forms: []form{v.form(t, form{ID: "update", Action: path, Submit: "Change", Quiet: true, Needs: needsOtherPrefixes(&id), Fields: []field{
			areaField("prefixes", "Allowed prefixes", "One on a line: these and no others.").with(strings.ReplaceAll(cidrs(a.AllowedPrefixesToDirectConnectGateway), " ", "\n")),
		}})}},
		{ID: "end", Title: "End the association", Note: "Networks behind " + value(far.ID) + " are no longer reached over this gateway.", Forms: []form{v.form(t, form{
			ID: "delete", Action: path + "/delete", Submit: "Disassociate " + value(far.ID), Danger: true,
			Needs: needs("DeleteDirectConnectGatewayAssociation", api.DeleteDirectConnectGatewayAssociationRequest{AssociationID: &id}),
		})}},
	}
	return p, nil
}

// updateAssociation adds and takes away what differs from what is allowed.
func updateAssociation(v *visit, in *input) (to, done string, err error) {
	gateway, id := v.PathValue("id"), v.PathValue("association")
	a, err := v.oneAssociation(gateway, id)
	if err != nil {
		return "", "", err
	}
	req := api.UpdateDirectConnectGatewayAssociationRequest{AssociationID: &id}
	wanted, have := in.list("prefixes"), strings.Fields(cidrs(a.AllowedPrefixesToDirectConnectGateway))
	for _, p := range wanted {
		if !slices.Contains(have, p) {
			req.AddAllowedPrefixesToDirectConnectGateway = append(req.AddAllowedPrefixesToDirectConnectGateway, api.RouteFilterPrefix{Cidr: &p})
		}
	}
	for _, p := range have {
		if !slices.Contains(wanted, p) {
			req.RemoveAllowedPrefixesToDirectConnectGateway = append(req.RemoveAllowedPrefixesToDirectConnectGateway, api.RouteFilterPrefix{Cidr: &p})
		}
	}
	_, err = ask[api.UpdateDirectConnectGatewayAssociationRequest, api.UpdateDirectConnectGatewayAssociationResult](v, "UpdateDirectConnectGatewayAssociation", req)
	return associationPath(gateway, id), "changed", err
}

func deleteAssociation(v *visit, _ *input) (to, done string, err error) {
	gateway, id := v.PathValue("id"), v.PathValue("association")
	if _, err = v.oneAssociation(gateway, id); err != nil {
		return "", "", err
	}
	_, err = ask[api.DeleteDirectConnectGatewayAssociationRequest, api.DeleteDirectConnectGatewayAssociationResult](v, "DeleteDirectConnectGatewayAssociation",
		api.DeleteDirectConnectGatewayAssociationRequest{AssociationID: &id})
	return gatewayPath(gateway), "disassociated", err
}
