package event

import (
	"path"
	"slices"
	"strings"
)

// Kind is what sort of thing has happened: the name by which receivers choose events.
type Kind string

// The kinds.
const (
	Connection      Kind = "connection.state"
	LAG             Kind = "lag.state"
	Interface       Kind = "interface.state"
	BGPPeer         Kind = "bgp-peer.state"
	BGPStatus       Kind = "bgp-peer.status"
	PrefixLimit     Kind = "bgp-peer.prefix-limit"
	FailoverTest    Kind = "failover-test.state"
	Gateway         Kind = "gateway.state"
	Association     Kind = "association.state"
	Proposal        Kind = "proposal.state"
	ResiliencyGroup Kind = "resiliency-group.state"
	LOA             Kind = "loa.expiring"
	Maintenance     Kind = "maintenance.state"
	Test            Kind = "webhook.test"
)

// A Meaning is what a kind is called in the envelope, when it is told, and what its detail has.
type Meaning struct {
	Kind             Kind
	DetailType, When string
	Detail           []string // members; those that have no value may be absent
}

// Kinds are all kinds, as they are documented in docs/events.md.
var Kinds = []Meaning{
	{Connection, "Direct Connect Connection State Change",
		"A connection, hosted connection or interconnect is ordered, or changes state.",
		[]string{"connectionId", "previousState", "state", "reason", "connectionName", "kind", "location", "bandwidth", "lagId", "parentConnectionId", "partnerAccount"}},
	{LAG, "Direct Connect LAG State Change",
		"A LAG is made or deleted, or its state changes because those of its members do.",
		[]string{"lagId", "previousState", "state", "lagName", "location", "minimumLinks"}},
	{Interface, "Direct Connect Virtual Interface State Change",
		"A virtual interface is made, or changes state.",
		[]string{"virtualInterfaceId", "previousState", "state", "reason", "virtualInterfaceName", "virtualInterfaceType", "connectionId", "directConnectGatewayId", "vlan"}},
	{BGPPeer, "Direct Connect BGP Peer State Change",
		"A BGP peer is added to a virtual interface, or changes state.",
		[]string{"virtualInterfaceId", "bgpPeerId", "previousState", "state", "addressFamily"}},
	{BGPStatus, "Direct Connect BGP Status Change",
		"A BGP session goes up or down.",
		[]string{"virtualInterfaceId", "bgpPeerId", "previousState", "state", "reason", "addressFamily"}},
	{PrefixLimit, "Direct Connect Prefix Limit Near",
		"The prefixes accepted of an address family reach 90 % of what the virtual interface may announce; told again only after they fell below that.",
		[]string{"virtualInterfaceId", "addressFamily", "prefixes", "limit"}},
	{FailoverTest, "Direct Connect Failover Test State Change",
		"A BGP failover test starts or ends.",
		[]string{"virtualInterfaceId", "testId", "previousState", "state", "bgpPeers", "minutes"}},
	{Gateway, "Direct Connect Gateway State Change",
		"A Direct Connect gateway is made, or changes state.",
		[]string{"directConnectGatewayId", "previousState", "state", "directConnectGatewayName"}},
	{Association, "Direct Connect Gateway Association State Change",
		"An association of a Direct Connect gateway is made, or changes state.",
		[]string{"associationId", "previousState", "state", "directConnectGatewayId", "associatedGatewayId"}},
	{Proposal, "Direct Connect Gateway Association Proposal State Change",
		"An association is proposed, or the proposal accepted, deleted or lapsed.",
		[]string{"proposalId", "previousState", "state", "directConnectGatewayId", "associatedGatewayId"}},
	{ResiliencyGroup, "Direct Connect Resiliency Group State Change",
		"A resiliency group is made, or changes state.",
		[]string{"resiliencyGroupId", "previousState", "state", "resiliencyGroupName"}},
	{LOA, "Direct Connect LOA Expiring",
		"The authority of a LOA-CFA ends in 14 days and no cross connect is in place; told once, and again if the letter was renewed since.",
		[]string{"connectionId", "connectionName", "location", "loaExpires"}},
	{Maintenance, "Direct Connect Maintenance State Change",
		"Maintenance is planned, changed, cancelled, started or ended: one event for each account that it concerns.",
		[]string{"maintenanceId", "previousState", "state", "impact", "starts", "ends", "reason", "sequence", "resources"}},
	{Test, "Onramp Webhook Test",
		"An operator has asked for a test delivery: to that webhook only.",
		[]string{"webhookId"}},
}

// meaning finds a kind; ok is false of one that does not exist.
func (k Kind) meaning() (Meaning, bool) {
	i := slices.IndexFunc(Kinds, func(m Meaning) bool { return m.Kind == k })
	if i < 0 {
		return Meaning{}, false
	}
	return Kinds[i], true
}

// Known reports whether k is one of Kinds.
func (k Kind) Known() bool {
	_, ok := k.meaning()
	return ok
}

// DetailType is the envelope's detail-type; empty of a kind that does not exist.
func (k Kind) DetailType() string {
	m, _ := k.meaning()
	return m.DetailType
}

// ValidPattern reports whether a pattern, in which * stands for any text, chooses any kind at all.
func ValidPattern(pattern string) bool {
	return slices.ContainsFunc(Kinds, func(m Meaning) bool { return m.Kind.Matches(pattern) })
}

// Matches reports whether a pattern such as connection.* or *.state chooses the kind.
func (k Kind) Matches(pattern string) bool {
	if strings.ContainsAny(pattern, `[]\?`) {
		return false // path.Match knows more than is promised
	}
	ok, err := path.Match(pattern, string(k)) // no kind has a slash
	return ok && err == nil
}

// Chosen reports whether one of the patterns chooses the kind; without any, each does but Test, which is told to whom asks.
func (k Kind) Chosen(patterns []string) bool {
	return k != Test && (len(patterns) == 0 || slices.ContainsFunc(patterns, k.Matches))
}
