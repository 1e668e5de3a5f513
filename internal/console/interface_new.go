package console

import (
	"strings"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// newInterfaceSheet is the wizard: first the type and what it runs over, which the address then says, then everything else.
func newInterfaceSheet(v *visit, t *tried) (*sheet, error) {
	kind, on := directconnect.InterfaceType(v.FormValue("type")), strings.TrimSpace(v.FormValue("connection"))
	known := kind == directconnect.Private || kind == directconnect.Public || kind == directconnect.Transit
	now := 0
	if known && on != "" {
		now = 1
	}
	p := &sheet{
		Title: "Create a virtual interface", Crumbs: []link{{Text: "Virtual interfaces", Href: interfacesPath}},
		Steps: []step{{Text: "Type and connection", Done: now > 0, Now: now == 0}, {Text: "VLAN, BGP and gateway", Now: now == 1}, {Text: "Router configuration"}},
	}
	if now == 0 {
		p.Sections = []section{{ID: "kind", Forms: []form{v.interfaceKindForm(on)}}}
		return p, nil
	}
	fields, err := interfaceFields(v, kind)
	if err != nil {
		return nil, err
	}
	f := v.form(t, form{ID: "interface", Once: true, Action: interfacesPath, Submit: "Create the interface", Fields: fields, Needs: needsInterface(&on),
		Hidden: []field{hiddenField("type", string(kind)), hiddenField("connection", on)}}.preset(v.URL.Query()))
	p.Lead = "A " + string(kind) + " virtual interface on " + on + "."
	p.Crumbs = append(p.Crumbs, link{Text: "Type and connection", Href: pathWith(interfacesPath+"/new", "connection", on)})
	p.Sections = []section{{ID: "new", Forms: []form{f}}}
	return p, nil
}

// interfaceKindForm asks for the type and the parent.
func (v *visit) interfaceKindForm(on string) form {
	return form{ID: "kind", Action: interfacesPath + "/new", Get: true, Submit: "Go on", Needs: needsInterface(nil), Fields: []field{
		field{Name: "type", Label: "Type", Kind: "radio", Options: []option{
			{Value: "private", Label: "Private", Note: "to a virtual private gateway, directly or through a Direct Connect gateway"},
			{Value: "public", Label: "Public", Note: "to public addresses, with prefixes of your own"},
			{Value: "transit", Label: "Transit", Note: "to transit gateways through a Direct Connect gateway"},
		}}.must().with(v.FormValue("type")), v.offerParents().pick("connection", "Connection or LAG", "", "", on).must(),
	}}
}

// interfaceFields are the inputs of an interface of a type.
func interfaceFields(v *visit, kind directconnect.InterfaceType) ([]field, error) {
	fields := []field{
		textField("name", "Name", "Up to 100 characters.").must(),
		numberField("vlan", "VLAN", "1 to 4094, and not used on the connection yet.", 1, directconnect.MaxVLAN).must(),
	}
	fields = append(fields, addressFields(kind == directconnect.Public)...)
	fields = append(fields, textField("owner", "For another account", "Twelve digits. They accept the interface in their console, and say where it leads."))
	if kind == directconnect.Public {
		fields = append(fields, areaField("prefixes", "Prefixes", "That you announce, one on a line. They are verified to be yours."))
	} else {
		where, err := gatewayFields(v, kind)
		if err != nil {
			return nil, err
		}
		for i := range where {
			where[i].Help = strings.TrimSpace(where[i].Help + " Empty for another account.")
			where[i].Required = false
		}
		fields = append(fields, where...)
		fields = append(fields,
			selectField("mtu", "MTU", "", mtuChoices(kind)).must().with("1500"),
			checkField("sitelink", "SiteLink", "Traffic between locations over the gateway."),
			numberField("pool4", "IPv4 prefixes accepted at most", "100 if it is empty.", 0, 0),
			numberField("pool6", "IPv6 prefixes accepted at most", "100 if it is empty.", 0, 0),
		)
	}
	return append(fields, textField("rate", "Rate limit", "Such as 500Mbps or 2Gbps; empty is no limit."), areaField("tags", "Tags", "One on a line, as key=value.")), nil
}

// gatewayFields ask where a private or transit interface leads.
func gatewayFields(v *visit, kind directconnect.InterfaceType) ([]field, error) {
	if kind == directconnect.Public {
		return nil, nil
	}
	gateways, err := v.offerGateways()
	if err != nil {
		return nil, err
	}
	gateway := gateways.pick("gateway", "Direct Connect gateway", "", "none", "")
	if kind == directconnect.Transit {
		return []field{gateway.must()}, nil
	}
	return []field{gateway, v.offerFarGateways(false).pick("vgw", "Virtual private gateway", "Instead of a Direct Connect gateway.", "none", "")}, nil
}

// createInterface creates an interface for the account itself, or allocates it to another.
func createInterface(v *visit, in *input) (to, done string, err error) {
	switch kind := directconnect.InterfaceType(in.Get("type")); {
	case kind == directconnect.Public:
		to, err = createPublic(v, in)
	case kind == directconnect.Transit:
		to, err = createTransit(v, in)
	default:
		to, err = createPrivate(v, in)
	}
	if in.text("owner") != nil {
		return to, "allocated", err
	}
	return to + "/router", "created", err
}

// ofInterface is the page of an interface that was made.
func ofInterface(out api.VirtualInterface) string {
	return interfacePath(value(out.VirtualInterfaceID))
}

func createPrivate(v *visit, in *input) (string, error) {
	own := api.NewPrivateVirtualInterface{
		VirtualInterfaceName: in.text("name"), Vlan: in.int32("vlan", "VLAN"), ASNLong: in.int64("asn", "ASN"), AddressFamily: in.text("family"),
		CustomerAddress: in.text("customer"), AmazonAddress: in.text("amazon"), AuthKey: in.secret("key"), Mtu: in.int32("mtu", "MTU"),
		DirectConnectGatewayID: in.text("gateway"), VirtualGatewayID: in.text("vgw"), EnableSiteLink: in.flag("sitelink"), RateLimit: in.text("rate"),
		PrefixPoolAllocatedCountIpv4: in.int32("pool4", "IPv4 prefixes"), PrefixPoolAllocatedCountIpv6: in.int32("pool6", "IPv6 prefixes"), Tags: in.tags("tags"),
	}
	if err := in.problem(); err != nil {
		return "", err
	}
	on, owner := in.text("connection"), in.text("owner")
	if owner == nil {
		return made(v, "CreatePrivateVirtualInterface",
			api.CreatePrivateVirtualInterfaceRequest{ConnectionID: on, NewPrivateVirtualInterface: &own}, ofInterface)
	}
	if err := in.none("gateway", "vgw", "sitelink", "pool4", "pool6"); err != nil {
		return "", err
	}
	return made(v, "AllocatePrivateVirtualInterface", api.AllocatePrivateVirtualInterfaceRequest{
		ConnectionID: on, OwnerAccount: owner, NewPrivateVirtualInterfaceAllocation: &api.NewPrivateVirtualInterfaceAllocation{
			VirtualInterfaceName: own.VirtualInterfaceName, Vlan: own.Vlan, ASNLong: own.ASNLong, AddressFamily: own.AddressFamily, CustomerAddress: own.CustomerAddress,
			AmazonAddress: own.AmazonAddress, AuthKey: own.AuthKey, Mtu: own.Mtu, RateLimit: own.RateLimit, Tags: own.Tags,
		},
	}, ofInterface)
}

func createTransit(v *visit, in *input) (string, error) {
	own := api.NewTransitVirtualInterface{
		VirtualInterfaceName: in.text("name"), Vlan: in.int32("vlan", "VLAN"), ASNLong: in.int64("asn", "ASN"), AddressFamily: in.text("family"),
		CustomerAddress: in.text("customer"), AmazonAddress: in.text("amazon"), AuthKey: in.secret("key"), Mtu: in.int32("mtu", "MTU"),
		DirectConnectGatewayID: in.text("gateway"), EnableSiteLink: in.flag("sitelink"), RateLimit: in.text("rate"),
		PrefixPoolAllocatedCountIpv4: in.int32("pool4", "IPv4 prefixes"), PrefixPoolAllocatedCountIpv6: in.int32("pool6", "IPv6 prefixes"), Tags: in.tags("tags"),
	}
	if err := in.problem(); err != nil {
		return "", err
	}
	on, owner := in.text("connection"), in.text("owner")
	if owner == nil {
		return made(v, "CreateTransitVirtualInterface",
			api.CreateTransitVirtualInterfaceRequest{ConnectionID: on, NewTransitVirtualInterface: &own},
			func(out api.CreateTransitVirtualInterfaceResult) string {
				return ofInterface(value(out.VirtualInterface))
			})
	}
	if err := in.none("gateway", "sitelink", "pool4", "pool6"); err != nil {
		return "", err
	}
	return made(v, "AllocateTransitVirtualInterface", api.AllocateTransitVirtualInterfaceRequest{
		ConnectionID: on, OwnerAccount: owner, NewTransitVirtualInterfaceAllocation: &api.NewTransitVirtualInterfaceAllocation{
			VirtualInterfaceName: own.VirtualInterfaceName, Vlan: own.Vlan, ASNLong: own.ASNLong, AddressFamily: own.AddressFamily, CustomerAddress: own.CustomerAddress,
			AmazonAddress: own.AmazonAddress, AuthKey: own.AuthKey, Mtu: own.Mtu, RateLimit: own.RateLimit, Tags: own.Tags,
		},
	}, func(out api.AllocateTransitVirtualInterfaceResult) string {
		return ofInterface(value(out.VirtualInterface))
	})
}

func createPublic(v *visit, in *input) (string, error) {
	own := api.NewPublicVirtualInterface{
		VirtualInterfaceName: in.text("name"), Vlan: in.int32("vlan", "VLAN"), ASNLong: in.int64("asn", "ASN"), AddressFamily: in.text("family"),
		CustomerAddress: in.text("customer"), AmazonAddress: in.text("amazon"), AuthKey: in.secret("key"), RouteFilterPrefixes: in.prefixes("prefixes"),
		RateLimit: in.text("rate"), Tags: in.tags("tags"),
	}
	if err := in.problem(); err != nil {
		return "", err
	}
	on, owner := in.text("connection"), in.text("owner")
	if owner == nil {
		return made(v, "CreatePublicVirtualInterface",
			api.CreatePublicVirtualInterfaceRequest{ConnectionID: on, NewPublicVirtualInterface: &own}, ofInterface)
	}
	given := api.NewPublicVirtualInterfaceAllocation(own)
	return made(v, "AllocatePublicVirtualInterface",
		api.AllocatePublicVirtualInterfaceRequest{ConnectionID: on, OwnerAccount: owner, NewPublicVirtualInterfaceAllocation: &given}, ofInterface)
}

// prefixes are those of a text, as the wire has them.
func (in *input) prefixes(name string) []api.RouteFilterPrefix {
	var all []api.RouteFilterPrefix
	for _, p := range in.list(name) {
		all = append(all, api.RouteFilterPrefix{Cidr: &p})
	}
	return all
}

// none refuses inputs that an interface for another account cannot have: its owner says that when they accept it.
func (in *input) none(names ...string) error {
	for _, name := range names {
		if in.text(name) != nil {
			return badRequest("Gateway, SiteLink and prefix counts of an interface for another account are chosen by that account, when it accepts the interface.")
		}
	}
	return nil
}
