package console

import "strings"

// A navGroup is a part of the navigation: what customers see, what operators see.
type navGroup struct {
	Title string
	Links []navLink
}

type navLink struct {
	Path, Title string
	Here        bool
}

// The navigation, in its order. An entry shows when its page is there.
var (
	customerNav = []navLink{
		{Path: "/console/", Title: "Network"},
		{Path: "/console/connections", Title: "Connections"},
		{Path: "/console/lags", Title: "LAGs"},
		{Path: "/console/interfaces", Title: "Virtual interfaces"},
		{Path: "/console/gateways", Title: "Gateways"},
		{Path: "/console/resiliency", Title: "Resiliency"},
		{Path: "/console/locations", Title: "Locations"},
		{Path: "/console/interconnects", Title: "Interconnects"},
		{Path: "/console/hosted", Title: "Hosted connections"},
	}
	operatorNav = []navLink{
		{Path: "/console/network", Title: "All networks"},
		{Path: "/console/operator/orders", Title: "Orders"},
		{Path: "/console/operator/connections", Title: "Connections"},
		{Path: "/console/operator/interfaces", Title: "Interfaces"},
		{Path: "/console/operator/routers", Title: "Routers"},
		{Path: "/console/operator/cross-connects", Title: "Cross connects"},
		{Path: "/console/operator/maintenance", Title: "Maintenance"},
		{Path: "/console/operator/faults", Title: "Faults"},
		{Path: "/console/operator/audit", Title: "Audit trail"},
		{Path: "/console/operator/accounts", Title: "Accounts"},
		{Path: "/console/operator/clock", Title: "Clock"},
	}
)

// navigation is what a visitor may go to; here is the entry that the page belongs to.
func (s *Console) navigation(v *visit, here string) []navGroup {
	var groups []navGroup
	add := func(title string, links []navLink) {
		g := navGroup{Title: title}
		for _, l := range links {
			if s.paths[l.Path] {
				l.Here = l.Path == here
				g.Links = append(g.Links, l)
			}
		}
		if len(g.Links) > 0 {
			groups = append(groups, g)
		}
	}
	if v.Who.Account != "" {
		add("Account "+v.Who.Account, customerNav)
	}
	if v.Who.Operator {
		add("Operator", operatorNav)
	}
	return groups
}

// home is where somebody begins: an operator with the pages of operators, also one who is a user of an account and may see
// nothing in that.
func (s *Console) home(w who) string {
	for _, l := range append([]navLink{}, operatorNav...) {
		if w.Operator && !w.Acting && s.paths[l.Path] {
			return l.Path
		}
	}
	return "/console/"
}

// local answers a path of the console to go to, or the other if what a request says is none: nobody is sent elsewhere.
func local(asked, otherwise string) string {
	if strings.HasPrefix(asked, "/console/") && !strings.ContainsAny(asked, "\\\r\n") && !strings.HasPrefix(asked, "/console/login") {
		return asked
	}
	return otherwise
}
