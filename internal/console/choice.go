package console

import (
	"slices"
	"strings"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// offer is what a form offers for choice: up to a page of the API. Of longer lists, and where the visitor may not see the list,
// identifiers are typed in.
type offer struct {
	options []option
	part    bool // there may be more
}

// pick is a select among what is offered, and a text field where that is nothing, not all, or not what is chosen already. none is
// what stands for no choice.
func (o offer) pick(name, label, help, none, on string) field {
	if len(o.options) == 0 || o.part || on != "" && !slices.ContainsFunc(o.options, func(p option) bool { return p.Value == on }) {
		return textField(name, label, strings.TrimSpace("Its ID. "+help)).with(on)
	}
	return selectField(name, label, help, append([]option{{Label: none}}, o.options...)).with(on)
}

// and is what two offers have together.
func (o offer) and(p offer) offer {
	return offer{append(slices.Clone(o.options), p.options...), o.part || p.part}
}

// without takes one away.
func (o offer) without(id string) offer {
	o.options = slices.DeleteFunc(slices.Clone(o.options), func(p option) bool { return p.Value == id })
	return o
}

// choice is an option with a name, an identifier and what else tells it apart.
func choice(name, id string, more ...string) option {
	return option{Value: id, Label: named(name, id) + " (" + strings.Join(append([]string{id}, more...), ", ") + ")"}
}

// offerConnections are the account's connections in the Region that are as asked.
func (v *visit) offerConnections(fits func(c api.Connection) bool) offer {
	out, err := ask[api.DescribeConnectionsRequest, api.Connections](v, "DescribeConnections", api.DescribeConnectionsRequest{MaxResults: pointer(int32(pageSize))})
	o := offer{part: err != nil || out.NextToken != nil}
	for _, c := range out.Connections {
		if s := directconnect.ConnectionState(value(c.ConnectionState)); !(directconnect.Connection{State: s}).Working() || !fits(c) {
			continue
		}
		o.options = append(o.options, choice(value(c.ConnectionName), value(c.ConnectionID), value(c.Location), value(c.Bandwidth), value(c.ConnectionState)))
	}
	return o
}

// carries reports whether something can run over a connection of its own: it is on its feet, and in no LAG.
func carries(c api.Connection) bool {
	return value(c.LagID) == "" && (directconnect.Connection{State: directconnect.ConnectionState(value(c.ConnectionState))}).OnItsFeet()
}

// dedicated reports whether a connection has a port of its own, outside of any LAG.
func dedicated(c api.Connection) bool { return carries(c) && c.Vlan == nil }

// offerLags are the account's LAGs in the Region that are as asked.
func (v *visit) offerLags(fits func(g api.Lag) bool) offer {
	out, err := v.lags("")
	o := offer{part: err != nil || out.NextToken != nil}
	for _, g := range out.Lags {
		if value(g.LagState) != string(directconnect.LAGDeleted) && fits(g) {
			o.options = append(o.options, choice(value(g.LagName), value(g.LagID), "LAG", value(g.Location), value(g.LagState)))
		}
	}
	return o
}

// offerParents are what a virtual interface can run over.
func (v *visit) offerParents() offer {
	return v.offerLags(func(api.Lag) bool { return true }).and(v.offerConnections(carries))
}

// offerInterconnects are the account's interconnects in the Region that are as asked.
func (v *visit) offerInterconnects(fits func(c api.Interconnect) bool) offer {
	out, err := ask[api.DescribeInterconnectsRequest, api.Interconnects](v, "DescribeInterconnects", api.DescribeInterconnectsRequest{MaxResults: pointer(int32(pageSize))})
	o := offer{part: err != nil || out.NextToken != nil}
	for _, c := range out.Interconnects {
		ready := (directconnect.Connection{State: directconnect.ConnectionState(value(c.InterconnectState))}).OnItsFeet()
		if ready && value(c.LagID) == "" && fits(c) {
			o.options = append(o.options, choice(value(c.InterconnectName), value(c.InterconnectID), value(c.Location), value(c.Bandwidth), value(c.InterconnectState)))
		}
	}
	return o
}

// offerHosts are what a hosted connection can run over.
func (v *visit) offerHosts() offer {
	return v.offerInterconnects(func(api.Interconnect) bool { return true }).and(v.offerLags(func(g api.Lag) bool { return value(g.AllowsHostedConnections) }))
}

// offerMembers are the ports that can join a LAG: on its router, with the speed of the others.
func (v *visit) offerMembers(g api.Lag) offer {
	if value(g.AllowsHostedConnections) {
		return v.offerInterconnects(func(c api.Interconnect) bool {
			return value(c.AwsDeviceV2) == value(g.AwsDeviceV2) && value(c.Bandwidth) == value(g.ConnectionsBandwidth)
		})
	}
	return v.offerConnections(func(c api.Connection) bool {
		return dedicated(c) && value(c.AwsDeviceV2) == value(g.AwsDeviceV2) && value(c.Bandwidth) == value(g.ConnectionsBandwidth)
	})
}

// offerFarGateways are the virtual private gateways, and with transit the transit gateways, that the account has in the Region by
// the registry. In open mode, where any will do, and to whoever may not list them none are offered.
func (v *visit) offerFarGateways(transit bool) offer {
	none := offer{part: true}
	if _, err := ask[api.DescribeVirtualGatewaysRequest, api.VirtualGateways](v, "DescribeVirtualGateways", api.DescribeVirtualGatewaysRequest{}); err != nil {
		return none
	}
	if open, err := v.console.Service.OpenMode(v.Context()); err != nil || open {
		return none
	}
	all, err := v.console.Service.FarGateways(v.Context(), v.Who.Account, v.Region, "", pageSize+1)
	if err != nil {
		return none
	}
	o := offer{part: len(all) > pageSize}
	for _, f := range all {
		if f.Kind == directconnect.VirtualPrivateGateway || transit {
			o.options = append(o.options, option{Value: f.ID, Label: f.ID})
		}
	}
	return o
}

// namesOf are the names of some of the account's connections, as far as the visitor may see connections.
func (v *visit) namesOf(ids []string) (map[string]string, error) {
	caller, _ := controlplane.CallerOf(v.caller(v.Region))
	may, err := v.console.Service.Possible(v.Context(), caller, needs("DescribeConnections", api.DescribeConnectionsRequest{}))
	if err != nil || !may[0] {
		return nil, err
	}
	found, err := v.console.Service.NetworkDetails(v.Context(), v.Who.Account, ids)
	names := make(map[string]string, len(found.Connections))
	for id, c := range found.Connections {
		names[id] = c.Name
	}
	return names, err
}
