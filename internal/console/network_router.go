package console

import (
	"html/template"
	"net/url"
	"strconv"

	"onramp/internal/console/diagram"
	"onramp/internal/controlplane"
)

// panelView is what the page of a router shows.
type panelView struct {
	controlplane.RouterPanel
	Picture       template.HTML
	Census        []panelCount
	Chosen        *controlplane.PanelPort // that is looked at
	Reading       []fact                  // of that, if a connection holds it
	Before, After string                  // links to the ports that are not shown; empty: there are none
	From, To      int                     // of those shown, from 1
}

type panelCount struct {
	Count       int
	State, Sign string
}

// routerPanel is a router as one stands before it.
func (s *Console) routerPanel(v *visit) (answer, error) {
	panel, err := s.Service.RouterPanel(v.Context(), v.PathValue("name"))
	if err != nil {
		return nil, err
	}
	view := panelView{RouterPanel: panel}
	chosen := v.URL.Query().Get("port")
	first, _ := strconv.Atoi(v.URL.Query().Get("page")) // no number is the first page
	first = max(0, min(first, (len(panel.Ports)-1)/diagram.MaxSlots)) * diagram.MaxSlots
	last := min(first+diagram.MaxSlots, len(panel.Ports))
	counts := map[controlplane.PortState]int{}
	var slots []diagram.Slot
	for i, p := range panel.Ports {
		counts[p.State()]++
		if p.Name == chosen {
			view.Chosen = &panel.Ports[i]
		}
		if i >= first && i < last {
			slots = append(slots, slot(p, v.Query("port", p.Name)+"#port", p.Name == chosen))
		}
	}
	for _, state := range diagram.SlotStates {
		if n := counts[controlplane.PortState(state)]; n > 0 {
			view.Census = append(view.Census, panelCount{n, state, diagram.SlotSign(state)})
		}
	}
	page1 := first / diagram.MaxSlots
	if first > 0 {
		view.Before = v.Query("page", strconv.Itoa(page1-1), "port", "")
	}
	if last < len(panel.Ports) {
		view.After = v.Query("page", strconv.Itoa(page1+1), "port", "")
	}
	view.From, view.To = first+1, last
	if p := view.Chosen; p != nil && p.Connection != nil {
		view.Reading = portReadingFacts(v.read(panel.Router.Name), p.ID)
	}
	view.Picture = template.HTML(diagram.Panel(panel.Router.Name, slots)) // made of escaped text only
	return page{template: "router_panel.html", title: panel.Router.Name, nav: "/console/operator/routers", data: view, live: true}, nil
}

func slot(p controlplane.PanelPort, href string, here bool) diagram.Slot {
	s := diagram.Slot{Name: p.Name, Under: p.Bandwidth.Speed(), State: string(p.State()), Href: href, Here: here}
	s.Tip = "port " + p.Name + ", " + string(p.Bandwidth) + ": " + s.State
	if c := p.Connection; c != nil {
		s.Tip += ", " + c.Name + " (" + c.ID + ") of account " + c.Account
	}
	return s
}

// ConnectionPath is the page of the connection that holds the port that is looked at.
func (v panelView) ConnectionPath() string {
	return "/console/operator/connections/" + url.PathEscape(v.Chosen.Connection.ID)
}

// LocationQuery and RouterQuery choose the router's part of all networks.
func (v panelView) LocationQuery() template.URL {
	return template.URL(diagram.Scope{Location: v.Location.Code}.Query())
}

func (v panelView) RouterQuery() template.URL {
	return template.URL(diagram.Scope{Location: v.Location.Code, Router: v.Router.Name}.Query())
}
