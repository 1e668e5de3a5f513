package console

import (
	"fmt"
	"strconv"
	"strings"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// prefixSection counts the prefixes that cross an interface.
func (v *visit) prefixSection(own directconnect.VirtualInterface) section {
	s := section{ID: "prefixes", Title: "Prefixes"}
	_, err := ask[api.ListVirtualInterfaceRoutesRequest, api.ListVirtualInterfaceRoutesResponse](v, "ListVirtualInterfaceRoutes",
		api.ListVirtualInterfaceRoutesRequest{VirtualInterfaceID: &own.ID, MaxResults: pointer(int32(1))})
	if err != nil {
		s.Empty = told(err)
		return s
	}
	_, routes, err := v.console.Service.InterfaceRoutes(v.Context(), own.ID, "", directconnect.Route{}, 0)
	if err != nil {
		s.Empty = told(err)
		return s
	}
	counts := map[string]int{}
	for _, r := range routes {
		family := "IPv4"
		if r.CIDR.Addr().Is6() {
			family = "IPv6"
		}
		counts[string(r.Direction)+family]++
	}
	of := func(most int32) string {
		if most == 0 {
			return ""
		}
		return fmt.Sprintf(" of %d at most", most)
	}
	accepted, advertised := string(directconnect.RouteAccepted), string(directconnect.RouteAdvertised)
	s.Facts = []fact{
		knownText("Accepted from you", fmt.Sprintf("%d IPv4%s, %d IPv6%s", counts[accepted+"IPv4"], of(own.PoolIPv4), counts[accepted+"IPv6"], of(own.PoolIPv6))),
		knownText("Advertised to you", fmt.Sprintf("%d IPv4, %d IPv6", counts[advertised+"IPv4"], counts[advertised+"IPv6"])),
	}
	s.Links = []link{{Text: "Show the routes", Href: interfacePath(own.ID) + "/routes"}}
	return s
}

// routesSheet lists the routes of an interface, chosen as the API can choose them.
func routesSheet(v *visit, _ *tried) (*sheet, error) {
	one, err := v.oneInterface(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id, q := value(one.VirtualInterfaceID), v.URL.Query()
	p := &sheet{
		Title: "Routes of " + value(one.VirtualInterfaceName), State: value(one.VirtualInterfaceState),
		Crumbs: []link{{Text: "Virtual interfaces", Href: interfacesPath}, {Text: id, Href: interfacePath(id)}},
	}
	filter := form{ID: "search", Action: interfacePath(id) + "/routes", Get: true, Search: true, Submit: "Filter", Fields: []field{
		selectField("direction", "Direction", "", choices("both", "accepted", "advertised")),
		selectField("family", "Address family", "", choices("both", "ipv4", "ipv6")),
		textField("cidrs", "Prefixes", "Up to ten, exactly these."),
		textField("path", "AS path has", "ASNs."),
		textField("communities", "Communities", "Such as 7224:9100."),
	}}.keep(q)
	list, err := v.routes(id)
	if err != nil {
		status, text := said(err)
		if status != 400 {
			return nil, err
		}
		filter.Error = text
	}
	p.Before = []section{{ID: "filter", Title: "Filter", Forms: []form{filter}}}
	if list != nil {
		p.Live = []section{{ID: "list", Table: list}}
	}
	return p, nil
}

// routes is a page of the routes that the address asks for.
func (v *visit) routes(id string) (*table, error) {
	in := &input{Values: v.URL.Query()}
	filters := api.RouteFilters{RouteDirection: in.text("direction"), AddressFamily: in.text("family"), Cidrs: in.list("cidrs"), Communities: in.list("communities")}
	for _, text := range in.list("path") {
		asn, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, badRequest("AS path: %q is not a number.", text)
		}
		filters.AsPath = append(filters.AsPath, asn)
	}
	req := api.ListVirtualInterfaceRoutesRequest{VirtualInterfaceID: &id, Filters: &filters, MaxResults: pointer(int32(pageSize)), NextToken: in.text("after")}
	out, err := ask[api.ListVirtualInterfaceRoutesRequest, api.ListVirtualInterfaceRoutesResponse](v, "ListVirtualInterfaceRoutes", req)
	if err != nil {
		return nil, err
	}
	t := &table{Caption: "Routes of " + id, Head: []string{"Prefix", "Direction", "AS path", "Communities", "Router", "Since"}, Empty: "There are no such routes."}
	for _, r := range out.Routes {
		t.Rows = append(t.Rows, []cell{
			coded(value(r.Cidr)), plain(value(r.RouteDirection)), coded(pathText(r.AsPath)), coded(strings.Join(r.Communities, " ")),
			coded(value(r.AwsLogicalDeviceID)), plain(when(r.RouteInstalledAt)),
		})
	}
	if out.NextToken != nil {
		t.Next = v.Query("after", *out.NextToken)
	}
	if req.NextToken != nil {
		t.First = v.Query("after", "")
	}
	return t, nil
}

// pathText is an AS path, the neighbour first; a set is in braces.
func pathText(segments []api.AsPathSegment) string {
	var all []string
	for _, s := range segments {
		var numbers []string
		for _, asn := range s.Path {
			numbers = append(numbers, strconv.FormatInt(asn, 10))
		}
		text := strings.Join(numbers, " ")
		if value(s.PathType) == "set" {
			text = "{" + text + "}"
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}
