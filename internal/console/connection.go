package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

const connectionsPath = "/console/connections"

func connectionPath(id string) string { return connectionsPath + "/" + url.PathEscape(id) }

// portPath is the page of what an interface or a hosted connection runs over.
func portPath(id string) string {
	if directconnect.IsLAGID(id) {
		return lagPath(id)
	}
	return connectionPath(id)
}

// oneConnection asks for one of the account's connections.
func (v *visit) oneConnection(id string) (api.Connection, error) {
	out, err := ask[api.DescribeConnectionsRequest, api.Connections](v, "DescribeConnections", api.DescribeConnectionsRequest{ConnectionID: &id})
	if err != nil {
		return api.Connection{}, err
	}
	if len(out.Connections) == 0 {
		return api.Connection{}, directconnect.NoConnection(id)
	}
	return out.Connections[0], nil
}

// connectionSheet is the page of a dedicated or hosted connection.
func connectionSheet(v *visit, t *tried) (*sheet, error) {
	c, err := v.oneConnection(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(c.ConnectionID)
	own, _, err := v.console.Service.OneConnection(v.Context(), id)
	if err != nil {
		return nil, err
	}
	p := &sheet{
		Title: value(c.ConnectionName), State: value(c.ConnectionState), Crumbs: []link{{Text: "Connections", Href: connectionsPath}},
		Live: []section{
			{ID: "progress", Title: "Progress", Steps: connectionSteps(own)},
			{ID: "facts", Title: "Connection", Facts: v.portFacts(c, own)},
		},
	}
	p.Live = append(v.workOn(id), p.Live...)
	p.Actions = connectionActions(c, own)
	if value(c.MacSecCapable) {
		p.Live = append(p.Live, section{ID: "macsec", Title: "MACsec keys", Table: keyTable(id, v.resource(), c.MacSecKeys)})
	}
	p.Live = append(p.Live, v.interfacesOn(id), v.historyOf(id))
	if own.Working() {
		p.Sections = append(p.Sections, connectionForms(v, t, c, own)...)
		p.Sections = append(p.Sections, v.tagSections(t, v.arn("dxcon", id), connectionPath(id))...)
	}
	return p, nil
}

func connectionActions(c api.Connection, own directconnect.Connection) (all []link) {
	id := value(c.ConnectionID)
	switch {
	case !own.Working():
		return nil
	case own.State == directconnect.ConnectionOrdering:
		return []link{{Text: "Accept or refuse", Href: connectionPath(id) + "/confirm", Main: true, Needs: needsAnswer(id)}}
	case own.Kind == directconnect.Dedicated && own.OnItsFeet():
		all = append(all, link{Text: "Download the LOA-CFA", Href: connectionPath(id) + "/loa", Main: own.State == directconnect.ConnectionPending,
			Needs: needs("DescribeLoa", api.DescribeLoaRequest{ConnectionID: &id})})
	}
	if own.OnItsFeet() && own.LagID == "" {
		all = append(all, link{Text: "Create a virtual interface", Href: pathWith(interfacesPath+"/new", "connection", id), Main: own.State == directconnect.ConnectionAvailable,
			Needs: needsInterface(&id)})
	}
	return append(all, link{Text: "Delete", Href: connectionPath(id) + "/delete", Danger: true, Needs: needsDeletion(id)})
}

func needsDeletion(id string) []controlplane.Wish {
	return needs("DeleteConnection", api.DeleteConnectionRequest{ConnectionID: &id})
}

func needsConfirmation(id string) []controlplane.Wish {
	return needs("ConfirmConnection", api.ConfirmConnectionRequest{ConnectionID: &id})
}

// needsAnswer is what accepting or refusing a hosted connection asks for.
func needsAnswer(id string) []controlplane.Wish {
	return slices.Concat(needsConfirmation(id), needsDeletion(id))
}

// connectionSteps are the states of a connection's life with those that are behind it.
func connectionSteps(c directconnect.Connection) []step {
	all := []step{
		{Text: "Ordered", Done: true},
		{Text: "Approved", Note: "the LOA-CFA can be downloaded", Done: !c.Approved.IsZero()},
		{Text: "Cross connect in place", Done: !c.CrossConnected.IsZero()},
		{Text: "Light", Note: "the connection is available", Done: !c.FirstLight.IsZero()},
	}
	if c.Kind == directconnect.Hosted {
		all = []step{
			{Text: "Allocated by " + c.PartnerName, Done: true},
			{Text: "Accepted", Done: c.State != directconnect.ConnectionOrdering && c.State != directconnect.ConnectionRejected},
			{Text: "Available", Done: !c.FirstLight.IsZero()},
		}
	}
	if !c.Working() {
		return append(all, step{Text: "Deleted", Done: !c.Live(), Now: c.Live()})
	}
	for i := range all {
		if !all[i].Done {
			all[i].Now = true
			break
		}
	}
	return all
}

func (v *visit) portFacts(c api.Connection, own directconnect.Connection) []fact {
	facts := []fact{
		known("ID", coded(value(c.ConnectionID))),
		known("Location", coded(value(c.Location))),
		knownText("Bandwidth", value(c.Bandwidth)),
		known("Router", coded(value(c.AwsDeviceV2))),
		knownText("Why", own.Reason),
		known("LAG", linked(value(c.LagID), lagPath(value(c.LagID)))),
		knownText("VLAN", number(c.Vlan)),
		knownText("Partner", value(c.PartnerName)),
		knownText("Provider", value(c.ProviderName)),
		knownText("Billing mode", value(c.BillingMode)),
		knownText("Logical redundancy", value(c.HasLogicalRedundancy)),
		knownText("Jumbo frames", yesNo(c.JumboFrameCapable)),
		knownText("MACsec", yesNo(c.MacSecCapable)),
		knownText("Encryption mode", value(c.EncryptionMode)),
		knownText("Encryption", value(c.PortEncryptionStatus)),
	}
	for _, moment := range []struct {
		label string
		at    string
	}{
		{"Ordered", when(own.Created)}, {"In this state since", when(own.Since)}, {"First light", when(own.FirstLight)},
		{"LOA-CFA downloaded", when(own.LOARead)},
	} {
		facts = append(facts, knownText(moment.label, moment.at))
	}
	facts = append(facts, v.lightFacts(own)...)
	if l := c.RateLimiterStatus; l != nil {
		facts = append(facts, knownText("Rate limiters", number(l.InUse)+" of "+number(l.MaxAllowed)+" in use, "+value(l.TotalBandwidth)+" in total"))
	}
	if c.PrefixPoolSizeIpv4 != nil {
		facts = append(facts, knownText("Inbound prefixes left", number(c.PrefixPoolUnallocatedCountIpv4)+" of "+number(c.PrefixPoolSizeIpv4)+" IPv4, "+
			number(c.PrefixPoolUnallocatedCountIpv6)+" of "+number(c.PrefixPoolSizeIpv6)+" IPv6"))
	}
	return knownFacts(facts...)
}

// lightFacts are the light levels of a connection's own port. A hosted connection has none: the port is its partner's.
func (v *visit) lightFacts(own directconnect.Connection) []fact {
	if v.console.Light == nil || own.PortID == "" || own.Kind == directconnect.Hosted || !own.OnItsFeet() {
		return nil
	}
	received, transmitted := v.console.Light(own.Router, strings.TrimPrefix(own.PortID, own.Router+"/"))
	return []fact{knownText("Light received", levels(received)), knownText("Light transmitted", levels(transmitted))}
}

// levels are powers, one for each lane of the optic.
func levels(dBm []float64) string {
	var all []string
	for _, one := range dBm {
		all = append(all, strconv.FormatFloat(one, 'f', 1, 64))
	}
	if len(all) == 0 {
		return ""
	}
	return strings.Join(all, ", ") + " dBm"
}

// connectionForms are what can be changed of a connection.
func connectionForms(v *visit, t *tried, c api.Connection, own directconnect.Connection) []section {
	id := value(c.ConnectionID)
	change := needs("UpdateConnection", api.UpdateConnectionRequest{ConnectionID: &id})
	rename := v.form(t, form{
		ID: "rename", Action: connectionPath(id) + "/rename", Submit: "Rename", Quiet: true, Needs: change,
		Fields: []field{textField("name", "Name", "").must().with(value(c.ConnectionName))},
	})
	all := []section{{ID: "change", Title: "Change", Forms: []form{rename}}}
	if !value(c.MacSecCapable) || own.LagID != "" {
		return all
	}
	mode := v.form(t, form{
		ID: "encryption", Action: connectionPath(id) + "/encryption", Submit: "Set encryption mode", Quiet: true, Needs: change,
		Fields: []field{selectField("mode", "Encryption mode", "With must_encrypt the port carries nothing while no key is in use.", encryptionModes).must().with(value(c.EncryptionMode))},
	})
	all[0].Forms = append(all[0].Forms, mode)
	return append(all, keySection(v, t, id, connectionPath(id)))
}

var encryptionModes = []option{{Value: "no_encrypt", Label: "no_encrypt"}, {Value: "should_encrypt", Label: "should_encrypt"}, {Value: "must_encrypt", Label: "must_encrypt"}}

func renameConnection(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.UpdateConnectionRequest, api.Connection](v, "UpdateConnection", api.UpdateConnectionRequest{ConnectionID: &id, ConnectionName: in.text("name")})
	return connectionPath(id), "renamed", err
}

func encryptConnection(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.UpdateConnectionRequest, api.Connection](v, "UpdateConnection", api.UpdateConnectionRequest{ConnectionID: &id, EncryptionMode: in.text("mode")})
	return connectionPath(id), "changed", err
}

// confirmSheet asks whether a hosted connection is accepted or refused.
func confirmSheet(v *visit, t *tried) (*sheet, error) {
	c, err := v.oneConnection(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id := value(c.ConnectionID)
	return &sheet{
		Title: "Accept " + value(c.ConnectionName) + "?", State: value(c.ConnectionState),
		Crumbs: []link{{Text: "Connections", Href: connectionsPath}, {Text: id, Href: connectionPath(id)}},
		Lead:   value(c.PartnerName) + " has allocated this hosted connection to your account. It carries traffic once you accept it, and is billed from then on.",
		Sections: []section{
			{ID: "facts", Facts: knownFacts(
				known("ID", coded(id)), knownText("Bandwidth", value(c.Bandwidth)), known("Location", coded(value(c.Location))),
				knownText("VLAN", number(c.Vlan)), knownText("Partner", value(c.PartnerName)),
			)},
			{ID: "accept", Title: "Accept", Forms: []form{v.form(t, form{ID: "confirm", Action: connectionPath(id) + "/confirm", Submit: "Accept the connection", Needs: needsConfirmation(id)})}},
			{ID: "refuse", Title: "Refuse", Forms: []form{v.form(t, form{ID: "delete", Action: connectionPath(id) + "/delete", Submit: "Refuse the connection", Danger: true, Needs: needsDeletion(id),
				Intro: "The partner sees it rejected. It cannot be accepted later."})}},
		},
	}, nil
}

func confirmConnection(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.ConfirmConnectionRequest, api.ConfirmConnectionResponse](v, "ConfirmConnection", api.ConfirmConnectionRequest{ConnectionID: &id})
	return connectionPath(id), "accepted", err
}

// deleteConnectionSheet names what goes before it does.
func deleteConnectionSheet(v *visit, t *tried) (*sheet, error) {
	id := v.PathValue("id")
	c, err := v.oneConnection(id)
	if err != nil {
		return nil, err
	}
	goes := section{ID: "goes", Title: "What goes", Facts: knownFacts(
		known("Connection", coded(id)), knownText("Name", value(c.ConnectionName)), knownText("Bandwidth", value(c.Bandwidth)),
		known("Location", coded(value(c.Location))), known("Router", coded(value(c.AwsDeviceV2))),
		known("Leaves LAG", linked(value(c.LagID), lagPath(value(c.LagID)))),
	)}
	if c.Vlan == nil {
		goes.Note = "The port is given back: its cross connect and LOA-CFA are of no use any more. MACsec keys and tags go with it."
	}
	return &sheet{
		Title: "Delete " + value(c.ConnectionName) + "?", State: value(c.ConnectionState),
		Crumbs: []link{{Text: "Connections", Href: connectionsPath}, {Text: id, Href: connectionPath(id)}},
		Sections: []section{goes, v.interfacesOn(id), {ID: "sure", Forms: []form{v.form(t, form{
			ID: "delete", Action: connectionPath(id) + "/delete", Submit: "Delete " + id, Danger: true, Needs: needsDeletion(id),
		})}, Links: []link{{Text: "Keep it", Href: connectionPath(id)}}}},
	}, nil
}

func deleteConnection(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DeleteConnectionRequest, api.Connection](v, "DeleteConnection", api.DeleteConnectionRequest{ConnectionID: &id})
	return connectionPath(id), "deleted", err
}
