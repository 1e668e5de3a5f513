package console

import (
	"fmt"
	"strings"

	"onramp/internal/console/diagram"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// networkModel is a network as the picture draws it. For an account its own end has no name; for the operator each account has
// its own.
func networkModel(n controlplane.Network, account string) diagram.Network {
	m := diagram.Network{Alone: map[string]string{}}
	for name, why := range n.Points {
		m.Alone[name] = why
	}
	for _, l := range n.Locations {
		m.Sites = append(m.Sites, diagram.Site{Code: l.Code, Name: l.Name, Region: l.Region})
	}
	m.Carriers = make([]diagram.Carrier, 0, len(n.Carriers))
	for _, c := range n.Carriers {
		m.Carriers = append(m.Carriers, carrierModel(c, account))
	}
	seen := map[string]bool{}
	for _, g := range n.Gateways {
		seen[g.ID] = true
		m.Gateways = append(m.Gateways, diagram.Endpoint{ID: g.ID, Kind: diagram.Gateway, State: string(g.State)})
	}
	m.Riders = make([]diagram.Rider, 0, len(n.Riders))
	for _, r := range n.Riders {
		kind := diagram.Interface
		if r.Sold {
			kind = diagram.Sold
		}
		m.Riders = append(m.Riders, diagram.Rider{ID: r.ID, Kind: kind, State: r.State, Carrier: r.Carrier, Gateway: r.LeadsTo})
		switch {
		case r.LeadsTo == "" || seen[r.LeadsTo]:
		case r.LeadsTo == directconnect.PublicGateway:
			m.Gateways = append(m.Gateways, diagram.Endpoint{ID: r.LeadsTo, Kind: diagram.PublicNetworks})
		case strings.HasPrefix(r.LeadsTo, "vgw-"):
			m.Gateways = append(m.Gateways, diagram.Endpoint{ID: r.LeadsTo, Kind: diagram.DirectGateway})
		default: // another account's, or withheld
			m.Gateways = append(m.Gateways, diagram.Endpoint{ID: r.LeadsTo, Kind: diagram.OthersGateway})
		}
		seen[r.LeadsTo] = true
	}
	farModel(&m, n, seen)
	return m
}

func carrierModel(c controlplane.NetworkCarrier, account string) diagram.Carrier {
	d := diagram.Carrier{ID: c.ID, State: c.State, Region: c.Region, Location: c.Location, Router: c.Router}
	switch {
	case c.Foreign:
		d.Kind = diagram.Foreign
	case c.LAG:
		d.Kind = diagram.LAG
	case c.Kind == directconnect.Hosted:
		d.Kind = diagram.Hosted
	case c.Kind == directconnect.Interconnect:
		d.Kind = diagram.Interconnect
	default:
		d.Kind = diagram.Connection
	}
	switch {
	case account == "" || c.Account != account:
		d.Customer = c.Account
	case c.Partner != "":
		d.Customer = c.Partner
	}
	for _, member := range c.Members {
		d.Members = append(d.Members, diagram.Member{ID: member.ID, State: string(member.State)})
	}
	return d
}

// farModel adds the far sides of associations, and the gateways of others that they join with an account's own far sides.
func farModel(m *diagram.Network, n controlplane.Network, seen map[string]bool) {
	far := map[string]bool{}
	for _, a := range n.Associations {
		if !seen[a.GatewayID] {
			seen[a.GatewayID] = true
			m.Gateways = append(m.Gateways, diagram.Endpoint{ID: a.GatewayID, Kind: diagram.OthersGateway})
		}
		if !far[a.FarID] {
			far[a.FarID] = true
			kind := diagram.VirtualGateway
			if a.Far.Kind == directconnect.TransitGateway {
				kind = diagram.TransitGateway
			}
			m.Fars = append(m.Fars, diagram.Endpoint{ID: a.FarID, Kind: kind})
		}
		m.Joins = append(m.Joins, diagram.Join{Gateway: a.GatewayID, Far: a.FarID, State: string(a.State)})
	}
}

// networkTexts are the names and details of what a picture shows by itself. A partner is who an account's connections come by;
// in the picture of all accounts (account is empty) it is an account like any other.
func networkTexts(n controlplane.Network, d controlplane.NetworkDetails, account string) map[string]diagram.Text {
	texts := map[string]diagram.Text{}
	for id, c := range d.Connections {
		t := diagram.Text{Title: c.Name, Detail: string(c.Bandwidth)}
		if c.Kind == directconnect.Hosted {
			t.Tip = fmt.Sprintf("VLAN %d", c.VLAN)
			if c.PartnerName != "" && account != "" {
				texts[c.Partner] = diagram.Text{Title: "via " + c.PartnerName}
			}
		}
		t.Detail += encryption(c.MACsec, c.EncryptionUp)
		t.Weak = c.MACsec && c.EncryptionMode != directconnect.NoEncrypt && !c.EncryptionUp && len(c.MACsecKeys) > 0
		texts[id] = t
	}
	for id, g := range d.LAGs {
		texts[id] = diagram.Text{Title: g.Name, Detail: string(g.Bandwidth) + encryption(g.MACsec, true)}
	}
	for id, v := range d.Interfaces {
		texts[id] = interfaceText(v)
	}
	for id, a := range d.Accounts {
		t := diagram.Text{Title: a.Name, Tip: "Account " + id}
		if t.Title == t.Tip { // it has no name of its own
			t.Title = ""
		}
		texts[id] = t
	}
	for _, g := range n.Gateways {
		texts[g.ID] = diagram.Text{Title: g.Name, Detail: fmt.Sprintf("AS %d", g.AmazonASN)}
	}
	for _, a := range n.Associations {
		texts[a.FarID] = diagram.Text{Detail: fmt.Sprintf("%s, AS %d", a.Far.Region, a.Far.ASN), Tip: "Account " + a.Far.Account}
	}
	return texts
}

func encryption(macsec, up bool) string {
	switch {
	case !macsec:
		return ""
	case up:
		return ", MACsec"
	}
	return ", MACsec not up"
}

// interfaceText is what an interface is called, and how many of its sessions are up.
func interfaceText(v directconnect.VirtualInterface) diagram.Text {
	up, all := 0, 0
	for _, p := range v.Peers {
		if p.State == directconnect.PeerDeleted {
			continue
		}
		all++
		if p.State == directconnect.PeerAvailable && p.Up {
			up++
		}
	}
	return diagram.Text{
		Title: v.Name, Detail: fmt.Sprintf("BGP %d/%d, VLAN %d", up, all, v.VLAN),
		Tip: fmt.Sprintf("A %s interface. %d of %d BGP sessions are up", v.Type, up, all), Weak: up < all,
	}
}
