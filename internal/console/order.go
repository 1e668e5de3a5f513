package console

import (
	"net/url"
	"slices"
	"strings"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

const orderPath = connectionsPath + "/order"

// orderSteps are the pages of an order.
func orderSteps(now int) []step {
	all := []step{{Text: "Location"}, {Text: "Port"}, {Text: "Summary"}}
	for i := range all {
		all[i].Done, all[i].Now = i < now, i == now
	}
	return all
}

// locationSheet is the first step: where.
func locationSheet(v *visit, _ *tried) (*sheet, error) {
	out, err := ask[api.DescribeLocationsRequest, api.Locations](v, "DescribeLocations", api.DescribeLocationsRequest{})
	if err != nil {
		return nil, err
	}
	q := v.URL.Query()
	search := form{ID: "search", Action: orderPath, Get: true, Search: true, Submit: "Filter", Fields: []field{
		textField("text", "Name or code has", ""),
		selectField("speed", "Sells", "", choices("any speed", "1G", "10G", "100G", "400G")),
		checkField("macsec", "with MACsec", ""),
	}}.keep(q)
	t := &table{Caption: "Locations in " + v.Region, Head: []string{"Location", "Code", "Speeds", "With MACsec", "Network providers", "Order"}, Empty: "No location is like that.",
		Needs: needs("CreateConnection", api.CreateConnectionRequest{})}
	for _, l := range out.Locations {
		if !offers(l, q.Get("text"), q.Get("speed"), q.Get("macsec") == "true") {
			continue
		}
		code := value(l.LocationCode)
		choose := linked("Choose "+code, pathWith(orderPath+"/port", "location", code, "bandwidth", bandwidthOf(q.Get("speed")), "macsec", q.Get("macsec")))
		t.Rows = append(t.Rows, []cell{
			plain(value(l.LocationName)), coded(code), plain(strings.Join(bySpeed(l.AvailablePortSpeeds), ", ")),
			plain(strings.Join(bySpeed(l.AvailableMacSecPortSpeeds), ", ")), plain(shorten(l.AvailableProviders)), choose,
		})
	}
	return &sheet{
		Title: "Order a connection", Crumbs: []link{{Text: "Connections", Href: connectionsPath}}, Steps: orderSteps(0),
		Lead: "Choose where your router, or a cable to it, meets a port. Locations of other Regions are listed once you choose another Region above.",
		Sections: []section{
			{ID: "filter", Forms: []form{search}},
			{ID: "advice", Title: "How many connections?", Note: "One connection has one port, one router and one building behind it. A second one at the same location goes to another router " +
				"while there is one: that is enough for tests (basic resiliency). A second location keeps a building's failure away (high resiliency); two connections at each of two locations also " +
				"keep a router's failure away from the one that is left (maximum resiliency).", Fold: true},
			{ID: "list", Table: t},
		},
	}, nil
}

// locationsSheet is the list of locations without an order in mind.
func locationsSheet(v *visit, t *tried) (*sheet, error) {
	p, err := locationSheet(v, t)
	if err != nil {
		return nil, err
	}
	p.Title, p.Crumbs, p.Steps = "Locations", nil, nil
	for i := range p.Sections {
		for j := range p.Sections[i].Forms {
			p.Sections[i].Forms[j].Action = locationsPath
		}
	}
	return p, nil
}

const locationsPath = "/console/locations"

func offers(l api.Location, text, speed string, macsec bool) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	sold := l.AvailablePortSpeeds
	if macsec {
		sold = l.AvailableMacSecPortSpeeds
	}
	return (strings.Contains(strings.ToLower(value(l.LocationName)), text) || strings.Contains(strings.ToLower(value(l.LocationCode)), text)) &&
		(speed == "" && len(sold) > 0 || slices.Contains(sold, speed))
}

// bySpeed sorts speeds, slowest first.
func bySpeed(speeds []string) []string {
	return slices.SortedFunc(slices.Values(speeds), func(a, b string) int {
		return int(directconnect.BandwidthOfSpeed(a).Mbps() - directconnect.BandwidthOfSpeed(b).Mbps())
	})
}

func bandwidthOf(speed string) string {
	if speed == "" {
		return ""
	}
	return string(directconnect.BandwidthOfSpeed(speed))
}

// shorten names a few and counts the others.
func shorten(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + number(pointer(len(names)-most)) + " more"
}

// oneLocation finds a location of the Region.
func (v *visit) oneLocation(code string) (api.Location, error) {
	out, err := ask[api.DescribeLocationsRequest, api.Locations](v, "DescribeLocations", api.DescribeLocationsRequest{})
	if err != nil {
		return api.Location{}, err
	}
	for _, l := range out.Locations {
		if value(l.LocationCode) == code {
			return l, nil
		}
	}
	return api.Location{}, notFound("Location %s is not one of Region %s.", code, v.Region)
}

// portSheet is the second step: what kind of port, and its name. It sends its values to the summary in the address, so that
// going back keeps them.
func portSheet(v *visit, _ *tried) (*sheet, error) {
	q := v.URL.Query()
	l, err := v.oneLocation(q.Get("location"))
	if err != nil {
		return nil, err
	}
	code := value(l.LocationCode)
	var speeds []option
	for _, s := range bySpeed(l.AvailablePortSpeeds) {
		o := option{Value: string(directconnect.BandwidthOfSpeed(s)), Label: string(directconnect.BandwidthOfSpeed(s))}
		if slices.Contains(l.AvailableMacSecPortSpeeds, s) {
			o.Note = "also with MACsec"
		}
		speeds = append(speeds, o)
	}
	f := form{ID: "port", Action: orderPath + "/summary", Get: true, Submit: "Go on to the summary", Needs: needs("CreateConnection", api.CreateConnectionRequest{}), Hidden: []field{hiddenField("location", code)}, Fields: []field{
		textField("name", "Name", "How the connection is called in lists, such as the site and the router that it goes to.").must(),
		field{Name: "bandwidth", Label: "Speed", Kind: "radio", Options: speeds}.must(),
	}}
	if len(l.AvailableMacSecPortSpeeds) > 0 {
		f.Fields = append(f.Fields, checkField("macsec", "A port that can do MACsec", "Encryption between your router and ours. It cannot be added later."))
	}
	if len(l.AvailableProviders) > 0 {
		f.Fields = append(f.Fields, selectField("provider", "Network provider", "Who brings the cable, if it is not you. The letter names it.", choices("none", l.AvailableProviders...)))
	}
	lags, err := v.lagChoices(code)
	if err != nil {
		return nil, err
	}
	if len(lags) > 0 {
		f.Fields = append(f.Fields, selectField("lag", "Into a LAG", "The port is then on the LAG's router.", append([]option{{Label: "none"}}, lags...)))
	}
	f.Fields = append(f.Fields, billingField(l), areaField("tags", "Tags", "One on a line, as key=value."))
	return &sheet{
		Title: "Order a connection at " + value(l.LocationName), Steps: orderSteps(1),
		Crumbs:   []link{{Text: "Connections", Href: connectionsPath}, {Text: "Location", Href: pathWith(orderPath, "macsec", q.Get("macsec"))}},
		Sections: []section{{ID: "order", Forms: []form{f.keep(q)}}},
	}, nil
}

func billingField(l api.Location) field {
	var modes []option
	for _, m := range l.AvailableBillingModes {
		modes = append(modes, option{Value: value(m.BillingMode), Label: value(m.BillingMode)})
	}
	return selectField("billing", "Billing mode", "", modes).must()
}

// summarySheet is the third step: what is ordered, what it means for resiliency, and the button. A refusal is shown here with
// the way back to what was filled in.
func summarySheet(v *visit, t *tried) (*sheet, error) {
	q := v.URL.Query()
	if t != nil {
		q = orderOnly(t.values)
	}
	l, err := v.oneLocation(q.Get("location"))
	if err != nil {
		return nil, err
	}
	var hidden []field
	for _, name := range orderFields {
		if q.Get(name) != "" {
			hidden = append(hidden, hiddenField(name, q.Get(name)))
		}
	}
	in := &input{Values: q}
	tags := in.tags("tags")
	advice, err := v.advice(value(l.LocationCode))
	if err != nil {
		advice = told(err)
	}
	send := v.form(t, form{ID: "order", Once: true, Action: connectionsPath, Submit: "Order the connection", Hidden: hidden,
		Needs: needs("CreateConnection", api.CreateConnectionRequest{LagID: chosen(q, "lag")})})
	if send.Error == "" {
		send.Error = in.err // said before the button is pressed
	}
	return &sheet{
		Title: "Order this connection?", Steps: orderSteps(2),
		Crumbs: []link{{Text: "Connections", Href: connectionsPath}, {Text: "Location", Href: orderPath}, {Text: "Port", Href: orderPath + "/port?" + q.Encode()}},
		Sections: []section{
			{ID: "summary", Title: "Summary", Facts: knownFacts(
				knownText("Name", q.Get("name")), knownText("Location", value(l.LocationName)), known("Location code", coded(value(l.LocationCode))),
				knownText("Speed", q.Get("bandwidth")), knownText("MACsec", map[bool]string{true: "yes", false: "no"}[q.Get("macsec") == "true"]),
				knownText("Network provider", q.Get("provider")), known("LAG", coded(q.Get("lag"))), knownText("Billing mode", q.Get("billing")),
				knownText("Tags", tagTexts(tags)),
			)},
			{ID: "advice", Title: "Resiliency", Note: advice},
			{ID: "send", Forms: []form{send}, Links: []link{{Text: "Change something", Href: orderPath + "/port?" + q.Encode(), Needs: send.Needs}}},
		},
	}, nil
}

// orderFields are what an order consists of.
var orderFields = []string{"location", "name", "bandwidth", "macsec", "provider", "lag", "billing", "tags"}

// chosen is what an address says of a field; nil: nothing yet.
func chosen(q url.Values, name string) *string {
	in := input{Values: q}
	return in.text(name)
}

func orderOnly(values url.Values) url.Values {
	q := url.Values{}
	for _, name := range orderFields {
		if values.Get(name) != "" {
			q.Set(name, values.Get(name))
		}
	}
	return q
}

// advice says what another connection at the location adds to those that the account has.
func (v *visit) advice(code string) (string, error) {
	out, err := ask[api.DescribeConnectionsRequest, api.Connections](v, "DescribeConnections", api.DescribeConnectionsRequest{})
	if err != nil {
		return "", err
	}
	here, elsewhere := 0, map[string]bool{}
	for _, c := range out.Connections {
		switch directconnect.ConnectionState(value(c.ConnectionState)) {
		case directconnect.ConnectionDeleted, directconnect.ConnectionRejected, directconnect.ConnectionDeleting:
			continue
		}
		if value(c.Location) == code {
			here++
		} else {
			elsewhere[value(c.Location)] = true
		}
	}
	switch {
	case here == 0 && len(elsewhere) == 0:
		return "This is your first connection in " + v.Region + ". Nothing stands in for it when its router, its cable or the building fails: order a second one at another location for high resiliency.", nil
	case here == 0:
		return "You have connections at other locations: with this one, traffic goes on when a whole location fails (high resiliency). A second connection at each makes it maximum resiliency.", nil
	case len(elsewhere) == 0:
		return "You have connections at this location only. This one goes to another router while there is one (basic resiliency); a location that fails takes all of them. Another location would be safer.", nil
	}
	return "You have connections here and at other locations. With two here, on different routers, and two elsewhere this is maximum resiliency; put them into a resiliency group to have that watched.", nil
}

func createConnection(v *visit, in *input) (to, done string, err error) {
	req := api.CreateConnectionRequest{
		Location: in.text("location"), ConnectionName: in.text("name"), Bandwidth: in.text("bandwidth"), RequestMACSec: in.flag("macsec"),
		ProviderName: in.text("provider"), LagID: in.text("lag"), BillingMode: in.text("billing"), Tags: in.tags("tags"),
	}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	to, err = made(v, "CreateConnection", req, func(out api.Connection) string { return connectionPath(value(out.ConnectionID)) })
	return to, "ordered", err
}
