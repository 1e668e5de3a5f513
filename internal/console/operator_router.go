package console

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func routerRoutes() []route {
	const one = routersPath + "/{id}"
	here := under(routersPath)
	return []route{
		sheetPage(routersPath, routersPath, routersSheet), sheetPage(one, routersPath, routerOpsSheet),
		sheetAction(one+"/drain", routersPath, "drain", moved(here, "drained", func(ctx context.Context, v *visit, in *input) error {
			_, err := v.console.Service.DrainRouter(ctx, v.PathValue("id"), strings.TrimSpace(in.Get("reason")))
			return err
		}), routerOpsSheet),
		sheetAction(one+"/undrain", routersPath, "undrain", moved(here, "undrained", func(ctx context.Context, v *visit, _ *input) error {
			_, err := v.console.Service.UndrainRouter(ctx, v.PathValue("id"))
			return err
		}), routerOpsSheet),
	}
}

// agents are the real routers by name.
func (v *visit) agents() (map[string]Router, error) {
	if v.console.Routers == nil {
		return nil, nil
	}
	all, err := v.console.Routers(v.Context())
	found := map[string]Router{}
	for _, r := range all {
		found[r.Name] = r
	}
	return found, err
}

// agentState is how a router's agent is, as a state, and what there is to say of it.
func agentState(r directconnect.Router, agents map[string]Router) cell {
	if r.Fabric == directconnect.Simulated {
		return plain("simulated")
	}
	a, ok := agents[r.Name]
	switch {
	case !ok || a.Enrolled.IsZero():
		return stated("not enrolled")
	case !a.Revoked.IsZero():
		return stated("revoked")
	case a.ConnectedSince.IsZero():
		c := stated("down")
		c.Note = "last seen " + when(a.LastSeen)
		return c
	}
	c := stated("connected")
	switch {
	case len(a.Drift) > 0:
		c.Note = "differs from what is wanted: " + strings.Join(a.Drift, ", ")
	case a.Waiting:
		c.Note = "waits for somebody to plug or repair something"
	}
	return c
}

func routersSheet(v *visit, _ *tried) (*sheet, error) {
	all, err := v.console.Service.AllRouters(v.Context(), v.asked("location"))
	if err != nil {
		return nil, err
	}
	agents, err := v.agents()
	if err != nil {
		return nil, err
	}
	t := &table{Caption: "Routers", Head: []string{"Router", "Location", "Region", "Agent", "Orders", "Ports held", "Ports free"}, Empty: "There are no routers."}
	for _, r := range all {
		orders := stated("open")
		if r.Router.Drained != nil {
			orders = stated("draining")
		}
		sum := ports(r)
		t.Rows = append(t.Rows, []cell{
			linked(r.Router.Name, routersPath+"/"+r.Router.Name), coded(r.Router.Location), plain(r.Router.Region), agentState(r.Router, agents), orders,
			plain(fmt.Sprintf("%d of %d", sum.Held, sum.Ports)), plain(number(&sum.Free)),
		})
	}
	return &sheet{
		Title: "Routers", Before: []section{v.search(routersPath, textField("location", "Location code", ""))}, Live: []section{{ID: "list", Table: t}},
	}, nil
}

func ports(r controlplane.RouterReport) (sum controlplane.PortCount) {
	for _, n := range r.Ports {
		sum.Ports += n.Ports
		sum.Held += n.Held
		sum.Free += n.Free
		sum.Blocked += n.Blocked
	}
	return sum
}

func routerOpsSheet(v *visit, t *tried) (*sheet, error) {
	all, err := v.console.Service.AllRouters(v.Context(), "")
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(r controlplane.RouterReport) bool { return r.Router.Name == v.PathValue("id") })
	if i < 0 {
		return nil, notFound("There is no router %s in the inventory.", v.PathValue("id"))
	}
	r := all[i]
	agents, err := v.agents()
	if err != nil {
		return nil, err
	}
	speeds := &table{Caption: "Ports by speed", Head: []string{"Speed", "Ports", "Held", "Blocked", "Free"}}
	for _, speed := range slices.Sorted(maps.Keys(r.Ports)) {
		n := r.Ports[speed]
		speeds.Rows = append(speeds.Rows, []cell{plain(string(speed)), plain(number(&n.Ports)), plain(number(&n.Held)), plain(number(&n.Blocked)), plain(number(&n.Free))})
	}
	here := routersPath + "/" + r.Router.Name
	f := section{ID: "drain-router", Title: "Drain", Note: "A drained router takes no new orders; what is there stays as it is.", Forms: []form{
		v.form(t, form{ID: "drain", Action: here + "/drain", Submit: "Take no new orders", Fields: []field{textField("reason", "Reason", "").must()}})}}
	facts := []fact{known("Location", coded(r.Router.Location)), knownText("Region", r.Router.Region), known("Agent", agentState(r.Router, agents))}
	if r.Router.Drained != nil {
		facts = append(facts, knownText("Drained since", when(r.Router.Drained.Since)), knownText("Why", r.Router.Drained.Reason))
		f = section{ID: "undrain-router", Title: "Orders", Forms: []form{v.form(t, form{ID: "undrain", Action: here + "/undrain", Submit: "Take orders again"})}}
	}
	reading, err := v.routerReading(r.Router.Name)
	if err != nil {
		return nil, err
	}
	return &sheet{
		Title: r.Router.Name, Crumbs: []link{{Text: "Routers", Href: routersPath}},
		Actions: []link{{Text: "The panel", Href: "/console/routers/" + r.Router.Name, Main: true}, {Text: "Its connections", Href: pathWith(allPath, "router", r.Router.Name)}},
		Live:    []section{{ID: "facts", Title: "Router", Facts: knownFacts(facts...)}, {ID: "ports", Title: "Ports", Table: speeds}, reading}, Sections: []section{f},
	}, nil
}
