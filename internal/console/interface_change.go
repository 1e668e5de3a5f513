package console

import (
	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// interfaceForms are what can be changed of an interface: its owner may, the connection's owner may put it elsewhere.
func interfaceForms(v *visit, t *tried, one api.VirtualInterface, own directconnect.VirtualInterface, mine bool) []section {
	path := interfacePath(own.ID)
	var all []section
	if mine && own.State != directconnect.InterfaceConfirming {
		all = append(all, testForms(v, t, own)...)
		fields := []field{textField("name", "Name", "").must().with(value(one.VirtualInterfaceName))}
		if own.Type != directconnect.Public {
			fields = append(fields,
				selectField("mtu", "MTU", "A change interrupts traffic for up to 30 seconds.", mtuChoices(own.Type)).must().with(number(one.Mtu)),
				selectField("sitelink", "SiteLink", "Traffic between locations over the gateway.", []option{{Value: "false", Label: "off"}, {Value: "true", Label: "on"}}).must().with(boolText(value(one.SiteLinkEnabled))),
				numberField("pool4", "IPv4 prefixes accepted at most", "Out of the connection's pool.", 0, 0).with(number(one.PrefixPoolAllocatedCountIpv4)),
				numberField("pool6", "IPv6 prefixes accepted at most", "Out of the connection's pool.", 0, 0).with(number(one.PrefixPoolAllocatedCountIpv6)),
			)
		}
		fields = append(fields, textField("rate", "Rate limit", "Such as 500Mbps or 2Gbps; none takes it away.").with(value(one.RateLimit)))
		change := v.form(t, form{ID: "update", Action: path + "/update", Submit: "Change", Quiet: true, Fields: fields,
			Needs: needs("UpdateVirtualInterfaceAttributes", api.UpdateVirtualInterfaceAttributesRequest{VirtualInterfaceID: &own.ID})})
		peer := v.form(t, form{ID: "peer", Once: true, Action: path + "/peers", Submit: "Add the peer", Quiet: true, Fields: addressFields(own.Type == directconnect.Public),
			Needs: needs("CreateBGPPeer", api.CreateBGPPeerRequest{VirtualInterfaceID: &own.ID})})
		all = append(all,
			section{ID: "change", Title: "Change", Fold: true, Open: change.Error != "", Forms: []form{change}},
			section{ID: "peer-add", Title: "Add a BGP peer", Fold: true, Open: peer.Error != "", Forms: []form{peer}},
		)
	}
	move := v.form(t, form{ID: "move", Action: path + "/move", Submit: "Move the interface", Quiet: true,
		Needs: needs("AssociateVirtualInterface", api.AssociateVirtualInterfaceRequest{VirtualInterfaceID: &own.ID}), Fields: []field{
			v.offerParents().without(own.ParentID).pick("connection", "Connection or LAG", "Traffic is interrupted, and your router needs the new configuration.", "", "").must(),
		}})
	return append(all, section{ID: "move-to", Title: "Move to another connection", Fold: true, Open: move.Error != "", Forms: []form{move}})
}

func mtuChoices(kind directconnect.InterfaceType) []option {
	if kind == directconnect.Transit {
		return choices("", "1500", "8500")
	}
	return choices("", "1500", "8500", "9001")
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// updateInterface sends what differs from what is: a member that is there changes the interface, which costs a moment.
func updateInterface(v *visit, in *input) (to, done string, err error) {
	one, err := v.oneInterface(v.PathValue("id"))
	if err != nil {
		return "", "", err
	}
	req := api.UpdateVirtualInterfaceAttributesRequest{
		VirtualInterfaceID:           one.VirtualInterfaceID,
		VirtualInterfaceName:         changed(in.text("name"), one.VirtualInterfaceName),
		Mtu:                          changed(in.int32("mtu", "MTU"), one.Mtu),
		PrefixPoolAllocatedCountIpv4: changed(in.int32("pool4", "IPv4 prefixes"), one.PrefixPoolAllocatedCountIpv4),
		PrefixPoolAllocatedCountIpv6: changed(in.int32("pool6", "IPv6 prefixes"), one.PrefixPoolAllocatedCountIpv6),
		RateLimit:                    changed(in.text("rate"), one.RateLimit),
	}
	if in.Has("sitelink") {
		req.EnableSiteLink = changed(in.yes("sitelink"), one.SiteLinkEnabled)
	}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	_, err = ask[api.UpdateVirtualInterfaceAttributesRequest, api.VirtualInterface](v, "UpdateVirtualInterfaceAttributes", req)
	return interfacePath(value(one.VirtualInterfaceID)), "changed", err
}

// changed is the asked value, or nil if it is what there is.
func changed[T comparable](asked, is *T) *T {
	if asked != nil && is != nil && *asked == *is {
		return nil
	}
	return asked
}

func moveInterface(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.AssociateVirtualInterfaceRequest, api.VirtualInterface](v, "AssociateVirtualInterface", api.AssociateVirtualInterfaceRequest{
		VirtualInterfaceID: &id, ConnectionID: in.text("connection"),
	})
	return interfacePath(id), "moved", err
}

// confirmInterfaceSheet asks whether an allocated interface is accepted, and where it leads, or refused.
func confirmInterfaceSheet(v *visit, t *tried) (*sheet, error) {
	one, err := v.oneInterface(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(one.VirtualInterfaceID)
	kind := directconnect.InterfaceType(value(one.VirtualInterfaceType))
	fields, err := gatewayFields(v, kind)
	if err != nil {
		return nil, err
	}
	return &sheet{
		Title: "Accept " + value(one.VirtualInterfaceName) + "?", State: value(one.VirtualInterfaceState),
		Crumbs: []link{{Text: "Virtual interfaces", Href: interfacesPath}, {Text: id, Href: interfacePath(id)}},
		Lead:   "The owner of the connection has allocated this virtual interface to your account.",
		Sections: []section{
			{ID: "facts", Facts: knownFacts(
				known("ID", coded(id)), knownText("Type", string(kind)), knownText("VLAN", number(one.Vlan)), known("On", coded(value(one.ConnectionID))),
				knownText("Your ASN", number(one.ASNLong)), known("Your address", coded(value(one.CustomerAddress))), known("Address of the other side", coded(value(one.AmazonAddress))),
			)},
			{ID: "accept", Title: "Accept", Forms: []form{v.form(t, form{
				ID: "confirm", Action: interfacePath(id) + "/confirm", Submit: "Accept the interface", Needs: needsAcceptance(kind, id), Hidden: []field{hiddenField("type", string(kind))}, Fields: fields,
			})}},
			{ID: "refuse", Title: "Refuse", Forms: []form{v.form(t, form{
				ID: "delete", Action: interfacePath(id) + "/delete", Submit: "Refuse the interface", Danger: true, Needs: needsEnd(id), Intro: "The connection's owner sees it rejected.",
			})}},
		},
	}, nil
}

func confirmInterface(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	switch directconnect.InterfaceType(in.Get("type")) {
	case directconnect.Public:
		_, err = ask[api.ConfirmPublicVirtualInterfaceRequest, api.ConfirmPublicVirtualInterfaceResponse](v, "ConfirmPublicVirtualInterface",
			api.ConfirmPublicVirtualInterfaceRequest{VirtualInterfaceID: &id})
	case directconnect.Transit:
		_, err = ask[api.ConfirmTransitVirtualInterfaceRequest, api.ConfirmTransitVirtualInterfaceResponse](v, "ConfirmTransitVirtualInterface",
			api.ConfirmTransitVirtualInterfaceRequest{VirtualInterfaceID: &id, DirectConnectGatewayID: in.text("gateway")})
	default:
		_, err = ask[api.ConfirmPrivateVirtualInterfaceRequest, api.ConfirmPrivateVirtualInterfaceResponse](v, "ConfirmPrivateVirtualInterface",
			api.ConfirmPrivateVirtualInterfaceRequest{VirtualInterfaceID: &id, DirectConnectGatewayID: in.text("gateway"), VirtualGatewayID: in.text("vgw")})
	}
	return interfacePath(id), "accepted", err
}

func deleteInterfaceSheet(v *visit, t *tried) (*sheet, error) {
	one, err := v.oneInterface(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(one.VirtualInterfaceID)
	return &sheet{
		Title: "Delete " + value(one.VirtualInterfaceName) + "?", State: value(one.VirtualInterfaceState),
		Crumbs: []link{{Text: "Virtual interfaces", Href: interfacesPath}, {Text: id, Href: interfacePath(id)}},
		Sections: []section{
			{ID: "goes", Title: "What goes", Note: "Its BGP sessions end and its routes go; the VLAN and the addresses are free again.", Facts: knownFacts(
				known("Interface", coded(id)), knownText("Type", value(one.VirtualInterfaceType)), known("On", coded(value(one.ConnectionID))), knownText("VLAN", number(one.Vlan)),
				known("Leads to", leadsTo(one)), knownText("BGP peers", number(pointer(len(one.BgpPeers)))),
			)},
			{ID: "sure", Links: []link{{Text: "Keep it", Href: interfacePath(id)}}, Forms: []form{v.form(t, form{
				ID: "delete", Action: interfacePath(id) + "/delete", Submit: "Delete " + id, Danger: true, Needs: needsEnd(id),
			})}},
		},
	}, nil
}

func deleteInterface(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DeleteVirtualInterfaceRequest, api.DeleteVirtualInterfaceResponse](v, "DeleteVirtualInterface", api.DeleteVirtualInterfaceRequest{VirtualInterfaceID: &id})
	return interfacePath(id), "deleted", err
}
