package console

import (
	"context"
	"encoding/json"
	"strings"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func allInterfaceRoutes() []route {
	const one = allInterfacesPath + "/{id}"
	here := under(allInterfacesPath)
	do := func(name, done string, what func(ctx context.Context, v *visit, in *input) error) route {
		return sheetAction(one+"/"+name, allInterfacesPath, name, moved(here, done, what), anyInterfaceSheet)
	}
	return []route{
		sheetPage(allInterfacesPath, allInterfacesPath, allInterfacesSheet), sheetPage(one, allInterfacesPath, anyInterfaceSheet),
		do("verify", "verified", func(ctx context.Context, v *visit, _ *input) error {
			_, err := v.console.Service.VerifyInterface(ctx, v.PathValue("id"))
			return err
		}),
		do("reenable", "reenabled", func(ctx context.Context, v *visit, in *input) error {
			_, err := v.console.Service.ReenableSession(ctx, v.PathValue("id"), in.Get("peer"))
			return err
		}),
		do("customer", "scripted", setCustomerScript),
	}
}

func setCustomerScript(ctx context.Context, v *visit, in *input) error {
	text := strings.TrimSpace(in.Get("script"))
	if text == "" {
		_, err := v.console.Service.SetCustomer(ctx, v.PathValue("id"), nil)
		return err
	}
	script, err := directconnect.ParseCustomerScript(text)
	if err != nil {
		return badRequest("%s", err)
	}
	_, err = v.console.Service.SetCustomer(ctx, v.PathValue("id"), &script)
	return err
}

func allInterfacesSheet(v *visit, _ *tried) (*sheet, error) {
	f := controlplane.InterfaceFilter{
		Account: v.asked("account"), Region: v.asked("in"), Location: v.asked("location"), Router: v.asked("router"), Connection: v.asked("connection"),
		State: directconnect.InterfaceState(v.asked("state")), After: v.asked("after"), Limit: operatorPage + 1,
	}
	found, err := v.console.Service.AllInterfaces(v.Context(), f)
	if err != nil {
		return nil, err
	}
	found, after := cut(found, func(i directconnect.VirtualInterface) string { return i.ID })
	t := &table{
		Caption: "Virtual interfaces of all accounts", Empty: "There are no such interfaces.",
		Head: []string{"Name", "ID", "State", "Type", "Account", "Region", "Over", "VLAN", "BGP"},
	}
	for _, i := range found {
		t.Rows = append(t.Rows, []cell{
			linked(named(i.Name, i.ID), allInterfacesPath+"/"+i.ID), coded(i.ID), stated(string(i.State)), plain(string(i.Type)), accountCell(i.Account),
			plain(i.Region), coded(i.ParentID), plain(number(&i.VLAN)), plain(sessionsUp(i)),
		})
	}
	states := []option{{Value: "", Label: "any"}}
	for _, s := range directconnect.InterfaceStates {
		states = append(states, option{Value: string(s), Label: string(s)})
	}
	return &sheet{
		Title: "Virtual interfaces of all accounts",
		Before: []section{v.search(allInterfacesPath, textField("account", "Account", ""), textField("in", "Region", ""), textField("location", "Location code", ""),
			textField("router", "Router", ""), textField("connection", "Connection or LAG", ""), selectField("state", "State", "", states))},
		Live: []section{{ID: "list", Table: v.paged(t, after)}},
	}, nil
}

// sessionsUp is how many BGP sessions of an interface are up.
func sessionsUp(i directconnect.VirtualInterface) string {
	up := 0
	for _, p := range i.Peers {
		if p.Up {
			up++
		}
	}
	return number(&up) + " of " + plural(len(i.Peers), "session", "sessions") + " up"
}

func anyInterfaceSheet(v *visit, t *tried) (*sheet, error) {
	i, err := v.console.Service.OneInterface(v.Context(), v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	here := allInterfacesPath + "/" + i.ID
	peers := &table{Caption: "BGP peers", Head: []string{"Peer", "State", "BGP", "ASN", "Our address", "The customer's", "Why"}, Empty: "There are none."}
	var held []option
	for _, p := range i.Peers {
		status := stated(p.Status())
		if !p.Since.IsZero() {
			status.Note = "since " + when(p.Since)
		}
		peers.Rows = append(peers.Rows, []cell{
			coded(p.ID), stated(string(p.State)), status, plain(number(&p.ASN)), coded(p.Amazon.String()), coded(p.Customer.String()), plain(p.Reason),
		})
		if !p.Held.IsZero() {
			held = append(held, option{Value: p.ID, Label: p.ID})
		}
	}
	p := &sheet{
		Title: named(i.Name, i.ID), State: string(i.State), Crumbs: []link{{Text: "Virtual interfaces of all accounts", Href: allInterfacesPath}},
		Actions: []link{whyLink(i.ID), {Text: "Faults", Href: pathWith(faultsPath, "resource", i.ID)}, {Text: "Audit trail", Href: pathWith(auditPath, "resource", i.ID)}},
		Live: []section{
			{ID: "facts", Title: "Interface", Facts: knownFacts(
				known("ID", coded(i.ID)), known("Account", accountCell(i.Account)), knownText("Type", string(i.Type)), knownText("Region", i.Region),
				known("Over", coded(i.ParentID)), known("Owner of that", accountCell(i.ConnectionOwner)), known("Router", linked(i.Router, "/console/routers/"+i.Router)),
				knownText("VLAN", number(&i.VLAN)), knownText("MTU", number(&i.MTU)), known("Gateway", coded(i.GatewayID)),
				knownText("Prefixes accepted", number(&i.AcceptedCount)), knownText("Prefixes advertised", number(&i.OfferedCount)),
				knownText("In this state since", when(i.Since)), knownText("Why", i.Reason),
			)},
			{ID: "peers", Title: "BGP", Table: peers},
		},
	}
	p.Live = append(append(p.Live, v.interfaceReading(i)...), v.recordsOf(i.Account, i.ID))
	if i.AwaitsVerification() {
		p.Sections = append(p.Sections, section{ID: "verify-interface", Title: "Verify", Note: "When its prefixes and ASN are proved to be the customer's: it goes into service.",
			Facts: []fact{knownText("Prefixes", strings.Join(i.RouteFilter, ", "))},
			Forms: []form{v.form(t, form{ID: "verify", Action: here + "/verify", Submit: "They are the customer's"})}})
	}
	if len(held) > 0 {
		p.Sections = append(p.Sections, section{ID: "reenable-session", Title: "Sessions that exceeded their prefix limit",
			Forms: []form{v.form(t, form{ID: "reenable", Action: here + "/reenable", Submit: "Let it come up again", Fields: []field{selectField("peer", "Peer", "", held).must()}})}})
	}
	script, err := v.customerScript(t, i, here)
	if err != nil {
		return nil, err
	}
	p.Sections = append(p.Sections, script)
	return p, nil
}

// customerScript is the form for what the simulated customer's router does.
func (v *visit) customerScript(t *tried, i directconnect.VirtualInterface, here string) (section, error) {
	script, err := v.console.Service.Customer(v.Context(), i.ID)
	if err != nil {
		return section{}, err
	}
	text := ""
	if script != nil {
		plain, err := json.MarshalIndent(script, "", "  ")
		if err != nil {
			return section{}, err
		}
		text = string(plain)
	}
	return section{
		ID: "customer-router", Title: "The customer's router, in simulation", Fold: true, Open: text != "" || t != nil && t.form == "customer",
		Note: "What the router at the far end does, in JSON: silent, wrongKey, asn, flap, announce. Empty: what it has to do, with one prefix.",
		Forms: []form{v.form(t, form{ID: "customer", Action: here + "/customer", Submit: "Set", Quiet: true,
			Fields: []field{areaField("script", "Script", `Such as {"announce": [{"cidr": "10.1.0.0/16"}]}`).with(text)}})},
	}, nil
}
