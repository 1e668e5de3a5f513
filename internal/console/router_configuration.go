package console

import (
	"onramp/internal/api"
	"onramp/internal/routerconfig"
)

// routerSheet shows the configuration of the customer's router for a vendor, to copy or to download. It has the BGP key in it.
func routerSheet(v *visit, _ *tried) (*sheet, error) {
	one, err := v.oneInterface(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id, kind := value(one.VirtualInterfaceID), v.URL.Query().Get("router")
	p := &sheet{
		Title: "Router configuration", State: value(one.VirtualInterfaceState),
		Crumbs: []link{{Text: "Virtual interfaces", Href: interfacesPath}, {Text: id, Href: interfacePath(id)}},
		Lead:   "What your router needs for " + value(one.VirtualInterfaceName) + ". The text holds the BGP key: keep it as you keep a password.",
	}
	choose := form{ID: "vendor", Action: interfacePath(id) + "/router", Get: true, Search: true, Submit: "Show the configuration", Fields: []field{
		selectField("router", "Router", "", routerChoices()).with(kind),
	}}
	text, err := v.routerText(id, kind)
	if err != nil {
		choose.Error = told(err)
	}
	p.Sections = []section{{ID: "choose", Forms: []form{choose}}}
	if err == nil {
		p.Sections = append(p.Sections, section{ID: "configuration", Code: &code{Label: "Router configuration", Text: text}, Links: []link{
			{Text: "Download", Href: pathWith(interfacePath(id)+"/router/file", "router", kind)}, {Text: "Back to the interface", Href: interfacePath(id)},
		}})
	}
	return p, nil
}

// routerText is the configuration for a router type; empty: the XML that describes the interface.
func (v *visit) routerText(id, kind string) (string, error) {
	in := api.DescribeRouterConfigurationRequest{VirtualInterfaceID: &id}
	if kind != "" {
		in.RouterTypeIdentifier = &kind
	}
	out, err := ask[api.DescribeRouterConfigurationRequest, api.DescribeRouterConfigurationResponse](v, "DescribeRouterConfiguration", in)
	return value(out.CustomerRouterConfig), err
}

func routerChoices() []option {
	all := []option{{Label: "as XML, for any router"}}
	for _, r := range routerconfig.Routers {
		all = append(all, option{Value: r.RouterTypeIdentifier, Label: r.Vendor + " " + r.Platform + ", " + r.Software})
	}
	return all
}

// routerFile is the configuration as a file.
func routerFile(v *visit) (answer, error) {
	id, kind := v.PathValue("id"), v.URL.Query().Get("router")
	text, err := v.routerText(id, kind)
	if err != nil {
		return nil, err
	}
	name := id + ".txt"
	if kind == "" {
		name = id + ".xml"
	}
	return file{name: name, contentType: "text/plain; charset=utf-8", content: []byte(text)}, nil
}
