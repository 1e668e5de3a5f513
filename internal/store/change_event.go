package store

import (
	"slices"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
	"onramp/internal/event"
)

// regionalARN names what belongs to a Region; globalARN what belongs to none.
func regionalARN(kind, region, account, id string) []string {
	return []string{directconnect.ARN{
		Partition: directconnect.PartitionOf(region), Region: region, Account: account, Type: kind, ID: id,
	}.String()}
}

func globalARN(kind, partition, account, id string) []string {
	return []string{directconnect.ARN{Partition: partition, Account: account, Type: kind, ID: id}.String()}
}

func tellConnection(tx *Tx, before standing, there bool, c *directconnect.Connection) error {
	_, is := standingOf(*c)
	tx.memberChanged(c.ID, before, there, is)
	if !before.notice.Equal(is.notice) {
		if err := tx.remind(letterReminder+c.ID, c.ID, is.notice); err != nil {
			return err
		}
	}
	if there && before.state == is.state {
		return nil
	}
	tx.trail(audit.Change{
		Name: "ConnectionStateChange", Kind: audit.Connection, ID: c.ID, Account: c.Account, Region: c.Region,
		From: before.state, To: string(c.State), Reason: c.Reason,
	})
	return tx.Tell(event.Event{
		Kind: event.Connection, Account: c.Account, Region: c.Region, Resource: c.ID, ARNs: regionalARN("dxcon", c.Region, c.Account, c.ID),
		Detail: event.Detail("connectionId", c.ID, "previousState", before.state, "state", is.state, "reason", c.Reason,
			"connectionName", c.Name, "kind", string(c.Kind), "location", c.Location, "bandwidth", string(c.Bandwidth), "lagId", c.LagID,
			"parentConnectionId", c.ParentID, "partnerAccount", c.Partner),
	})
}

// tellLAG only remembers the LAG: what its state is shows when the transaction is done with its members.
func tellLAG(tx *Tx, before standing, there bool, g *directconnect.LAG) error {
	_, is := standingOf(*g)
	tx.lagChanged(g.ID, before, there, is)
	return nil
}

func lagEvent(g directconnect.LAG, from, to directconnect.LAGState) event.Event {
	return event.Event{
		Kind: event.LAG, Account: g.Account, Region: g.Region, Resource: g.ID, ARNs: regionalARN("dxlag", g.Region, g.Account, g.ID),
		Detail: event.Detail("lagId", g.ID, "previousState", string(from), "state", string(to), "lagName", g.Name, "location", g.Location,
			"minimumLinks", g.MinimumLinks),
	}
}

func tellInterface(tx *Tx, before standing, there bool, v *directconnect.VirtualInterface) error {
	arns := regionalARN("dxvif", v.Region, v.Account, v.ID)
	e := event.Event{Account: v.Account, Region: v.Region, Resource: v.ID, ARNs: arns}
	if !there || before.state != string(v.State) {
		e.Kind = event.Interface
		e.Detail = event.Detail("virtualInterfaceId", v.ID, "previousState", before.state, "state", string(v.State), "reason", v.Reason,
			"virtualInterfaceName", v.Name, "virtualInterfaceType", string(v.Type), "connectionId", v.ParentID,
			"directConnectGatewayId", v.GatewayID, "vlan", v.VLAN)
		if err := tx.Tell(e); err != nil {
			return err
		}
	}
	tx.trail(audit.Change{
		Name: "VirtualInterfaceStateChange", Kind: audit.VirtualInterface, ID: v.ID, Account: v.Account, Region: v.Region,
		From: before.state, To: string(v.State), Reason: v.Reason,
	})
	for _, p := range v.Peers {
		var q peerStanding
		if i := slices.IndexFunc(before.peers, func(q peerStanding) bool { return q.id == p.ID }); i >= 0 {
			q = before.peers[i]
			tx.trailPeer(v, q, p)
		}
		if err := tx.tellPeer(e, v.ID, q, p); err != nil {
			return err
		}
	}
	return nil
}

// tellPeer tells of a BGP session; before is of one that is new.
func (tx *Tx) tellPeer(e event.Event, vif string, before peerStanding, p directconnect.BGPPeer) error {
	if before.state != string(p.State) {
		e.Kind = event.BGPPeer
		e.Detail = event.Detail("virtualInterfaceId", vif, "bgpPeerId", p.ID, "previousState", before.state, "state", string(p.State),
			"addressFamily", string(p.Family))
		if err := tx.Tell(e); err != nil {
			return err
		}
	}
	if before.id == "" || before.status == p.Status() {
		return nil
	}
	e.Kind = event.BGPStatus
	e.Detail = event.Detail("virtualInterfaceId", vif, "bgpPeerId", p.ID, "previousState", before.status, "state", p.Status(),
		"reason", p.Reason, "addressFamily", string(p.Family))
	return tx.Tell(e)
}

func tellGateway(tx *Tx, before standing, there bool, g *directconnect.Gateway) error {
	if there && before.state == string(g.State) {
		return nil
	}
	tx.trail(audit.Change{
		Name: "DirectConnectGatewayStateChange", Kind: audit.Gateway, ID: g.ID, Account: g.Account, Partition: g.Partition,
		From: before.state, To: string(g.State),
	})
	return tx.Tell(event.Event{
		Kind: event.Gateway, Account: g.Account, Resource: g.ID, ARNs: globalARN("dx-gateway", g.Partition, g.Account, g.ID),
		Detail: event.Detail("directConnectGatewayId", g.ID, "previousState", before.state, "state", string(g.State),
			"directConnectGatewayName", g.Name),
	})
}

func tellAssociation(tx *Tx, before standing, there bool, a *directconnect.Association) error {
	if there && before.state == string(a.State) {
		return nil
	}
	tx.trail(audit.Change{
		Name: "DirectConnectGatewayAssociationStateChange", Kind: audit.Other, ID: a.ID, Account: a.GatewayOwner,
		From: before.state, To: string(a.State),
	})
	return tx.Tell(event.Event{
		Kind: event.Association, Account: a.GatewayOwner, Resource: a.ID,
		Detail: event.Detail("associationId", a.ID, "previousState", before.state, "state", string(a.State),
			"directConnectGatewayId", a.GatewayID, "associatedGatewayId", a.FarID),
	})
}

func tellProposal(tx *Tx, before standing, there bool, p *directconnect.Proposal) error {
	if there && before.state == string(p.State) {
		return nil
	}
	tx.trail(audit.Change{
		Name: "DirectConnectGatewayAssociationProposalStateChange", Kind: audit.Other, ID: p.ID, Account: p.GatewayOwner,
		From: before.state, To: string(p.State),
	})
	return tx.Tell(event.Event{
		Kind: event.Proposal, Account: p.GatewayOwner, Resource: p.ID,
		Detail: event.Detail("proposalId", p.ID, "previousState", before.state, "state", string(p.State),
			"directConnectGatewayId", p.GatewayID, "associatedGatewayId", p.FarID),
	})
}

func tellTest(tx *Tx, before standing, there bool, t *directconnect.FailoverTest) error {
	if there && before.state == string(t.Status) {
		return nil
	}
	tx.trail(audit.Change{
		Name: "FailoverTestStateChange", Kind: audit.VirtualInterface, ID: t.InterfaceID, Account: t.Account, Region: t.Region,
		From: before.state, To: string(t.Status),
	})
	return tx.Tell(event.Event{
		Kind: event.FailoverTest, Account: t.Account, Region: t.Region, Resource: t.InterfaceID,
		ARNs: regionalARN("dxvif", t.Region, t.Account, t.InterfaceID),
		Detail: event.Detail("virtualInterfaceId", t.InterfaceID, "testId", t.ID, "previousState", before.state, "state", string(t.Status),
			"bgpPeers", t.Peers, "minutes", t.Minutes),
	})
}

func tellResiliencyGroup(tx *Tx, before standing, there bool, g *directconnect.ResiliencyGroup) error {
	if there && before.state == string(g.State) {
		return nil
	}
	tx.trail(audit.Change{
		Name: "ResiliencyGroupStateChange", Kind: audit.ResiliencyGroup, ID: g.ID, Account: g.Account, Region: g.Region,
		From: before.state, To: string(g.State),
	})
	return tx.Tell(event.Event{
		Kind: event.ResiliencyGroup, Account: g.Account, Region: g.Region, Resource: g.ID, ARNs: []string{g.ARN().String()},
		Detail: event.Detail("resiliencyGroupId", g.ID, "previousState", before.state, "state", string(g.State), "resiliencyGroupName", g.Name),
	})
}
