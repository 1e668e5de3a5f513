package console

import (
	"html/template"
	"net/url"
	"slices"

	"onramp/internal/api"
	"onramp/internal/console/diagram"
	"onramp/internal/controlplane"
)

func (s *Console) networkRoutes() []route {
	return []route{
		{"GET /console/{$}", customer, s.network},
		{"GET /console/network", operator, s.allNetworks},
		{"GET /console/routers/{name}", operator, s.routerPanel},
	}
}

// networkView is what the page of a network shows.
type networkView struct {
	Picture  template.HTML
	Empty    bool
	Key      []diagram.Meaning
	Single   bool // it marks single points of failure
	Census   []networkCount
	Scope    diagram.Scope
	Trail    []networkStep // where in the network this is, from the whole of it
	Shown    int
	Outside  int
	Withheld []string
	All      bool
	Order    bool          // the visitor may order a connection
	Work     []networkWork // that hits what the account sees of its own
	MoreWork int
}

// networkCount is how many connections and LAGs are in one state, and where they are shown.
type networkCount struct {
	Count int
	Word  string
	Mark  diagram.Health
	Href  string
	Here  bool
}

type networkStep struct{ Title, Href string }

// network is the picture of the account's network: the first page.
func (s *Console) network(v *visit) (answer, error) {
	caller, _ := controlplane.CallerOf(v.caller(v.Region))
	n, err := s.Service.Network(v.Context(), caller)
	if err != nil {
		return nil, err
	}
	for _, operation := range controlplane.NetworkReads {
		if !slices.Contains(n.Withheld, operation) {
			s.Service.Observed(v.caller(v.Region), operation, nil)
		}
	}
	view, err := s.picture(v, n, v.Who.Account)
	if err != nil {
		return nil, err
	}
	may, err := s.Service.Possible(v.Context(), caller, needs("CreateConnection", api.CreateConnectionRequest{}))
	if err != nil {
		return nil, err
	}
	view.Order = slices.Contains(may, true)
	view.Work, view.MoreWork, err = v.networkWork(n)
	return page{template: "network.html", title: "Network", nav: "/console/", data: view, live: true}, err
}

// allNetworks is the picture of all accounts.
func (s *Console) allNetworks(v *visit) (answer, error) {
	n, err := s.Service.AllNetworks(v.Context())
	if err != nil {
		return nil, err
	}
	view, err := s.picture(v, n, "")
	return page{template: "network.html", title: "All networks", nav: "/console/network", data: view, live: true}, err
}

func (s *Console) picture(v *visit, n controlplane.Network, account string) (networkView, error) {
	scope := diagram.ScopeOf(v.URL.Query())
	path := v.URL.Path
	open := func(part diagram.Scope) string {
		if part.Whole() {
			return path
		}
		return path + "?" + part.Query()
	}
	model := networkModel(n, account)
	p := diagram.Arrange(model, scope, diagram.Options{Href: hrefs(account, regionsOf(n, v.Region)), Open: open, Self: "Your network"})
	details, err := s.Service.NetworkDetails(v.Context(), account, p.Wanted())
	if err != nil {
		return networkView{}, err
	}
	p.Describe(networkTexts(n, details, account))
	view := networkView{
		Picture: template.HTML(p.SVG()), // made of escaped text only
		Empty:   len(p.Shapes) == 0, Key: p.Key(), Single: p.Single(), Scope: scope, Shown: p.Connections, Outside: p.Outside,
		Withheld: n.Withheld, All: account == "",
	}
	for _, c := range diagram.CensusOf(model, scope) {
		part := scope
		part.State, part.Page = c.Word, 0
		view.Census = append(view.Census, networkCount{c.Count, c.Word, c.Health, open(part), scope.State == c.Word})
	}
	view.Trail = trail(scope, open)
	return view, nil
}

// trail leads from the whole network to its part.
func trail(s diagram.Scope, open func(diagram.Scope) string) (steps []networkStep) {
	if s.Whole() {
		return nil
	}
	at := diagram.Scope{}
	steps = append(steps, networkStep{"Whole network", open(at)})
	for _, part := range []struct {
		value string
		field *string
		words string
	}{{s.Region, &at.Region, "Region "}, {s.Location, &at.Location, "Location "}, {s.Router, &at.Router, "Router "}, {s.State, &at.State, "State "}} {
		if part.value != "" {
			*part.field = part.value
			steps = append(steps, networkStep{part.words + part.value, open(at)})
		}
	}
	return steps
}

// regionsOf are the Regions of everything in a network by ID, for the customer's pages, which are about one Region, to be told.
// It is empty if everything is in that one.
func regionsOf(n controlplane.Network, region string) map[string]string {
	if !slices.ContainsFunc(n.Carriers, func(c controlplane.NetworkCarrier) bool { return c.Region != region }) {
		return nil
	}
	of := make(map[string]string, len(n.Carriers)+len(n.Riders))
	for _, c := range n.Carriers {
		of[c.ID] = c.Region
		for _, m := range c.Members {
			of[m.ID] = c.Region
		}
	}
	for _, r := range n.Riders {
		of[r.ID] = of[r.Carrier]
	}
	return of
}

// hrefs answers where the shapes of a picture lead: an account's pages, or the operator's, which are about all Regions.
func hrefs(account string, regions map[string]string) func(k diagram.Kind, id string) string {
	nouns := customerPages
	if account == "" {
		nouns = operatorPages
	}
	return func(k diagram.Kind, id string) string {
		at, known := nouns[k]
		if !known {
			return ""
		}
		if id == "" || at.list {
			return at.path
		}
		to := at.path + at.query + url.PathEscape(id)
		if in := regions[id]; in != "" && account != "" {
			to += "?region=" + url.QueryEscape(in)
		}
		return to
	}
}

// pageOf is where things of a kind have their pages: under the path by ID, or with a query, or only the list.
type pageOf struct {
	path, query string
	list        bool
}

var customerPages = map[diagram.Kind]pageOf{
	diagram.Customer:       {path: connectionsPath, list: true},
	diagram.Connection:     {path: connectionsPath, query: "/"},
	diagram.Hosted:         {path: connectionsPath, query: "/"},
	diagram.Interconnect:   {path: interconnectsPath, query: "/"},
	diagram.LAG:            {path: lagsPath, query: "/"},
	diagram.Foreign:        {path: interfacesPath, list: true},
	diagram.Interface:      {path: interfacesPath, query: "/"},
	diagram.Sold:           {path: hostedPath, query: "/"},
	diagram.Gateway:        {path: gatewaysPath, query: "/"},
	diagram.OthersGateway:  {path: gatewaysPath, list: true},
	diagram.DirectGateway:  {path: interfacesPath, list: true},
	diagram.PublicNetworks: {path: interfacesPath, list: true},
	diagram.VirtualGateway: {path: gatewaysPath, list: true},
	diagram.TransitGateway: {path: gatewaysPath, list: true},
}

var operatorPages = map[diagram.Kind]pageOf{
	diagram.Customer:       {path: accountsPath, query: "/"},
	diagram.Router:         {path: "/console/routers", query: "/"},
	diagram.Connection:     {path: allPath, query: "/"},
	diagram.Hosted:         {path: allPath, query: "/"},
	diagram.Interconnect:   {path: allPath, query: "/"},
	diagram.LAG:            {path: allInterfacesPath, query: "?connection="},
	diagram.Foreign:        {path: allPath, list: true},
	diagram.Interface:      {path: allInterfacesPath, query: "/"},
	diagram.Gateway:        {path: allInterfacesPath, list: true},
	diagram.OthersGateway:  {path: allInterfacesPath, list: true},
	diagram.DirectGateway:  {path: allInterfacesPath, list: true},
	diagram.PublicNetworks: {path: allInterfacesPath, list: true},
	diagram.VirtualGateway: {path: allInterfacesPath, list: true},
	diagram.TransitGateway: {path: allInterfacesPath, list: true},
}
